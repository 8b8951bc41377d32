//! A breaker: after a few failures in a row a writer is left alone for a while, then tried once.

use std::time::{Duration, Instant};

/// Failures in a row that open it.
const FAILURES: u32 = 3;
/// How long it stays open the first time; doubled each time the trial fails.
const FIRST: Duration = Duration::from_secs(5);
/// At most.
const LONGEST: Duration = Duration::from_secs(120);

/// The state of one writer's breaker.
#[derive(Debug, Clone, Default)]
pub struct Breaker {
    failures: u32,
    opened: u32,
    open_until: Option<Instant>,
    trying: bool,
}

impl Breaker {
    /// Whether the writer may be asked now. After the pause it says yes once, until that trial has come back.
    pub fn allows(&mut self, now: Instant) -> bool {
        match self.open_until {
            None => true,
            Some(until) if now < until || self.trying => false,
            Some(_) => {
                self.trying = true;
                true
            }
        }
    }

    /// Whether it would be allowed, without taking the trial.
    pub fn is_open(&self, now: Instant) -> bool {
        self.open_until.is_some_and(|until| now < until || self.trying)
    }

    /// The writer did what was asked. True when that closes an open breaker.
    pub fn succeeded(&mut self) -> bool {
        let was_open = self.open_until.is_some();
        *self = Self::default();
        was_open
    }

    /// The writer failed. For how long it is now left alone, when that opens the breaker.
    pub fn failed(&mut self, now: Instant) -> Option<Duration> {
        self.failures += 1;
        if self.failures < FAILURES && !self.trying {
            return None;
        }
        let pause = FIRST.saturating_mul(1 << self.opened.min(6)).min(LONGEST);
        self.opened += 1;
        self.trying = false;
        self.open_until = Some(now + pause);
        Some(pause)
    }

    /// The trial came back without telling anything: it was cancelled.
    pub fn unknown(&mut self) {
        self.trying = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_three_failures_tries_once_and_waits_longer_each_time() {
        let (mut breaker, start) = (Breaker::default(), Instant::now());
        assert_eq!((breaker.failed(start), breaker.failed(start)), (None, None));
        assert_eq!(breaker.failed(start), Some(FIRST));
        assert!(!breaker.allows(start + FIRST / 2));
        assert!(breaker.allows(start + FIRST), "one trial");
        assert!(!breaker.allows(start + FIRST), "and no second one beside it");
        assert_eq!(breaker.failed(start + FIRST), Some(2 * FIRST));
        assert!(breaker.allows(start + 4 * FIRST));
        assert!(breaker.succeeded());
        assert!(breaker.allows(start) && !breaker.is_open(start));
    }

    #[test]
    fn a_cancelled_trial_may_be_taken_again() {
        let (mut breaker, start) = (Breaker::default(), Instant::now());
        for _ in 0..FAILURES {
            breaker.failed(start);
        }
        assert!(breaker.allows(start + FIRST));
        breaker.unknown();
        assert!(breaker.allows(start + FIRST));
    }
}
