//! How fast a system writes, and what that would be on the box.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{process, round::Outcome, statistics::percentile, system::Ready};

/// Bytes a second that a Raspberry Pi 5 really reads from memory, in GB: every token reads the whole model once. From 13
/// published measurements of 7.6 to 11.2.
const PI5_GB_PER_SECOND: f64 = 9.5;

/// Pieces that a reply needs before its rate says anything.
const WORTH_TIMING: u32 = 4;

/// Times of first replies, the model warm.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Speed {
    /// First text of half the lines, in milliseconds.
    pub first_ms_p50: Option<f64>,
    /// First text of 95 of 100 lines.
    pub first_ms_p95: Option<f64>,
    /// Half the whole lines.
    pub line_ms_p50: Option<f64>,
    /// 95 of 100 whole lines.
    pub line_ms_p95: Option<f64>,
    /// Tokens a second after the first, where the writer counts them.
    pub decode_per_second: Option<f64>,
    /// Tokens of half the lines.
    pub tokens_p50: Option<f64>,
    /// Size of the model's file.
    pub file_bytes: Option<u64>,
    /// What the model takes of this process's memory, once it has written.
    pub memory_bytes: Option<u64>,
    /// Tokens a second on a Raspberry Pi 5 at most, by the bandwidth of its memory.
    pub pi5_decode_per_second: Option<f64>,
    /// Decoding half the lines there, at least; the prompt comes on top.
    pub pi5_line_ms: Option<f64>,
    /// Requests that came to nothing, by reason.
    pub failures: BTreeMap<&'static str, u64>,
}

impl Speed {
    /// Of a model's first replies.
    pub(super) fn of(outcomes: &[Outcome<'_>], ready: &Ready, bytes_now: Option<u64>) -> Self {
        let replies = || outcomes.iter().map(|outcome| &outcome.reply);
        let sorted = |values: &mut dyn Iterator<Item = f64>| {
            let mut values: Vec<f64> = values.collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let first = sorted(&mut replies().filter_map(|reply| reply.first_ms));
        let line = sorted(&mut replies().filter(|reply| reply.failed.is_none()).map(|reply| reply.total_ms));
        let lengths = sorted(&mut replies().filter(|reply| reply.tokens > 0).map(|reply| f64::from(reply.tokens)));
        let (tokens, ms) = replies()
            .filter(|reply| reply.tokens >= WORTH_TIMING)
            .filter_map(|reply| Some((f64::from(reply.tokens - 1), reply.total_ms - reply.first_ms?)))
            .fold((0.0, 0.0), |(tokens, ms), (more, time)| (tokens + more, ms + time));
        let mut failures = BTreeMap::new();
        for label in replies().filter_map(|reply| reply.failed) {
            *failures.entry(label).or_default() += 1;
        }
        let tokens_p50 = percentile(&lengths, 0.5);
        let pi5 = ready.file_bytes.map(|bytes| PI5_GB_PER_SECOND / (bytes as f64 / 1e9));
        Self {
            first_ms_p50: percentile(&first, 0.5),
            first_ms_p95: percentile(&first, 0.95),
            line_ms_p50: percentile(&line, 0.5),
            line_ms_p95: percentile(&line, 0.95),
            decode_per_second: (ms > 0.0).then(|| 1000.0 * tokens / ms),
            tokens_p50,
            file_bytes: ready.file_bytes,
            memory_bytes: ready.bytes_before.zip(bytes_now).map(|(before, now)| now.saturating_sub(before)),
            pi5_decode_per_second: pi5,
            pi5_line_ms: pi5.zip(tokens_p50).map(|(rate, tokens)| 1000.0 * tokens / rate),
            failures,
        }
    }
}

/// Memory of this process now, for [`Speed::of`].
pub(super) fn bytes_now() -> Option<u64> {
    process::resident_bytes()
}
