//! What is asked of a writer: the prompt, where to stop, how to sample, and by when.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::guard::Guard;
use crate::usage::Meter;

/// How many of the likeliest tokens are considered at each step. The default of llama.cpp and of Ollama alike; fixed,
/// so that the writers sample alike and a vocabulary of 150,000 is not sorted for every token.
pub(crate) const TOP_K: u16 = 40;

/// The most tokens a line may take where the asker does not say.
const USUAL_TOKENS: u32 = 64;

/// One request for a line. Made by [`WriteRequest::new`], so that what an asker has no opinion on is left as it is:
/// `WriteRequest { stop, max_tokens, ..WriteRequest::new(prompt, deadline) }`.
#[derive(Debug, Clone)]
pub struct WriteRequest {
    /// The final bytes the model reads, chat template already applied. Markers such as `<|im_start|>` are read as the
    /// model's special tokens.
    pub prompt: String,
    /// How many bytes from the prompt's start many requests share (system text, personas): the state of the model after
    /// them is worth keeping. 0: none.
    pub fixed_len: usize,
    /// Texts that end the line; the one that is met is not part of it. Empty texts are ignored.
    pub stop: Vec<String>,
    /// The most tokens to write. A line that reaches it ends there, without error, perhaps in mid-sentence.
    pub max_tokens: u32,
    /// How the next token is chosen.
    pub sampling: Sampling,
    /// Beginnings that were used lately: discouraged at the line's start, never forbidden. A hint, which the servers do
    /// not get.
    pub avoid: Vec<String>,
    /// What the text must hold to while it is written; the embedded writer asks it before each token, the servers are not
    /// told of it.
    pub guard: Option<Arc<dyn Guard>>,
    /// Whether somebody waits for the line.
    pub urgency: Urgency,
    /// When the line stops being of use. The stream yields [`WriteError::DeadlinePassed`](crate::WriteError) then.
    pub deadline: Instant,
    /// Cancelling it stops the writing between two tokens, and yields [`WriteError::Cancelled`](crate::WriteError).
    pub cancel: CancellationToken,
    /// Keeps up what the line takes, for an asker who may give it up.
    pub meter: Meter,
}

impl WriteRequest {
    /// A request for a line after `prompt`, which stops being of use at `deadline`: nothing fixed, no stop texts, at most
    /// 64 tokens, the usual sampling, nothing to avoid and no guard, [`Urgency::Live`].
    pub fn new(prompt: impl Into<String>, deadline: Instant) -> Self {
        Self {
            prompt: prompt.into(),
            fixed_len: 0,
            stop: Vec::new(),
            max_tokens: USUAL_TOKENS,
            sampling: Sampling::default(),
            avoid: Vec::new(),
            guard: None,
            urgency: Urgency::Live,
            deadline,
            cancel: CancellationToken::new(),
            meter: Meter::default(),
        }
    }
}

/// Whether somebody waits for a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// Somebody does.
    #[default]
    Live,
    /// Nobody yet: it is written in case it is wanted, and gives way to those that are.
    Ahead,
}

/// How the next token is chosen. The same settings mean the same thing to every writer: the 40 likeliest tokens, then
/// top-p, then min-p, then temperature; no repetition penalty.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sampling {
    /// 0 or less: always the likeliest token. About 0.7 reads lively; above 1.2 it rambles.
    pub temperature: f32,
    /// Keep the likeliest tokens whose probabilities reach this sum; 0 to 1, where 1 keeps all.
    pub top_p: f32,
    /// Drop tokens less likely than this share of the likeliest one; 0 to 1, where 0 drops none.
    pub min_p: f32,
    /// The same seed with the same prompt and model writes the same text. `None`: a new one each time.
    pub seed: Option<u32>,
}

impl Default for Sampling {
    fn default() -> Self {
        Self { temperature: 0.7, top_p: 0.95, min_p: 0.05, seed: None }
    }
}

impl Sampling {
    /// The same with every number in its range, since a model's sampler checks none of them; not-a-number counts as the
    /// setting that does nothing.
    pub(crate) fn bounded(self) -> Self {
        let share = |value: f32, idle: f32| if value.is_nan() { idle } else { value.clamp(0.0, 1.0) };
        Self {
            temperature: self.temperature.clamp(0.0, 5.0).max(0.0),
            top_p: share(self.top_p, 1.0),
            min_p: share(self.min_p, 0.0),
            seed: self.seed,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn sampling_reads_what_is_given_and_defaults_the_rest() {
        let read: Sampling = serde_json::from_str(r#"{"temperature":0.2,"seed":7}"#).unwrap();
        assert_eq!(read, Sampling { temperature: 0.2, seed: Some(7), ..Sampling::default() });
    }

    #[test]
    fn sampling_refuses_a_misspelt_key() {
        let refused = serde_json::from_str::<Sampling>(r#"{"temprature":0.2}"#).unwrap_err();
        assert!(refused.to_string().contains("temprature"), "{refused}");
    }

    #[test]
    fn no_number_leaves_its_range() {
        let wild = Sampling { temperature: f32::NAN, top_p: -3.0, min_p: f32::INFINITY, seed: None };
        let bounded = wild.bounded();
        assert_eq!((bounded.temperature, bounded.top_p, bounded.min_p), (0.0, 0.0, 1.0));
        assert_eq!(Sampling::default().bounded(), Sampling::default());
    }
}
