//! The settings that the server of this name has, beside the usual ones.

use crate::server::{Server, program, soon};

async fn fails(variables: &[(&str, &str)], flags: &[&str]) -> String {
    let mut command = program(&[&["--sandbox"], flags].concat());
    command.envs(variables.iter().copied());
    let output = soon(command.output()).await.unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn host_and_port_have_variables_of_their_own() {
    let mut command = program(&["--sandbox"]);
    command.env("WHATSAPP_MCP_HOST", "localhost").env("WHATSAPP_MCP_PORT", "0");
    let server = Server::launch(command).await;
    assert!(server.url.starts_with("http://127.0.0.1:"), "{}", server.url);
    assert_eq!(server.get("/health").await.status, 200);
    let mut command = program(&["--sandbox", "--listen=127.0.0.1:0"]);
    command.env("WHATSAPP_MCP_PORT", "1");
    let server = Server::launch(command).await;
    assert_ne!(server.url, "http://127.0.0.1:1", "the flag wins");
}

#[tokio::test]
async fn mistakes_name_the_variable() {
    let told = fails(&[("WHATSAPP_MCP_PORT", "many")], &[]).await;
    assert!(told.contains("WHATSAPP_MCP_PORT is no port"), "{told}");
    let told = fails(&[("WHATSAPP_MCP_HOST", "my-machine")], &[]).await;
    assert!(told.contains("WHATSAPP_MCP_HOST is no IP address"), "{told}");
    let told = fails(&[("WHATSAPP_MCP_HOST", "0.0.0.0")], &[]).await;
    assert!(told.contains("anyone who reaches this machine") && told.contains("client_key_file"), "{told}");
    assert!(told.contains("WHATSAPP_MCP_HOST and WHATSAPP_MCP_PORT: on"), "{told}");
    let told = fails(&[], &["--client-key=short"]).await;
    assert!(told.contains("--client-key") && !told.contains("=short"), "{told}");
}

#[tokio::test]
async fn without_settings_it_serves_at_the_address_that_is_known() {
    let help = soon(program(&["--help"]).output()).await.unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for default in [
        "or env: WHATSAPP_MCP_HOST and WHATSAPP_MCP_PORT; file: listen; default: 127.0.0.1:8790",
        "file: transport; default: http",
        "file: plain_clients; default: true",
    ] {
        assert!(help.contains(default), "{default} is not in {help}");
    }
}

#[tokio::test]
async fn a_client_that_starts_programs_is_told_of_stdio() {
    let output =
        soon(program(&["config", "cursor", "--transport=stdio", "--sandbox"]).output()).await.unwrap();
    let config = String::from_utf8(output.stdout).unwrap();
    assert!(config.contains("--transport=stdio") && config.contains("--sandbox"), "{config}");
    assert!(!config.contains("API_KEY"), "the API needs none: {config}");
    let output = soon(program(&["config", "cursor"]).output()).await.unwrap();
    let config = String::from_utf8(output.stdout).unwrap();
    assert!(config.contains("http://127.0.0.1:8790/mcp"), "{config}");
}
