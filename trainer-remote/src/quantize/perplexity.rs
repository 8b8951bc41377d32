//! How well a model foretells completions that it was not trained on: e to the mean negative log-likelihood of their
//! tokens, prompts not counted. 1 is certain; the vocabulary's size is a guess.

use std::{num::NonZeroU32, path::Path};

use llama_cpp_2::{
    context::params::LlamaContextParams,
    llama_batch::LlamaBatch,
    model::{LlamaModel, params::LlamaModelParams},
    token::LlamaToken,
};
use llm::WriteError;
use serde::{Deserialize, Serialize};

use super::{QuantizeError, check, llama, rows::Pair, threads};
use crate::run::Stop;

/// Tokens of a row; longer ones are left out.
const LONGEST: u32 = 1024;

/// A perplexity and what it was measured on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Perplexity {
    /// From 1 up; lower is better.
    pub perplexity: f64,
    /// Tokens of completions, their ends of turn among them.
    pub tokens: u64,
    /// Rows.
    pub rows: u64,
}

/// Measures a model on rows.
///
/// # Errors
/// When the file is no model that works, or the work was stopped.
pub fn perplexity(path: &Path, rows: &[Pair], stop: &Stop) -> Result<Perplexity, QuantizeError> {
    check(path)?;
    let unusable = |reason: String| -> QuantizeError {
        let hint = "make it anew with `gguf --force`".to_owned();
        WriteError::Model { path: path.to_owned(), reason, hint }.into()
    };
    let backend = llama()?;
    let model = LlamaModel::load_from_file(backend, path, &LlamaModelParams::default())
        .map_err(|error| unusable(format!("llama.cpp refused it ({error})")))?;
    let size = LONGEST.min(model.n_ctx_train().max(64));
    let threads = threads();
    let params = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(size))
        .with_n_batch(size)
        .with_n_ubatch(size)
        .with_n_threads(threads)
        .with_n_threads_batch(threads);
    let mut context =
        model.new_context(backend, params).map_err(|error| unusable(format!("no context for it ({error})")))?;
    let mut batch = LlamaBatch::new(size as usize, 1);
    let (mut loss, mut tokens, mut measured) = (0.0, 0_u64, 0_u64);
    for row in rows {
        if stop.is_cancelled() {
            return Err(QuantizeError::Stopped);
        }
        let (ids, prompt) = ids(&model, row);
        if prompt == 0 || ids.len() > size as usize || ids.len() == prompt {
            continue;
        }
        batch.clear();
        context.clear_kv_cache();
        for (position, id) in (0..).zip(&ids) {
            // The last token foretells nothing that is known.
            let wanted = position as usize + 1 >= prompt && position as usize + 1 < ids.len();
            batch.add(*id, position, &[0], wanted).map_err(|error| unusable(error.to_string()))?;
        }
        context.decode(&mut batch).map_err(|error| unusable(error.to_string()))?;
        for (before, next) in (-1..).zip(&ids).skip(prompt) {
            let logits = context.get_logits_ith(before);
            loss += surprise(logits, *next).ok_or_else(|| unusable("it computes no numbers".to_owned()))?;
            tokens += 1;
        }
        measured += 1;
    }
    if tokens == 0 {
        return Err(unusable(format!("none of {} rows fits its context of {size} tokens", rows.len())));
    }
    Ok(Perplexity { perplexity: (loss / tokens as f64).exp(), tokens, rows: measured })
}

/// A row's tokens, and how many of them are the prompt's.
fn ids(model: &LlamaModel, row: &Pair) -> (Vec<LlamaToken>, usize) {
    let vocab = model.vocab();
    let mut ids = vocab.tokenize(row.prompt.as_bytes(), false, true);
    if vocab.should_add_bos() && vocab.bos().0 >= 0 && ids.first() != Some(&vocab.bos()) {
        ids.insert(0, vocab.bos());
    }
    let prompt = ids.len();
    vocab.tokenize_into(row.completion.as_bytes(), &mut ids, false, true);
    (ids, prompt)
}

/// The negative log-likelihood of a token; `None` where the logits are no numbers.
fn surprise(logits: &[f32], token: LlamaToken) -> Option<f64> {
    let chosen = f64::from(*logits.get(usize::try_from(token.0).ok()?)?);
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|logit| f64::from(logit - most).exp()).sum();
    let loss = sum.ln() + f64::from(most) - chosen;
    loss.is_finite().then_some(loss)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_guess_costs_the_logarithm_of_the_choice() {
        let even = surprise(&[3.0; 8], LlamaToken::new(5)).unwrap_or_default();
        assert!((even - 8_f64.ln()).abs() < 1e-9);
        assert_eq!(surprise(&[f32::NAN; 8], LlamaToken::new(5)), None);
        assert_eq!(surprise(&[0.0; 8], LlamaToken::new(8)), None);
        assert_eq!(surprise(&[0.0; 8], LlamaToken::new(-1)), None);
    }
}
