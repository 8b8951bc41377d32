//! `vachak score`: the scorecard of a Cricsheet file.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::bail;
use cricket::{
    cricsheet,
    score::{Innings, Match, MatchState},
    scorecard,
};
use serde_json::Value;

use crate::{
    replay::source,
    terminal::{
        clean::clean,
        palette::{self, paint},
    },
};

/// Arguments of `vachak score`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A match in Cricsheet's JSON format; `-` is stdin.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
    /// Only this innings, counted from 1.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    innings: Option<u8>,
    /// Over by over: who bowled, each ball, the score after it.
    #[arg(long, conflicts_with = "over")]
    overs: bool,
    /// One over ball by ball. As followers count: 15 is the fifteenth over, with the balls 14.1 to 14.6 (in The Hundred
    /// the fifteenth set of five). Of every innings that has it, or of the one named by --innings.
    #[arg(long, value_name = "N", value_parser = whole_over)]
    over: Option<u32>,
}

/// An over's number, counted from 1.
fn whole_over(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err("an over is a whole number from 1, such as 15 for the fifteenth (balls 14.1 to 14.6)".to_owned()),
    }
}

/// Prints the scorecard on stdout; what does not fit together in the file stands at its end.
///
/// # Errors
/// When the file is no match, has no such innings or over, or stdout cannot be written.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let record = source::read(&args.file)?;
    let match_id = source::match_id(&args.file);
    let score = Match::from_events(match_id.as_str(), cricsheet::to_events(match_id.as_str(), &record));
    let state = score.state();
    let chosen = chosen(args, state)?;
    let mut out = anstream::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&json(args, state, &chosen))?)?;
    } else {
        write!(out, "{}", coloured(&text(args, state, &chosen)))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The innings asked for: all, or one, or those that have the over asked for.
fn chosen<'a>(args: &Args, state: &'a MatchState) -> anyhow::Result<Vec<&'a Innings>> {
    let mut chosen: Vec<&Innings> = state.innings.iter().collect();
    let file = args.file.display();
    if let Some(wanted) = args.innings {
        chosen.retain(|innings| innings.number == wanted);
        if chosen.is_empty() {
            bail!("{file}: no innings {wanted}; hint: the match has {}", state.innings.len());
        }
    }
    if let Some(wanted) = args.over {
        let longest =
            chosen.iter().filter_map(|innings| innings.overs.last()).map(|over| u32::from(over.over) + 1).max();
        chosen.retain(|innings| innings.overs.iter().any(|over| u32::from(over.over) + 1 == wanted));
        if chosen.is_empty() {
            bail!("{file}: no over {wanted}; hint: the last one is over {}", longest.unwrap_or(0));
        }
    }
    Ok(chosen)
}

fn text(args: &Args, state: &MatchState, chosen: &[&Innings]) -> String {
    let width = width();
    let parts: Vec<String> = match (args.over, args.overs, args.innings) {
        (Some(over), _, _) => chosen.iter().filter_map(|innings| scorecard::over_text(state, innings, over)).collect(),
        (None, true, Some(_)) => chosen.iter().map(|innings| scorecard::overs_text(state, innings)).collect(),
        (None, true, None) => {
            let overs = chosen.iter().map(|innings| scorecard::overs_text(state, innings));
            let parts = std::iter::once(scorecard::heading_text(state)).chain(overs);
            parts.chain([scorecard::ending_text(state)]).collect()
        }
        (None, false, Some(_)) => chosen.iter().map(|innings| scorecard::innings_text(state, innings, width)).collect(),
        (None, false, None) => vec![scorecard::text(state, width)],
    };
    parts.join("\n")
}

/// Columns to write in: the terminal's, or those of a card on paper.
pub(super) fn width() -> usize {
    let terminal = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    terminal.map_or(scorecard::WIDTH, |(width, _)| usize::from(width.0).min(scorecard::WIDTH))
}

fn json(args: &Args, state: &MatchState, chosen: &[&Innings]) -> Value {
    let mut card = scorecard::json(state);
    let Some(all) = card.get_mut("innings").and_then(Value::as_array_mut) else { return card };
    all.retain(|card| chosen.iter().any(|innings| card.get("number") == Some(&innings.number.into())));
    if args.overs || args.over.is_some() {
        for (card, innings) in all.iter_mut().zip(chosen) {
            if let Some(card) = card.as_object_mut() {
                card.insert("over_by_over".to_owned(), scorecard::overs_json(innings, args.over));
            }
        }
    }
    card
}

/// The scorecard with its heads picked out, for a terminal.
pub(super) fn coloured(text: &str) -> String {
    let mut out = String::new();
    for (number, line) in text.lines().enumerate() {
        let line = clean(line);
        let style = match line.split_once([' ', ':']).map(|(word, _)| word) {
            _ if number == 0 => Some(palette::SCORE),
            Some("Result") => Some(palette::MILESTONE),
            Some("What") if line.ends_with(':') => Some(palette::CORRECTION),
            _ => None,
        };
        match style {
            Some(style) => out += &paint(style, line),
            None => out += &line,
        }
        out.push('\n');
    }
    out
}
