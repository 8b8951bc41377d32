//! Chances shifted by what is known of this batter, this bowler, and the two of them.

use super::chances::{Table, means};
use crate::{phase::Phase, player::PersonId, simulate::Outcome};

/// Balls that weigh as much as a record's own: a record of so many balls moves a chance half of the way.
const PRIOR_BALLS: f64 = 200.0;
/// The same for one batter against one bowler, who mostly have met for three balls.
const PRIOR_DUEL: f64 = 100.0;
/// No record makes runs or wickets more than so many times likelier, or less likely.
const MOST: f64 = 2.0;

/// A record: balls, and what came of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Record {
    /// Balls faced or bowled.
    pub balls: u32,
    /// Runs.
    pub runs: u32,
    /// Dismissals, or wickets.
    pub wickets: u32,
}

/// What is known of players from earlier matches; `None` is "not known".
pub trait Records {
    /// A batter, in a phase of the innings where that is known.
    fn batter(&self, batter: &PersonId, phase: Option<Phase>) -> Option<Record>;
    /// A bowler, likewise.
    fn bowler(&self, bowler: &PersonId, phase: Option<Phase>) -> Option<Record>;
    /// The batter against the bowler.
    fn duel(&self, batter: &PersonId, bowler: &PersonId) -> Option<Record>;
}

/// Nothing is known of anybody.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoRecords;

impl Records for NoRecords {
    fn batter(&self, _: &PersonId, _: Option<Phase>) -> Option<Record> {
        None
    }

    fn bowler(&self, _: &PersonId, _: Option<Phase>) -> Option<Record> {
        None
    }

    fn duel(&self, _: &PersonId, _: &PersonId) -> Option<Record> {
        None
    }
}

impl Record {
    /// Runs and wickets against what is usual (a ball each), drawn towards 1 by a prior of some balls.
    fn ratios(self, usual: [f64; 2], prior: f64) -> [f64; 2] {
        let balls = f64::from(self.balls) + prior;
        let ratio = |seen: u32, usual: f64| {
            if usual > 0.0 {
                ((f64::from(seen) + prior * usual) / (balls * usual)).clamp(1.0 / MOST, MOST)
            } else {
                1.0
            }
        };
        [ratio(self.runs, usual[0]), ratio(self.wickets, usual[1])]
    }
}

/// The table's chances for a batter against a bowler.
pub(super) fn shifted(
    table: &Table,
    batter: &PersonId,
    bowler: &PersonId,
    phase: Option<Phase>,
    records: &dyn Records,
) -> [f64; Outcome::COUNT] {
    let mut ratios = table.shift;
    let own = [
        (records.batter(batter, phase), PRIOR_BALLS),
        (records.bowler(bowler, phase), PRIOR_BALLS),
        (records.duel(batter, bowler), PRIOR_DUEL),
    ];
    for (record, prior) in own.into_iter().filter_map(|(record, prior)| Some((record?, prior))) {
        let [runs, wickets] = record.ratios(table.usual, prior);
        ratios = [ratios[0] * runs, ratios[1] * wickets];
    }
    let unmoved = ratios.iter().all(|ratio| (ratio - 1.0).abs() < 1e-9);
    if unmoved { table.row } else { moved(&table.row, ratios) }
}

/// Chances with `runs` times the runs a ball without a wicket, and `wickets` times the wickets; their sum stays.
///
/// The runs by exponential tilting, `p · exp(θ · runs)`: of all rows with those runs the one least unlike the measured.
fn moved(row: &[f64; Outcome::COUNT], [runs, wickets]: [f64; 2]) -> [f64; Outcome::COUNT] {
    let sum: f64 = row.iter().sum();
    let [_, out] = means(row);
    if sum <= 0.0 || out >= sum {
        return *row;
    }
    let out_now = (out * wickets).min(sum * 0.5);
    let is_out = |outcome: &Outcome| outcome.dismissal().is_some();
    let survive = |theta: f64| {
        let mut kept = [0.0; Outcome::COUNT];
        for ((kept, chance), outcome) in kept.iter_mut().zip(row).zip(&Outcome::ALL) {
            if !is_out(outcome) {
                *kept = chance * (theta * f64::from(outcome.runs())).exp();
            }
        }
        let total: f64 = kept.iter().sum();
        kept.map(|chance| chance / total.max(f64::MIN_POSITIVE))
    };
    let wanted = means(&survive(0.0))[0] * runs;
    let (mut low, mut high) = (-2.0, 1.0);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if means(&survive(middle))[0] < wanted { low = middle } else { high = middle }
    }
    let mut new = survive(f64::midpoint(low, high)).map(|chance| chance * (sum - out_now));
    for ((new, chance), outcome) in new.iter_mut().zip(row).zip(&Outcome::ALL) {
        if is_out(outcome) {
            *new = chance * out_now / out.max(f64::MIN_POSITIVE);
        }
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::{Format, Frequencies, Gender, Situation};

    fn row() -> [f64; Outcome::COUNT] {
        let situation = Situation { format: Format::T20, over: 10, legal_balls: 63, wickets: 3, needed: None };
        Frequencies::builtin().chances(Format::T20, Gender::Male).at(&situation, false).unwrap_or([0.0; Outcome::COUNT])
    }

    #[test]
    fn runs_and_wickets_move_as_far_as_told_and_the_sum_stays() {
        let row = row();
        let new = moved(&row, [1.3, 0.6]);
        let ([_, out], [_, out_now]) = (means(&row), means(&new));
        let runs = |row: &[f64; Outcome::COUNT]| {
            let pairs = Outcome::ALL.iter().zip(row).filter(|(outcome, _)| outcome.dismissal().is_none());
            let (sum, all) = pairs.fold((0.0, 0.0), |(sum, all), (outcome, chance)| {
                (sum + chance * f64::from(outcome.runs()), all + chance)
            });
            sum / all
        };
        assert!((out_now / out - 0.6).abs() < 1e-6, "{out} {out_now}");
        assert!((runs(&new) / runs(&row) - 1.3).abs() < 1e-3);
        assert!((new.iter().sum::<f64>() - row.iter().sum::<f64>()).abs() < 1e-9);
        assert!(new.iter().all(|chance| *chance >= 0.0));
    }

    #[test]
    fn a_thin_record_moves_little_and_a_long_one_is_believed() {
        let usual = [1.3, 0.05];
        let [thin, _] = Record { balls: 3, runs: 18, wickets: 0 }.ratios(usual, PRIOR_DUEL);
        let [long, wickets] = Record { balls: 6000, runs: 9600, wickets: 220 }.ratios(usual, PRIOR_BALLS);
        assert!(thin > 1.0 && thin < 1.15, "{thin}");
        assert!(long > 1.2 && wickets < 0.8, "{long} {wickets}");
    }
}
