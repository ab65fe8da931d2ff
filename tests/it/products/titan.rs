//! The scenario with `titan-mcp`. It has no tool that reads messages: the product tells of them through webhooks, which its
//! tools set up.

use serde_json::{Value, json};
use toolwright::Granted;
use toolwright::client::Credential;
use toolwright_cli::App;
use toolwright_http::access::Access;
use whatsapp_sandbox::{FULL_KEY, MAIN_SESSION, Sandbox};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::agent::Agent;
use super::{NOBODY, Product, ToolCall};

pub(crate) struct Titan {
    hook: MockServer,
}

impl Product for Titan {
    const TOOLS: usize = 83;
    const NUMBER: &'static str = "+5511999990001";
    const PLACE_OF_TEXT: &'static str = "/text";

    fn credential() -> Credential {
        Credential::bearer(FULL_KEY).unwrap()
    }

    fn access() -> Access {
        Access::fixed(Self::credential(), Granted::all())
    }

    fn app() -> App {
        titan_mcp::app()
    }

    fn api(sandbox: &Sandbox) -> String {
        sandbox.url().to_owned()
    }

    async fn begin(agent: &Agent) -> Self {
        let hook = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&hook).await;
        let wanted = json!({ "url": hook.uri(), "events": ["message.received"], "session": MAIN_SESSION });
        agent.succeeds("webhooks_create", wanted).await;
        Self { hook }
    }

    async fn find(&self, agent: &Agent, name: &str) -> String {
        let contacts = agent.succeeds("contacts_list", json!({ "session": MAIN_SESSION })).await;
        let contacts = contacts["data"].as_array().unwrap();
        let found = contacts.iter().find(|it| it["pushName"] == name).expect("a contact of this name");
        found["phoneNumber"].as_str().unwrap().to_owned()
    }

    fn send(to: &str, text: Value) -> ToolCall {
        let chat = format!("{}@s.whatsapp.net", to.trim_start_matches('+'));
        ("messages_send", json!({ "session": MAIN_SESSION, "chatId": chat, "type": "text", "text": text }))
    }

    async fn heard(&self, _: &Agent, from: &str) -> Vec<String> {
        let events = self.hook.received_requests().await.unwrap();
        let events = events.iter().map(|it| it.body_json::<Value>().unwrap()["payload"].take());
        let from_them = events.filter(|it| it["from"]["phoneNumber"] == from);
        from_them.map(|it| it["text"].as_str().unwrap().to_owned()).collect()
    }

    async fn refusal_of_nobody(&self, agent: &Agent) -> String {
        let check = json!({ "session": MAIN_SESSION, "phoneNumbers": [NOBODY] });
        assert_eq!(agent.succeeds("contacts_check", check).await["data"][0]["exists"], false);
        let (tool, arguments) = Self::send(NOBODY, json!("Hi"));
        agent.fails(tool, arguments).await["message"].as_str().unwrap().to_owned()
    }
}
