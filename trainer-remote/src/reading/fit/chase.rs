//! Fitting the chance of a chase.

use commentary::reading::Chase;

use super::{
    parameters::{self, Slopes, Sum, ToCome},
    rows::{Row, mean},
};
use crate::reading::{
    games::Ending,
    optimise::{FitError, least},
};

/// Least log loss of who won, over all balls. A tie counts as not won.
pub(super) fn fit(what: &str, rows: &[Row<'_>], whole: u32) -> Result<Chase, FitError> {
    let usual_target = mean(rows.iter().map(|row| (f64::from(row.game.target), row.weight)));
    let start = parameters::start(usual_target, f64::from(whole));
    let found = least(&format!("the chases of {what}"), start.clone(), |at| {
        let scoring = parameters::scoring(at);
        let mut sum = Sum::new();
        for Row { game, ball, weight } in rows {
            let come = ToCome::of(&scoring, f64::from(ball.left), ball.wickets);
            let high = (f64::from(game.target) / usual_target).clamp(0.3, 2.0) - 1.0;
            let factor = 1.0 + scoring.pull * high;
            let root = come.runs.sqrt().max(1e-6);
            let spread = scoring.floor + scoring.growth * root;
            let odds = (factor * come.runs - f64::from(ball.needed) + 0.5) / spread;
            let chance = 1.0 / (1.0 + (-odds).exp());
            let won = f64::from(u8::from(game.ending == Ending::Chased));
            // ln(1 + e^odds) − won · odds, without overflow.
            let loss = odds.max(0.0) + (-odds.abs()).exp().ln_1p() - won * odds;
            let by_odds = chance - won;
            sum.add(
                *weight,
                loss,
                &come,
                &Slopes {
                    runs: by_odds * (factor - odds * scoring.growth / (2.0 * root)) / spread,
                    floor: -by_odds * odds / spread,
                    growth: -by_odds * odds * root / spread,
                    pull: by_odds * come.runs * high / spread,
                },
            );
        }
        sum.mean(at, &start, &scoring)
    })?;
    let mut chase = Chase { usual_target, scoring: parameters::scoring(&found) };
    keep_lawful(&mut chase, whole);
    Ok(chase)
}

/// One more run on the target must not add a run to what is to come.
pub(super) fn keep_lawful(chase: &mut Chase, whole: u32) {
    let most = chase.usual_target / chase.scoring.to_come(f64::from(whole), 10);
    chase.scoring.pull = chase.scoring.pull.min(0.99 * most);
}

/// The chance by the required rate alone, `a + b · runs a ball` as log odds: what a fit must beat.
pub(super) fn by_rate_alone(what: &str, rows: &[Row<'_>]) -> Result<[f64; 2], FitError> {
    let found = least(&format!("required rates of {what}"), vec![3.0, -2.0], |at| {
        let [a, b] = at else { return (0.0, vec![0.0; at.len()]) };
        let (mut loss, mut by, mut all) = (0.0, [0.0, 0.0], 0.0);
        for Row { game, ball, weight } in rows {
            let rate = crate::reading::measure::required(ball);
            let odds = a + b * rate;
            let won = f64::from(u8::from(game.ending == Ending::Chased));
            loss += weight * (odds.max(0.0) + (-odds.abs()).exp().ln_1p() - won * odds);
            let slope = weight * (1.0 / (1.0 + (-odds).exp()) - won);
            by[0] += slope;
            by[1] += slope * rate;
            all += weight;
        }
        (loss / all, by.iter().map(|slope| slope / all).collect())
    })?;
    let [a, b] = found.as_slice() else { return Ok([0.0, 0.0]) };
    Ok([*a, *b])
}
