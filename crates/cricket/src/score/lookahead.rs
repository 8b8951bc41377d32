//! [`Lookahead`]: what an event would do, tried on a copy of the score.

use std::sync::Arc;

use super::{Happening, MatchState, engine::Engine};
use crate::event::{Event, EventData};

/// The score as it stands, without the log behind it: cheap to copy and to send elsewhere, and an event that has not come
/// can be tried on it.
///
/// Invariant: what [`Lookahead::tried`] answers for an event that comes next in the stream is what
/// [`Match::apply`](super::Match::apply) will do with it.
#[derive(Debug, Clone)]
pub struct Lookahead {
    id: Arc<str>,
    position: (u32, u64),
    engine: Engine,
}

impl Lookahead {
    pub(super) fn new(id: Arc<str>, position: (u32, u64), engine: Engine) -> Self {
        Self { id, position, engine }
    }

    /// The match's id.
    pub fn id(&self) -> &Arc<str> {
        &self.id
    }

    /// The highest `(epoch, seq)` seen.
    pub fn position(&self) -> (u32, u64) {
        self.position
    }

    /// The score.
    pub fn state(&self) -> &MatchState {
        &self.engine.state
    }

    /// The score after one more event, and what that would bring about. The event must be new, and come after everything
    /// that is there: a correction needs the whole [`Match`](super::Match).
    pub fn tried(&self, event: &Event) -> (MatchState, Vec<Happening>) {
        let mut engine = self.engine.clone();
        if let EventData::Delivery(ball) = &event.data {
            engine.delivery(&event.key, &Arc::new(ball.as_ref().clone()));
        } else {
            engine.event(event);
        }
        let happenings = engine.take_happenings();
        (engine.state, happenings)
    }
}
