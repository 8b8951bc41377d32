//! Looking ahead: the chance of every position of a chase, worked out exactly from the last ball back, and from it how
//! much the next ball can move the match.

use super::{
    chase::{Chase, Position},
    next_ball::{EXTRA, NextBall, RUNS, Shares, WICKET, share},
};

/// Targets beyond this many times the usual one are not in the table: such a chase is as good as lost.
const STEEPEST: f64 = 2.0;

/// The chances of all positions of a kind of match. Made once, when the first chase of the kind is read: some tens of
/// milliseconds and, for fifty overs, three megabytes.
#[derive(Debug)]
pub(super) struct Ahead {
    /// In 1/65535, by balls left, wickets in hand, runs needed.
    chances: Vec<u16>,
    balls: usize,
    runs: usize,
    usual_rate: f64,
}

const WICKETS: usize = 10;
const ONE: f64 = 65_535.0;

impl Ahead {
    /// By backward recursion over balls, wickets and runs: the chance before a ball is the mean of the chances after it.
    pub(super) fn of(chase: &Chase, next: &NextBall, whole: u32) -> Self {
        let runs = (chase.usual_target * STEEPEST).min(1_000.0) as usize + 1;
        let balls = whole as usize;
        let usual_rate = chase.usual_target / f64::from(whole.max(1));
        let mut table = Self { chances: vec![0; (balls + 1) * (WICKETS + 1) * runs], balls, runs, usual_rate };
        let layer = (WICKETS + 1) * runs;
        let mut before = vec![0.0_f32; layer];
        for wickets in 0..=WICKETS {
            put(&mut before, wickets * runs, 1.0);
        }
        let mut now = before.clone();
        table.keep(0, &before);
        for left in 1..=balls {
            for wickets in 1..=WICKETS {
                for needed in 1..runs {
                    let at = wickets * runs + needed;
                    let steepness = needed as f64 / left as f64 / usual_rate;
                    let row = next.chasing_row(left as u32, wickets as u8, steepness);
                    let Some(shares) = next.chasing.get(row) else { continue };
                    let mut chance =
                        share(shares, WICKET) * look(&before, at - runs) + share(shares, EXTRA) * look(&now, at - 1);
                    for (outcome, scored) in RUNS.iter().enumerate() {
                        let to_go = needed.saturating_sub(*scored as usize);
                        chance += share(shares, outcome) * look(&before, wickets * runs + to_go);
                    }
                    // Steps of the tables must not break the laws.
                    let lawful = chance.min(look(&now, at - 1)).max(look(&now, at - runs)).max(look(&before, at));
                    put(&mut now, at, lawful);
                }
            }
            table.keep(left, &now);
            std::mem::swap(&mut before, &mut now);
        }
        table
    }

    fn keep(&mut self, left: usize, layer: &[f32]) {
        for (place, chance) in self.chances.iter_mut().skip(left * layer.len()).zip(layer) {
            *place = (f64::from(*chance) * ONE).round() as u16;
        }
    }

    /// The chance of a position as the tables have it.
    pub(super) fn chance(&self, left: u32, wickets: u8, needed: u32) -> f64 {
        let (left, needed) = ((left as usize).min(self.balls), needed as usize);
        if needed == 0 {
            return 1.0;
        }
        let wickets = usize::from(wickets).min(WICKETS);
        if needed >= self.runs {
            return 0.0;
        }
        let place = (left * (WICKETS + 1) + wickets) * self.runs + needed;
        self.chances.get(place).map_or(0.0, |chance| f64::from(*chance) / ONE)
    }

    /// How much the next ball moves the chance on average, without regard to direction; 0 when it is decided.
    pub(super) fn movement(&self, next: &NextBall, at: &Position) -> f64 {
        if at.left == 0 || at.wickets == 0 || at.needed == 0 {
            return 0.0;
        }
        let steepness = f64::from(at.needed) / f64::from(at.left) / self.usual_rate;
        let Some(shares) = next.chasing.get(next.chasing_row(at.left, at.wickets, steepness)) else { return 0.0 };
        let now = self.chance(at.left, at.wickets, at.needed);
        mean_change(shares, now, |outcome| match outcome {
            After::Runs(runs) => self.chance(at.left - 1, at.wickets, at.needed.saturating_sub(runs)),
            After::Wicket => self.chance(at.left - 1, at.wickets - 1, at.needed),
            After::Extra => self.chance(at.left, at.wickets, at.needed - 1),
        })
    }
}

/// What a ball brought.
pub(super) enum After {
    Runs(u32),
    Wicket,
    Extra,
}

/// The mean of the absolute changes from `now` that the outcomes bring.
pub(super) fn mean_change(shares: &Shares, now: f64, after: impl Fn(After) -> f64) -> f64 {
    let change = |outcome, place| share(shares, place) * (after(outcome) - now).abs();
    let scored: f64 = RUNS.iter().enumerate().map(|(place, runs)| change(After::Runs(*runs), place)).sum();
    scored + change(After::Wicket, WICKET) + change(After::Extra, EXTRA)
}

fn look(layer: &[f32], at: usize) -> f64 {
    layer.get(at).map_or(0.0, |chance| f64::from(*chance))
}

fn put(layer: &mut [f32], at: usize, chance: f64) {
    if let Some(place) = layer.get_mut(at) {
        *place = chance as f32;
    }
}
