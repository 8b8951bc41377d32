//! Means over matches. The lines of one match resemble each other, so whole matches are drawn again and again, with
//! replacement; the middle 95 % of what comes out is the interval (B. Efron, 1979; percentile method).

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::percentile;

/// What one match brings: the sum of a measure and over how many lines.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cluster {
    /// Sum of the measure.
    pub sum: f64,
    /// Lines.
    pub count: f64,
}

/// A mean with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Mean {
    /// The mean; none of nothing.
    pub value: Option<f64>,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// A difference of two means over the same matches, second less first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The difference.
    pub value: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Two-sided: twice the lesser share of resamples on either side of 0, never less than resamples can tell.
    pub p: f64,
}

/// The mean over matches. The same seed draws the same matches.
pub fn mean(matches: &[Cluster], resamples: usize, seed: u64) -> Mean {
    let Some(value) = ratio(matches.iter()) else { return Mean::default() };
    let drawn = draw(matches.len(), resamples, seed, |places| ratio(places.iter().filter_map(|at| matches.get(*at))));
    let end = |share| percentile(&drawn, share).unwrap_or(value);
    Mean { value: Some(value), low: end(0.025), high: end(0.975) }
}

/// The difference of two systems over the same matches, which are drawn together; `None` where either has no line.
pub fn difference(first: &[Cluster], second: &[Cluster], resamples: usize, seed: u64) -> Option<Difference> {
    let of = |places: &mut dyn Iterator<Item = usize>| {
        let places: Vec<usize> = places.collect();
        let one = |side: &[Cluster]| ratio(places.iter().filter_map(|at| side.get(*at)));
        Some(one(second)? - one(first)?)
    };
    let matches = first.len().min(second.len());
    let value = of(&mut (0..matches))?;
    let drawn = draw(matches, resamples, seed, |places| of(&mut places.iter().copied()));
    let end = |share| percentile(&drawn, share).unwrap_or(value);
    let side = |beyond: fn(&f64) -> bool| (drawn.iter().filter(|value| beyond(value)).count() + 1) as f64;
    let p = 2.0 * side(|value| *value <= 0.0).min(side(|value| *value >= 0.0)) / (drawn.len() + 1) as f64;
    Some(Difference { value, low: end(0.025), high: end(0.975), p: p.min(1.0) })
}

fn ratio<'a>(matches: impl Iterator<Item = &'a Cluster>) -> Option<f64> {
    let all =
        matches.fold(Cluster::default(), |all, one| Cluster { sum: all.sum + one.sum, count: all.count + one.count });
    (all.count > 0.0).then(|| all.sum / all.count)
}

/// What a figure is in each resample, sorted.
fn draw(matches: usize, resamples: usize, seed: u64, figure: impl Fn(&[usize]) -> Option<f64>) -> Vec<f64> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut places = vec![0; matches];
    let mut drawn: Vec<f64> = (0..resamples)
        .filter_map(|_| {
            places.fill_with(|| random.random_range(0..matches));
            figure(&places)
        })
        .collect();
    drawn.sort_by(f64::total_cmp);
    drawn
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn ones(values: &[f64]) -> Vec<Cluster> {
        values.iter().map(|value| Cluster { sum: *value, count: 1.0 }).collect()
    }

    /// The treated mice of B. Efron and R. Tibshirani, "An Introduction to the Bootstrap" (1993), tables 2.1 and 2.2: mean
    /// 86.86, standard error 25.24 from the formula and 23.4 by the bootstrap, so the middle 95 % are some 46 either side.
    #[test]
    fn efrons_mice() {
        let mice = ones(&[94.0, 197.0, 16.0, 38.0, 99.0, 141.0, 23.0]);
        let found = mean(&mice, 10_000, 7);
        assert!((found.value.unwrap() - 86.86).abs() < 0.01, "{found:?}");
        let half = (found.high - found.low) / 2.0;
        assert!((half - 1.96 * 23.4).abs() < 3.0, "{found:?}");
        assert_eq!(mean(&mice, 10_000, 7), found);
        assert_ne!(mean(&mice, 10_000, 8), found);
    }

    #[test]
    fn a_difference_that_shows_and_one_that_does_not() {
        let low = ones(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let high = ones(&[2.0, 3.1, 4.0, 5.2, 6.0, 7.1]);
        let found = difference(&low, &high, 2000, 7).unwrap();
        assert!(found.low > 0.9 && found.p < 0.002, "{found:?}");
        let same = difference(&low, &low, 2000, 7).unwrap();
        assert!((same.value, same.p) == (0.0, 1.0), "{same:?}");
        assert!(difference(&low, &ones(&[]), 200, 7).is_none());
    }

    #[test]
    fn matches_count_by_their_lines() {
        let uneven = [Cluster { sum: 10.0, count: 10.0 }, Cluster { sum: 0.0, count: 30.0 }];
        assert_eq!(mean(&uneven, 200, 1).value, Some(0.25));
        assert_eq!(mean(&[Cluster::default()], 200, 1).value, None);
    }
}
