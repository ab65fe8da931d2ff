//! The audit log: who did what to what, and how it ended.

use std::path::Path;

use serde_json::{Value, json};

use super::server::{HttpServer, write_callers};
use crate::process::Process;

const TOKEN: &str = "token-of-the-agent-0123456789";

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn message() -> Value {
    let chat = format!("{}@s.whatsapp.net", whatsapp_sandbox::ECHO_NUMBER.trim_start_matches('+'));
    json!({ "session": "main", "chatId": chat, "type": "text", "text": "for your eyes only" })
}

/// The log of a server with these flags, after a call that succeeds, one that fails, and one that is refused.
async fn logged(flag: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let callers = write_callers(folder.path(), &[("support", TOKEN, "sessions:read messages:write")]);
    let callers = format!("--caller-tokens-file={}", callers.display());
    let path = folder.path().join("audit.jsonl");
    let audit = format!("--audit-log={}", path.display());
    let server = HttpServer::start(&["--sandbox", &callers, &audit, flag]).await;
    let authorization = format!("Bearer {TOKEN}");
    let headers = [("authorization", authorization.as_str()), ("x-request-id", "request-17")];
    let sent = server.call("messages_send", &message(), &headers).await;
    assert!(sent.is_success(), "{sent:?}");
    let unknown = server.call("sessions_get", &json!({ "session": "nobody" }), &headers).await;
    assert_eq!(unknown.message()["result"]["isError"], true, "{unknown:?}");
    let forbidden = server.call("groups_list", &json!({ "session": "main" }), &headers).await;
    assert_eq!(forbidden.status, 403, "{forbidden:?}");
    #[cfg(unix)]
    assert_eq!(mode(&path), 0o600, "others could read who did what");
    std::fs::read_to_string(&path).unwrap()
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn each_call_is_a_line_with_caller_tool_target_and_outcome() {
    let text = logged("--audit-arguments=false").await;
    let lines = lines(&text);
    assert_eq!(lines.len(), 2, "{text}");
    let caller = lines[0]["caller"].as_str().expect("a fingerprint");
    assert!(caller.len() == 16 && caller.bytes().all(|digit| digit.is_ascii_hexdigit()), "{caller}");
    let target = json!({ "session": "main", "chatId": message()["chatId"] });
    for (line, tool, target, outcome) in [
        (&lines[0], "messages_send", target, ("ok", 200..300)),
        (&lines[1], "sessions_get", json!({ "session": "nobody" }), ("not_found", 404..405)),
    ] {
        assert_eq!(line["tool"], tool, "{line}");
        assert_eq!(line["target"], target, "{line}");
        assert_eq!(line["outcome"], outcome.0, "{line}");
        assert!(line["status"].as_u64().is_some_and(|status| outcome.1.contains(&status)), "{line}");
        assert_eq!(line["caller"], caller, "{line}");
        assert_eq!(line["request_id"], "request-17", "{line}");
        assert!(line["time"].as_str().is_some_and(|time| time.ends_with('Z')), "{line}");
        assert!(line["duration_ms"].is_u64(), "{line}");
        assert_eq!(line.get("arguments"), None, "{line}");
    }
    assert!(!text.contains("for your eyes only") && !text.contains(TOKEN), "{text}");
}

#[tokio::test]
async fn the_arguments_are_in_the_log_where_that_is_asked() {
    let lines = lines(&logged("--audit-arguments").await);
    assert_eq!(lines[0]["arguments"], message());
}

#[tokio::test]
async fn calls_over_stdio_are_in_the_log_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let mut server = Process::with_session(&["--sandbox", &format!("--audit-log={}", path.display())]).await;
    server.call(1, "messages_send", message()).await;
    assert!(server.leave().await.is_clean());
    let lines = lines(&std::fs::read_to_string(&path).unwrap());
    assert_eq!((lines.len(), &lines[0]["tool"]), (1, &json!("messages_send")), "{lines:?}");
    assert_eq!(lines[0]["caller"], "local", "whoever started the process calls");
}
