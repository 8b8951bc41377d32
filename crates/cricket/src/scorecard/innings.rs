//! One innings as text: batting, bowling, and how they came about.

use std::fmt::{self, Write};

use super::{
    columns::{Columns, cut, length, list},
    figures, words,
};
use crate::{
    event::InningsKind,
    overs::OversBowled,
    score::{BatterCard, EndReason, Innings, MatchState},
};

pub(super) fn write(out: &mut String, state: &MatchState, innings: &Innings, width: usize) -> fmt::Result {
    writeln!(out, "{}", words::title(state, innings))?;
    if let (Some(target), None) = (innings.target, &innings.ended) {
        writeln!(out, "{}", chase(innings, target.runs))?;
    }
    if innings.deliveries == 0 && innings.batting.is_empty() {
        let why = match innings.ended {
            None => "not begun",
            Some(EndReason::Forfeited) => "forfeited",
            Some(_) => "no ball bowled",
        };
        return writeln!(out, "  {why}");
    }
    let names = innings.batting.iter().map(|card| length(&card.player.name) + 1);
    let names = names.chain(innings.bowling.iter().map(|card| length(&card.player.name)));
    let how_out = innings.batting.iter().map(|card| length(&words::how_out(card)));
    let how_out = how_out.chain([length(&words::extras(&innings.extras)), length(&words::total(innings))]);
    let columns = Columns::of(width, names.max().unwrap_or(0), how_out.max().unwrap_or(0));
    write_batting(out, innings, columns)?;
    write_waiting(out, state, innings, columns)?;
    write_fall(out, innings, columns)?;
    write_bowling(out, innings, columns)?;
    write_partnerships(out, innings, columns)?;
    write_powerplays(out, innings, columns)
}

fn chase(innings: &Innings, target: u32) -> String {
    let needed = innings.runs_needed().unwrap_or(0);
    let from = innings.balls_left().map_or_else(String::new, |balls| format!(" from {balls} balls"));
    let rate = innings.required_rate().map_or_else(String::new, |rate| format!(", {rate:.2} an over"));
    format!("Target {target}: {needed} needed{from}{rate}")
}

fn write_batting(out: &mut String, innings: &Innings, columns: Columns) -> fmt::Result {
    let Columns { name: name_width, how_out: how_width, .. } = columns;
    writeln!(
        out,
        "{:<name_width$} {:<how_width$} {:>4} {:>4} {:>3} {:>3} {:>7}",
        "Batting", "", "R", "B", "4s", "6s", "SR"
    )?;
    let facing = |card: &BatterCard| {
        innings.ended.is_none() && innings.striker_card().is_some_and(|striker| striker.player == card.player)
    };
    for card in &innings.batting {
        let name = if facing(card) {
            format!("{}*", cut(&card.player.name, name_width.saturating_sub(1)))
        } else {
            cut(&card.player.name, name_width)
        };
        let rate = card.strike_rate().map_or_else(|| "-".to_owned(), |rate| format!("{rate:.2}"));
        writeln!(
            out,
            "{name:<name_width$} {:<how_width$} {:>4} {:>4} {:>3} {:>3} {rate:>7}",
            cut(&words::how_out(card), how_width),
            card.runs,
            card.balls,
            card.fours,
            card.sixes
        )?;
    }
    let total = [
        ("Extras", words::extras(&innings.extras), innings.extras.total()),
        ("Total", words::total(innings), innings.runs),
    ];
    for (heading, what, runs) in total {
        // On narrow paper these are not cut but moved to the left.
        let both = name_width + 1 + how_width;
        let mut told = format!("{heading:<name_width$} {what}");
        if length(&told) > both {
            told = format!("{heading} {what}");
        }
        writeln!(out, "{told:<both$} {runs:>4}")?;
    }
    Ok(())
}

fn write_waiting(out: &mut String, state: &MatchState, innings: &Innings, columns: Columns) -> fmt::Result {
    let names = |players: Vec<&crate::player::PlayerRef>| -> Vec<String> {
        players.into_iter().map(|player| player.name.to_string()).collect()
    };
    let absent = names(innings.absent_hurt.iter().collect());
    if !absent.is_empty() {
        out.write_str(&list("Absent hurt", &absent, columns.width))?;
    }
    let waiting = names(figures::yet_to_bat(state, innings));
    if !waiting.is_empty() && innings.kind == InningsKind::Normal {
        let heading = if innings.ended.is_some() { "Did not bat" } else { "Yet to bat" };
        out.write_str(&list(heading, &waiting, columns.width))?;
    }
    Ok(())
}

fn write_fall(out: &mut String, innings: &Innings, columns: Columns) -> fmt::Result {
    if innings.fall_of_wickets.is_empty() {
        return Ok(());
    }
    let fall = innings.fall_of_wickets.iter().map(|fall| {
        let at = words::bowled(fall.legal_balls, innings.balls_per_over);
        format!("{}-{} ({}, {at})", fall.wicket, fall.runs, fall.player)
    });
    out.write_str(&list("Fall of wickets", &fall.collect::<Vec<_>>(), columns.width))
}

fn write_bowling(out: &mut String, innings: &Innings, columns: Columns) -> fmt::Result {
    if innings.bowling.is_empty() {
        return Ok(());
    }
    let name_width = columns.name;
    let balls = if innings.balls_per_over == 5 { "B" } else { "O" };
    writeln!(
        out,
        "{:<name_width$} {balls:>5} {:>3} {:>4} {:>3} {:>6} {:>3} {:>3} {:>4}",
        "Bowling", "M", "R", "W", "Econ", "Wd", "Nb", "Dots"
    )?;
    for card in &innings.bowling {
        let bowled = OversBowled { balls: card.balls, balls_per_over: innings.balls_per_over };
        let economy = card.economy(innings.balls_per_over).map_or_else(|| "-".to_owned(), |rate| format!("{rate:.2}"));
        writeln!(
            out,
            "{:<name_width$} {:>5} {:>3} {:>4} {:>3} {economy:>6} {:>3} {:>3} {:>4}",
            cut(&card.player.name, name_width),
            words::figure(bowled),
            card.maidens,
            card.runs,
            card.wickets,
            card.wides,
            card.noballs,
            card.dots
        )?;
    }
    Ok(())
}

/// Those in which a ball was bowled.
fn write_partnerships(out: &mut String, innings: &Innings, columns: Columns) -> fmt::Result {
    let pairs: Vec<String> = innings
        .partnerships
        .iter()
        .filter(|pair| pair.balls > 0 || pair.runs > 0)
        .map(|pair| {
            let names: Vec<_> = pair.batters.iter().map(|player| &*player.name).collect();
            let unbroken = if pair.ended { "" } else { "*" };
            format!("{}-{}{unbroken} in {} ({})", pair.wicket, pair.runs, words::balls(pair.balls), words::and(&names))
        })
        .collect();
    if pairs.is_empty() { Ok(()) } else { out.write_str(&list("Partnerships", &pairs, columns.width)) }
}

fn write_powerplays(out: &mut String, innings: &Innings, columns: Columns) -> fmt::Result {
    let powerplays: Vec<String> = figures::powerplays(innings)
        .iter()
        .map(|play| format!("{} ({}) {}/{}", play.span, play.kind, play.runs, play.wickets))
        .collect();
    if powerplays.is_empty() { Ok(()) } else { out.write_str(&list("Powerplays", &powerplays, columns.width)) }
}
