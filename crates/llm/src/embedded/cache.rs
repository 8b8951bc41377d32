//! llama.cpp's context, and an exact account of what is in it.
//!
//! llama.cpp answers misuse with an abort of the whole process: a sequence number out of range, a batch that is too
//! long, a position that does not follow. So everything that is passed on goes through here and is checked here, and the
//! account is kept here alone.
//!
//! The cache is unified: all sequences live in one store of cells, and a copy of a beginning only notes one holder more.

use std::path::Path;

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::token::LlamaToken;

use super::cells::Cells;
use crate::error::WriteError;

/// The number of a sequence. Only the cache makes them, so they are always in range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seq(u16);

#[derive(Debug, Default)]
struct Sequence {
    open: bool,
    tokens: Vec<LlamaToken>,
    cells: Vec<u32>,
}

/// A context and what its cells hold.
pub(super) struct Cache<'model> {
    context: LlamaContext<'model>,
    batch: LlamaBatch<'static>,
    /// Tokens that a batch takes.
    batch_size: usize,
    cells: Cells,
    sequences: Vec<Sequence>,
    /// Has the tokens that only fill the batch up.
    filler: Option<Seq>,
}

impl<'model> Cache<'model> {
    /// `cells`, `sequences` and `batch_size` as the context was made with.
    pub(super) fn new(context: LlamaContext<'model>, cells: usize, sequences: u16, batch_size: usize) -> Self {
        Self {
            context,
            batch: LlamaBatch::new(batch_size, 1),
            batch_size,
            cells: Cells::new(cells),
            sequences: std::iter::repeat_with(Sequence::default).take(sequences.into()).collect(),
            filler: None,
        }
    }

    /// Tokens that fit in all.
    pub(super) fn size(&self) -> usize {
        self.cells.count()
    }

    /// Tokens that fit beside what is held.
    pub(super) fn free(&self) -> usize {
        self.cells.free()
    }

    /// A sequence without tokens, in nobody's use; `None` when all are in use.
    pub(super) fn open(&mut self) -> Option<Seq> {
        let number = self.sequences.iter().position(|sequence| !sequence.open)?;
        self.sequences[number].open = true;
        Some(Seq(number as u16))
    }

    /// Forgets a sequence and gives its number back.
    pub(super) fn close(&mut self, seq: Seq) {
        self.clear(seq);
        self.of(seq).open = false;
    }

    /// The tokens of a sequence whose state is held.
    pub(super) fn tokens(&self, seq: Seq) -> &[LlamaToken] {
        &self.sequences[usize::from(seq.0)].tokens
    }

    /// How many distinct cells these sequences hold together.
    pub(super) fn held_by(&self, sequences: impl Iterator<Item = Seq>) -> usize {
        let mut held = vec![false; self.cells.count()];
        for seq in sequences {
            for cell in &self.sequences[usize::from(seq.0)].cells {
                held[*cell as usize] = true;
            }
        }
        held.into_iter().filter(|held| *held).count()
    }

    /// Lets the empty sequence `to` hold the first `count` tokens of `from` too. False, and nothing done, where `from` no
    /// longer has them: a sliding window forgets its beginning.
    pub(super) fn share(&mut self, from: Seq, to: Seq, count: usize) -> bool {
        let end = u32::try_from(count).ok();
        if from == to || count > self.tokens(from).len() || !self.tokens(to).is_empty() || !self.is_whole(from) {
            return false;
        }
        if self.context.kv_cache_seq_cp(from.id(), to.id(), Some(0), end).is_err() {
            return false;
        }
        let source = self.of(from);
        let (tokens, cells) = (source.tokens[..count].to_vec(), source.cells[..count].to_vec());
        for cell in &cells {
            self.cells.share(*cell);
        }
        *self.of(to) = Sequence { open: true, tokens, cells };
        true
    }

    /// Forgets all but the first `count` tokens of a sequence, or all of them where the model cannot forget in part.
    pub(super) fn truncate(&mut self, seq: Seq, count: usize) {
        if count >= self.tokens(seq).len() {
            return;
        }
        let from = u32::try_from(count).ok();
        if count == 0 || !self.context.clear_kv_cache_seq(Some(seq.0.into()), from, None).unwrap_or(false) {
            return self.clear(seq);
        }
        let sequence = &mut self.sequences[usize::from(seq.0)];
        sequence.tokens.truncate(count);
        for cell in sequence.cells.drain(count..) {
            self.cells.release(cell);
        }
    }

    /// Tokens that the batch still takes.
    pub(super) fn batch_room(&self) -> usize {
        self.batch_size - self.batch.n_tokens() as usize
    }

    /// Puts a token behind a sequence, to be computed with the next batch; with `choose`, what may follow it is known
    /// then. Gives its place in the batch.
    pub(super) fn add(&mut self, seq: Seq, token: LlamaToken, choose: bool) -> Result<i32, WriteError> {
        let place = self.batch.n_tokens();
        let full = |what: &str| WriteError::Inference { reason: format!("there is no room for a token in the {what}") };
        if self.batch_room() == 0 {
            return Err(full("batch"));
        }
        let cell = self.cells.take().ok_or_else(|| full("context"))?;
        let sequence = &mut self.sequences[usize::from(seq.0)];
        let position = i32::try_from(sequence.tokens.len()).unwrap_or(i32::MAX);
        sequence.tokens.push(token);
        sequence.cells.push(cell);
        self.batch
            .add(token, position, &[seq.id()], choose)
            .map_err(|error| WriteError::Inference { reason: error.to_string() })?;
        Ok(place)
    }

    /// Fills the batch up to so many tokens, as far as there is room, with some that are forgotten once it is computed.
    pub(super) fn fill_up(&mut self, tokens: usize) {
        let most = tokens.saturating_sub(self.batch.n_tokens() as usize).min(self.batch_room()).min(self.free());
        if most == 0 {
            return;
        }
        self.filler = self.open();
        let Some(seq) = self.filler else { return };
        for _ in 0..most {
            // Every vocabulary has a first token, and there is room.
            let _ = self.add(seq, LlamaToken::new(0), false);
        }
    }

    /// Computes the batch.
    ///
    /// # Errors
    /// When llama.cpp gives up. What it leaves in the cache then is anyone's guess, so every sequence has become empty.
    pub(super) fn compute(&mut self) -> Result<(), WriteError> {
        let computed = self.context.decode(&mut self.batch);
        self.batch.clear();
        if let Some(filler) = self.filler.take() {
            self.close(filler);
        }
        computed.map_err(|error| {
            self.context.clear_kv_cache();
            self.cells = Cells::new(self.cells.count());
            for sequence in &mut self.sequences {
                sequence.tokens.clear();
                sequence.cells.clear();
            }
            WriteError::Inference { reason: error.to_string() }
        })
    }

    /// Forgets what was put into the batch, and every sequence with it: for a batch that cannot be computed.
    pub(super) fn abandon(&mut self) {
        self.batch.clear();
        for number in 0..self.sequences.len() {
            self.clear(Seq(number as u16));
        }
    }

    /// What may follow the token at this place of the batch just computed, which was added for choosing: for each token of
    /// the vocabulary a number that is higher the likelier it is.
    pub(super) fn logits(&self, place: i32) -> &[f32] {
        self.context.get_logits_ith(place)
    }

    /// Writes a sequence and its state into a file.
    pub(super) fn save(&self, seq: Seq, file: &Path) -> Result<(), String> {
        let saved = self.context.state_seq_save_file(file, seq.id(), self.tokens(seq));
        saved.map(drop).map_err(|error| error.to_string())
    }

    /// Reads a sequence and its state into an empty sequence; `tokens` is what it must hold.
    pub(super) fn load(&mut self, seq: Seq, file: &Path, tokens: &[LlamaToken]) -> Result<(), String> {
        if tokens.len() > self.cells.free() || !self.tokens(seq).is_empty() {
            return Err("there is no room for it".to_owned());
        }
        let loaded = self.context.state_seq_load_file(file, seq.id(), tokens.len());
        let last = self.context.kv_cache_seq_pos_max(seq.id());
        let wanted = i32::try_from(tokens.len()).unwrap_or(i32::MAX) - 1;
        let fault = match loaded {
            Ok((read, _)) if read == tokens && self.is_whole(seq) && last == wanted => None,
            Ok(_) => Some("it is of another text".to_owned()),
            Err(error) => Some(error.to_string()),
        };
        let sequence = &mut self.sequences[usize::from(seq.0)];
        if let Some(fault) = fault {
            self.clear(seq);
            return Err(fault);
        }
        sequence.tokens.extend_from_slice(tokens);
        sequence.cells.extend((0..tokens.len()).map_while(|_| self.cells.take()));
        Ok(())
    }

    fn of(&mut self, seq: Seq) -> &mut Sequence {
        &mut self.sequences[usize::from(seq.0)]
    }

    fn is_whole(&self, seq: Seq) -> bool {
        self.context.kv_cache_seq_pos_min(seq.id()) == 0
    }

    fn clear(&mut self, seq: Seq) {
        // A whole sequence can be forgotten by every model.
        let _ = self.context.clear_kv_cache_seq(Some(seq.0.into()), None, None);
        let sequence = &mut self.sequences[usize::from(seq.0)];
        sequence.tokens.clear();
        for cell in sequence.cells.drain(..) {
            self.cells.release(cell);
        }
    }
}

impl Seq {
    fn id(self) -> i32 {
        self.0.into()
    }
}

/// How many tokens two texts have in common from the beginning on.
pub(super) fn common(one: &[LlamaToken], other: &[LlamaToken]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_beginning_ends_at_the_first_difference() {
        let tokens = |ids: &[i32]| ids.iter().copied().map(LlamaToken::new).collect::<Vec<_>>();
        let common = |one: &[i32], other: &[i32]| common(&tokens(one), &tokens(other));
        assert_eq!(common(&[1, 2, 3], &[1, 2, 4, 3]), 2);
        assert_eq!(common(&[1, 2], &[1, 2, 3]), 2);
        assert_eq!(common(&[], &[1]), 0);
    }
}
