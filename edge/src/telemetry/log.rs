//! Where the log goes: to the journal of systemd when it started us, to stderr otherwise, never to both.

use std::fmt::Debug;

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::FilterExt,
    layer::{Context, Filter, SubscriberExt},
    registry::LookupSpan,
    util::SubscriberInitExt,
};

use super::journald::JournaldLayer;
use crate::config::{Config, LogLevel};

/// Starts logging for the whole process. Called again it changes nothing: the first log stays.
pub fn start(config: &Config) {
    let filter = || filter(config.log.level);
    // Records of crates that speak `log` (rumqttc) arrive through `tracing-log`, which `try_init` installs.
    let started = if let Some(layer) = journald() {
        tracing_subscriber::registry().with(layer.with_filter(filter())).try_init()
    } else {
        let colour = std::io::IsTerminal::is_terminal(&std::io::stderr()) && std::env::var_os("NO_COLOR").is_none();
        let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colour).with_target(false);
        tracing_subscriber::registry().with(layer.with_filter(filter())).try_init()
    };
    // Already started: by the demo around us, or by a test.
    drop(started);
}

/// Our own level; what libraries say only from WARN on, unless everything is asked for.
fn filter<S: Subscriber + for<'a> LookupSpan<'a>>(level: LogLevel) -> impl Filter<S> {
    let words = match level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "warn,edge=info,vachak=info,llm=info",
        LogLevel::Debug => "warn,edge=debug,vachak=debug,llm=debug",
        LogLevel::Trace => "trace",
    };
    EnvFilter::new(words).and(FalseAlarms { are_told: level == LogLevel::Trace })
}

/// Keeps back what llama.cpp warns of without reason. The lines that are written at once share one store of tokens, larger
/// than a model with a short memory was trained on; it takes that for the length of a line, which we hold to what the
/// model was trained on. A smaller store would only make lines wait for each other.
struct FalseAlarms {
    are_told: bool,
}

/// llama.cpp's words, whose log comes with this target.
const FALSE_ALARM: (&str, &str) = ("llama-cpp-2", "possible training context overflow");

impl<S> Filter<S> for FalseAlarms {
    fn enabled(&self, _: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        true
    }

    fn event_enabled(&self, event: &Event<'_>, _: &Context<'_, S>) -> bool {
        let (target, words) = FALSE_ALARM;
        if self.are_told || event.metadata().target() != target {
            return true;
        }
        let mut search = Search { words, found: false };
        event.record(&mut search);
        !search.found
    }
}

/// Looks for words in a record's message.
struct Search {
    words: &'static str,
    found: bool,
}

impl Visit for Search {
    fn record_str(&mut self, _: &Field, value: &str) {
        self.found |= value.contains(self.words);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

/// The journal's layer, where stderr leads to it and its socket answers.
fn journald() -> Option<JournaldLayer> {
    systemd_journal_logger::connected_to_journal().then(JournaldLayer::new)?.ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Notes the messages that come through.
    #[derive(Clone, Default)]
    struct Notes(Arc<Mutex<Vec<String>>>);

    impl<S: Subscriber> Layer<S> for Notes {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            struct Message(String);
            impl Visit for Message {
                fn record_debug(&mut self, _: &Field, value: &dyn Debug) {
                    self.0 = format!("{value:?}");
                }
            }
            let mut message = Message(String::new());
            event.record(&mut message);
            self.0.lock().unwrap().push(message.0);
        }
    }

    #[test]
    fn of_llama_cpps_warnings_the_one_without_reason_is_told_only_to_who_asks_for_everything() {
        const ALARM: &str = "n_ctx_seq (4096) > n_ctx_train (512) -- possible training context overflow";
        let told = |level| {
            let notes = Notes::default();
            let log = tracing_subscriber::registry().with(notes.clone().with_filter(filter(level)));
            tracing::subscriber::with_default(log, || {
                tracing::warn!(target: "llama-cpp-2", "{ALARM}");
                tracing::warn!(target: "llama-cpp-2", "a tensor is missing");
                tracing::info!(target: "llama-cpp-2", "loading");
                tracing::info!("ours: {ALARM}");
            });
            notes.0.lock().unwrap().clone()
        };
        let ours = format!("ours: {ALARM}");
        assert_eq!(told(LogLevel::Info), ["a tensor is missing", &ours]);
        assert_eq!(told(LogLevel::Warn), ["a tensor is missing"]);
        assert_eq!(told(LogLevel::Trace), [ALARM, "a tensor is missing", "loading", &ours]);
    }
}
