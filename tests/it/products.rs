//! One scenario through every product: connect, find the recipient, send, read the answer, fail well. All of them stand
//! before one sandbox, over stdio and over HTTP, in both protocol eras.

mod agent;
mod kirim;
mod titan;
mod whatsapp_mcp_api;

use std::time::Duration;

use serde_json::{Value, json};
use toolwright::Granted;
use toolwright::client::Credential;
use toolwright_cli::App;
use toolwright_http::access::{Access, CallerToken};
use whatsapp_sandbox::{READ_ONLY_KEY, Sandbox};

use crate::http::{Served, request};
use crate::world::{self, Era};
use agent::{Agent, serve};
use kirim::Kirim;
use titan::Titan;
use whatsapp_mcp_api::WhatsappMcpApi;

/// Whom the agents write to. Every account knows her.
const ANA: &str = "+5511988880001";
/// A number that is not on `WhatsApp`.
const NOBODY: &str = "+4930123456";

/// A call of a tool: its name and its arguments.
type ToolCall = (&'static str, Value);

/// What differs between the products.
trait Product: Sized {
    /// How many tools it offers when nothing is chosen.
    const TOOLS: usize;
    /// The number that it writes from.
    const NUMBER: &'static str;
    /// The key of the program, over stdio.
    fn credential() -> Credential;
    /// Whose key is used over HTTP.
    fn access() -> Access;
    /// The key that each caller brings over HTTP.
    const CALLER: Option<&'static str> = None;
    /// The program.
    fn app() -> App;
    /// Where its API is.
    fn api(sandbox: &Sandbox) -> String;

    /// What an agent does before all else.
    async fn begin(agent: &Agent) -> Self;
    /// The phone number of the person with this name.
    async fn find(&self, agent: &Agent, name: &str) -> String;
    /// The call that sends a text to a phone number.
    fn send(to: &str, text: Value) -> ToolCall;
    /// The texts that have come from this phone number.
    async fn heard(&self, agent: &Agent, from: &str) -> Vec<String>;

    /// Where a text of the wrong type is, in the arguments of `send`.
    const PLACE_OF_TEXT: &'static str;
    /// What it says of a message to [`NOBODY`], in part.
    const REFUSAL_OF_NOBODY: &'static str = "is not on WhatsApp";
    /// Sends a message to [`NOBODY`]. Gives what it says of that.
    async fn refusal_of_nobody(&self, agent: &Agent) -> String;
}

/// Looks until there is what one looks for.
async fn soon<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    for _ in 0..500 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{what} never came")
}

/// The whole scenario.
async fn works<P: Product>(agent: &Agent, sandbox: &Sandbox, topic: &str) {
    let toolset = (P::app().toolset)().build().unwrap();
    let all: Vec<&str> = toolset.list(&Granted::all()).iter().map(|tool| tool.name.as_str()).collect();
    assert_eq!(agent.tools().await, all);
    assert_eq!(all.len(), P::TOOLS);

    let product = P::begin(agent).await;
    converses(&product, agent, sandbox, topic).await;
    fails_well(&product, agent).await;
}

/// The way of a message to Ana, and of her answer.
async fn converses<P: Product>(product: &P, agent: &Agent, sandbox: &Sandbox, topic: &str) {
    let ana = product.find(agent, "Ana").await;
    assert_eq!(ana, ANA);
    let question = format!("Did this come by {topic}? 👋");
    let (tool, arguments) = P::send(&ana, json!(question));
    agent.succeeds(tool, arguments).await;

    let phone = sandbox.account(ANA);
    phone.finds("the question", P::NUMBER, |it| it.text == question).await.unwrap();
    let answer = format!("Yes, by {topic}.");
    phone.sends(P::NUMBER, &answer).await.unwrap();
    soon(&answer, async || product.heard(agent, &ana).await.contains(&answer).then_some(())).await;
}

/// What the agent does wrong is told so that it can be put right.
async fn fails_well<P: Product>(product: &P, agent: &Agent) {
    let (tool, arguments) = P::send(ANA, json!(["not", "a", "text"]));
    let wrong = agent.fails(tool, arguments).await;
    if let Agent::Plain(_) = agent {
        assert_eq!(wrong["message"], "message must be a non-empty string");
    } else {
        assert_eq!(wrong["kind"], "invalid_arguments", "{wrong}");
        assert_eq!(wrong["problems"][0]["pointer"], P::PLACE_OF_TEXT, "{wrong}");
    }
    let refusal = product.refusal_of_nobody(agent).await;
    assert!(refusal.contains(P::REFUSAL_OF_NOBODY), "{refusal}");
}

/// A sandbox whose webhooks may lead to this machine.
async fn network() -> Sandbox {
    world::quick().allow_private(true).start().await.unwrap()
}

async fn over_stdio<P: Product>(sandbox: &Sandbox) {
    for era in [Era::Handshake, Era::Stateless] {
        let topic = format!("{} over stdio ({era:?})", P::app().name);
        works::<P>(&Agent::over_stdio::<P>(sandbox, P::credential(), era).await, sandbox, &topic).await;
    }
}

async fn over_http<P: Product>(sandbox: &Sandbox) {
    for era in [Era::Handshake, Era::Stateless] {
        let topic = format!("{} over HTTP ({era:?})", P::app().name);
        works::<P>(&Agent::over_http::<P>(sandbox, P::access(), era).await, sandbox, &topic).await;
    }
}

#[tokio::test]
async fn every_product_works_over_stdio() {
    let sandbox = network().await;
    over_stdio::<Titan>(&sandbox).await;
    over_stdio::<Kirim>(&sandbox).await;
    over_stdio::<WhatsappMcpApi>(&sandbox).await;
}

#[tokio::test]
async fn every_product_works_over_http() {
    let sandbox = network().await;
    over_http::<Titan>(&sandbox).await;
    over_http::<Kirim>(&sandbox).await;
    over_http::<WhatsappMcpApi>(&sandbox).await;
}

#[tokio::test]
async fn whatsapp_mcp_api_works_for_a_plain_json_rpc_client() {
    let sandbox = world::sandbox().await;
    let served = serve::<WhatsappMcpApi>(&sandbox, WhatsappMcpApi::access()).await;
    works::<WhatsappMcpApi>(&Agent::Plain(served), &sandbox, "plain JSON-RPC").await;
}

#[tokio::test]
async fn what_one_product_sends_another_one_reads() {
    let sandbox = world::sandbox().await;
    let business = Agent::over_stdio::<Titan>(&sandbox, Titan::credential(), Era::Stateless).await;
    let person = Agent::over_http::<WhatsappMcpApi>(&sandbox, WhatsappMcpApi::access(), Era::Handshake).await;
    let (tool, arguments) = Titan::send(WhatsappMcpApi::NUMBER, json!("Your parcel is here."));
    business.succeeds(tool, arguments).await;
    let marina = sandbox.account(WhatsappMcpApi::NUMBER);
    marina.finds("the news", Titan::NUMBER, |it| it.text == "Your parcel is here.").await.unwrap();
    let product = WhatsappMcpApi::begin(&person).await;
    assert_eq!(product.heard(&person, Titan::NUMBER).await, ["Your parcel is here."]);
}

#[tokio::test]
async fn a_key_that_is_no_good_is_told_by_the_tool_over_stdio() {
    let sandbox = world::sandbox().await;
    let narrow = Credential::bearer(READ_ONLY_KEY).unwrap();
    let agent = Agent::over_stdio::<Titan>(&sandbox, narrow, Era::Handshake).await;
    let (tool, arguments) = Titan::send(ANA, json!("Hi"));
    let error = agent.fails(tool, arguments).await;
    assert_eq!(error["kind"], "insufficient_scope", "{error}");
    assert_eq!(error["required_scopes"], json!(["messages:write"]));

    let unknown = Credential::bearer("kdv_live_000000000000000000000000").unwrap();
    let agent = Agent::over_stdio::<Kirim>(&sandbox, unknown, Era::Handshake).await;
    let (tool, arguments) = Kirim::send(ANA, json!("Hi"));
    let error = agent.fails(tool, arguments).await;
    assert_eq!((&error["kind"], &error["status"]), (&json!("unauthenticated"), &json!(401)), "{error}");
}

#[tokio::test]
async fn whoever_brings_no_key_over_http_is_told_how_to_bring_one() {
    let sandbox = world::sandbox().await;
    let token = || CallerToken::new("agent", "a-key-of-some-length-0123", Granted::all()).unwrap();
    let served: [Served; 3] = [
        serve::<Titan>(&sandbox, Titan::access().with_callers(vec![token()]).unwrap()).await,
        serve::<Kirim>(&sandbox, Kirim::access()).await,
        serve::<WhatsappMcpApi>(&sandbox, WhatsappMcpApi::access().with_callers(vec![token()]).unwrap())
            .await,
    ];
    for server in &served {
        let answer = server.post(&request("tools/list", json!({})), &[]).await;
        assert_eq!(answer.status, 401, "{answer:?}");
        assert!(answer.header("www-authenticate").is_some_and(|it| it.starts_with("Bearer")), "{answer:?}");
    }
    let kirim = served[1].post(&request("tools/list", json!({})), &[]).await;
    assert_eq!(kirim.message()["error"]["code"], "missing_api_key");
}
