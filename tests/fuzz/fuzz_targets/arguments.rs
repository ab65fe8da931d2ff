//! Arguments of every tool: any JSON object is either called or refused in words, never with a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};
use toolwright::{CallError, Context, ErrorKind};
use toolwright_fuzz::{credential, runtime, tells_the_key, toolset, upstream};

fuzz_target!(|data: &[u8]| {
    let [choice, json @ ..] = data else { return };
    let Ok(arguments) = serde_json::from_slice::<Map<String, Value>>(json) else { return };
    let tools: Vec<&toolwright::Tool> = toolset().tools().collect();
    let tool = tools[usize::from(*choice) % tools.len()];
    let context = Context::new(upstream()).with_credential(credential());
    let outcome = runtime().block_on(toolset().call(&tool.name, arguments, &context));
    match outcome {
        Ok(_) => {}
        Err(CallError::Tool(error)) => {
            assert_ne!(error.kind, ErrorKind::Internal, "{error}");
            assert!(!tells_the_key(json, &error.to_string()), "{error}");
        }
        Err(unknown) => panic!("{unknown}"),
    }
});
