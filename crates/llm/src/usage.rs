//! What a line took.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a line took; a figure that the writer does not tell is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Tokens in the prompt.
    pub prompt_tokens: Option<u32>,
    /// Those of them that had been computed before, for this request's sake or another's, and were not computed again.
    pub reused_tokens: Option<u32>,
    /// Tokens written, one that ends the line among them.
    pub written_tokens: Option<u32>,
    /// From the request until work on it began: the time in a queue.
    pub waited: Option<Duration>,
    /// From then until the prompt was computed.
    pub prompt: Option<Duration>,
    /// From then until the line's end.
    pub decode: Option<Duration>,
}
