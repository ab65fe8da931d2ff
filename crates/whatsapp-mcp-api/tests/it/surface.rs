//! The tools as clients see them. A change here is a line in the changelog.

use serde_json::{Value, json};

use crate::server::{Server, send};
use reqwest::Method;

#[tokio::test]
async fn plain_clients_see_name_description_and_schema() {
    let server = Server::start(&[]).await;
    let listed = server.post("/mcp", json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })).await;
    insta::assert_snapshot!(listed.text);
}

#[tokio::test]
async fn standard_clients_see_titles_annotations_and_results_too() {
    let server = Server::start(&[]).await;
    let request =
        server.request(Method::POST, "/mcp").header("accept", "application/json, text/event-stream");
    let request = request.header("content-type", "application/json");
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    let answer = send(request.body(list.to_string())).await;
    let tools = answer.body["result"]["tools"].as_array().unwrap();
    let shown: Vec<Value> = tools
        .iter()
        .map(|tool| {
            assert!(tool["outputSchema"].is_object(), "{tool}");
            json!({ "name": tool["name"], "title": tool["title"], "annotations": tool["annotations"], "inputSchema": tool["inputSchema"] })
        })
        .collect();
    insta::assert_snapshot!(format!("{:#}", Value::from(shown)));
}
