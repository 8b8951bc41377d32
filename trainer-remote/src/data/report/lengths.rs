//! How long things are.

use serde::{Serialize, Serializer, ser::SerializeStruct};

/// A histogram of lengths, exact up to [`Lengths::TOP`].
#[derive(Debug, Clone, Default)]
pub struct Lengths {
    counts: Vec<u64>,
    sum: u64,
}

impl Lengths {
    /// Whatever is longer is counted here.
    pub const TOP: usize = 8_192;

    /// Counts one.
    pub fn add(&mut self, length: usize) {
        let at = length.min(Self::TOP);
        if self.counts.len() <= at {
            self.counts.resize(at + 1, 0);
        }
        self.counts[at] += 1;
        self.sum += length as u64;
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The mean; 0 of nothing.
    pub fn mean(&self) -> f64 {
        if self.count() == 0 { 0.0 } else { self.sum as f64 / self.count() as f64 }
    }

    /// The length that a share of all (0 to 1) does not exceed; 0 of nothing.
    pub fn quantile(&self, share: f64) -> usize {
        let wanted = (self.count() as f64 * share).ceil().max(1.0) as u64;
        let mut below = 0;
        let found = self.counts.iter().position(|count| {
            below += count;
            below >= wanted
        });
        found.unwrap_or(0)
    }

    /// At most so many steps of equal width, each with its least length and how many fall in it.
    pub fn steps(&self, most: usize) -> Vec<(usize, u64)> {
        let longest = self.counts.len();
        let first = self.counts.iter().position(|count| *count > 0).unwrap_or(0);
        let width = (longest - first.min(longest)).div_ceil(most.max(1)).max(1);
        let part = self.counts.get(first..).unwrap_or_default();
        part.chunks(width).enumerate().map(|(step, counts)| (first + step * width, counts.iter().sum())).collect()
    }
}

impl Serialize for Lengths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Lengths", 6)?;
        out.serialize_field("mean", &self.mean())?;
        for (name, share) in [("least", 0.0), ("median", 0.5), ("p95", 0.95), ("most", 1.0)] {
            out.serialize_field(name, &self.quantile(share))?;
        }
        out.serialize_field("steps", &self.steps(40))?;
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_summed_up() {
        let mut lengths = Lengths::default();
        assert_eq!((lengths.count(), lengths.quantile(0.5), lengths.steps(4).len()), (0, 0, 0));
        for length in [3, 4, 4, 5, 20] {
            lengths.add(length);
        }
        assert!((lengths.mean() - 7.2).abs() < 1e-9);
        assert_eq!([0.0, 0.5, 0.95, 1.0].map(|share| lengths.quantile(share)), [3, 4, 20, 20]);
        let steps = lengths.steps(3);
        assert_eq!(steps, [(3, 4), (9, 0), (15, 1)]);
        lengths.add(1_000_000);
        assert_eq!(lengths.quantile(1.0), Lengths::TOP);
    }
}
