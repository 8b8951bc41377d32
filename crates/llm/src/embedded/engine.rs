//! Many lines at once: continuous batching over one cache.
//!
//! The engine goes in steps. A step takes on what waits, gives each line a sequence that begins with the longest beginning
//! any kept or running sequence shares with it, puts the newest token of every line that is being written and a piece of
//! the prompts that are not computed yet into one batch, computes it, and chooses a token for each line that is due one.
//! Lines leave when they end; others join at the next step.
//!
//! Three rules keep it honest:
//! - A line gets a sequence only when all the cells it can ever need are free or promised to it, so no step fails for want
//!   of room. What is kept from earlier lines goes when it is in the way.
//! - While a line is open that somebody waits for, no other is computed: every sequence more in a batch makes it slower.
//!   One that is computed ahead and in the way is put back; its tokens are kept and computed again later.
//! - A line waits for another that is about to compute a beginning which both have, instead of computing it too.

use std::path::Path;
use std::time::Instant;

use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;

use super::cache::{Cache, Seq, common};
use super::kept::{FIXED, Kept, Kind, RECENT, Shelf};
use super::line::{Line, damaged};
use super::pace::Pace;
use super::queue::{Queue, Reply};
use super::states::States;
use crate::error::WriteError;

/// A beginning shorter than this is computed again rather than waited for.
const WORTH_WAITING: usize = 8;

/// What a line may use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Tokens of prompt and line together.
    pub(super) line: usize,
    /// Lines in a batch.
    pub(super) lines: usize,
    /// Tokens in a batch of several, at least: the rest is filled up.
    pub(super) fewest: usize,
    /// Whether a beginning can be shared, and an end forgotten: not with recurrent models, which have one state for all
    /// that went before.
    pub(super) shares: bool,
}

/// The model at work.
pub(super) struct Engine<'model> {
    model: &'model LlamaModel,
    cache: Cache<'model>,
    bounds: Bounds,
    /// In the order of their coming.
    lines: Vec<Line>,
    shelf: Shelf,
    states: Option<States>,
    pace: Pace,
}

impl<'model> Engine<'model> {
    pub(super) fn new(model: &'model LlamaModel, cache: Cache<'model>, bounds: Bounds, states: Option<States>) -> Self {
        Self { model, cache, bounds, lines: Vec::new(), shelf: Shelf::default(), states, pace: Pace::new() }
    }

    /// Works until the queue is closed.
    pub(super) fn run(&mut self, queue: &Queue) {
        while !queue.is_closing() {
            self.leave();
            self.join(queue);
            self.start();
            match self.step() {
                Some(computed) => {
                    for probe in queue.take_probes() {
                        let _ = probe.send(computed.clone());
                    }
                }
                None => self.rest(queue),
            }
        }
        let closed = WriteError::Stopped { reason: "its writer was closed".to_owned() };
        for line in std::mem::take(&mut self.lines) {
            self.finish(line, Err(closed.clone()));
        }
        self.save();
    }

    /// Nothing can be computed: whatever was put off is done, and then waited.
    fn rest(&mut self, queue: &Queue) {
        // A line that nothing keeps from starting starts. Should one be left here, waiting for it would be for ever.
        for line in std::mem::take(&mut self.lines) {
            self.finish(line, Err(WriteError::Inference { reason: "there is no room for the line".to_owned() }));
        }
        for probe in queue.take_probes() {
            let _ = probe.send(self.probe());
        }
        self.save();
        queue.wait();
    }

    /// Computes one token by itself and forgets it.
    pub(super) fn probe(&mut self) -> Result<(), WriteError> {
        let token = LlamaToken::new(self.model.vocab().bos().0.max(0));
        while self.cache.free() == 0 && self.drop_kept(None) {}
        let full = || WriteError::Inference { reason: "there is no room for a token".to_owned() };
        let seq = self.cache.open().ok_or_else(full)?;
        let place = self.cache.add(seq, token, true);
        let computed = place.and_then(|place| self.cache.compute().map(|()| place));
        let computed = computed.inspect_err(|error| self.lost(error));
        let sound = computed.and_then(|place| {
            let sound = !self.cache.logits(place).iter().any(|logit| logit.is_nan());
            sound.then_some(()).ok_or_else(damaged)
        });
        self.cache.close(seq);
        sound
    }

    /// Gives up the lines that are no longer wanted.
    fn leave(&mut self) {
        for at in (0..self.lines.len()).rev() {
            if let Err(error) = self.lines[at].job.check() {
                let line = self.lines.remove(at);
                self.finish(line, Err(error));
            }
        }
    }

    /// Takes on what waits.
    fn join(&mut self, queue: &Queue) {
        let live = self.lines.iter().filter(|line| line.job.is_live()).count();
        let room = |open: usize| self.bounds.lines.saturating_sub(open);
        let jobs = queue.take(room(live), room(self.lines.len() - live), live > 0);
        let vocab = self.model.vocab();
        self.lines.extend(jobs.into_iter().filter_map(|job| Line::new(job, &vocab, self.bounds.line)));
    }

    /// Whether a line gives way to those that somebody waits for.
    fn is_paused(&self, line: &Line) -> bool {
        !line.job.is_live() && self.lines.iter().any(|line| line.job.is_live())
    }

    /// Gives a sequence to every line that can have one now.
    fn start(&mut self) {
        for at in 0..self.lines.len() {
            let line = &self.lines[at];
            if line.seq.is_some() || self.is_paused(line) {
                continue;
            }
            if self.running() >= self.bounds.lines && !(line.job.is_live() && self.put_back()) {
                break;
            }
            if !std::mem::replace(&mut self.lines[at].looked_up, true) {
                self.load_fixed(at);
            }
            let (source, shared) = self.longest(at);
            if self.coming(at) >= shared + WORTH_WAITING {
                continue;
            }
            let Some(seq) = self.cache.open() else { break };
            if let Some(source) = source
                && self.cache.share(source, seq, shared)
            {
                self.shelf.touch(source);
            }
            if !self.make_room(at, seq) {
                self.cache.close(seq);
                break;
            }
            let reused = self.cache.tokens(seq).len();
            let line = &mut self.lines[at];
            line.begin(reused);
            line.seq = Some(seq);
            tracing::debug!(prompt = line.prompt_len, reused, "a line begins");
        }
    }

    /// Lines that have a sequence.
    fn running(&self) -> usize {
        self.lines.iter().filter(|line| line.seq.is_some()).count()
    }

    /// The sequence that begins like a line for longest, and how long. The last token is always computed anew: the choice
    /// of the next one needs its result.
    fn longest(&self, at: usize) -> (Option<Seq>, usize) {
        if !self.bounds.shares {
            return (None, 0);
        }
        let tokens = &self.lines[at].tokens;
        let wanted = &tokens[..tokens.len() - 1];
        let running = self.lines.iter().filter_map(|line| line.seq);
        let held = self.shelf.iter().map(|kept| kept.seq).chain(running);
        let shared = held.map(|seq| (seq, common(self.cache.tokens(seq), wanted))).filter(|(_, shared)| *shared > 0);
        shared.max_by_key(|(_, shared)| *shared).map_or((None, 0), |(seq, shared)| (Some(seq), shared))
    }

    /// How much of a line's beginning another, which is being computed, will have but has not yet.
    fn coming(&self, at: usize) -> usize {
        if !self.bounds.shares {
            return 0;
        }
        let tokens = &self.lines[at].tokens;
        let wanted = &tokens[..tokens.len() - 1];
        let active = self.lines.iter().filter(|line| !self.is_paused(line));
        let coming = active.filter_map(|line| {
            let shared = common(&line.tokens[..line.prompt_len], wanted);
            line.seq.filter(|seq| self.cache.tokens(*seq).len() < shared).map(|_| shared)
        });
        coming.max().unwrap_or(0)
    }

    /// Frees the cells that a line may need, given that `seq` has what it shares with others. False, and nothing done,
    /// where lines before it have them.
    fn make_room(&mut self, at: usize, seq: Seq) -> bool {
        let is_live = self.lines[at].job.is_live();
        let keeps = |line: &&Line| !is_live || line.job.is_live();
        let promised: usize = self.lines.iter().filter(keeps).map(|line| self.promised(line)).sum();
        let needed = self.lines[at].limit() - self.cache.tokens(seq).len();
        let held = self.lines.iter().filter(keeps).filter_map(|line| line.seq).chain([seq]);
        if self.cache.held_by(held) + promised + needed > self.cache.size() {
            return false;
        }
        loop {
            let promised: usize = self.lines.iter().map(|line| self.promised(line)).sum();
            if promised + needed <= self.cache.free() {
                return true;
            }
            // In the order of what is lost with it.
            let freed = self.drop_kept(Some(seq)) || (is_live && self.put_back());
            if !freed {
                return false;
            }
        }
    }

    /// Cells that a running line may still need.
    fn promised(&self, line: &Line) -> usize {
        line.seq.map_or(0, |seq| line.limit().saturating_sub(self.cache.tokens(seq).len()))
    }

    /// Forgets what is least worth keeping; false when nothing is left.
    fn drop_kept(&mut self, starting: Option<Seq>) -> bool {
        let running: Vec<Seq> = self.lines.iter().filter_map(|line| line.seq).chain(starting).collect();
        let cache = &self.cache;
        let in_use = |kept: &Kept| running.iter().any(|line| cache.tokens(*line).starts_with(cache.tokens(kept.seq)));
        let dropped = self.shelf.least(|kept| Some(in_use(kept)));
        dropped.map(|kept| self.cache.close(kept.seq)).is_some()
    }

    /// Takes its sequence from the newest line that nobody waits for; false when there is none.
    fn put_back(&mut self) -> bool {
        let mut ahead = self.lines.iter_mut().rev().filter(|line| !line.job.is_live());
        let seq = ahead.find_map(|line| line.seq.take());
        seq.map(|seq| self.cache.close(seq)).is_some()
    }

    /// Computes one batch. `None`: there was nothing to compute.
    fn step(&mut self) -> Option<Result<(), WriteError>> {
        let (due, tokens) = match self.fill() {
            Ok((_, 0)) => return None,
            Ok(filled) => filled,
            Err(error) => {
                self.cache.abandon();
                self.lost(&error);
                return Some(Err(error));
            }
        };
        let begun = Instant::now();
        if let Err(error) = self.cache.compute() {
            self.lost(&error);
            return Some(Err(error));
        }
        if tokens > due.len() {
            self.pace.took(tokens, begun.elapsed());
        }
        self.keep_fixed();
        let vocab = self.model.vocab();
        let mut over = Vec::new();
        for (at, place) in due {
            let line = &mut self.lines[at];
            match line.go_on(&vocab, self.cache.logits(place)) {
                Ok(false) => {}
                outcome => over.push((at, outcome.map(drop))),
            }
        }
        // From the back, so that the places before stay what they are.
        over.sort_unstable_by_key(|(at, _)| std::cmp::Reverse(*at));
        for (at, outcome) in over {
            let line = self.lines.remove(at);
            self.finish(line, outcome);
        }
        Some(Ok(()))
    }

    /// Fills the batch: one token of each line that is being written, then pieces of prompts. Gives the lines that are due
    /// a token afterwards with their places in the batch, and how many tokens there are in all.
    fn fill(&mut self) -> Result<(Vec<(usize, i32)>, usize), WriteError> {
        let mut due = Vec::new();
        let mut filled = 0;
        let active: Vec<(usize, Seq)> = (0..self.lines.len())
            .filter(|at| !self.is_paused(&self.lines[*at]))
            .filter_map(|at| self.lines[at].seq.map(|seq| (at, seq)))
            .collect();
        let left = |engine: &Self, at: usize, seq| engine.lines[at].tokens.len() - engine.cache.tokens(seq).len();
        let wanted = active.iter().map(|(at, seq)| left(self, *at, *seq)).sum();
        let (writing, reading): (Vec<_>, Vec<_>) = active.into_iter().partition(|(at, seq)| left(self, *at, *seq) == 1);
        let live = self.lines.iter().any(|line| line.job.is_live());
        let most = self.pace.tokens(writing.len(), wanted, live);
        for (at, seq) in writing.into_iter().chain(reading) {
            let left = left(self, at, seq);
            let now = left.min(most.saturating_sub(filled)).min(self.cache.batch_room());
            for ahead in (0..left).rev().take(now) {
                let token = self.lines[at].compute(self.cache.tokens(seq).len());
                let place = self.cache.add(seq, token, ahead == 0)?;
                filled += 1;
                if ahead == 0 {
                    due.push((at, place));
                }
            }
        }
        if filled > 1 {
            self.cache.fill_up(self.bounds.fewest);
        }
        Ok((due, filled))
    }

    /// A batch could not be computed, and what was in the cache is gone: the lines in the batch fail, the others begin
    /// anew.
    fn lost(&mut self, error: &WriteError) {
        for kept in self.shelf.clear() {
            self.cache.close(kept.seq);
        }
        for at in (0..self.lines.len()).rev() {
            let fails = self.lines[at].seq.is_some() && !self.is_paused(&self.lines[at]);
            if let Some(seq) = self.lines[at].seq.take() {
                self.cache.close(seq);
            }
            if fails {
                let line = self.lines.remove(at);
                self.finish(line, Err(error.clone()));
            }
        }
    }

    /// Tells the asker the end, and keeps what was computed of the prompt.
    fn finish(&mut self, mut line: Line, outcome: Result<(), WriteError>) {
        line.job.last(match outcome {
            Ok(()) => Reply::Done(line.usage()),
            Err(error) => Reply::Failed(error),
        });
        let Some(seq) = line.seq.take() else { return };
        self.cache.truncate(seq, line.prompt_len);
        let tokens = self.cache.tokens(seq);
        let is_new = !self.shelf.iter().any(|kept| self.cache.tokens(kept.seq).starts_with(tokens));
        if !self.bounds.shares || tokens.is_empty() || !is_new {
            return self.cache.close(seq);
        }
        let cache = &self.cache;
        // One that this one begins with is of no more use than this one.
        let older = self
            .shelf
            .least(|kept| (kept.kind == Kind::Recent && tokens.starts_with(cache.tokens(kept.seq))).then_some(()));
        let full = self.shelf.count(false) >= RECENT;
        let goes = older.or_else(|| self.shelf.least(|kept| (full && !kept.kind.is_fixed()).then_some(())));
        if let Some(goes) = goes {
            self.cache.close(goes.seq);
        }
        self.shelf.add(seq, Kind::Recent);
    }

    /// The tokens of a line's fixed part, where it has one that can be kept.
    fn fixed(&self, at: usize) -> Option<&[LlamaToken]> {
        let line = &self.lines[at];
        (self.bounds.shares && line.fixed_len > 0).then(|| &line.tokens[..line.fixed_len])
    }

    fn keeps_fixed(&self, tokens: &[LlamaToken]) -> bool {
        self.shelf.iter().any(|kept| kept.kind.is_fixed() && self.cache.tokens(kept.seq) == tokens)
    }

    /// Keeps the fixed parts that have been computed.
    fn keep_fixed(&mut self) {
        for at in 0..self.lines.len() {
            let Some(tokens) = self.fixed(at) else { continue };
            let Some(source) = self.lines[at].seq.filter(|seq| self.cache.tokens(*seq).len() >= tokens.len()) else {
                continue;
            };
            if self.keeps_fixed(tokens) {
                continue;
            }
            let length = tokens.len();
            if let Some(seq) = self.place_for_fixed() {
                if self.cache.share(source, seq, length) {
                    self.shelf.add(seq, Kind::Fixed { saved: self.states.is_none() });
                } else {
                    self.cache.close(seq);
                }
            }
        }
    }

    /// A sequence for a fixed part, at the cost of the one that was of no use for longest and is of none now; `None` when
    /// all are in use.
    fn place_for_fixed(&mut self) -> Option<Seq> {
        if self.shelf.count(true) >= FIXED {
            let running: Vec<Seq> = self.lines.iter().filter_map(|line| line.seq).collect();
            let cache = &self.cache;
            let in_use =
                |kept: &Kept| running.iter().any(|line| cache.tokens(*line).starts_with(cache.tokens(kept.seq)));
            let oldest = self.shelf.least(|kept| (kept.kind.is_fixed() && !in_use(kept)).then_some(()))?;
            self.cache.close(oldest.seq);
        }
        self.cache.open()
    }

    /// Brings a line's fixed part from the disk, if it is there and nowhere else.
    fn load_fixed(&mut self, at: usize) {
        let Some(tokens) = self.fixed(at) else { return };
        if self.longest(at).1 >= tokens.len() || self.coming(at) >= tokens.len() {
            return;
        }
        let Some(file) = self.states.as_ref().and_then(|states| states.find(tokens)) else {
            return;
        };
        let tokens = tokens.to_vec();
        let promised: usize = self.lines.iter().map(|line| self.promised(line)).sum();
        while promised + tokens.len() > self.cache.free() {
            if !self.drop_kept(None) {
                return;
            }
        }
        let Some(seq) = self.place_for_fixed() else { return };
        match self.cache.load(seq, &file, &tokens) {
            Ok(()) => {
                tracing::debug!(tokens = tokens.len(), "a fixed part comes from the disk");
                self.shelf.add(seq, Kind::Fixed { saved: true });
            }
            Err(why) => {
                States::discard(&file, &why);
                self.cache.close(seq);
            }
        }
    }

    /// Writes the fixed parts to the disk that are not there yet.
    fn save(&mut self) {
        let Some(states) = &mut self.states else { return };
        for kept in self.shelf.iter_mut() {
            if kept.kind == (Kind::Fixed { saved: false }) {
                let write = |file: &Path| self.cache.save(kept.seq, file);
                states.keep(self.cache.tokens(kept.seq), write);
                kept.kind = Kind::Fixed { saved: true };
            }
        }
    }
}
