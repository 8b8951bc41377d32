//! The scorer: plays events, one after another, onto a state, and says what happened.
//!
//! Strictly forward: what an event changes in the past is the log's business, which plays everything again.
//! [`ball`] is a delivery's way through the book; the other files are the parts of it.

mod around;
mod ball;
mod bowling;
mod changes;
mod crease;
mod innings;
mod over;
mod penalty;
mod powerplays;
mod result;
mod target;
mod wickets;

use std::sync::Arc;

use super::{Anomaly, AnomalyKind, Happening, Innings, MatchState, OverRecord};
use crate::{
    event::{Delivery, Event, EventData, Key, Target},
    player::PersonId,
};

/// The state and what the scorer keeps in mind beside it.
#[derive(Debug, Clone, Default)]
pub(super) struct Engine {
    pub(super) state: MatchState,
    happenings: Vec<Happening>,
    memory: Memory,
}

/// What the scorer keeps in mind about the innings in progress and those to come.
#[derive(Debug, Clone, Default)]
struct Memory {
    /// Whom the Laws put on strike.
    expected: Expected,
    /// Whether the target came from the feed (else it follows the totals).
    official_target: bool,
    /// Revised targets, by innings; some come before their innings begins.
    targets: Vec<(u8, Target)>,
    /// Penalty runs that a side takes into its next innings (Law 41.17).
    penalties: Vec<(Arc<str>, u16)>,
    /// The last over of each bowler, by index into `bowling`.
    last_over: Vec<Option<u16>>,
    /// Whether the feed went on with an innings that we took for ended.
    plays_on: bool,
    /// What a no-ball costs, once the match has shown it.
    noball_worth: Option<u16>,
    /// Who faced a no-ball of two that was either dearer or run: the next ball shows which.
    two_or_a_run: Option<PersonId>,
    /// The intervals that the feed tells of.
    intervals: Intervals,
    /// Bowlers whom the umpires have taken off for the rest of the innings.
    taken_off: Vec<PersonId>,
}

/// What is remembered of the intervals.
#[derive(Debug, Clone, Default)]
struct Intervals {
    /// Whether one has ended a session and no ball of the next has been bowled.
    between: bool,
    /// Whether the feed has told of one within a day.
    told: bool,
}

/// Who must face the next ball.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Expected {
    /// The Laws do not say, or what they need is not recorded.
    #[default]
    Anyone,
    /// This one.
    This(PersonId),
    /// The batter who comes in, so not this one.
    Not(PersonId),
}

impl Engine {
    /// What happened since the last call, in order.
    pub(super) fn take_happenings(&mut self) -> Vec<Happening> {
        std::mem::take(&mut self.happenings)
    }

    /// Plays any event but a delivery, for which there is [`Engine::delivery`].
    pub(super) fn event(&mut self, event: &Event) {
        let key = &event.key;
        match &event.data {
            EventData::MatchInfo(info) => self.match_info(info),
            EventData::Lineup(lineup) => self.lineup(lineup),
            EventData::Toss(toss) => self.toss(toss),
            EventData::InningsStart(start) => self.innings_start(key, start),
            EventData::Delivery(ball) => self.delivery(key, &Arc::new(Delivery::clone(ball))),
            EventData::OverEnd(end) => self.over_end(key, end),
            EventData::PenaltyRuns(penalty) => self.penalty_runs(key, penalty),
            EventData::DismissalNoBall(out) => self.dismissal_no_ball(key, out),
            EventData::Retirement(retirement) => self.retirement(key, retirement),
            EventData::ResumeBatter(batter) | EventData::BatterIn(batter) => self.batter_in(key, batter),
            EventData::Powerplay(powerplay) => self.powerplay(key, powerplay),
            EventData::Review(review) => self.review(review),
            EventData::Replacement(replacement) => self.replacement(replacement),
            EventData::Interruption(stop) => self.interruption(stop),
            EventData::ResumePlay(_) => self.resume_play(),
            EventData::TargetRevision(revision) => self.target_revision(revision),
            EventData::Declaration(note) => self.declaration(key, note),
            EventData::InningsEnd(end) => self.innings_end(key, end),
            EventData::MatchEnd(end) => self.match_end(key, end),
            // Said and kept, without effect on the score; the log deals with the last three itself.
            EventData::BowlerChange(_)
            | EventData::DeadBall(_)
            | EventData::BallChange(_)
            | EventData::NewBall(_)
            | EventData::FollowOn(_)
            | EventData::Heartbeat(_)
            | EventData::Note(_)
            | EventData::Unknown { .. }
            | EventData::OverReplace(_)
            | EventData::Snapshot(_)
            | EventData::Retract => {}
        }
    }

    fn happens(&mut self, happening: Happening) {
        self.happenings.push(happening);
    }

    fn anomaly(&mut self, key: &Key, kind: AnomalyKind) {
        let anomaly = Anomaly { key: key.clone(), kind };
        self.state.anomalies.push(anomaly.clone());
        self.happens(Happening::Anomaly(anomaly));
    }

    fn index_of(&self, innings: u8) -> Option<usize> {
        self.state.innings.iter().rposition(|known| known.number == innings)
    }

    fn innings_mut(&mut self, index: usize) -> Option<&mut Innings> {
        self.state.innings.get_mut(index)
    }
}
