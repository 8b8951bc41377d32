//! Lines written, or being written, for what may come next. Pure: it holds no clock and starts nothing.
//!
//! Invariant: what lies here is wanted for the newest state of the match; whatever is not is dropped at
//! [`Shelf::renew`], and its writing cancelled. A line leaves the shelf when it is taken, so none is said twice.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use commentary::LineKind;
use cricket::outlook::Signature;
use llm::WriteError;
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::wish::Wish;

/// What a writer answered: its words, and the tokens they took.
pub type Answer = Result<(String, u32), WriteError>;

/// Lines that wait for what they were written for, of one match.
#[derive(Debug, Default)]
pub struct Shelf {
    entries: Vec<Entry>,
    next: u64,
}

#[derive(Debug)]
struct Entry {
    id: u64,
    wish: Wish,
    /// Tokens written for it, as its writing goes on.
    written: Arc<AtomicU32>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Nobody has begun.
    Waiting,
    /// Somebody writes.
    Writing(CancellationToken),
    /// Somebody writes, and the ball it is for has come.
    Taken(oneshot::Sender<Answer>),
    /// The writer's words, as they came.
    Ready(String),
}

/// A line that was begun before its ball came. Dropped, the writing is cancelled.
#[derive(Debug)]
pub struct Begun {
    /// The writer's words, when they are all there.
    pub answer: oneshot::Receiver<Answer>,
    /// Cancels the writing when it goes.
    pub cancel: DropGuard,
}

/// Something to write.
#[derive(Debug)]
pub struct Work {
    /// Names it.
    pub id: u64,
    /// What for.
    pub wish: Wish,
    /// Tokens written for it so far: to be kept up by who writes.
    pub written: Arc<AtomicU32>,
    /// Cancelled when nobody wants it any more.
    pub cancel: CancellationToken,
}

/// Written tokens that nobody will hear, of the persona at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waste {
    /// The place at the microphone.
    pub place: usize,
    /// Tokens.
    pub tokens: u32,
}

impl Shelf {
    /// Keeps what is still wished for and drops the rest; of the new wishes those that the budget holds are put up for
    /// writing, the most valuable first. `cost` says how many tokens a line takes; gives what was written in vain.
    pub fn renew(&mut self, wishes: Vec<Wish>, mut budget: u32, cost: impl Fn(&Wish) -> u32) -> Vec<Waste> {
        let mut waste = Vec::new();
        let mut wishes: Vec<Option<Wish>> = wishes.into_iter().map(Some).collect();
        self.entries.retain_mut(|entry| {
            let same = |wish: &&mut Option<Wish>| wish.as_ref().is_some_and(|wish| is_same(wish, &entry.wish));
            if let State::Taken(_) = entry.state {
                return true;
            }
            match (wishes.iter_mut().find(same).and_then(Option::take), &entry.state) {
                // Put up for writing again below, if it is still worth it.
                (Some(wish), State::Waiting) => {
                    wishes.push(Some(wish));
                    false
                }
                (Some(wish), _) => {
                    entry.wish = wish;
                    true
                }
                (None, state) => {
                    if let State::Writing(cancel) = state {
                        cancel.cancel();
                    }
                    waste.push(Waste { place: entry.wish.place, tokens: entry.written.load(Ordering::Relaxed) });
                    false
                }
            }
        });
        let mut wishes: Vec<Wish> = wishes.into_iter().flatten().collect();
        wishes.sort_by(|a, b| b.worth.total_cmp(&a.worth));
        for wish in wishes {
            let Some(left) = budget.checked_sub(cost(&wish)) else { break };
            budget = left;
            self.next += 1;
            self.entries.push(Entry { id: self.next, wish, written: Arc::default(), state: State::Waiting });
        }
        waste.retain(|waste| waste.tokens > 0);
        waste
    }

    /// How much the most valuable line that nobody has begun is worth.
    pub fn next_worth(&self) -> Option<f64> {
        self.waiting().map(|entry| entry.wish.worth)
    }

    fn waiting(&self) -> Option<&Entry> {
        let waiting = self.entries.iter().filter(|entry| matches!(entry.state, State::Waiting));
        waiting.max_by(|a, b| a.wish.worth.total_cmp(&b.wish.worth))
    }

    /// The most valuable line that nobody has begun, to be written now.
    pub fn begin(&mut self) -> Option<Work> {
        let id = self.waiting()?.id;
        let entry = self.entries.iter_mut().find(|entry| entry.id == id)?;
        let cancel = CancellationToken::new();
        entry.state = State::Writing(cancel.clone());
        Some(Work { id, wish: entry.wish.clone(), written: entry.written.clone(), cancel })
    }

    /// Whether the ball has come and somebody waits for this line.
    pub fn is_taken(&self, id: u64) -> bool {
        self.entries.iter().any(|entry| entry.id == id && matches!(entry.state, State::Taken(_)))
    }

    /// A line is written, or will not be. Who waits for it hears of it; else a good one lies ready. False when nobody
    /// wants it any more.
    pub fn finish(&mut self, id: u64, answer: Answer) -> bool {
        let Some(at) = self.entries.iter().position(|entry| entry.id == id) else { return false };
        if matches!(self.entries[at].state, State::Taken(_)) || answer.is_err() {
            if let State::Taken(waits) = self.entries.swap_remove(at).state {
                // Who waited may have gone on without it.
                return waits.send(answer).is_ok();
            }
            return false;
        }
        if let (Some(entry), Ok((text, _))) = (self.entries.get_mut(at), answer) {
            entry.state = State::Ready(text);
        }
        true
    }

    /// A line written for this ball: one for the very same prompt, else one for a ball of this signature. With the tokens
    /// it took.
    pub fn take(&mut self, place: usize, kind: LineKind, prompt: &str, ball: &Signature) -> Option<(String, u32)> {
        let at = self.find(place, kind, prompt, ball, |state| matches!(state, State::Ready(_)))?;
        let entry = self.entries.swap_remove(at);
        match entry.state {
            State::Ready(text) => Some((text, entry.written.load(Ordering::Relaxed))),
            _ => None,
        }
    }

    /// A line that is being written for this ball: from now on it is written for whoever asks here.
    pub fn take_begun(&mut self, place: usize, kind: LineKind, prompt: &str, ball: &Signature) -> Option<Begun> {
        let at = self.find(place, kind, prompt, ball, |state| matches!(state, State::Writing(_)))?;
        let entry = self.entries.get_mut(at)?;
        let (waits, answer) = oneshot::channel();
        match std::mem::replace(&mut entry.state, State::Taken(waits)) {
            State::Writing(cancel) => Some(Begun { answer, cancel: cancel.drop_guard() }),
            _ => None,
        }
    }

    fn find(
        &self,
        place: usize,
        kind: LineKind,
        prompt: &str,
        ball: &Signature,
        is: impl Fn(&State) -> bool,
    ) -> Option<usize> {
        let mine = |entry: &Entry| entry.wish.place == place && entry.wish.kind == kind && is(&entry.state);
        let exact = self.entries.iter().position(|entry| mine(entry) && entry.wish.prompt.text == prompt);
        exact.or_else(|| self.entries.iter().position(|entry| mine(entry) && entry.wish.signatures.contains(ball)))
    }
}

/// Whether a wish is for the same line as another: the writer reads the same for both.
fn is_same(wish: &Wish, other: &Wish) -> bool {
    (wish.place, wish.kind) == (other.place, other.kind) && wish.prompt.text == other.prompt.text
}
