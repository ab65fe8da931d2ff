//! Requests that the library could not read: a known method whose parameters have another shape, or an unknown method.

use rmcp::ErrorData;
use rmcp::model::{CallToolRequestParams, CallToolResponse, CustomRequest, CustomResult, ErrorCode};
use serde_json::Value;

use super::handler::Request;
use super::{Server, era};

/// The methods whose parameters this server reads, in either era. One of them with parameters of another shape is a
/// known method with wrong parameters, not an unknown one.
const KNOWN_METHODS: [&str; 8] = [
    "completion/complete",
    "prompts/get",
    "prompts/list",
    "resources/list",
    "resources/read",
    "resources/templates/list",
    "tools/call",
    "tools/list",
];

pub(super) async fn answer(
    server: &Server,
    custom: CustomRequest,
    request: Request,
) -> Result<CustomResult, ErrorData> {
    let is_stateless = era::is_stateless(&request);
    if !is_known(server, &custom.method, is_stateless) {
        return Err(not_found(&custom.method));
    }
    if custom.method == "tools/call"
        && let Some(params) = custom.params.as_ref().and_then(with_parsed_arguments)
    {
        let response = server.run_tool(params, &request).await?;
        let result = match response {
            CallToolResponse::Complete(mut result) => {
                if !is_stateless {
                    // The library takes this member out for the handshake era, but not out of custom results.
                    result.result_type = None;
                }
                serde_json::to_value(result)
            }
            CallToolResponse::InputRequired(asked) => serde_json::to_value(asked),
            _ => return Err(ErrorData::internal_error("the call has a result of another kind", None)),
        };
        return result
            .map(CustomResult::new)
            .map_err(|error| ErrorData::internal_error(error.to_string(), None));
    }
    Err(ErrorData::invalid_params(expectation(&custom), None))
}

fn is_known(server: &Server, method: &str, is_stateless: bool) -> bool {
    let capabilities = &server.shared.config.capabilities;
    match method {
        "logging/setLevel" => !is_stateless && capabilities.logging.is_some(),
        "resources/subscribe" | "resources/unsubscribe" => !is_stateless && server.shared.notifier.is_some(),
        "subscriptions/listen" => is_stateless && server.shared.notifier.is_some(),
        method => KNOWN_METHODS.contains(&method),
    }
}

/// The parameters of a call whose arguments came as the JSON text of an object, as some models write them.
fn with_parsed_arguments(params: &Value) -> Option<CallToolRequestParams> {
    let arguments: Value = serde_json::from_str(params.get("arguments")?.as_str()?).ok()?;
    let mut params = params.clone();
    *params.get_mut("arguments")? = arguments;
    serde_json::from_value(params).ok()
}

fn expectation(custom: &CustomRequest) -> String {
    let params = custom.params.as_ref();
    let member = |name: &str| params.and_then(|params| params.get(name));
    match custom.method.as_str() {
        "tools/call" | "prompts/get" if !member("name").is_some_and(Value::is_string) => {
            format!("`{}` needs `params.name`, a string", custom.method)
        }
        "tools/call" | "prompts/get" if member("arguments").is_some_and(|it| !it.is_object()) => {
            format!("`params.arguments` of `{}` must be an object", custom.method)
        }
        "tools/call" | "prompts/get" => format!(
            "`params.inputResponses` of `{}` must be an object, and `params.requestState` a string",
            custom.method
        ),
        "resources/read" | "resources/subscribe" | "resources/unsubscribe" => {
            format!("`{}` needs `params.uri`, a string", custom.method)
        }
        "completion/complete" => "`completion/complete` needs `params.ref` and `params.argument`".to_owned(),
        "logging/setLevel" => {
            "`logging/setLevel` needs `params.level`, one of `debug`, `info`, `notice`, `warning`, `error`, `critical`, \
             `alert` and `emergency`"
                .to_owned()
        }
        "subscriptions/listen" => {
            "`subscriptions/listen` needs `params.notifications`, an object that names what to listen to".to_owned()
        }
        _ => format!("`params` of `{}` must be an object, and `params.cursor` a string", custom.method),
    }
}

pub(super) fn not_found(method: &str) -> ErrorData {
    let message = format!("this server has no method `{}`", method.escape_debug());
    ErrorData::new(ErrorCode::METHOD_NOT_FOUND, message, None)
}
