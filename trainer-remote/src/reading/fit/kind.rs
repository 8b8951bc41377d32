//! One kind of match, all of its numbers.

use commentary::{
    Pressure,
    reading::{Kind, SHARES, difficulty::STEPS, setting::PARTS as RANGE_PARTS},
};
use cricket::phase::Phase;
use stats::Day;

use super::{
    chase,
    grouping::{LEAST, Plan, inner, whole},
    next_ball, recent, rows, setting,
};
use crate::reading::{games::Game, measure, optimise::FitError};

/// Fits all numbers of a kind.
pub(super) fn fit(plan: &Plan, all: &[&Game], until: Day) -> Result<Kind, FitError> {
    let name = plan.name();
    let games = rows::games(all, &plan.fitted_to, until);
    let whole = whole(&plan.fitted_to);
    let first = rows::of(&games, 0, plan.half_life, until, 1);
    let chases = rows::of(&games, 1, plan.half_life, until, 1);
    let chase = chase::fit(&name, &chases, whole)?;
    let chase = recent::chase(plan, all, until, whole, chase)?;
    let mut set = setting::fit(&name, &games, &first, whole)?;
    set.range = range(plan, all, until, whole)?;
    set.told_from = told_from(plan, all, until, whole)?;
    let next = next_ball::count(&first, &chases, whole, chase.usual_target);
    let mut kind = Kind::draft(name.clone(), plan.fitted_to.clone(), whole, chase, set, next);
    kind.covers.clone_from(&plan.covers);
    kind.half_life = plan.half_life;
    kind.matches = games.len() as u32;
    kind.deliveries = (first.len() + chases.len()) as u32;
    kind.by_rate_alone = chase::by_rate_alone(&name, &chases)?;
    super::super::write::round(&mut kind);
    let movement = |row: &rows::Row<'_>| (kind.chase_movement(&row.game.position(row.ball)), 1.0);
    kind.usual_movement = rows::mean(chases.iter().map(movement));
    for (phase, table) in [
        (Phase::Powerplay, &mut kind.difficulty.powerplay),
        (Phase::Middle, &mut kind.difficulty.middle),
        (Phase::Death, &mut kind.difficulty.death),
    ] {
        let in_phase = |row: &&rows::Row<'_>| row.ball.phase.map(main) == Some(phase);
        let mut indices: Vec<f64> = chases.iter().filter(in_phase).map(|row| f64::from(row.ball.difficulty)).collect();
        indices.sort_unstable_by(f64::total_cmp);
        *table = std::array::from_fn(|step| measure::quantile(&indices, step as f64 / (STEPS - 1) as f64));
    }
    super::super::write::round(&mut kind);
    kind.pressure = cuts(&kind, &games);
    super::super::write::round(&mut kind);
    Ok(kind)
}

/// The phase by whose table a ball is judged.
fn main(phase: Phase) -> Phase {
    match phase {
        Phase::Powerplay | Phase::Death => phase,
        Phase::SuperOver => Phase::Death,
        _ => Phase::Middle,
    }
}

/// Times that the seasons are cut into earlier and later ones.
const CUTS: usize = 3;

/// How wide the range of totals is: fits to what came before each of the last pairs of years say how far they were off in
/// those, with whatever changed between the seasons, so that the range holds for later ones too.
fn range(plan: &Plan, all: &[&Game], until: Day, whole: u32) -> Result<[[f64; 2]; RANGE_PARTS], FitError> {
    let (mut own, mut shared) = (setting::Off::default(), setting::Off::default());
    let mut end = until;
    for _ in 0..CUTS {
        let begin = inner(end);
        let before = rows::games(all, &plan.fitted_to, begin);
        if before.len() < LEAST {
            break;
        }
        let rows = rows::of(&before, 0, plan.half_life, begin, 3);
        let fitted = setting::fit(&plan.name(), &before, &rows, whole)?;
        for (off, classes) in [(&mut own, &plan.covers), (&mut shared, &plan.fitted_to)] {
            let mut later = rows::games(all, classes, end);
            later.retain(|game| game.day > begin);
            off.add(&fitted, &later, end, whole);
        }
        end = begin;
    }
    Ok(if own.matches() < LEAST { shared.range() } else { own.range() })
}

/// From which ball of a first innings a chance may be told: a fit to what came before the held-out years says.
fn told_from(plan: &Plan, all: &[&Game], until: Day, whole: u32) -> Result<Option<u32>, FitError> {
    let inner = inner(until);
    let before = rows::games(all, &plan.fitted_to, inner);
    let held_out: Vec<&Game> =
        rows::games(all, &plan.fitted_to, until).into_iter().filter(|game| game.day > inner).collect();
    if before.is_empty() || held_out.is_empty() {
        return Ok(None);
    }
    let rows = rows::of(&before, 0, plan.half_life, inner, 3);
    let fitted = setting::fit(&plan.name(), &before, &rows, whole)?;
    Ok(setting::told_from(&fitted, &held_out, until, whole))
}

/// Where each step of pressure begins, so that of all balls of both innings each is as frequent as it is to be.
fn cuts(kind: &Kind, games: &[&Game]) -> [f64; 4] {
    let mut scores: Vec<f64> = games.iter().flat_map(|game| scores(kind, game)).collect();
    scores.sort_unstable_by(f64::total_cmp);
    let mut below = 0;
    std::array::from_fn(|step| {
        below += SHARES.get(step).copied().unwrap_or_default();
        measure::quantile(&scores, f64::from(below) / 100.0)
    })
}

/// The scores that pressure is cut from, ball by ball of a match.
pub(crate) fn scores(kind: &Kind, game: &Game) -> Vec<f64> {
    let here = setting::here(&kind.setting, game);
    let [first, chase] = &game.balls;
    let set = first.iter().map(|ball| {
        let leverage = kind.leverage(kind.setting_movement(&game.first(ball), &here));
        Pressure::score(leverage, None)
    });
    let chased = chase.iter().map(|ball| {
        let at = game.position(ball);
        let chance = kind.chance(&at);
        let percentile = kind.difficulty.of(f64::from(ball.difficulty), ball.phase);
        let alive = chance > 0.02 && chance < 0.98;
        Pressure::score(kind.leverage(kind.chase_movement(&at)), Some(percentile).filter(|_| alive))
    });
    set.chain(chased).collect()
}
