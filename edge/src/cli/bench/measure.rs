//! One model's lines: cold, ball after ball, and several at once.

use std::time::Duration;

use commentary::Prompt;
use futures_util::future::join_all;
use llm::{Sampling, WriteError, WriteRequest, Written, collect};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    balls::Ball,
    figures::{AtOnce, Lines, Measured, Spread},
    subject::Subject,
};
use crate::telemetry::heat::Heat;

/// A line is waited for so long.
const PATIENCE: Duration = Duration::from_secs(300);
/// So many failures in a row end it.
const MOST_FAILURES: usize = 3;

/// How much is asked of a model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    /// Lines of which nothing was computed before.
    pub(super) cold: usize,
    /// Balls in a row.
    pub(super) balls: usize,
    /// Lines at once, at most.
    pub(super) at_once: usize,
    /// Balls for each number of lines at once.
    pub(super) repeats: usize,
    /// The most tokens a line may have, where it is not for the prompt to say.
    pub(super) tokens: Option<u32>,
}

impl Plan {
    /// Balls it takes: those in a row, and others, so that nothing of them was computed before.
    pub(super) fn all_balls(&self) -> usize {
        self.balls + self.repeats * self.at_once
    }

    /// Steps of progress it takes.
    pub(super) fn steps(&self) -> usize {
        self.cold + 1 + self.balls + self.repeats * self.at_once
    }
}

/// Measures a model; what was found until an error or a stop is in `measured`. `tick` learns of each step what it was.
pub(super) async fn measure(
    subject: &Subject,
    balls: &[Ball],
    plan: Plan,
    stop: &CancellationToken,
    measured: &mut Measured,
    tick: &mut dyn FnMut(&str),
) -> Result<(), WriteError> {
    let run = Run { subject, plan, stop };
    let (in_a_row, others) = balls.split_at(plan.balls.min(balls.len()));
    let calls: Vec<Prompt> = in_a_row.iter().filter_map(|ball| ball.lines.first().cloned()).collect();
    // Another beginning, so that no writer finds anything of it in what it keeps.
    let fresh =
        |(at, call): (usize, &Prompt)| Prompt { text: format!("{at}\n{}", call.text), fixed_len: 0, ..call.clone() };
    let apart = calls.iter().step_by((calls.len() / plan.cold.max(1)).max(1)).take(plan.cold);
    let cold: Vec<Prompt> = apart.enumerate().map(fresh).collect();
    run.series(&cold, &mut measured.cold, &mut |_| tick("nothing computed before")).await?;
    // What all of them share is computed now, and not counted.
    run.series(&calls[..calls.len().min(1)], &mut None, &mut |_| tick("the first ball")).await?;
    let mut highest = None;
    let mut each = |number: usize| {
        highest = [highest, Heat::default().temperature()].into_iter().flatten().reduce(f64::max);
        tick(&format!("ball {number}"));
    };
    let outcome = run.series(&calls, &mut measured.warm, &mut each).await;
    measured.highest_celsius = highest;
    outcome?;
    let mut others = others.iter();
    let mut alone = None;
    for lines in 1..=plan.at_once {
        let mut rounds = Vec::new();
        for ball in others.by_ref().take(plan.repeats) {
            rounds.push(run.at_once(&ball.lines[..lines.min(ball.lines.len())]).await?);
            tick(&format!("{lines} at once"));
        }
        measured.at_once.extend(summed(lines, &rounds, &mut alone));
    }
    Ok(())
}

/// Several lines at once: until the last was there, and the tokens of all.
type Round = (Duration, Option<u32>);

/// The rounds of so many lines; `alone` is the time of one, known from the first.
fn summed(lines: usize, rounds: &[Round], alone: &mut Option<f64>) -> Option<AtOnce> {
    let times: Vec<Duration> = rounds.iter().map(|(time, _)| *time).collect();
    let all_ms = Spread::of(&times)?.p50_ms;
    let alone = *alone.get_or_insert(all_ms);
    let tokens = rounds.iter().map(|(_, tokens)| *tokens).sum::<Option<u32>>();
    let seconds: f64 = times.iter().map(Duration::as_secs_f64).sum();
    Some(AtOnce {
        lines,
        all_ms,
        gain: alone * lines as f64 / all_ms.max(1e-6),
        tokens_per_second: tokens.map(|tokens| f64::from(tokens) / seconds.max(1e-9)),
    })
}

struct Run<'a> {
    subject: &'a Subject,
    plan: Plan,
    stop: &'a CancellationToken,
}

impl Run<'_> {
    fn request(&self, prompt: &Prompt) -> WriteRequest {
        WriteRequest {
            fixed_len: prompt.fixed_len,
            stop: prompt.stop.clone(),
            max_tokens: self.plan.tokens.unwrap_or(prompt.max_tokens),
            // The same words each time, as far as the writer can.
            sampling: Sampling { seed: Some(1), ..self.subject.model.sampling },
            cancel: self.stop.child_token(),
            ..WriteRequest::new(prompt.text.clone(), Instant::now() + PATIENCE)
        }
    }

    /// Has one line after another written and sums up what was, also when an error ends it: a stop, or failures in a row.
    /// `each` learns how many there were.
    async fn series(
        &self,
        prompts: &[Prompt],
        lines: &mut Option<Lines>,
        each: &mut dyn FnMut(usize),
    ) -> Result<(), WriteError> {
        let (mut written, mut failed, mut in_a_row) = (Vec::new(), 0, 0);
        let mut outcome = Ok(());
        for prompt in prompts {
            match collect(&*self.subject.model.writer, self.request(prompt)).await {
                Ok(line) => {
                    written.push(line);
                    in_a_row = 0;
                }
                Err(error) => {
                    (failed, in_a_row) = (failed + 1, in_a_row + 1);
                    let is_end = error == WriteError::Cancelled || in_a_row >= MOST_FAILURES;
                    // Without a single line there is nothing else to tell.
                    if is_end || failed == prompts.len() {
                        outcome = Err(error);
                    }
                    if is_end {
                        break;
                    }
                }
            }
            each(written.len() + failed);
        }
        *lines = Lines::of(&written, failed);
        outcome
    }

    /// Has several lines written at once.
    async fn at_once(&self, prompts: &[Prompt]) -> Result<Round, WriteError> {
        let begun = Instant::now();
        let lines = prompts.iter().map(|prompt| collect(&*self.subject.model.writer, self.request(prompt)));
        let written: Vec<Written> = join_all(lines).await.into_iter().collect::<Result<_, _>>()?;
        Ok((begun.elapsed(), written.iter().map(|line| line.usage.written_tokens).sum()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_gain_is_over_as_many_lines_in_turn() {
        let second = |seconds: u64| Duration::from_secs(seconds);
        let mut alone = None;
        let one = summed(1, &[(second(2), Some(24)), (second(2), Some(24))], &mut alone).unwrap();
        let eight = summed(8, &[(second(8), Some(192))], &mut alone).unwrap();
        assert!((one.gain - 1.0).abs() < 1e-9 && (eight.gain - 2.0).abs() < 1e-9);
        assert!((one.tokens_per_second.unwrap() - 12.0).abs() < 1e-9);
        assert!((eight.tokens_per_second.unwrap() - 24.0).abs() < 1e-9);
        let untold = summed(2, &[(second(2), Some(24)), (second(2), None)], &mut alone).unwrap();
        assert_eq!(untold.tokens_per_second, None);
        assert!(summed(3, &[], &mut alone).is_none());
    }
}
