//! What the page shows: the newest score and the last lines of each match, and a stream of what is new.
//!
//! The desk writes, browsers read. A browser that falls behind loses updates, not the desk its time: it then gets
//! everything anew.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::broadcast;

/// Lines shown of all matches together.
const LINES: usize = 60;
/// Updates that may wait for a slow browser.
const BEHIND: usize = 64;

/// Something new.
#[derive(Debug, Clone)]
pub enum Update {
    /// A score, as JSON.
    Score(Arc<str>),
    /// A line, as JSON.
    Line(Arc<str>),
}

#[derive(Debug, Default)]
struct Shown {
    scores: BTreeMap<Arc<str>, Arc<str>>,
    lines: VecDeque<Arc<str>>,
}

/// The board.
#[derive(Debug)]
pub struct Board {
    shown: Mutex<Shown>,
    updates: broadcast::Sender<Update>,
}

impl Default for Board {
    fn default() -> Self {
        Self { shown: Mutex::default(), updates: broadcast::Sender::new(BEHIND) }
    }
}

impl Board {
    /// Shows a match's score.
    pub fn score(&self, match_id: &Arc<str>, json: Arc<str>) {
        self.lock().scores.insert(match_id.clone(), json.clone());
        // Without browsers there is nobody to tell.
        let _ = self.updates.send(Update::Score(json));
    }

    /// Shows a line.
    pub fn line(&self, json: Arc<str>) {
        {
            let mut shown = self.lock();
            if shown.lines.len() == LINES {
                shown.lines.pop_front();
            }
            shown.lines.push_back(json.clone());
        }
        let _ = self.updates.send(Update::Line(json));
    }

    /// Shows a match no longer.
    pub fn forget(&self, match_id: &str) {
        self.lock().scores.remove(match_id);
    }

    /// All scores, as a JSON array.
    pub fn scores(&self) -> String {
        array(self.lock().scores.values())
    }

    /// The last lines, oldest first, as a JSON array.
    pub fn lines(&self) -> String {
        array(self.lock().lines.iter())
    }

    /// Everything shown now, as updates, and all that follow.
    pub fn follow(&self) -> (Vec<Update>, broadcast::Receiver<Update>) {
        let shown = self.lock();
        let scores = shown.scores.values().cloned().map(Update::Score);
        let lines = shown.lines.iter().cloned().map(Update::Line);
        (scores.chain(lines).collect(), self.updates.subscribe())
    }

    /// A panic elsewhere cannot leave the board half-written: each change is one insertion.
    fn lock(&self) -> std::sync::MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn array<'a>(items: impl Iterator<Item = &'a Arc<str>>) -> String {
    let items: Vec<&str> = items.map(AsRef::as_ref).collect();
    format!("[{}]", items.join(","))
}
