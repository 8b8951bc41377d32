//! `trainer-remote plan`: which stages would run, and why; how many rows, at what price, how long.

use std::io::Write as _;

use serde_json::json;
use trainer_remote::{
    stages::{Choice, Decision, Plan, Runner, Stage, price},
    training::Training,
};

use super::{
    place::{Place, Tools},
    table,
};

/// Arguments of `trainer-remote plan`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The training.
    name: String,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    tools: Tools,
    /// JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let runner = args.place.runner(&args.name, Some(&args.tools))?;
    let choice = Choice { from: Stage::Prepare, to: Stage::Eval, force: false };
    let plan = runner.plan(choice)?;
    if !args.json {
        return print(&runner, &plan);
    }
    let training = runner.training();
    let whole = json!({
        "name": training.name,
        "folder": runner.folder(),
        "rows": training.data.rows,
        "teaching": price(training),
        "parameters": training.base.parameters(training.tokenizer.vocab),
        "stages": plan.stages,
    });
    writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&whole)?)?;
    Ok(())
}

/// Prints a plan for people.
pub(super) fn print(runner: &Runner, plan: &Plan) -> anyhow::Result<()> {
    let training = runner.training();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}: {}", training.name, training.description)?;
    let rows: Vec<_> = plan
        .stages
        .iter()
        .map(|planned| {
            let (what, why) = match &planned.decision {
                Decision::Run(why) => ("run", why.clone()),
                Decision::Follows(before) => ("run", format!("{before} runs before")),
                Decision::Fresh => ("up to date", String::new()),
                Decision::NotNeeded(why) => ("not needed", (*why).to_owned()),
            };
            let last = planned.seconds_last.map_or_else(String::new, table::time);
            [planned.stage.to_string(), what.to_owned(), last, why]
        })
        .collect();
    table::print(&mut out, &rows)?;
    writeln!(out, "\n{}", about(training))?;
    writeln!(out, "run folder: {}", runner.folder().display())?;
    Ok(())
}

fn about(training: &Training) -> String {
    let rows = table::count(training.data.rows);
    let parameters = training
        .base
        .parameters(training.tokenizer.vocab)
        .map_or_else(String::new, |count| format!("parameters: {:.1} million\n", count as f64 / 1e6));
    format!("{parameters}rows: {rows} wanted\nteaching costs {}", price(training))
}
