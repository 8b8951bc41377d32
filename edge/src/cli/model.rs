//! `vachak model`: what a model file is, which models there are, which one writes, and another in its place while the
//! daemon runs.

mod info;
mod list;
mod place;
mod remove;
mod take;

use std::{path::PathBuf, process::ExitCode};

use commentary::Layout;

use crate::{cli::run::Sourced, config};

/// Arguments of `vachak model`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Say what a model file is, how it is spoken to, and whether it fits into this machine.
    Info {
        /// A GGUF file, or the name of a model in the model directory.
        #[arg(value_name = "FILE|NAME")]
        model: String,
        #[command(flatten)]
        sourced: Sourced,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Say which models there are and which one writes.
    List {
        #[command(flatten)]
        sourced: Sourced,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write with another model; a running daemon takes it up without a restart.
    Use {
        /// The name of a model in the model directory, or a GGUF file.
        #[arg(value_name = "NAME|FILE", required_unless_present = "configured")]
        model: Option<String>,
        /// Back to the model of the configuration.
        #[arg(long, conflicts_with = "model")]
        configured: bool,
        /// How its prompts are laid out, where its file does not say.
        #[arg(long, conflicts_with = "configured")]
        layout: Option<Layout>,
        /// Seconds to wait for a running daemon to take it up; 0 does not wait.
        #[arg(long, value_name = "SECONDS", default_value_t = 120)]
        wait: u64,
        #[command(flatten)]
        sourced: Sourced,
    },
    /// Delete a model from the model directory.
    Remove {
        /// Its name.
        name: String,
        #[command(flatten)]
        sourced: Sourced,
        /// Even if it is in use.
        #[arg(long)]
        force: bool,
    },
}

/// Shows, lists, chooses or removes models.
///
/// # Errors
/// What is wrong with a model or with where it is kept; that stdout cannot be written.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = |sourced: &Sourced| config::load(&sourced.sources());
    match args.command {
        Command::Info { model, sourced, json } => info::run(&config(&sourced)?, &model, json),
        Command::List { sourced, json } => list::run(&config(&sourced)?, json),
        Command::Use { model, layout, wait, sourced, .. } => {
            take::run(&config(&sourced)?, model.as_deref(), layout, std::time::Duration::from_secs(wait))
        }
        Command::Remove { name, sourced, force } => remove::run(&config(&sourced)?, &name, force),
    }
}

/// A model as it is named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Named {
    /// The one inside the program.
    BuiltIn,
    /// A file.
    File(PathBuf),
}
