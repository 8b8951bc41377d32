//! `vachak score`: the scorecard of a Cricsheet file.

use std::{io::Write, path::PathBuf, process::ExitCode};

use anyhow::bail;
use cricket::{cricsheet, score::Match, scorecard};
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
}

/// Prints the scorecard on stdout; what does not fit together in the file stands at its end.
///
/// # Errors
/// When the file is no match, has no such innings, or stdout cannot be written.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let record = source::read(&args.file)?;
    let match_id = source::match_id(&args.file);
    let score = Match::from_events(match_id.as_str(), cricsheet::to_events(match_id.as_str(), &record));
    let state = score.state();
    let chosen = match args.innings {
        None => None,
        Some(wanted) => match state.innings.iter().find(|innings| innings.number == wanted) {
            Some(innings) => Some(innings),
            None => bail!("{}: no innings {wanted}; hint: the match has {}", args.file.display(), state.innings.len()),
        },
    };
    let mut out = anstream::stdout().lock();
    if args.json {
        let mut card = scorecard::json(state);
        if let (Some(innings), Some(all)) = (chosen, card.get_mut("innings").and_then(Value::as_array_mut)) {
            all.retain(|card| card.get("number") == Some(&innings.number.into()));
        }
        writeln!(out, "{}", serde_json::to_string_pretty(&card)?)?;
    } else {
        let text = chosen.map_or_else(|| scorecard::text(state), |innings| scorecard::innings_text(state, innings));
        write!(out, "{}", coloured(&text))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
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
