//! How many tokens to compute at a time.

use std::time::Duration;

/// How long a step may take, so that whoever comes, is cancelled or runs out of time is heeded soon.
const STEP: Duration = Duration::from_millis(40);
/// Fewer take nearly as long as this many, since each step reads all of the model from memory: half the speed is lost.
const SMALLEST: usize = 8;
/// With this many hardly any speed is lost: a line that somebody waits for gets so many whatever they take.
const LIVE: usize = 16;
/// More than this bring hardly any speed, and memory for their intermediate results.
pub(super) const LARGEST: usize = 64;

/// Follows the machine: steps of prompt are as large as [`STEP`] allows.
#[derive(Debug)]
pub(super) struct Pace {
    tokens: usize,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self { tokens: SMALLEST * 2 }
    }

    /// Tokens of prompt for the next step, in which so many lines are `writing` besides, and which somebody waits for or
    /// not.
    pub(super) fn prompt(&self, writing: usize, live: bool) -> usize {
        self.tokens.saturating_sub(writing).max(if live { LIVE } else { SMALLEST })
    }

    /// Learns from a step of this many tokens.
    pub(super) fn took(&mut self, tokens: usize, time: Duration) {
        let fit = tokens as f64 * STEP.as_secs_f64() / time.as_secs_f64().max(1e-6);
        // A step that was no larger tells nothing of larger ones; one that took too long does.
        if tokens >= self.tokens || fit < self.tokens as f64 {
            let fit = (fit as usize).clamp(SMALLEST, (self.tokens * 2).min(LARGEST));
            let both = self.tokens + fit;
            self.tokens = if fit > self.tokens { both.div_ceil(2) } else { both / 2 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where it settles when a token takes this long.
    fn settled(token: Duration) -> usize {
        let mut pace = Pace::new();
        for _ in 0..30 {
            let tokens = pace.prompt(0, false);
            pace.took(tokens, token * tokens as u32);
        }
        pace.prompt(0, false)
    }

    #[test]
    fn a_step_takes_as_long_as_it_may_where_the_machine_allows() {
        assert_eq!(settled(Duration::from_micros(10)), LARGEST);
        assert_eq!(settled(Duration::from_secs(1)), SMALLEST);
        let tokens = settled(Duration::from_millis(2));
        assert!((18..=21).contains(&tokens), "{tokens}");
    }

    #[test]
    fn a_small_quick_step_tells_nothing_of_large_ones() {
        let mut pace = Pace::new();
        pace.took(1, Duration::from_millis(2));
        assert_eq!(pace.prompt(0, false), SMALLEST * 2);
        assert_eq!(pace.prompt(12, false), SMALLEST);
        assert_eq!(pace.prompt(12, true), LIVE);
    }
}
