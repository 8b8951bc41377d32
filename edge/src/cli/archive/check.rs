//! `vachak archive check`: whether the store is sound.

use std::{io::Write, process::ExitCode};

use stats::{Archive, Check};

use super::{Store, progress::show};
use crate::cli::progress::Shown;
use crate::{cli::exit, terminal::clean::clean};

/// Faults listed at most; all are counted.
const LISTED: usize = 50;

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
    let mut shown = Shown::new();
    let check = archive.check(&mut |progress| show(&mut shown, progress));
    shown.end();
    let check = check?;
    let mut out = anstream::stdout();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&check)?)?;
    } else {
        tell(&mut out, &archive, &check)?;
    }
    Ok(ExitCode::from(if check.is_sound() { 0 } else { exit::USER }))
}

fn tell(out: &mut impl Write, archive: &Archive, check: &Check) -> std::io::Result<()> {
    let path = archive.path().display();
    if check.is_sound() {
        let (matches, deliveries) = (check.matches, check.deliveries);
        return writeln!(out, "{path}: sound; {matches} matches agree with their {deliveries} deliveries");
    }
    writeln!(out, "{path}: {} faults", check.faults)?;
    for fault in check.named.iter().take(LISTED) {
        let what = clean(&fault.what);
        match &fault.match_id {
            Some(id) => writeln!(out, "  match {}: {what}", clean(id))?,
            None => writeln!(out, "  {what}")?,
        }
    }
    let rest = check.faults.saturating_sub(LISTED as u64);
    if rest > 0 {
        writeln!(out, "  … and {rest} more")?;
    }
    if check.damaged || check.named.iter().any(|fault| fault.match_id.is_none()) {
        writeln!(out, "hint: delete the file and add the matches again: it holds nothing that they do not")
    } else {
        writeln!(out, "hint: `vachak archive remove MATCH...` takes these out, `vachak archive add` brings them anew")
    }
}
