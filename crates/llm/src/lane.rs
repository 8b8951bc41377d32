//! The order in which requests go to a server that computes few at a time.
//!
//! Such a server keeps the state of the last prompt it computed, one for each request it takes at a time, and computes
//! only what differs. So of the requests that wait, the one goes next that shares the longest beginning with a prompt
//! computed last: all lines of one persona, then all of the next. A line that somebody waits for passes those written
//! ahead, and takes the place of one that is being written.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::error::WriteError;
use crate::request::Urgency;

/// Requests that may wait. More would only wait for their deadlines.
const WAITING: usize = 64;

/// The way to one server.
#[derive(Clone)]
pub(crate) struct Lane(Arc<Mutex<State>>);

struct State {
    /// Requests at a time.
    width: usize,
    running: Vec<Running>,
    waiting: Vec<Waiter>,
    /// The prompts computed last, as many as the server keeps.
    warm: VecDeque<String>,
    next: u64,
}

struct Running {
    id: u64,
    urgency: Urgency,
    give_way: CancellationToken,
}

struct Waiter {
    prompt: String,
    urgency: Urgency,
    go: oneshot::Sender<Turn>,
}

/// The right to ask the server now; it passes on when dropped.
pub(crate) struct Turn {
    lane: Lane,
    id: u64,
    /// Cancelled when a request of more urgency waits for the place.
    pub(crate) give_way: CancellationToken,
}

impl Lane {
    /// A way for so many requests at a time, at least one.
    pub(crate) fn new(width: usize) -> Self {
        Self(Arc::new(Mutex::new(State {
            width: width.max(1),
            running: Vec::new(),
            waiting: Vec::new(),
            warm: VecDeque::new(),
            next: 0,
        })))
    }

    /// Waits for a turn; a future that is dropped waits no more.
    ///
    /// # Errors
    /// [`WriteError::Busy`] when too many wait already.
    pub(crate) async fn turn(&self, prompt: &str, urgency: Urgency) -> Result<Turn, WriteError> {
        let (go, gone) = oneshot::channel();
        {
            let mut state = self.state();
            state.waiting.retain(|waiter| !waiter.go.is_closed());
            if state.waiting.len() >= WAITING {
                return Err(WriteError::Busy);
            }
            state.waiting.push(Waiter { prompt: prompt.to_owned(), urgency, go });
            if urgency == Urgency::Live
                && state.running.len() == state.width
                && let Some(ahead) = state.running.iter().find(|running| running.urgency == Urgency::Ahead)
            {
                ahead.give_way.cancel();
            }
        }
        self.go_on();
        gone.await.map_err(|_| WriteError::Busy)
    }

    /// Gives the free places to those who wait.
    fn go_on(&self) {
        loop {
            let (waiter, turn) = {
                let mut state = self.state();
                if state.running.len() >= state.width {
                    return;
                }
                let Some(waiter) = state.choose() else { return };
                let turn = Turn { lane: self.clone(), id: state.next, give_way: CancellationToken::new() };
                state.next += 1;
                let give_way = turn.give_way.clone();
                state.running.push(Running { id: turn.id, urgency: waiter.urgency, give_way });
                let width = state.width;
                state.warm.push_back(waiter.prompt);
                while state.warm.len() > width {
                    state.warm.pop_front();
                }
                (waiter.go, turn)
            };
            // Who has gone meanwhile hands the turn back, and dropping it, here without the lock, passes it on.
            drop(waiter.send(turn));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes the next of those who wait: the urgent before the others, then who shares the most with what is warm, then
    /// who came first.
    fn choose(&mut self) -> Option<Waiter> {
        self.waiting.retain(|waiter| !waiter.go.is_closed());
        let warmth = |prompt: &str| self.warm.iter().map(|warm| shared(warm, prompt)).max().unwrap_or(0);
        let best = (0..self.waiting.len()).min_by_key(|at| {
            let waiter = &self.waiting[*at];
            (waiter.urgency == Urgency::Ahead, std::cmp::Reverse(warmth(&waiter.prompt)), *at)
        })?;
        Some(self.waiting.remove(best))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.lane.state().running.retain(|running| running.id != self.id);
        self.lane.go_on();
    }
}

/// Bytes that two texts have in common from the beginning on.
fn shared(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use futures_util::FutureExt;
    use tokio::sync::mpsc;

    use super::*;

    /// Has requests wait behind a first one, and gives the order in which they went.
    async fn order(first: &str, others: &[(&str, Urgency)]) -> Vec<String> {
        let lane = Lane::new(1);
        let turn = lane.turn(first, Urgency::Live).await.unwrap();
        let (went, mut order) = mpsc::unbounded_channel();
        let mut tasks = Vec::new();
        for (prompt, urgency) in others {
            let (lane, went, prompt, urgency) = (lane.clone(), went.clone(), (*prompt).to_owned(), *urgency);
            let before = lane.state().waiting.len();
            tasks.push(tokio::spawn({
                let lane = lane.clone();
                async move {
                    let _turn = lane.turn(&prompt, urgency).await.unwrap();
                    went.send(prompt).unwrap();
                }
            }));
            while lane.state().waiting.len() == before {
                tokio::task::yield_now().await;
            }
        }
        drop((turn, went));
        let mut all = Vec::new();
        while let Some(prompt) = order.recv().await {
            all.push(prompt);
        }
        all
    }

    #[tokio::test]
    async fn a_personas_lines_go_one_after_the_other() {
        use Urgency::Live;
        let others = [("benaud: 3.2", Live), ("greig: 3.2", Live), ("benaud: 3.3", Live), ("greig: 3.3", Live)];
        let went = order("greig: 3.1", &others).await;
        assert_eq!(went, ["greig: 3.2", "greig: 3.3", "benaud: 3.2", "benaud: 3.3"]);
    }

    #[tokio::test]
    async fn who_is_waited_for_goes_first_whatever_is_warm() {
        let went = order("greig: 3.1", &[("greig: 3.2", Urgency::Ahead), ("benaud: 3.2", Urgency::Live)]).await;
        assert_eq!(went, ["benaud: 3.2", "greig: 3.2"]);
    }

    #[tokio::test]
    async fn a_line_ahead_gives_way_to_one_that_is_waited_for() {
        let lane = Lane::new(1);
        let ahead = lane.turn("ahead", Urgency::Ahead).await.unwrap();
        let second = tokio::spawn({
            let lane = lane.clone();
            async move { lane.turn("ahead too", Urgency::Ahead).await.map(drop) }
        });
        tokio::task::yield_now().await;
        assert!(!ahead.give_way.is_cancelled());
        let live = tokio::spawn({
            let lane = lane.clone();
            async move { lane.turn("live", Urgency::Live).await.map(drop) }
        });
        ahead.give_way.cancelled().await;
        drop(ahead);
        live.await.unwrap().unwrap();
        second.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn who_leaves_the_queue_or_the_place_blocks_nobody() {
        let lane = Lane::new(2);
        let (one, _two) = (lane.turn("1", Urgency::Live).await.unwrap(), lane.turn("2", Urgency::Live).await.unwrap());
        {
            let mut left = Box::pin(lane.turn("3", Urgency::Live));
            assert!(left.as_mut().now_or_never().is_none());
        }
        let mut given = Box::pin(lane.turn("4", Urgency::Live));
        assert!(given.as_mut().now_or_never().is_none());
        drop(one);
        // The turn lies ready for somebody who goes before taking it.
        drop(given);
        assert!(lane.turn("5", Urgency::Live).now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_queue_that_is_full_says_so() {
        let lane = Lane::new(1);
        let _turn = lane.turn("1", Urgency::Live).await.unwrap();
        let mut waiting: Vec<_> = (0..WAITING).map(|_| Box::pin(lane.turn("2", Urgency::Live))).collect();
        assert!(waiting.iter_mut().all(|turn| turn.as_mut().now_or_never().is_none()));
        assert_eq!(lane.turn("3", Urgency::Live).await.err(), Some(WriteError::Busy));
    }
}
