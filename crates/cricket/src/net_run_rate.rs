//! Net run rate: how the sides of a competition are told apart when they are level on points.
//!
//! By the playing conditions of the International Cricket Council: runs an over scored, less runs an over conceded, over
//! all matches with a result. A side that is all out counts its full quota of overs. A match without a result does not
//! count, a super over never does. Where a method (Duckworth-Lewis-Stern) set the target, the side batting first has one
//! run less than the final target, in the overs allotted for it; where the chase was called off, the par score at that
//! moment, in the overs faced.

use std::sync::Arc;

use crate::{
    event::{InningsKind, Outcome},
    score::{EndReason, Innings, MatchState},
};

/// Runs and balls of one side in one match, as they count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rated {
    /// The side.
    pub team: Arc<str>,
    /// Runs that count.
    pub runs: u32,
    /// Legal balls that count.
    pub balls: u32,
}

/// One match, as it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatedMatch {
    /// The side that batted first.
    pub first: Rated,
    /// The side that chased.
    pub second: Rated,
    /// Balls in an over.
    pub balls_per_over: u16,
}

impl RatedMatch {
    /// A match as it counts; `None` for one that does not: without a result, awarded, unfinished, not of two innings with a
    /// limit of overs, or stopped by rain with a margin from which the par score does not follow.
    pub fn of(state: &MatchState) -> Option<Self> {
        state.info.as_ref()?.overs?;
        let recorded = state.recorded_result.as_ref().map(|end| &end.outcome);
        if recorded.map_or(state.computed_result.is_none(), |outcome| !has_a_result(outcome)) {
            return None;
        }
        let mut normal = state.innings.iter().filter(|innings| innings.kind == InningsKind::Normal);
        let (Some(first), Some(second), None) = (normal.next(), normal.next(), normal.next()) else { return None };
        let target = second.target?;
        let (quota, allotted) = (first.scheduled_balls()?, second.scheduled_balls()?);
        let rate = |innings: &Innings, runs, balls| Rated { team: innings.batting_team.clone(), runs, balls };
        let chase = rate(second, second.runs, counted(second, allotted));
        let set = match end_of(second, recorded) {
            Chase::CalledOff(par) => rate(first, par?, second.legal_balls),
            // Nobody changed the target: a match shortened beforehand has the chase's overs for both sides.
            Chase::Ended if target.runs == first.runs.saturating_add(1) => {
                rate(first, first.runs, counted(first, quota.min(allotted)))
            }
            Chase::Ended => rate(first, target.runs.saturating_sub(1), allotted),
        };
        Some(Self { first: set, second: chase, balls_per_over: second.balls_per_over })
    }
}

/// Tie, or won on the field.
fn has_a_result(outcome: &Outcome) -> bool {
    (outcome.winner.is_some() && outcome.by.is_some()) || outcome.result.as_deref() == Some("tie")
}

/// Balls of an innings that count: all of its quota where it was all out or had it (an over of five is an over).
fn counted(innings: &Innings, quota: u32) -> u32 {
    match innings.ended {
        Some(EndReason::AllOut | EndReason::Overs) => quota,
        _ => innings.legal_balls.min(quota),
    }
}

/// How a chase came to its end.
enum Chase {
    /// On the field.
    Ended,
    /// Rain called it off; its par score then, where the margin tells it.
    CalledOff(Option<u32>),
}

fn end_of(chase: &Innings, recorded: Option<&Outcome>) -> Chase {
    let Some(recorded) = recorded else { return Chase::Ended };
    let margin = recorded.by.and_then(|by| by.runs);
    if recorded.winner.as_ref() == Some(&chase.batting_team) {
        // Won by wickets on the field, by runs when it was ahead of par.
        return margin.map_or(Chase::Ended, |runs| Chase::CalledOff(chase.runs.checked_sub(runs)));
    }
    let finished = matches!(chase.ended, Some(EndReason::AllOut | EndReason::Overs | EndReason::TargetReached));
    match (finished, &recorded.winner) {
        (true, _) => Chase::Ended,
        (false, Some(_)) => Chase::CalledOff(margin.map(|runs| chase.runs.saturating_add(runs))),
        (false, None) => Chase::CalledOff(Some(chase.runs)),
    }
}

/// The net run rate of a side over matches, in runs an over; `None` before it has both batted and bowled a ball that
/// counts. Matches of other sides are passed over.
pub fn net_run_rate<'a>(team: &str, matches: impl IntoIterator<Item = &'a RatedMatch>) -> Option<f64> {
    let (mut scored, mut conceded) = (Sum::default(), Sum::default());
    for game in matches {
        let (own, other) = match (&*game.first.team == team, &*game.second.team == team) {
            (true, _) => (&game.first, &game.second),
            (_, true) => (&game.second, &game.first),
            _ => continue,
        };
        scored.add(own, game.balls_per_over);
        conceded.add(other, game.balls_per_over);
    }
    Some(scored.rate()? - conceded.rate()?)
}

/// Runs, and overs as a fraction.
#[derive(Default)]
struct Sum {
    runs: f64,
    overs: f64,
}

impl Sum {
    fn add(&mut self, rated: &Rated, balls_per_over: u16) {
        self.runs += f64::from(rated.runs);
        self.overs += f64::from(rated.balls) / f64::from(balls_per_over.max(1));
    }

    fn rate(&self) -> Option<f64> {
        (self.overs > 0.0).then(|| self.runs / self.overs)
    }
}
