//! What belongs to a side's innings as a whole, and to the match.

use std::sync::Arc;

use super::{Difference, passed, players::MILESTONE};
use crate::{
    overs::OversBowled,
    score::{ExtrasTally, Innings, MatchState},
};

type Which<'a> = Option<&'a Innings>;

pub(super) fn beginning(innings: u8, before: Which<'_>, after: Which<'_>, found: &mut Vec<Difference>) {
    let side = |innings: Which<'_>| innings.map(|innings| innings.batting_team.clone());
    let (before, after) = (side(before), side(after));
    if before != after {
        found.push(Difference::Side { innings, before, after });
    }
}

pub(super) fn side(innings: u8, before: Which<'_>, after: Which<'_>, found: &mut Vec<Difference>) {
    let team = team(before, after);
    let total = |innings: Which<'_>| innings.map_or(0, |innings| innings.runs);
    push(total(before), total(after), found, |before, after| {
        let team = team.clone();
        Difference::Total { innings, team, before, after }
    });
    for runs in passed(total(before), total(after), MILESTONE, MILESTONE) {
        let (team, before, after) = (team.clone(), total(before), total(after));
        found.push(Difference::TeamMilestone { innings, team, runs, before, after });
    }
    let wickets = |innings: Which<'_>| innings.map_or(0, |innings| innings.wickets);
    push(wickets(before), wickets(after), found, |before, after| {
        let team = team.clone();
        Difference::Wickets { innings, team, before, after }
    });
    // An innings that one of the states has not is of the same kind as the other's.
    let balls_per_over = after.or(before).map_or(6, |innings| innings.balls_per_over);
    let none = OversBowled { balls: 0, balls_per_over };
    let same_length = |innings: &Innings| innings.overs_text();
    let (overs_before, overs_after) = (before.map_or(none, same_length), after.map_or(none, same_length));
    push(overs_before, overs_after, found, |before, after| {
        let team = team.clone();
        Difference::Overs { innings, team, before, after }
    });
    let extras = |innings: Which<'_>| innings.map_or(ExtrasTally::default(), |innings| innings.extras);
    push(extras(before), extras(after), found, |before, after| {
        let team = team.clone();
        Difference::Extras { innings, team, before, after }
    });
    let target = |innings: Which<'_>| innings.and_then(|innings| innings.target);
    push(target(before), target(after), found, |before, after| {
        let team = team.clone();
        Difference::Target { innings, team, before, after }
    });
    let end = |innings: Which<'_>| innings.and_then(|innings| innings.ended.clone());
    push(end(before), end(after), found, |before, after| {
        let team = team.clone();
        Difference::End { innings, team, before, after }
    });
}

pub(super) fn results(before: &MatchState, after: &MatchState, found: &mut Vec<Difference>) {
    let computed = |state: &MatchState| state.computed_result.clone();
    push(computed(before), computed(after), found, |before, after| Difference::Result { before, after });
    let recorded = |state: &MatchState| state.recorded_result.as_ref().map(|end| end.outcome.clone());
    push(recorded(before), recorded(after), found, |before, after| Difference::Recorded { before, after });
}

fn push<T: PartialEq>(before: T, after: T, found: &mut Vec<Difference>, make: impl FnOnce(T, T) -> Difference) {
    if before != after {
        found.push(make(before, after));
    }
}

/// The side's name; where the states differ the same one for both directions, and a known one before the empty text.
fn team(before: Which<'_>, after: Which<'_>) -> Arc<str> {
    let name = |innings: Which<'_>| innings.map(|innings| innings.batting_team.clone()).unwrap_or_default();
    name(before).max(name(after))
}
