//! The streamed reply of `/v1/completions`: server-sent events, one JSON object each, the last one `[DONE]`.
//!
//! Every server of this kind puts an event's whole object on one `data:` line, so a line is an event here. What counts as
//! failure: a line that is no part of such a stream, an object with `error` (sent with status 200), and an end before
//! `[DONE]`.

use serde::Deserialize;
use serde_json::Value;

use crate::error::{WriteError, excerpt};
use crate::http::{Endpoint, error_words};
use crate::reply::{Read, not_json};

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
pub(super) fn read(line: &[u8], endpoint: &Endpoint) -> Result<Read, WriteError> {
    if line.is_empty() || line.starts_with(b":") {
        return Ok(Read::default());
    }
    let colon = line.iter().position(|&byte| byte == b':').unwrap_or(line.len());
    let (field, value) = line.split_at(colon);
    let value = value.strip_prefix(b":").unwrap_or(value).trim_ascii();
    match field {
        b"data" if value == b"[DONE]" => Ok(Read { text: String::new(), done: true }),
        b"data" => event(value, endpoint),
        // llama-server of older builds.
        b"error" => Err(server_error(value)),
        b"event" | b"id" | b"retry" => Ok(Read::default()),
        _ => Err(endpoint.bad_reply("a line is no server-sent event", line)),
    }
}

fn event(value: &[u8], endpoint: &Endpoint) -> Result<Read, WriteError> {
    let object: Value =
        serde_json::from_slice(value).map_err(|error| not_json(&error, endpoint, "an event is not JSON", value))?;
    if object.get("error").is_some_and(|error| !error.is_null()) {
        return Err(server_error(value));
    }
    let event: Event =
        serde_json::from_value(object).map_err(|_| endpoint.bad_reply("an event has no choices", value))?;
    Ok(Read { text: event.choices.into_iter().map(|choice| choice.text).collect(), done: false })
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
        assert_eq!(
            read_one(r#"data: {"choices":[{"text":"चौका"}]}"#),
            Ok(Read { text: "चौका".to_owned(), done: false })
        );
        assert_eq!(read_one("data:[DONE]"), Ok(Read { text: String::new(), done: true }));
        for nothing in ["", ": ping", "event: completion", "id"] {
            assert_eq!(read_one(nothing), Ok(Read::default()), "{nothing}");
        }
        // Usage, with no choice, comes at the end where it was asked for.
        assert_eq!(read_one(r#"data: {"choices":[]}"#), Ok(Read { text: String::new(), done: false }));
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
