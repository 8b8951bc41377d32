//! How interesting a figure is: how far it lies from what is usual, and how many balls say so.

use crate::archive::HeadToHead;

/// The weight of what is usual, in balls: a figure over so many balls counts half.
const PRIOR: f64 = 100.0;

/// A rate over fewer balls is not told.
pub(super) const FEWEST: u32 = 12;

/// What is usual in a format: runs and wickets a legal ball, all extras included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Usual {
    pub(super) runs: f64,
    pub(super) wickets: f64,
}

impl Usual {
    /// Counted over some thousand men's matches of Cricsheet's archive: T20s, ODIs, Tests.
    pub(crate) fn of(balls_limit: Option<u32>) -> Self {
        match balls_limit {
            Some(..=150) => Self { runs: 1.30, wickets: 0.056 },
            Some(_) => Self { runs: 0.87, wickets: 0.028 },
            None => Self { runs: 0.55, wickets: 0.016 },
        }
    }

    /// How far runs off so many balls lie from the usual, as a share of it, shrunk by the prior.
    pub(super) fn of_runs(self, runs: u32, balls: u32) -> f64 {
        shrunk(f64::from(runs), f64::from(balls), self.runs)
    }

    /// The same of wickets. A wicket is a rarer thing than a run, and its share so much larger: the square root brings
    /// the two together.
    pub(super) fn of_wickets(self, wickets: u32, balls: u32) -> f64 {
        shrunk(f64::from(wickets), f64::from(balls), self.wickets) * (self.wickets / self.runs).sqrt()
    }

    /// How interesting a meeting of a batter and a bowler is.
    pub(crate) fn of_meeting(self, meeting: &HeadToHead) -> f64 {
        self.of_runs(meeting.runs, meeting.balls).max(self.of_wickets(meeting.dismissals, meeting.balls))
    }

    /// How far two sides lie apart after so many balls each.
    pub(super) fn of_lead(self, lead: u32, balls: u32) -> f64 {
        f64::from(lead) / ((f64::from(balls) + PRIOR) * self.runs)
    }
}

fn shrunk(seen: f64, balls: f64, usual: f64) -> f64 {
    (seen - usual * balls).abs() / ((balls + PRIOR) * usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_balls_and_a_wider_gap_are_more_interesting_and_the_usual_is_dull() {
        let usual = Usual::of(Some(120));
        assert!(usual.of_runs(130, 100) < 1e-9);
        assert!(usual.of_runs(24, 12) > usual.of_runs(20, 12));
        assert!(usual.of_runs(200, 100) > usual.of_runs(24, 12), "the same rate over more balls weighs more");
        assert!(usual.of_runs(2, 12) > usual.of_runs(12, 12), "slow is as odd as fast");
        assert!(usual.of_wickets(4, 24) > usual.of_wickets(1, 24));
    }
}
