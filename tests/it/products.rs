//! One scenario through every product: connect, find the recipient, send, read the answer, fail well. All of them stand
//! before one sandbox, over stdio and over HTTP, in both protocol eras.

mod agent;
mod kirim;
mod titan;
mod whatsapp_mcp_api;

use serde_json::{Value, json};
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

/// What differs between the products: what each step is called there.
trait Product: Sized {
    /// How many tools it offers when nothing is chosen.
    const TOOLS: usize;
    /// The number that it writes from.
    const NUMBER: &'static str;
    /// What the key of the program is, over stdio.
    fn credential() -> Credential;
    /// Whose key is used over HTTP.
    fn access() -> Access;
    /// The key that a caller brings over HTTP.
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
    /// What the product says of a message to a number that is not on `WhatsApp`.
    async fn of_nobody(&self, agent: &Agent) -> String;
}

/// The way of a message to Ana, and of her answer.
async fn converses<P: Product>(agent: &Agent, sandbox: &Sandbox, topic: &str) {
    let offered = agent.tools().await;
    let toolset = (P::app().toolset)().build().unwrap();
    let all: Vec<&str> =
        toolset.list(&toolwright::Granted::all()).iter().map(|tool| tool.name.as_str()).collect();
    assert_eq!((offered.len(), offered), (P::TOOLS, all.iter().map(ToString::to_string).collect()));

    let product = P::begin(agent).await;
    let ana = product.find(agent, "Ana").await;
    assert_eq!(ana, ANA);

    let question = format!("Is it \"{topic}\" today? 👋");
    let (tool, arguments) = P::send(&ana, json!(question));
    agent.succeeds(tool, arguments).await;
    let phone = sandbox.account(ANA);
    phone.finds("the question", P::NUMBER, |it| it.text == question).await.unwrap();

    let answer = format!("Yes: {topic}");
    phone.sends(P::NUMBER, &answer).await.unwrap();
    for _ in 0..200 {
        if product.heard(agent, &ana).await.contains(&answer) {
            return fails_well(&product, agent).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{topic}: the answer never came")
}

/// What the agent did wrong is told so that it can be put right.
async fn fails_well<P: Product>(product: &P, agent: &Agent) {
    let (tool, arguments) = P::send(ANA, json!(["not", "a", "text"]));
    let wrong = agent.fails(tool, arguments).await;
    match agent {
        Agent::Plain(_) => assert!(wrong["message"].as_str().unwrap().contains("message"), "{wrong}"),
        _ => {
            assert_eq!(wrong["kind"], "invalid_arguments", "{wrong}");
            let problems = wrong["problems"].as_array().unwrap();
            assert!(problems.iter().any(|it| it["pointer"] == P::PLACE_OF_TEXT), "{wrong}");
        }
    }
    let of_nobody = product.of_nobody(agent).await;
    assert!(of_nobody.contains("WhatsApp") || of_nobody.contains("whatsapp"), "{of_nobody}");
}

/// A sandbox whose webhooks may lead to this machine.
async fn network() -> Sandbox {
    world::quick().allow_private(true).start().await.unwrap()
}

async fn over_stdio<P: Product>(sandbox: &Sandbox) {
    for era in [Era::Handshake, Era::Stateless] {
        let topic = format!("{} over stdio, {era:?}", P::app().name);
        converses::<P>(&Agent::over_stdio::<P>(sandbox, P::credential(), era).await, sandbox, &topic).await;
    }
}

async fn over_http<P: Product>(sandbox: &Sandbox) {
    for era in [Era::Handshake, Era::Stateless] {
        let topic = format!("{} over HTTP, {era:?}", P::app().name);
        converses::<P>(&Agent::over_http::<P>(sandbox, P::access(), era).await, sandbox, &topic).await;
    }
}

#[tokio::test]
async fn agents_of_all_products_converse_over_stdio_on_one_network() {
    let sandbox = network().await;
    over_stdio::<Titan>(&sandbox).await;
    over_stdio::<Kirim>(&sandbox).await;
    over_stdio::<WhatsappMcpApi>(&sandbox).await;
}

#[tokio::test]
async fn agents_of_all_products_converse_over_http_on_one_network() {
    let sandbox = network().await;
    over_http::<Titan>(&sandbox).await;
    over_http::<Kirim>(&sandbox).await;
    over_http::<WhatsappMcpApi>(&sandbox).await;
}

#[tokio::test]
async fn an_agent_that_speaks_plain_json_rpc_converses_as_well() {
    let sandbox = world::sandbox().await;
    let served = serve::<WhatsappMcpApi>(&sandbox, WhatsappMcpApi::access()).await;
    converses::<WhatsappMcpApi>(&Agent::Plain(served), &sandbox, "plain").await;
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
    let token =
        || CallerToken::new("agent", "a-key-of-some-length-0123", toolwright::Granted::all()).unwrap();
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
