//! A share, with the interval that Wilson gave for it.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

/// So many of so many, with the 95 % interval of E. B. Wilson (1927), without correction for continuity. It holds its
/// promise near 0 and 1 too, where the usual one does not. Lines of one match are taken as independent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Share {
    /// How many.
    pub hits: u64,
    /// Of how many.
    pub of: u64,
    /// The share, 0 to 1; none of nothing.
    pub rate: Option<f64>,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Share {
    /// The share of `hits` in `of`.
    pub fn new(hits: u64, of: u64) -> Self {
        if of == 0 {
            return Self { hits, of, rate: None, low: 0.0, high: 1.0 };
        }
        let (n, z) = (of as f64, quantile(0.975));
        let rate = hits as f64 / n;
        let scale = 1.0 + z * z / n;
        let centre = (rate + z * z / (2.0 * n)) / scale;
        let half = z / scale * (rate * (1.0 - rate) / n + z * z / (4.0 * n * n)).sqrt();
        Self { hits, of, rate: Some(rate), low: (centre - half).max(0.0), high: (centre + half).min(1.0) }
    }

    /// The share of those that are so, among those of which it can be said.
    pub fn of(each: impl Iterator<Item = Option<bool>>) -> Self {
        let (hits, of) = each.flatten().fold((0, 0), |(hits, of), so| (hits + u64::from(so), of + 1));
        Self::new(hits, of)
    }
}

/// Where a share of the standard normal distribution lies below.
fn quantile(share: f64) -> f64 {
    Normal::standard().inverse_cdf(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I,
    /// method 3.
    #[test]
    fn the_intervals_are_those_that_newcombe_printed() {
        for (hits, of, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let share = Share::new(hits, of);
            assert!((share.low - low).abs() < 5e-5 && (share.high - high).abs() < 5e-5, "{hits} of {of}: {share:?}");
        }
    }

    #[test]
    fn of_nothing_there_is_no_share() {
        assert_eq!(Share::of([None, None].into_iter()).rate, None);
        assert_eq!(Share::of([Some(true), None, Some(false)].into_iter()).rate, Some(0.5));
        assert!((Share::new(5, 5).high - 1.0).abs() < 1e-12);
    }
}
