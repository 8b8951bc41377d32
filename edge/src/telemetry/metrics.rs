//! The counters, all our own, as Prometheus reads them.

use std::sync::atomic::AtomicU64;

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

/// Lines by who wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ByOrigin {
    /// `ready`, `live` or `phrasebook`.
    pub origin: &'static str,
}

/// Failures by kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ByReason {
    /// A short fixed name.
    pub reason: &'static str,
}

/// Everything that is counted. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// Messages received from the broker.
    pub messages: Counter,
    /// Events applied to a score.
    pub events: Counter,
    /// Events known already.
    pub duplicates: Counter,
    /// Messages refused and kept in quarantine.
    pub quarantined: Counter,
    /// Resyncs asked for.
    pub resyncs: Counter,
    /// Connections to the broker that were made.
    pub connects: Counter,
    /// Whether the broker is connected: 1 or 0.
    pub connected: Gauge,
    /// Lines published, by origin.
    pub lines: Family<ByOrigin, Counter>,
    /// Lines that became too old before they could leave.
    pub expired: Counter,
    /// Lines a model wrote that did not pass the checker.
    pub rejected: Counter,
    /// Model lines that did not come, by reason.
    pub model_failures: Family<ByReason, Counter>,
    /// Seconds from an event's arrival to its line.
    pub line_seconds: Histogram,
    /// Seconds of a commit.
    pub commit_seconds: Histogram,
    /// Resident memory, bytes.
    pub resident: Gauge<u64, AtomicU64>,
}

impl Metrics {
    /// The counters, and the registry that knows them.
    pub fn new() -> (Self, Registry) {
        let buckets = || Histogram::new([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0]);
        let metrics = Self {
            messages: Counter::default(),
            events: Counter::default(),
            duplicates: Counter::default(),
            quarantined: Counter::default(),
            resyncs: Counter::default(),
            connects: Counter::default(),
            connected: Gauge::default(),
            lines: Family::default(),
            expired: Counter::default(),
            rejected: Counter::default(),
            model_failures: Family::default(),
            line_seconds: buckets(),
            commit_seconds: buckets(),
            resident: Gauge::default(),
        };
        let mut registry = Registry::with_prefix("vachak");
        let m = metrics.clone();
        registry.register("messages", "Messages received from the broker", m.messages);
        registry.register("events", "Events applied to a score", m.events);
        registry.register("duplicate_events", "Events known already", m.duplicates);
        registry.register("quarantined_messages", "Messages refused and kept in quarantine", m.quarantined);
        registry.register("resyncs", "Resyncs asked for", m.resyncs);
        registry.register("broker_connects", "Connections made to the broker", m.connects);
        registry.register("broker_connected", "Whether the broker is connected", m.connected);
        registry.register("lines", "Lines published", m.lines);
        registry.register("expired_lines", "Lines too old before they could leave", m.expired);
        registry.register("rejected_lines", "Model lines that did not pass the checker", m.rejected);
        registry.register("model_failures", "Model lines that did not come", m.model_failures);
        registry.register("line_seconds", "From an event's arrival to its line", m.line_seconds);
        registry.register("commit_seconds", "Time of a commit", m.commit_seconds);
        registry.register("resident_bytes", "Resident memory", m.resident);
        (metrics, registry)
    }
}

/// The registry as text, resident memory read at this moment.
pub fn render(metrics: &Metrics, registry: &Registry) -> String {
    metrics.resident.set(resident_bytes().unwrap_or_default());
    let mut text = String::new();
    // Writing to a String cannot fail; what is there is shown either way.
    let _ = encode(&mut text, registry);
    text
}

/// Resident memory of this process in bytes; `None` where the system does not tell.
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}
