//! `trainer-remote list`: the trainings.

use std::io::Write as _;

use super::{place::Place, table};

/// Arguments of `trainer-remote list`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,
    /// JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let models = args.place.models()?;
    let all = models.all();
    let mut out = std::io::stdout().lock();
    if args.json {
        let list: Vec<_> = all
            .iter()
            .map(|named| {
                let description = named.training.as_ref().map(|training| training.description.as_str()).ok();
                let problem = named.training.as_ref().err().map(ToString::to_string);
                serde_json::json!({"name": named.name, "path": named.path, "description": description, "problem": problem})
            })
            .collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&list)?)?;
        return Ok(());
    }
    let rows: Vec<_> = all
        .iter()
        .map(|named| match &named.training {
            Ok(training) => [named.name.clone(), training.description.clone()],
            Err(problem) => [named.name.clone(), problem.to_string()],
        })
        .collect();
    table::print(&mut out, &rows)?;
    if rows.is_empty() {
        writeln!(std::io::stderr(), "there are none in {}", models.root().join("models").display())?;
    }
    Ok(())
}
