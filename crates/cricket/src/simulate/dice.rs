//! Chance, all of it from one seed.

use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Draws. Ranges are cut by our own arithmetic and not by the generator's crate, whose cuts may change between
/// versions while the stream of bits does not.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The draws of a seed; each stream of it is apart from the others.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Self(generator)
    }

    /// Evenly from 0 to below 1.
    pub(super) fn share(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something of this chance happens.
    pub(super) fn happens(&mut self, chance: f64) -> bool {
        self.share() < chance
    }

    /// A place in the list, as likely as its weight; the first where no weight is positive.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.share() * weights.iter().sum::<f64>();
        for (place, weight) in weights.iter().enumerate() {
            if left < *weight {
                return place;
            }
            left -= weight;
        }
        // Rounding can leave a crumb beyond the end: it belongs to the last that had a chance.
        weights.iter().rposition(|weight| *weight > 0.0).unwrap_or(0)
    }
}
