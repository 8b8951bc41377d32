//! Figures of predicted chances, and of rankings.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

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
        if let Some(bin) = self.bins.get_mut(bin(chance)) {
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

/// How much of a calibration error is the luck of who won: all balls of a match share its end, so that few matches show
/// an error whatever the chances are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Sampling {
    /// Standard error of the calibration error.
    pub standard_error: f64,
    /// What chances without any error would show on so many matches: the mean.
    pub by_luck: f64,
    /// The same: of twenty such samples one shows more.
    pub by_luck_at_most: f64,
}

/// Samples drawn for [`Sampling`].
const SAMPLES: usize = 1_000;

/// Predictions kept by match: in each bin how many, and the sum of chance minus what came.
#[derive(Debug, Default)]
pub(super) struct ByMatch {
    matches: Vec<[(f64, f64); BINS]>,
}

impl ByMatch {
    /// The chances of a match, all of which came true or did not.
    pub(super) fn add(&mut self, chances: impl Iterator<Item = f64>, came: bool) {
        let mut bins = [(0.0, 0.0); BINS];
        for chance in chances {
            if let Some((count, off)) = bins.get_mut(bin(chance)) {
                *count += 1.0;
                *off += chance - f64::from(u8::from(came));
            }
        }
        self.matches.push(bins);
    }

    /// By bootstrap over whole matches. What luck alone shows is each sample's distance from all matches, bin by bin: the
    /// error that would be left if the chances had none.
    pub(super) fn sampling(&self) -> Sampling {
        let mut random = ChaCha8Rng::seed_from_u64(0);
        let whole = Self::offs(self.matches.iter());
        let (mut found, mut luck) = (Vec::with_capacity(SAMPLES), Vec::with_capacity(SAMPLES));
        for _ in 0..SAMPLES {
            let drawn =
                (0..self.matches.len()).filter_map(|_| self.matches.get(random.random_range(0..self.matches.len())));
            let sample = Self::offs(drawn);
            found.push(sample.iter().map(|off| off.abs()).sum::<f64>());
            luck.push(sample.iter().zip(&whole).map(|(off, all)| (off - all).abs()).sum::<f64>());
        }
        luck.sort_unstable_by(f64::total_cmp);
        let mean = |values: &[f64]| values.iter().sum::<f64>() / SAMPLES as f64;
        let middle = mean(&found);
        let squares: Vec<f64> = found.iter().map(|value| (value - middle).powi(2)).collect();
        Sampling { standard_error: mean(&squares).sqrt(), by_luck: mean(&luck), by_luck_at_most: quantile(&luck, 0.95) }
    }

    /// By bin, the sum of chance minus what came, over all predictions.
    fn offs<'a>(matches: impl Iterator<Item = &'a [(f64, f64); BINS]>) -> [f64; BINS] {
        let (mut all, mut offs) = (0.0, [0.0; BINS]);
        for bins in matches {
            for ((count, off), sum) in bins.iter().zip(&mut offs) {
                all += count;
                *sum += off;
            }
        }
        offs.map(|off| off / f64::max(all, 1.0))
    }
}

/// The bin of a chance.
fn bin(chance: f64) -> usize {
    ((chance * BINS as f64) as usize).min(BINS - 1)
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
    fn luck_explains_the_error_of_fair_coins_on_few_matches_and_not_that_of_a_loaded_one() {
        // A hundred matches of a hundred balls at even chances, of which so many come true.
        let measured = |came: usize| {
            let (mut sum, mut by_match) = (Calibration::default(), ByMatch::default());
            for place in 0..100 {
                (0..100).for_each(|_| sum.add(0.5, place < came));
                by_match.add(std::iter::repeat_n(0.5, 100), place < came);
            }
            (sum.error(), by_match.sampling())
        };
        let (fair, luck) = measured(54);
        // Mean and 95th percentile of |x| for a share of a hundred: .040 and .098; the balls are no ten thousand samples.
        assert!((luck.by_luck - 0.040).abs() < 0.004 && (luck.by_luck_at_most - 0.098).abs() < 0.012, "{luck:?}");
        assert!(fair < luck.by_luck_at_most, "{fair} {luck:?}");
        let (loaded, luck) = measured(70);
        assert!(
            loaded > 1.5 * luck.by_luck_at_most && (luck.standard_error - 0.046).abs() < 0.005,
            "{loaded} {luck:?}"
        );
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
