//! How many tokens to compute at a time.

use std::time::Duration;

/// How long a step may take, so that whoever comes, is cancelled or runs out of time is heeded soon.
const STEP: Duration = Duration::from_millis(40);
/// Fewer take nearly as long as this many, since each step reads all of the model from memory: half the speed is lost.
const SMALLEST: usize = 8;
/// With this many hardly any speed is lost: a line that somebody waits for gets so many whatever they take.
const LIVE: usize = 32;
/// Packed weights are multiplied by so many tokens at a time, and by those left over one by one: two or three alone take
/// longer than four.
pub(super) const GROUP: usize = 4;
/// By so many at a time where there are as many, with what a processor has for it.
const LARGE_GROUP: usize = 16;
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

    /// Tokens for the next step: one of each line that is `writing`, and of what is `wanted` with them so much that none
    /// is left over by itself. Somebody may wait for them, `live`.
    pub(super) fn tokens(&self, writing: usize, wanted: usize, live: bool) -> usize {
        let prompt = self.tokens.saturating_sub(writing).max(if live { LIVE } else { SMALLEST });
        let most = writing + prompt;
        if wanted <= most { wanted } else { in_groups(most) }
    }

    /// Learns from a step of this many tokens.
    pub(super) fn took(&mut self, tokens: usize, time: Duration) {
        let fit = tokens as f64 * STEP.as_secs_f64() / time.as_secs_f64().max(1e-6);
        // A step that was no larger tells nothing of larger ones; one that took too long does.
        if tokens >= in_groups(self.tokens) || fit < self.tokens as f64 {
            let fit = (fit as usize).clamp(SMALLEST, (self.tokens * 2).min(LARGEST));
            let both = self.tokens + fit;
            self.tokens = if fit > self.tokens { both.div_ceil(2) } else { both / 2 };
        }
    }
}

/// So many of these that none is left over.
fn in_groups(tokens: usize) -> usize {
    let group = if tokens < LARGE_GROUP { GROUP } else { LARGE_GROUP };
    tokens / group * group
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where it settles when a token takes this long.
    fn settled(token: Duration) -> usize {
        let mut pace = Pace::new();
        for _ in 0..30 {
            let tokens = pace.tokens(0, usize::MAX, false);
            pace.took(tokens, token * tokens as u32);
        }
        pace.tokens(0, usize::MAX, false)
    }

    #[test]
    fn a_step_takes_as_long_as_it_may_where_the_machine_allows() {
        assert_eq!(settled(Duration::from_micros(10)), LARGEST);
        assert_eq!(settled(Duration::from_secs(1)), SMALLEST);
        assert_eq!(settled(Duration::from_micros(1600)), 16);
        let tokens = settled(Duration::from_millis(3));
        assert!((8..=13).contains(&tokens), "{tokens}");
    }

    #[test]
    fn a_small_quick_step_tells_nothing_of_large_ones() {
        let mut pace = Pace::new();
        pace.took(1, Duration::from_millis(2));
        assert_eq!(pace.tokens(0, 100, false), SMALLEST * 2);
    }

    #[test]
    fn no_token_is_left_over_while_more_are_wanted() {
        let pace = Pace::new();
        for (writing, live, tokens) in
            [(0, false, 16), (3, false, 16), (3, true, 32), (12, false, 16), (15, false, 16), (16, true, 48)]
        {
            assert_eq!(pace.tokens(writing, 100, live), tokens, "{writing} write");
        }
        assert_eq!(pace.tokens(3, 30, true), 30, "there are no more");
        let slow = Pace { tokens: SMALLEST };
        assert_eq!(slow.tokens(3, 100, false), 8);
        assert_eq!(slow.tokens(7, 100, false), 12);
    }
}
