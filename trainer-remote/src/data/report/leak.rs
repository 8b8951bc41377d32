//! Leakage: how much of what is judged was learnt from, by spans of eight tokens.

use std::collections::{BTreeMap, HashSet};

use commentary::Layout;
use serde::Serialize;

use super::super::{dice, split::Split};
use crate::row::Row;

/// Tokens of a span.
const SPAN: usize = 8;

/// How much of one part of one split's rows occurs in train.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Leak {
    /// The split that is held against train.
    pub split: Split,
    /// `prompts` or `completions`.
    pub part: &'static str,
    /// Rows with a span, that is with eight tokens or more.
    pub rows: u64,
    /// Rows with a span that occurs in train, as a share of `rows`, 0 to 1.
    pub with_span: f64,
    /// Mean share of a row's spans that occur in train, 0 to 1.
    pub spans: f64,
    /// Rows of any length that train has word for word, as a share of all, 0 to 1.
    pub whole: f64,
    /// What that means.
    pub meaning: &'static str,
}

/// The tokens: words and slots, in small letters, without marks.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '_' | '{' | '}' | '-' | '/');
    text.split(move |c: char| !is_part(c)).filter(|word| !word.is_empty())
}

/// The spans of a text, as numbers; and the whole text as one.
fn spans(text: &str) -> (Vec<u64>, u64) {
    let tokens: Vec<u64> = words(text).map(|word| dice::draw(0, &[&word.to_lowercase()])).collect();
    let number = |tokens: &[u64]| tokens.iter().fold(0, |sum: u64, token| dice::mix(sum ^ token));
    (tokens.windows(SPAN).map(number).collect(), number(&tokens))
}

/// What train has, and how the others compare. Train must be added first.
#[derive(Default)]
pub(super) struct Leaks {
    /// Of prompts and completions: spans and whole texts of train.
    train: [(HashSet<u64>, HashSet<u64>); 2],
    found: BTreeMap<(Split, usize), Found>,
    slots: bool,
}

#[derive(Default)]
struct Found {
    all: u64,
    rows: u64,
    with_span: u64,
    spans: f64,
    whole: u64,
}

impl Leaks {
    pub(super) fn add(&mut self, split: Split, row: &Row) {
        self.slots |= row.layout == Layout::Slots;
        for (part, text) in [&row.prompt, &row.completion].into_iter().enumerate() {
            if text.is_empty() {
                continue;
            }
            let (known_spans, known_texts) = &mut self.train[part];
            let (spans, whole) = spans(text);
            if split == Split::Train {
                known_texts.insert(whole);
                known_spans.extend(spans);
                continue;
            }
            let found = self.found.entry((split, part)).or_default();
            found.all += 1;
            found.whole += u64::from(known_texts.contains(&whole));
            let shared = spans.iter().filter(|span| known_spans.contains(span)).count();
            if !spans.is_empty() {
                found.rows += 1;
                found.with_span += u64::from(shared > 0);
                found.spans += shared as f64 / spans.len() as f64;
            }
        }
    }

    pub(super) fn finish(self) -> Vec<Leak> {
        let share = |part: f64, all: u64| if all == 0 { 0.0 } else { part / all as f64 };
        let leak = |((split, part), found): ((Split, usize), Found)| Leak {
            split,
            part: ["prompts", "completions"][part],
            rows: found.rows,
            with_span: share(found.with_span as f64, found.rows),
            spans: share(found.spans, found.rows),
            whole: share(found.whole as f64, found.all),
            meaning: match (self.slots, part) {
                (true, 0) => {
                    "Slot prompts hold no name and no number, only what kind of moment it is. That such moments were \
                     seen in training is the purpose, not a leak; the matches are others."
                }
                (true, _) => {
                    "Completions are templates with slots. One that stands in train word for word is a phrasing \
                     learnt, and right wherever its facts hold; it says how much of the test can be answered by known \
                     phrasings."
                }
                (false, 0) => {
                    "Prompts share the rules and the voice of their persona, so spans of those are in all of them; look at \
                     whole prompts instead."
                }
                (false, _) => "A high share means that lines can be answered from memory.",
            },
        };
        self.found.into_iter().map(leak).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_needs_eight_tokens_and_their_order() {
        let text = "{batter} drives, and the crowd is up on its feet";
        assert_eq!(words(text).count(), 10);
        let (spans_of, whole) = spans(text);
        assert_eq!(spans_of.len(), 3);
        assert_eq!(spans("{BATTER} drives and the crowd is up on its feet!"), (spans_of.clone(), whole));
        let (other, _) = spans("drives {batter} and the crowd is up on its feet");
        assert_eq!(other.iter().filter(|span| spans_of.contains(span)).count(), 1);
        assert!(spans("too short to have a span").0.is_empty());
    }
}
