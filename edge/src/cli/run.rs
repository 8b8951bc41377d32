//! `vachak run`: the daemon.

use std::{path::PathBuf, process::ExitCode};

use crate::config::{self, Sources};

/// Where the configuration comes from; shared by all commands that read it.
#[derive(Debug, Clone, clap::Args)]
pub struct Sourced {
    /// Configuration file; without it every key has its default.
    #[arg(long, value_name = "FILE", env = "VACHAK_CONFIG")]
    config: Option<PathBuf>,
    /// Set one key, over file and environment; may be given several times.
    #[arg(long = "set", value_name = "SECTION.KEY=VALUE")]
    set: Vec<String>,
}

impl Sourced {
    /// The sources, with this process's environment.
    pub fn sources(&self) -> Sources {
        Sources::with_environment(self.config.clone(), self.set.clone())
    }
}

/// Arguments of `vachak run`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    sourced: Sourced,
}

/// Runs the daemon until it is told to stop.
///
/// # Errors
/// When it cannot start: configuration, journal, address in use.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = config::load(&args.sourced.sources())?;
    crate::run::run_daemon(config).await
}
