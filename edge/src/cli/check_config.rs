//! `vachak check-config`: says whether a configuration can be used.

use std::{io::Write, path::PathBuf, process::ExitCode};

use crate::{cli::run::Sourced, config};

/// Arguments of `vachak check-config`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The configuration file.
    #[arg(value_name = "FILE", conflicts_with = "config")]
    file: Option<PathBuf>,
    #[command(flatten)]
    sourced: Sourced,
}

/// Reads the configuration as `vachak run` would, personas and secrets included.
///
/// # Errors
/// What is wrong with it.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut sources = args.sourced.sources();
    sources.file = args.file.clone().or(sources.file);
    let config = config::load(&sources)?;
    for warning in crate::run::check(&config)? {
        writeln!(anstream::stderr(), "warning: {warning}")?;
    }
    let what = sources.file.map_or_else(|| "the defaults".to_owned(), |file| file.display().to_string());
    writeln!(anstream::stderr(), "{what}: fine")?;
    Ok(ExitCode::SUCCESS)
}
