//! The streamed reply of `/v1/completions`: server-sent events, one JSON object each, the last one `[DONE]`.
//!
//! Every server of this kind puts an event's whole object on one `data:` line, so a line is an event here. What counts as
//! failure: a line that is no part of such a stream, an object with `error` (sent with status 200), and an end before
//! `[DONE]`.

use futures_util::{Stream, StreamExt};
use reqwest::Response;
use serde::Deserialize;
use serde_json::Value;

use crate::error::{WriteError, excerpt};
use crate::http::{Endpoint, causes, error_words, most_bytes};
use crate::lines::Lines;

/// An event's object. It has other fields too.
#[derive(Deserialize)]
struct Event {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    text: String,
}

/// What a line means.
#[derive(Debug, PartialEq, Eq)]
enum Read {
    Text(String),
    Done,
    /// Between events: an empty line, a comment, a field that carries no text.
    Nothing,
}

/// The reply's pieces of text; ends without error only after `[DONE]`.
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
                match read(line, &endpoint)? {
                    Read::Text(piece) => {
                        received += piece.len();
                        if received > most_bytes(max_tokens) {
                            Err(endpoint.too_much())?;
                        }
                        if !piece.is_empty() {
                            yield piece;
                        }
                    }
                    Read::Done => return,
                    Read::Nothing => {}
                }
            }
            if ended {
                Err(WriteError::Truncated(format!(
                    "the server ended it after {received} bytes of text without [DONE]"
                )))?;
            }
        }
    }
}

fn read(line: &[u8], endpoint: &Endpoint) -> Result<Read, WriteError> {
    if line.is_empty() || line.starts_with(b":") {
        return Ok(Read::Nothing);
    }
    let colon = line.iter().position(|&byte| byte == b':').unwrap_or(line.len());
    let (field, value) = line.split_at(colon);
    let value = value.strip_prefix(b":").unwrap_or(value).trim_ascii();
    match field {
        b"data" if value == b"[DONE]" => Ok(Read::Done),
        b"data" => event(value, endpoint),
        // llama-server of older builds.
        b"error" => Err(server_error(value)),
        b"event" | b"id" | b"retry" => Ok(Read::Nothing),
        _ => Err(endpoint.bad_reply("a line is no server-sent event", line)),
    }
}

fn event(value: &[u8], endpoint: &Endpoint) -> Result<Read, WriteError> {
    let object: Value = serde_json::from_slice(value).map_err(|error| {
        // Whole lines are never cut, so this one is the last: the server died, it did not speak nonsense.
        if error.is_eof() {
            WriteError::Truncated("it ended inside a line".to_owned())
        } else {
            endpoint.bad_reply("an event is not JSON", value)
        }
    })?;
    if object.get("error").is_some_and(|error| !error.is_null()) {
        return Err(server_error(value));
    }
    let event: Event =
        serde_json::from_value(object).map_err(|_| endpoint.bad_reply("an event has no choices", value))?;
    Ok(Read::Text(event.choices.into_iter().map(|choice| choice.text).collect()))
}

fn server_error(value: &[u8]) -> WriteError {
    let words = serde_json::from_slice(value)
        .ok()
        .and_then(|value| error_words(&value))
        .unwrap_or_else(|| String::from_utf8_lossy(value).into_owned());
    WriteError::Server { status: 200, message: excerpt(&words) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn read_one(line: &str) -> Result<Read, WriteError> {
        read(line.as_bytes(), &Endpoint::parse("http://box.example").unwrap())
    }

    #[test]
    fn text_end_and_what_lies_between_are_told_apart() {
        assert_eq!(read_one(r#"data: {"choices":[{"text":"चौका"}]}"#), Ok(Read::Text("चौका".to_owned())));
        assert_eq!(read_one("data:[DONE]"), Ok(Read::Done));
        for nothing in ["", ": ping", "event: completion", "id"] {
            assert_eq!(read_one(nothing), Ok(Read::Nothing), "{nothing}");
        }
        // Usage, with no choice, comes at the end where it was asked for.
        assert_eq!(read_one(r#"data: {"choices":[]}"#), Ok(Read::Text(String::new())));
    }

    #[test]
    fn errors_in_the_stream_are_errors() {
        for line in [r#"data: {"error":{"message":"out of memory"}}"#, r#"error: {"message":"out of memory"}"#] {
            let Err(WriteError::Server { status, message }) = read_one(line) else {
                panic!("{line} was taken");
            };
            assert_eq!((status, message.as_str()), (200, "out of memory"));
        }
    }

    #[test]
    fn a_page_is_not_a_reply() {
        for line in ["<html>", r#"{"choices":[]}"#, r#"data: {"id":3}"#, "data: hello"] {
            assert!(matches!(read_one(line), Err(WriteError::BadReply { .. })), "{line}");
        }
    }
}
