//! Which kinds of match share their numbers, and how fast old matches fade.

use commentary::reading::{Class, Format, Gender, Level};
use stats::Day;

use super::{chase, rows};
use crate::{
    progress::Progress,
    reading::{games::Game, measure::Calibration, optimise::FitError},
};

/// Years at the end of the training part that choices are made on.
const HELD_OUT_YEARS: u16 = 2;
/// Full matches that a fit needs at least.
pub(super) const LEAST: usize = 100;
/// Held-out matches that a choice needs at least.
const LEAST_HELD_OUT: usize = 25;
/// Half-lives tried, in years.
const HALF_LIVES: [Option<f64>; 3] = [Some(2.0), Some(5.0), None];
/// Of how many balls one is looked at while choosing.
const STEP: usize = 3;

/// A choice that was tried.
#[derive(Debug, Clone)]
pub struct Tried {
    /// Kinds of match fitted to.
    pub classes: Vec<Class>,
    /// How fast they fade, in years.
    pub half_life: Option<f64>,
    /// Log loss on the held-out matches; `None` where there were too few.
    pub log_loss: Option<f64>,
}

/// The choice for a kind of match.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The kind.
    pub class: Class,
    /// Full matches of it in the training part.
    pub matches: usize,
    /// Held-out matches that the choice was made on.
    pub held_out: usize,
    /// All that was tried, the best first.
    pub tried: Vec<Tried>,
}

/// Kinds of match that share their numbers.
pub(super) struct Plan {
    pub(super) covers: Vec<Class>,
    pub(super) fitted_to: Vec<Class>,
    pub(super) half_life: Option<f64>,
}

impl Plan {
    /// What the kinds are called together.
    pub(super) fn name(&self) -> String {
        self.covers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }
}

fn classes() -> Vec<Class> {
    let mut all = Vec::new();
    for format in [Format::T20, Format::Hundred, Format::OneDay] {
        for gender in [Gender::Male, Gender::Female] {
            for level in [Level::Club, Level::International] {
                if format != Format::Hundred || level == Level::Club {
                    all.push(Class { format, gender, level });
                }
            }
        }
    }
    all
}

/// Makes the choice for every kind of match of which there is any.
pub(super) fn choose(all: &[&Game], until: Day, progress: &dyn Progress) -> Result<Vec<Choice>, FitError> {
    let inner = inner(until);
    let mut fits: Vec<(Vec<Class>, Option<f64>, commentary::reading::Chase)> = Vec::new();
    let mut choices = Vec::new();
    for class in classes() {
        let matches = rows::games(all, &[class], until).len();
        if matches == 0 {
            continue;
        }
        progress.note(&format!("choosing for {class}"));
        let held_out: Vec<&Game> =
            rows::games(all, &[class], until).into_iter().filter(|game| game.day > inner).collect();
        let mut tried = Vec::new();
        for group in groups(class) {
            if rows::games(all, &group, inner).len() < LEAST {
                continue;
            }
            for half_life in HALF_LIVES {
                let known = fits.iter().position(|(classes, life, _)| *classes == group && *life == half_life);
                if known.is_none() {
                    let games = rows::games(all, &group, inner);
                    let rows = rows::of(&games, 1, half_life, inner, STEP);
                    fits.push((group.clone(), half_life, chase::fit(&class.to_string(), &rows, whole(&group))?));
                }
                let fit = known.map_or_else(|| fits.last(), |at| fits.get(at)).map(|(.., fit)| fit);
                let log_loss = fit.filter(|_| held_out.len() >= LEAST_HELD_OUT).map(|fit| {
                    let mut measured = Calibration::default();
                    for row in rows::of(&held_out, 1, None, until, STEP) {
                        let won = row.game.ending == crate::reading::games::Ending::Chased;
                        measured.add(fit.chance(&row.game.position(row.ball), whole(&group)), won);
                    }
                    measured.log_loss()
                });
                tried.push(Tried { classes: group.clone(), half_life, log_loss });
            }
        }
        // Where too few were held out to choose by, the widest group with the middle half-life is taken.
        tried.sort_by(|a, b| {
            let key = |tried: &Tried| (std::cmp::Reverse(tried.classes.len()), tried.half_life != HALF_LIVES[1]);
            a.log_loss.zip(b.log_loss).map_or_else(|| key(a).cmp(&key(b)), |(a, b)| a.total_cmp(&b))
        });
        choices.push(Choice { class, matches, held_out: held_out.len(), tried });
    }
    Ok(choices)
}

/// The last day before what choices are made on.
pub(super) fn inner(until: Day) -> Day {
    let text = until.to_string();
    let rest = text.get(4..).unwrap_or("-12-31");
    format!("{:04}{rest}", until.year().saturating_sub(HELD_OUT_YEARS)).parse().unwrap_or(until)
}

/// The kinds that one may be fitted with: itself, those of its format and gender, for the few hundred-ball matches the
/// T20 leagues of its gender too. Women's and men's cricket are never mixed.
fn groups(class: Class) -> Vec<Vec<Class>> {
    let alike = |other: &Class| other.format == class.format && other.gender == class.gender;
    let mut groups = vec![vec![class], classes().into_iter().filter(alike).collect()];
    groups.dedup();
    if class.format == Format::Hundred {
        groups.push(vec![Class { format: Format::T20, ..class }]);
    }
    groups
}

/// The balls of a whole innings as a group of kinds has them.
pub(super) fn whole(group: &[Class]) -> u32 {
    group.first().map_or(120, |class| class.balls())
}

/// Kinds whose choice fell on the same numbers share them.
pub(super) fn plans(choices: &[Choice]) -> Vec<Plan> {
    let mut plans: Vec<Plan> = Vec::new();
    for choice in choices {
        let Some(best) = choice.tried.first() else { continue };
        match plans.iter_mut().find(|plan| plan.fitted_to == best.classes && plan.half_life == best.half_life) {
            Some(plan) => plan.covers.push(choice.class),
            None => plans.push(Plan {
                covers: vec![choice.class],
                fitted_to: best.classes.clone(),
                half_life: best.half_life,
            }),
        }
    }
    plans
}
