//! How the box is: published now and then, for people and for machines that watch machines.

use std::time::{Duration, Instant};

use serde_json::json;

use super::Desk;
use crate::telemetry::{heat::Heat, metrics::resident_bytes};

/// How often.
const EVERY: Duration = Duration::from_secs(30);

/// When what was told.
#[derive(Debug)]
pub(super) struct Report {
    started: Instant,
    last_health: Option<Instant>,
    /// When states of lines were last written.
    pub(super) last_marks: Instant,
}

impl Default for Report {
    fn default() -> Self {
        Self { started: Instant::now(), last_health: None, last_marks: Instant::now() }
    }
}

impl Desk {
    /// Publishes the box's health when it is due.
    pub(super) fn report_health(&mut self, now: Instant) {
        if self.report.last_health.is_some_and(|last| now.duration_since(last) < EVERY) {
            return;
        }
        self.report.last_health = Some(now);
        let (waiting, in_flight) = self.outbox.depth();
        let health = json!({
            "uptime_s": self.report.started.elapsed().as_secs(),
            "resident_bytes": resident_bytes(),
            "load_1m": load(),
            "temperature_c": Heat::default().temperature(),
            "matches": self.games.len(),
            "lines_waiting": waiting,
            "in_flight": in_flight,
            "journal": if self.pending.failures == 0 { "ok" } else { "failing" },
            "model": self.tools.scribe.as_ref().map(|scribe| if scribe.pace().is_some() { "ok" } else { "left alone" }),
        });
        self.outbox.keep(self.tools.topics.health(), health.to_string());
    }

    /// Publishes what the writing cost and brought in the matches of which a part has ended.
    pub(super) fn publish_reports(&mut self) {
        for match_id in std::mem::take(&mut self.pending.reports) {
            let report = json!({ "v": 1, "match_id": match_id, "personas": self.tools.accounts.of(&match_id) });
            self.outbox.keep(self.tools.topics.report(&match_id), report.to_string());
        }
    }
}

fn load() -> Option<f64> {
    std::fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}
