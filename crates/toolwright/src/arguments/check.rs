//! From what came to [`Arguments`], or to all that is wrong with it at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Number, Value};
use toolwright_catalog::Location;
use toolwright_client::check_path_value;

use super::repair::repair;
use super::{Arguments, request};
use crate::error::{Problem, ToolError, internal, invalid_arguments};
use crate::schema::{Schema, explain, pointer, unknown};
use crate::tool::Tool;

/// The largest number of problems that one error tells of.
const TOLD: usize = 20;
/// The largest number of findings that is looked at: what has more is not mended by reading on.
const FOUND: usize = 100;

impl Arguments {
    /// Checks the arguments of a call, mended where their meaning is plain.
    ///
    /// # Errors
    /// All that is wrong with them, in one error.
    pub(crate) fn check(tool: &Arc<Tool>, values: Map<String, Value>) -> Result<Self, ToolError> {
        let mut value = Value::Object(values);
        let mut problems = problems_with(&tool.input, &mut value, tool)?;
        if let Some(condition) = &tool.condition {
            add_new(&mut problems, problems_with(condition, &mut value, tool)?);
        }
        if let Some(variants) = &tool.variants
            && let Some((choice, schema)) = variants.chosen(&value)
        {
            let choice = format!(" (`{}` is `{choice}`)", variants.argument);
            let of_variant = problems_with(schema, &mut value, tool)?.into_iter();
            let of_variant =
                of_variant.map(|problem| Problem { message: problem.message + &choice, ..problem });
            add_new(&mut problems, of_variant);
        }
        let Value::Object(mut values) = value else { return Err(internal("arguments are no object")) };
        add_new(&mut problems, unplaced(tool, &values));
        problems = with_path_problems(tool, &values, problems);
        if !problems.is_empty() {
            let is_all = problems.len() <= TOLD;
            problems.truncate(TOLD);
            return Err(invalid_arguments(tool, problems, is_all));
        }
        for argument in &tool.arguments {
            if let Some(fixed) = &argument.fixed {
                values.insert(argument.name.clone(), fixed.clone());
            }
        }
        values.values_mut().for_each(write_whole_numbers_plainly);
        Ok(Self { tool: Arc::clone(tool), values, files: BTreeMap::new() })
    }
}

/// Adds the problems with places that no other problem is about.
fn add_new(problems: &mut Vec<Problem>, others: impl IntoIterator<Item = Problem>) {
    for problem in others {
        if problems.iter().all(|known| known.pointer != problem.pointer) {
            problems.push(problem);
        }
    }
}

/// What a schema finds wrong with the arguments after they were mended.
fn problems_with(schema: &Schema, value: &mut Value, tool: &Tool) -> Result<Vec<Problem>, ToolError> {
    let validator = schema
        .validator()
        .map_err(|error| internal(format!("the schema of `{}` cannot be used: {error}", tool.name)))?;
    if validator.is_valid(value) {
        return Ok(Vec::new());
    }
    let dropped = repair(validator, value);
    let mut problems: Vec<Problem> = Vec::new();
    for error in validator.iter_errors(value).take(FOUND) {
        for problem in explain(&error, schema, &dropped) {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
    }
    Ok(problems)
}

/// The first of two guards that keep a path value within its segment (the other looks at the finished URL). What it
/// finds replaces what the schema found at the same place.
fn with_path_problems(tool: &Tool, values: &Map<String, Value>, mut problems: Vec<Problem>) -> Vec<Problem> {
    for argument in &tool.arguments {
        if argument.location != Location::Path {
            continue;
        }
        let Some(value) = values.get(&argument.name) else { continue };
        if let Err(error) = check_path_value(&argument.name, &request::text(value)) {
            let place = pointer(&argument.name);
            problems.retain(|problem| problem.pointer != place);
            problems.push(Problem::new(place, error.to_string()));
        }
    }
    problems
}

/// Arguments that have no place in the request, which a schema that allows other members lets pass.
fn unplaced(tool: &Tool, values: &Map<String, Value>) -> Vec<Problem> {
    if tool.operation.is_none() {
        return Vec::new();
    }
    let properties = tool.input.property_map();
    let is_known = |name: &str| properties.is_some_and(|properties| properties.contains_key(name));
    let unplaced: Vec<&String> = values.keys().filter(|name| !is_known(name)).take(FOUND).collect();
    if unplaced.is_empty() {
        return Vec::new();
    }
    let known: Vec<&str> = tool.input.properties().collect();
    unplaced.into_iter().map(|name| unknown("", name, &known)).collect()
}

/// `5.0` is an integer in JSON Schema, but not for the types of a client.
fn write_whole_numbers_plainly(value: &mut Value) {
    /// Above this, not every integer is a double.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(number) if number.is_f64() => {
            if let Some(real) = number.as_f64()
                && real.fract() == 0.0
                && real.abs() <= EXACT
            {
                #[expect(clippy::cast_possible_truncation, reason = "it is whole and within the exact range")]
                let whole = real as i64;
                *number = Number::from(whole);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(write_whole_numbers_plainly),
        Value::Object(members) => members.values_mut().for_each(write_whole_numbers_plainly),
        _ => {}
    }
}
