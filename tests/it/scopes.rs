//! The scopes of the tools are those that the API asks for.

use toolwright::Tool;
use toolwright::client::{
    CallContext, Captured, Credential, GenericOperation, GenericRequest, StatusCode, Upstream, execute,
};

use crate::world::{sandbox, toolset};

/// What the sandbox's narrow key may do.
const MESSAGES_KEY_SCOPES: [&str; 2] = ["messages:write", "sessions:read"];

/// What the API answers to the operation behind a tool when the key may do this little.
async fn answer(url: &str, key: &str, tool: &Tool) -> Captured {
    let operation = tool.operation.as_ref().expect("a generated tool has an operation");
    let upstream = Upstream::builder(url).build().unwrap();
    let context = CallContext::new(upstream, Credential::bearer(key).unwrap());
    let mut request =
        GenericRequest::new(GenericOperation::new(&operation.id, &operation.method, &operation.path));
    for argument in &tool.arguments {
        if operation.path.contains(&format!("{{{}}}", argument.wire)) {
            request = request.path(&argument.wire, "1");
        }
    }
    execute(&context, request).await;
    context.outcome().expect("the call ended").expect("the API answered")
}

#[tokio::test]
async fn a_narrow_key_is_refused_for_the_scope_that_the_tool_names() {
    let sandbox = sandbox().await;
    let mut refused = 0;
    for tool in toolset().tools() {
        let answer = answer(sandbox.url(), whatsapp_sandbox::MESSAGES_KEY, tool).await;
        let text = String::from_utf8_lossy(&answer.body);
        if tool.scopes.iter().all(|scope| MESSAGES_KEY_SCOPES.contains(&scope.as_str())) {
            assert_ne!(answer.status, StatusCode::FORBIDDEN, "{}: {text}", tool.name);
            continue;
        }
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}: {text}", tool.name);
        assert!(text.contains(&tool.scopes[0]), "{} needs {:?}: {text}", tool.name, tool.scopes);
        refused += 1;
    }
    assert!(refused > 70, "only {refused} tools were refused");
}
