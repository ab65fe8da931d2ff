//! One operation of a document.

use http::Method;
use serde_json::Value;

use super::body::Body;
use super::parameter::Parameter;
use super::{ContractError, inline, members};

/// What has to be known of an operation before its handler is called.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) template: String,
    /// The kinds of credential that open it, any of which will do, by the names of their security schemes. None if
    /// everyone may call it.
    pub(crate) credentials: Vec<String>,
    /// The scopes that a key must carry, all of them.
    pub(crate) scopes: Vec<String>,
    /// The action of the client rules that lets a client token call it.
    pub(crate) client_action: Option<String>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<Body>,
}

impl Operation {
    pub(super) fn read(
        document: &Value,
        method: Method,
        template: &str,
        item: &Value,
        node: &Value,
    ) -> Result<Self, ContractError> {
        let at = format!("{method} {template}");
        let security = node.get("security").or_else(|| document.get("security"));
        let alternatives = || security.and_then(Value::as_array).into_iter().flatten();
        let credentials: Vec<String> =
            alternatives().flat_map(|it| members(Some(it))).map(|(name, _)| name.to_owned()).collect();
        let mut scopes: Vec<String> =
            alternatives().flat_map(|it| members(Some(it))).flat_map(|(_, scopes)| texts(scopes)).collect();
        let named = node.get("x-required-scopes");
        if !credentials.is_empty() && named.is_none() && scopes.is_empty() {
            // Nothing is open to every key by accident.
            return Err(ContractError::new(
                at,
                "`x-required-scopes` is missing: write `[]` if any key will do",
            ));
        }
        scopes.extend(named.into_iter().flat_map(texts));
        Ok(Self {
            credentials,
            scopes,
            client_action: node.get("x-client-action").and_then(Value::as_str).map(str::to_owned),
            parameters: parameters(document, item, node, &at)?,
            body: node.get("requestBody").map(|body| Body::read(document, body, &at)).transpose()?,
            template: template.to_owned(),
            method,
        })
    }

    /// Whether the operation has this header parameter.
    pub(crate) fn takes_header(&self, name: &str) -> bool {
        self.parameters.iter().any(|it| it.is_header(name))
    }

    /// Compiles every schema, which is otherwise done when it is first needed.
    #[cfg(test)]
    pub(super) fn compile(&self) -> Result<(), String> {
        self.parameters.iter().map(|it| &it.schema).chain(self.body.iter().map(|it| &it.schema)).try_for_each(
            |schema| {
                schema
                    .validator()
                    .map(|_| ())
                    .map_err(|error| format!("{} {}: {error}", self.method, self.template))
            },
        )
    }
}

/// Those of the path, and those of the operation, which win.
fn parameters(
    document: &Value,
    item: &Value,
    node: &Value,
    at: &str,
) -> Result<Vec<Parameter>, ContractError> {
    let mut parameters: Vec<Parameter> = Vec::new();
    let listed =
        |holder: &Value| holder.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    for written in listed(item).into_iter().chain(listed(node)) {
        let parameter = Parameter::read(document, inline::resolve(document, &written, at)?, at)?;
        parameters.retain(|it| !it.is_same(&parameter));
        parameters.push(parameter);
    }
    Ok(parameters)
}

fn texts(list: &Value) -> impl Iterator<Item = String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned)
}
