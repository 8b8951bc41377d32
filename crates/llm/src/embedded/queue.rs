//! The requests that wait for the engine, which is one thread.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::{mpsc, oneshot};

use crate::error::WriteError;
use crate::request::{Urgency, WriteRequest};
use crate::usage::Usage;

/// Requests that may wait. More would only wait for their deadlines.
pub(super) const QUEUE: usize = 64;
/// The most tokens a line may have, whatever is asked for.
pub(super) const MOST_TOKENS: usize = 1 << 16;

/// A request and where its line goes.
pub(super) struct Job {
    pub(super) request: WriteRequest,
    pub(super) reply: mpsc::Sender<Reply>,
    /// When it was made.
    pub(super) asked: Instant,
}

/// What comes back from a request: text, then exactly one of the others. None of them means that the thread is dead.
#[derive(Debug)]
pub(super) enum Reply {
    Text(String),
    Done(Usage),
    Failed(WriteError),
}

/// The most replies a request can bring: a piece a token, the held-back rest, and the end. A channel of this size is
/// never full, so the thread waits for no reader; it takes memory only as it fills.
pub(super) fn most_replies(request: &WriteRequest) -> usize {
    (request.max_tokens as usize).min(MOST_TOKENS) + 2
}

impl Job {
    /// Why it is to be given up, if it is.
    pub(super) fn check(&self) -> Result<(), WriteError> {
        if self.request.cancel.is_cancelled() || self.reply.is_closed() {
            return Err(WriteError::Cancelled);
        }
        if self.request.deadline.into_std() <= Instant::now() {
            return Err(WriteError::DeadlinePassed);
        }
        Ok(())
    }

    pub(super) fn is_live(&self) -> bool {
        self.request.urgency == Urgency::Live
    }

    /// Sends the last there is to say. Nobody may be listening any more.
    pub(super) fn last(&self, reply: Reply) {
        let _ = self.reply.try_send(reply);
    }
}

/// A question whether the model computes, and where the answer goes.
pub(super) type Probe = oneshot::Sender<Result<(), WriteError>>;

/// The queue: filled by the writer, emptied by its thread.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    probes: Vec<Probe>,
    /// The writer is going.
    closing: bool,
    /// The thread has gone.
    ended: bool,
}

impl Queue {
    /// Adds a request. In a full queue one that is live takes the place of the newest that is not.
    ///
    /// # Errors
    /// [`WriteError::Busy`] when there is no place; [`WriteError::Stopped`] when the thread has ended.
    pub(super) fn push(&self, job: Job) -> Result<(), WriteError> {
        let mut state = self.open()?;
        if state.jobs.len() >= QUEUE {
            state.drop_given_up();
        }
        if state.jobs.len() >= QUEUE {
            let newest = state.jobs.iter().rposition(|waiting| !waiting.is_live()).filter(|_| job.is_live());
            let displaced = newest.and_then(|at| state.jobs.remove(at)).ok_or(WriteError::Busy)?;
            displaced.last(Reply::Failed(WriteError::Busy));
        }
        state.jobs.push_back(job);
        self.news.notify_one();
        Ok(())
    }

    /// Asks whether the model computes.
    ///
    /// # Errors
    /// The same as for a request.
    pub(super) fn probe(&self, probe: Probe) -> Result<(), WriteError> {
        let mut state = self.open()?;
        state.probes.retain(|waiting| !waiting.is_closed());
        if state.probes.len() >= QUEUE {
            return Err(WriteError::Busy);
        }
        state.probes.push(probe);
        self.news.notify_one();
        Ok(())
    }

    /// Tells the thread to end.
    pub(super) fn close(&self) {
        self.lock().closing = true;
        self.news.notify_one();
    }

    pub(super) fn is_closing(&self) -> bool {
        self.lock().closing
    }

    /// The thread is ending: nothing more is taken, and whoever waits learns that nothing will come.
    pub(super) fn end(&self) {
        let mut state = self.lock();
        state.ended = true;
        state.jobs.clear();
        state.probes.clear();
    }

    /// Waits until there is something to do.
    pub(super) fn wait(&self) {
        let state = self.lock();
        let idle = |state: &mut State| state.jobs.is_empty() && state.probes.is_empty() && !state.closing;
        drop(self.news.wait_while(state, idle).unwrap_or_else(PoisonError::into_inner));
    }

    /// The requests to begin with now: those that are live first, at most so many; the others only when no live one is
    /// open, here or, by `live_open`, already begun.
    pub(super) fn take(&self, live: usize, ahead: usize, live_open: bool) -> Vec<Job> {
        let mut state = self.lock();
        state.drop_given_up();
        let mut taken = Vec::new();
        while taken.len() < live
            && let Some(at) = state.jobs.iter().position(Job::is_live)
        {
            taken.extend(state.jobs.remove(at));
        }
        if !live_open && taken.is_empty() && !state.jobs.iter().any(Job::is_live) {
            let count = ahead.min(state.jobs.len());
            taken.extend(state.jobs.drain(..count));
        }
        taken
    }

    pub(super) fn take_probes(&self) -> Vec<Probe> {
        std::mem::take(&mut self.lock().probes)
    }

    fn open(&self) -> Result<MutexGuard<'_, State>, WriteError> {
        let state = self.lock();
        if state.closing || state.ended { Err(died()) } else { Ok(state) }
    }

    /// Each change under the lock is complete in itself; a panic elsewhere leaves nothing half-made.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn drop_given_up(&mut self) {
        self.jobs.retain(|job| match job.check() {
            Ok(()) => true,
            Err(error) => {
                job.last(Reply::Failed(error));
                false
            }
        });
    }
}

/// The error for a writer whose thread is gone.
pub(super) fn died() -> WriteError {
    WriteError::Stopped { reason: "its thread has ended".to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use std::time::Duration;

    use super::*;

    fn job(name: &str, urgency: Urgency) -> (Job, mpsc::Receiver<Reply>) {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(600);
        let request = WriteRequest { urgency, ..WriteRequest::new(name, deadline) };
        let (reply, pieces) = mpsc::channel(most_replies(&request));
        (Job { request, reply, asked: Instant::now() }, pieces)
    }

    fn names(jobs: &[Job]) -> Vec<&str> {
        jobs.iter().map(|job| job.request.prompt.as_str()).collect()
    }

    #[test]
    fn live_requests_pass_the_others_and_keep_them_waiting() {
        let queue = Queue::default();
        let mut listeners = Vec::new();
        for (name, urgency) in
            [("a1", Urgency::Ahead), ("l1", Urgency::Live), ("a2", Urgency::Ahead), ("l2", Urgency::Live)]
        {
            let (job, listener) = job(name, urgency);
            queue.push(job).unwrap();
            listeners.push(listener);
        }
        assert_eq!(names(&queue.take(1, 8, false)), ["l1"]);
        assert_eq!(names(&queue.take(0, 8, true)), [""; 0]);
        // One that waits counts as open too.
        assert_eq!(names(&queue.take(0, 8, false)), [""; 0]);
        assert_eq!(names(&queue.take(8, 8, false)), ["l2"]);
        assert_eq!(names(&queue.take(8, 8, true)), [""; 0]);
        assert_eq!(names(&queue.take(8, 1, false)), ["a1"]);
    }

    #[test]
    fn a_full_queue_refuses_but_a_live_request_finds_a_place() {
        let queue = Queue::default();
        let mut listeners = Vec::new();
        for _ in 0..QUEUE {
            let (job, listener) = job("early", Urgency::Ahead);
            queue.push(job).unwrap();
            listeners.push(listener);
        }
        assert_eq!(queue.push(job("late", Urgency::Ahead).0), Err(WriteError::Busy));
        let (live, _listener) = job("live", Urgency::Live);
        assert_eq!(queue.push(live), Ok(()));
        let newest = listeners.last_mut().unwrap().try_recv().unwrap();
        assert!(matches!(newest, Reply::Failed(WriteError::Busy)), "{newest:?}");
        // Those that nobody waits for any more take no place.
        listeners.truncate(QUEUE - 2);
        assert_eq!(queue.push(job("late", Urgency::Ahead).0), Ok(()));
    }

    #[test]
    fn a_request_is_given_up_for_each_of_three_reasons() {
        let (mut job, listener) = job("a prompt", Urgency::Live);
        assert_eq!(job.check(), Ok(()));
        let deadline = std::mem::replace(&mut job.request.deadline, tokio::time::Instant::now());
        assert_eq!(job.check(), Err(WriteError::DeadlinePassed));
        job.request.cancel.cancel();
        assert_eq!(job.check(), Err(WriteError::Cancelled));
        job.request.cancel = tokio_util::sync::CancellationToken::new();
        job.request.deadline = deadline;
        drop(listener);
        assert_eq!(job.check(), Err(WriteError::Cancelled));
    }

    #[test]
    fn nothing_waits_for_a_thread_that_has_ended() {
        let queue = Queue::default();
        let (waiting, mut listener) = job("a prompt", Urgency::Live);
        queue.push(waiting).unwrap();
        queue.end();
        assert!(listener.try_recv().is_err() && listener.is_closed());
        assert_eq!(queue.push(job("late", Urgency::Live).0), Err(died()));
        assert_eq!(queue.probe(oneshot::channel().0), Err(died()));
    }
}
