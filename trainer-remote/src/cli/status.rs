//! `trainer-remote status`: where a run stands.

use std::io::Write as _;

use jiff::Timestamp;
use serde_json::json;
use trainer_remote::{
    run::{RunFolder, RunLock, Status},
    stages::Stage,
};

use super::{place::Place, table};

/// Arguments of `trainer-remote status`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The training.
    name: String,
    #[command(flatten)]
    place: Place,
    /// JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let runner = args.place.runner(&args.name, None)?;
    let folder: &RunFolder = runner.run_folder();
    let holder = RunLock::held_by(folder);
    let status = Status::read(folder);
    let made = runner.made();
    let mut out = std::io::stdout().lock();
    if args.json {
        let made: serde_json::Map<_, _> = made.iter().map(|(what, path)| ((*what).to_owned(), json!(path))).collect();
        let whole = json!({
            "name": args.name, "folder": folder.path(), "at_work": holder, "last": status,
            "stages": runner.manifest().stages, "made": made,
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&whole)?)?;
        return Ok(());
    }
    match (&holder, &status) {
        (Some(holder), _) => writeln!(out, "at work: {holder}")?,
        (None, Some(_)) => writeln!(out, "nobody is at work")?,
        (None, None) => writeln!(out, "not begun; `trainer-remote run {}` begins", args.name)?,
    }
    if let Some(status) = &status {
        writeln!(out, "{}", last(status))?;
    }
    let manifest = runner.manifest();
    let rows: Vec<_> = Stage::ALL
        .iter()
        .map(|stage| match (manifest.stages.get(stage), manifest.attempts.get(stage)) {
            (_, Some(attempt)) => [stage.to_string(), "begun".to_owned(), table::time(attempt.seconds)],
            (Some(record), None) => {
                let when = record.began.strftime("%F %H:%M UTC").to_string();
                [stage.to_string(), format!("done {when}"), table::time(record.seconds)]
            }
            (None, None) => [stage.to_string(), "-".to_owned(), String::new()],
        })
        .collect();
    table::print(&mut out, &rows)?;
    for (what, path) in made {
        writeln!(out, "{what:<12} {}", path.display())?;
    }
    Ok(())
}

/// The last word, such as `sft: 1,200 of 4,000 steps, 12 s ago`.
fn last(status: &Status) -> String {
    let ago = Timestamp::now().duration_since(status.ts).as_secs_f64();
    let stage = status.stage.as_deref().map_or_else(String::new, |stage| format!("{stage}: "));
    let what = match (status.done, status.of, &status.what) {
        (Some(done), Some(of), _) => {
            let unit = status.unit.as_deref().unwrap_or_default();
            format!("{} of {} {unit}", table::count(done), table::count(of))
        }
        (_, _, Some(what)) if !what.is_empty() => format!("{}, {what}", status.event),
        _ => status.event.clone(),
    };
    format!("{stage}{what}, {} ago", table::time(ago))
}
