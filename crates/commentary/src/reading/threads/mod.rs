//! What runs through a match, and can be taken up again: a duel, a spell, a partnership, a collapse and the recovery from
//! it, a squeeze, a milestone near, a comeback, a debt to an earlier event.
//!
//! [`Threads`] is a memory beside the score: it is told of every state and never changes one. Only what events carry can
//! be a thread. One that stops is kept, resting; when it goes on it is the same thread, taken up once more. They follow
//! from the match as it stands ([`Threads::of`]), so that a correction or a restart loses and invents none.

pub(crate) mod debt;
mod find;
mod replay;

use std::sync::Arc;

use cricket::{
    player::{PersonId, PlayerRef},
    score::MatchState,
};
use serde::Serialize;
use strum::IntoStaticStr;

use super::{Reading, read};

/// Threads kept of a match at most; the weakest resting ones go first.
const KEPT: usize = 64;
/// Deliveries of rest after which going on counts as being taken up again.
const REST: u32 = 6;

/// What kind of thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ThreadKind {
    /// A side that was as good as beaten and is back: its chance is up by .35 or more from .25 or less.
    Comeback,
    /// One batter against one bowler, from six balls on. People: batter, bowler.
    Duel,
    /// A bowler's spell of two wickets or more, or of two overs at less than six tenths of the innings' rate.
    Spell,
    /// A partnership, from thirty runs on.
    Partnership,
    /// Three wickets or more in five overs.
    Collapse,
    /// A partnership, from thirty runs on, that began in a collapse.
    Recovery,
    /// Thirteen legal balls or more without a boundary. People: none.
    Squeeze,
    /// A batter within ten runs of fifty, a hundred, …
    MilestoneNear,
    /// A debt: a batter who was given out and came back by review, from fifteen runs added on. Runs and balls are those
    /// since.
    Reprieve,
    /// A debt: a bowler with a batter who took ten runs or more off the bat in an earlier over; a wicket settles it. Runs
    /// and balls are those of that over. People: bowler, batter.
    Reckoning,
    /// A debt: a side that gave away as many runs in wides and no-balls as it needs off its last thirty balls, or lost
    /// by. Runs are those given away. People: none.
    Giveaway,
}

/// One thread.
#[derive(Debug, Clone, PartialEq)]
pub struct Thread {
    /// What kind.
    pub kind: ThreadKind,
    /// The innings it belongs to, from 1; a comeback's is the one in which it was worst.
    pub innings: u8,
    /// The side it is about: the batting side, of a spell and a reckoning the fielding side.
    pub team: Arc<str>,
    /// Who is in it.
    pub people: Vec<PlayerRef>,
    /// When it began, in deliveries of the match.
    pub since: u32,
    /// When it last went on, in deliveries of the match.
    pub last: u32,
    /// How much there is to it, 0 to 1.
    pub strength: f64,
    /// Runs in it; of a milestone near the runs short.
    pub runs: u32,
    /// Balls in it.
    pub balls: u32,
    /// Wickets in it.
    pub wickets: u32,
    /// Whether it goes on now.
    pub running: bool,
    /// How often it was taken up again after a rest.
    pub taken_up: u32,
}

impl Thread {
    fn is_same(&self, other: &Self) -> bool {
        let ids = |thread: &Self| thread.people.iter().map(|player| player.id.clone()).collect::<Vec<PersonId>>();
        (self.kind, self.innings, &self.team) == (other.kind, other.innings, &other.team)
            && match self.kind {
                // A side can collapse twice, and be strangled twice: those are two threads.
                ThreadKind::Collapse | ThreadKind::Squeeze => self.last.max(self.since) >= other.since,
                _ => ids(self) == ids(other),
            }
    }
}

/// The threads of a match. The caller keeps one for each match.
#[derive(Debug, Clone, Default)]
pub struct Threads {
    all: Vec<Thread>,
    lows: Vec<Low>,
}

/// The lowest that a side's chance was.
#[derive(Debug, Clone)]
struct Low {
    team: Arc<str>,
    chance: f64,
    innings: u8,
    at: u32,
}

impl Threads {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The threads of a match as it stands, whatever was corrected on the way: its balls are seen once more, in order of
    /// play; of a match without a limit of balls those of the innings in progress alone. What lies between balls (penalty
    /// runs, an earlier target) is not. Some four microseconds a ball, six in an innings of fifty overs.
    pub fn of(state: &MatchState) -> Self {
        let mut threads = Self::new();
        replay::each_ball(state, |state| {
            if let Some(reading) = read(state) {
                threads.note(state, &reading);
            }
        });
        threads
    }

    /// Takes note of the state after a ball. Noting the same state again changes nothing.
    pub fn note(&mut self, state: &MatchState, reading: &Reading) {
        let Some(innings) = state.current() else { return };
        let now: u32 = state.innings.iter().map(|innings| innings.deliveries).sum();
        for thread in &mut self.all {
            thread.running = false;
        }
        let mut found = find::in_innings(innings, reading, now);
        if let Some(recovery) = find::recovery(innings, now, &self.all) {
            found.push(recovery);
        }
        found.extend(find::debts(state, innings, now));
        found.extend(self.comebacks(state, reading, now));
        for thread in found {
            self.put(thread, now);
        }
        while self.all.len() > KEPT {
            let weakest = self.all.iter().enumerate().filter(|(_, thread)| !thread.running);
            let Some((place, _)) = weakest.min_by(|(_, a), (_, b)| a.strength.total_cmp(&b.strength)) else { break };
            self.all.remove(place);
        }
    }

    fn put(&mut self, new: Thread, now: u32) {
        match self.all.iter_mut().find(|known| known.is_same(&new)) {
            Some(known) => {
                let rested = now.saturating_sub(known.last) > REST;
                let (since, taken_up) = (known.since.min(new.since), known.taken_up + u32::from(rested));
                *known = Thread { since, taken_up, last: now, running: true, ..new };
            }
            None => self.all.push(new),
        }
    }

    fn comebacks(&mut self, state: &MatchState, reading: &Reading, now: u32) -> Vec<Thread> {
        let told = reading.win_probability.or_else(|| reading.projection.and_then(|ahead| ahead.win_probability));
        let Some((chance, innings)) = told.zip(state.current()) else { return Vec::new() };
        let sides = [(&innings.batting_team, chance), (&innings.bowling_team, 1.0 - chance)];
        let named = sides.into_iter().filter(|(team, _)| !team.is_empty());
        named.filter_map(|(team, chance)| self.comeback(team, chance, innings.number, now)).collect()
    }

    fn comeback(&mut self, team: &Arc<str>, chance: f64, innings: u8, now: u32) -> Option<Thread> {
        let here = Low { team: team.clone(), chance, innings, at: now };
        let Some(low) = self.lows.iter_mut().find(|low| low.team == *team) else {
            self.lows.push(here);
            return None;
        };
        if chance < low.chance {
            *low = here;
            return None;
        }
        let gained = chance - low.chance;
        (low.chance <= 0.25 && gained >= 0.35).then(|| Thread {
            kind: ThreadKind::Comeback,
            innings: low.innings,
            team: team.clone(),
            people: Vec::new(),
            since: low.at,
            last: now,
            strength: gained.clamp(0.0, 1.0),
            runs: 0,
            balls: now.saturating_sub(low.at),
            wickets: 0,
            running: true,
            taken_up: 0,
        })
    }

    /// All threads of the match, running and resting, in the order in which they began to be threads.
    pub fn all(&self) -> &[Thread] {
        &self.all
    }

    /// Those that go on now, the strongest first.
    pub fn running(&self) -> Vec<&Thread> {
        let mut running: Vec<_> = self.all.iter().filter(|thread| thread.running).collect();
        running.sort_by(|a, b| b.strength.total_cmp(&a.strength));
        running
    }

    /// Those that rest, the latest first.
    pub fn resting(&self) -> Vec<&Thread> {
        let mut resting: Vec<_> = self.all.iter().filter(|thread| !thread.running).collect();
        resting.sort_by(|a, b| b.last.cmp(&a.last).then(b.strength.total_cmp(&a.strength)));
        resting
    }

    /// Threads a person was in, running or resting.
    pub fn with<'a>(&'a self, person: &'a PersonId) -> impl Iterator<Item = &'a Thread> {
        self.all.iter().filter(move |thread| thread.people.iter().any(|player| player.id == *person))
    }
}
