//! The scorecard as plain text, in columns.

use std::fmt::{self, Write};

use super::{innings, words};
use crate::{
    event::MatchInfo,
    score::{Innings, MatchState},
};

/// The whole match: heading, every innings, result, anomalies. Names and dismissals are cut so that tables are at most
/// `width` characters wide, lists are folded. Lines end with a line feed.
pub fn text(state: &MatchState, width: usize) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_match(&mut out, state, width);
    out
}

/// One innings.
pub fn innings_text(state: &MatchState, innings: &Innings, width: usize) -> String {
    let mut out = String::new();
    let _ = innings::write(&mut out, state, innings, width);
    out
}

/// Who played, where and when; empty while unknown.
pub fn heading_text(state: &MatchState) -> String {
    let mut out = String::new();
    let _ = state.info.as_ref().map_or(Ok(()), |info| write_heading(&mut out, info));
    out
}

/// How it ended, and what does not fit together.
pub fn ending_text(state: &MatchState) -> String {
    let mut out = String::new();
    let _ = write_ending(&mut out, state);
    out
}

fn write_match(out: &mut String, state: &MatchState, width: usize) -> fmt::Result {
    out.write_str(&heading_text(state))?;
    for innings in &state.innings {
        writeln!(out)?;
        innings::write(out, state, innings, width)?;
    }
    writeln!(out)?;
    write_ending(out, state)
}

fn write_ending(out: &mut String, state: &MatchState) -> fmt::Result {
    match words::result(state) {
        Some(result) => writeln!(out, "Result: {result}")?,
        None => writeln!(
            out,
            "{}",
            state
                .interruption
                .as_deref()
                .map_or_else(|| "In progress".to_owned(), |reason| format!("Play stopped: {reason}"))
        )?,
    }
    if let Some(end) = state.recorded_result.as_ref().filter(|end| !end.player_of_match.is_empty()) {
        writeln!(out, "Player of the match: {}", end.player_of_match.join(", "))?;
    }
    if !state.anomalies.is_empty() {
        writeln!(out, "\nWhat does not fit:")?;
        for anomaly in &state.anomalies {
            writeln!(out, "  {}", words::anomaly(anomaly))?;
        }
    }
    Ok(())
}

fn write_heading(out: &mut String, info: &MatchInfo) -> fmt::Result {
    writeln!(out, "{}", info.teams.join(" v "))?;
    let competition = info.event.as_ref().map(|event| {
        let stage = event.stage.as_deref().map(|stage| format!(", {stage}"));
        let number = event.match_number.map(|number| format!(", match {number}"));
        format!("{}{}", event.name, stage.or(number).unwrap_or_default())
    });
    // Some venues end with their city already.
    let city =
        info.city.as_ref().filter(|city| !info.venue.as_ref().is_some_and(|venue| venue.contains(city.as_str())));
    let place: Vec<&str> = info.venue.as_deref().into_iter().chain(city.map(String::as_str)).collect();
    let dates = match info.dates.as_slice() {
        [] => None,
        [day] => Some(day.clone()),
        [first, .., last] => Some(format!("{first} to {last}")),
    };
    let place = (!place.is_empty()).then(|| place.join(", "));
    let line: Vec<String> = [Some(info.match_type.clone()), competition, place, dates].into_iter().flatten().collect();
    writeln!(out, "{}", line.join(" · "))?;
    if let Some(toss) = &info.toss {
        let without = if toss.uncontested { " without a toss" } else { "" };
        writeln!(out, "{} chose to {}{without}", toss.winner, toss.decision)?;
    }
    Ok(())
}
