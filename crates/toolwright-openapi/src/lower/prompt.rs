//! Prompt files: YAML front matter and a template.

use serde::Deserialize;
use serde_saphyr::Spanned;
use toolwright_catalog::{Completion, Prompt, PromptArgument};

use super::resource::Tools;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Sink, Spot};
use crate::source::{PromptFile, yaml};

/// The front matter begins below the first `---`.
const FRONT_MATTER_LINE: u64 = 2;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    name: Spanned<String>,
    title: String,
    description: String,
    #[serde(default)]
    arguments: Vec<ArgumentEntry>,
    #[serde(default)]
    tools: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArgumentEntry {
    name: Spanned<String>,
    description: String,
    #[serde(default)]
    required: bool,
    complete: Option<Spanned<CompletionEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CompletionEntry {
    tool: String,
    values: String,
}

/// Reads all prompt files, sorted by the prompts' names.
pub(super) fn prompts(files: &[PromptFile], tools: &Tools<'_>, sink: &mut Sink) -> Vec<Prompt> {
    let mut prompts: Vec<Prompt> = Vec::new();
    for file in files {
        match prompt(file, tools) {
            Ok(prompt) if prompts.iter().any(|other| other.name == prompt.name) => {
                let message = format!("there is another prompt named `{}`", prompt.name);
                report(sink, file, Spot::Whole, message, "give it a name of its own");
            }
            Ok(prompt) => prompts.push(prompt),
            Err(errors) => errors.into_iter().for_each(|error| sink.push(error)),
        }
    }
    prompts.sort_by(|one, other| one.name.cmp(&other.name));
    prompts
}

fn report(
    sink: &mut Sink,
    file: &PromptFile,
    spot: Spot,
    message: impl Into<String>,
    remedy: impl Into<String>,
) {
    let place = Place { file: file.file.clone(), spot };
    sink.push(Diagnostic { place, message: message.into(), remedy: remedy.into() });
}

fn prompt(file: &PromptFile, tools: &Tools<'_>) -> Result<Prompt, Diagnostics> {
    let (front_matter, template, first_line) = split(file)?;
    let front: FrontMatter = yaml::parse(&file.file, FRONT_MATTER_LINE, front_matter)?;
    let mut sink = Sink::new(&file.file);
    let mut error =
        |spot: Spot, message: String, remedy: &str| report(&mut sink, file, spot, message, remedy);
    check_front_matter(&front, tools, &mut error);
    let names: Vec<&str> = front.arguments.iter().map(|argument| argument.name.value.as_str()).collect();
    check_template(template, first_line, &names, &mut error);
    sink.finish()?;
    let mut arguments = Vec::new();
    let mut completions = Vec::new();
    for ArgumentEntry { name, description, required, complete } in front.arguments {
        completions.extend(complete.map(|complete| {
            let CompletionEntry { tool, values } = complete.value;
            Completion { argument: name.value.clone(), tool, values }
        }));
        arguments.push(PromptArgument { name: name.value, description, required });
    }
    Ok(Prompt {
        name: front.name.value,
        title: front.title,
        description: front.description.trim().to_owned(),
        arguments,
        template: template.trim().to_owned(),
        tools: front.tools.into_iter().map(|tool| tool.value).collect(),
        completions,
    })
}

fn check_front_matter(front: &FrontMatter, tools: &Tools<'_>, error: &mut impl FnMut(Spot, String, &str)) {
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|char| char.is_ascii_alphanumeric() || "_-".contains(char))
    };
    let of_names = "use letters, digits, `_` and `-`";
    if !is_name(&front.name.value) {
        error(line(&front.name), format!("`{}` cannot be a prompt's name", front.name.value), of_names);
    }
    for (index, argument) in front.arguments.iter().enumerate() {
        let name = &argument.name.value;
        if !is_name(name) {
            error(line(&argument.name), format!("`{name}` cannot be an argument's name"), of_names);
        }
        if front.arguments.iter().take(index).any(|other| other.name.value == *name) {
            error(line(&argument.name), format!("argument `{name}` is declared twice"), "keep one of them");
        }
        let Some(complete) = &argument.complete else { continue };
        if let Err((message, remedy)) = tools.check_completion(&complete.value.tool, &complete.value.values) {
            error(line(complete), message, &remedy);
        }
    }
    for tool in &front.tools {
        if let Err((message, remedy)) = tools.check(&tool.value) {
            error(line(tool), message, &remedy);
        }
    }
}

/// Where a value of the front matter stands in its file.
fn line<T>(spanned: &Spanned<T>) -> Spot {
    Spot::Line(spanned.referenced.line() + FRONT_MATTER_LINE - 1)
}

/// The front matter, the template, and the number of the template's first line.
fn split(file: &PromptFile) -> Result<(&str, &str, u64), Diagnostics> {
    let parts = file.text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    let Some((front_matter, template)) = parts else {
        return Err(Diagnostics::file(
            &file.file,
            Spot::Line(1),
            "the prompt has no front matter",
            "begin the file with a line `---`, the fields name, title and description, and another line `---`",
        ));
    };
    if template.trim().is_empty() {
        return Err(Diagnostics::file(
            &file.file,
            Spot::Whole,
            "the prompt has no text",
            "write it below the front matter",
        ));
    }
    let lines: u64 = front_matter.lines().map(|_| 1).sum();
    Ok((front_matter, template, FRONT_MATTER_LINE + lines + 1))
}

/// Checks that every placeholder is an argument, that every argument occurs, and that sections are closed.
fn check_template(
    template: &str,
    first_line: u64,
    names: &[&str],
    error: &mut impl FnMut(Spot, String, &str),
) {
    let mut used: Vec<&str> = Vec::new();
    let mut open: Vec<(&str, u64)> = Vec::new();
    for (line, text) in (first_line..).zip(template.lines()) {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once("{{") {
            let Some((tag, after)) = after.split_once("}}") else {
                error(Spot::Line(line), "`{{` is not closed in its line".to_owned(), "add `}}`");
                break;
            };
            rest = after;
            let (sign, name) = match tag.chars().next() {
                Some(sign @ ('#' | '^' | '/')) => (Some(sign), tag.get(1..).unwrap_or_default().trim()),
                _ => (None, tag.trim()),
            };
            if !names.contains(&name) {
                let remedy = crate::naming::suggestion(name, names);
                error(Spot::Line(line), format!("`{{{{{tag}}}}}` is no argument of the prompt"), &remedy);
            }
            used.push(name);
            match sign {
                Some('/') => match open.pop() {
                    Some((begun, _)) if begun == name => {}
                    Some((begun, start)) => {
                        let message =
                            format!("`{{{{/{name}}}}}` closes `{begun}`, which begins in line {start}");
                        error(Spot::Line(line), message, "close the sections in reverse order");
                    }
                    None => {
                        let message = format!("`{{{{/{name}}}}}` closes a section that does not begin");
                        error(Spot::Line(line), message, "begin it with `{{#name}}` or `{{^name}}`");
                    }
                },
                Some(_) => open.push((name, line)),
                None => {}
            }
        }
    }
    for (name, line) in open {
        error(Spot::Line(line), format!("the section `{name}` is not closed"), "close it with `{{/name}}`");
    }
    for name in names.iter().filter(|name| !used.contains(name)) {
        error(
            Spot::Whole,
            format!("argument `{name}` does not occur in the text"),
            "use it there, or drop it",
        );
    }
}
