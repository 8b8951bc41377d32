//! The ledger of a teacher that costs: what was asked, what came back, what was paid. Append-only JSON Lines, on disk
//! before a request goes out and as soon as its answer is in, so that nothing is ever paid twice.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs::{self, File, OpenOptions, TryLockError},
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::Error;

/// What a teacher answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Answer {
    /// The text as it came; empty where it declined.
    pub(super) text: String,
    /// Whether it would not answer.
    pub(super) declined: bool,
    /// Tokens read, as the provider counted.
    pub(super) tokens_in: u64,
    /// Tokens written, as the provider counted.
    pub(super) tokens_out: u64,
}

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "lowercase", deny_unknown_fields)]
enum Entry {
    /// Before a request goes out: what it may cost at most.
    Reserve { key: String, cost: f64 },
    /// Its answer, and what it did cost.
    Settle { key: String, cost: f64, answer: Answer },
    /// It was not charged.
    Release { key: String, why: String },
    /// No answer came, but it may have been charged.
    Lost { key: String },
    /// Requests that went out together, by the provider's name for the batch.
    Batch { id: String, keys: Vec<String> },
    /// All results of a batch are in.
    Ended { id: String },
}

#[derive(Default)]
struct State {
    answers: HashMap<String, Answer>,
    /// Paid, and what may have been paid when a run ended before the answer came.
    spent: f64,
    reserved: HashMap<String, f64>,
    batches: BTreeMap<String, Vec<String>>,
}

/// A ledger, locked against a second run.
pub(super) struct Ledger {
    path: PathBuf,
    cap: Option<f64>,
    inner: Mutex<(File, State)>,
}

impl Ledger {
    /// Opens the ledger of a folder, repairs a last line that was cut, and takes it for this run alone.
    pub(super) fn open(folder: &Path, cap: Option<f64>) -> Result<Self, Error> {
        let path = folder.join("ledger.jsonl");
        let opened = fs::create_dir_all(folder)
            .and_then(|()| OpenOptions::new().read(true).append(true).create(true).open(&path));
        let mut file = opened.map_err(|error| Error::write(&path, error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::LedgerInUse(path)),
            Err(TryLockError::Error(error)) => return Err(Error::write(&path, error)),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| Error::read(&path, error))?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        if whole < bytes.len() {
            // The last run ended while it wrote: what it meant to say is lost, the line before it is not.
            file.set_len(whole as u64)
                .and_then(|()| file.seek(SeekFrom::End(0)))
                .map_err(|error| Error::write(&path, error))?;
        }
        let mut state = State::default();
        for (index, line) in
            bytes[..whole].split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty())
        {
            let entry = serde_json::from_slice(line).map_err(|error| Error::Ledger {
                path: path.clone(),
                line: index + 1,
                reason: error.to_string(),
            })?;
            state.apply(entry);
        }
        state.forget_the_lost();
        Ok(Self { path, cap, inner: Mutex::new((file, state)) })
    }

    /// The answer to a request of this or an earlier run.
    pub(super) fn answer(&self, key: &str) -> Option<Answer> {
        self.lock().1.answers.get(key).cloned()
    }

    /// Whether a request is under way, in a batch.
    pub(super) fn is_pending(&self, key: &str) -> bool {
        self.lock().1.reserved.contains_key(key)
    }

    /// What was spent so far.
    pub(super) fn spent(&self) -> f64 {
        self.lock().1.spent
    }

    /// How many answers there are.
    pub(super) fn answers(&self) -> usize {
        self.lock().1.answers.len()
    }

    /// Sets aside the most that requests may cost, all or none.
    ///
    /// # Errors
    /// [`Error::Cap`] where that would pass the cap.
    pub(super) fn reserve(&self, asks: &[(String, f64)]) -> Result<(), Error> {
        let mut inner = self.lock();
        let state = &inner.1;
        let wanted: f64 = asks.iter().map(|(_, cost)| cost).sum();
        let committed = state.spent + state.reserved.values().sum::<f64>();
        if let Some(cap) = self.cap
            && committed + wanted > cap
        {
            return Err(Error::Cap { cap, spent: state.spent, answers: state.answers.len() });
        }
        let entries = asks.iter().map(|(key, cost)| Entry::Reserve { key: key.clone(), cost: *cost });
        self.append(&mut inner, entries.collect())
    }

    /// Notes an answer and its price.
    pub(super) fn settle(&self, key: &str, cost: f64, answer: Answer) -> Result<(), Error> {
        self.append(&mut self.lock(), vec![Entry::Settle { key: key.to_owned(), cost, answer }])
    }

    /// Notes that a request cost nothing.
    pub(super) fn release(&self, keys: &[String], why: &str) -> Result<(), Error> {
        let entries = keys.iter().map(|key| Entry::Release { key: key.clone(), why: why.to_owned() });
        self.append(&mut self.lock(), entries.collect())
    }

    /// Notes that a request brought no answer and may have been charged: what was set aside counts as spent.
    pub(super) fn lose(&self, key: &str) -> Result<(), Error> {
        self.append(&mut self.lock(), vec![Entry::Lost { key: key.to_owned() }])
    }

    /// Notes that requests went out as a batch.
    pub(super) fn sent(&self, id: &str, keys: Vec<String>) -> Result<(), Error> {
        self.append(&mut self.lock(), vec![Entry::Batch { id: id.to_owned(), keys }])
    }

    /// Notes that a batch has ended; what it did not answer was not charged.
    pub(super) fn ended(&self, id: &str) -> Result<(), Error> {
        self.append(&mut self.lock(), vec![Entry::Ended { id: id.to_owned() }])
    }

    /// The batches whose results are not in.
    pub(super) fn batches(&self) -> Vec<String> {
        self.lock().1.batches.keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, (File, State)> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes entries, waits for the disk, then counts them.
    fn append(&self, inner: &mut (File, State), entries: Vec<Entry>) -> Result<(), Error> {
        let mut text = Vec::new();
        for entry in &entries {
            let written = serde_json::to_writer(&mut text, entry).map_err(std::io::Error::from);
            written.map_err(|error| Error::write(&self.path, error))?;
            text.push(b'\n');
        }
        let kept = inner.0.write_all(&text).and_then(|()| inner.0.sync_data());
        kept.map_err(|error| Error::write(&self.path, error))?;
        for entry in entries {
            inner.1.apply(entry);
        }
        Ok(())
    }
}

impl State {
    fn apply(&mut self, entry: Entry) {
        match entry {
            Entry::Reserve { key, cost } => {
                // Asked again because the run before never saw the answer: that one may have been charged.
                if let Some(lost) = self.reserved.insert(key, cost) {
                    self.spent += lost;
                }
            }
            Entry::Settle { key, cost, answer } => {
                self.reserved.remove(&key);
                self.spent += cost;
                self.answers.insert(key, answer);
            }
            Entry::Release { key, .. } => {
                self.reserved.remove(&key);
            }
            Entry::Lost { key } => {
                self.spent += self.reserved.remove(&key).unwrap_or(0.0);
            }
            Entry::Batch { id, keys } => {
                self.batches.insert(id, keys);
            }
            Entry::Ended { id } => {
                for key in self.batches.remove(&id).unwrap_or_default() {
                    self.reserved.remove(&key);
                }
            }
        }
    }

    /// What was set aside by a run that ended before the answer came may have been charged: it counts as spent.
    fn forget_the_lost(&mut self) {
        let waiting: HashSet<&String> = self.batches.values().flatten().collect();
        let lost: Vec<String> = self.reserved.keys().filter(|key| !waiting.contains(key)).cloned().collect();
        for key in lost {
            self.spent += self.reserved.remove(&key).unwrap_or(0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn answer(text: &str) -> Answer {
        Answer { text: text.to_owned(), declined: false, tokens_in: 10, tokens_out: 2 }
    }

    #[test]
    fn an_answer_is_there_after_a_restart_and_a_torn_line_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(folder.path(), Some(1.0)).unwrap();
        ledger.reserve(&[("a".to_owned(), 0.5), ("b".to_owned(), 0.25)]).unwrap();
        ledger.settle("a", 0.1, answer("Four.")).unwrap();
        drop(ledger);
        let path = folder.path().join("ledger.jsonl");
        let whole = fs::read(&path).unwrap();
        fs::write(&path, [whole.as_slice(), b"{\"entry\":\"settle\",\"key\":\"b\""].concat()).unwrap();

        let ledger = Ledger::open(folder.path(), Some(1.0)).unwrap();
        assert_eq!(ledger.answer("a"), Some(answer("Four.")));
        assert_eq!(ledger.answer("b"), None);
        assert!((ledger.spent() - 0.35).abs() < 1e-9, "what may have been charged counts: {}", ledger.spent());
        ledger.reserve(&[("b".to_owned(), 0.25)]).unwrap();
        ledger.settle("b", 0.2, answer("Six.")).unwrap();
        drop(ledger);
        assert_eq!(Ledger::open(folder.path(), None).unwrap().answers(), 2);
    }

    #[test]
    fn a_reservation_that_would_pass_the_cap_is_refused_whole() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(folder.path(), Some(1.0)).unwrap();
        ledger.reserve(&[("a".to_owned(), 0.75)]).unwrap();
        let refused = ledger.reserve(&[("b".to_owned(), 0.125), ("c".to_owned(), 0.25)]).unwrap_err();
        assert!(matches!(refused, Error::Cap { .. }), "{refused}");
        assert!(!ledger.is_pending("b"));
        ledger.release(&["a".to_owned()], "the server refused it").unwrap();
        ledger.reserve(&[("b".to_owned(), 0.125), ("c".to_owned(), 0.25)]).unwrap();
    }

    #[test]
    fn two_runs_do_not_share_a_ledger() {
        let folder = tempfile::tempdir().unwrap();
        let _ledger = Ledger::open(folder.path(), None).unwrap();
        assert!(matches!(Ledger::open(folder.path(), None), Err(Error::LedgerInUse(_))));
    }

    #[test]
    fn a_batch_is_waited_for_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(folder.path(), Some(1.0)).unwrap();
        ledger.reserve(&[("a".to_owned(), 0.5), ("b".to_owned(), 0.25)]).unwrap();
        ledger.sent("batch-1", vec!["a".to_owned(), "b".to_owned()]).unwrap();
        drop(ledger);
        let ledger = Ledger::open(folder.path(), Some(1.0)).unwrap();
        assert_eq!(ledger.batches(), ["batch-1"]);
        assert!(ledger.is_pending("a") && ledger.spent() < 1e-9);
        ledger.settle("a", 0.1, answer("Four.")).unwrap();
        ledger.ended("batch-1").unwrap();
        assert!(!ledger.is_pending("b") && ledger.batches().is_empty());
    }

    #[test]
    fn damage_in_the_middle_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ledger.jsonl"), "nonsense\n{\"entry\":\"ended\",\"id\":\"x\"}\n").unwrap();
        let error = Ledger::open(folder.path(), None).err().unwrap().to_string();
        assert!(error.contains("line 1") && error.contains("hint:"), "{error}");
    }
}
