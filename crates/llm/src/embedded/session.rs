//! Prompt in, text out: one model, one context, one sequence of tokens.
//!
//! Whatever stands in the context's cache is kept between requests; a new prompt only computes what comes after the
//! longest beginning it shares with that. llama.cpp answers misuse with an abort of the whole process, so every count is
//! checked here before it is passed on.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use tokio::sync::mpsc;

use super::backend::backend;
use super::worker::{MOST_TOKENS, Reply, unusable};
use super::{EmbeddedConfig, threads};
use crate::error::WriteError;
use crate::request::{Sampling, TOP_K, WriteRequest};
use crate::stop::StopScan;
use crate::usage::Usage;
use crate::utf8::Utf8Joiner;

/// Prompt tokens computed in one go, between two looks at deadline and cancel: under a second on a Pi.
const CHUNK: usize = 64;
/// No sensible prompt fits into less.
const SMALLEST_CONTEXT: u32 = 64;

/// When to give a request up.
pub(super) struct Watch<'a> {
    pub(super) request: &'a WriteRequest,
    pub(super) reply: &'a mpsc::Sender<Reply>,
    pub(super) closing: &'a AtomicBool,
}

impl Watch<'_> {
    fn check(&self) -> Result<(), WriteError> {
        if self.closing.load(Ordering::Relaxed) {
            return Err(WriteError::Stopped { reason: "its writer was closed".to_owned() });
        }
        if self.request.cancel.is_cancelled() || self.reply.is_closed() {
            return Err(WriteError::Cancelled);
        }
        if self.request.deadline.into_std() <= std::time::Instant::now() {
            return Err(WriteError::DeadlinePassed);
        }
        Ok(())
    }

    fn send(&self, text: String) -> Result<(), WriteError> {
        if text.is_empty() {
            return Ok(());
        }
        // The channel has room for all; it fails only when nobody listens any more.
        self.reply.try_send(Reply::Text(text)).map_err(|_| WriteError::Cancelled)
    }
}

/// A model's context and what is in it.
pub(super) struct Session<'model> {
    model: &'model LlamaModel,
    context: LlamaContext<'model>,
    batch: LlamaBatch<'static>,
    /// Tokens the context may hold.
    size: usize,
    /// The tokens whose state is in the cache, from position 0 on.
    held: Vec<LlamaToken>,
}

impl<'model> Session<'model> {
    pub(super) fn start(model: &'model LlamaModel, config: &EmbeddedConfig) -> Result<Self, WriteError> {
        let trained = model.n_ctx_train().max(SMALLEST_CONTEXT);
        let wanted = config.context.max(SMALLEST_CONTEXT);
        let size = wanted.min(trained);
        if size != config.context {
            tracing::warn!(
                configured = config.context,
                used = size,
                trained,
                "the context was fitted to what the model allows"
            );
        }
        let threads = config.threads.map_or_else(threads::usual, |threads| threads as usize);
        let threads = i32::try_from(threads.clamp(1, 256)).unwrap_or(1);
        let chunk = CHUNK as u32;
        let params = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(size))
            .with_n_batch(chunk)
            .with_n_ubatch(chunk)
            .with_n_seq_max(1)
            .with_n_threads(threads)
            .with_n_threads_batch(threads);
        let backend = backend().ok_or_else(|| unusable(config, "llama.cpp is not running"))?;
        let context = model
            .new_context(backend, params)
            .map_err(|error| unusable(config, &format!("there is no context for it ({error})")))?;
        // llama.cpp rounds the size in both directions; the smaller figure is safe.
        let size = size.min(context.n_ctx()) as usize;
        tracing::info!(model = %config.model.display(), context = size, threads, "the embedded model is ready");
        Ok(Self { model, context, batch: LlamaBatch::new(CHUNK, 1), size, held: Vec::with_capacity(size) })
    }

    /// Computes one token behind what is held, and forgets it again, so that the cache stays warm.
    pub(super) fn probe(&mut self) -> Result<(), WriteError> {
        let kept = self.held.len().min(self.size - 1);
        self.keep(kept);
        let token = self.held.last().copied().unwrap_or(LlamaToken::new(0));
        let kept = self.held.len();
        self.compute(&[token], true)?;
        self.check_numbers()?;
        self.keep(kept);
        Ok(())
    }

    /// Writes one line: sends its text as it comes, and returns at the end of the line or when it is given up.
    pub(super) fn write(&mut self, request: &WriteRequest, watch: &Watch) -> Result<Usage, WriteError> {
        let begun = Instant::now();
        watch.check()?;
        let prompt = self.tokens(&request.prompt);
        if prompt.is_empty() {
            return Err(WriteError::EmptyPrompt);
        }
        if prompt.len() >= self.size {
            return Err(WriteError::PromptTooLong { tokens: prompt.len(), context: self.size });
        }
        let room = self.size - prompt.len();
        // The last token is always computed anew: the choice of the next one needs its result.
        let shared = shared_beginning(&self.held, &prompt).min(prompt.len() - 1);
        self.keep(shared);
        let shared = self.held.len();
        tracing::debug!(prompt = prompt.len(), reused = shared, "a line begins");
        for (index, chunk) in prompt[shared..].chunks(CHUNK).enumerate() {
            watch.check()?;
            let is_last = shared + index * CHUNK + chunk.len() == prompt.len();
            self.compute(chunk, is_last)?;
        }
        self.check_numbers()?;
        let most = (request.max_tokens as usize).min(room).min(MOST_TOKENS);
        let computed = Instant::now();
        let count = |tokens: usize| u32::try_from(tokens).ok();
        let written = self.line(request, most, watch)?;
        Ok(Usage {
            prompt_tokens: count(prompt.len()),
            reused_tokens: count(shared),
            written_tokens: count(written),
            waited: None,
            prompt: Some(computed - begun),
            decode: Some(computed.elapsed()),
        })
    }

    /// The reply to the prompt that was just computed, at most `most` tokens; gives how many there were.
    fn line(&mut self, request: &WriteRequest, most: usize, watch: &Watch) -> Result<usize, WriteError> {
        let mut sampler = sampler(request.sampling);
        let mut characters = Utf8Joiner::default();
        let mut scan = StopScan::new(request.stop.clone());
        let mut written = 0;
        while written < most {
            watch.check()?;
            let token = sampler.sample(&self.context, -1);
            written += 1;
            let vocab = self.model.vocab();
            if vocab.is_eog(token) {
                break;
            }
            if vocab.is_control(token) {
                // A marker is no text and never goes out, but it may be where the caller wants to stop.
                let marker = vocab.token_to_piece(token, true, None);
                if scan.is_stop(&String::from_utf8_lossy(&marker)) {
                    break;
                }
            } else {
                let text = characters.push(&vocab.token_to_piece(token, false, None));
                let (free, stopped) = scan.push(&text);
                watch.send(free)?;
                if stopped {
                    return Ok(written);
                }
            }
            if written < most {
                self.compute(&[token], true)?;
            }
        }
        watch.send(scan.finish())?;
        Ok(written)
    }

    /// The prompt's tokens, markers such as `<|im_start|>` read as such. The model's own beginning-of-text token comes
    /// first where its file asks for one and the prompt does not bring it; an end-of-text token never, for that would end
    /// the text before it began.
    fn tokens(&self, prompt: &str) -> Vec<LlamaToken> {
        let vocab = self.model.vocab();
        let mut tokens = vocab.tokenize(prompt.as_bytes(), false, true);
        let begin = vocab.bos();
        if vocab.should_add_bos() && begin.0 >= 0 && !tokens.is_empty() && tokens.first() != Some(&begin) {
            tokens.insert(0, begin);
        }
        tokens
    }

    /// Drops all but the first `count` tokens from the cache, or all where the model cannot forget in part (recurrent
    /// ones) or has forgotten the beginning by itself (sliding windows).
    fn keep(&mut self, count: usize) {
        if count == self.held.len() {
            return;
        }
        let from = u32::try_from(count).ok();
        let forgotten = from.is_some()
            && count > 0
            && self.context.clear_kv_cache_seq(Some(0), from, None).unwrap_or(false)
            && self.context.kv_cache_seq_pos_min(0) == 0;
        if forgotten {
            self.held.truncate(count);
        } else {
            self.context.clear_kv_cache();
            self.held.clear();
        }
    }

    /// Computes at most [`CHUNK`] tokens behind what is held; with `choose`, the result of the last is ready for a choice
    /// afterwards.
    fn compute(&mut self, tokens: &[LlamaToken], choose: bool) -> Result<(), WriteError> {
        if tokens.is_empty() || tokens.len() > CHUNK || self.held.len() + tokens.len() > self.size {
            return Err(WriteError::Inference {
                reason: format!("{} tokens do not fit behind {}", tokens.len(), self.held.len()),
            });
        }
        self.batch.clear();
        for (index, token) in tokens.iter().enumerate() {
            let position = i32::try_from(self.held.len() + index).unwrap_or(i32::MAX);
            let wanted = choose && index + 1 == tokens.len();
            let added = self.batch.add(*token, position, &[0], wanted);
            added.map_err(|error| WriteError::Inference { reason: error.to_string() })?;
        }
        if let Err(error) = self.context.decode(&mut self.batch) {
            // What it left in the cache is anyone's guess.
            self.context.clear_kv_cache();
            self.held.clear();
            return Err(WriteError::Inference { reason: error.to_string() });
        }
        self.held.extend_from_slice(tokens);
        Ok(())
    }

    /// A damaged file can load well and compute nonsense that no sampler can choose from.
    fn check_numbers(&self) -> Result<(), WriteError> {
        if self.context.get_logits_ith(-1).iter().any(|logit| logit.is_nan()) {
            return Err(WriteError::Inference {
                reason: "the model computes no numbers; its file is damaged".to_owned(),
            });
        }
        Ok(())
    }
}

/// How many tokens two sequences have in common from the beginning on.
fn shared_beginning(held: &[LlamaToken], prompt: &[LlamaToken]) -> usize {
    held.iter().zip(prompt).take_while(|(held, wanted)| held == wanted).count()
}

fn sampler(sampling: Sampling) -> LlamaSampler {
    // To llama.cpp this seed means "any".
    const ANY: u32 = u32::MAX;
    let sampling = sampling.bounded();
    if sampling.temperature <= 0.0 {
        return LlamaSampler::greedy();
    }
    LlamaSampler::chain_simple([
        LlamaSampler::top_k(TOP_K.into()),
        LlamaSampler::top_p(sampling.top_p, 1),
        LlamaSampler::min_p(sampling.min_p, 1),
        LlamaSampler::temp(sampling.temperature),
        LlamaSampler::dist(sampling.seed.map_or(ANY, |seed| seed.min(ANY - 1))),
    ])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use std::time::Duration;

    use tokio::time::Instant;
    use tokio_util::sync::CancellationToken;

    use super::*;

    #[test]
    fn a_request_is_given_up_for_each_of_four_reasons() {
        let mut request = WriteRequest::new("a prompt", Instant::now() + Duration::from_secs(60));
        let (reply, listener) = mpsc::channel(1);
        let (open, closing) = (AtomicBool::new(false), AtomicBool::new(true));
        let check = |request: &WriteRequest, closing: &AtomicBool| Watch { request, reply: &reply, closing }.check();
        assert_eq!(check(&request, &open), Ok(()));
        assert!(matches!(check(&request, &closing), Err(WriteError::Stopped { .. })));
        request.deadline = Instant::now();
        assert_eq!(check(&request, &open), Err(WriteError::DeadlinePassed));
        request.cancel.cancel();
        assert_eq!(check(&request, &open), Err(WriteError::Cancelled));
        request.cancel = CancellationToken::new();
        request.deadline += Duration::from_secs(60);
        drop(listener);
        assert_eq!(check(&request, &open), Err(WriteError::Cancelled));
    }

    #[test]
    fn the_shared_beginning_ends_at_the_first_difference() {
        let tokens = |ids: &[i32]| ids.iter().copied().map(LlamaToken::new).collect::<Vec<_>>();
        let shared = |held: &[i32], prompt: &[i32]| shared_beginning(&tokens(held), &tokens(prompt));
        assert_eq!(shared(&[1, 2, 3], &[1, 2, 4, 3]), 2);
        assert_eq!(shared(&[1, 2], &[1, 2, 3]), 2);
        assert_eq!(shared(&[], &[1]), 0);
    }
}
