//! The hooks that join a generated client to its call context.

/// Joins a generated client to this crate. Called once, in the crate that holds the client.
///
/// `operations` is a `&'static [OperationSpec]` with every operation of the client, `spec_hash` a `&'static str` that
/// names the document. The client must have been generated with [`CallContext`](crate::CallContext) as its inner type.
///
/// ```ignore
/// toolwright_client::client_hooks!(
///     Client,
///     operations = operations::OPERATIONS,
///     spec_hash = operations::SPEC_HASH
/// );
/// ```
#[macro_export]
macro_rules! client_hooks {
    ($client:ty, operations = $operations:path, spec_hash = $spec_hash:path $(,)?) => {
        impl $crate::ApiClient for $client {
            const SPEC_HASH: &'static str = $spec_hash;
            const OPERATIONS: &'static [$crate::OperationSpec] = $operations;

            fn for_call(context: $crate::CallContext) -> Self {
                let (root, http) = $crate::__private::parts(context.upstream());
                <$client>::new_with_client(&root, http, context)
            }
        }

        impl $crate::__private::ClientHooks<$crate::CallContext> for $client {
            async fn pre<E>(
                &self,
                request: &mut $crate::__private::Request,
                info: &$crate::__private::OperationInfo,
            ) -> ::core::result::Result<(), $crate::__private::Error<E>> {
                let context = $crate::__private::ClientInfo::inner(self);
                $crate::__private::pre(context, request, $operations, info)
                    .map_err($crate::__private::Error::Custom)
            }

            async fn exec(
                &self,
                request: $crate::__private::Request,
                info: &$crate::__private::OperationInfo,
            ) -> $crate::__private::reqwest::Result<$crate::__private::Response> {
                let context = $crate::__private::ClientInfo::inner(self);
                ::core::result::Result::Ok($crate::__private::exec(context, request, $operations, info).await)
            }

            async fn post<E>(
                &self,
                result: &$crate::__private::reqwest::Result<$crate::__private::Response>,
                _info: &$crate::__private::OperationInfo,
            ) -> ::core::result::Result<(), $crate::__private::Error<E>> {
                $crate::__private::post(result).map_err($crate::__private::Error::Custom)
            }
        }
    };
}

/// What [`client_hooks!`] names. Not for anyone else.
pub mod private {
    pub use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
    pub use reqwest::{self, Request, Response};

    use bytes::Bytes;
    use reqwest::ResponseBuilderExt;
    use url::Url;

    use crate::{
        CallContext, Captured, Failure, OperationSpec, Upstream, exec::perform, operation::Route,
        prepare::prepare,
    };

    /// The base URL and the request maker that a generated client is made with.
    pub fn parts(upstream: &Upstream) -> (String, reqwest::Client) {
        (upstream.root().to_owned(), upstream.request_maker().clone())
    }

    /// Makes the request ready to be sent, or says why it must not be.
    pub fn pre(
        context: &CallContext,
        request: &mut Request,
        operations: &'static [OperationSpec],
        info: &OperationInfo,
    ) -> Result<(), String> {
        drop_api_version(request);
        let ready = route(operations, info).and_then(|route| prepare(context, request, route));
        ready.map_err(|failure| {
            let text = failure.to_string();
            context.reject(failure);
            text
        })
    }

    /// Sends the request and records what came of it. A failure becomes a response that [`post`] recognises, as hooks
    /// cannot make errors of the HTTP library.
    pub async fn exec(
        context: &CallContext,
        request: Request,
        operations: &'static [OperationSpec],
        info: &OperationInfo,
    ) -> Response {
        let url = without_query(request.url());
        let outcome = match route(operations, info) {
            Ok(route) => perform(context, Box::new(request), route).await,
            Err(failure) => Err(failure),
        };
        context.record(outcome.clone());
        match outcome {
            Ok(captured) => answer(url, captured),
            Err(failure) => {
                let mut response = http::Response::new(Bytes::new());
                response.extensions_mut().insert(failure);
                response.into()
            }
        }
    }

    /// Turns the response that stands for a failure into the failure's text.
    pub fn post(result: &reqwest::Result<Response>) -> Result<(), String> {
        let failure = result.as_ref().ok().and_then(|response| response.extensions().get::<Failure>());
        failure.map_or(Ok(()), |failure| Err(failure.to_string()))
    }

    /// Generated clients begin every request with the document's version in this header. A value that the API itself
    /// asks for comes after it and stays.
    fn drop_api_version(request: &mut Request) {
        let headers = request.headers_mut();
        let documented: Vec<_> = headers.get_all("api-version").iter().skip(1).cloned().collect();
        headers.remove("api-version");
        for value in documented {
            headers.append("api-version", value);
        }
    }

    fn route(operations: &'static [OperationSpec], info: &OperationInfo) -> Result<Route<'static>, Failure> {
        let id = info.operation_id;
        operations.iter().find(|operation| operation.id == id).map(Route::from).ok_or_else(|| {
            Failure::InvalidRequest(format!("the client's table has no operation `{id}`: generate it anew"))
        })
    }

    fn answer(url: Url, captured: Captured) -> Response {
        let Captured { status, headers, body, .. } = captured;
        let built = http::Response::builder().url(url).body(body.clone());
        let mut response = built.unwrap_or_else(|_| http::Response::new(body));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response.into()
    }

    /// Queries may hold keys, and errors print the URL of a response.
    fn without_query(url: &Url) -> Url {
        let mut url = url.clone();
        url.set_query(None);
        url
    }
}
