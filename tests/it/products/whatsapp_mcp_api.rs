//! The scenario with `whatsapp-mcp-api`, whose API has no keys.

use serde_json::{Value, json};
use toolwright::Granted;
use toolwright::client::Credential;
use toolwright_cli::App;
use toolwright_http::access::Access;
use whatsapp_sandbox::{Sandbox, WHATSAPP_WEB_NUMBER};

use super::agent::Agent;
use super::{NOBODY, Product, ToolCall};

pub(crate) struct WhatsappMcpApi;

impl Product for WhatsappMcpApi {
    const TOOLS: usize = 7;
    const NUMBER: &'static str = WHATSAPP_WEB_NUMBER;
    const PLACE_OF_TEXT: &'static str = "/message";

    fn credential() -> Credential {
        Credential::None
    }

    fn access() -> Access {
        Access::fixed(Credential::None, Granted::all())
    }

    fn app() -> App {
        whatsapp_mcp_api::app()
    }

    fn api(sandbox: &Sandbox) -> String {
        sandbox.whatsapp_web_url()
    }

    async fn begin(agent: &Agent) -> Self {
        assert_eq!(agent.succeeds("whatsapp_status", json!({})).await["state"], "ready");
        Self
    }

    async fn find(&self, agent: &Agent, name: &str) -> String {
        let chats = agent.succeeds("whatsapp_list_chats", json!({})).await;
        let chats = chats["chats"].as_array().unwrap();
        let found = chats.iter().find(|it| it["name"] == name).expect("a chat of this name");
        format!("+{}", found["id"].as_str().unwrap().trim_end_matches("@c.us"))
    }

    fn send(to: &str, text: Value) -> ToolCall {
        ("whatsapp_send_message", json!({ "phone_number": to, "message": text }))
    }

    async fn heard(&self, agent: &Agent, from: &str) -> Vec<String> {
        let read = agent.succeeds("whatsapp_read_messages", json!({ "phone_number": from })).await;
        let messages = read["messages"].as_array().unwrap().iter().filter(|it| it["from_me"] == false);
        messages.map(|it| it["body"].as_str().unwrap().to_owned()).collect()
    }

    async fn refusal_of_nobody(&self, agent: &Agent) -> String {
        let (tool, arguments) = Self::send(NOBODY, json!("Hi"));
        agent.fails(tool, arguments).await["message"].as_str().unwrap().to_owned()
    }
}
