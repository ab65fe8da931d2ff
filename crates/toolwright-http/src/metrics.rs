//! What Prometheus reads. Labels have few values: tools of the toolset, words for outcomes, classes of statuses.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use http::header::CONTENT_TYPE;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use serde_json::{Map, Value};
use toolwright::client::{Captured, Failure};
use toolwright::{Context, Observed, Observer, Tool, ToolError};

/// The media type of OpenMetrics, which Prometheus asks for.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the histograms, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Counts and times calls. Clones count together.
#[derive(Debug, Clone)]
pub struct Metrics(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    registry: Registry,
    calls: Family<CallLabels, Counter>,
    durations: Family<ToolLabel, Histogram>,
    upstream: Family<StatusLabel, Histogram>,
    in_flight: Gauge,
    refused: Family<KindLabel, Counter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    tool: Arc<str>,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ToolLabel {
    tool: Arc<str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StatusLabel {
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct KindLabel {
    kind: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Metrics in a registry of their own.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("toolwright");
        let histogram: fn() -> Histogram = || Histogram::new(SECONDS);
        let calls = Family::default();
        let durations = Family::new_with_constructor(histogram);
        let upstream = Family::new_with_constructor(histogram);
        let in_flight = Gauge::default();
        let refused = Family::default();
        registry.register("calls", "Tool calls that ended, by tool and outcome", calls.clone());
        let help = "How long tool calls took";
        registry.register_with_unit("call_duration", help, Unit::Seconds, durations.clone());
        let help = "How long requests to the API took, retries included, by class of status";
        registry.register_with_unit("upstream_duration", help, Unit::Seconds, upstream.clone());
        registry.register("calls_in_flight", "Tool calls that run now", in_flight.clone());
        let help = "Requests that were refused before a tool was called, by kind";
        registry.register("requests_refused", help, refused.clone());
        Self(Arc::new(Inner { registry, calls, durations, upstream, in_flight, refused }))
    }

    /// Counts a request that was refused before any tool was called.
    pub(crate) fn refused(&self, kind: &'static str) {
        self.0.refused.get_or_create(&KindLabel { kind }).inc();
    }

    /// Everything, in the text format of OpenMetrics.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.0.registry);
        text
    }

    /// `GET /metrics`, for a listener of its own: whoever reads metrics need not be allowed to call tools.
    pub fn router(&self) -> Router {
        let metrics = self.clone();
        let text = move || async move { ([(CONTENT_TYPE, OPEN_METRICS)], metrics.to_text()) };
        Router::new().route("/metrics", get(text))
    }
}

impl Observer for Metrics {
    fn call_started(&self, tool: &Tool, _: &Map<String, Value>, _: &Context) -> Box<dyn Observed> {
        self.0.in_flight.inc();
        let tool = Arc::from(tool.name.as_str());
        Box::new(Running { metrics: self.clone(), tool, since: Instant::now(), outcome: "abandoned" })
    }
}

/// One call. It is counted when it is dropped, so that abandoned calls are too.
struct Running {
    metrics: Metrics,
    tool: Arc<str>,
    since: Instant,
    outcome: &'static str,
}

impl Observed for Running {
    fn upstream_ended(&mut self, answer: Result<&Captured, &Failure>, took: Duration) {
        let status = match answer.map(|answer| answer.status.as_u16() / 100) {
            Ok(1) => "1xx",
            Ok(2) => "2xx",
            Ok(3) => "3xx",
            Ok(4) => "4xx",
            Ok(_) => "5xx",
            Err(_) => "none",
        };
        self.metrics.0.upstream.get_or_create(&StatusLabel { status }).observe(took.as_secs_f64());
    }

    fn ended(mut self: Box<Self>, outcome: Result<(), &ToolError>) {
        self.outcome = outcome.map_or_else(|error| error.kind.as_str(), |()| "ok");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let inner = &self.metrics.0;
        inner.in_flight.dec();
        inner
            .durations
            .get_or_create(&ToolLabel { tool: Arc::clone(&self.tool) })
            .observe(self.since.elapsed().as_secs_f64());
        inner.calls.get_or_create(&CallLabels { tool: Arc::clone(&self.tool), outcome: self.outcome }).inc();
    }
}
