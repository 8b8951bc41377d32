//! Repeats are rate-limited: the first is said, the rest are counted, and the count is said with the next.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

/// How long the same thing is not said again.
const PAUSE: Duration = Duration::from_secs(30);
/// How many different things are remembered; beyond it the oldest are forgotten.
const MOST: usize = 256;

/// What was said lately.
#[derive(Debug, Default)]
pub struct Repeats {
    said: HashMap<String, (Instant, u64)>,
}

impl Repeats {
    /// Whether to say it now; then with how many unsaid repeats since the last time.
    pub fn say(&mut self, what: &str) -> Option<u64> {
        self.say_at(what, Instant::now())
    }

    fn say_at(&mut self, what: &str, now: Instant) -> Option<u64> {
        if let Some((last, unsaid)) = self.said.get_mut(what) {
            if now.duration_since(*last) < PAUSE {
                *unsaid += 1;
                return None;
            }
            let count = *unsaid;
            (*last, *unsaid) = (now, 0);
            return Some(count);
        }
        if self.said.len() >= MOST {
            self.said.retain(|_, (last, _)| now.duration_since(*last) < PAUSE);
            if self.said.len() >= MOST {
                self.said.clear();
            }
        }
        self.said.insert(what.to_owned(), (now, 0));
        Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeat_is_counted_and_said_later() {
        let (mut repeats, start) = (Repeats::default(), Instant::now());
        assert_eq!(repeats.say_at("a", start), Some(0));
        assert_eq!(repeats.say_at("a", start), None);
        assert_eq!(repeats.say_at("b", start), Some(0));
        assert_eq!(repeats.say_at("a", start + PAUSE), Some(1));
        assert_eq!(repeats.say_at("a", start + 2 * PAUSE), Some(0));
    }
}
