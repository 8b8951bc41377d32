//! `vachak archive frequencies`: the table that invented matches are played by, counted from match files.

use std::{io::Write, path::PathBuf, process::ExitCode};

use stats::{Day, frequencies::Measured};

use super::progress::{list_bad, show};
use crate::cli::exit;
use crate::cli::progress::Shown;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Count matches begun in this year or later.
    #[arg(long, value_name = "YEAR", default_value_t = 2018, value_parser = clap::value_parser!(u16).range(1800..3000))]
    since: u16,
    /// Files and folders.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Args { since, paths } = args;
    let day: Day = format!("{since}-01-01").parse()?;
    let mut measured = Measured::default();
    for from in paths {
        let mut shown = Shown::new();
        let counted = measured.add_path(from, day, &mut |progress| show(&mut shown, progress));
        shown.end();
        counted?;
    }
    let (counted, left_out) = (measured.matches, measured.left_out);
    writeln!(anstream::stderr(), "{counted} matches counted, {left_out} of other kinds or years left out")?;
    list_bad(&measured.bad, measured.bad.len() as u64)?;
    let names: Vec<_> =
        paths.iter().map(|path| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()).collect();
    let made_by = format!("vachak archive frequencies --since {since} {}", names.join(" "));
    write!(anstream::stdout(), "{}", measured.frequencies.to_toml(&made_by))?;
    Ok(ExitCode::from(if measured.bad.is_empty() { 0 } else { exit::USER }))
}
