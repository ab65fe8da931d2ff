//! The scenario with `kirim-mcp`, whose callers bring a key of their own over HTTP.

use serde_json::{Value, json};
use toolwright::Granted;
use toolwright::client::Credential;
use toolwright_cli::App;
use toolwright_http::access::Access;
use whatsapp_sandbox::{KIRIM_KEY, Sandbox};

use super::agent::Agent;
use super::{NOBODY, Product, ToolCall, soon};

/// The id of the number of the demo organisation.
const NUMBER_ID: &str = "106540352242922";

pub(crate) struct Kirim;

impl Product for Kirim {
    const TOOLS: usize = 6;
    const NUMBER: &'static str = "+5511999990001";
    const CALLER: Option<&'static str> = Some(KIRIM_KEY);
    const PLACE_OF_TEXT: &'static str = "/text/body";
    const REFUSAL_OF_NOBODY: &'static str = "recipient_not_on_whatsapp";

    fn credential() -> Credential {
        Credential::bearer(KIRIM_KEY).unwrap()
    }

    fn access() -> Access {
        Access::forward(Granted::all())
    }

    fn app() -> App {
        kirim_mcp::app()
    }

    fn api(sandbox: &Sandbox) -> String {
        sandbox.kirim_url().to_owned()
    }

    async fn begin(agent: &Agent) -> Self {
        let numbers = agent.succeeds("list_phone_numbers", json!({})).await;
        assert_eq!(numbers["data"][0]["phone_number_id"], NUMBER_ID, "{numbers}");
        Self
    }

    async fn find(&self, agent: &Agent, name: &str) -> String {
        let search = json!({ "phone_number_id": NUMBER_ID, "search": name });
        let found = agent.succeeds("search_contacts", search).await;
        found["data"][0]["phone_number"].as_str().unwrap().to_owned()
    }

    fn send(to: &str, text: Value) -> ToolCall {
        let message =
            json!({ "phone_number_id": NUMBER_ID, "to": to, "type": "text", "text": { "body": text } });
        ("send_message", message)
    }

    async fn heard(&self, agent: &Agent, from: &str) -> Vec<String> {
        let messages = messages_with(agent, from).await;
        let inbound = messages.iter().filter(|it| it["direction"] == "inbound");
        inbound.map(|it| it["content"].as_str().unwrap().to_owned()).collect()
    }

    /// The API takes the message; what became of it shows in the conversation.
    async fn refusal_of_nobody(&self, agent: &Agent) -> String {
        let parameters = json!([{ "type": "text", "text": "Ana" }, { "type": "text", "text": "A-17" }]);
        let template = json!({
            "name": "order_shipped", "language": "en_US", "components": [{ "type": "body", "parameters": parameters }]
        });
        let message = json!({
            "phone_number_id": NUMBER_ID, "to": NOBODY, "type": "template", "template": template
        });
        let sent = agent.succeeds("send_message", message).await;
        soon("the failure", async || {
            let messages = messages_with(agent, NOBODY).await;
            let message = messages.iter().find(|it| it["id"] == sent["data"]["id"]).expect("the message");
            message["error"]["code"].as_str().map(str::to_owned)
        })
        .await
    }
}

/// The last messages with a phone number.
async fn messages_with(agent: &Agent, phone: &str) -> Vec<Value> {
    let of = |more: Value| {
        let mut arguments = json!({ "phone_number_id": NUMBER_ID });
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        arguments
    };
    let found = agent.succeeds("search_contacts", of(json!({ "phone": phone }))).await;
    let contact = &found["data"][0]["id"];
    let found = agent.succeeds("list_conversations", of(json!({ "contact_id": contact }))).await;
    let conversation = of(json!({ "conversation_id": found["data"][0]["id"] }));
    let conversation = agent.succeeds("get_conversation", conversation).await;
    conversation["data"]["messages"].as_array().unwrap().clone()
}
