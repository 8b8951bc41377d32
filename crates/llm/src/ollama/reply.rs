//! Ollama's streamed reply: one JSON object a line, the last with `"done": true`.
//!
//! What counts as failure: a line that is not such an object, a line with `error` (sent with status 200), and an end of
//! the stream before `done`. Ollama itself ends so when its runner dies, and after 30 equal tokens.

use std::time::Duration;

use serde::Deserialize;

use crate::error::{WriteError, excerpt};
use crate::http::Endpoint;
use crate::reply::{Read, not_json};
use crate::usage::Usage;

/// One line of the reply. It has other fields too. The counts and times (nanoseconds) come with the last one; a time of
/// loading the model is among them, but none of waiting, and how much of the prompt was computed before is not told.
#[derive(Deserialize)]
struct Line {
    response: Option<String>,
    #[serde(default)]
    done: bool,
    error: Option<String>,
    prompt_eval_count: Option<u32>,
    prompt_eval_duration: Option<u64>,
    eval_count: Option<u32>,
    eval_duration: Option<u64>,
}

impl Line {
    fn usage(&self) -> Usage {
        Usage {
            prompt_tokens: self.prompt_eval_count,
            written_tokens: self.eval_count,
            prompt: self.prompt_eval_duration.map(Duration::from_nanos),
            decode: self.eval_duration.map(Duration::from_nanos),
            ..Usage::default()
        }
    }
}

/// What a line means.
pub(super) fn read(line: &[u8], endpoint: &Endpoint) -> Result<Read, WriteError> {
    if line.iter().all(u8::is_ascii_whitespace) {
        return Ok(Read::default());
    }
    let read: Line = serde_json::from_slice(line)
        .map_err(|error| not_json(&error, endpoint, "a line is not Ollama's JSON", line))?;
    if let Some(message) = read.error {
        return Err(WriteError::Server { status: 200, message: excerpt(&message) });
    }
    let usage = read.done.then(|| read.usage());
    match read.response {
        Some(text) => Ok(Read { text, usage, done: read.done }),
        None if read.done => Ok(Read { usage, done: true, ..Read::default() }),
        None => Err(endpoint.bad_reply("a line has neither text nor end", line)),
    }
}
