//! `trainer-remote reading`: the model by which a match is read.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use commentary::reading::Model;
use stats::Day;
use trainer_remote::{
    reading::{
        eval::{self, eval},
        fit::{Choice, Span, fit},
        games::Games,
        write,
    },
    run::{Screen, Teller},
};

/// Commands of `trainer-remote reading`.
#[derive(Debug, clap::Subcommand)]
pub(super) enum ReadingCommand {
    /// Fit the model to past matches and write its file.
    Fit(FitArgs),
    /// Measure a model on seasons later than those it was fitted to.
    Eval(EvalArgs),
    /// Print where each step of pressure begins, by kind of match, and how frequent each is.
    Pressure(PressureArgs),
}

/// Arguments of `trainer-remote reading fit`.
#[derive(Debug, clap::Args)]
pub(super) struct FitArgs {
    /// The matches: a Cricsheet file, a folder, or a .tar.zst of them.
    #[arg(long, value_name = "PATH")]
    archive: PathBuf,
    /// The last day whose matches count.
    #[arg(long, value_name = "DAY")]
    until: Day,
    /// The first day whose matches count.
    #[arg(long, value_name = "DAY")]
    since: Option<Day>,
    /// The file to write.
    #[arg(long, value_name = "FILE", default_value = "models/reading/reading.toml")]
    out: PathBuf,
}

/// Arguments of `trainer-remote reading eval`.
#[derive(Debug, clap::Args)]
pub(super) struct EvalArgs {
    /// The matches: a Cricsheet file, a folder, or a .tar.zst of them.
    #[arg(long, value_name = "PATH")]
    archive: PathBuf,
    /// Matches after this day are measured [default: the last day that the model was fitted to].
    #[arg(long, value_name = "DAY")]
    after: Option<Day>,
    /// Matches after this day are not measured [default: all are].
    #[arg(long, value_name = "DAY")]
    until: Option<Day>,
    /// The model's file [default: the built-in one].
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// A folder for a reliability diagram of each kind of match, as SVG.
    #[arg(long, value_name = "DIR")]
    svg: Option<PathBuf>,
    /// The report as JSON on stdout.
    #[arg(long)]
    json: bool,
}

/// Arguments of `trainer-remote reading pressure`.
#[derive(Debug, clap::Args)]
pub(super) struct PressureArgs {
    /// Matches to count the steps on: a Cricsheet file, a folder, or a .tar.zst of them.
    #[arg(long, value_name = "PATH")]
    archive: Option<PathBuf>,
    /// Matches after this day count [default: the last day that the model was fitted to].
    #[arg(long, value_name = "DAY")]
    after: Option<Day>,
    /// The model's file [default: the built-in one].
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
}

pub(super) fn run(command: &ReadingCommand) -> anyhow::Result<()> {
    match command {
        ReadingCommand::Fit(args) => fitted(args),
        ReadingCommand::Eval(args) => measured(args),
        ReadingCommand::Pressure(args) => pressure(args),
    }
}

fn fitted(args: &FitArgs) -> anyhow::Result<()> {
    let (games, teller) = games(&args.archive, false)?;
    let fitted = fit(&games, Span { since: args.since, until: args.until }, &teller)?;
    if let Some(folder) = args.out.parent() {
        fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    }
    fs::write(&args.out, write::toml(&fitted.model))
        .with_context(|| format!("{} cannot be written; hint: name another file with --out", args.out.display()))?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "| kind | matches | held out | chosen | log loss | runners-up |\n|---|---:|---:|---|---:|---|")?;
    for choice in &fitted.choices {
        writeln!(out, "{}", told(choice))?;
    }
    writeln!(out, "\n{}: {} matches", args.out.display(), fitted.model.provenance.matches)?;
    Ok(())
}

/// A choice and what it was chosen over, as a row of a table.
fn told(choice: &Choice) -> String {
    let loss = |loss: Option<f64>| loss.map_or("–".to_owned(), |loss| format!("{loss:.4}"));
    let mut names = choice.tried.iter().map(|tried| {
        let group = match tried.classes.as_slice() {
            [class] if *class == choice.class => "its own matches".to_owned(),
            [class] => class.to_string(),
            classes => format!("{} kinds together", classes.len()),
        };
        let fading = tried.half_life.map_or("no fading".to_owned(), |years| format!("half-life {years} years"));
        (format!("{group}, {fading}"), loss(tried.log_loss))
    });
    let (chosen, best) = names.next().unwrap_or_else(|| ("too few matches: the nearest kind's".to_owned(), loss(None)));
    let others: Vec<String> = names.take(3).map(|(name, loss)| format!("{name} {loss}")).collect();
    format!(
        "| {} | {} | {} | {chosen} | {best} | {} |",
        choice.class,
        choice.matches,
        choice.held_out,
        others.join("; ")
    )
}

fn measured(args: &EvalArgs) -> anyhow::Result<()> {
    let model = model(args.model.as_deref())?;
    let after = after(&model, args.after)?;
    let (games, _) = games(&args.archive, args.json)?;
    let report = eval(&games, &model, after, args.until);
    if let Some(folder) = &args.svg {
        fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        for (name, svg) in report.diagrams() {
            let file = folder.join(name);
            fs::write(&file, svg).with_context(|| format!("{} cannot be written", file.display()))?;
        }
    }
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        write!(out, "{}", report.table())?;
    }
    Ok(())
}

fn pressure(args: &PressureArgs) -> anyhow::Result<()> {
    let model = model(args.model.as_deref())?;
    let report = match &args.archive {
        Some(path) => Some(eval(&games(path, false)?.0, &model, after(&model, args.after)?, None)),
        None => None,
    };
    write!(std::io::stdout().lock(), "{}", eval::pressure(&model, report.as_ref()))?;
    Ok(())
}

fn model(file: Option<&Path>) -> anyhow::Result<Model> {
    let Some(file) = file else { return Ok(Model::builtin()) };
    let text = fs::read_to_string(file)
        .with_context(|| format!("{} cannot be read; hint: check the path and who may read it", file.display()))?;
    Model::parse(&text).with_context(|| format!("{} cannot be used", file.display()))
}

fn after(model: &Model, asked: Option<Day>) -> anyhow::Result<Day> {
    let until: Day = model.provenance.until.parse().context("the model does not say until when it was fitted")?;
    let after = asked.unwrap_or(until);
    if after < until {
        anyhow::bail!(
            "the model was fitted to matches up to {until}, those after {after} are among them; hint: measure on later \
             ones, or fit with --until {after}"
        );
    }
    Ok(after)
}

fn games(path: &Path, silent: bool) -> anyhow::Result<(Games, Teller)> {
    let teller = Teller::new(if silent { Screen::Silent } else { Screen::fitting() }, None);
    let games = Games::read(path, &teller)?;
    if games.games.is_empty() {
        anyhow::bail!(
            "{} holds no decided match with a limit of overs ({} left out, {} unreadable); hint: name a folder or a \
             .tar.zst of match files",
            path.display(),
            games.left_out,
            games.bad
        );
    }
    if games.bad > 0 {
        writeln!(std::io::stderr(), "{} files could not be read and were passed over", games.bad)?;
    }
    Ok((games, teller))
}
