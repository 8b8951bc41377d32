//! The daemon in this process, with a writer of the test's own.

use std::path::Path;

use commentary::Layout;
use edge::{
    booth::{Exchange, writers::Model},
    config::{self, Config, Sources},
    run::{self, Running},
};
use llm::Writer;

/// Settings as on the command line, `key=value`.
pub fn config(port: u16, home: &Path, extra: &[&str]) -> Config {
    let mut flags = vec![
        format!("broker.port={port}"),
        format!("journal.directory={}", home.join("journal").display()),
        "http.enabled=false".to_owned(),
    ];
    flags.extend(extra.iter().map(|flag| (*flag).to_owned()));
    let sources = Sources { flags, ..Sources::default() };
    config::load(&sources).expect("the settings of the test hold")
}

/// A model that speaks in slots, as the program's own does.
pub fn slots(writer: impl Writer + 'static) -> Model {
    Model {
        writer: std::sync::Arc::new(writer),
        layout: Layout::Slots,
        sampling: llm::Sampling::default(),
        made_for_layout: true,
        file: None,
        grounded: true,
    }
}

/// Starts it.
pub async fn start(config: Config, model: Option<Model>) -> Running {
    run::start_with(config, Exchange::new(model)).await.expect("the daemon starts")
}
