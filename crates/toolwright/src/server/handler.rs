//! [`ServerHandler`] for [`Server`].

use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams,
    CompleteResult, CustomRequest, CustomResult, DiscoverResult, ErrorCode, GetPromptRequestParams,
    GetPromptResponse, ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult, ListToolsResult,
    MetaObject, PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse, ServerConfig,
    Tool as Published,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::Value;

use super::page::{Page, cut};
use super::{Callers, Server, completion, era, prompt, publish, resource, result, trace};
use crate::{Context, Granted};

/// For how long a list may be taken as fresh. It changes only with the server's version or the caller's scopes.
const LIST_TTL_MS: u64 = 300_000;

/// The methods whose parameters this server reads. One of them with parameters of another shape is a known method
/// with wrong parameters, not an unknown one.
const KNOWN_METHODS: [&str; 8] = [
    "completion/complete",
    "prompts/get",
    "prompts/list",
    "resources/list",
    "resources/read",
    "resources/templates/list",
    "tools/call",
    "tools/list",
];

type Request = RequestContext<RoleServer>;

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
    /// The caller of one request, which the client can take back.
    fn caller(&self, request: &Request) -> Result<Context, ErrorData> {
        let context = match &self.0.callers {
            Callers::One(context) => Some(&**context),
            Callers::OfEachRequest => {
                request.extensions.get::<http::request::Parts>().and_then(|parts| parts.extensions.get())
            }
        };
        let context = context.ok_or_else(|| {
            ErrorData::internal_error("the transport did not say who is calling, so nothing was done", None)
        })?;
        Ok(trace::continued(context.clone(), &request.meta).with_cancellation(request.ct.clone()))
    }

    /// What the results for this request carry, where its era wants it.
    fn meta(&self, request: &Request) -> Option<MetaObject> {
        era::is_stateless(request).then(|| self.0.meta.clone())
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
        let mut result = list_result!(ListToolsResult, page, stateless.then(|| self.0.meta.clone()));
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
        let all = self.0.published.get_or_init(|| toolset.tools().map(publish::publish).collect());
        let visible: Vec<&Published> = toolset
            .tools()
            .zip(all)
            .filter(|(tool, _)| granted.allows(&tool.scopes))
            .map(|(_, published)| published)
            .collect();
        let page = cut(visible.into_iter(), params, self.0.page_size)?;
        Ok(Page { items: page.items.into_iter().cloned().collect(), next: page.next })
    }

    async fn run_tool(
        &self,
        params: CallToolRequestParams,
        request: &Request,
    ) -> Result<CallToolResult, ErrorData> {
        let context = self.caller(request)?;
        let outcome = self.toolset().call(&params.name, params.arguments.unwrap_or_default(), &context).await;
        let mut result = result::call_result(outcome)?;
        if let Some(meta) = self.meta(request) {
            result.meta.get_or_insert_default().extend(meta);
        }
        Ok(result)
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        self.0.config.clone()
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
        Ok(self.run_tool(params, &request).await?.into())
    }

    async fn list_resources(
        &self,
        params: Option<PaginatedRequestParams>,
        request: Request,
    ) -> Result<ListResourcesResult, ErrorData> {
        declared(self.0.config.capabilities.resources.is_some(), "resources/list")?;
        let resources = resource::fixed(self.toolset(), self.caller(&request)?.granted());
        let page = cut(resources.into_iter(), params.as_ref(), self.0.page_size)?;
        Ok(list_result!(ListResourcesResult, page, self.meta(&request)))
    }

    async fn list_resource_templates(
        &self,
        params: Option<PaginatedRequestParams>,
        request: Request,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        declared(self.0.config.capabilities.resources.is_some(), "resources/templates/list")?;
        let templates = resource::templates(self.toolset(), self.caller(&request)?.granted());
        let page = cut(templates.into_iter(), params.as_ref(), self.0.page_size)?;
        Ok(list_result!(ListResourceTemplatesResult, page, self.meta(&request)))
    }

    async fn read_resource(
        &self,
        params: ReadResourceRequestParams,
        request: Request,
    ) -> Result<ReadResourceResponse, ErrorData> {
        declared(self.0.config.capabilities.resources.is_some(), "resources/read")?;
        let mut result = resource::read(self.toolset(), &params.uri, &self.caller(&request)?).await?;
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
        declared(self.0.config.capabilities.prompts.is_some(), "prompts/list")?;
        let context = self.caller(&request)?;
        let prompts: Vec<_> =
            prompt::usable(self.toolset(), context.granted()).map(prompt::publish).collect();
        let page = cut(prompts.into_iter(), params.as_ref(), self.0.page_size)?;
        Ok(list_result!(ListPromptsResult, page, self.meta(&request)))
    }

    async fn get_prompt(
        &self,
        params: GetPromptRequestParams,
        request: Request,
    ) -> Result<GetPromptResponse, ErrorData> {
        declared(self.0.config.capabilities.prompts.is_some(), "prompts/get")?;
        let context = self.caller(&request)?;
        let granted = context.granted();
        let mut result = prompt::get(self.toolset(), &params.name, params.arguments.as_ref(), granted)?;
        result.meta = self.meta(&request);
        Ok(result.into())
    }

    async fn complete(
        &self,
        params: CompleteRequestParams,
        request: Request,
    ) -> Result<CompleteResult, ErrorData> {
        declared(self.0.config.capabilities.completions.is_some(), "completion/complete")?;
        let context = self.caller(&request)?;
        let mut result =
            completion::complete(self.toolset(), &params.r#ref, &params.argument, &context).await?;
        result.meta = self.meta(&request);
        Ok(result)
    }

    /// Requests that the library could not read: a known method whose parameters have another shape, or an unknown
    /// method.
    async fn on_custom_request(
        &self,
        custom: CustomRequest,
        request: Request,
    ) -> Result<CustomResult, ErrorData> {
        if !KNOWN_METHODS.contains(&custom.method.as_str()) {
            return Err(not_found(&custom.method));
        }
        if custom.method == "tools/call"
            && let Some(params) = custom.params.as_ref().and_then(with_parsed_arguments)
        {
            let mut result = self.run_tool(params, &request).await?;
            if !era::is_stateless(&request) {
                // The library takes this member out for the handshake era, but not out of custom results.
                result.result_type = None;
            }
            let value = serde_json::to_value(result);
            return value
                .map(CustomResult::new)
                .map_err(|error| ErrorData::internal_error(error.to_string(), None));
        }
        Err(ErrorData::invalid_params(expectation(&custom), None))
    }
}

/// The parameters of a call whose arguments came as the JSON text of an object, as some models write them.
fn with_parsed_arguments(params: &Value) -> Option<CallToolRequestParams> {
    let name = params.get("name")?.as_str()?.to_owned();
    let arguments = serde_json::from_str(params.get("arguments")?.as_str()?).ok()?;
    Some(CallToolRequestParams::new(name).with_arguments(arguments))
}

fn expectation(custom: &CustomRequest) -> String {
    let params = custom.params.as_ref();
    let member = |name: &str| params.and_then(|params| params.get(name));
    match custom.method.as_str() {
        "tools/call" | "prompts/get" if !member("name").is_some_and(Value::is_string) => {
            format!("`{}` needs `params.name`, a string", custom.method)
        }
        "tools/call" | "prompts/get" => {
            format!("`params.arguments` of `{}` must be an object", custom.method)
        }
        "resources/read" => "`resources/read` needs `params.uri`, a string".to_owned(),
        "completion/complete" => "`completion/complete` needs `params.ref` and `params.argument`".to_owned(),
        _ => format!("`params` of `{}` must be an object, and `params.cursor` a string", custom.method),
    }
}

fn declared(is_declared: bool, method: &str) -> Result<(), ErrorData> {
    if is_declared { Ok(()) } else { Err(not_found(method)) }
}

fn not_found(method: &str) -> ErrorData {
    let message = format!("this server has no method `{}`", method.escape_debug());
    ErrorData::new(ErrorCode::METHOD_NOT_FOUND, message, None)
}
