//! From rows back to the moments that they were made of: the match is swapped as it was then, and played again.

use std::collections::{BTreeMap, HashMap};

use commentary::Moment;

use super::{
    replay::{Played, each_bowled},
    swap,
};
use crate::row::Row;

/// Visits rows of one match with their moments, in the match's order; afterwards those whose ball the match has not, with
/// `None`.
pub fn each_row<'r>(
    played: &Played,
    rows: impl IntoIterator<Item = &'r Row>,
    mut visit: impl FnMut(&'r Row, Option<&Moment>),
) {
    let mut wanted: BTreeMap<Option<u64>, HashMap<&str, Vec<&Row>>> = BTreeMap::new();
    for row in rows {
        wanted.entry(row.swap).or_default().entry(&row.key).or_default().push(row);
    }
    for (number, mut by_key) in wanted {
        let mut played = played.clone();
        swap::apply(&mut played, number);
        each_bowled(played, |bowled| {
            let Some(rows) = by_key.remove(bowled.event.key.as_str()) else { return };
            let moment = bowled.moment();
            for row in rows {
                visit(row, moment.as_ref());
            }
        });
        by_key.into_values().flatten().for_each(|row| visit(row, None));
    }
}
