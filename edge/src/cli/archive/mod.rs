//! `vachak archive`: the store of past matches. One subcommand a file; what they share is here and in `progress`.

mod add;
mod ask;
mod check;
mod frequencies;
mod info;
mod person;
mod progress;
mod remove;

use std::{path::PathBuf, process::ExitCode};

use anyhow::bail;

/// Arguments of `vachak archive`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Add matches: Cricsheet's JSON files, folders of them, its .zip archives, or .tar.zst. Adding again changes nothing;
    /// interrupted and run again, it goes on where it was.
    Add(add::Args),
    /// Take matches out by their ids, so that they can be added anew.
    Remove(remove::Args),
    /// Look for damage: the file itself, and every figure against the deliveries it was made from.
    Check(check::Args),
    /// Say what is held.
    Info(info::Args),
    /// Say who goes by a name, and what is held of them.
    Person(person::Args),
    AskRaw(ask::Args),
    /// Count how often each outcome follows each situation; prints the table that `vachak simulate` plays by.
    Frequencies(frequencies::Args),
}

#[derive(Debug, clap::Args)]
pub(super) struct Store {
    /// The archive's file; by default `vachak/archive.db` in the user's data folder.
    #[arg(long = "store", value_name = "FILE", env = "VACHAK_ARCHIVE_PATH")]
    path: Option<PathBuf>,
}

impl Store {
    /// Where the store lies.
    pub(super) fn path(&self) -> anyhow::Result<PathBuf> {
        if let Some(path) = &self.path {
            return Ok(path.clone());
        }
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        match set("XDG_DATA_HOME").or_else(|| Some(set("HOME")?.join(".local/share"))) {
            Some(folder) => Ok(folder.join("vachak/archive.db")),
            None => bail!("no place is known for the archive: HOME is not set; hint: name a file with --store"),
        }
    }
}

/// Adds to the archive, or tells of it.
///
/// # Errors
/// When the archive or the paths cannot be used, or stdout cannot be written.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Add(args) => add::run(args),
        Command::Remove(args) => remove::run(args),
        Command::Check(args) => check::run(args),
        Command::Info(args) => info::run(args),
        Command::Person(args) => person::run(args),
        Command::AskRaw(args) => ask::run(args),
        Command::Frequencies(args) => frequencies::run(args),
    }
}
