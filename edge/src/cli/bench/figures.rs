//! What was measured, as figures.

use std::time::Duration;

use llm::{
    Usage, Written,
    bandwidth::{self, Bandwidth},
    memory::Size,
};
use serde::Serialize;

use super::device::Device;

/// Everything that one run of the command found.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// The program's version.
    pub(super) version: &'static str,
    /// What it ran on.
    pub(super) device: Device,
    /// How fast its memory is read.
    pub(super) memory: Memory,
    /// Balls asked for of each model.
    pub(super) balls: usize,
    /// Whose line was asked for first, and who else stood in the prompt.
    pub(super) cast: Vec<&'static str>,
    /// The models, in the order in which they were measured.
    pub(super) models: Vec<Measured>,
    /// Whether the user stopped it before the end.
    pub(super) stopped: bool,
}

/// How fast memory is read.
#[derive(Debug, Serialize)]
pub(super) struct Memory {
    /// Bytes a second.
    pub(super) bytes_per_second: f64,
    /// Threads that read together.
    pub(super) threads: usize,
    /// Bytes of the processors' last caches before it, where the system tells.
    pub(super) cache_bytes: Option<u64>,
}

/// One model's figures. What nobody tells is `None`.
#[derive(Debug, Default, Serialize)]
pub(super) struct Measured {
    /// `embedded`, `ollama` or `openai`, and the model's name.
    pub(super) name: String,
    /// Why there are no figures, or no more of them.
    pub(super) error: Option<String>,
    /// Whether its weights are random, so that its lines are nonsense of a fixed length.
    pub(super) is_random: bool,
    /// The most tokens a line was allowed, where that was not for the prompt to say.
    pub(super) tokens_per_line: Option<u32>,
    /// Bytes of its file.
    pub(super) file_bytes: Option<u64>,
    /// Milliseconds until it was loaded.
    pub(super) load_ms: Option<f64>,
    /// Lines of which nothing had been computed before.
    pub(super) cold: Option<Lines>,
    /// Lines ball after ball, as in a match.
    pub(super) warm: Option<Lines>,
    /// Several lines of one ball at once.
    pub(super) at_once: Vec<AtOnce>,
    /// Bytes of weights that are read for each token.
    pub(super) bytes_per_token: Option<u64>,
    /// Tokens a second, one line at a time, that this machine's memory allows.
    pub(super) ceiling_tokens_per_second: Option<f64>,
    /// The share of it that was reached, 0 to 1.
    pub(super) share_of_ceiling: Option<f64>,
    /// Why memory is no bound to it, in words, where that is so.
    pub(super) no_ceiling: Option<String>,
    /// The most memory this process held while it was measured, in bytes, the model's file included; of a server's nobody tells.
    pub(super) peak_memory_bytes: Option<u64>,
    /// The highest temperature meanwhile, in degrees Celsius.
    pub(super) highest_celsius: Option<f64>,
    /// What the machine did to slow itself down meanwhile; empty: nothing.
    pub(super) throttling: Option<Vec<String>>,
}

impl Measured {
    /// Holds what was reached against what memory allows a model that reads so many bytes for a token.
    pub(super) fn against(&mut self, memory: &Bandwidth, bytes_per_token: u64) {
        let ceiling = bandwidth::ceiling(memory.bytes_per_second, bytes_per_token);
        let reached = self.warm.as_ref().and_then(|lines| lines.decode_tokens_per_second);
        let share = reached.map(|reached| reached / ceiling.max(1e-9));
        self.bytes_per_token = Some(bytes_per_token);
        if memory.is_no_bound(bytes_per_token) {
            self.no_ceiling = Some(format!(
                "the {} that it reads for a token stay in the processor's caches of {}",
                Size(bytes_per_token),
                Size(memory.caches as u64)
            ));
        } else if share.is_some_and(|share| share > 1.0) {
            self.no_ceiling = Some(
                "it writes faster than memory is read, so caches hold more of it than the system tells".to_owned(),
            );
        } else {
            (self.ceiling_tokens_per_second, self.share_of_ceiling) = (Some(ceiling), share);
        }
    }
}

/// A series of lines.
#[derive(Debug, Serialize)]
pub(super) struct Lines {
    /// How many were written.
    pub(super) count: usize,
    /// How many failed.
    pub(super) failed: usize,
    /// Until the first text.
    pub(super) first_text: Spread,
    /// Until the line's end.
    pub(super) whole_line: Spread,
    /// Prompt tokens computed a second.
    pub(super) prompt_tokens_per_second: Option<f64>,
    /// Tokens written a second, from the second of each line on.
    pub(super) decode_tokens_per_second: Option<f64>,
    /// Tokens of a prompt, on average.
    pub(super) prompt_tokens: Option<f64>,
    /// Those of them that had been computed before, on average.
    pub(super) reused_tokens: Option<f64>,
    /// Tokens of a line, on average.
    pub(super) written_tokens: Option<f64>,
    /// Milliseconds of each line, in order.
    pub(super) whole_line_ms: Vec<f64>,
}

/// Milliseconds that half of the lines, and 19 of 20, stayed within.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Spread {
    /// Half.
    pub(super) p50_ms: f64,
    /// 95 of a hundred.
    pub(super) p95_ms: f64,
}

/// Several lines of one ball, asked for at once.
#[derive(Debug, Clone, Serialize)]
pub(super) struct AtOnce {
    /// How many.
    pub(super) lines: usize,
    /// Milliseconds until the last was there, the median of several balls.
    pub(super) all_ms: f64,
    /// How many times faster than so many lines one after another.
    pub(super) gain: f64,
    /// Tokens written a second, all lines together.
    pub(super) tokens_per_second: Option<f64>,
}

impl Lines {
    /// Sums up; `None` of no lines.
    pub(super) fn of(written: &[Written], failed: usize) -> Option<Self> {
        let usage = || written.iter().map(|line| line.usage);
        let first: Vec<Duration> = written.iter().filter_map(|line| line.first_text).collect();
        let whole: Vec<Duration> = written.iter().map(|line| line.total).collect();
        Some(Self {
            count: written.len(),
            failed,
            // A line may be empty, and so without a first text.
            first_text: Spread::of(&first).or_else(|| Spread::of(&whole))?,
            whole_line: Spread::of(&whole)?,
            prompt_tokens_per_second: rate(usage().map(|usage| {
                let computed = usage.prompt_tokens?.saturating_sub(usage.reused_tokens.unwrap_or(0));
                Some((computed, usage.prompt?))
            })),
            decode_tokens_per_second: rate(usage().map(decoded)),
            prompt_tokens: mean(usage().map(|usage| usage.prompt_tokens)),
            reused_tokens: mean(usage().map(|usage| usage.reused_tokens)),
            written_tokens: mean(usage().map(|usage| usage.written_tokens)),
            whole_line_ms: whole.iter().map(|took| milliseconds(*took)).collect(),
        })
    }
}

/// Tokens after the first, which the prompt's computation brought, and the time they took.
fn decoded(usage: Usage) -> Option<(u32, Duration)> {
    Some((usage.written_tokens?.saturating_sub(1), usage.decode?))
}

/// Tokens a second over all lines; `None` where one does not tell, or nothing took any time.
fn rate(lines: impl Iterator<Item = Option<(u32, Duration)>>) -> Option<f64> {
    let (tokens, time) = lines
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .fold((0_u64, Duration::ZERO), |(tokens, time), (more, longer)| (tokens + u64::from(more), time + longer));
    (tokens > 0 && !time.is_zero()).then(|| tokens as f64 / time.as_secs_f64())
}

fn mean(counts: impl Iterator<Item = Option<u32>>) -> Option<f64> {
    let counts = counts.collect::<Option<Vec<u32>>>()?;
    (!counts.is_empty()).then(|| counts.iter().map(|count| f64::from(*count)).sum::<f64>() / counts.len() as f64)
}

impl Spread {
    /// `None` of no times.
    pub(super) fn of(times: &[Duration]) -> Option<Self> {
        let mut sorted: Vec<f64> = times.iter().map(|time| milliseconds(*time)).collect();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| sorted.get((sorted.len().saturating_sub(1) as f64 * share).round() as usize).copied();
        Some(Self { p50_ms: at(0.5)?, p95_ms: at(0.95)? })
    }
}

pub(super) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn line(first: u64, total: u64, usage: Usage) -> Written {
        let milliseconds = Duration::from_millis;
        Written { text: String::new(), first_text: Some(milliseconds(first)), total: milliseconds(total), usage }
    }

    fn usage(prompt: u32, reused: u32, written: u32, prompt_ms: u64, decode_ms: u64) -> Usage {
        Usage {
            prompt_tokens: Some(prompt),
            reused_tokens: Some(reused),
            written_tokens: Some(written),
            waited: None,
            prompt: Some(Duration::from_millis(prompt_ms)),
            decode: Some(Duration::from_millis(decode_ms)),
        }
    }

    #[test]
    fn rates_are_of_what_was_computed_and_written() {
        let lines = [line(200, 1200, usage(400, 300, 21, 200, 1000)), line(300, 1500, usage(420, 320, 25, 300, 1200))];
        let lines = Lines::of(&lines, 1).unwrap();
        assert!((lines.prompt_tokens_per_second.unwrap() - 200.0 / 0.5).abs() < 1e-9);
        assert!((lines.decode_tokens_per_second.unwrap() - 44.0 / 2.2).abs() < 1e-9);
        assert_eq!((lines.reused_tokens, lines.written_tokens), (Some(310.0), Some(23.0)));
        assert_eq!((lines.count, lines.failed), (2, 1));
        assert!((lines.whole_line.p95_ms - 1500.0).abs() < 1e-9);
    }

    #[test]
    fn what_a_writer_does_not_tell_is_not_made_up() {
        let lines = Lines::of(&[line(1, 2, Usage::default())], 0).unwrap();
        assert_eq!((lines.prompt_tokens_per_second, lines.decode_tokens_per_second), (None, None));
        assert_eq!((lines.prompt_tokens, lines.reused_tokens), (None, None));
        assert!(Lines::of(&[], 3).is_none());
    }

    #[test]
    fn memory_bounds_only_what_is_read_from_it() {
        let against = |bytes_per_token, caches, decode_ms| {
            let warm = Lines::of(&[line(1, 2, usage(1, 0, 101, 1, decode_ms))], 0);
            let mut measured = Measured { warm, ..Measured::default() };
            measured
                .against(&Bandwidth { bytes_per_second: 1e10, threads: 4, buffer: 1 << 28, caches }, bytes_per_token);
            let share = measured.share_of_ceiling.map(|share| (share * 100.0).round() as u32);
            (measured.ceiling_tokens_per_second.map(|rate| rate as u32), share, measured.no_ceiling)
        };
        // 25 tokens a second allowed, 20 reached.
        assert_eq!(against(400_000_000, 32 << 20, 5_000), (Some(25), Some(80), None));
        // 1,000 a second of what lies in the caches.
        let (ceiling, share, why) = against(20_000_000, 32 << 20, 100);
        assert_eq!((ceiling, share), (None, None));
        assert_eq!(why.unwrap(), "the 20 MB that it reads for a token stay in the processor's caches of 34 MB");
        let (ceiling, share, why) = against(20_000_000, 0, 100);
        assert_eq!((ceiling, share), (None, None), "more than all of it is no share");
        assert!(why.unwrap().contains("than the system tells"));
    }

    #[test]
    fn half_and_nineteen_of_twenty() {
        let times: Vec<Duration> = (0..=100).map(Duration::from_millis).collect();
        let spread = Spread::of(&times).unwrap();
        assert_eq!((spread.p50_ms as u32, spread.p95_ms as u32), (50, 95));
    }
}
