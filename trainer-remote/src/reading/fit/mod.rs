//! Fitting: from matches to a model.
//!
//! Which kinds of match share their numbers, and how fast old matches fade, is chosen by log loss on the last two years of
//! the training part, never on the seasons that the model is measured on (`grouping`).

mod chase;
mod grouping;
mod kind;
mod next_ball;
mod parameters;
mod recent;
mod rows;
mod setting;

pub use grouping::{Choice, Tried};
pub(super) use kind::scores;
pub(super) use setting::here;

use commentary::reading::{Model, Provenance, VERSION};
use stats::Day;

use super::{
    games::{Game, Games},
    optimise::FitError,
};
use crate::progress::Progress;

/// Whose data, under which licence; stands in every model.
const ATTRIBUTION: &str = "Contains data from Cricsheet (https://cricsheet.org), ODC-BY 1.0.";

/// Which matches to fit to.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// From this day on, if given.
    pub since: Option<Day>,
    /// Up to this day.
    pub until: Day,
}

/// A fitted model and how it was chosen.
#[derive(Debug)]
pub struct Fitted {
    /// The model.
    pub model: Model,
    /// The choice for each kind of match.
    pub choices: Vec<Choice>,
}

/// Fits a model to the matches of a span.
///
/// # Errors
/// Too few matches for a fit to come to an end.
pub fn fit(games: &Games, span: Span, progress: &dyn Progress) -> Result<Fitted, FitError> {
    let within = |game: &&Game| game.day <= span.until && span.since.is_none_or(|since| game.day >= since);
    let all: Vec<&Game> = games.games.iter().filter(within).collect();
    let choices = grouping::choose(&all, span.until, progress)?;
    let plans = grouping::plans(&choices);
    if plans.is_empty() {
        return Err(FitError {
            what: format!("matches up to {}", span.until),
            reason: "no kind of match has the hundred full and decided matches that a fit needs".to_owned(),
        });
    }
    let mut kinds = Vec::new();
    for plan in plans {
        progress.note(&format!("fitting {}", plan.name()));
        kinds.push(kind::fit(&plan, &all, span.until)?);
    }
    let full: Vec<_> = all.iter().filter(|game| game.is_full()).collect();
    let deliveries = full.iter().map(|game| game.balls.iter().map(Vec::len).sum::<usize>() as u32).sum();
    let provenance = Provenance {
        attribution: ATTRIBUTION.to_owned(),
        since: span.since.map(|day| day.to_string()),
        until: span.until.to_string(),
        matches: full.len() as u32,
        deliveries,
    };
    Ok(Fitted { model: Model { version: VERSION.to_owned(), provenance, kinds }, choices })
}
