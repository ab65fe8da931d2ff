//! Reading the folder of an API.

use std::fs;
use std::path::PathBuf;

use toolwright_openapi::{Diagnostics, Source};

const DOCUMENT: &str = "openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\npaths: {}\n";

/// A folder with these files, named after the test.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sources").join(name);
    let _ = fs::remove_dir_all(&folder);
    for (file, text) in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// The errors with the folder's path taken out.
fn errors(folder: &std::path::Path, result: Result<Source, Diagnostics>) -> String {
    let prefix = format!("{}/", folder.display());
    result.unwrap_err().to_string().replace(&prefix, "").replace(prefix.trim_end_matches('/'), "FOLDER")
}

#[test]
fn everything_in_the_folder_is_read() {
    let folder = folder(
        "everything",
        &[
            ("openapi.yaml", &format!("\u{feff}{}", DOCUMENT.replace('\n', "\r\n"))),
            ("overlay.yaml", "overlay: 1.0.0\n"),
            ("instructions.md", "\nRead this.\r\nThen that.\n"),
            ("prompts/b.md", "B"),
            ("prompts/a.md", "A\r\n"),
            ("prompts/README.txt", "no prompt"),
        ],
    );
    let source = Source::read(&folder, "shop").unwrap();
    assert_eq!(source.document["info"]["version"], "1");
    assert_eq!(source.overlay.unwrap().1["overlay"], "1.0.0");
    assert_eq!(source.instructions.unwrap(), "Read this.\nThen that.");
    let prompts: Vec<&str> = source.prompts.iter().map(|prompt| prompt.text.as_str()).collect();
    assert_eq!(prompts, ["A\n", "B"]);
}

#[test]
fn json_with_tabs_and_escapes_is_read() {
    let folder = folder(
        "json",
        &[("openapi.json", "{\n\t\"openapi\": \"3.0.3\",\n\t\"x\": \"\\u00e9\\/\\ud83d\\ude00\"\n}")],
    );
    let source = Source::read(&folder, "shop").unwrap();
    assert_eq!(source.document["x"], "é/😀");
}

#[test]
fn numbers_as_keys_are_texts_and_words_are_no_booleans() {
    let text = "responses: {200: {}, 404: {}}\nlist: [no, yes, on, true]\ndate: 2020-01-01\n";
    let source = Source::from_yaml("shop", "openapi.yaml", text).unwrap();
    assert_eq!(
        source.document,
        serde_json::json!({
            "responses": {"200": {}, "404": {}}, "list": ["no", "yes", "on", true], "date": "2020-01-01"
        })
    );
}

#[test]
fn files_that_are_not_well_formed_are_named_together_with_their_lines() {
    let folder = folder(
        "malformed",
        &[
            ("openapi.yaml", "openapi: 3.0.3\ninfo:\n  title: a\n  title: b\n"),
            ("overlay.yaml", "a: 1\nb: [1, 2\nc: 3\n"),
        ],
    );
    insta::assert_snapshot!(errors(&folder, Source::read(&folder, "shop")));
}

#[test]
fn a_folder_needs_exactly_one_document() {
    let none = folder("none", &[("overlay.yaml", "overlay: 1.0.0\n")]);
    let two = folder("two", &[("openapi.yaml", DOCUMENT), ("openapi.json", "{}")]);
    let text = format!(
        "{}\n{}",
        errors(&none, Source::read(&none, "shop")),
        errors(&two, Source::read(&two, "shop"))
    );
    insta::assert_snapshot!(text);
}

#[test]
fn a_name_that_cannot_begin_a_uri_is_refused() {
    for name in ["", "Shop", "2shop", "my_shop", "shop/x"] {
        assert!(Source::from_yaml(name, "openapi.yaml", DOCUMENT).is_err(), "{name}");
    }
    assert!(Source::from_yaml("whatsapp-web2", "openapi.yaml", DOCUMENT).is_ok());
}
