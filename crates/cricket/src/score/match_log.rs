//! [`Match`]: a log of events and the state that follows from it.

use std::sync::Arc;

use super::{
    Difference, Happening, Lookahead, MatchState,
    changes::{History, changes},
    difference::differences,
    engine::Engine,
    log::{Filing, Log},
};
use crate::event::{Event, Key};

/// One match: its events, and its score as they stand.
///
/// Invariant: the state is a function of the set of events seen, never of the order in which they came.
#[derive(Debug, Clone)]
pub struct Match {
    id: Arc<str>,
    log: Log,
    engine: Engine,
}

/// What an event did.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    /// How it was taken.
    pub effect: Effect,
    /// What is newly true, in order.
    pub happenings: Vec<Happening>,
    /// What was said to be true and no longer is; only after a rebuild.
    pub withdrawn: Vec<Happening>,
    /// In what the score differs from what stood before, as a correction would tell it; only after a rebuild.
    pub differences: Vec<Difference>,
    /// The score that stood before; only after a rebuild.
    pub was: Option<Box<MatchState>>,
}

impl Applied {
    /// What an event did without a rebuild.
    fn forward(effect: Effect, happenings: Vec<Happening>) -> Self {
        Self { effect, happenings, withdrawn: Vec::new(), differences: Vec::new(), was: None }
    }
}

/// How an event was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// New and in order: applied on top of the state.
    Applied,
    /// A correction, a retraction, a late event or a snapshot: the state was rebuilt from the log.
    Rebuilt,
    /// Seen before: nothing changed.
    Duplicate,
    /// A higher revision of its key stands, or a snapshot without it: no effect on the score.
    Stale,
    /// Kept, but of no effect on the score: an unknown type, a heartbeat, a note.
    Kept,
    /// Not taken.
    Refused(Refusal),
}

/// Why an event was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It belongs to another match.
    #[error(
        "event of match {found} in the stream of match {expected}; hint: the topic's match level and the event's match_id must be equal"
    )]
    OtherMatch {
        /// This match.
        expected: Arc<str>,
        /// The event's.
        found: Arc<str>,
    },
}

impl Match {
    /// A match of which nothing is known yet.
    pub fn new(match_id: impl Into<Arc<str>>) -> Self {
        Self { id: match_id.into(), log: Log::default(), engine: Engine::default() }
    }

    /// A match from its events in any order, as at a restart; takes time n log n.
    /// Events of other matches are passed over.
    pub fn from_events(match_id: impl Into<Arc<str>>, events: impl IntoIterator<Item = Event>) -> Self {
        let mut new = Self::new(match_id);
        for event in events {
            if event.match_id == new.id {
                new.log.file(event);
            }
        }
        new.engine = new.log.replay(None);
        new
    }

    /// The match's id.
    pub fn id(&self) -> &Arc<str> {
        &self.id
    }

    /// Takes an event. Whatever comes, it neither panics nor loses what was good.
    pub fn apply(&mut self, event: Event) -> Applied {
        if event.match_id != self.id {
            let refusal = Refusal::OtherMatch { expected: self.id.clone(), found: event.match_id };
            return Applied::forward(Effect::Refused(refusal), Vec::new());
        }
        match self.log.forecast(&event) {
            Filing::Append => {
                self.log.file(event);
                self.log.play_last(&mut self.engine);
                self.quiet(Effect::Applied)
            }
            Filing::Keep => {
                self.log.file(event);
                self.quiet(Effect::Kept)
            }
            Filing::Duplicate => {
                self.log.file(event);
                self.quiet(Effect::Duplicate)
            }
            Filing::Stale => {
                self.log.file(event);
                self.quiet(Effect::Stale)
            }
            Filing::Rebuild => self.rebuild(event),
        }
    }

    /// The score as it stands.
    pub fn state(&self) -> &MatchState {
        &self.engine.state
    }

    /// The score without its log, on which an event that has not come can be tried.
    pub fn lookahead(&self) -> Lookahead {
        Lookahead::new(self.id.clone(), self.position(), self.engine.clone())
    }

    /// The standing revision of every key that is not retracted, in the order in which they are played.
    pub fn live_events(&self) -> impl Iterator<Item = &Event> {
        self.log.live()
    }

    /// The highest `(epoch, seq)` seen; `(0, 0)` before the first event.
    pub fn position(&self) -> (u32, u64) {
        self.log.position()
    }

    /// What the standing revision of a key brought about where it is played; nothing for a key that does not stand. Takes
    /// a replay of the match.
    pub fn happenings_of(&mut self, key: &Key) -> Vec<Happening> {
        let mut history = History::default();
        self.log.replay(Some(&mut history));
        let Some(subject) = self.log.subject(key) else { return Vec::new() };
        history.0.into_iter().filter(|(about, _)| *about == subject).flat_map(|(_, happenings)| happenings).collect()
    }

    fn quiet(&mut self, effect: Effect) -> Applied {
        Applied::forward(effect, self.engine.take_happenings())
    }

    fn rebuild(&mut self, event: Event) -> Applied {
        let mut before = History::default();
        self.log.replay(Some(&mut before));
        self.log.file(event);
        let mut after = History::default();
        let was = std::mem::replace(&mut self.engine, self.log.replay(Some(&mut after)));
        let (happenings, withdrawn) = changes(&before, &after);
        let differences = differences(&was.state, &self.engine.state);
        Applied { effect: Effect::Rebuilt, happenings, withdrawn, differences, was: Some(Box::new(was.state)) }
    }
}
