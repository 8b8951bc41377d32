//! A [`Scoring`] as free parameters: whatever their values, its laws hold.

use commentary::reading::Scoring;

/// Parameters: the logarithm of the rate, of ten steps of reach, of floor and growth; the pull as log odds.
pub(super) const COUNT: usize = 14;
const FLOOR: usize = 11;
const GROWTH: usize = 12;
const PULL: usize = 13;

/// The published Standard Edition's shares of the ten wickets: where the search begins.
const SHARES: [f64; 10] = [0.035, 0.054, 0.075, 0.098, 0.114, 0.125, 0.130, 0.130, 0.124, 0.115];

/// Where the search begins, for sides that make so many runs of so many balls.
pub(super) fn start(runs: f64, balls: f64) -> Vec<f64> {
    let mut all = vec![(1.4 * runs / balls).ln()];
    // Without a limit a side would make more, the more the shorter the innings is.
    let reach = runs * (1.0 + 150.0 / balls);
    all.extend(SHARES.iter().map(|share| (share * reach).ln()));
    all.extend([0.5_f64.ln(), 1.3_f64.ln(), -1.0]);
    all
}

/// The scoring that parameters stand for.
pub(super) fn scoring(at: &[f64]) -> Scoring {
    let value = |place: usize| at.get(place).copied().unwrap_or(0.0);
    let mut sum = 0.0;
    let reach = std::array::from_fn(|wicket| {
        sum += value(wicket + 1).exp();
        sum
    });
    Scoring {
        rate: value(0).exp(),
        reach,
        pull: 1.0 / (1.0 + (-value(PULL)).exp()),
        floor: value(FLOOR).exp(),
        growth: value(GROWTH).exp(),
    }
}

/// Runs to come and what they change by: by the rate and by the reach of the wickets in hand.
pub(super) struct ToCome {
    pub(super) runs: f64,
    by_rate: f64,
    by_reach: f64,
    wickets: usize,
}

impl ToCome {
    pub(super) fn of(scoring: &Scoring, balls: f64, wickets: u8) -> Self {
        let wickets = usize::from(wickets.clamp(1, 10));
        let reach = scoring.reach.get(wickets - 1).copied().unwrap_or(1.0);
        let left = (-scoring.rate * balls / reach).exp();
        Self {
            runs: reach * (1.0 - left),
            by_rate: balls * left,
            by_reach: 1.0 - left - scoring.rate * balls / reach * left,
            wickets,
        }
    }
}

/// How a row's loss changes: by the runs to come, floor, growth and pull.
pub(super) struct Slopes {
    pub(super) runs: f64,
    pub(super) floor: f64,
    pub(super) growth: f64,
    pub(super) pull: f64,
}

/// Loss and gradient summed over rows.
pub(super) struct Sum {
    loss: f64,
    weight: f64,
    by_reach: [f64; 10],
    by: [f64; COUNT],
}

impl Sum {
    pub(super) fn new() -> Self {
        Self { loss: 0.0, weight: 0.0, by_reach: [0.0; 10], by: [0.0; COUNT] }
    }

    pub(super) fn add(&mut self, weight: f64, loss: f64, come: &ToCome, slopes: &Slopes) {
        self.loss += weight * loss;
        self.weight += weight;
        let [rate, .., floor, growth, pull] = &mut self.by;
        *rate += weight * slopes.runs * come.by_rate;
        *floor += weight * slopes.floor;
        *growth += weight * slopes.growth;
        *pull += weight * slopes.pull;
        if let Some(place) = self.by_reach.get_mut(come.wickets - 1) {
            *place += weight * slopes.runs * come.by_reach;
        }
    }

    /// The mean loss with its gradient, drawn a little towards the start so that what rows do not tell stays there.
    pub(super) fn mean(mut self, at: &[f64], start: &[f64], scoring: &Scoring) -> (f64, Vec<f64>) {
        const DRAW: f64 = 1e-5;
        let mut before = 0.0;
        let steps = scoring.reach.map(|reach| {
            let step = reach - before;
            before = reach;
            step
        });
        // A step of reach lifts its own wicket and all above it.
        let mut above = 0.0;
        for wicket in (0..10).rev() {
            above += self.by_reach[wicket];
            self.by[wicket + 1] = above * steps[wicket];
        }
        self.by[0] *= scoring.rate;
        self.by[FLOOR] *= scoring.floor;
        self.by[GROWTH] *= scoring.growth;
        self.by[PULL] *= scoring.pull * (1.0 - scoring.pull);
        let mut loss = self.loss / self.weight;
        let gradient = self.by.iter().zip(at.iter().zip(start)).map(|(by, (at, start))| {
            loss += DRAW * (at - start).powi(2);
            by / self.weight + 2.0 * DRAW * (at - start)
        });
        let gradient = gradient.collect();
        (loss, gradient)
    }
}
