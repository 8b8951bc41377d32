//! The checker: between any writer and the air. Every claim of a line is held against the moment's fact sheet.
//!
//! A line is cut into tokens; names, numbers, event words and attributions are each looked up; words that
//! nothing in a feed could support are refused with the reason. What the vocabulary means is data, under
//! `data/checker/<language>`; the passes are the same for every language.

mod fault;
mod fitness;
mod lexicon;
mod names;
mod numbers;
mod pattern;
mod roles;
mod script;
mod token;
mod words;

pub use fault::{Fault, Rejection, Why};
pub(crate) use fitness::showable;

use crate::{facts::FactRef, language::Language, line::LineKind, moment::Moment, persona::Persona};

/// A line that may go on the air. There is no way to one but [`check`] and [`check_as`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedLine {
    text: String,
    facts: Vec<FactRef>,
}

impl CheckedLine {
    /// The words.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The facts that its claims rest on, in the order of their ids.
    pub fn facts(&self) -> &[FactRef] {
        &self.facts
    }

    /// Several lines as one, each behind a bullet.
    pub(crate) fn listed(lines: Vec<Self>, bullet: &str) -> Self {
        let text = lines.iter().map(|line| format!("{bullet}{}", line.text)).collect::<Vec<_>>().join(" ");
        let mut facts: Vec<FactRef> = lines.into_iter().flat_map(|line| line.facts).collect();
        facts.sort();
        facts.dedup();
        Self { text, facts }
    }

    /// Words and facts, for a [`Line`](crate::Line).
    pub fn into_parts(self) -> (String, Vec<FactRef>) {
        (self.text, self.facts)
    }
}

/// Holds a line of the moment's first kind against what may be claimed, and against the persona's own bounds.
///
/// # Errors
/// [`Rejection`] with every fault found, each naming the claim and why it cannot stand.
pub fn check(text: &str, moment: &Moment, persona: &Persona) -> Result<CheckedLine, Rejection> {
    check_as(moment.kind(), text, moment, persona)
}

/// The same for a line of another kind, such as the sum of an over that a ball ended: kinds differ in length.
///
/// # Errors
/// As [`check`].
pub fn check_as(kind: LineKind, text: &str, moment: &Moment, persona: &Persona) -> Result<CheckedLine, Rejection> {
    let text = text.trim();
    let mut findings = Findings::default();
    fitness::check(text, persona, &mut findings);
    // What cannot be spoken is not worth understanding; it may be enormous, too.
    if findings.faults.is_empty() {
        let sheet = &moment.facts;
        let language = Language::of(&persona.language);
        let lexicon = lexicon::of(language);
        let mut tokens = names::merge(&token::cut(text), sheet);
        fitness::check_length(&tokens, kind, moment, persona, &mut findings);
        numbers::check(&mut tokens, sheet, language, &mut findings);
        words::check(&mut tokens, sheet, moment.provisional, lexicon, &mut findings);
        roles::check(&tokens, sheet, lexicon, &mut findings);
        names::check(&tokens, sheet, persona, lexicon, &mut findings);
    }
    if findings.faults.is_empty() {
        findings.facts.sort();
        findings.facts.dedup();
        Ok(CheckedLine { text: text.to_owned(), facts: findings.facts })
    } else {
        Err(Rejection { text: fitness::showable(text), faults: findings.faults })
    }
}

/// What the passes found.
#[derive(Default)]
struct Findings {
    faults: Vec<Fault>,
    facts: Vec<FactRef>,
}

impl Findings {
    fn refuse(&mut self, why: Why, claim: impl Into<String>, reason: impl Into<String>) {
        self.faults.push(Fault { claim: claim.into(), why, reason: reason.into() });
    }
}
