//! One line on its way: its tokens, those of the prompt and those written, and what has gone out of it.

use std::time::Instant;

use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::vocab::LlamaVocab;

use super::cache::{Seq, common};
use super::choice::{Chooser, further};
use super::queue::{Job, MOST_TOKENS, Reply};
use super::text::{Taken, Text};
use crate::error::WriteError;
use crate::usage::Usage;

/// A line that is being written. Its state in the cache can be taken from it at any time: what it is made of is all here
/// and can be computed again.
pub(super) struct Line {
    pub(super) job: Job,
    /// The prompt, and behind it what was written. At least one of them is not computed yet.
    pub(super) tokens: Vec<LlamaToken>,
    pub(super) prompt_len: usize,
    /// Tokens at the beginning whose state is worth keeping for others.
    pub(super) fixed_len: usize,
    /// Whether they were looked for on the disk.
    pub(super) looked_up: bool,
    /// The most tokens it may come to.
    most: usize,
    /// Where its state is, once it is being computed.
    pub(super) seq: Option<Seq>,
    chooser: Chooser,
    discouraged: Vec<LlamaToken>,
    text: Text,
    begun: Option<Begun>,
    /// When the prompt was computed.
    prompted: Option<Instant>,
}

struct Begun {
    at: Instant,
    reused: usize,
}

impl Line {
    /// The line of a request. `None`, and the asker told, where the prompt is empty or leaves no room for a line in
    /// `size`, the tokens that they may have together.
    pub(super) fn new(job: Job, vocab: &LlamaVocab<'_>, size: usize) -> Option<Self> {
        let request = &job.request;
        let tokens = prompt_tokens(vocab, &request.prompt);
        if tokens.is_empty() {
            job.last(Reply::Failed(WriteError::EmptyPrompt));
            return None;
        }
        if tokens.len() >= size {
            let error = WriteError::PromptTooLong { tokens: tokens.len(), context: size };
            job.last(Reply::Failed(error));
            return None;
        }
        let fixed = beginning(&request.prompt, request.fixed_len);
        // Where a word goes on behind the fixed part, its tokens are others than those of the fixed part by itself.
        let fixed_len = if fixed.is_empty() { 0 } else { common(&prompt_tokens(vocab, fixed), &tokens) };
        let most = (request.max_tokens as usize).min(MOST_TOKENS).min(size - tokens.len());
        Some(Self {
            prompt_len: tokens.len(),
            fixed_len,
            looked_up: false,
            most,
            seq: None,
            chooser: Chooser::new(request.sampling),
            discouraged: openings(vocab, &request.avoid),
            text: Text::new(request.stop.clone()),
            begun: None,
            prompted: None,
            tokens,
            job,
        })
    }

    /// The most tokens that will ever be computed for it: all but the last, which nothing follows.
    pub(super) fn limit(&self) -> usize {
        self.prompt_len + self.most.saturating_sub(1)
    }

    /// Notes that work on it begins, with so many tokens that need not be computed.
    pub(super) fn begin(&mut self, reused: usize) {
        let job = &self.job;
        self.begun.get_or_insert_with(|| {
            job.request.meter.begin(u32::try_from(reused).unwrap_or(u32::MAX));
            Begun { at: Instant::now(), reused }
        });
    }

    /// The token at a place in it is computed now.
    pub(super) fn compute(&self, at: usize) -> LlamaToken {
        if at < self.prompt_len {
            self.job.request.meter.read(1);
        }
        self.tokens[at]
    }

    /// All tokens are computed: chooses the next by its `logits`, and gives whether the line has ended.
    pub(super) fn go_on(&mut self, vocab: &LlamaVocab<'_>, logits: &[f32]) -> Result<bool, WriteError> {
        self.prompted.get_or_insert_with(Instant::now);
        let discouraged: &[LlamaToken] = if self.written() == 0 { &self.discouraged } else { &[] };
        let ranked = self.chooser.rank(logits, discouraged).map_err(|_| damaged())?;
        if self.most == 0 {
            return Ok(true);
        }
        let taken = match self.take_first(vocab, ranked) {
            // Only a guard refuses.
            None => self.take_first(vocab, further(logits)),
            taken => taken,
        };
        match taken {
            Some(Taken::Free(text)) => {
                self.send(text)?;
                if self.written() < self.most {
                    return Ok(false);
                }
                let rest = self.text.end();
                self.end(rest)
            }
            Some(ended) => self.end(ended),
            // What there is of the line the guard has let pass.
            None => {
                let rest = self.text.end();
                self.end(rest)
            }
        }
    }

    /// The first of these tokens that the guard, if there is one, lets pass.
    fn take_first(&mut self, vocab: &LlamaVocab<'_>, candidates: Vec<LlamaToken>) -> Option<Taken> {
        let guard = self.job.request.guard.as_deref();
        for token in candidates {
            let taken = self.text.take(vocab, token, guard);
            if taken != Taken::Refused {
                self.tokens.push(token);
                self.job.request.meter.wrote();
                return Some(taken);
            }
        }
        None
    }

    fn end(&self, rest: Taken) -> Result<bool, WriteError> {
        if let Taken::Ended(rest) = rest {
            self.send(rest)?;
        }
        Ok(true)
    }

    fn send(&self, text: String) -> Result<(), WriteError> {
        if text.is_empty() {
            return Ok(());
        }
        // The channel has room for all; it fails only when nobody listens any more.
        self.job.reply.try_send(Reply::Text(text)).map_err(|_| WriteError::Cancelled)
    }

    fn written(&self) -> usize {
        self.tokens.len() - self.prompt_len
    }

    /// What it took until now.
    pub(super) fn usage(&self) -> Usage {
        let count = |tokens: usize| u32::try_from(tokens).ok();
        let begun = self.begun.as_ref();
        Usage {
            prompt_tokens: count(self.prompt_len),
            reused_tokens: begun.and_then(|begun| count(begun.reused)),
            written_tokens: count(self.written()),
            waited: begun.map(|begun| begun.at - self.job.asked),
            prompt: begun.zip(self.prompted).map(|(begun, prompted)| prompted - begun.at),
            decode: self.prompted.map(|prompted| prompted.elapsed()),
        }
    }
}

/// The first `length` bytes of a text, or a few less where that would cut a character.
fn beginning(text: &str, length: usize) -> &str {
    let end = (0..=length.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or(0)]
}

/// The error for a model that computes no numbers.
pub(super) fn damaged() -> WriteError {
    WriteError::Inference { reason: "the model computes no numbers; its file is damaged".to_owned() }
}

/// The prompt's tokens, markers such as `<|im_start|>` read as such. The model's own beginning-of-text token comes first
/// where its file asks for one and the prompt does not bring it; an end-of-text token never, for that would end the text
/// before it began.
fn prompt_tokens(vocab: &LlamaVocab<'_>, prompt: &str) -> Vec<LlamaToken> {
    let mut tokens = vocab.tokenize(prompt.as_bytes(), false, true);
    let begin = vocab.bos();
    if vocab.should_add_bos() && begin.0 >= 0 && !tokens.is_empty() && tokens.first() != Some(&begin) {
        tokens.insert(0, begin);
    }
    tokens
}

/// The tokens that a line with one of these openings begins with. A model may begin with or without a space.
fn openings(vocab: &LlamaVocab<'_>, avoid: &[String]) -> Vec<LlamaToken> {
    let mut tokens = Vec::new();
    for opening in avoid.iter().map(|opening| opening.trim_start()).filter(|opening| !opening.is_empty()) {
        for opening in [opening.to_owned(), format!(" {opening}")] {
            let first = vocab.tokenize(opening.as_bytes(), false, false).into_iter().next();
            // A space by itself begins every line that begins with one.
            let says = |token: &LlamaToken| !vocab.token_to_piece(*token, false, None).trim_ascii().is_empty();
            tokens.extend(first.filter(says));
        }
    }
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}
