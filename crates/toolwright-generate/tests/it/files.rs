//! Files are written where they differ, or their differences are told.

use std::fs;
use std::path::Path;

use toolwright_generate::{FileError, Files, Mode, Outcome};

fn wanted(text: &str) -> Files {
    let mut files = Files::new("make it");
    files.own("crate/src/generated");
    files.add("crate/src/generated/a.rs".to_owned(), text.to_owned());
    files.add("docs/a.md".to_owned(), "# A\n".to_owned());
    files
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_first_run_writes_and_a_second_one_writes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let paths = vec!["crate/src/generated/a.rs".to_owned(), "docs/a.md".to_owned()];
    let first = wanted("fn a() {}\n").bring_up_to_date(root.path(), Mode::Write).unwrap();
    assert_eq!(first, Outcome { written: paths.clone(), ..Outcome::default() });
    let file = root.path().join("crate/src/generated/a.rs");
    let written = fs::metadata(&file).unwrap().modified().unwrap();
    let second = wanted("fn a() {}\n").bring_up_to_date(root.path(), Mode::Write).unwrap();
    assert_eq!(second, Outcome { unchanged: paths, ..Outcome::default() });
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), written);
    assert_eq!(fs::read_to_string(file).unwrap(), "fn a() {}\n");
}

#[test]
fn a_run_leaves_nothing_but_the_wanted_files() {
    let root = tempfile::tempdir().unwrap();
    wanted("1\n").bring_up_to_date(root.path(), Mode::Write).unwrap();
    wanted("2\n").bring_up_to_date(root.path(), Mode::Write).unwrap();
    assert_eq!(names(&root.path().join("crate/src/generated")), ["a.rs"]);
    assert_eq!(names(&root.path().join("docs")), ["a.md"]);
}

#[test]
fn a_check_shows_the_difference_and_changes_nothing() {
    let root = tempfile::tempdir().unwrap();
    wanted("fn a() {}\nfn b() {}\n").bring_up_to_date(root.path(), Mode::Write).unwrap();
    let error = wanted("fn a() {}\nfn c() {}\n").bring_up_to_date(root.path(), Mode::Check).unwrap_err();
    insta::assert_snapshot!(error);
    let text = fs::read_to_string(root.path().join("crate/src/generated/a.rs")).unwrap();
    assert_eq!(text, "fn a() {}\nfn b() {}\n");
}

#[test]
fn a_check_of_files_that_are_up_to_date_passes() {
    let root = tempfile::tempdir().unwrap();
    wanted("1\n").bring_up_to_date(root.path(), Mode::Write).unwrap();
    let outcome = wanted("1\n").bring_up_to_date(root.path(), Mode::Check).unwrap();
    assert_eq!(outcome.unchanged.len(), 2);
}

#[test]
fn a_check_of_nothing_says_what_is_missing() {
    let root = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(wanted("1\n").bring_up_to_date(root.path(), Mode::Check).unwrap_err());
    assert!(names(root.path()).is_empty());
}

#[test]
fn a_stale_file_in_a_claimed_folder_is_an_error_in_a_check_and_removed_by_a_write() {
    let root = tempfile::tempdir().unwrap();
    wanted("1\n").bring_up_to_date(root.path(), Mode::Write).unwrap();
    let stale = root.path().join("crate/src/generated/old/b.rs");
    fs::create_dir_all(stale.parent().unwrap()).unwrap();
    fs::write(&stale, "fn b() {}\n").unwrap();
    let beside = root.path().join("docs/kept.md");
    fs::write(&beside, "kept\n").unwrap();

    let error = wanted("1\n").bring_up_to_date(root.path(), Mode::Check).unwrap_err();
    let FileError::OutOfDate { differences, .. } = error else { panic!("{error}") };
    assert_eq!(differences.len(), 1);
    assert_eq!(differences[0].path, "crate/src/generated/old/b.rs");

    let outcome = wanted("1\n").bring_up_to_date(root.path(), Mode::Write).unwrap();
    assert_eq!(outcome.removed, ["crate/src/generated/old/b.rs"]);
    assert!(!stale.exists());
    assert!(beside.exists());
}

#[test]
fn a_long_difference_is_cut() {
    let root = tempfile::tempdir().unwrap();
    let lines = |word: &str| (0..500).map(|number| format!("{word} {number}\n")).collect::<Vec<_>>().concat();
    wanted(&lines("before")).bring_up_to_date(root.path(), Mode::Write).unwrap();
    let error = wanted(&lines("after")).bring_up_to_date(root.path(), Mode::Check).unwrap_err();
    let FileError::OutOfDate { differences, .. } = error else { panic!("{error}") };
    assert_eq!(differences[0].diff.lines().count(), 201);
    assert!(differences[0].diff.ends_with("more lines"), "{}", differences[0].diff);
}
