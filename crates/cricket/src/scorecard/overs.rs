//! An innings over by over, and one over ball by ball.

use std::fmt::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::{
    ball,
    columns::{cut, length},
    figures::{all_balls, wickets},
    words,
};
use crate::{
    event::Delivery,
    score::{Innings, MatchState, OverRecord},
};

/// Least and most width of the bowler's column.
const BOWLER: std::ops::RangeInclusive<usize> = 12..=30;

/// An over as it is told.
struct Told<'a> {
    record: &'a OverRecord,
    /// From 1, as followers count; of The Hundred the set of five.
    number: u32,
    bowlers: Vec<&'a str>,
    balls: Vec<ToldBall<'a>>,
    runs: u32,
    wickets: u32,
    /// The side's score after it.
    score: Score,
}

/// A ball as it is told.
struct ToldBall<'a> {
    ball: &'a Delivery,
    /// As followers write it: `14.3` is the third ball of the fifteenth over, and a wide has the number of the ball that
    /// is bowled for it again. In The Hundred the ball of the innings.
    label: String,
    score: Score,
}

#[derive(Clone, Copy, Default)]
struct Score {
    runs: u32,
    wickets: u32,
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.runs, self.wickets)
    }
}

/// The overs of an innings with the score after each ball.
fn told(innings: &Innings) -> Vec<Told<'_>> {
    let mut score = Score { runs: penalties_before(innings), wickets: 0 };
    let mut overs = Vec::with_capacity(innings.overs.len());
    for record in &innings.overs {
        let mut balls = Vec::with_capacity(record.balls.len());
        let mut legal = 0_u32;
        for delivery in &record.balls {
            score.runs += u32::from(delivery.runs.total);
            score.wickets += wickets(delivery);
            let in_over = legal + 1;
            let label = if innings.balls_per_over == 5 {
                (u32::from(record.over) * 5 + in_over).to_string()
            } else {
                format!("{}.{in_over}", record.over)
            };
            legal += u32::from(delivery.is_legal());
            balls.push(ToldBall { ball: delivery, label, score });
        }
        let bowlers = record.bowlers.iter().filter_map(|index| innings.bowling.get(*index));
        overs.push(Told {
            record,
            number: u32::from(record.over) + 1,
            bowlers: bowlers.map(|card| &*card.player.name).collect(),
            runs: balls.iter().map(|told| u32::from(told.ball.runs.total)).sum(),
            wickets: balls.iter().map(|told| wickets(told.ball)).sum(),
            balls,
            score,
        });
    }
    overs
}

/// Penalty runs that belong to no ball. When they were awarded is not known here: they are told as brought in.
fn penalties_before(innings: &Innings) -> u32 {
    let on_balls: u32 = all_balls(innings).map(|ball| u32::from(ball.runs.total)).sum();
    innings.runs.saturating_sub(on_balls)
}

/// An innings over by over: number, bowler, balls, runs, wickets, score. Lines end with a line feed.
pub fn overs_text(state: &MatchState, innings: &Innings) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_overs(&mut out, state, innings);
    out
}

fn write_overs(out: &mut String, state: &MatchState, innings: &Innings) -> fmt::Result {
    writeln!(out, "{}, over by over", words::title(state, innings))?;
    let overs = told(innings);
    let rows: Vec<(String, String)> = overs
        .iter()
        .map(|over| {
            let symbols: Vec<String> = over.balls.iter().map(|told| ball::symbol(told.ball)).collect();
            (over.bowlers.join(" / "), symbols.join(" "))
        })
        .collect();
    let widest = |least: usize, most: usize, of: &dyn Fn(&(String, String)) -> usize| {
        rows.iter().map(of).max().unwrap_or(0).clamp(least, most)
    };
    let bowler_width = widest(*BOWLER.start(), *BOWLER.end(), &|(bowler, _)| length(bowler));
    let balls_width = widest(5, usize::MAX, &|(_, balls)| length(balls));
    let over = if innings.balls_per_over == 5 { "Set" } else { "Over" };
    writeln!(
        out,
        "{over:>4}  {:<bowler_width$}  {:<balls_width$}  {:>4} {:>3} {:>8}",
        "Bowler", "Balls", "Runs", "W", "Score"
    )?;
    for (over, (bowler, balls)) in overs.iter().zip(&rows) {
        writeln!(
            out,
            "{:>4}  {:<bowler_width$}  {balls:<balls_width$}  {:>4} {:>3} {:>8}",
            over.number,
            cut(bowler, bowler_width),
            over.runs,
            over.wickets,
            over.score.to_string()
        )?;
    }
    let penalties = penalties_before(innings);
    if penalties > 0 {
        writeln!(out, "The score includes {penalties} penalty runs that belong to no ball.")?;
    }
    Ok(())
}

/// One over ball by ball, its number counted from 1: who to whom, what happened, the score after. `None` where the
/// innings has no such over. Lines end with a line feed.
pub fn over_text(state: &MatchState, innings: &Innings, number: u32) -> Option<String> {
    let over = told(innings).into_iter().find(|over| over.number == number)?;
    let mut out = String::new();
    let _ = write_over(&mut out, state, innings, &over);
    Some(out)
}

fn write_over(out: &mut String, state: &MatchState, innings: &Innings, over: &Told<'_>) -> fmt::Result {
    let set = if innings.balls_per_over == 5 { "set" } else { "over" };
    writeln!(out, "{}, {set} {}: {}", words::title(state, innings), over.number, over.bowlers.join(" / "))?;
    let who = |ball: &Delivery| format!("{} to {}", ball.bowler, ball.batter);
    let who_width = over.balls.iter().map(|told| length(&who(told.ball))).max().unwrap_or(0);
    for told in &over.balls {
        let (label, score) = (&told.label, told.score.to_string());
        let (who, what) = (who(told.ball), ball::happened(told.ball));
        writeln!(out, "  {label:>5}  {who:<who_width$}  {score:>7}  {what}")?;
    }
    let wickets = words::count(over.wickets, "wicket");
    writeln!(out, "  {}, {wickets}; {} after it", words::count(over.runs, "run"), over.score)
}

#[derive(Serialize)]
struct OverOut<'a> {
    /// From 1.
    over: u32,
    bowlers: &'a [&'a str],
    runs: u32,
    wickets: u32,
    complete: bool,
    score: String,
    balls: Vec<BallOut<'a>>,
}

#[derive(Serialize)]
struct BallOut<'a> {
    ball: &'a str,
    batter: &'a str,
    non_striker: &'a str,
    bowler: &'a str,
    symbol: String,
    runs: u16,
    what: String,
    score: String,
}

/// The overs of an innings as JSON, or one of them, its number counted from 1:
///
/// ```json
/// [{"over":15,"bowlers":["…"],"runs":8,"wickets":1,"complete":true,"score":"128/4",
///   "balls":[{"ball":"14.1","batter":"…","non_striker":"…","bowler":"…","symbol":"4","runs":4,"what":"four",
///     "score":"124/3"}]}]
/// ```
pub fn overs_json(innings: &Innings, only: Option<u32>) -> Value {
    let overs = told(innings);
    let out: Vec<OverOut<'_>> = overs
        .iter()
        .filter(|over| only.is_none_or(|number| over.number == number))
        .map(|over| OverOut {
            over: over.number,
            bowlers: &over.bowlers,
            runs: over.runs,
            wickets: over.wickets,
            complete: over.record.complete,
            score: over.score.to_string(),
            balls: over.balls.iter().map(ball_out).collect(),
        })
        .collect();
    // Text keys and plain values throughout: this cannot fail.
    serde_json::to_value(out).unwrap_or_default()
}

fn ball_out<'a>(told: &'a ToldBall<'a>) -> BallOut<'a> {
    BallOut {
        ball: &told.label,
        batter: &told.ball.batter.name,
        non_striker: &told.ball.non_striker.name,
        bowler: &told.ball.bowler.name,
        symbol: ball::symbol(told.ball),
        runs: told.ball.runs.total,
        what: ball::happened(told.ball),
        score: told.score.to_string(),
    }
}
