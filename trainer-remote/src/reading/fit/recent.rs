//! How sides of the last seasons chase beside those of all seasons fitted to.
//!
//! Fading old matches does not follow a slow change in how well sides chase: whole parts of the model would rest on few
//! matches. One factor on the runs to come does, where there is such a change: it is taken only for kinds for which it
//! foretold the next two years no worse at each time that the seasons were cut into earlier and later ones.

use commentary::reading::Chase;
use stats::Day;

use super::{
    chase,
    grouping::{LEAST, Plan, inner},
    rows::{self, Row},
};
use crate::reading::{
    games::{Ending, Game},
    measure::Calibration,
    optimise::FitError,
};

/// Pairs of years that count as the last seasons.
const LAST: usize = 2;
/// Matches that a factor has to be tried on at each cut: on fewer, one of some hundredths is luck.
const LEAST_LATER: usize = 100;
/// Times that the seasons are cut.
const CUTS: usize = 3;
/// The logarithms of the factors tried are so many times this, either way.
const STEP: f64 = 0.005;
const STEPS: i32 = 12;
/// Of how many balls one is looked at.
const EVERY: usize = 3;

/// The chase as it was fitted, or as sides of the last seasons do it.
pub(super) fn chase(plan: &Plan, all: &[&Game], until: Day, whole: u32, fitted: Chase) -> Result<Chase, FitError> {
    let mut end = inner(until);
    for _ in 0..CUTS {
        let before = rows::games(all, &plan.fitted_to, end);
        let mut later = rows::games(all, &plan.covers, following(end, until));
        later.retain(|game| game.day > end);
        if before.len() < LEAST || later.len() < LEAST_LATER {
            // Too little to go by: what was not tried is not done.
            return Ok(fitted);
        }
        let known = chase::fit(&plan.name(), &rows::of(&before, 1, plan.half_life, end, EVERY), whole)?;
        let lifted = lift(&known, plan, all, end, whole);
        let later = rows::of(&later, 1, None, end, EVERY);
        if loss(&lifted, &later, whole) > loss(&known, &later, whole) {
            return Ok(fitted);
        }
        end = inner(end);
    }
    Ok(lift(&fitted, plan, all, until, whole))
}

/// Two years after a day that lies whole pairs of years before `until`.
fn following(day: Day, until: Day) -> Day {
    let mut end = until;
    while inner(end) > day {
        end = inner(end);
    }
    end
}

/// By the factor of least log loss on the last seasons.
fn lift(fitted: &Chase, plan: &Plan, all: &[&Game], until: Day, whole: u32) -> Chase {
    let begin = (0..LAST).fold(until, |day, _| inner(day));
    let mut last = rows::games(all, &plan.covers, until);
    last.retain(|game| game.day > begin);
    let last = rows::of(&last, 1, None, until, EVERY);
    if last.is_empty() {
        return fitted.clone();
    }
    let tried = (-STEPS..=STEPS).map(|step| scaled(fitted, (f64::from(step) * STEP).exp(), whole));
    let found = tried.map(|chase| (loss(&chase, &last, whole), chase)).min_by(|(a, _), (b, _)| a.total_cmp(b));
    found.map_or_else(|| fitted.clone(), |(_, chase)| chase)
}

/// The same chase with so many times the runs to come.
fn scaled(chase: &Chase, factor: f64, whole: u32) -> Chase {
    let mut chase = chase.clone();
    chase.scoring.rate *= factor;
    chase.scoring.reach = chase.scoring.reach.map(|reach| reach * factor);
    chase::keep_lawful(&mut chase, whole);
    chase
}

fn loss(chase: &Chase, rows: &[Row<'_>], whole: u32) -> f64 {
    let mut sum = Calibration::default();
    for row in rows {
        sum.add(chase.chance(&row.game.position(row.ball), whole), row.game.ending == Ending::Chased);
    }
    sum.log_loss()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use commentary::reading::Model;

    use super::*;

    #[test]
    fn a_factor_lifts_all_runs_to_come_alike_and_stays_lawful() {
        for kind in Model::builtin().kinds {
            for factor in [0.94, 1.06, 3.0] {
                let lifted = scaled(&kind.chase, factor, kind.balls);
                for (balls, wickets) in [(1.0, 1), (60.0, 4), (120.0, 10)] {
                    let (was, is) =
                        (kind.chase.scoring.to_come(balls, wickets), lifted.scoring.to_come(balls, wickets));
                    assert!((is - factor * was).abs() < 1e-9, "{}: {is} for {was}", kind.name);
                }
                let whole = lifted.scoring.to_come(f64::from(kind.balls), 10);
                assert!(lifted.scoring.pull * whole <= lifted.usual_target, "{}", kind.name);
            }
        }
    }

    #[test]
    fn the_seasons_after_a_cut_end_two_years_later() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let until = day("2023-12-31");
        assert_eq!(following(inner(until), until), until);
        assert_eq!(following(inner(inner(until)), until), inner(until));
    }
}
