//! [`ServerHandler`] for [`Server`].

use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult,
    CustomRequest, CustomResult, DiscoverResult, GetPromptRequestParams, GetPromptResponse,
    InputRequiredResult, ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult,
    ListToolsResult, LoggingLevel, MetaObject, PaginatedRequestParams, ReadResourceRequestParams,
    ReadResourceResponse, ServerConfig, SetLevelRequestParams, SubscribeRequestParams, SubscriptionFilter,
    Tool as Published, UnsubscribeRequestParams,
};
use rmcp::service::{NotificationContext, RequestContext, SubscriptionContext};
use rmcp::{ErrorData, RoleServer, ServerHandler};

use super::custom::not_found;
use super::page::{Page, cut};
use super::round::{Round, Subject};
use super::{Callers, Server, completion, custom, era, heartbeat, prompt, publish, resource, result, trace};
use crate::{CallError, Context, Granted, ToolError};

/// For how long a list may be taken as fresh. It changes only with the server's version or the caller's scopes.
const LIST_TTL_MS: u64 = 300_000;

pub(super) type Request = RequestContext<RoleServer>;

/// The fields that every list result has, filled in alike.
macro_rules! list_result {
    ($result:ident, $page:expr, $meta:expr) => {{
        let page = $page;
        let mut result = $result::with_all_items(page.items);
        result.next_cursor = page.next;
        if let Some(meta) = $meta {
            // A list depends on what the caller may do, so that nobody else may be shown it.
            result = result.with_ttl_ms(LIST_TTL_MS).with_cache_scope(CacheScope::Private);
            result.meta = Some(meta);
        }
        result
    }};
}

impl Server {
    /// The caller of one request, which the client can take back, and which has a name.
    fn caller(&self, request: &Request) -> Result<Context, ErrorData> {
        let context = match &self.shared.callers {
            Callers::One(context) => Some(&**context),
            Callers::OfEachRequest => {
                request.extensions.get::<http::request::Parts>().and_then(|parts| parts.extensions.get())
            }
        };
        let context = context.ok_or_else(|| {
            ErrorData::internal_error("the transport did not say who is calling, so nothing was done", None)
        })?;
        let context = trace::continued(context.clone(), &request.meta).with_cancellation(request.ct.clone());
        Ok(match context.request_id() {
            Some(_) => context,
            None => context.with_request_id((self.shared.request_id)()),
        })
    }

    /// What the results for this request carry, where its era wants it.
    fn meta(&self, request: &Request) -> Option<MetaObject> {
        era::is_stateless(request).then(|| self.shared.meta.clone())
    }

    /// One page of the tools that a caller with these scopes is shown. `stateless`: in the form of that era, with hints
    /// for caches and the name of the server. Transports that keep lists ready ask here too.
    ///
    /// # Errors
    /// Nobody gave out this cursor.
    pub fn tools_page(
        &self,
        params: Option<&PaginatedRequestParams>,
        granted: &Granted,
        stateless: bool,
    ) -> Result<ListToolsResult, ErrorData> {
        let page = self.published_page(params, granted)?;
        let mut result = list_result!(ListToolsResult, page, stateless.then(|| self.shared.meta.clone()));
        if !stateless {
            result.result_type = None;
        }
        Ok(result)
    }

    fn published_page(
        &self,
        params: Option<&PaginatedRequestParams>,
        granted: &Granted,
    ) -> Result<Page<Published>, ErrorData> {
        let toolset = self.toolset();
        let all = self.shared.published.get_or_init(|| {
            toolset.tools().map(|tool| publish::publish(tool, self.shared.closed_schemas)).collect()
        });
        let visible: Vec<&Published> = toolset
            .tools()
            .zip(all)
            .filter(|(tool, _)| granted.allows(&tool.scopes))
            .map(|(_, published)| published)
            .collect();
        let page = cut(visible.into_iter(), params, self.shared.page_size)?;
        Ok(Page { items: page.items.into_iter().cloned().collect(), next: page.next })
    }

    pub(super) async fn run_tool(
        &self,
        params: CallToolRequestParams,
        request: &Request,
    ) -> Result<CallToolResponse, ErrorData> {
        let mut context = self.caller(request)?;
        let mut round = None;
        // Most tools have nothing to say to the client, so that nothing is made ready for it.
        if self.toolset().converses(&params.name) {
            let subject = Subject {
                method: "tools/call",
                name: &params.name,
                arguments: params.arguments.as_ref(),
                responses: params.input_responses,
                state: params.request_state,
            };
            let begun = Round::begin(self, request, context, subject)?;
            (round, context) = (Some(begun.0), begun.1);
        }
        let call = self.toolset().call(&params.name, params.arguments.unwrap_or_default(), &context);
        let outcome = if round.is_some() {
            call.await
        } else {
            heartbeat::tell_while(request, self.shared.heartbeat, self.toolset(), &context, call).await
        };
        if let (Some(round), Err(CallError::Tool(error))) = (&round, &outcome)
            && let Some(asked) = self.input_required(round, error, request)?
        {
            return Ok(asked.into());
        }
        let mut result = result::call_result(outcome, &context)?;
        if let Some(meta) = self.meta(request) {
            result.meta.get_or_insert_default().extend(meta);
        }
        Ok(result.into())
    }

    /// What the client is asked, where the work ended for that.
    fn input_required(
        &self,
        round: &Round,
        error: &ToolError,
        request: &Request,
    ) -> Result<Option<InputRequiredResult>, ErrorData> {
        let Some(asked) = round.end(error).transpose()? else { return Ok(None) };
        Ok(Some(match self.meta(request) {
            Some(meta) => asked.with_meta(meta),
            None => asked,
        }))
    }

    /// The least level of log messages that are sent with this request. A client of the stateless era says so in each
    /// request, or wants none.
    pub(super) fn log_level(&self, request: &Request, is_stateless: bool) -> Option<LoggingLevel> {
        match self.logs() {
            true if is_stateless => request.meta.log_level(),
            true => Some(self.connection.log_level()),
            false => None,
        }
    }

    fn logs(&self) -> bool {
        self.shared.config.capabilities.logging.is_some()
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        self.shared.config.clone()
    }

    async fn discover(&self, _: Request) -> Result<DiscoverResult, ErrorData> {
        let versions = self.supported_protocol_versions().into_owned();
        Ok(DiscoverResult::from_server_info(versions, self.get_info())
            .with_ttl_ms(LIST_TTL_MS)
            .with_cache_scope(CacheScope::Public))
    }

    async fn list_tools(
        &self,
        params: Option<PaginatedRequestParams>,
        request: Request,
    ) -> Result<ListToolsResult, ErrorData> {
        self.tools_page(params.as_ref(), self.caller(&request)?.granted(), era::is_stateless(&request))
    }

    async fn call_tool(
        &self,
        params: CallToolRequestParams,
        request: Request,
    ) -> Result<CallToolResponse, ErrorData> {
        self.run_tool(params, &request).await
    }

    /// Asked for only to find which arguments a client repeats in headers. Only a schema that somebody wrote can want that
    /// (`x-mcp-header`), so that other tools need not be made ready for each call.
    fn get_tool(&self, name: &str) -> Option<Published> {
        self.toolset()
            .tool(name)
            .filter(|tool| tool.operation.is_none())
            .map(|tool| publish::publish(tool, true))
    }

    async fn list_resources(
        &self,
        params: Option<PaginatedRequestParams>,
        request: Request,
    ) -> Result<ListResourcesResult, ErrorData> {
        declared(self.shared.config.capabilities.resources.is_some(), "resources/list")?;
        let resources = resource::fixed(self.toolset(), self.caller(&request)?.granted());
        let page = cut(resources.into_iter(), params.as_ref(), self.shared.page_size)?;
        Ok(list_result!(ListResourcesResult, page, self.meta(&request)))
    }

    async fn list_resource_templates(
        &self,
        params: Option<PaginatedRequestParams>,
        request: Request,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        declared(self.shared.config.capabilities.resources.is_some(), "resources/templates/list")?;
        let templates = resource::templates(self.toolset(), self.caller(&request)?.granted());
        let page = cut(templates.into_iter(), params.as_ref(), self.shared.page_size)?;
        Ok(list_result!(ListResourceTemplatesResult, page, self.meta(&request)))
    }

    async fn read_resource(
        &self,
        params: ReadResourceRequestParams,
        request: Request,
    ) -> Result<ReadResourceResponse, ErrorData> {
        declared(self.shared.config.capabilities.resources.is_some(), "resources/read")?;
        let subject = Subject {
            method: "resources/read",
            name: &params.uri,
            arguments: None,
            responses: params.input_responses,
            state: params.request_state,
        };
        let (round, context) = Round::begin(self, &request, self.caller(&request)?, subject)?;
        let mut result = match resource::read(self.toolset(), &params.uri, &context).await? {
            Ok(result) => result,
            Err(error) => {
                return match self.input_required(&round, &error, &request)? {
                    Some(asked) => Ok(asked.into()),
                    None => Err(result::protocol_error(&error, &params.uri)),
                };
            }
        };
        if let Some(meta) = self.meta(&request) {
            // Live state: fresh only now, and only for this caller.
            result = result.with_ttl_ms(0).with_cache_scope(CacheScope::Private);
            result.meta = Some(meta);
        }
        Ok(result.into())
    }

    async fn list_prompts(
        &self,
        params: Option<PaginatedRequestParams>,
        request: Request,
    ) -> Result<ListPromptsResult, ErrorData> {
        declared(self.shared.config.capabilities.prompts.is_some(), "prompts/list")?;
        let context = self.caller(&request)?;
        let prompts = prompt::list(self.toolset(), context.granted());
        let page = cut(prompts.into_iter(), params.as_ref(), self.shared.page_size)?;
        Ok(list_result!(ListPromptsResult, page, self.meta(&request)))
    }

    async fn get_prompt(
        &self,
        params: GetPromptRequestParams,
        request: Request,
    ) -> Result<GetPromptResponse, ErrorData> {
        declared(self.shared.config.capabilities.prompts.is_some(), "prompts/get")?;
        let subject = Subject {
            method: "prompts/get",
            name: &params.name,
            arguments: params.arguments.as_ref(),
            responses: params.input_responses,
            state: params.request_state,
        };
        let (round, context) = Round::begin(self, &request, self.caller(&request)?, subject)?;
        let arguments = params.arguments.as_ref();
        let mut result = match prompt::get(self.toolset(), &params.name, arguments, &context).await? {
            Ok(result) => result,
            Err(error) => {
                return match self.input_required(&round, &error, &request)? {
                    Some(asked) => Ok(asked.into()),
                    None => Err(result::protocol_error(&error, &params.name)),
                };
            }
        };
        result.meta = self.meta(&request);
        Ok(result.into())
    }

    async fn complete(
        &self,
        params: CompleteRequestParams,
        request: Request,
    ) -> Result<CompleteResult, ErrorData> {
        declared(self.shared.config.capabilities.completions.is_some(), "completion/complete")?;
        let context = self.caller(&request)?;
        let mut result = completion::complete(self.toolset(), params, &context).await?;
        result.meta = self.meta(&request);
        Ok(result)
    }

    async fn subscribe(&self, params: SubscribeRequestParams, request: Request) -> Result<(), ErrorData> {
        let notifier = self.shared.notifier.as_ref().ok_or_else(|| not_found("resources/subscribe"))?;
        resource::visible(self.toolset(), &params.uri, self.caller(&request)?.granted())?;
        notifier.subscribe(self.connection.id, &request.peer, params.uri);
        Ok(())
    }

    async fn unsubscribe(&self, params: UnsubscribeRequestParams, _: Request) -> Result<(), ErrorData> {
        let notifier = self.shared.notifier.as_ref().ok_or_else(|| not_found("resources/unsubscribe"))?;
        notifier.unsubscribe(self.connection.id, &params.uri);
        Ok(())
    }

    /// All that was asked for, as far as the capabilities cover it. Who may be told of which resource is looked at when
    /// the stream begins, for here nobody says who asks. The client learns of its stream before it begins, so that
    /// changes count from here.
    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        let notifier = self.shared.notifier.as_ref()?;
        self.connection.promise_stream(notifier.next_change());
        Some(requested.clone())
    }

    async fn listen(&self, stream: SubscriptionContext) -> Result<(), ErrorData> {
        let notifier = self.shared.notifier.as_ref().ok_or_else(|| not_found("subscriptions/listen"))?;
        let since = self.connection.begin_stream().unwrap_or_else(|| notifier.next_change());
        let caller = self.caller(stream.request_context())?;
        for uri in stream.accepted().resource_subscriptions.iter().flatten() {
            resource::visible(self.toolset(), uri, caller.granted())?;
        }
        let _listening = notifier.listen(stream.sink().clone(), since);
        stream.cancelled().await;
        Ok(())
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        if let Some(notifier) = &self.shared.notifier {
            notifier.join(self.connection.id, &context.peer);
        }
    }

    async fn set_level(&self, params: SetLevelRequestParams, request: Request) -> Result<(), ErrorData> {
        let is_method = self.logs() && !era::is_stateless(&request);
        declared(is_method, "logging/setLevel")?;
        self.connection.set_log_level(params.level);
        Ok(())
    }

    async fn on_custom_request(
        &self,
        custom: CustomRequest,
        request: Request,
    ) -> Result<CustomResult, ErrorData> {
        custom::answer(self, custom, request).await
    }
}

fn declared(is_declared: bool, method: &str) -> Result<(), ErrorData> {
    if is_declared { Ok(()) } else { Err(not_found(method)) }
}
