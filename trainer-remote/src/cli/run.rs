//! `trainer-remote run`, and each stage alone.

use std::io::Write as _;

use trainer_remote::{
    run::{Screen, Stop, on_signals},
    stages::{Choice, Runner, Stage},
};

use super::{
    place::{Place, Tools},
    plan,
};

/// Arguments of `trainer-remote run`.
#[derive(Debug, clap::Args)]
pub(super) struct RunArgs {
    /// The training.
    name: String,
    /// The first stage.
    #[arg(long, value_name = "STAGE", default_value = "prepare")]
    from: Stage,
    /// The last stage.
    #[arg(long, value_name = "STAGE", default_value = "eval")]
    to: Stage,
    #[command(flatten)]
    how: How,
}

/// Arguments of a stage alone.
#[derive(Debug, clap::Args)]
pub(super) struct StageArgs {
    /// The training.
    name: String,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, clap::Args)]
struct How {
    /// Start afresh, even where all is up to date.
    #[arg(long)]
    force: bool,
    /// Say what would run, and why, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Say nothing while it runs.
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    tools: Tools,
}

pub(super) fn run(args: &RunArgs) -> anyhow::Result<()> {
    if args.from > args.to {
        anyhow::bail!("--from {} comes after --to {}; hint: swap them", args.from, args.to);
    }
    stages(&args.name, Choice { from: args.from, to: args.to, force: args.how.force }, &args.how)
}

pub(super) fn one(stage: Stage, args: &StageArgs) -> anyhow::Result<()> {
    stages(&args.name, Choice { from: stage, to: stage, force: args.how.force }, &args.how)
}

fn stages(name: &str, choice: Choice, how: &How) -> anyhow::Result<()> {
    let mut runner = how.place.runner(name, Some(&how.tools))?;
    if how.dry_run {
        return plan::print(&runner, &runner.plan(choice)?);
    }
    let stop = Stop::new();
    on_signals(stop.clone())?;
    let screen = if how.quiet { Screen::Silent } else { Screen::fitting() };
    let worked = runner.run(choice, screen, &stop)?;
    if !how.quiet {
        summary(&runner, &worked)?;
    }
    Ok(())
}

/// Where things are.
fn summary(runner: &Runner, worked: &[Stage]) -> anyhow::Result<()> {
    let mut err = std::io::stderr().lock();
    if worked.is_empty() {
        writeln!(err, "all is up to date; --force starts afresh")?;
    }
    for (what, path) in runner.made() {
        writeln!(err, "{what:<12} {}", path.display())?;
    }
    Ok(())
}
