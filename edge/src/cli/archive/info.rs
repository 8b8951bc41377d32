//! `vachak archive info`: what the store holds.

use std::{io::Write, process::ExitCode};

use stats::{Archive, Info, Scope};

use super::Store;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    store: Store,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let archive = Archive::open_read_only(&args.store.path()?)?;
    let info = archive.info()?;
    let mut out = anstream::stdout();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&info)?)?;
    } else {
        tell(&mut out, &archive, &info)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(out: &mut impl Write, archive: &Archive, info: &Info) -> std::io::Result<()> {
    writeln!(
        out,
        "{}: {} matches, {} deliveries, {} people, {:.1} MB (version {})",
        archive.path().display(),
        info.matches,
        info.deliveries,
        info.people,
        info.bytes as f64 / 1e6,
        info.version
    )?;
    for held in &info.classes {
        let scope = Scope { level: Some(held.class.level), ..Scope::around(held.class) };
        let (matches, deliveries) = (held.matches, held.deliveries);
        let (first, last) = (&held.first_day, &held.last_day);
        writeln!(out, "  {matches:>6} matches {deliveries:>9} deliveries  {first} to {last}  {scope}")?;
    }
    writeln!(out, "Contains data from Cricsheet (https://cricsheet.org), ODC-BY 1.0, where it was made from it.")
}
