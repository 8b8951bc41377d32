//! The mathematics: intervals of shares and means, tests of two systems on the same moments, and what is left of a test
//! when many are made.

mod bootstrap;
mod holm;
mod mcnemar;
mod share;

pub use bootstrap::{Cluster, Difference, Mean, difference, mean};
pub use holm::holm;
pub use mcnemar::mcnemar;
pub use share::Share;

/// The value below which a share (0 to 1) of sorted values lies, by the nearest rank; `None` of none.
pub fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get((last as f64 * share).round() as usize).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_of_a_hundred() {
        let values: Vec<f64> = (0..=100).map(f64::from).collect();
        let found = [0.0, 0.5, 0.95, 1.0].map(|share| percentile(&values, share).map(|value| value as u32));
        assert_eq!(found, [Some(0), Some(50), Some(95), Some(100)]);
        assert_eq!(percentile(&[], 0.5), None);
    }
}
