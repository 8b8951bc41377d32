//! What is written: rows, and the transaction that holds them together.

use std::sync::Arc;

use cricket::event::Key;

/// An event as it goes into the store.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRecord {
    /// The match.
    pub match_id: Arc<str>,
    /// Identity of the thing described.
    pub key: Key,
    /// Its revision.
    pub rev: u32,
    /// The feed's epoch.
    pub epoch: u32,
    /// Place inside the epoch.
    pub seq: u64,
    /// When it arrived, milliseconds since 1970.
    pub at_ms: i64,
    /// The event as JSON.
    pub payload: String,
}

/// Where a line stands on its way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineState {
    /// Not yet tried.
    New,
    /// Tried at least once, no acknowledgement yet.
    Sent,
    /// The broker has it.
    Acked,
    /// Too old to be said; never tried again.
    Expired,
    /// Tried too often; never tried again.
    Dead,
}

impl LineState {
    /// The name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Sent => "sent",
            Self::Acked => "acked",
            Self::Expired => "expired",
            Self::Dead => "dead",
        }
    }

    /// The state of that name; unknown ones are over and done with.
    pub fn from_name(name: &str) -> Self {
        match name {
            "new" => Self::New,
            "sent" => Self::Sent,
            "acked" => Self::Acked,
            "expired" => Self::Expired,
            _ => Self::Dead,
        }
    }
}

/// A line as it goes into the store, and out.
#[derive(Debug, Clone, PartialEq)]
pub struct LineRecord {
    /// Identity of the line; stable over all attempts.
    pub line_id: String,
    /// The match.
    pub match_id: Arc<str>,
    /// The event it is about.
    pub key: Key,
    /// That event's revision.
    pub rev: u32,
    /// Who speaks.
    pub persona: Arc<str>,
    /// The contract's word for the kind of speech.
    pub kind: &'static str,
    /// Place among the match's lines of this persona.
    pub seq: u64,
    /// Where it goes.
    pub topic: String,
    /// The line as JSON.
    pub payload: String,
    /// Where it stands.
    pub state: LineState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is no longer worth saying, milliseconds since 1970.
    pub expires_ms: i64,
}

/// A message that could not be used, kept for a person to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Quarantined {
    /// Its topic.
    pub topic: String,
    /// The beginning of its payload.
    pub payload: Vec<u8>,
    /// The payload's whole size in bytes.
    pub bytes: usize,
    /// Why.
    pub reason: String,
    /// When, milliseconds since 1970.
    pub at_ms: i64,
}

/// What is committed at once: all of it, or nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Transaction {
    /// Events; those already stored are left as they are.
    pub events: Vec<EventRecord>,
    /// Keys that a snapshot no longer has; their events do not count at the next start.
    pub dropped: Vec<(Arc<str>, Key)>,
    /// Lines; those already stored are left as they are.
    pub lines: Vec<LineRecord>,
    /// New states of stored lines: line, state, attempts.
    pub marks: Vec<(String, LineState, u32)>,
    /// Messages that could not be used.
    pub quarantined: Vec<Quarantined>,
    /// Matches that are over, or going on again.
    pub ended: Vec<(Arc<str>, bool)>,
}

impl Transaction {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
            && self.dropped.is_empty()
            && self.lines.is_empty()
            && self.marks.is_empty()
            && self.quarantined.is_empty()
            && self.ended.is_empty()
    }
}
