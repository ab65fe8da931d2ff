use std::collections::BTreeSet;

use super::{FILES, HTML, content_type};

fn sources() -> BTreeSet<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/page");
    let names = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    names
        .filter(|name| !std::path::Path::new(name).extension().is_some_and(|it| it == "rs" || it == "html"))
        .collect()
}

#[test]
fn every_file_of_the_page_is_served_with_its_type() {
    let served: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(served, sources());
    for (name, _) in FILES {
        assert_ne!(content_type(name), "application/octet-stream", "{name}");
    }
}

/// The files that a text names after any of these words.
fn named<'a>(text: &'a str, before: &[&str]) -> Vec<&'a str> {
    let after = before.iter().flat_map(|word| text.split(word).skip(1));
    after.filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn what_the_page_loads_is_among_its_files() {
    let known = |name: &str| FILES.iter().any(|(it, _)| *it == name);
    let of_html = named(HTML, &["src=\"", "href=\""]);
    let of_html: Vec<_> = of_html.into_iter().filter(|it| !it.starts_with('#')).collect();
    assert!(of_html.len() > 3, "{of_html:?}");
    for path in of_html {
        let own = path.strip_prefix("/_sandbox/page/").is_some_and(known);
        assert!(own || path == "/_sandbox/state", "the page loads {path}");
    }
    for (name, text) in
        FILES.iter().filter(|(name, _)| std::path::Path::new(name).extension().is_some_and(|it| it == "js"))
    {
        for import in named(text, &["from \"", "import \""]) {
            assert!(import.strip_prefix("./").is_some_and(known), "{name} imports {import}");
        }
    }
}

/// Text of messages comes from anybody: the page makes text nodes of it, and no markup.
#[test]
fn no_script_makes_markup_of_text() {
    let ways = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "DOMParser",
        "createContextualFragment",
        "setHTML",
        "eval(",
        "new Function",
        "srcdoc",
        "javascript:",
    ];
    for (name, text) in FILES {
        for way in ways {
            assert!(!text.contains(way), "{name} uses {way}");
        }
    }
    for way in ["<style", " style=", " onclick", " onload", "javascript:"] {
        assert!(!HTML.contains(way), "the policy lets no {way} work");
    }
}
