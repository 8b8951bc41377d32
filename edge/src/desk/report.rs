//! How the box is: published now and then, for people and for machines that watch machines.

use std::time::{Duration, Instant};

use llm::WriterInfo;
use serde_json::json;

use super::Desk;
use crate::{
    booth::Scribe,
    telemetry::{heat::Heat, metrics::resident_bytes},
};

/// How often.
const EVERY: Duration = Duration::from_secs(30);

/// When what was told.
#[derive(Debug)]
pub(super) struct Report {
    started: Instant,
    last_health: Option<Instant>,
    /// Whether it was said who writes, and who.
    has_info: bool,
    writer: Option<WriterInfo>,
    second: Option<WriterInfo>,
    /// When states of lines were last written.
    pub(super) last_marks: Instant,
}

impl Default for Report {
    fn default() -> Self {
        let now = Instant::now();
        Self { started: now, last_health: None, has_info: false, writer: None, second: None, last_marks: now }
    }
}

impl Desk {
    /// Publishes what this box is, once and whenever another model writes, or stands in for it.
    pub(super) fn report_info(&mut self) {
        let scribe = self.tools.scribe.as_ref();
        let (writer, second) = (scribe.and_then(Scribe::info), scribe.and_then(Scribe::second_info));
        if self.report.has_info && (&self.report.writer, &self.report.second) == (&writer, &second) {
            return;
        }
        let mut info = self.rules.info.clone();
        for (key, writer) in [("model", &writer), ("second_model", &second)] {
            let told = |info: &WriterInfo| json!({"backend": info.backend.to_string(), "model": info.model});
            info[key] = json!(writer.as_ref().map(told));
        }
        (self.report.has_info, self.report.writer, self.report.second) = (true, writer, second);
        self.outbox.keep(self.tools.topics.info(), info.to_string());
    }

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
            "model": self.tools.scribe.as_ref().filter(|scribe| scribe.info().is_some()).map(|scribe| {
                if scribe.pace().is_some() { "ok" } else { "left alone" }
            }),
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
