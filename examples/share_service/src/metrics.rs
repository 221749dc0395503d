//! Metrics, in the text format of Prometheus.

use std::time::Duration;

use presign::Timestamp;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Counters, a histogram and a gauge, with the registry that prints them.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    links: Family<Label, Counter>,
    refusals: Family<Label, Counter>,
    latency: Family<Label, Histogram, fn() -> Histogram>,
    credentials_end: Gauge,
    refresh_failures: Counter,
}

type Label = [(&'static str, String); 1];

/// The upper bounds of the histogram's buckets.
const SECONDS: [f64; 12] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0, 30.0,
];

/// Content type of [`Metrics::text`].
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("share_service"),
            links: Family::default(),
            refusals: Family::default(),
            latency: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            credentials_end: Gauge::default(),
            refresh_failures: Counter::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("links", "Links created, by kind", metrics.links.clone());
        let (name, help) = ("refusals", "Requests refused, by code");
        registry.register(name, help, metrics.refusals.clone());
        let (name, help) = ("request", "Time to respond, by route");
        registry.register_with_unit(name, help, Unit::Seconds, metrics.latency.clone());
        let (name, help) = (
            "credentials_end_timestamp",
            "When the credentials expire, as Unix time; 0 if they do not",
        );
        registry.register_with_unit(name, help, Unit::Seconds, metrics.credentials_end.clone());
        let (name, help) = ("refresh_failures", "Refreshes of credentials that failed");
        registry.register(name, help, metrics.refresh_failures.clone());
        metrics
    }
}

impl Metrics {
    pub fn links(&self, kind: &'static str, count: usize) {
        let counter = self.links.get_or_create(&[("kind", kind.to_owned())]);
        counter.inc_by(u64::try_from(count).unwrap_or(u64::MAX));
    }

    pub(crate) fn answered(&self, route: &str, took: Duration, refusal: Option<&'static str>) {
        let latency = [("route", route.to_owned())];
        self.latency
            .get_or_create(&latency)
            .observe(took.as_secs_f64());
        if let Some(code) = refusal {
            self.refusals
                .get_or_create(&[("code", code.to_owned())])
                .inc();
        }
    }

    pub(crate) fn credentials_end(&self, end: Option<Timestamp>) {
        self.credentials_end.set(end.map_or(0, Timestamp::as_unix));
    }

    pub(crate) fn refresh_failed(&self) {
        self.refresh_failures.inc();
    }

    /// All metrics as text for Prometheus.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a `String` does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
