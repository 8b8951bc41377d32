//! What happens around the balls: the match's facts, stoppages, reviews, batters coming and going.

use std::sync::Arc;

use super::{AnomalyKind, Engine, Expected, Happening, wickets::vacate};
use crate::{
    event::{BatterIn, Delivery, DismissalKind, Interruption, Key, Lineup, MatchInfo, Retirement, ReviewEvent, Toss},
    rules::Rules,
    score::{BatterStatus, SessionStart},
};

impl Engine {
    pub(super) fn match_info(&mut self, info: &MatchInfo) {
        self.state.rules = Rules::of(info);
        self.state.info = Some(Arc::new(info.clone()));
        self.happens(Happening::MatchStarted);
    }

    pub(super) fn lineup(&mut self, lineup: &Lineup) {
        if let Some(info) = self.state.info.as_mut() {
            Arc::make_mut(info).players.insert(lineup.team.clone(), lineup.players.clone());
        }
    }

    pub(super) fn toss(&mut self, toss: &Toss) {
        if let Some(info) = self.state.info.as_mut() {
            Arc::make_mut(info).toss = Some(toss.clone());
        }
    }

    pub(super) fn interruption(&mut self, stop: &Interruption) {
        let reason = stop.reason.clone().unwrap_or_else(|| "no reason given".to_owned());
        self.state.interruption = Some(reason.clone());
        self.end_session(&reason.to_lowercase());
        self.happens(Happening::PlayStopped { reason });
    }

    /// Play goes on, by the umpires' word or by a ball.
    pub(super) fn resume_play(&mut self) {
        self.forget_session();
        if self.state.interruption.take().is_some() {
            self.happens(Happening::PlayResumed);
        }
    }

    /// An interval ends a session; rain does not.
    fn end_session(&mut self, reason: &str) {
        self.forget_session();
        let words = || reason.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
        let Some(interval) = words().find(|word| INTERVALS.contains(word)) else { return };
        // Whether rain before tea is the interval nobody knows.
        if !words().all(|word| word == interval || BESIDE.contains(&word)) {
            self.state.session_start = None;
            return;
        }
        if !may_follow(self.state.session, interval) {
            self.state.session_start = None;
        }
        self.state.session = session_after(self.state.session, interval);
        self.memory.intervals.between = true;
        self.memory.intervals.told |= interval != "stumps";
    }

    /// The session that an interval ended is over once anything more is told of the play.
    fn forget_session(&mut self) {
        if self.memory.intervals.between {
            self.state.session_start = None;
        }
    }

    /// A session begins with the first ball after an interval, and of the match; after stumps only where the feed is one
    /// that tells of the day's other intervals.
    pub(super) fn begin_session(&mut self, index: usize, ball: &Delivery) {
        let Some(innings) = self.state.innings.get(index) else { return };
        let opens_match = self.state.innings.len() == 1 && innings.deliveries == 0 && (ball.over, ball.pos) == (0, 1);
        let after_interval = std::mem::take(&mut self.memory.intervals.between) && self.memory.intervals.told;
        if after_interval || opens_match {
            self.state.session_start = Some(SessionStart {
                session: self.state.session,
                innings: innings.number,
                runs: innings.runs,
                wickets: innings.wickets,
                legal_balls: innings.legal_balls,
            });
        }
    }

    pub(super) fn retirement(&mut self, key: &Key, retirement: &Retirement) {
        let Some(index) = self.index_of(retirement.innings) else {
            self.anomaly(key, AnomalyKind::OutOfPlay);
            return;
        };
        let not_out = retirement.reason.as_deref().is_some_and(|reason| reason.contains("not out"));
        let kind = if not_out { DismissalKind::RetiredNotOut } else { DismissalKind::RetiredHurt };
        let Some(at) = self.card_of(index, &retirement.player) else { return };
        self.memory.expected = Expected::Anyone;
        let Some(innings) = self.state.innings.get_mut(index) else { return };
        vacate(innings, at);
        let Some(card) = innings.batting.get_mut(at) else { return };
        card.status = BatterStatus::Retired { kind };
        let (player, runs) = (card.player.clone(), card.runs);
        self.happens(Happening::Retired { player, runs });
    }

    pub(super) fn batter_in(&mut self, key: &Key, batter: &BatterIn) {
        let Some(index) = self.index_of(batter.innings) else {
            self.anomaly(key, AnomalyKind::OutOfPlay);
            return;
        };
        let Some(at) = self.card_of(index, &batter.player) else { return };
        let Some(innings) = self.state.innings.get_mut(index) else { return };
        if [innings.striker, innings.non_striker].contains(&Some(at)) {
            return;
        }
        let end = match batter.end.as_deref() {
            Some("non_striker") => &mut innings.non_striker,
            Some(_) => &mut innings.striker,
            None if innings.striker.is_none() => &mut innings.striker,
            None => &mut innings.non_striker,
        };
        *end = Some(at);
    }

    pub(super) fn review(&mut self, review: &ReviewEvent) {
        let (by, decision, umpires_call) = (review.by.clone(), review.result.clone(), review.umpires_call);
        self.happens(Happening::Reviewed { by, decision, umpires_call });
    }

    pub(super) fn review_on_ball(&mut self, ball: &Delivery) {
        if let Some(review) = &ball.review {
            let decision = Some(review.decision.clone());
            self.happens(Happening::Reviewed { by: review.by.clone(), decision, umpires_call: review.umpires_call });
        }
    }
}

/// What ends a session.
const INTERVALS: [&str; 4] = ["lunch", "tea", "dinner", "stumps"];
/// What a reason may say beside the interval's name.
const BESIDE: [&str; 5] = ["interval", "break", "early", "day", "on"];

/// Whether an interval can end the session: else one before it was not told. Bad light and rain bring stumps early.
fn may_follow(session: Option<u8>, interval: &str) -> bool {
    match interval {
        "lunch" => matches!(session, None | Some(1)),
        "stumps" => matches!(session, Some(2 | 3)),
        _ => matches!(session, Some(1 | 2)),
    }
}

/// The session of the day to come after an interval: in a day-night match tea may be the first and dinner the second.
fn session_after(session: Option<u8>, interval: &str) -> Option<u8> {
    match interval {
        "stumps" => Some(1),
        "lunch" => Some(2),
        "tea" | "dinner" => Some(if session == Some(1) { 2 } else { 3 }),
        _ => session,
    }
}
