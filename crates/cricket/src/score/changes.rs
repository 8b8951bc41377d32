//! What a rebuild changed: which happenings are newly true, which no longer are.

use std::collections::HashMap;

use super::Happening;
use crate::event::Key;

/// What an event is about, stable over corrections: a ball by its place in the innings, anything else by its key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    /// A ball's place in the match.
    Ball(u64),
    /// Anything else.
    Key(Key),
}

/// The happenings of a replay, by what brought them about, in order.
#[derive(Debug, Default)]
pub(super) struct History(pub(super) Vec<(Subject, Vec<Happening>)>);

/// The happenings of `after` that `before` does not have at the same place, and the other way round; both in order.
pub(super) fn changes(before: &History, after: &History) -> (Vec<Happening>, Vec<Happening>) {
    (missing(after, before), missing(before, after))
}

fn missing(of: &History, from: &History) -> Vec<Happening> {
    let mut known: HashMap<&Subject, Vec<&Happening>> = HashMap::new();
    for (subject, happenings) in &from.0 {
        known.entry(subject).or_default().extend(happenings);
    }
    let mut found = Vec::new();
    for (subject, happenings) in &of.0 {
        let mut candidates = known.get_mut(subject);
        for happening in happenings {
            let seen = candidates
                .as_mut()
                .and_then(|list| list.iter().position(|other| *other == happening).map(|at| list.remove(at)));
            if seen.is_none() {
                found.push(happening.clone());
            }
        }
    }
    found
}
