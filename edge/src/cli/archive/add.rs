//! `vachak archive add`: matches into the store.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::bail;
use stats::{Archive, ArchiveError, Report};
use tokio_util::sync::CancellationToken;

use super::{
    Store,
    progress::{list_bad, show},
};
use crate::cli::{exit, progress::Shown, stop_on_signal};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    store: Store,
    /// Match files (.json), folders of them, and archives as Cricsheet offers them (.zip, .tar.zst).
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// Adds each path in turn. One that cannot be read does not keep the others out; a store that fails ends it.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let path = args.store.path()?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
        && let Err(error) = std::fs::create_dir_all(folder)
    {
        bail!("the folder {} cannot be made: {error}; hint: name another file with --store", folder.display());
    }
    let mut archive = Archive::open(&path)?;
    let stop = watch_signals();
    let mut worst = 0;
    for from in &args.paths {
        let mut shown = Shown::new();
        let report = archive.add_until(from, &|| stop.is_cancelled(), &mut |progress| show(&mut shown, progress));
        shown.end();
        let code = match report {
            Ok(report) => tell(from, &report, shown.elapsed())?,
            Err(error @ ArchiveError::Source(_)) => {
                exit::report(&error.into());
                exit::USER
            }
            Err(error) => return Err(error.into()),
        };
        worst = worst.max(code);
        if stop.is_cancelled() {
            break;
        }
    }
    Ok(ExitCode::from(worst))
}

/// Asks to stop at the first control-C or SIGTERM, and ends at once at the second: SQLite takes that as it takes a power
/// cut.
fn watch_signals() -> CancellationToken {
    let stop = CancellationToken::new();
    let asked = stop.clone();
    let watch = move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(stop_on_signal(asked));
        runtime.block_on(stop_on_signal(CancellationToken::new()));
        std::process::exit(i32::from(exit::USER));
    };
    // Without a thread a signal ends the program at once, which loses no more than a batch of matches.
    let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(watch);
    stop
}

/// Says what became of a path's files, and gives the exit code that it deserves.
fn tell(from: &Path, report: &Report, took: Duration) -> anyhow::Result<u8> {
    let mut out = anstream::stderr();
    writeln!(out, "{}: {}", from.display(), summary(report, took))?;
    list_bad(&report.bad, report.bad_files)?;
    if report.stopped {
        writeln!(out, "stopped; all of this is kept\nhint: run the same again, it goes on where it was")?;
        return Ok(exit::USER);
    }
    if report.files() == 0 {
        writeln!(
            out,
            "no match file is in it\nhint: match files end in .json; name the folder or archive that holds them"
        )?;
        return Ok(exit::USER);
    }
    Ok(if report.bad_files > 0 { exit::USER } else { 0 })
}

fn summary(report: &Report, took: Duration) -> String {
    let mut parts = vec![format!("{} new matches", report.new), format!("{} deliveries", report.deliveries)];
    for (count, what) in [
        (report.replaced, "replaced"),
        (report.unchanged, "held already"),
        (report.older, "older than what is held"),
        (report.bad_files, "bad files passed over"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if report.deliveries > 0 {
        parts.push(format!("{:.0} balls/s", report.deliveries as f64 / took.as_secs_f64().max(0.001)));
    }
    parts.join(", ")
}
