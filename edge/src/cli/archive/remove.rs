//! `vachak archive remove`: matches out of the store.

use std::{io::Write, process::ExitCode};

use stats::Archive;

use super::Store;
use crate::{cli::exit, terminal::clean::clean};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    store: Store,
    /// Ids of matches: the names of their files without the ending, such as 1359534.
    #[arg(required = true, value_name = "MATCH")]
    matches: Vec<String>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let path = args.store.path()?;
    // Removing makes no archive where there is none.
    drop(Archive::open_read_only(&path)?);
    let mut archive = Archive::open(&path)?;
    let mut out = anstream::stderr();
    let mut code = 0;
    for id in &args.matches {
        if archive.remove(id)? {
            writeln!(out, "match {} removed", clean(id))?;
        } else {
            writeln!(
                out,
                "match {} is not held\nhint: an id is the name of the match's file without .json",
                clean(id)
            )?;
            code = exit::USER;
        }
    }
    Ok(ExitCode::from(code))
}
