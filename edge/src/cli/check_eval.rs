//! `vachak check-eval`: the proof of the checker, by lines judged by hand and by true lines made false.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::bail;
use commentary::checker::proof::{Confusion, Judged, LABELS, Outcome, Quota, Trial, judge_all};
use cricket::{
    cricsheet::{self, CricsheetMatch},
    simulate::{self, SimulationSettings},
};
use serde_json::{Value, json};
use stats::SourceError;

use super::exit;

/// Matches that lines are taken of.
const MATCHES: u64 = 240;
/// Of these, the share that is played against its counterfactual: one in so many.
const SWAPPED: usize = 4;
/// Phrasebook lines checked as they are, for each that is made false.
const ALARMS: usize = 5;

/// Arguments of `vachak check-eval`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// True lines that are made false, about; five times as many are checked as they are.
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    lines: usize,
    /// A match in Cricsheet's JSON format, a folder of them, or a .tar.zst; by default the match data beside the
    /// repository, else invented matches.
    #[arg(long, value_name = "PATH")]
    matches: Option<PathBuf>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
    /// List the lines that were judged wrongly or let through.
    #[arg(long)]
    list_missed: bool,
}

/// Runs the proof and prints it. Ends with 1 where a goal is missed.
///
/// # Errors
/// When the matches cannot be read, or stdout cannot be written.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let judged = judge_all()?;
    let matches = matches(args.matches.as_deref())?;
    let share = |lines: usize| lines.div_ceil(matches.len().max(1));
    let mut trial = Trial::default();
    for (place, (id, file)) in matches.iter().enumerate() {
        let swapped = if place % SWAPPED == 0 { share(args.lines) } else { 0 };
        let quota = Quota { alarms: share(args.lines * ALARMS), mutated: share(args.lines), swapped };
        trial.play(id, file, quota);
    }
    let mut out = anstream::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&as_json(&judged, &trial))?)?;
    } else {
        labelled(&mut out, &judged, args.list_missed)?;
        played(&mut out, &trial, args.list_missed)?;
    }
    out.flush()?;
    Ok(ExitCode::from(if meets_goals(&judged, &trial) { 0 } else { exit::USER }))
}

/// The matches of a path, evenly taken; invented ones where there are none.
fn matches(path: Option<&Path>) -> anyhow::Result<Vec<(String, CricsheetMatch)>> {
    let shared = std::env::var_os("VACHAK_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let beside = shared.join("data/cricsheet-dev.tar.zst");
    let path = path.or_else(|| Some(beside.as_path()).filter(|path| path.is_file()));
    let Some(path) = path else {
        let mut err = anstream::stderr();
        writeln!(err, "no match data at {}: {MATCHES} invented matches instead", beside.display())?;
        return (0..MATCHES).map(invented).collect();
    };
    let (mut found, mut next) = (Vec::new(), 0);
    stats::each_match(path, |file| -> Result<(), SourceError> {
        // Evenly over the archive's bytes, or a folder's files.
        if file.done * MATCHES >= next * file.total.max(1)
            && let Ok(bytes) = file.content
            && let Ok(read) = cricsheet::read(bytes)
        {
            let name = Path::new(file.name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
            found.push((name, read));
            next += 1;
        }
        Ok(())
    })?;
    if found.is_empty() {
        bail!("{}: no match that can be read; hint: name Cricsheet's JSON files", path.display());
    }
    Ok(found)
}

fn invented(seed: u64) -> anyhow::Result<(String, CricsheetMatch)> {
    let mut settings = SimulationSettings::new(seed);
    if seed % 8 == 7 {
        settings.format = simulate::Format::Odi;
    }
    Ok((format!("invented-{seed}"), simulate::simulate(&settings)?))
}

/// What the goals ask of each part.
fn meets_goals(judged: &[Judged], trial: &Trial) -> bool {
    let confusion = Confusion::of(judged);
    let caught = |language| {
        let (caught, made) = trial.caught(language);
        caught * 100 >= made * 99
    };
    confusion.precision() >= 0.98
        && confusion.recall() >= 0.98
        && trial.alarms.is_empty()
        && caught("en")
        && caught("hi")
}

/// Whether a row of the table is about a labelled line.
type Belongs = fn(&Judged) -> bool;

/// The rows of the table.
const PARTS: [(&str, Belongs); 5] = [
    ("all", |_| true),
    ("worked with", |judged| !judged.line.held_out),
    ("held out", |judged| judged.line.held_out),
    ("English", |judged| judged.language == "en"),
    ("Hindi", |judged| judged.language == "hi"),
];

fn labelled(out: &mut impl Write, judged: &[Judged], list: bool) -> std::io::Result<()> {
    writeln!(out, "Lines judged by hand")?;
    for (name, part) in PARTS {
        let confusion = Confusion::of(judged.iter().filter(|judged| part(judged)));
        let (through, bad) = confusion.let_through();
        let (held, good) = confusion.held_back();
        writeln!(
            out,
            "  {name}: contradiction precision {:.3}, recall {:.3}; {through} of {bad} bad lines let through, {held} of {good} true lines held back",
            confusion.precision(),
            confusion.recall(),
        )?;
    }
    writeln!(out, "  {:>16} {:>8} {:>8} {:>14}", "is / taken for", "true", "false", "not checkable")?;
    for (label, row) in LABELS.iter().zip(Confusion::of(judged).counts) {
        writeln!(out, "  {:>16} {:>8} {:>8} {:>14}", format!("{label:?}"), row[0], row[1], row[2])?;
    }
    for one in judged.iter().filter(|_| list) {
        let (taken, why) = match &one.outcome {
            Outcome::Taken(label, _) if *label == one.line.is => continue,
            Outcome::Taken(label, why) => (format!("{label:?}"), why),
            Outcome::Unfit(why) => ("Unfit".to_owned(), why),
        };
        let apart = if one.line.held_out { " (held out)" } else { "" };
        writeln!(
            out,
            "    {:?} taken for {taken}{apart}: {} {}: {} [{why}]",
            one.line.is, one.line.scene, one.line.persona, one.line.say
        )?;
    }
    Ok(())
}

fn played(out: &mut impl Write, trial: &Trial, list: bool) -> std::io::Result<()> {
    writeln!(out, "True lines of {} matches", trial.matches)?;
    writeln!(out, "  {} checked, {} refused", trial.true_lines, trial.alarms.len())?;
    for alarm in trial.alarms.iter().filter(|_| list).take(40) {
        writeln!(out, "    refused: {alarm}")?;
    }
    writeln!(out, "{} true lines made false", trial.mutated_lines)?;
    for ((language, kind), count) in &trial.mutants {
        writeln!(
            out,
            "  {language}: {kind}: {} of {} caught ({:.2} %), {} as contradicted; left out {} still true, {} that read both ways",
            count.caught,
            count.made,
            percent(count.caught, count.made),
            count.contradicted,
            count.still_true,
            count.open,
        )?;
        for (mutant, line) in count.missed.iter().filter(|_| list) {
            writeln!(out, "    let through: {mutant} ({line})")?;
        }
    }
    for language in ["en", "hi"] {
        let (caught, made) = trial.caught(language);
        writeln!(out, "  {language}: {caught} of {made} caught ({:.2} %)", percent(caught, made))?;
    }
    let swaps = &trial.swaps;
    writeln!(
        out,
        "Held against the match of other people and scores: {} lines, {} refused as they stood ({:.2} %), {} follow ({:.2} %)",
        swaps.lines,
        swaps.refused,
        percent(swaps.refused, swaps.lines),
        swaps.followed,
        percent(swaps.followed, swaps.lines),
    )?;
    for missed in swaps.missed.iter().filter(|_| list) {
        writeln!(out, "    {missed}")?;
    }
    Ok(())
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

fn as_json(judged: &[Judged], trial: &Trial) -> Value {
    let parts = PARTS.map(|(name, part)| {
        let confusion = Confusion::of(judged.iter().filter(|judged| part(judged)));
        json!({"lines": name, "precision": confusion.precision(), "recall": confusion.recall(), "counts": confusion.counts})
    });
    let mutants: Vec<Value> = trial
        .mutants
        .iter()
        .map(|((language, kind), count)| {
            json!({"language": language, "kind": kind, "made": count.made, "caught": count.caught,
                   "contradicted": count.contradicted, "still_true": count.still_true, "open": count.open,
                   "missed": count.missed})
        })
        .collect();
    json!({
        "labelled": parts,
        "matches": trial.matches,
        "alarms": {"lines": trial.true_lines, "refused": trial.alarms},
        "mutated_lines": trial.mutated_lines,
        "mutants": mutants,
        "swaps": {"lines": trial.swaps.lines, "refused": trial.swaps.refused, "followed": trial.swaps.followed},
        "meets_goals": meets_goals(judged, trial),
    })
}
