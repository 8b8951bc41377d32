//! Innings: how they begin and how they end (Laws 13 to 16).

use std::sync::Arc;

use super::{AnomalyKind, Engine, Expected, Happening, Innings, target::own_target};
use crate::{
    event::{Delivery, InningsEnd, InningsKind, InningsStart, Key, Note},
    player::PersonId,
    score::{BatterCard, BatterStatus, EndReason, ExtrasTally, PlayerChange},
};

/// Wickets that end an innings, and a super over.
const ALL_OUT: u8 = 10;
const SUPER_OVER_OUT: u8 = 2;

impl Engine {
    pub(super) fn innings_start(&mut self, key: &Key, start: &InningsStart) {
        let index = match self.index_of(start.innings) {
            Some(index) => index,
            None => self.begin(start.innings, start.team.clone(), start.kind),
        };
        if let Some(expected) = self.due_first(index).filter(|due| *due != start.team) {
            self.anomaly(key, AnomalyKind::WrongSideBats { expected: expected.to_string() });
        }
        self.memory.official_target = start.target.is_some();
        let revised =
            self.memory.targets.iter().rfind(|(number, _)| *number == start.innings).map(|(_, target)| *target);
        self.memory.official_target |= revised.is_some();
        let target = revised.or(start.target).or_else(|| own_target(&self.state, index));
        let carried = self.take_carried(&start.team);
        let limit = self.balls_limit(start.kind, target.as_ref());
        let Some(innings) = self.state.innings.get_mut(index) else { return };
        innings.target = target;
        innings.balls_limit = limit;
        let penalty = u32::from(start.penalty_pre.unwrap_or(0)).saturating_add(carried);
        innings.runs = innings.runs.saturating_add(penalty);
        innings.extras.penalty = innings.extras.penalty.saturating_add(penalty);
        self.happens(Happening::InningsStarted {
            innings: start.innings,
            team: start.team.clone(),
            kind: start.kind,
            target,
        });
        if penalty > 0 {
            self.happens(Happening::Penalty { team: start.team.clone(), runs: penalty });
        }
        let openers: Vec<_> = start.openers.iter().filter_map(|player| self.card_of(index, player)).collect();
        if let Some(innings) = self.state.innings.get_mut(index) {
            innings.striker = openers.first().copied();
            innings.non_striker = openers.get(1).copied();
        }
        if start.forfeited {
            self.end(index, EndReason::Forfeited);
        }
    }

    /// The side that begins a pair of super overs: the one that batted second in the match, or in the pair before. `None`
    /// for any other innings.
    fn due_first(&self, index: usize) -> Option<Arc<str>> {
        let (own, before) = (self.state.innings.get(index)?, self.state.innings.get(..index)?);
        let pairs = before.iter().filter(|innings| innings.kind == InningsKind::SuperOver).count();
        let begins = own.kind == InningsKind::SuperOver && pairs.is_multiple_of(2);
        begins.then(|| before.last().map(|last| last.batting_team.clone())).flatten()
    }

    /// The innings of a ball, created where its start never came; whether it was.
    pub(super) fn innings_for(&mut self, key: &Key, ball: &Delivery) -> (usize, bool) {
        if let Some(index) = self.index_of(ball.innings) {
            if self.state.innings.get(index).is_some_and(|innings| innings.ended.is_some()) {
                self.anomaly(key, AnomalyKind::OutOfPlay);
                self.play_on(index);
            }
            return (index, false);
        }
        let team = self.side_of(ball);
        let index = self.begin(ball.innings, team.clone(), InningsKind::Normal);
        let target = self.memory.targets.iter().rfind(|(number, _)| *number == ball.innings).map(|(_, target)| *target);
        self.memory.official_target = target.is_some();
        let target = target.or_else(|| own_target(&self.state, index));
        let limit = self.balls_limit(InningsKind::Normal, target.as_ref());
        let carried = self.take_carried(&team);
        if let Some(innings) = self.state.innings.get_mut(index) {
            innings.target = target;
            innings.balls_limit = limit;
            innings.runs = carried;
            innings.extras.penalty = carried;
        }
        let first = (ball.over, ball.pos) == (0, 1);
        self.anomaly(key, if first { AnomalyKind::OutOfPlay } else { AnomalyKind::Gap });
        self.happens(Happening::InningsStarted { innings: ball.innings, team, kind: InningsKind::Normal, target });
        (index, true)
    }

    fn begin(&mut self, number: u8, team: Arc<str>, kind: InningsKind) -> usize {
        let last = self.state.innings.len().checked_sub(1);
        if let Some(last) = last.filter(|last| self.state.innings.get(*last).is_some_and(|known| known.ended.is_none()))
        {
            self.end(last, EndReason::Other("the next innings began".to_owned()));
        }
        self.memory.expected = Expected::Anyone;
        self.memory.last_over.clear();
        self.memory.taken_off.clear();
        self.memory.plays_on = false;
        self.state.par = None;
        let bowling_team = self.opponent(&team);
        let squad = self.state.info.as_ref().and_then(|info| info.players.get(&team)).map_or(0, Vec::len);
        let wickets_available = match (kind, u8::try_from(squad)) {
            (InningsKind::SuperOver, _) => SUPER_OVER_OUT,
            (InningsKind::Normal, Ok(players @ 2..=10)) => players - 1,
            (InningsKind::Normal, _) => ALL_OUT,
        };
        self.state.innings.push(Innings {
            number,
            batting_team: team,
            bowling_team,
            kind,
            balls_per_over: self.state.balls_per_over(),
            wickets_available,
            balls_limit: None,
            target: None,
            runs: 0,
            wickets: 0,
            legal_balls: 0,
            deliveries: 0,
            extras: ExtrasTally::default(),
            batting: Vec::with_capacity(11),
            bowling: Vec::with_capacity(8),
            striker: None,
            non_striker: None,
            bowler: None,
            fall_of_wickets: Vec::new(),
            partnerships: Vec::new(),
            overs: Vec::new(),
            powerplays: Vec::new(),
            ended: None,
            absent_hurt: Vec::new(),
            balls_since_boundary: 0,
            free_hit_next: false,
        });
        self.state.innings.len() - 1
    }

    pub(super) fn opponent(&self, team: &Arc<str>) -> Arc<str> {
        let teams = self.state.info.as_ref().map_or(&[][..], |info| &info.teams);
        teams.iter().find(|other| *other != team && !team.is_empty()).cloned().unwrap_or_default()
    }

    /// The side whose players include the striker; empty text where nobody knows.
    fn side_of(&self, ball: &Delivery) -> Arc<str> {
        let squads = self.state.info.iter().flat_map(|info| &info.players);
        squads
            .into_iter()
            .find(|(_, players)| players.iter().any(|player| player.id == ball.batter.id))
            .map_or_else(Arc::default, |(team, _)| team.clone())
    }

    fn take_carried(&mut self, team: &Arc<str>) -> u32 {
        let carried =
            self.memory.penalties.iter().filter(|(side, _)| side == team).map(|(_, runs)| u32::from(*runs)).sum();
        self.memory.penalties.retain(|(side, _)| side != team);
        carried
    }

    pub(super) fn declaration(&mut self, key: &Key, note: &Note) {
        let index = match note.innings {
            Some(number) => self.index_of(number),
            None => self.state.innings.len().checked_sub(1),
        };
        match index {
            Some(index) if self.state.innings.get(index).is_some_and(|innings| innings.ended.is_none()) => {
                self.end(index, EndReason::Declared);
            }
            _ => self.anomaly(key, AnomalyKind::OutOfPlay),
        }
    }

    pub(super) fn innings_end(&mut self, key: &Key, end: &InningsEnd) {
        let Some(index) = self.index_of(end.innings) else {
            self.anomaly(key, AnomalyKind::OutOfPlay);
            return;
        };
        let post = u32::from(end.penalty_post.unwrap_or(0));
        let Some(innings) = self.state.innings.get_mut(index) else { return };
        innings.absent_hurt.clone_from(&end.absent_hurt);
        innings.runs = innings.runs.saturating_add(post);
        innings.extras.penalty = innings.extras.penalty.saturating_add(post);
        let team = innings.batting_team.clone();
        let nobody_left = nobody_left(innings, &self.state.replacements);
        let reached = !self.memory.plays_on && innings.target.is_some_and(|target| innings.runs >= target.runs);
        let given = end.reason.as_deref().map(reason_of);
        let reason = match (&innings.ended, given) {
            // A declaration is the captain's word; anything else we saw ourselves.
            (Some(_), Some(given @ (EndReason::Declared | EndReason::Forfeited))) | (None, Some(given)) => Some(given),
            (Some(_), _) => None,
            (None, None) if reached => Some(EndReason::TargetReached),
            (None, None) if nobody_left => Some(EndReason::AllOut),
            (None, None) => Some(EndReason::Other("closed".to_owned())),
        };
        if post > 0 {
            self.happens(Happening::Penalty { team, runs: post });
        }
        let ended = self.state.innings.get(index).and_then(|innings| innings.ended.clone());
        match reason {
            Some(reason) if ended.is_none() => self.end(index, reason),
            Some(reason) => {
                if let Some(innings) = self.state.innings.get_mut(index) {
                    innings.ended = Some(reason);
                }
                self.settle();
            }
            None => self.settle(),
        }
    }

    /// The feed goes on with an innings that we took for ended: it knows better (a target that was a par score, more
    /// overs than announced, a side of twelve). It then ends when the feed says so.
    fn play_on(&mut self, index: usize) {
        self.memory.plays_on = true;
        if let Some(innings) = self.state.innings.get_mut(index) {
            innings.ended = None;
        }
        self.settle();
    }

    /// Whether the ball, a penalty or a new target ended the innings.
    pub(super) fn check_end(&mut self, key: &Key, index: usize) {
        let Some(innings) = self.state.innings.get(index) else { return };
        if innings.ended.is_some() || self.memory.plays_on {
            return;
        }
        let reached = innings.target.is_some_and(|target| innings.runs >= target.runs);
        let out = innings.wickets >= innings.wickets_available;
        let bowled = innings.balls_limit.is_some_and(|limit| innings.legal_balls >= limit);
        if reached {
            self.happens(Happening::TargetReached);
            self.end(index, EndReason::TargetReached);
        } else if out {
            self.end(index, EndReason::AllOut);
        } else if bowled && key.as_str() != Key::target(innings.number).as_str() {
            self.end(index, EndReason::Overs);
        }
    }

    pub(super) fn end(&mut self, index: usize, reason: EndReason) {
        let Some(innings) = self.state.innings.get_mut(index) else { return };
        innings.ended = Some(reason.clone());
        let happening = Happening::InningsEnded {
            innings: innings.number,
            team: innings.batting_team.clone(),
            runs: innings.runs,
            wickets: innings.wickets,
            reason,
        };
        self.happens(happening);
        self.settle();
    }
}

/// Whether nobody is left to come in: out, absent hurt, or retired and not back while a place at the crease is empty
/// (with both places taken a replacement bats for the retired one). For a retired batter who has been replaced the
/// replacement may come in.
pub(super) fn nobody_left(innings: &Innings, replacements: &[PlayerChange]) -> bool {
    let replaced = |id: &PersonId| {
        let whole = |change: &&PlayerChange| change.role.is_none();
        replacements.iter().filter(whole).any(|change| change.outgoing.as_ref().is_some_and(|out| out.id == *id))
    };
    let retired =
        |card: &&BatterCard| matches!(card.status, BatterStatus::Retired { .. }) && !replaced(&card.player.id);
    let gone = usize::from(innings.wickets) + innings.absent_hurt.len();
    let retired = innings.batting.iter().filter(retired).count();
    let vacant = innings.striker.is_none() || innings.non_striker.is_none();
    let available = usize::from(innings.wickets_available);
    gone >= available || (vacant && gone + retired >= available)
}

fn reason_of(text: &str) -> EndReason {
    match text {
        "all_out" => EndReason::AllOut,
        "overs" => EndReason::Overs,
        "target_reached" => EndReason::TargetReached,
        "declared" => EndReason::Declared,
        "forfeited" => EndReason::Forfeited,
        other => EndReason::Other(other.to_owned()),
    }
}
