//! Prompt files.

use insta::assert_snapshot;

use crate::render::{check_source, source};

const DOCUMENT: &str = r"
paths:
  /shops: {get: {operationId: listShops, summary: List shops}}
  /shops/{shop}: {get: {operationId: getShop, summary: Get a shop, parameters: [{name: shop, in: path, required: true, schema: {type: string}}]}}
";

fn check(prompts: &[(&str, &str)]) -> String {
    let mut source = source(DOCUMENT);
    for (file, text) in prompts {
        source = source.with_prompt(file, text);
    }
    let text = check_source(&source);
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("prompt ")).collect();
    if lines.is_empty() { text } else { lines.join("\n") }
}

#[test]
fn a_prompt_is_front_matter_and_a_template() {
    assert_snapshot!(check(&[(
        "prompts/order.md",
        "---\nname: order\ntitle: Order\ndescription: Order something\narguments:\n  - name: shop\n    description: Where\n    \
         required: true\n    complete: {tool: list_shops, values: /data/*/name}\n  - {name: item, description: What}\ntools: \
         [list_shops, get_shop]\n---\n\nOrder {{#item}}{{item}}{{/item}}{{^item}}something{{/item}} in {{shop}}.\r\n",
    )]));
}

#[test]
fn prompts_are_sorted_by_name() {
    let prompt = |name: &str| format!("---\nname: {name}\ntitle: T\ndescription: D\n---\nDo it.\n");
    assert_snapshot!(check(&[("a.md", &prompt("zebra")), ("b.md", &prompt("ant"))]));
}

#[test]
fn mistakes_in_prompts_name_file_and_line() {
    let front = "---\nname: p\ntitle: T\ndescription: D\narguments:\n  - {name: a, description: A}\n  - {name: b, description: B}\n---\n";
    assert_snapshot!(check(&[
        ("no-front-matter.md", "Just text\n"),
        ("no-text.md", "---\nname: p\ntitle: T\ndescription: D\n---\n\n"),
        ("unknown-field.md", "---\nname: p\ntitle: T\ndescription: D\ntool: [x]\n---\nText\n"),
        ("missing-field.md", "---\nname: p\ntitle: T\n---\nText\n"),
        ("undeclared.md", &format!("{front}One {{{{a}}}}\nTwo {{{{c}}}}\n")),
        (
            "sections.md",
            &format!("{front}{{{{#a}}}}{{{{^b}}}}\n{{{{/a}}}}\n{{{{/b}}}} {{{{/b}}}}\n{{{{#a}}}} {{{{b\n")
        ),
        ("tools.md", "---\nname: q\ntitle: T\ndescription: D\ntools: [list_shop]\n---\nText\n"),
        (
            "completion.md",
            "---\nname: r\ntitle: T\ndescription: D\narguments: [{name: a, description: A, complete: {tool: get_shop, values: \
             /data}}]\n---\n{{a}}\n"
        ),
        ("same-1.md", "---\nname: same\ntitle: T\ndescription: D\n---\nText\n"),
        ("same-2.md", "---\nname: same\ntitle: T\ndescription: D\n---\nText\n"),
    ]));
}
