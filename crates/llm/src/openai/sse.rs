//! The streamed reply of `/v1/completions`: server-sent events, one JSON object each, the last one `[DONE]`.
//!
//! Every server of this kind puts an event's whole object on one `data:` line, so a line is an event here. What counts as
//! failure: a line that is no part of such a stream, an object with `error` (sent with status 200), and an end before
//! `[DONE]`.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::error::{WriteError, excerpt};
use crate::http::{Endpoint, error_words};
use crate::reply::{Read, not_json};
use crate::usage::Usage;

/// An event's object. It has other fields too.
#[derive(Deserialize)]
struct Event {
    choices: Vec<Choice>,
}

/// OpenAI's own counts, where they were asked for and the server keeps them.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Counts {
    prompt_tokens: Option<u32>,
    completion_tokens: Option<u32>,
    prompt_tokens_details: Option<PromptCounts>,
}

#[derive(Deserialize)]
struct PromptCounts {
    cached_tokens: Option<u32>,
}

/// llama-server's own times, in milliseconds.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Timings {
    cache_n: Option<u32>,
    prompt_ms: Option<f64>,
    predicted_ms: Option<f64>,
}

/// What an event tells of the line's cost. Not worth an error: what cannot be read counts as not told.
fn usage(event: &Value) -> Option<Usage> {
    let counts = event.get("usage").and_then(|counts| Counts::deserialize(counts).ok());
    let timings = event.get("timings").and_then(|timings| Timings::deserialize(timings).ok());
    if counts.is_none() && timings.is_none() {
        return None;
    }
    let (counts, timings) = (counts.unwrap_or_default(), timings.unwrap_or_default());
    let milliseconds = |ms: Option<f64>| ms.and_then(|ms| Duration::try_from_secs_f64(ms / 1000.0).ok());
    Some(Usage {
        prompt_tokens: counts.prompt_tokens,
        reused_tokens: counts.prompt_tokens_details.and_then(|prompt| prompt.cached_tokens).or(timings.cache_n),
        written_tokens: counts.completion_tokens,
        waited: None,
        prompt: milliseconds(timings.prompt_ms),
        decode: milliseconds(timings.predicted_ms),
    })
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
        b"data" if value == b"[DONE]" => Ok(Read { done: true, ..Read::default() }),
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
    let usage = usage(&object);
    let event: Event =
        serde_json::from_value(object).map_err(|_| endpoint.bad_reply("an event has no choices", value))?;
    let text = event.choices.into_iter().map(|choice| choice.text).collect();
    Ok(Read { text, usage, done: false })
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
            Ok(Read { text: "चौका".to_owned(), ..Read::default() })
        );
        assert_eq!(read_one("data:[DONE]"), Ok(Read { done: true, ..Read::default() }));
        for nothing in ["", ": ping", "event: completion", "id"] {
            assert_eq!(read_one(nothing), Ok(Read::default()), "{nothing}");
        }
        // Usage, with no choice, comes at the end where it was asked for.
        assert_eq!(read_one(r#"data: {"choices":[]}"#), Ok(Read::default()));
    }

    #[test]
    fn the_counts_of_openai_and_the_times_of_llama_server_are_read() {
        let read = read_one(
            r#"data: {"choices":[],"usage":{"prompt_tokens":90,"completion_tokens":12,"total_tokens":102,
            "prompt_tokens_details":{"cached_tokens":80}},"timings":{"cache_n":80,"prompt_ms":10.5,"predicted_ms":250}}"#,
        );
        let usage = Usage {
            prompt_tokens: Some(90),
            reused_tokens: Some(80),
            written_tokens: Some(12),
            waited: None,
            prompt: Some(Duration::from_micros(10_500)),
            decode: Some(Duration::from_millis(250)),
        };
        assert_eq!(read, Ok(Read { usage: Some(usage), ..Read::default() }));
        // vLLM sends `null` with every event but the last, and a time can be nonsense.
        assert_eq!(read_one(r#"data: {"choices":[],"usage":null}"#), Ok(Read::default()));
        let nonsense = read_one(r#"data: {"choices":[],"timings":{"prompt_ms":-1}}"#);
        assert_eq!(nonsense, Ok(Read { usage: Some(Usage::default()), ..Read::default() }));
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
