//! Which matches and balls a fit takes, and how much they weigh.

use commentary::reading::Class;
use stats::Day;

use crate::reading::games::{Ball, Game};

/// A ball that is fitted to.
pub(super) struct Row<'a> {
    pub(super) game: &'a Game,
    pub(super) ball: &'a Ball,
    pub(super) weight: f64,
}

/// The full matches of some kinds up to a day.
pub(super) fn games<'a>(all: &[&'a Game], classes: &[Class], until: Day) -> Vec<&'a Game> {
    all.iter().copied().filter(|game| classes.contains(&game.class) && game.is_full() && game.day <= until).collect()
}

/// Every `step`-th ball of an innings (0 the first, 1 the chase) of the matches, recent ones weighing more: half as much
/// for each half-life, in years.
pub(super) fn of<'a>(
    games: &[&'a Game],
    innings: usize,
    half_life: Option<f64>,
    until: Day,
    step: usize,
) -> Vec<Row<'a>> {
    games
        .iter()
        .enumerate()
        .flat_map(|(place, game)| {
            let weight = weight(game.day, half_life, until);
            let balls = game.balls.get(innings).into_iter().flatten();
            balls.skip(place % step).step_by(step).map(move |ball| Row { game, ball, weight })
        })
        .collect()
}

/// What a match of a day weighs.
pub(super) fn weight(day: Day, half_life: Option<f64>, until: Day) -> f64 {
    half_life.map_or(1.0, |years| 0.5_f64.powf((when(until) - when(day)) / years))
}

/// A day as a year with its part.
pub(super) fn when(day: Day) -> f64 {
    let text = day.to_string();
    let part = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<f64>().ok()).unwrap_or(1.0);
    f64::from(day.year()) + (part(5, 7) - 1.0) / 12.0 + (part(8, 10) - 1.0) / 372.0
}

/// A weighted mean; 0 of nothing.
pub(super) fn mean(values: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (sum, weight) = values.fold((0.0, 0.0), |(sum, all), (value, weight)| (sum + value * weight, all + weight));
    if weight > 0.0 { sum / weight } else { 0.0 }
}
