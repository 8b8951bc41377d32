//! What can go wrong between a prompt and its line, in words a person can act on.

use std::path::PathBuf;

use thiserror::Error;

/// Why there is no line. The text says what happened and where; [`WriteError::hint`] says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WriteError {
    /// The line was not finished by the request's deadline.
    #[error("the model did not finish the line by its deadline")]
    DeadlinePassed,
    /// The request was cancelled by whoever made it.
    #[error("the request was cancelled")]
    Cancelled,
    /// The writer already has as many requests waiting as it takes.
    #[error("the model is busy: its queue is full")]
    Busy,
    /// The reply ended before the server said that it was complete. The text tells what was missing.
    #[error("the reply was cut short: {0}")]
    Truncated(String),
    /// The server answered with an error.
    #[error("the model server answered with status {status}: {message}")]
    Server {
        /// HTTP status; 200 for an error inside an answer that had begun well.
        status: u16,
        /// The server's own words, shortened.
        message: String,
    },
    /// There was no talking to the server.
    #[error("no connection to the model server at {url}: {reason}")]
    Unreachable {
        /// The address that was tried, without any user or password in it.
        url: String,
        /// What the network said.
        reason: String,
    },
    /// The server is there but does not have the model.
    #[error("the server does not have the model `{model}`")]
    ModelMissing {
        /// The name that was asked for.
        model: String,
        /// How to get it.
        hint: String,
    },
    /// The server sent something that is not its protocol.
    #[error("the server at {url} sent a reply that cannot be understood: {reason}")]
    BadReply {
        /// The address that answered.
        url: String,
        /// What was wrong, with the beginning of the offending text.
        reason: String,
    },
    /// The address of a server in the configuration is not one.
    #[error("`{address}` is not the address of a model server: {reason}")]
    BadAddress {
        /// As configured, without any user or password in it.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The model file cannot be used.
    #[error("the model {} cannot be used: {reason}", path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// What to do.
        hint: String,
    },
    /// The prompt, and at least one token of reply, do not fit the model's context.
    #[error("the prompt has {tokens} tokens; with room for a reply it must stay below the context of {context}")]
    PromptTooLong {
        /// Tokens in the prompt.
        tokens: usize,
        /// Tokens the context holds.
        context: usize,
    },
    /// The server read less than the prompt: it cut the front off, where the instructions stand.
    #[error("the server read only {read} of the prompt's about {expected} tokens: it cut the front off")]
    PromptCut {
        /// Tokens it says it read.
        read: u32,
        /// Tokens the prompt has, reckoned from how many it makes of plain prose.
        expected: u32,
    },
    /// The prompt holds nothing to continue.
    #[error("the prompt is empty")]
    EmptyPrompt,
    /// llama.cpp could not go on with this request; the next may work.
    #[error("llama.cpp could not go on: {reason}")]
    Inference {
        /// What it reported.
        reason: String,
    },
    /// The thread that owns the embedded model has ended; this writer will write no more.
    #[error("the embedded model has stopped: {reason}")]
    Stopped {
        /// Why, as far as it is known.
        reason: String,
    },
}

impl WriteError {
    /// What the user can do about it, in a sentence without a full stop; `None` where there is nothing to do.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unreachable { url, .. } => {
                Some(format!("check that the model server runs and that {url} is its address"))
            }
            Self::ModelMissing { hint, .. } | Self::Model { hint, .. } => Some(hint.clone()),
            Self::BadReply { url, .. } => {
                Some(format!("check that {url} is a model server of the configured kind, with nothing in between"))
            }
            Self::BadAddress { .. } => {
                Some("write it as http://HOST:PORT, for instance http://127.0.0.1:11434".to_owned())
            }
            Self::PromptTooLong { .. } => Some("raise the writer's context, or shorten the prompt".to_owned()),
            Self::PromptCut { expected, .. } => Some(format!(
                "give the model a context of {} or more: model.context here, and for Ollama no smaller num_ctx in its Modelfile",
                (expected + 128).next_multiple_of(256)
            )),
            Self::Server { message, .. } if is_about_context(message) => {
                Some("raise model.context, or take a model with a longer context".to_owned())
            }
            Self::Server { status: 401 | 403, .. } => Some("check the API key".to_owned()),
            Self::Stopped { .. } => Some("restart the daemon; the log says why it stopped".to_owned()),
            Self::DeadlinePassed
            | Self::Cancelled
            | Self::Busy
            | Self::Truncated(_)
            | Self::Server { .. }
            | Self::EmptyPrompt
            | Self::Inference { .. } => None,
        }
    }

    /// A short fixed name of the kind of error, fit for a metric's label.
    pub fn label(&self) -> &'static str {
        match self {
            Self::DeadlinePassed => "deadline_passed",
            Self::Cancelled => "cancelled",
            Self::Busy => "busy",
            Self::Truncated(_) => "truncated",
            Self::Server { .. } => "server",
            Self::Unreachable { .. } => "unreachable",
            Self::ModelMissing { .. } => "model_missing",
            Self::BadReply { .. } => "bad_reply",
            Self::BadAddress { .. } => "bad_address",
            Self::Model { .. } => "model",
            Self::PromptTooLong { .. } => "prompt_too_long",
            Self::PromptCut { .. } => "prompt_cut",
            Self::EmptyPrompt => "empty_prompt",
            Self::Inference { .. } => "inference",
            Self::Stopped { .. } => "stopped",
        }
    }

    /// Whether it tells against the writer, so that a breaker should count it. A cancelled, over-long or empty request
    /// is the asker's own doing, and a full queue only says that others came first.
    pub fn is_writers_fault(&self) -> bool {
        !matches!(self, Self::Cancelled | Self::Busy | Self::PromptTooLong { .. } | Self::EmptyPrompt)
    }
}

/// Whether a server's refusal is about a prompt that does not fit its context: Ollama, llama-server and vLLM each have
/// their own words.
fn is_about_context(message: &str) -> bool {
    let message = message.to_lowercase();
    message.contains("context") && ["exceed", "too long", "maximum", "longer"].iter().any(|word| message.contains(word))
}

/// The beginning of a text that came from outside, fit for one line of a message.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 200;
    let mut short: String = text.trim().chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.trim().chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(excerpt(" two\nlines "), "two lines");
        let long = excerpt(&"अ".repeat(500));
        assert_eq!(long.chars().count(), 201);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn a_refusal_for_want_of_context_comes_with_the_remedy() {
        for message in [
            "the input length exceeds the context length",
            "the request exceeds the available context size, try increasing it",
            "This model's maximum context length is 2048 tokens",
        ] {
            let refused = WriteError::Server { status: 400, message: message.to_owned() };
            assert!(refused.hint().is_some_and(|hint| hint.contains("model.context")), "{message}");
        }
        assert_eq!(WriteError::Server { status: 500, message: "out of memory".to_owned() }.hint(), None);
    }

    #[test]
    fn what_the_asker_did_does_not_tell_against_the_writer() {
        assert!(!WriteError::Cancelled.is_writers_fault());
        assert!(WriteError::DeadlinePassed.is_writers_fault());
    }
}
