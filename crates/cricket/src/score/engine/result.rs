//! The result (Law 16), as far as the score alone decides it.

use std::{cmp::Ordering, sync::Arc};

use super::{AnomalyKind, Engine, Happening, innings::nobody_left};
use crate::{
    event::{InningsKind, Key, MatchEnd, Outcome},
    score::{EndReason, Innings, MatchResult, MatchState, PlayerChange},
};

/// Batters whose absence a record may have left out.
const ABSENT_AT_MOST: u8 = 2;

impl Engine {
    /// Works out the result again, after an innings ended or a total changed.
    pub(super) fn settle(&mut self) {
        let computed = result_of(&self.state);
        let decides = computed.as_ref().is_some_and(|result| winner(result).is_some());
        let news = decides && self.state.computed_result != computed && self.state.recorded_result.is_none();
        self.state.computed_result.clone_from(&computed);
        if news {
            self.happens(Happening::MatchEnded { recorded: None, computed });
        }
    }

    pub(super) fn match_end(&mut self, key: &Key, end: &MatchEnd) {
        let recorded = Arc::new(end.clone());
        self.state.recorded_result = Some(recorded.clone());
        self.state.interruption = None;
        let computed = result_of(&self.state);
        self.state.computed_result.clone_from(&computed);
        self.happens(Happening::MatchEnded { recorded: Some(recorded), computed: computed.clone() });
        let ours = match &computed {
            Some(computed) => (!agrees(computed, &end.outcome)).then(|| computed.to_string()),
            None => self.should_be_drawn(&end.outcome).then(|| "draw".to_owned()),
        };
        if let Some(ours) = ours {
            self.anomaly(key, AnomalyKind::ResultMismatch { ours, theirs: end.outcome.to_string() });
        }
    }

    /// Whether the record has a winner or a tie in a match without a limit whose last innings was not completed: that is a
    /// draw (Law 16.5). A win without a margin (awarded, conceded) was not made on the field, and a win by runs over a side
    /// of which only one or two had not batted is believed: records leave out who was absent.
    fn should_be_drawn(&self, recorded: &Outcome) -> bool {
        let unlimited = self.state.info.as_ref().is_some_and(|info| info.overs.is_none());
        let in_hand = self.state.current().map_or(0, Innings::wickets_in_hand);
        let by = recorded.by.unwrap_or_default();
        let tie = recorded.result.as_deref() == Some("tie");
        unlimited && (tie || by.wickets.is_some() || (by.runs.is_some() && in_hand > ABSENT_AT_MOST))
    }
}

/// Who won, if anybody.
fn winner(result: &MatchResult) -> Option<&Arc<str>> {
    match result {
        MatchResult::WonByRuns { winner, .. }
        | MatchResult::WonByWickets { winner, .. }
        | MatchResult::WonByInnings { winner, .. } => Some(winner),
        MatchResult::Tie { super_over_winner } => super_over_winner.as_ref(),
    }
}

/// Whether a computed result is what the record says; a tie that something else than the score broke agrees too.
fn agrees(computed: &MatchResult, recorded: &Outcome) -> bool {
    let by = recorded.by.unwrap_or_default();
    let won = |winner: &Arc<str>| recorded.winner.as_ref() == Some(winner);
    match computed {
        MatchResult::WonByRuns { winner, runs } => won(winner) && by.runs == Some(*runs) && by.innings.is_none(),
        MatchResult::WonByWickets { winner, wickets, .. } => won(winner) && by.wickets == Some(*wickets),
        MatchResult::WonByInnings { winner, runs } => won(winner) && by.innings.is_some() && by.runs == Some(*runs),
        MatchResult::Tie { super_over_winner } => {
            recorded.result.as_deref() == Some("tie")
                && super_over_winner.as_ref().is_none_or(|winner| recorded.eliminator.as_ref() == Some(winner))
        }
    }
}

fn result_of(state: &MatchState) -> Option<MatchResult> {
    let info = state.info.as_ref()?;
    let recorded = state.recorded_result.as_ref().map(|end| &end.outcome);
    let method = recorded.is_some_and(|outcome| outcome.method.is_some());
    let normal: Vec<&Innings> = state.innings.iter().filter(|innings| innings.kind == InningsKind::Normal).collect();
    let last = *normal.last()?;
    let decided = if info.overs.is_some() {
        if method && let Some(by_par) = by_par(state, &normal, last) {
            return Some(by_par);
        }
        // Under a method without a recorded target only the record knows the par score.
        if method && !last.target.is_some_and(|target| target.overs.is_some() || target.balls.is_some()) {
            return None;
        }
        // A side that bats second and wins by runs was ahead of par when rain stopped it.
        let ahead_of_par = recorded.is_some_and(|outcome| {
            outcome.winner.as_ref() == Some(&last.batting_team) && outcome.by.is_some_and(|by| by.runs.is_some())
        });
        if ahead_of_par && normal.len() == 2 && method {
            return None;
        }
        limited(&normal, last, &state.replacements)?
    } else {
        unlimited(&normal, last, &state.replacements)?
    };
    Some(match decided {
        MatchResult::Tie { .. } => MatchResult::Tie { super_over_winner: super_over_winner(state) },
        other => other,
    })
}

/// A chase that was stopped, by the par score as the feed gave it then. Whether enough was bowled for a result is the
/// umpires' word.
fn by_par(state: &MatchState, normal: &[&Innings], chase: &Innings) -> Option<MatchResult> {
    let [first, _] = normal else { return None };
    let par = state.par.filter(|_| !is_finished(chase, &state.replacements))?;
    state.recorded_result.as_ref().filter(|end| end.outcome.result.as_deref() != Some("no result"))?;
    let won = |winner: &Arc<str>, runs| MatchResult::WonByRuns { winner: winner.clone(), runs };
    Some(match chase.runs.cmp(&par) {
        Ordering::Greater => won(&chase.batting_team, chase.runs - par),
        Ordering::Less => won(&first.batting_team, par - chase.runs),
        Ordering::Equal => MatchResult::Tie { super_over_winner: super_over_winner(state) },
    })
}

/// Two innings, the second with a target.
fn limited(normal: &[&Innings], chase: &Innings, replacements: &[PlayerChange]) -> Option<MatchResult> {
    let [first, _] = normal else { return None };
    let target = chase.target?.runs;
    if chase.ended == Some(EndReason::TargetReached) {
        return Some(won_by_wickets(chase));
    }
    if !is_finished(chase, replacements) {
        return None;
    }
    let short = target.checked_sub(1)?.checked_sub(chase.runs)?;
    Some(match short {
        0 => MatchResult::Tie { super_over_winner: None },
        runs => MatchResult::WonByRuns { winner: first.batting_team.clone(), runs },
    })
}

/// Up to two innings a side, without a limit of overs.
fn unlimited(normal: &[&Innings], last: &Innings, replacements: &[PlayerChange]) -> Option<MatchResult> {
    let complete = is_complete(last, replacements);
    let tally = |own: bool| {
        let side = normal.iter().filter(|innings| (innings.batting_team == last.batting_team) == own);
        side.fold((0_u32, 0_u32), |(count, runs), innings| (count + 1, runs.saturating_add(innings.runs)))
    };
    let (own, theirs) = (tally(true), tally(false));
    match (own.0, theirs.0) {
        (2, 2) if last.ended == Some(EndReason::TargetReached) => Some(won_by_wickets(last)),
        (2, 2) if complete && own.1 == theirs.1 => Some(MatchResult::Tie { super_over_winner: None }),
        (2, 2) if complete && own.1 < theirs.1 => {
            Some(MatchResult::WonByRuns { winner: last.bowling_team.clone(), runs: theirs.1.saturating_sub(own.1) })
        }
        (2, 1) if complete && own.1 < theirs.1 => {
            Some(MatchResult::WonByInnings { winner: last.bowling_team.clone(), runs: theirs.1 - own.1 })
        }
        _ => None,
    }
}

fn won_by_wickets(chase: &Innings) -> MatchResult {
    MatchResult::WonByWickets {
        winner: chase.batting_team.clone(),
        wickets: chase.wickets_in_hand(),
        balls_left: chase.balls_left(),
    }
}

/// Whether nothing can be added to an innings: nobody left, or no ball.
fn is_finished(innings: &Innings, replacements: &[PlayerChange]) -> bool {
    is_all_out(innings, replacements) || innings.ended == Some(EndReason::Overs)
}

/// Whether an innings without a limit is completed (Law 13.3): all out, declared or forfeited.
fn is_complete(innings: &Innings, replacements: &[PlayerChange]) -> bool {
    is_all_out(innings, replacements) || matches!(innings.ended, Some(EndReason::Declared | EndReason::Forfeited))
}

fn is_all_out(innings: &Innings, replacements: &[PlayerChange]) -> bool {
    innings.ended.is_some() && nobody_left(innings, replacements)
}

/// The last pair of super overs that is complete decides, if it decides.
fn super_over_winner(state: &MatchState) -> Option<Arc<str>> {
    let overs: Vec<&Innings> = state.innings.iter().filter(|innings| innings.kind == InningsKind::SuperOver).collect();
    let (pairs, _) = overs.as_chunks::<2>();
    let [first, second] = *pairs.last()?;
    match second.runs.cmp(&first.runs) {
        Ordering::Greater => Some(second.batting_team.clone()),
        Ordering::Less if second.ended.is_some() => Some(first.batting_team.clone()),
        _ => None,
    }
}
