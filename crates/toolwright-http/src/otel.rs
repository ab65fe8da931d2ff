//! Spans for OpenTelemetry: one for each tool call, which continues the client's trace and is continued by the API.
//!
//! Where spans go, and how many, is said by the standard variables, such as `OTEL_EXPORTER_OTLP_ENDPOINT` and
//! `OTEL_TRACES_SAMPLER`. Spans hold the tool's name, the request id, the caller's fingerprint and how the call ended; no
//! argument and no result.

use std::time::Duration;

use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{
    Span as _, SpanKind, Status, TraceContextExt as _, Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context as TraceContext, KeyValue};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, Span};
use serde_json::{Map, Value};
use toolwright::client::{Captured, Failure, HeaderName, HeaderValue};
use toolwright::{Context, Observed, Observer, Tool, ToolError};

/// Makes spans and sends them. It is an [`Observer`]; clones send to the same place. When the last is dropped, what has
/// not been sent yet is sent, for which it waits a few seconds.
#[derive(Debug, Clone)]
pub struct Spans(SdkTracer);

impl Spans {
    /// Sends spans over OTLP, as protobuf over HTTP, to where the environment says.
    ///
    /// # Errors
    /// The environment names an address that is none.
    pub fn from_env(service: &'static str, version: &'static str) -> Result<Self, ExporterBuildError> {
        let exporter = SpanExporter::builder().with_http().build()?;
        let resource = Resource::builder()
            .with_service_name(service)
            .with_attribute(KeyValue::new("service.version", version))
            .build();
        let provider =
            SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        Ok(Self(provider.tracer("toolwright")))
    }
}

impl Observer for Spans {
    fn call_started(&self, tool: &Tool, _: &Map<String, Value>, context: &Context) -> Box<dyn Observed> {
        let parent =
            TraceContextPropagator::new().extract_with_context(&TraceContext::new(), &Headers(context));
        let mut attributes = vec![
            KeyValue::new("mcp.method.name", "tools/call"),
            KeyValue::new("gen_ai.tool.name", tool.name.clone()),
        ];
        let optional = [("enduser.pseudo.id", context.caller()), ("http.request.id", context.request_id())];
        for (name, value) in optional {
            attributes.extend(value.map(|value| KeyValue::new(name, value.to_owned())));
        }
        let span = self
            .0
            .span_builder(format!("tools/call {}", tool.name))
            .with_kind(SpanKind::Server)
            .with_attributes(attributes)
            .start_with_context(&self.0, &parent);
        Box::new(Running(span))
    }
}

/// A call that runs. Dropped before it has ended, its span says that it was abandoned.
struct Running(Span);

impl Observed for Running {
    fn headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        let own = TraceContext::new().with_remote_span_context(self.0.span_context().clone());
        let mut headers = Injected(Vec::new());
        TraceContextPropagator::new().inject_context(&own, &mut headers);
        headers.0
    }

    fn upstream_ended(&mut self, answer: Result<&Captured, &Failure>, took: Duration) {
        let mut attributes = vec![KeyValue::new("duration_ms", took.as_secs_f64() * 1_000.0)];
        if let Ok(answer) = answer {
            attributes.push(KeyValue::new("http.response.status_code", i64::from(answer.status.as_u16())));
        }
        self.0.add_event("the API answered", attributes);
    }

    fn ended(mut self: Box<Self>, outcome: Result<(), &ToolError>) {
        if let Err(error) = outcome {
            self.0.set_attribute(KeyValue::new("error.type", error.kind.as_str()));
            self.0.set_status(Status::error(error.kind.as_str()));
        }
        self.0.end();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.is_recording() {
            self.0.set_attribute(KeyValue::new("error.type", "abandoned"));
            self.0.end();
        }
    }
}

/// The headers that the client's trace came in.
struct Headers<'a>(&'a Context);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let (_, value) = self.0.headers().iter().rfind(|(name, _)| name.as_str() == key)?;
        value.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.headers().iter().map(|(name, _)| name.as_str()).collect()
    }
}

/// The headers that the trace goes on in.
struct Injected(Vec<(HeaderName, HeaderValue)>);

impl Injector for Injected {
    fn set(&mut self, key: &str, value: String) {
        if let (Ok(name), Ok(value)) = (key.parse(), HeaderValue::try_from(value)) {
            self.0.push((name, value));
        }
    }
}
