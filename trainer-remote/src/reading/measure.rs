//! Figures of predicted chances, and of rankings.

use super::games::Ball;

/// Bins of calibration.
pub(super) const BINS: usize = 10;

/// Chances beside what came of them, summed.
#[derive(Debug, Clone, Default)]
pub(super) struct Calibration {
    count: u64,
    won: u64,
    squares: f64,
    logs: f64,
    /// By tenth of the predicted chance: how many, the sum of chances, how many came true.
    bins: [(u64, f64, u64); BINS],
}

impl Calibration {
    pub(super) fn add(&mut self, chance: f64, came: bool) {
        let chance = chance.clamp(1e-6, 1.0 - 1e-6);
        let truth = f64::from(u8::from(came));
        self.count += 1;
        self.won += u64::from(came);
        self.squares += (chance - truth).powi(2);
        self.logs -= if came { chance.ln() } else { (1.0 - chance).ln() };
        if let Some(bin) = self.bins.get_mut(((chance * BINS as f64) as usize).min(BINS - 1)) {
            bin.0 += 1;
            bin.1 += chance;
            bin.2 += u64::from(came);
        }
    }

    /// Predictions.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Mean squared error.
    pub(super) fn brier(&self) -> f64 {
        self.squares / self.count.max(1) as f64
    }

    /// The same of always predicting the share that came true.
    pub(super) fn brier_of_share(&self) -> f64 {
        let share = self.won as f64 / self.count.max(1) as f64;
        share * (1.0 - share)
    }

    /// Mean of minus the logarithm of the chance given to what came.
    pub(super) fn log_loss(&self) -> f64 {
        self.logs / self.count.max(1) as f64
    }

    /// Expected calibration error: the mean over predictions of how far their bin's mean chance is from its share.
    pub(super) fn error(&self) -> f64 {
        let off = self.bins.iter().map(|(_, chances, came)| (chances - *came as f64).abs());
        off.sum::<f64>() / self.count.max(1) as f64
    }

    /// By bin that holds any: predictions, mean chance, share that came true.
    pub(super) fn bins(&self) -> Vec<(u64, f64, f64)> {
        let held = self.bins.iter().filter(|(count, ..)| *count > 0);
        held.map(|(count, chances, came)| (*count, chances / *count as f64, *came as f64 / *count as f64)).collect()
    }
}

/// Runs a ball still required.
pub(super) fn required(ball: &Ball) -> f64 {
    f64::from(ball.needed) / f64::from(ball.left.max(1))
}

/// The value below which a share (0 to 1) of sorted values lies; 0 of none.
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(0.0)
}

/// Ranks from 1, equal values sharing the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<(usize, f64)> = values.iter().copied().enumerate().collect();
    order.sort_unstable_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for same in order.chunk_by(|a, b| a.1.total_cmp(&b.1).is_eq()) {
        let rank = below as f64 + f64::midpoint(same.len() as f64, 1.0);
        for (place, _) in same {
            if let Some(own) = ranks.get_mut(*place) {
                *own = rank;
            }
        }
        below += same.len();
    }
    ranks
}

/// Spearman's rank correlation; `None` of fewer than two pairs, or where one side is all the same.
pub(super) fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    let (left, right): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (left, right) = (ranks(&left), ranks(&right));
    let mean = f64::midpoint(pairs.len() as f64, 1.0);
    let moment = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>();
    let spread = (moment(&left, &left) * moment(&right, &right)).sqrt();
    (spread > 0.0).then(|| moment(&left, &right) / spread)
}

/// The chance that a value of a true case ranks above one of a false case; `None` without both.
pub(super) fn auc(cases: &[(f64, bool)]) -> Option<f64> {
    let values: Vec<f64> = cases.iter().map(|(value, _)| *value).collect();
    let trues = cases.iter().filter(|(_, truth)| *truth).count() as f64;
    let falses = cases.len() as f64 - trues;
    let sum: f64 = ranks(&values).iter().zip(cases).filter(|(_, (_, truth))| *truth).map(|(rank, _)| rank).sum();
    (trues > 0.0 && falses > 0.0).then(|| (sum - trues * (trues + 1.0) / 2.0) / (trues * falses))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_perfect_a_constant_and_a_reversed_prediction_are_told_apart() {
        let measured = |pairs: &[(f64, bool)]| {
            let mut sum = Calibration::default();
            for (chance, came) in pairs {
                sum.add(*chance, *came);
            }
            sum
        };
        let perfect = measured(&[(1.0, true), (0.0, false)]);
        assert!(perfect.brier() < 1e-9 && perfect.log_loss() < 1e-5 && perfect.error() < 1e-5);
        let constant = measured(&[(0.5, true), (0.5, false)]);
        assert!((constant.brier() - 0.25).abs() < 1e-9 && (constant.log_loss() - 2.0_f64.ln()).abs() < 1e-9);
        assert!(constant.error() < 1e-9, "half of them came: calibrated, and worth nothing");
        let reversed = measured(&[(0.9, false), (0.1, true)]);
        assert!((reversed.brier() - 0.81).abs() < 1e-9 && (reversed.error() - 0.9).abs() < 1e-9);
    }

    #[test]
    fn rankings_are_compared_by_order_alone() {
        assert!((spearman(&[(1.0, 10.0), (2.0, 1000.0), (3.0, 1e9)]).unwrap() - 1.0).abs() < 1e-9);
        assert!((spearman(&[(1.0, 3.0), (2.0, 2.0), (3.0, 1.0)]).unwrap() + 1.0).abs() < 1e-9);
        assert_eq!(spearman(&[(1.0, 1.0), (1.0, 2.0)]), None);
        assert!((auc(&[(0.1, false), (0.9, true), (0.5, false), (0.5, true)]).unwrap() - 0.875).abs() < 1e-9);
        assert_eq!(auc(&[(0.1, true)]), None);
    }
}
