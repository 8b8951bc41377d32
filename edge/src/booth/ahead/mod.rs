//! The booth writes ahead: lines for what the next ball may bring are written while nothing happens, so that nobody waits
//! for them when it comes; and while the umpires look at a ball, lines for how they may decide.
//!
//! [`prospect`] says what may come and forms the moment it would be, [`wish`] which lines of it would be said and what
//! each is worth, [`budget`] how many can be written before the ball, [`shelf`] holds them, [`author`] has them written.
//! A line on the shelf is only a proposal: when what it is for comes it is judged again by the real moment, persona and memory,
//! and what does not hold is not said. What is missing goes the usual way.

pub mod author;
pub mod budget;
pub mod prospect;
pub mod shelf;
pub mod wish;

use std::{
    collections::BTreeMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use commentary::{CheckedLine, LineKind, Memory, Moment, Persona, Reply, prompt::render_among, reply::judge};
use cricket::{player::PlayerRef, score::Lookahead};
use llm::WriterInfo;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::{Exchange, Voices, account::Accounts};
use crate::past::PastOf;
use prospect::{Foreseen, Undecided};
use shelf::{Begun, Shelf};

/// Whether lines are written before their ball.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    /// While the model takes longer for a line than a listener notices, and the machine is not too hot.
    #[default]
    Auto,
    /// Also when the model is quick.
    Always,
    /// Never.
    Off,
}

/// What is configured.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Whether at all.
    pub when: When,
    /// Tokens a ball, read and written; by the writer's measured speed and the pause between balls when absent.
    pub tokens: Option<NonZeroU32>,
}

/// What the desk sees of a match: enough to think about its next ball elsewhere.
#[derive(Debug)]
pub struct Look {
    /// The score.
    pub score: Lookahead,
    /// Who is said to bowl next.
    pub announced: Option<PlayerRef>,
    /// What the umpires are looking at, if anything.
    pub undecided: Option<Undecided>,
    /// Past matches as seen from this one.
    pub past: Option<Arc<PastOf>>,
    /// What each persona said lately, by place at the microphone.
    pub memories: Vec<Arc<Memory>>,
    /// The pause between balls, where it is known.
    pub pause: Option<Duration>,
}

/// The desk's end. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ahead {
    shared: Arc<Shared>,
    exchange: Exchange,
    voices: Voices,
    accounts: Accounts,
}

#[derive(Debug, Default)]
struct Shared {
    /// The newest look at each match that nobody has thought about yet.
    looks: Mutex<BTreeMap<Arc<str>, Look>>,
    news: Notify,
    shelves: Mutex<BTreeMap<Arc<str>, Shelf>>,
}

impl Shared {
    /// Each change under these locks is one call; a panic elsewhere cannot leave them half-made.
    fn looks(&self) -> MutexGuard<'_, BTreeMap<Arc<str>, Look>> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shelves(&self) -> MutexGuard<'_, BTreeMap<Arc<str>, Shelf>> {
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ahead {
    /// Tells of a match's newest state; an older look that nobody has thought about is forgotten.
    pub fn look(&self, look: Look) {
        self.shared.looks().insert(look.score.id().clone(), look);
        self.shared.news.notify_one();
    }

    /// Forgets a match.
    pub fn forget(&self, match_id: &str) {
        self.shared.looks().remove(match_id);
        self.shared.shelves().remove(match_id);
    }

    /// A line that lies ready for this moment and holds.
    pub fn take(
        &self,
        moment: &Moment,
        place: usize,
        persona: &Persona,
        kind: LineKind,
        memory: &Memory,
    ) -> Option<(CheckedLine, WriterInfo)> {
        let (prompt, came) = self.asked(moment, persona, kind)?;
        loop {
            let taken = self.shared.shelves().get_mut(&moment.match_id)?.take(place, kind, &prompt, &came);
            let (text, tokens, seat) = taken?;
            match judge(&text, kind, moment, persona, seat.model.layout, memory) {
                Reply::Line(line) => return Some((line, seat.info.clone())),
                Reply::Repeat(line) => {
                    tracing::trace!(key = %moment.key, persona = %persona.id, "ready, but said a moment ago: {}", line.text());
                }
                Reply::Refused(rejection) => {
                    tracing::debug!(key = %moment.key, persona = %persona.id, "ready, but it does not hold: {rejection}");
                }
            }
            self.accounts.ready_refused(&moment.match_id, &persona.id);
            self.accounts.wasted(&moment.match_id, &persona.id, tokens);
        }
    }

    /// A line for this moment that was begun before its ball came: from now on it is written for whoever asks here.
    pub fn take_begun(&self, moment: &Moment, place: usize, persona: &Persona, kind: LineKind) -> Option<Begun> {
        let (prompt, came) = self.asked(moment, persona, kind)?;
        self.shared.shelves().get_mut(&moment.match_id)?.take_begun(place, kind, &prompt, &came)
    }

    /// What a writer would read for this line, and what of its moment can have been foreseen.
    fn asked(&self, moment: &Moment, persona: &Persona, kind: LineKind) -> Option<(String, Foreseen)> {
        let came = Foreseen::of(moment)?;
        if !self.shared.shelves().contains_key(&moment.match_id) {
            return None;
        }
        let seat = self.exchange.seat()?;
        let cast = self.voices.cast(&seat.model);
        let cast: Vec<&Persona> = cast.iter().map(|persona| &**persona).collect();
        let prompt = render_among(&cast, moment, persona, kind, seat.model.layout, None);
        Some((prompt.text, came))
    }
}
