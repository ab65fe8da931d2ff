//! A running sandbox.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::Response;
use axum::serve::ListenerExt as _;
use http::HeaderValue;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use whatsapp_sandbox_client::{Client, types};

use crate::access::keys::Keys;
use crate::contract::ContractError;
use crate::control::{Control, HttpFaults, misbehave};
use crate::delivery::Dialect;
use crate::network::{Network, Refusal, pulse};
use crate::origin::only_this_machine;
use crate::outside::Outside;
use crate::{ControlError, SandboxBuilder, SandboxError, control, kirim, page, pictures, rest, titan, web};

mod actor;
mod phone;
mod waiting;

pub use actor::Actor;
pub use phone::Phone;

/// How many requests one of Titan's keys may make in a minute, if nothing else is said.
const RATE_LIMIT: u32 = 6_000;

/// How each API tells its webhooks what has happened.
static DIALECTS: [Dialect; 2] = [titan::DIALECT, kirim::DIALECT];

/// How long requests under way may take to finish when the sandbox is stopped.
const GRACE: Duration = Duration::from_secs(5);

/// A simulated `WhatsApp` network that lives in this process, with its REST API on a local port.
///
/// Two lines in anyone's test: start it, and point what is to be tested at its URL with its key. The rest of the methods
/// play the other side.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use whatsapp_sandbox::Sandbox;
///
/// let sandbox = Sandbox::start().await?;
/// let (url, key) = (sandbox.url(), sandbox.full_key());
/// # let (_url, _key) = (url, key);
///
/// // Ana writes to the number that the agent's session stands for, and the agent finds her message.
/// let ana = sandbox.account("+5511988880001");
/// let question = ana.sends("+5511999990001", "Is the shop open today?").await?;
/// let support = sandbox.account("+5511999990001");
/// support.receives(&question.id, "+5511988880001").await?;
/// sandbox.stop().await;
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
///
/// Dropping it ends it as well, without waiting for requests under way.
#[derive(Debug)]
pub struct Sandbox {
    network: Network,
    router: Router,
    address: SocketAddr,
    url: String,
    kirim_url: String,
    keys: Arc<Keys>,
    client: Client,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    pulse: JoinHandle<()>,
    outside: JoinHandle<()>,
    commands: JoinHandle<()>,
}

impl Sandbox {
    /// A sandbox with the demo accounts, in memory, on a free port of this machine.
    pub async fn start() -> Result<Self, SandboxError> {
        Self::builder().start().await
    }

    /// Settings for a sandbox; [`SandboxBuilder::start`] starts it.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    /// `control` says whether the control routes are served; if it does not, they are on loopback only.
    pub(crate) async fn serve(
        network: Network,
        outside: Outside,
        address: SocketAddr,
        rate_limit: Option<u32>,
        control: Option<bool>,
    ) -> Result<Self, SandboxError> {
        let listen = |source| SandboxError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let url = format!("http://{address}");
        let client = Client::at(&url)?;
        let (stop, stopped) = watch::channel(false);
        let control = control.unwrap_or(address.ip().is_loopback()).then(|| Control {
            network: network.clone(),
            outside: outside.clone(),
            faults: HttpFaults::default(),
            url: url.as_str().into(),
            stopped: stopped.clone(),
        });
        if control.is_some() && !address.ip().is_loopback() {
            tracing::warn!(
                %address,
                "the control routes are open to other machines and need no key: whoever can reach this address can read \
                 and change everything in this sandbox"
            );
        }
        let keys = Arc::new(if address.ip().is_loopback() { Keys::published() } else { Keys::drawn() });
        let (router, commands) = router(&network, &outside, &url, rate_limit, &keys, control)?;
        // A name that a website has made point here reaches nothing; other machines may have names of their own.
        let guarded = if address.ip().is_loopback() {
            router.clone().layer(from_fn(only_this_machine))
        } else {
            router.clone()
        };
        let server = tokio::spawn(serve(listener, guarded, stopped.clone()));
        let outside = tokio::spawn(outside.live(&DIALECTS, stopped.clone()));
        let commands = tokio::spawn(commands.work(stopped.clone()));
        let pulse = tokio::spawn(beat(network.clone(), stopped));
        let kirim_url = format!("{url}{}", kirim::PREFIX);
        Ok(Self {
            network,
            router,
            address,
            url,
            kirim_url,
            keys,
            client,
            stop,
            server,
            pulse,
            outside,
            commands,
        })
    }

    /// The base URL of the REST API, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The base URL of the REST API of whatsapp-mcp-api, without a slash at the end. It needs no key, and is served where
    /// the control routes are.
    pub fn whatsapp_web_url(&self) -> String {
        format!("{}{}", self.url, web::PREFIX)
    }

    /// The address of the page with the simulated phones, which is where the control routes are.
    pub fn page_url(&self) -> String {
        format!("{}{}", self.url, page::PAGE)
    }

    /// The address that the sandbox listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// An API key that opens everything: [`FULL_KEY`](crate::FULL_KEY), or at an address that other machines reach one
    /// that was drawn at the start.
    pub fn full_key(&self) -> &str {
        self.keys.full()
    }

    /// The master key, which opens the administration of the instance: [`MASTER_KEY`](crate::MASTER_KEY), or at an address
    /// that other machines reach one that was drawn at the start.
    pub fn master_key(&self) -> &str {
        self.keys.master()
    }

    /// The base URL of Kirim's REST API, without the `/v1` and without a slash at the end.
    pub fn kirim_url(&self) -> &str {
        &self.kirim_url
    }

    /// An API key of the demo organisation in Kirim's API: [`KIRIM_KEY`](crate::KIRIM_KEY), or at an address that other
    /// machines reach one that was drawn at the start.
    pub fn kirim_key(&self) -> &str {
        self.keys.kirim()
    }

    /// All routes as an axum router on the same network, to be called in process or served elsewhere. They answer
    /// until the sandbox is stopped.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Everything that the control routes can do, typed. They are off if the sandbox was told so.
    pub fn control(&self) -> &Client {
        &self.client
    }

    /// Acts as the account with this phone number, JID or LID.
    pub fn account(&self, id: impl Into<String>) -> Actor<'_> {
        Actor::new(self, id.into())
    }

    /// Plays the phone that this session waits for.
    pub fn phone(&self, session: impl Into<String>) -> Phone<'_> {
        Phone::new(self, session.into())
    }

    /// Lets this much time pass on a manual clock (see [`SandboxBuilder::clock`]): what the network would have done
    /// meanwhile is done when this returns, each thing at its own instant.
    pub async fn advance(&self, by: Duration) -> Result<(), ControlError> {
        match self.network.advance(by).await {
            Ok(_) => Ok(()),
            Err(refusal) => Err(refused(&refusal)),
        }
    }

    /// Forgets everything and begins anew with the demo accounts. Clock and seed stay; faults of HTTP end.
    pub async fn reset(&self) -> Result<(), ControlError> {
        self.client.state_reset(&types::Reset { to: None }).await?;
        Ok(())
    }

    /// Finishes the requests under way, for five seconds at most, closes the store and gives the data folder free.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for mut task in [self.server, self.pulse, self.outside, self.commands] {
            if timeout(GRACE, &mut task).await.is_err() {
                tracing::warn!("a client of the sandbox did not finish its request in time");
                task.abort();
            }
        }
        self.network.close().await;
    }
}

fn refused(refusal: &Refusal) -> ControlError {
    ControlError::Refused { status: rest::status(refusal.kind()).as_u16(), message: refusal.to_string() }
}

fn router(
    network: &Network,
    outside: &Outside,
    url: &str,
    rate_limit: Option<u32>,
    keys: &Arc<Keys>,
    control: Option<Control>,
) -> Result<(Router, titan::Commands), SandboxError> {
    let document = |error: ContractError| SandboxError::Document(error.to_string());
    let (mut titan, commands) =
        titan::open(network.clone(), outside.clone(), url, rate_limit.unwrap_or(RATE_LIMIT), keys.clone())
            .map_err(document)?;
    if let Some(control) = &control {
        let operations = titan_api_client::OPERATIONS.iter().map(|it| (it.id, it.method, it.template));
        titan = titan
            .layer(from_fn_with_state(control.faults.of("", operations.collect(), titan::fail), misbehave));
    }
    let settings = kirim::Settings {
        url: url.to_owned(),
        limit: rate_limit,
        keys: keys.clone(),
        allow_plain: outside.egress.allows_plain(),
        faults: control.as_ref().map(|it| it.faults.clone()),
    };
    let kirim = kirim::open(network.clone(), outside.clone(), &settings).map_err(document)?;
    let router = titan.merge(kirim).merge(pictures::router(network.clone()));
    // What needs no key is together.
    let router = match control {
        Some(control) => {
            let web = web::router(network.clone(), &format!("{url}{}", web::PREFIX), &control.faults);
            let control = control::router(control).map_err(document)?;
            router.nest_service(web::PREFIX, web).merge(control).merge(page::router())
        }
        None => router,
    };
    let router = router.layer(from_fn_with_state(network.clone(), in_its_world));
    Ok((router.layer(map_response(mark)), commands))
}

/// What a request changes belongs to the world in which it began.
async fn in_its_world(State(network): State<Network>, request: Request, next: Next) -> Response {
    network.as_of(network.generation(), next.run(request)).await
}

/// Every answer says that nothing of it is real.
async fn mark(mut response: Response) -> Response {
    response.headers_mut().insert("x-sandbox", HeaderValue::from_static("simulated"));
    response
}

async fn serve(listener: TcpListener, router: Router, mut stopped: watch::Receiver<bool>) {
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    // An error means that the sandbox was dropped, which stops it as well.
    let end = async move {
        let _ = stopped.changed().await;
    };
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(end).await {
        tracing::error!(%error, "the sandbox stopped serving");
    }
}

async fn beat(network: Network, mut stopped: watch::Receiver<bool>) {
    tokio::select! {
        () = pulse::beat(network) => {}
        _ = stopped.changed() => {}
    }
}
