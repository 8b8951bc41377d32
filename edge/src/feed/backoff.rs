//! Pauses between attempts: from one second, doubling, to thirty, each shortened by chance.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

/// The first pause.
const FIRST: Duration = Duration::from_secs(1);
/// The longest.
const LONGEST: Duration = Duration::from_secs(30);

/// The pauses so far.
#[derive(Debug, Default)]
pub struct Backoff {
    tried: u32,
}

impl Backoff {
    /// The next pause. Chance takes up to half of it away, so that a house full of boxes does not come back in step.
    pub fn pause(&mut self) -> Duration {
        let whole = FIRST.saturating_mul(1 << self.tried.min(5)).min(LONGEST);
        self.tried = self.tried.saturating_add(1);
        // A randomly keyed hash is as good a die as any, and needs no further crate.
        let die = RandomState::new().hash_one(self.tried) % 1000;
        whole.mul_f64(1.0 - 0.5 * die as f64 / 1000.0)
    }

    /// After a session that lasted: the next pause is the first one again.
    pub fn reset(&mut self) {
        self.tried = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_from_one_second_to_thirty_and_start_again() {
        let mut backoff = Backoff::default();
        for whole in [1, 2, 4, 8, 16, 30, 30] {
            let (pause, whole) = (backoff.pause(), Duration::from_secs(whole));
            assert!(pause <= whole && pause >= whole / 2, "{pause:?} of {whole:?}");
        }
        backoff.reset();
        assert!(backoff.pause() <= FIRST);
    }
}
