//! The scorecard as plain text, in columns.

use std::fmt::{self, Write};

use super::words;
use crate::{
    event::{InningsKind, MatchInfo},
    overs::OversBowled,
    player::PlayerRef,
    score::{Innings, MatchState},
};

/// Width of the name and dismissal columns.
const NAME: usize = 24;
const HOW_OUT: usize = 38;

/// The whole match: heading, every innings, result, anomalies. Lines end with a line feed.
pub fn text(state: &MatchState) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_match(&mut out, state);
    out
}

/// One innings.
pub fn innings_text(state: &MatchState, innings: &Innings) -> String {
    let mut out = String::new();
    let _ = write_innings(&mut out, state, innings);
    out
}

fn write_match(out: &mut String, state: &MatchState) -> fmt::Result {
    if let Some(info) = &state.info {
        write_heading(out, info)?;
    }
    for innings in &state.innings {
        writeln!(out)?;
        write_innings(out, state, innings)?;
    }
    writeln!(out)?;
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
            writeln!(out, "  {anomaly}")?;
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

fn write_innings(out: &mut String, state: &MatchState, innings: &Innings) -> fmt::Result {
    writeln!(out, "{}", title(state, innings))?;
    if let (Some(target), None) = (innings.target, &innings.ended) {
        writeln!(out, "{}", chase(innings, target.runs))?;
    }
    if innings.deliveries == 0 && innings.batting.is_empty() {
        writeln!(out, "  {}", innings.ended.as_ref().map_or("not begun", |_| "no ball bowled"))?;
        return Ok(());
    }
    writeln!(out, "{:<NAME$} {:<HOW_OUT$} {:>4} {:>4} {:>3} {:>3} {:>7}", "Batting", "", "R", "B", "4s", "6s", "SR")?;
    for card in &innings.batting {
        let facing =
            innings.ended.is_none() && innings.striker_card().is_some_and(|striker| striker.player == card.player);
        let name = if facing { format!("{}*", card.player) } else { card.player.to_string() };
        let rate = card.strike_rate().map_or_else(|| "-".to_owned(), |rate| format!("{rate:.2}"));
        writeln!(
            out,
            "{name:<NAME$} {:<HOW_OUT$} {:>4} {:>4} {:>3} {:>3} {rate:>7}",
            words::how_out(card),
            card.runs,
            card.balls,
            card.fours,
            card.sixes
        )?;
    }
    writeln!(out, "{:<NAME$} {:<HOW_OUT$} {:>4}", "Extras", words::extras(&innings.extras), innings.extras.total())?;
    writeln!(out, "{:<NAME$} {:<HOW_OUT$} {:>4}", "Total", words::total(innings), innings.runs)?;
    write_absent(out, state, innings)?;
    write_fall(out, innings)?;
    write_bowling(out, innings)
}

fn title(state: &MatchState, innings: &Innings) -> String {
    if innings.kind == InningsKind::SuperOver {
        return format!("{} super over", innings.batting_team);
    }
    let earlier = state.innings.iter().filter(|other| {
        other.number < innings.number && other.batting_team == innings.batting_team && other.kind == innings.kind
    });
    let several = state.info.as_ref().is_some_and(|info| info.overs.is_none());
    let which = match (several, earlier.count()) {
        (false, _) => "",
        (true, 0) => "1st ",
        (true, _) => "2nd ",
    };
    format!("{} {which}innings", innings.batting_team)
}

fn chase(innings: &Innings, target: u32) -> String {
    let needed = innings.runs_needed().unwrap_or(0);
    let from = innings.balls_left().map_or_else(String::new, |balls| format!(" from {balls} balls"));
    let rate = innings.required_rate().map_or_else(String::new, |rate| format!(", {rate:.2} an over"));
    format!("Target {target}: {needed} needed{from}{rate}")
}

fn write_absent(out: &mut String, state: &MatchState, innings: &Innings) -> fmt::Result {
    let names = |players: &[&PlayerRef]| players.iter().map(|player| &*player.name).collect::<Vec<_>>().join(", ");
    if !innings.absent_hurt.is_empty() {
        writeln!(out, "Absent hurt: {}", names(&innings.absent_hurt.iter().collect::<Vec<_>>()))?;
    }
    let squad = state.info.as_ref().and_then(|info| info.players.get(&innings.batting_team));
    let waiting: Vec<&PlayerRef> = squad
        .into_iter()
        .flatten()
        .filter(|player| !innings.batting.iter().any(|card| card.player.id == player.id))
        .filter(|player| !innings.absent_hurt.iter().any(|absent| absent.id == player.id))
        .collect();
    if !waiting.is_empty() && innings.kind == InningsKind::Normal {
        let heading = if innings.ended.is_some() { "Did not bat" } else { "Yet to bat" };
        writeln!(out, "{heading}: {}", names(&waiting))?;
    }
    Ok(())
}

fn write_fall(out: &mut String, innings: &Innings) -> fmt::Result {
    if innings.fall_of_wickets.is_empty() {
        return Ok(());
    }
    let fall = innings.fall_of_wickets.iter().map(|fall| {
        let at = OversBowled { balls: fall.legal_balls, balls_per_over: innings.balls_per_over };
        format!("{}-{} ({}, {})", fall.wicket, fall.runs, fall.player, words::at(at))
    });
    writeln!(out, "Fall of wickets: {}", fall.collect::<Vec<_>>().join(", "))
}

fn write_bowling(out: &mut String, innings: &Innings) -> fmt::Result {
    if innings.bowling.is_empty() {
        return Ok(());
    }
    let balls = if innings.balls_per_over == 5 { "B" } else { "O" };
    writeln!(
        out,
        "{:<NAME$} {balls:>5} {:>3} {:>4} {:>3} {:>6} {:>3} {:>3}",
        "Bowling", "M", "R", "W", "Econ", "wd", "nb"
    )?;
    for card in &innings.bowling {
        let bowled = OversBowled { balls: card.balls, balls_per_over: innings.balls_per_over };
        let economy = card.economy(innings.balls_per_over).map_or_else(|| "-".to_owned(), |rate| format!("{rate:.2}"));
        writeln!(
            out,
            "{:<NAME$} {:>5} {:>3} {:>4} {:>3} {economy:>6} {:>3} {:>3}",
            card.player.to_string(),
            words::figure(bowled),
            card.maidens,
            card.runs,
            card.wickets,
            card.wides,
            card.noballs
        )?;
    }
    Ok(())
}
