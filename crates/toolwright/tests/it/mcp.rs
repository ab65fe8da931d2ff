//! A client of either protocol era, connected to a server over a duplex pipe.

use rmcp::model::{
    ClientCapabilities, ClientConfig, CreateMessageRequestParams, CreateMessageResult, ElicitRequestParams,
    ElicitResult, ElicitationAction, Implementation, ListRootsResult, LoggingMessageNotificationParam,
    ProgressNotificationParam, ProtocolVersion, ResourceUpdatedNotificationParam, Root, SamplingMessage,
};
use rmcp::service::{
    ClientLifecycleMode, ClientServiceExt, NotificationContext, RequestContext, RoleClient, RunningService,
    ServiceError,
};
use rmcp::{ClientHandler, ErrorData, ServerHandler, ServiceExt};
use serde_json::Value;
use tokio::sync::mpsc;
use toolwright::model::CallToolResult;
use toolwright::{HandWritten, Server, Toolset};

use crate::fixture::{API, nowhere};

/// The two protocol eras.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Era {
    Handshake,
    Stateless,
}

pub(crate) const ERAS: [Era; 2] = [Era::Handshake, Era::Stateless];

/// What a client was told without having asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Told {
    Progress(f64, Option<f64>, Option<String>),
    Log(String, Value),
    Updated(String),
    ToolsChanged,
    PromptsChanged,
    ResourcesChanged,
}

/// What a person does with a form, by its message.
pub(crate) type Person = fn(&str) -> ElicitResult;

/// The program that a person uses.
#[derive(Clone)]
pub(crate) struct Host {
    pub(crate) capabilities: ClientCapabilities,
    pub(crate) person: Person,
    told: mpsc::UnboundedSender<Told>,
}

/// A connected client, and what it is told.
pub(crate) struct Client {
    pub(crate) service: RunningService<RoleClient, Host>,
    pub(crate) told: mpsc::UnboundedReceiver<Told>,
}

impl Host {
    fn tell(&self, told: Told) {
        let _ = self.told.send(told);
    }
}

impl ClientHandler for Host {
    async fn create_elicitation(
        &self,
        request: ElicitRequestParams,
        _: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        let ElicitRequestParams::FormElicitationParams { message, .. } = request else {
            panic!("{request:?} is no form");
        };
        Ok((self.person)(&message))
    }

    async fn create_message(
        &self,
        _: CreateMessageRequestParams,
        _: RequestContext<RoleClient>,
    ) -> Result<CreateMessageResult, ErrorData> {
        Ok(CreateMessageResult::new(SamplingMessage::assistant_text("hello"), "a model".to_owned()))
    }

    async fn list_roots(&self, _: RequestContext<RoleClient>) -> Result<ListRootsResult, ErrorData> {
        Ok(ListRootsResult::new(vec![Root::new("file:///home")]))
    }

    async fn on_progress(&self, told: ProgressNotificationParam, _: NotificationContext<RoleClient>) {
        self.tell(Told::Progress(told.progress, told.total, told.message));
    }

    async fn on_logging_message(
        &self,
        told: LoggingMessageNotificationParam,
        _: NotificationContext<RoleClient>,
    ) {
        let level = serde_json::to_value(told.level).unwrap();
        self.tell(Told::Log(level.as_str().unwrap().to_owned(), told.data));
    }

    async fn on_resource_updated(
        &self,
        told: ResourceUpdatedNotificationParam,
        _: NotificationContext<RoleClient>,
    ) {
        self.tell(Told::Updated(told.uri));
    }

    async fn on_resource_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.tell(Told::ResourcesChanged);
    }

    async fn on_tool_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.tell(Told::ToolsChanged);
    }

    async fn on_prompt_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.tell(Told::PromptsChanged);
    }

    fn get_info(&self) -> ClientConfig {
        ClientConfig::new(self.capabilities.clone(), Implementation::new("host", "1"))
            .with_protocol_version(ProtocolVersion::V_2025_11_25)
    }
}

impl Client {
    /// What it has been told so far. Whatever was sent before an answer has come before it.
    pub(crate) fn heard(&mut self) -> Vec<Told> {
        std::iter::from_fn(|| self.told.try_recv().ok()).collect()
    }

    /// Makes a request, so that what was sent before it has arrived.
    pub(crate) async fn settle(&self) {
        self.service.list_tools(None).await.unwrap();
    }
}

/// A server of the fixture's API and one more tool.
pub(crate) fn serving(tool: HandWritten) -> Server {
    Server::new(Toolset::builder(&API).tool(tool).build().unwrap(), nowhere())
}

/// Everything that a client can be asked.
pub(crate) fn all_capabilities() -> ClientCapabilities {
    ClientCapabilities::builder().enable_elicitation().enable_sampling().enable_roots().build()
}

/// A client whose person says no to every form.
pub(crate) async fn connect(server: impl ServerHandler, era: Era) -> Client {
    connect_as(server, era, all_capabilities(), |_| ElicitResult::new(ElicitationAction::Decline)).await
}

pub(crate) async fn connect_as(
    server: impl ServerHandler,
    era: Era,
    capabilities: ClientCapabilities,
    person: Person,
) -> Client {
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    tokio::spawn(async move {
        let service = server.serve(tokio::io::split(ours)).await.unwrap();
        service.waiting().await.unwrap();
    });
    let (sender, told) = mpsc::unbounded_channel();
    let host = Host { capabilities, person, told: sender };
    let transport = tokio::io::split(theirs);
    let service = match era {
        Era::Handshake => host.serve(transport).await.unwrap(),
        Era::Stateless => {
            let preferred_versions = vec![ProtocolVersion::V_2026_07_28];
            host.serve_with_lifecycle(transport, ClientLifecycleMode::Discover { preferred_versions })
                .await
                .unwrap()
        }
    };
    Client { service, told }
}

/// The text of a result's first block.
pub(crate) fn text_of(result: &CallToolResult) -> &str {
    &result.content[0].as_text().unwrap().text
}

/// The code and the message of an error answer.
pub(crate) fn refused<T: std::fmt::Debug>(answer: Result<T, ServiceError>) -> (i32, String) {
    match answer {
        Err(ServiceError::McpError(error)) => (error.code.0, error.message.into_owned()),
        other => panic!("{other:?} is no error answer"),
    }
}
