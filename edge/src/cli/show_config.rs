//! `vachak show-config`: the configuration as it stands after all its sources.

use std::{io::Write, process::ExitCode};

use anyhow::Context;

use crate::{cli::run::Sourced, config};

/// Arguments of `vachak show-config`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    sourced: Sourced,
}

/// Prints the merged configuration as TOML; secrets as `***`.
///
/// # Errors
/// What is wrong with it, or that stdout cannot be written.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let config = config::load(&args.sourced.sources())?;
    let text = toml::to_string_pretty(&config).context("the configuration cannot be shown as TOML")?;
    write!(anstream::stdout(), "{text}")?;
    Ok(ExitCode::SUCCESS)
}
