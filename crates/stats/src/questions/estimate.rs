//! Rates from few balls: refused, or pulled towards what was to be expected.
//!
//! A batter has met a bowler for three balls in the median; the raw rate of a pair predicts worse than the rates of batter
//! and bowler alone. An estimate is therefore the difference from the expectation, shrunk as if a prior of
//! [`PRIOR_BALLS`] balls at the expected rate had been bowled before (the mean of a gamma or beta posterior).

use serde::Serialize;

/// Balls that the expectation is worth.
pub const PRIOR_BALLS: u32 = 100;
/// Innings that the expectation is worth, where innings are counted.
pub const PRIOR_INNINGS: u32 = 10;
/// No rate from fewer balls.
pub const LEAST_BALLS: u32 = 12;
/// No word of one who has the better of another under so many balls …
pub const OWNS_BALLS: u32 = 30;
/// … and so many dismissals.
pub const OWNS_DISMISSALS: u32 = 3;

/// A rate, expected and as estimated with what was seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// What was to be expected.
    pub expected: f64,
    /// What is to be expected now.
    pub estimate: f64,
}

impl Estimate {
    /// Of a sum over a count, with the expectation worth so many of the count; `per` scales both: 100 for a hundred balls.
    pub(crate) fn of(sum: u32, count: u32, expected: f64, prior: u32, per: f64) -> Self {
        let (sum, count, prior) = (f64::from(sum), f64::from(count), f64::from(prior));
        Self { expected: expected * per, estimate: (sum + prior * expected) / (count + prior) * per }
    }

    /// By how much the estimate differs from the expectation.
    pub fn difference(&self) -> f64 {
        self.estimate - self.expected
    }
}

/// Sums per hundred balls; `None` under [`LEAST_BALLS`].
pub(crate) fn per_hundred(sum: u32, balls: u32) -> Option<f64> {
    (balls >= LEAST_BALLS).then(|| 100.0 * f64::from(sum) / f64::from(balls))
}

/// Runs per six balls; `None` under [`LEAST_BALLS`].
pub(crate) fn per_six(runs: u32, balls: u32) -> Option<f64> {
    (balls >= LEAST_BALLS).then(|| 6.0 * f64::from(runs) / f64::from(balls))
}

/// A share; `None` of nothing.
pub(crate) fn share(sum: u32, count: u32) -> Option<f64> {
    (count > 0).then(|| f64::from(sum) / f64::from(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_balls_hardly_move_an_estimate_and_many_do() {
        let few = Estimate::of(18, 6, 1.2, PRIOR_BALLS, 100.0);
        assert!((few.expected - 120.0).abs() < 1e-9 && (few.estimate - 13_800.0 / 106.0).abs() < 1e-9);
        let many = Estimate::of(1800, 600, 1.2, PRIOR_BALLS, 100.0);
        assert!(many.difference() > 10.0 * few.difference());
        assert!((Estimate::of(0, 0, 1.2, PRIOR_BALLS, 100.0).difference()).abs() < 1e-9);
    }

    #[test]
    fn no_rate_is_given_under_twelve_balls() {
        assert_eq!((per_hundred(30, 11), per_six(30, 11)), (None, None));
        assert_eq!((per_hundred(18, 12), per_six(18, 12)), (Some(150.0), Some(9.0)));
    }
}
