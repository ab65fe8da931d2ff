//! The order in which tools are listed.

use super::Planned;
use crate::diagnostic::Sink;
use crate::naming::suggestion;
use crate::x_mcp::{Order, Said};

/// The names of the tools that do not follow by name.
pub(super) fn order(said: Option<&Said<Order>>, planned: &[Planned<'_>], sink: &mut Sink) -> Vec<String> {
    let names: Vec<&str> = planned.iter().map(|planned| planned.name.as_str()).collect();
    let Some(said) = said else { return Vec::new() };
    let Order::Names(wanted) = &said.value else { return of_document(planned) };
    for (index, name) in wanted.iter().enumerate() {
        let pointer = format!("{}/{index}", said.pointer);
        if !names.contains(&name.as_str()) {
            sink.error(&pointer, format!("there is no tool `{name}`"), suggestion(name, &names));
        } else if wanted.iter().take(index).any(|before| before == name) {
            sink.error(&pointer, format!("`{name}` stands here twice"), "keep it where it is to be listed");
        }
    }
    wanted.clone()
}

/// Operations are found path by path, but the methods of a path in the order of HTTP.
fn of_document(planned: &[Planned<'_>]) -> Vec<String> {
    let mut paths: Vec<&str> = planned.iter().map(|planned| planned.operation.path).collect();
    paths.dedup();
    let place = |planned: &&Planned<'_>| {
        let operation = &planned.operation;
        let path = paths.iter().position(|path| *path == operation.path);
        let is_method = |(name, _): (&str, _)| name.eq_ignore_ascii_case(&operation.method);
        (path, operation.path_item.entries().position(is_method))
    };
    let mut planned: Vec<&Planned<'_>> = planned.iter().collect();
    planned.sort_by_key(place);
    planned.into_iter().map(|planned| planned.name.clone()).collect()
}
