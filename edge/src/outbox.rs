//! What is on its way to the broker, and what the broker is to keep.
//!
//! Invariants: a line is tried only after the attempt was raised and committed; its id is the same in every attempt; a
//! line that is too old is dropped, never sent late; nothing here waits, so the desk never does. Kept topics (score,
//! last lines, state) are only remembered in their newest form and are all published again on each connection, our own
//! `online` last.
//!
//! The broker may have had a line whose acknowledgement was lost with the connection, or with us. So we listen to our own
//! lines: the broker sends back each one that it has had, and keeps them for us while we are away. After a connection is
//! made, lines whose fate is unknown wait until these echoes are in; what came back is not said twice.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
};

use serde::Deserialize;
use tokio::sync::mpsc;

use crate::{
    feed::{ToBroker, Token, Topics},
    journal::{LineRecord, LineState, Transaction},
};

/// Publications on their way at once; the connection's queue has room for these and for all acknowledgements.
const MOST_IN_FLIGHT: usize = 64;
/// Lines that may wait at once; beyond it the oldest is dropped. Twenty seconds of the busiest booth are far below.
const MOST_WAITING: usize = 512;
/// From so many waiting lines on, new messages are better held back, as long as the broker takes lines at all.
const CROWDED: usize = 128;
/// After so many attempts a line is given up.
const MOST_ATTEMPTS: u32 = 10;

#[derive(Debug)]
struct Waiting {
    line: LineRecord,
    /// The present attempt is raised and committed: it may be sent.
    cleared: bool,
    in_flight: bool,
}

#[derive(Debug)]
struct Kept {
    payload: Arc<str>,
    dirty: bool,
}

#[derive(Debug)]
enum Sent {
    Line(String),
    Other,
}

/// What is on its way out.
#[derive(Debug, Default)]
pub struct Outbox {
    waiting: VecDeque<Waiting>,
    kept: BTreeMap<String, Kept>,
    /// Published once and not kept: resync requests.
    loose: VecDeque<(String, String)>,
    /// Our own state, always published last.
    state: Option<(String, &'static str, bool)>,
    flight: HashMap<Token, Sent>,
    next: Token,
    connected: bool,
    /// Until the echoes of the last session are in.
    listening: bool,
    marks: Vec<(String, LineState, u32)>,
    expired: u64,
}

impl Outbox {
    /// Lines of the last run that may still be worth saying.
    pub fn restore(&mut self, lines: impl IntoIterator<Item = LineRecord>) {
        let open = lines.into_iter().filter(|line| matches!(line.state, LineState::New | LineState::Sent));
        self.waiting.extend(open.map(|line| Waiting { line, cleared: false, in_flight: false }));
    }

    /// Raises the first attempt of a new line, where it can leave at once. Call before committing it.
    pub fn raise_first(&self, line: &mut LineRecord) {
        if self.connected && !self.listening {
            (line.state, line.attempts) = (LineState::Sent, 1);
        }
    }

    /// Takes a line that is committed as it is.
    pub fn add(&mut self, line: LineRecord) {
        let cleared = line.state == LineState::Sent && self.connected;
        if self.waiting.len() >= MOST_WAITING
            && let Some(oldest) = self.waiting.pop_front()
        {
            self.give_up(&oldest.line, LineState::Expired);
        }
        self.waiting.push_back(Waiting { line, cleared, in_flight: false });
    }

    /// The newest form of a topic that the broker keeps.
    pub fn keep(&mut self, topic: String, payload: impl Into<Arc<str>>) {
        self.kept.insert(topic, Kept { payload: payload.into(), dirty: true });
    }

    /// Forgets a kept topic: it is not published again. The broker still has it.
    pub fn forget(&mut self, prefix: &str) {
        self.kept.retain(|topic, _| !topic.starts_with(prefix));
    }

    /// Publishes once.
    pub fn publish(&mut self, topic: String, payload: String) {
        if self.loose.len() < MOST_WAITING {
            self.loose.push_back((topic, payload));
        }
    }

    /// Our own state.
    pub fn set_state(&mut self, topic: String, state: &'static str) {
        self.state = Some((topic, state, true));
    }

    /// A session began. True when echoes must be waited for: then call [`Outbox::resume`] once they are in.
    pub fn connected(&mut self) -> bool {
        self.lost();
        self.connected = true;
        for kept in self.kept.values_mut() {
            kept.dirty = true;
        }
        if let Some((_, _, dirty)) = &mut self.state {
            *dirty = true;
        }
        self.listening = self.waiting.iter().any(|waiting| waiting.line.state == LineState::Sent);
        self.listening
    }

    /// The echoes are in; the rest is tried again.
    pub fn resume(&mut self) {
        self.listening = false;
    }

    /// The session is over: nothing of it is trusted.
    pub fn lost(&mut self) {
        self.connected = false;
        self.listening = false;
        self.flight.clear();
        for waiting in &mut self.waiting {
            (waiting.cleared, waiting.in_flight) = (false, false);
        }
    }

    /// A line came back to us: the broker has had it, and passed it on.
    pub fn echoed(&mut self, payload: &[u8]) {
        #[derive(Deserialize)]
        struct Echo {
            line_id: String,
        }
        if let Ok(echo) = serde_json::from_slice::<Echo>(payload) {
            self.arrived(&echo.line_id);
        }
    }

    fn arrived(&mut self, line_id: &str) {
        if let Some(index) = self.waiting.iter().position(|waiting| waiting.line.line_id == line_id)
            && let Some(done) = self.waiting.remove(index)
        {
            self.marks.push((done.line.line_id, LineState::Acked, done.line.attempts));
        }
    }

    /// The broker has a publication.
    pub fn published(&mut self, token: Token) {
        if let Some(Sent::Line(line_id)) = self.flight.remove(&token) {
            self.arrived(&line_id);
        }
    }

    /// Drops what is too old, and raises the attempt of what must be tried again. True when the transaction now holds
    /// something that must be on the disk before it is sent.
    pub fn raise(&mut self, now_ms: i64, transaction: &mut Transaction) -> bool {
        let mut over = Vec::new();
        self.waiting.retain(|waiting| {
            let too_old = waiting.line.expires_ms <= now_ms && !waiting.in_flight;
            let too_often = waiting.line.attempts >= MOST_ATTEMPTS && !waiting.cleared;
            if too_old || too_often {
                let state = if too_old { LineState::Expired } else { LineState::Dead };
                over.push((waiting.line.line_id.clone(), state, waiting.line.attempts));
            }
            !(too_old || too_often)
        });
        self.expired += over.len() as u64;
        self.marks.append(&mut over);
        if !self.connected || self.listening {
            return false;
        }
        let mut raised = false;
        for waiting in self.waiting.iter_mut().filter(|waiting| !waiting.cleared) {
            waiting.line.state = LineState::Sent;
            waiting.line.attempts += 1;
            waiting.cleared = true;
            raised = true;
            transaction.marks.push((waiting.line.line_id.clone(), LineState::Sent, waiting.line.attempts));
        }
        raised
    }

    /// Hands out what may leave, as far as there is room: lines first, each followed by its kept form.
    pub fn pump(&mut self, topics: &mpsc::Sender<ToBroker>) {
        if !self.connected {
            return;
        }
        for index in 0..self.waiting.len() {
            let Some(waiting) = self.waiting.get_mut(index) else { break };
            if !waiting.cleared || waiting.in_flight {
                continue;
            }
            let (topic, payload) = (waiting.line.topic.clone(), waiting.line.payload.clone());
            let sent = Sent::Line(waiting.line.line_id.clone());
            if !self.send(topics, topic.clone(), payload.clone(), false, sent) {
                return;
            }
            if let Some(waiting) = self.waiting.get_mut(index) {
                waiting.in_flight = true;
            }
            self.keep(Topics::latest(&topic), payload);
            self.pump_kept(topics);
        }
        while let Some((topic, payload)) = self.loose.front().cloned() {
            if !self.send(topics, topic, payload, false, Sent::Other) {
                return;
            }
            self.loose.pop_front();
        }
        if !self.pump_kept(topics) {
            return;
        }
        if let Some((topic, state, true)) = self.state.clone()
            && self.send(topics, topic.clone(), state.to_owned(), true, Sent::Other)
        {
            self.state = Some((topic, state, false));
        }
    }

    fn pump_kept(&mut self, out: &mpsc::Sender<ToBroker>) -> bool {
        let dirty: Vec<String> =
            self.kept.iter().filter(|(_, kept)| kept.dirty).map(|(topic, _)| topic.clone()).collect();
        for topic in dirty {
            let Some(payload) = self.kept.get(&topic).map(|kept| kept.payload.to_string()) else { continue };
            if !self.send(out, topic.clone(), payload, true, Sent::Other) {
                return false;
            }
            if let Some(kept) = self.kept.get_mut(&topic) {
                kept.dirty = false;
            }
        }
        true
    }

    fn send(&mut self, out: &mpsc::Sender<ToBroker>, topic: String, payload: String, retain: bool, sent: Sent) -> bool {
        if self.flight.len() >= MOST_IN_FLIGHT {
            return false;
        }
        self.next += 1;
        let publish = ToBroker::Publish { token: self.next, topic, payload: payload.into_bytes(), retain };
        if out.try_send(publish).is_err() {
            return false;
        }
        self.flight.insert(self.next, sent);
        true
    }

    fn give_up(&mut self, line: &LineRecord, state: LineState) {
        self.expired += 1;
        self.marks.push((line.line_id.clone(), state, line.attempts));
    }

    /// New states of lines since the last call, for the next transaction.
    pub fn take_marks(&mut self) -> Vec<(String, LineState, u32)> {
        std::mem::take(&mut self.marks)
    }

    /// Whether there are new states of lines to store.
    pub fn has_marks(&self) -> bool {
        !self.marks.is_empty()
    }

    /// Lines dropped because they were too old, since the last call.
    pub fn take_expired(&mut self) -> u64 {
        std::mem::take(&mut self.expired)
    }

    /// Lines that wait, and publications on their way.
    pub fn depth(&self) -> (usize, usize) {
        (self.waiting.len(), self.flight.len())
    }

    /// Whether lines come in faster than the broker takes them.
    pub fn is_crowded(&self) -> bool {
        self.connected && self.waiting.len() >= CROWDED
    }

    /// Whether nothing is left that could leave now.
    pub fn is_flushed(&self) -> bool {
        !self.connected
            || (self.waiting.is_empty()
                && self.flight.is_empty()
                && self.loose.is_empty()
                && self.kept.values().all(|kept| !kept.dirty)
                && self.state.as_ref().is_none_or(|(_, _, dirty)| !dirty))
    }
}

#[cfg(test)]
#[path = "outbox_tests.rs"]
mod tests;
