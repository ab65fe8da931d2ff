//! The commands besides serving: what they print where, and their exit codes.

use std::process::{Output, Stdio};

use serde_json::Value;

use crate::process::{program, soon};

/// What a command came to.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) async fn run(words: &[&str]) -> Ran {
    run_with(words, &[]).await
}

/// Runs the program with these environment variables and an empty stdin.
pub(crate) async fn run_with(words: &[&str], variables: &[(&str, &str)]) -> Ran {
    let mut command = program(words);
    command.envs(variables.iter().copied()).stdin(Stdio::null());
    let Output { status, stdout, stderr } = soon(command.output()).await.expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

#[tokio::test]
async fn tools_prints_one_line_for_each_tool() {
    let ran = run(&["tools"]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(ran.stdout.lines().count(), 1 + 83, "{}", ran.stdout);
    assert!(ran.stdout.lines().any(|line| line.starts_with("messages_send ")), "{}", ran.stdout);
    assert_eq!(ran.stderr, "83 tools\n");
}

#[tokio::test]
async fn tools_as_json_is_what_clients_are_sent() {
    let ran = run(&["tools", "--json"]).await;
    let tools: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, tools.len()), (Some(0), 83));
    assert!(tools.iter().all(|tool| tool["inputSchema"]["type"] == "object"));
}

#[tokio::test]
async fn tools_are_filtered_as_the_server_filters_them() {
    let ran = run(&["tools", "--json", "--read-only"]).await;
    let tools: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    assert!(!tools.is_empty() && tools.len() < 83);
    assert!(tools.iter().all(|tool| tool["annotations"]["readOnlyHint"] == true));
    let ran =
        run(&["tools", "--json", "--include=sessions_*,info_version", "--exclude=sessions_delete"]).await;
    let tools: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let names: Vec<&str> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert!(names.contains(&"info_version") && names.contains(&"sessions_list"), "{names:?}");
    assert!(!names.contains(&"sessions_delete") && !names.contains(&"messages_send"), "{names:?}");
}

#[tokio::test]
async fn call_prints_the_result_alone_on_stdout() {
    let ran = run(&["--sandbox", "call", "sessions_get", "--arg", "session=main"]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let result: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(result["data"]["name"], "main");
}

#[tokio::test]
async fn call_with_wrong_arguments_fails_and_explains() {
    let ran = run(&["--sandbox", "call", "messages_send", "--arg", "session=main"]).await;
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.contains("invalid_arguments") && ran.stderr.contains("/chatId"), "{}", ran.stderr);
}

#[tokio::test]
async fn call_of_an_unknown_tool_is_a_mistake_in_usage() {
    let ran = run(&["--sandbox", "call", "message_send"]).await;
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("did you mean `messages_send`"), "{}", ran.stderr);
}

#[tokio::test]
async fn call_writes_a_picture_as_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let data = format!("--data={}", folder.path().join("data").display());
    let pictures = folder.path().join("pictures");
    let output = format!("--output={}", pictures.display());
    let created =
        run(&["--sandbox", &data, "call", "sessions_create", "--json={\"name\":\"shop\",\"start\":true}"])
            .await;
    assert_eq!(created.code, Some(0), "{}", created.stderr);
    let ran = run(&["--sandbox", &data, "call", "pair_qr", "--arg=session=shop", &output]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let written = std::fs::read_dir(pictures).unwrap().next().expect("a file").unwrap();
    let bytes = std::fs::read(written.path()).unwrap();
    assert!(bytes.starts_with(b"\x89PNG"), "{written:?}");
    let result: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(result["qr"].is_string(), "{result}");
}

#[tokio::test]
async fn doctor_finds_nothing_wrong_with_the_sandbox() {
    let ran = run(&["doctor", "--sandbox"]).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.contains("the API answers") && ran.stdout.ends_with("nothing is wrong\n"),
        "{}",
        ran.stdout
    );
}

#[tokio::test]
async fn doctor_says_that_an_api_does_not_answer() {
    // Nothing listens on the port of a listener that is gone.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ran = run(&["doctor", &format!("--base-url=http://{free}"), "--api-key=k"]).await;
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stdout.contains("PROBLEM") && ran.stdout.contains("does not answer"), "{}", ran.stdout);
}

#[tokio::test]
async fn the_configuration_of_a_client_holds_no_key() {
    const KEY: &str = "a-key-that-must-not-be-shown";
    for client in ["claude-desktop", "claude-code", "cursor", "vscode"] {
        let words = ["--base-url=https://titan.example.com", "config", client];
        let by_variable = run_with(&words, &[("TITAN_API_KEY", KEY)]).await;
        let by_flag = run(&[&words[..], &["--api-key", KEY]].concat()).await;
        for ran in [by_variable, by_flag] {
            assert_eq!(ran.code, Some(0), "{client}: {}", ran.stderr);
            assert!(ran.stdout.contains("TITAN_API_KEY"), "{client}: {}", ran.stdout);
            assert!(!format!("{}{}", ran.stdout, ran.stderr).contains(KEY), "{client}");
        }
    }
}

#[tokio::test]
async fn the_configuration_for_the_sandbox_starts_a_server() {
    let ran = run(&["--sandbox", "config", "cursor"]).await;
    let file: Value = serde_json::from_str(&ran.stdout).unwrap();
    let server = &file["mcpServers"]["titan"];
    let program = |path: &str| std::fs::canonicalize(path).unwrap();
    let command = server["command"].as_str().unwrap();
    assert_eq!(program(command), program(env!("CARGO_BIN_EXE_titan-mcp")));
    let args: Vec<&str> = server["args"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let end = crate::process::Process::with_session(&args).await.leave().await;
    assert!(end.is_clean(), "{end:?}");
}
