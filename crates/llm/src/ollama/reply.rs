//! Ollama's streamed reply: one JSON object a line, the last with `"done": true`.
//!
//! What counts as failure: a line that is not such an object, a line with `error` (sent with status 200), and an end of
//! the stream before `done`. Ollama itself ends so when its runner dies, and after 30 equal tokens.

use futures_util::{Stream, StreamExt};
use reqwest::Response;
use serde::Deserialize;

use crate::error::{WriteError, excerpt};
use crate::http::{Endpoint, causes, most_bytes};
use crate::lines::Lines;

/// One line of the reply. It has other fields too, times and counts.
#[derive(Deserialize)]
struct Line {
    response: Option<String>,
    #[serde(default)]
    done: bool,
    error: Option<String>,
}

/// The reply's pieces of text; ends without error only after `done`.
pub(super) fn text(
    response: Response,
    endpoint: Endpoint,
    max_tokens: u32,
) -> impl Stream<Item = Result<String, WriteError>> {
    async_stream::try_stream! {
        let mut lines = Lines::default();
        let mut received = 0;
        let mut bytes = response.bytes_stream();
        loop {
            let more = bytes.next().await;
            let ended = more.is_none();
            match more {
                Some(Ok(more)) => lines
                    .push(&more)
                    .map_err(|_| endpoint.bad_reply("a line without end", &more))?,
                Some(Err(error)) => Err(WriteError::Truncated(format!(
                    "the connection broke after {received} bytes of text ({})",
                    causes(&error)
                )))?,
                None => {}
            }
            while let Some(line) = lines.next(ended) {
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                let (piece, done) = read(line, &endpoint)?;
                received += piece.len();
                if received > most_bytes(max_tokens) {
                    Err(endpoint.too_much())?;
                }
                if !piece.is_empty() {
                    yield piece;
                }
                if done {
                    return;
                }
            }
            if ended {
                Err(WriteError::Truncated(format!(
                    "the server ended it after {received} bytes of text without saying that it was done"
                )))?;
            }
        }
    }
}

/// A line's text and whether it is the last.
fn read(line: &[u8], endpoint: &Endpoint) -> Result<(String, bool), WriteError> {
    let read: Line = serde_json::from_slice(line).map_err(|error| {
        // Whole lines are never cut, so this one is the last: the server died, it did not speak nonsense.
        if error.is_eof() {
            WriteError::Truncated("it ended inside a line".to_owned())
        } else {
            endpoint.bad_reply("a line is not Ollama's JSON", line)
        }
    })?;
    if let Some(message) = read.error {
        return Err(WriteError::Server { status: 200, message: excerpt(&message) });
    }
    match read.response {
        Some(piece) => Ok((piece, read.done)),
        None if read.done => Ok((String::new(), true)),
        None => Err(endpoint.bad_reply("a line has neither text nor end", line)),
    }
}
