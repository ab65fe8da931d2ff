//! How each tool calls the client: its arguments matched to the parameters of its method.

use std::collections::{BTreeMap, BTreeSet};

use toolwright_catalog::{Argument, Call, Location, Parameter, Slot};
use toolwright_openapi::client_document::{ClientDocument, ClientOperation, parameter_name};
use toolwright_openapi::{Lowered, LoweredTool};

use crate::signature::Signature;

/// A tool that does not fit its client method. It is a mistake of the generator, not of the document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("operation `{operation}`: {what}")]
pub struct JoinProblem {
    /// The `operationId`.
    pub operation: String,
    /// What does not fit.
    pub what: String,
}

/// How each tool's operation is called, by `operationId`.
///
/// # Errors
/// Every tool whose arguments and parameters cannot be matched one to one.
pub fn join(
    lowered: &Lowered,
    client: &ClientDocument,
    signatures: &BTreeMap<String, Signature>,
) -> Result<BTreeMap<String, Call>, Vec<JoinProblem>> {
    let methods: BTreeMap<&str, &ClientOperation> =
        client.operations.iter().map(|operation| (operation.id.as_str(), operation)).collect();
    let mut calls = BTreeMap::new();
    let mut problems = Vec::new();
    for tool in lowered.tools() {
        let id = &tool.operation.id;
        let reason = lowered.generic().get(id).or_else(|| client.left_out.get(id));
        let call = match (reason, methods.get(id.as_str())) {
            (Some(reason), _) => Ok(Call::Generic { reason: reason.clone() }),
            (None, Some(method)) => typed(tool, &method.name, signatures),
            (None, None) => Err("the client document neither has it nor says why not".to_owned()),
        };
        match call {
            Ok(call) => {
                calls.insert(id.clone(), call);
            }
            Err(what) => problems.push(JoinProblem { operation: id.clone(), what }),
        }
    }
    if problems.is_empty() { Ok(calls) } else { Err(problems) }
}

fn typed(tool: &LoweredTool, method: &str, signatures: &BTreeMap<String, Signature>) -> Result<Call, String> {
    let signature = signatures.get(method).ok_or_else(|| format!("the client has no method `{method}`"))?;
    let mut unused: BTreeSet<&str> = tool
        .arguments
        .iter()
        .filter(|argument| !is_of_body(argument) && !is_idempotency_key(tool, argument))
        .map(|argument| argument.name.as_str())
        .collect();
    let mut body_is_sent = false;
    let mut parameters = Vec::new();
    for (name, rust_type) in &signature.parameters {
        let argument = tool
            .arguments
            .iter()
            .find(|argument| !is_of_body(argument) && parameter_name(&argument.wire) == *name);
        let from = match argument {
            Some(argument) => {
                unused.remove(argument.name.as_str());
                Slot::Argument(argument.name.clone())
            }
            None if name == "body" && tool.body.is_some() => {
                body_is_sent = true;
                Slot::Body
            }
            None if rust_type.starts_with("Option<") => Slot::Absent,
            None => {
                return Err(format!(
                    "no argument fills the required parameter `{name}` of client method `{method}`"
                ));
            }
        };
        parameters.push(Parameter { from, rust_type: rust_type.clone() });
    }
    if let Some(argument) = unused.first() {
        return Err(format!("client method `{method}` has no parameter for argument `{argument}`"));
    }
    if tool.body.is_some() && !body_is_sent {
        return Err(format!("client method `{method}` has no parameter for the request body"));
    }
    Ok(Call::Typed { method: method.to_owned(), parameters, returns: signature.returns })
}

/// The run time takes it out of the arguments and puts it into the header.
fn is_idempotency_key(tool: &LoweredTool, argument: &Argument) -> bool {
    argument.location == Location::Header
        && tool.operation.idempotency_header.as_ref() == Some(&argument.wire)
}

fn is_of_body(argument: &Argument) -> bool {
    matches!(argument.location, Location::Property | Location::Body)
}
