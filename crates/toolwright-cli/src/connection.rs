//! Where calls go: to the API that the settings name, or to a sandbox inside this process.

use anyhow::{Context as _, anyhow};
use toolwright::client::{Credential, Upstream};
use toolwright::{Context, Granted};

use crate::settings::{Settings, UsageError};
use crate::{App, RunningSandbox, SandboxOptions};

/// An API that can be called, and the sandbox that it is, if it is one.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) upstream: Upstream,
    credential: Credential,
    sandbox: Option<RunningSandbox>,
}

impl Connection {
    /// Starts the sandbox, or checks the base URL. An API is not contacted before the first call.
    pub(crate) async fn open(app: &App, settings: &Settings) -> anyhow::Result<Self> {
        if settings.flag("sandbox") {
            return Self::open_sandbox(app, settings).await;
        }
        let url = settings.text("base_url").ok_or_else(|| no_base_url(app))?;
        let upstream = upstream(app, settings, url)
            .map_err(|error| UsageError::new(format!("{}: {error}", settings.place("base_url"))))?;
        Ok(Self { upstream, credential: settings.credential().clone(), sandbox: None })
    }

    async fn open_sandbox(app: &App, settings: &Settings) -> anyhow::Result<Self> {
        let start = app.sandbox.ok_or_else(|| {
            UsageError::new(format!(
                "{} is on, and this build has no sandbox: build it with the feature `sandbox`",
                settings.place("sandbox")
            ))
        })?;
        let options = SandboxOptions {
            data_dir: settings.path("data").map(ToOwned::to_owned),
            port: settings.number("sandbox_port").and_then(|it| u16::try_from(it).ok()),
            allow_private: settings.flag("sandbox_allow_private"),
        };
        let sandbox =
            start(options).await.map_err(|error| anyhow!(error)).context("the sandbox does not start")?;
        // The key of a real account, which environment and file are for, is none of the sandbox's business.
        let credential = if settings.is_flag("api_key") || settings.is_flag("api_key_file") {
            settings.credential().clone()
        } else if sandbox.key.is_empty() {
            Credential::None
        } else {
            Credential::key(&sandbox.key)?
        };
        let upstream = upstream(app, settings, &sandbox.url)?;
        Ok(Self { upstream, credential, sandbox: Some(sandbox) })
    }

    /// The caller whom the settings describe.
    pub(crate) fn caller(&self, granted: &Granted) -> Context {
        Context::new(self.upstream.clone())
            .with_credential(self.credential.clone())
            .with_granted(granted.clone())
    }

    /// What the API is shown.
    pub(crate) fn credential(&self) -> &Credential {
        &self.credential
    }

    /// What a person should know before the first call.
    pub(crate) fn warnings(&self, app: &App, settings: &Settings) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.upstream.is_insecure() {
            let url = self.upstream.base_url();
            warnings.push(format!(
                "the base URL {url} is not https: the key and all messages cross the network in plain text"
            ));
        }
        let needs_key = app.drop_in.is_none_or(|it| !it.keyless);
        if needs_key && !self.has_key() && uses_own_key(settings) {
            warnings.push(format!(
                "there is no API key, so the API may refuse every call: set {}_API_KEY or --api-key-file",
                app.env_prefix
            ));
        }
        warnings
    }

    /// Whether calls carry a key.
    pub(crate) fn has_key(&self) -> bool {
        !matches!(self.credential, Credential::None)
    }

    /// Whether the API is a sandbox.
    pub(crate) fn is_sandbox(&self) -> bool {
        self.sandbox.is_some()
    }

    /// The address of the sandbox's page, where a person sees what happens in it.
    pub(crate) fn page(&self) -> Option<&str> {
        self.sandbox.as_ref()?.page.as_deref()
    }

    /// Lets the sandbox, if there is one, put its state away.
    pub(crate) async fn close(self) {
        if let Some(sandbox) = self.sandbox {
            sandbox.stop().await;
        }
    }
}

/// Whether calls carry the configured key, and not one that each caller brings.
fn uses_own_key(settings: &Settings) -> bool {
    settings.text("transport") != Some("http")
        || !matches!(settings.text("credentials"), Some("forward" | "header"))
}

fn upstream(
    app: &App,
    settings: &Settings,
    url: &str,
) -> Result<Upstream, toolwright::client::UpstreamError> {
    settings.limit(Upstream::builder(url)).user_agent(&format!("{}/{}", app.name, app.version)).build()
}

fn no_base_url(app: &App) -> UsageError {
    let trial = match app.sandbox {
        Some(_) => ", or add --sandbox to try it without an account",
        None => "",
    };
    UsageError::new(format!(
        "there is no base URL: set {}_BASE_URL or --base-url to the address of the API{trial}",
        app.env_prefix
    ))
}
