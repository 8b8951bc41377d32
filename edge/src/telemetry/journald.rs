//! A tracing layer that sends records, with their fields, to systemd's journal.
//!
//! `systemd-journal-logger` speaks the `log` interface only; this carries tracing's fields (`match`, `key`, …) through
//! it, so that `journalctl MATCH=…` finds them.

use std::fmt::Write;

use systemd_journal_logger::JournalLog;
use tracing::{Event, Level, Subscriber, field::Visit};
use tracing_subscriber::{Layer, layer::Context};

/// The layer.
pub struct JournaldLayer {
    journal: JournalLog,
}

impl JournaldLayer {
    /// Connects to the journal.
    ///
    /// # Errors
    /// When its socket is not there.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self { journal: JournalLog::new()?.with_syslog_identifier("vachak".to_owned()) })
    }
}

impl<S: Subscriber> Layer<S> for JournaldLayer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        let mut fields = Fields::default();
        event.record(&mut fields);
        let message = format!("{}{}", fields.message, fields.shown);
        let pairs: Vec<(&str, &str)> = fields.pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let arguments = format_args!("{message}");
        let record = log::Record::builder()
            .level(level(*metadata.level()))
            .target(metadata.target())
            .file(metadata.file())
            .line(metadata.line())
            .module_path(metadata.module_path())
            .key_values(&pairs)
            .args(arguments)
            .build();
        // A journal that is being restarted loses a record; there is nowhere else to say so.
        let _ = self.journal.journal_send(&record);
    }
}

fn level(level: Level) -> log::Level {
    match level {
        Level::ERROR => log::Level::Error,
        Level::WARN => log::Level::Warn,
        Level::INFO => log::Level::Info,
        Level::DEBUG => log::Level::Debug,
        Level::TRACE => log::Level::Trace,
    }
}

#[derive(Default)]
struct Fields {
    message: String,
    shown: String,
    pairs: Vec<(&'static str, String)>,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.message);
        } else if !field.name().starts_with("log.") {
            let _ = write!(self.shown, " {}={value}", field.name());
            self.pairs.push((field.name(), value.to_owned()));
        }
    }

    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}
