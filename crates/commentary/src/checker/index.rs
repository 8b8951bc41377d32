//! Patterns by what they begin with, so that a line is held only against those that could fit.

use std::collections::HashMap;

use super::{
    pattern::{Part, Pattern, WordId},
    token::{Kind, Token},
};

/// What a pattern begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum First {
    Word(WordId),
    Person,
    Number,
    Team,
}

/// All patterns of a language. The second part of the key is the word that follows the first; 0 where it is no word.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    all: Vec<Pattern>,
    by_start: HashMap<(First, WordId), Vec<usize>>,
}

impl Patterns {
    pub(super) fn new(all: Vec<Pattern>) -> Self {
        let mut by_start: HashMap<(First, WordId), Vec<usize>> = HashMap::new();
        for (index, pattern) in all.iter().enumerate() {
            let mut add = |first: First| match pattern.parts.get(1) {
                // The noun of a number may stand between it and the next word.
                Some(Part::Words(words)) if first != First::Number => {
                    for word in words {
                        by_start.entry((first, *word)).or_default().push(index);
                    }
                }
                _ => by_start.entry((first, 0)).or_default().push(index),
            };
            match pattern.parts.first() {
                Some(Part::Words(words)) => words.iter().for_each(|word| add(First::Word(*word))),
                Some(Part::Person(..) | Part::Anybody) => add(First::Person),
                Some(Part::Own(_) | Part::AnyNumber | Part::Fact(..)) => add(First::Number),
                Some(Part::Team(_) | Part::AnySide) => add(First::Team),
                Some(Part::Fillers | Part::End) | None => {}
            }
        }
        Self { all, by_start }
    }

    /// The patterns that could begin at a token.
    pub(super) fn starting<'a>(
        &'a self,
        tokens: &[Token],
        ids: &[WordId],
        at: usize,
    ) -> impl Iterator<Item = &'a Pattern> + use<'a> {
        let id = ids.get(at).copied().unwrap_or(0);
        let next = ids.get(at + 1).copied().unwrap_or(0);
        let kinds = match tokens.get(at).map(|token| &token.kind) {
            // A name that opens a sentence may be meant as the word it is.
            Some(Kind::Person(_)) => [Some(First::Person), Some(First::Word(id)).filter(|_| id != 0)],
            Some(Kind::Team(_)) => [Some(First::Team), None],
            Some(Kind::Number(_)) => [Some(First::Number), Some(First::Word(id)).filter(|_| id != 0)],
            Some(Kind::Word | Kind::Mark(_)) if id != 0 => [Some(First::Word(id)), None],
            _ => [None, None],
        };
        let nexts = if next == 0 { [Some(0), None] } else { [Some(0), Some(next)] };
        kinds.into_iter().flatten().flat_map(move |first| {
            nexts.into_iter().flatten().flat_map(move |next| {
                let found = self.by_start.get(&(first, next)).map_or(&[][..], Vec::as_slice);
                found.iter().filter_map(|index| self.all.get(*index))
            })
        })
    }
}
