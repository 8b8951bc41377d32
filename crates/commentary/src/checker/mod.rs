//! The checker: between any writer and the air. Every claim of a line is held against the moment's fact sheet.
//!
//! A line is cut into tokens; names, numbers, event words and attributions are each looked up; words that
//! nothing in a feed could support are refused with the reason. What the vocabulary means is data, under
//! `data/checker/<language>`; the passes are the same for every language.

mod cast;
mod claim;
mod counts;
mod fault;
mod fitness;
mod grounds;
mod index;
mod lexicon;
mod names;
mod numbers;
mod pattern;
pub mod proof;
mod roles;
mod script;
mod tie;
mod token;
mod words;

pub(crate) use cast::Named;
pub use claim::{Claim, Verdict};
pub use fault::{Fault, Rejection, Why};
pub(crate) use fitness::showable;
pub use grounds::Grounds;
pub(crate) use lexicon::ENGLISH_WORDS;

use crate::{facts::FactRef, language::Language, line::LineKind, moment::Moment, persona::Persona};

/// A line that may go on the air. There is no way to one but [`check`] and [`check_as`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedLine {
    text: String,
    claims: Vec<Claim>,
    facts: Vec<FactRef>,
}

impl CheckedLine {
    /// The words.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it says, piece by piece, in its order; every claim is supported.
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// The facts that its claims rest on, in the order of their ids.
    pub fn facts(&self) -> &[FactRef] {
        &self.facts
    }

    /// Several lines as one, each behind a bullet.
    pub(crate) fn listed(lines: Vec<Self>, bullet: &str) -> Self {
        let text = lines.iter().map(|line| format!("{bullet}{}", line.text)).collect::<Vec<_>>().join(" ");
        Self::standing(text, lines.into_iter().flat_map(|line| line.claims).collect())
    }

    /// A line of which every claim is supported.
    fn standing(text: String, claims: Vec<Claim>) -> Self {
        let mut facts: Vec<FactRef> = claims.iter().filter_map(|claim| claim.fact.clone()).collect();
        facts.sort();
        facts.dedup();
        Self { text, claims, facts }
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
        let mut tokens = token::cut(text);
        names::merge(&mut tokens, sheet);
        fitness::check_length(&tokens, kind, moment, persona, &mut findings);
        numbers::check(&mut tokens, sheet, language, &mut findings);
        words::check(&mut tokens, sheet, moment.provisional, lexicon, &mut findings);
        counts::check(&mut tokens, sheet, &mut findings);
        roles::check(&mut tokens, sheet, lexicon, &mut findings);
        names::check(&tokens, sheet, persona, lexicon, &mut findings);
    }
    findings.verdict(text)
}

/// Every claim of a line with its verdict, whether it may go on the air or not.
pub fn claims(kind: LineKind, text: &str, moment: &Moment, persona: &Persona) -> Vec<Claim> {
    match check_as(kind, text, moment, persona) {
        Ok(line) => line.claims,
        Err(rejection) => rejection.claims,
    }
}

/// What the passes found.
#[derive(Default)]
struct Findings {
    faults: Vec<Fault>,
    /// Claims, each with the token that it begins at.
    claims: Vec<(usize, Claim)>,
}

impl Findings {
    /// A line that cannot be spoken: no claim of it.
    fn unfit(&mut self, claim: impl Into<String>, reason: impl Into<String>) {
        self.faults.push(Fault { claim: claim.into(), why: Why::Unfit, reason: reason.into() });
    }

    /// A claim that cannot stand.
    fn refuse_at(&mut self, at: usize, why: Why, claim: impl Into<String>, reason: impl Into<String>) {
        let fault = Fault { claim: claim.into(), why, reason: reason.into() };
        let verdict = if why == Why::Contradicted { Verdict::Contradicted } else { Verdict::NotCheckable };
        let claim = Claim { text: fault.claim.clone(), verdict, fact: None, reason: fault.reason.clone() };
        self.claims.push((at, claim));
        self.faults.push(fault);
    }

    /// Whether something was found that nobody can check.
    fn is_uncheckable(&self) -> bool {
        self.faults.iter().any(|fault| fault.why == Why::NotCheckable)
    }

    /// A claim that stands.
    fn support(&mut self, at: usize, claim: impl Into<String>, fact: FactRef) {
        self.claims.push((at, Claim::supported(claim, fact)));
    }

    fn verdict(mut self, text: &str) -> Result<CheckedLine, Rejection> {
        self.claims.sort_by_key(|(at, _)| *at);
        let claims: Vec<Claim> = self.claims.into_iter().map(|(_, claim)| claim).collect();
        if !self.faults.is_empty() {
            return Err(Rejection { text: fitness::showable(text), faults: self.faults, claims });
        }
        Ok(CheckedLine::standing(text.to_owned(), claims))
    }
}
