//! Fitting the first innings: what is to come, how widely it varies, what par is, and what a projection is worth.

use std::collections::BTreeMap;

use commentary::reading::{
    Circumstances, Projection, Setting,
    setting::{EVIDENCE, PARTS as RANGE_PARTS},
};
use stats::Day;

use super::{
    parameters::{self, Slopes, Sum, ToCome},
    rows::{self, Row, mean},
};
use crate::reading::{
    games::{Ball, Ending, Game},
    measure::{Calibration, quantile},
    optimise::{FitError, least},
};

/// Years over which a neighbouring year tells half as much of a year's par.
const ERA_HALF: f64 = 1.5;
/// Matches that an unknown ground is taken to have had, at par.
const VENUE_PRIOR: f64 = 15.0;
/// Matches from which a ground stands in the model.
const VENUE_LEAST: u32 = 20;
/// Parts of an innings whose calibration is looked at.
const PARTS: u32 = 10;
/// The greatest calibration error, over ten bins, with which a chance is told.
const CALIBRATED: f64 = 0.04;

/// The 10th and 90th percentile of a normal distribution, in standard deviations from its mean.
const DECILE: f64 = 1.281_552;
/// Matches that such a distribution counts as beside those that were seen.
const RANGE_PRIOR: f64 = 20.0;

/// Fits to first innings; `range` is a normal distribution's and `told_from` open.
pub(super) fn fit(what: &str, games: &[&Game], rows: &[Row<'_>], whole: u32) -> Result<Setting, FitError> {
    let eras = eras(games);
    let last = eras.last().map_or(1.0, |(_, par)| *par);
    let par = |game: &Game| eras.iter().find(|(year, _)| *year == game.year()).map_or(last, |(_, par)| *par);
    let start = parameters::start(last, f64::from(whole));
    let found = least(&format!("the first innings of {what}"), start.clone(), |at| {
        let scoring = parameters::scoring(at);
        let mut sum = Sum::new();
        for Row { game, ball, weight } in rows {
            let come = ToCome::of(&scoring, f64::from(ball.left), ball.wickets);
            let par = par(game);
            let bowled = f64::from(whole.saturating_sub(u32::from(ball.left)));
            let usual = par / f64::from(whole);
            let ahead = (f64::from(ball.runs) - usual * bowled) / (usual * (bowled + EVIDENCE * f64::from(whole)));
            let factor = par / last * (1.0 + scoring.pull * ahead);
            let root = come.runs.sqrt().max(1e-6);
            let spread = scoring.floor + scoring.growth * root;
            let off = f64::from(game.total) - f64::from(ball.runs) - factor * come.runs;
            let square = off * off / (spread * spread);
            // Minus the logarithm of the normal density, but for a constant.
            let loss = spread.ln() + 0.5 * square;
            let by_mean = -off / (spread * spread);
            let by_spread = (1.0 - square) / spread;
            sum.add(
                *weight,
                loss,
                &come,
                &Slopes {
                    runs: by_mean * factor + by_spread * scoring.growth / (2.0 * root),
                    floor: by_spread,
                    growth: by_spread * root,
                    pull: by_mean * come.runs * par / last * ahead,
                },
            );
        }
        sum.mean(at, &start, &scoring)
    })?;
    let scoring = parameters::scoring(&found);
    let draft = Setting {
        scoring,
        venues: venues(games, &eras),
        eras,
        range: [[DECILE; 2]; RANGE_PARTS],
        even: 0.0,
        slope: 15.0,
        flattening: 0.3,
        told_from: None,
    };
    worth(what, draft, rows, whole)
}

/// Fits what a projection is worth: by least log loss of who won.
fn worth(what: &str, draft: Setting, rows: &[Row<'_>], whole: u32) -> Result<Setting, FitError> {
    let ahead: Vec<(f64, f64, f64, f64)> = rows
        .iter()
        .filter(|row| row.game.ending != Ending::Tie)
        .map(|row| {
            let ahead = project(&draft, row.game, row.ball, whole);
            let won = f64::from(u8::from(row.game.ending == Ending::Defended));
            (ahead.mean - ahead.par, ahead.spread * ahead.spread, won, row.weight)
        })
        .collect();
    let found = least(&format!("the worth of totals of {what}"), vec![0.0, 15.0_f64.ln(), 0.3_f64.ln()], |at| {
        let [even, slope, flattening] = at else { return (0.0, vec![0.0; at.len()]) };
        let (slope, flattening) = (slope.exp(), flattening.exp());
        let (mut loss, mut by, mut all) = (0.0, [0.0; 3], 0.0);
        for (above, variance, won, weight) in &ahead {
            let square = slope * slope + flattening * variance;
            let odds = (above - even) / square.sqrt();
            loss += weight * (odds.max(0.0) + (-odds.abs()).exp().ln_1p() - won * odds);
            let by_odds = weight * (1.0 / (1.0 + (-odds).exp()) - won);
            by[0] -= by_odds / square.sqrt();
            by[1] -= by_odds * odds / square * slope * slope;
            by[2] -= by_odds * odds / (2.0 * square) * variance * flattening;
            all += weight;
        }
        (loss / all, by.iter().map(|slope| slope / all).collect())
    })?;
    let [even, slope, flattening] = found.as_slice() else { return Ok(draft) };
    Ok(Setting { even: *even, slope: slope.exp(), flattening: flattening.exp(), ..draft })
}

/// How far totals were from their projections, in spreads, by part of the innings; each of a match that the projection was
/// not fitted to.
#[derive(Default)]
pub(super) struct Off {
    parts: [Vec<f64>; RANGE_PARTS],
    matches: usize,
}

impl Off {
    pub(super) fn add(&mut self, setting: &Setting, held_out: &[&Game], until: Day, whole: u32) {
        for row in rows::of(held_out, 0, None, until, 1) {
            let at = row.game.first(row.ball);
            let ahead = project(setting, row.game, row.ball, whole);
            let part = (at.limit - at.left) as usize * RANGE_PARTS / at.limit as usize;
            if let Some(part) = self.parts.get_mut(part).filter(|_| ahead.spread > 0.0) {
                part.push((f64::from(row.game.total) - ahead.mean) / ahead.spread);
            }
        }
        self.matches += held_out.len();
    }

    pub(super) fn matches(&self) -> usize {
        self.matches
    }

    /// Between which of them four of five lie, drawn towards a normal distribution's where matches are few.
    pub(super) fn range(mut self) -> [[f64; 2]; RANGE_PARTS] {
        let matches = self.matches as f64;
        self.parts.each_mut().map(|part| {
            part.sort_unstable_by(f64::total_cmp);
            [-quantile(part, 0.1), quantile(part, 0.9)]
                .map(|end| ((matches * end + RANGE_PRIOR * DECILE) / (matches + RANGE_PRIOR)).max(0.0))
        })
    }
}

/// Where a ball's innings was heading, by the year and ground of its match.
pub(super) fn project(setting: &Setting, game: &Game, ball: &Ball, whole: u32) -> Projection {
    setting.project(&game.first(ball), whole, &here(setting, game))
}

/// Par by the year and ground of a match.
pub(crate) fn here(setting: &Setting, game: &Game) -> Circumstances {
    setting.circumstances_of(Some(game.year()), Some(&game.venue))
}

/// Par of each year: totals of that year and, less and less, of its neighbours.
fn eras(games: &[&Game]) -> Vec<(u16, f64)> {
    let mut years: Vec<u16> = games.iter().map(|game| game.year()).collect();
    years.sort_unstable();
    years.dedup();
    let par = |year: u16| {
        mean(
            games
                .iter()
                .map(|game| (f64::from(game.total), 0.5_f64.powf(f64::from(game.year().abs_diff(year)) / ERA_HALF))),
        )
    };
    years.into_iter().map(|year| (year, (par(year) * 10.0).round() / 10.0)).collect()
}

/// Runs above or below the year's par by ground.
fn venues(games: &[&Game], eras: &[(u16, f64)]) -> Vec<(String, f64, u32)> {
    let mut known: BTreeMap<&str, (f64, u32)> = BTreeMap::new();
    for game in games.iter().filter(|game| !game.venue.is_empty()) {
        let par = eras.iter().find(|(year, _)| *year == game.year()).map_or(0.0, |(_, par)| *par);
        let venue = known.entry(&game.venue).or_default();
        venue.0 += f64::from(game.total) - par;
        venue.1 += 1;
    }
    known
        .into_iter()
        .filter(|(_, (_, count))| *count >= VENUE_LEAST)
        .map(|(name, (sum, count))| {
            (name.to_owned(), (sum / (f64::from(count) + VENUE_PRIOR) * 10.0).round() / 10.0, count)
        })
        .collect()
}

/// Balls from which the chance is calibrated on held-out matches: in every later tenth of the innings the calibration
/// error is small and the chance better than the share of sides that win after setting. `None` where it never is.
pub(super) fn told_from(setting: &Setting, held_out: &[&Game], until: Day, whole: u32) -> Option<u32> {
    let rows = rows::of(held_out, 0, None, until, 1);
    let mut parts: Vec<Calibration> = (0..PARTS).map(|_| Calibration::default()).collect();
    for row in rows.iter().filter(|row| row.game.ending != Ending::Tie) {
        let ahead = project(setting, row.game, row.ball, whole);
        let chance = setting.chance(ahead.mean - ahead.par, ahead.spread);
        let bowled = whole.saturating_sub(u32::from(row.ball.left));
        if let Some(part) = parts.get_mut((bowled * PARTS / whole.max(1)) as usize) {
            part.add(chance, row.game.ending == Ending::Defended);
        }
    }
    let fine = |part: &Calibration| part.error() <= CALIBRATED && part.brier() < part.brier_of_share();
    let late = parts.iter().rev().take_while(|part| fine(part)).count() as u32;
    (late > 0).then(|| (PARTS - late) * whole / PARTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_holds_four_of_five_and_few_matches_leave_it_near_a_normal_one() {
        let off = |matches| {
            let values: Vec<f64> = (0..=100).map(|at| f64::from(at) / 10.0 - 5.0).collect();
            Off { parts: std::array::from_fn(|_| values.clone()), matches }.range()
        };
        for [below, above] in off(100_000) {
            assert!((below - 4.0).abs() < 0.01 && (above - 4.0).abs() < 0.01, "{below} {above}");
        }
        for [below, above] in off(1) {
            assert!((below - 1.41).abs() < 0.01 && (above - 1.41).abs() < 0.01, "{below} {above}");
        }
    }
}
