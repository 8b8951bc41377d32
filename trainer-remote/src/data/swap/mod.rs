//! Other names, other small numbers: so that a model must take its facts from the prompt, not from what it remembers.
//! Both happen to the match before it is played, so moment, facts and prompt agree.

mod names;
mod numbers;

use super::{dice, recipe::Recipe, replay::Played};

/// Bit of a swap's number that says that names were swapped.
const NAMES: u64 = 1;
/// Bit that says that small numbers were.
const NUMBERS: u64 = 2;

/// The number of a match's swap, as rows carry it: a seed whose two lowest bits say what is swapped. `None` where the
/// recipe swaps nothing.
pub fn number(recipe: &Recipe, seed: u64, match_id: &str) -> Option<u64> {
    let what = if recipe.swap_names { NAMES } else { 0 } | if recipe.swap_numbers { NUMBERS } else { 0 };
    (what > 0).then(|| dice::draw(seed, &["swap", match_id]) & !(NAMES | NUMBERS) | what)
}

/// The number of a swap of names alone.
pub fn names_only(seed: u64, match_id: &str) -> u64 {
    dice::draw(seed, &["swap", match_id]) & !(NAMES | NUMBERS) | NAMES
}

/// Swaps in a match what a row's number says; with `None` the match stays as it is. The same number makes the same match.
pub fn apply(played: &mut Played, swap: Option<u64>) {
    let Some(seed) = swap else { return };
    if seed & NUMBERS != 0 {
        numbers::swap(&mut played.game, seed);
    }
    if seed & NAMES != 0 {
        names::swap(&mut played.game, seed);
    }
}
