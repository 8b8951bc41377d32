//! Two systems on the same moments, each right or wrong.

use statrs::distribution::{Binomial, DiscreteCDF};

/// The exact two-sided test of Q. McNemar: the probability, were both equally good, of a split at least as uneven as
/// this among the moments that only one of them got right. 1 where there is none.
pub fn mcnemar(only_first: u64, only_second: u64) -> f64 {
    let differing = only_first + only_second;
    match Binomial::new(0.5, differing) {
        Ok(fair) if differing > 0 => (2.0 * fair.cdf(only_first.min(only_second))).min(1.0),
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 2 · (1 + 8) / 2^8, and so on. 150 and 86 are of the example in A. Agresti, "Categorical Data Analysis",
    /// section 10.1, whose approximate z² of 17.36 has the p of 3.1e-5.
    #[test]
    fn exact_values() {
        for (first, second, p) in
            [(0, 0, 1.0), (7, 1, 18.0 / 256.0), (1, 7, 18.0 / 256.0), (5, 5, 1.0), (10, 0, 2.0 / 1024.0)]
        {
            assert!((mcnemar(first, second) - p).abs() < 1e-12, "{first}, {second}: {}", mcnemar(first, second));
        }
        let agresti = mcnemar(150, 86);
        assert!((2e-5..6e-5).contains(&agresti), "{agresti}");
    }
}
