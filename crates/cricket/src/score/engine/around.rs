//! What happens around the balls: the match's facts, stoppages, penalties, reviews, players coming and going.

use std::sync::Arc;

use super::{AnomalyKind, Conditions, Engine, Expected, Happening, innings::own_target, wickets::vacate};
use crate::{
    event::{
        BatterIn, Delivery, DismissalKind, Interruption, Key, Lineup, MatchInfo, PenaltyRuns, PenaltySide, Powerplay,
        ReplacementEvent, Retirement, ReviewEvent, Toss,
    },
    score::BatterStatus,
};

/// Since when every no-ball brings a free hit in limited-overs matches.
const FREE_HITS_SINCE: &str = "2015-07-05";

/// Since when the new batter faces after a catch, crossed or not (Laws 2017 code, third edition).
const NEW_BATTER_FACES_SINCE: &str = "2022-10-01";

impl Engine {
    pub(super) fn match_info(&mut self, info: &MatchInfo) {
        let since = |date: &str| info.dates.first().is_some_and(|first| first.as_str() >= date);
        self.memory.conditions = Conditions {
            free_hits: info.overs.is_some() && since(FREE_HITS_SINCE),
            new_batter_faces: since(NEW_BATTER_FACES_SINCE),
        };
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
        self.happens(Happening::PlayStopped { reason });
    }

    /// Play goes on, by the umpires' word or by a ball.
    pub(super) fn resume_play(&mut self) {
        if self.state.interruption.take().is_some() {
            self.happens(Happening::PlayResumed);
        }
    }

    pub(super) fn penalty_runs(&mut self, key: &Key, penalty: &PenaltyRuns) {
        let Some(index) = self.index_of(penalty.innings) else {
            self.anomaly(key, AnomalyKind::OutOfPlay);
            return;
        };
        let Some(current) = self.state.innings.get(index) else { return };
        let (team, to) = match penalty.side {
            PenaltySide::Batting => (current.batting_team.clone(), Some(index)),
            PenaltySide::Fielding => {
                let team = current.bowling_team.clone();
                let last = self
                    .state
                    .innings
                    .get(..index)
                    .and_then(|past| past.iter().rposition(|own| own.batting_team == team));
                (team, last)
            }
        };
        let runs = u32::from(penalty.runs);
        match to.and_then(|to| self.state.innings.get_mut(to)) {
            Some(innings) => {
                innings.runs = innings.runs.saturating_add(runs);
                innings.extras.penalty = innings.extras.penalty.saturating_add(runs);
            }
            None => self.memory.penalties.push((team.clone(), penalty.runs)),
        }
        self.happens(Happening::Penalty { team, runs });
        if to.is_some_and(|to| to < index) && !self.memory.official_target {
            let target = own_target(&self.state, index);
            if let Some(innings) = self.state.innings.get_mut(index) {
                innings.target = target;
            }
        }
        self.check_end(key, index);
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

    pub(super) fn powerplay(&mut self, key: &Key, powerplay: &Powerplay) {
        let index = self.index_of(powerplay.innings);
        match index.and_then(|index| self.innings_mut(index)) {
            Some(innings) => innings.powerplays.push(powerplay.clone()),
            None => self.anomaly(key, AnomalyKind::OutOfPlay),
        }
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

    pub(super) fn replacement(&mut self, replacement: &ReplacementEvent) {
        self.happens(Happening::Replaced {
            incoming: replacement.incoming.clone(),
            outgoing: replacement.outgoing.clone(),
            reason: replacement.reason.clone(),
        });
    }

    /// Replacements made before a ball.
    pub(super) fn replacements(&mut self, ball: &Delivery) {
        let Some(replacements) = &ball.replacements else { return };
        for player in &replacements.players {
            self.happens(Happening::Replaced {
                incoming: player.incoming.clone(),
                outgoing: Some(player.outgoing.clone()),
                reason: player.reason.clone(),
            });
        }
        for role in &replacements.role {
            self.happens(Happening::Replaced {
                incoming: role.incoming.clone(),
                outgoing: role.outgoing.clone(),
                reason: role.reason.clone(),
            });
        }
    }
}
