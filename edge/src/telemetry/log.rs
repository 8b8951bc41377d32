//! Where the log goes: to the journal of systemd when it started us, to stderr otherwise, never to both.

use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

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
fn filter(level: LogLevel) -> EnvFilter {
    let level = match level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "warn,edge=info,vachak=info,llm=info",
        LogLevel::Debug => "warn,edge=debug,vachak=debug,llm=debug",
        LogLevel::Trace => "trace",
    };
    EnvFilter::new(level)
}

/// The journal's layer, where stderr leads to it and its socket answers.
fn journald() -> Option<JournaldLayer> {
    systemd_journal_logger::connected_to_journal().then(JournaldLayer::new)?.ok()
}
