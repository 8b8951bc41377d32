//! Ollama's streamed reply: one JSON object a line, the last with `"done": true`.
//!
//! What counts as failure: a line that is not such an object, a line with `error` (sent with status 200), and an end of
//! the stream before `done`. Ollama itself ends so when its runner dies, and after 30 equal tokens.

use serde::Deserialize;

use crate::error::{WriteError, excerpt};
use crate::http::Endpoint;
use crate::reply::{Read, not_json};

/// One line of the reply. It has other fields too, times and counts.
#[derive(Deserialize)]
struct Line {
    response: Option<String>,
    #[serde(default)]
    done: bool,
    error: Option<String>,
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
    match read.response {
        Some(text) => Ok(Read { text, done: read.done }),
        None if read.done => Ok(Read { text: String::new(), done: true }),
        None => Err(endpoint.bad_reply("a line has neither text nor end", line)),
    }
}
