//! Event words, and words that nothing could support.

use super::{
    Findings, Why,
    lexicon::{Lexicon, Meaning, Negation},
    token::{Kind, Token},
};
use crate::facts::{EventFact, EventWord, FactRef, FactSheet, Standing};

/// How far around an event word the words above are looked for.
const REACH: usize = 4;

pub(super) fn check(
    tokens: &mut [Token],
    sheet: &FactSheet,
    provisional: bool,
    lexicon: &Lexicon,
    findings: &mut Findings,
) {
    let negation = lexicon.negation();
    let lowers: Vec<String> = tokens.iter().map(|token| token.lower.clone()).collect();
    let words: Vec<&str> = lowers.iter().map(String::as_str).collect();
    let mut at = 0;
    while at < tokens.len() {
        let free = tokens[at].kind == Kind::Word && !tokens[at].known;
        let found = if free { lexicon.phrase(&words[at..]) } else { None };
        let Some((length, meaning)) = found else {
            // `leg-spinner`: unknown as a whole, but no part of it may be what no feed tells.
            if let Some(reason) = lexicon.untold_part(words[at]).filter(|_| free) {
                findings.refuse_at(at, Why::NotCheckable, words[at], reason);
            }
            at += 1;
            continue;
        };
        let claim = words[at..at + length].join(" ");
        for token in &mut tokens[at..at + length] {
            token.known = true;
        }
        match meaning {
            Meaning::Harmless => {}
            Meaning::Uncheckable { reason, fields } => {
                match sheet.carried.iter().find(|(field, value)| fields.contains(field) && value.contains(&claim)) {
                    Some((field, value)) => {
                        findings.support(at, claim, FactRef { id: format!("ball.{field}"), value: value.clone() });
                    }
                    None => findings.refuse_at(at, Why::NotCheckable, claim, reason),
                }
            }
            Meaning::Event(events) => {
                let before = &words[at.saturating_sub(REACH)..at];
                let after = &words[at + length..words.len().min(at + length + REACH)];
                let said = Said::between(before, after, negation);
                event(at, &claim, events, sheet, said, findings);
                let is_out = events.iter().any(|word| word.is_dismissal());
                if provisional && is_out && !has(&negation.hedges, &words) {
                    findings.refuse_at(at, Why::Contradicted, claim, "the umpires have not decided yet");
                }
            }
        }
        at += length;
    }
}

/// How a line says an event.
#[derive(Clone, Copy)]
struct Said {
    /// Right beside it stands that it was not so.
    denied: bool,
    /// Near it stands that it is so no longer.
    taken_back: bool,
}

impl Said {
    fn between(before: &[&str], after: &[&str], negation: &Negation) -> Self {
        let is_one = |list: &[String], word: Option<&&str>| word.is_some_and(|word| list.iter().any(|own| own == word));
        Self {
            denied: is_one(&negation.denied_before, before.last()) || is_one(&negation.denied_after, after.first()),
            taken_back: has(&negation.not_before, before) || has(&negation.not_after, after),
        }
    }
}

/// Whether one of the words is in the list.
fn has(list: &[String], words: &[&str]) -> bool {
    words.iter().any(|word| list.iter().any(|own| own == word))
}

fn event(at: usize, claim: &str, events: &[EventWord], sheet: &FactSheet, said: Said, findings: &mut Findings) {
    let Said { denied, taken_back } = said;
    let find =
        |standing: Standing| sheet.events.iter().find(|fact| fact.standing == standing && events.contains(&fact.word));
    match (find(Standing::Now), find(Standing::Withdrawn)) {
        (Some(fact), _) if denied => {
            findings.refuse_at(
                at,
                Why::Contradicted,
                claim,
                format!("{} did happen", fact.word.id().replace('_', " ")),
            );
        }
        (Some(fact), _) => findings.support(at, claim, EventFact::as_ref(fact)),
        (None, Some(fact)) if taken_back => findings.support(at, claim, EventFact::as_ref(fact)),
        (None, Some(_)) => findings.refuse_at(at, Why::Contradicted, claim, "it was withdrawn"),
        (None, None) if denied => {}
        (None, None) => findings.refuse_at(at, Why::Contradicted, claim, "it did not happen at this moment"),
    }
}
