//! Event words, and words that nothing could support.

use super::{
    Findings, Why,
    lexicon::{self, Meaning},
    token::{Kind, Token},
};
use crate::facts::{EventFact, EventWord, FactSheet, Standing};

/// Words that make an event one that did not stand.
const NEGATORS: [&str; 14] = [
    "not", "no", "never", "isn't", "wasn't", "was", "instead", "rather", "scrap", "forget", "cancel", "without",
    "neither", "strike",
];
/// Words after an event that take it back.
const WITHDRAWERS: [&str; 6] = ["withdrawn", "cancelled", "scrapped", "removed", "chalked", "overturned"];
/// Words that leave a decision open.
const HEDGES: [&str; 18] = [
    "given", "review", "reviewed", "upstairs", "check", "checking", "checked", "looks", "wait", "might", "may",
    "could", "think", "unless", "appeal", "decision", "pending", "umpire",
];
/// How far around an event word the words above are looked for.
const REACH: usize = 4;

pub(super) fn check(tokens: &mut [Token], sheet: &FactSheet, provisional: bool, findings: &mut Findings) {
    let lexicon = lexicon::get();
    let lowers: Vec<String> = tokens.iter().map(|token| token.lower.clone()).collect();
    let words: Vec<&str> = lowers.iter().map(String::as_str).collect();
    let mut at = 0;
    while at < tokens.len() {
        let free = tokens[at].kind == Kind::Word && !tokens[at].known;
        let found = if free { lexicon.phrase(&words[at..]) } else { None };
        let Some((length, meaning)) = found else {
            if free {
                compound(words[at], findings);
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
                        findings
                            .facts
                            .push(crate::facts::FactRef { id: format!("ball.{field}"), value: value.clone() });
                    }
                    None => findings.refuse(Why::NotCheckable, claim, reason),
                }
            }
            Meaning::Event(events) => {
                let before = &words[at.saturating_sub(REACH)..at];
                let after = &words[at + length..words.len().min(at + length + REACH)];
                let taken_back = before.iter().any(|word| NEGATORS.contains(word))
                    || after.iter().any(|word| WITHDRAWERS.contains(word));
                event(&claim, events, sheet, taken_back, before, findings);
                if provisional && events.contains(&EventWord::Wicket) && !words.iter().any(|word| HEDGES.contains(word))
                {
                    findings.refuse(Why::Contradicted, claim, "the umpires have not decided yet");
                }
            }
        }
        at += length;
    }
}

/// `leg-spinner`: unknown as a whole, but no part of it may be what no feed tells.
fn compound(word: &str, findings: &mut Findings) {
    for part in word.split('-').filter(|part| word.len() > part.len()) {
        if let Some((1, Meaning::Uncheckable { reason, .. })) = lexicon::get().phrase(&[part]) {
            findings.refuse(Why::NotCheckable, word, reason);
        }
    }
}

fn event(
    claim: &str,
    events: &[EventWord],
    sheet: &FactSheet,
    taken_back: bool,
    before: &[&str],
    findings: &mut Findings,
) {
    let find =
        |standing: Standing| sheet.events.iter().find(|fact| fact.standing == standing && events.contains(&fact.word));
    let denied =
        before.last().is_some_and(|word| matches!(*word, "not" | "no" | "never" | "without" | "isn't" | "wasn't"));
    match (find(Standing::Now), find(Standing::Withdrawn)) {
        (Some(fact), _) if denied => {
            findings.refuse(Why::Contradicted, claim, format!("{} did happen", fact.word.id().replace('_', " ")));
        }
        (Some(fact), _) => findings.facts.push(EventFact::as_ref(fact)),
        (None, Some(fact)) if taken_back => findings.facts.push(EventFact::as_ref(fact)),
        (None, Some(_)) => findings.refuse(Why::Contradicted, claim, "it was withdrawn"),
        (None, None) if denied => {}
        (None, None) => findings.refuse(Why::Contradicted, claim, "it did not happen at this moment"),
    }
}
