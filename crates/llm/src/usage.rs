//! What a line took.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use serde::{Deserialize, Serialize};

/// What a line took; a figure that the writer does not tell is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Tokens in the prompt.
    pub prompt_tokens: Option<u32>,
    /// Those of them that had been computed before, for this request's sake or another's, and were not computed again.
    pub reused_tokens: Option<u32>,
    /// Tokens written, one that ends the line among them.
    pub written_tokens: Option<u32>,
    /// From the request until work on it began: the time in a queue.
    pub waited: Option<Duration>,
    /// From then until the prompt was computed.
    pub prompt: Option<Duration>,
    /// From then until the line's end.
    pub decode: Option<Duration>,
}

/// What a line has taken so far, for an asker who may give it up: with an error comes no [`Usage`]. Clones are one meter.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    /// Whether the writer tells of the prompt at all.
    begun: AtomicBool,
    reused: AtomicU32,
    read: AtomicU32,
    written: AtomicU32,
    pieces: AtomicU32,
}

impl Meter {
    /// What was taken until now: of the prompt what was reused and what has been computed, where the writer tells (the
    /// embedded one does once work on the line has begun); of the line as many tokens as there are, or at least pieces.
    pub fn usage(&self) -> Usage {
        let counts = &*self.0;
        let [reused, read, written, pieces] =
            [&counts.reused, &counts.read, &counts.written, &counts.pieces].map(|count| count.load(Ordering::Relaxed));
        let begun = counts.begun.load(Ordering::Relaxed);
        Usage {
            prompt_tokens: begun.then_some(reused.saturating_add(read)),
            reused_tokens: begun.then_some(reused),
            written_tokens: Some(written.max(pieces)),
            ..Usage::default()
        }
    }

    /// For a writer that tells of the prompt: work begins, and so many of its tokens need none.
    pub fn begin(&self, reused: u32) {
        self.0.reused.store(reused, Ordering::Relaxed);
        self.0.begun.store(true, Ordering::Relaxed);
    }

    /// For such a writer: so many tokens of the prompt are computed.
    pub fn read(&self, tokens: u32) {
        self.0.read.fetch_add(tokens, Ordering::Relaxed);
    }

    /// For a writer that counts them: a token was written.
    pub fn wrote(&self) {
        self.0.written.fetch_add(1, Ordering::Relaxed);
    }

    /// A piece of text has come; whoever collects the line counts them.
    pub(crate) fn piece(&self) {
        self.0.pieces.fetch_add(1, Ordering::Relaxed);
    }
}
