//! `vachak archive add`: matches into the store.

use std::{io::Write, path::PathBuf, process::ExitCode, time::Duration};

use stats::{Archive, Report};

use super::{
    Store,
    progress::{Shown, list_bad},
};
use crate::cli::exit;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    store: Store,
    /// Files and folders.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let path = args.store.path()?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut archive = Archive::open(&path)?;
    let mut bad = 0;
    for from in &args.paths {
        let mut shown = Shown::new();
        let report = archive.add(from, &mut |progress| shown.update(progress));
        shown.end();
        let report = report?;
        let took = shown.elapsed();
        writeln!(anstream::stderr(), "{}: {}", from.display(), summary(&report, took))?;
        list_bad(&report.bad, report.bad_files)?;
        bad += report.bad_files;
    }
    Ok(ExitCode::from(if bad > 0 { exit::USER } else { 0 }))
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
