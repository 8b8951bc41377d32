//! Whether a server has read the whole prompt, told by its count of tokens.
//!
//! A server with too small a context may cut a prompt's front off and answer as if nothing were amiss, status 200 and all.
//! Its own tokenizer is not to be had here, but how many tokens it makes of plain prose is: it says so for the text of a
//! probe, which no context is too small for. Commentary's prompts, full of names, figures and marks, make more tokens a
//! byte than prose, so a count well below that rate means that not all was read. Counts include what the server had
//! computed before (Ollama since 0.2.2, llama-server, vLLM).

use std::sync::{Arc, Mutex, PoisonError};

use crate::error::WriteError;
use crate::writer::Piece;

/// The text of a probe: plain English prose, about 50 tokens.
pub(crate) const PROSE: &str = "The morning was quiet and the ground was almost empty when the two of them walked out \
     to look at the pitch. It had been under the covers for most of the night, and nobody could say with any confidence \
     what it would do in the afternoon.";

/// No tokenizer makes fewer tokens than one of so many bytes, over a whole prompt in any language.
const FEWEST: f64 = 1.0 / 10.0;
/// A count below this share of what prose of the same length would make means that not all was read.
const SHARE: f64 = 0.7;

/// A server's tokens a byte of prose, once it has told.
#[derive(Clone, Default)]
pub(crate) struct Gauge(Arc<Mutex<Option<f64>>>);

impl Gauge {
    /// A piece of the reply to a prompt, passed on unless it is the end of one that was not read whole.
    ///
    /// # Errors
    /// [`WriteError::PromptCut`].
    pub(crate) fn checked(&self, prompt: &str, piece: Piece) -> Result<Piece, WriteError> {
        if let Piece::End(usage) = &piece
            && let Some(counted) = usage.prompt_tokens
        {
            self.check(prompt, counted)?;
        }
        Ok(piece)
    }

    /// Takes the server's count of a prompt's tokens.
    fn check(&self, prompt: &str, counted: u32) -> Result<(), WriteError> {
        let mut rate = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Some count nothing where everything was computed before.
        if counted == 0 {
            return Ok(());
        }
        if prompt == PROSE {
            *rate = Some(f64::from(counted) / PROSE.len() as f64);
            return Ok(());
        }
        let bytes = prompt.len() as f64;
        let least = rate.map_or(bytes * FEWEST, |rate| (bytes * rate * SHARE).max(bytes * FEWEST));
        if f64::from(counted) >= least.floor() {
            return Ok(());
        }
        let expected = rate.map_or(least, |rate| bytes * rate);
        Err(WriteError::PromptCut { read: counted, expected: expected.round() as u32 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_that_lost_its_front_is_noticed_and_a_whole_one_is_not() {
        let gauge = Gauge::default();
        let prompt = "over: 18.4 score: 148/7 bowler: A Marlow 4/21\n".repeat(40);
        assert_eq!(gauge.check(&prompt, 500), Ok(()), "before the rate is known only the plainest cut shows");
        assert!(gauge.check(&prompt, 100).is_err());
        assert_eq!(gauge.check(PROSE, 51), Ok(()));
        assert_eq!(gauge.check(&prompt, 700), Ok(()));
        let cut = gauge.check(&prompt, 256);
        assert!(matches!(cut, Err(WriteError::PromptCut { read: 256, expected: 380..=420 })), "{cut:?}");
        assert_eq!(gauge.check(&prompt, 0), Ok(()), "a server that tells nothing is believed");
    }
}
