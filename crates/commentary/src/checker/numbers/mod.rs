//! Numbers, in digits and in words: each must be one that the moment has, counting what the line says it counts.

mod english;
mod hindi;

use super::{
    Findings, Why,
    token::{Kind, Number, Token},
};
use crate::{
    facts::{FactRef, FactSheet, Hundredths, NumberFact, Unit},
    language::Language,
};

/// How a language writes numbers.
#[derive(Clone, Copy)]
struct Grammar {
    /// Turns number words into numbers where they are used as numbers.
    read_number_words: fn(&mut [Token]),
    /// Two numbers that are one claim, such as a score in words.
    pair_at: fn(&[Token], usize) -> Option<PairClaim>,
    /// What a number counts, from the words around it.
    unit_of: fn(&[Token], usize) -> Option<Unit>,
    /// What a noun counts.
    noun: fn(&str) -> Option<Unit>,
    /// What an ordinal before this noun counts.
    ordered: fn(&str) -> Option<Unit>,
}

/// Two numbers that a line says as one, such as `148 for 3`.
struct PairClaim {
    /// How many tokens it takes.
    length: usize,
    /// The number that is written first in a pair.
    first: u32,
    /// The other.
    second: u32,
}

impl Grammar {
    fn of(language: Language) -> Self {
        match language {
            Language::English => Self {
                read_number_words: english::read_number_words,
                pair_at: english::pair_at,
                unit_of: english::unit_of,
                noun: english::noun,
                ordered: english::ordered,
            },
            Language::Hindi => Self {
                read_number_words: hindi::read_number_words,
                pair_at: hindi::pair_at,
                unit_of: hindi::unit_of,
                noun: hindi::noun,
                ordered: hindi::ordered,
            },
        }
    }
}

pub(super) fn check(tokens: &mut [Token], sheet: &FactSheet, language: Language, findings: &mut Findings) {
    let grammar = Grammar::of(language);
    (grammar.read_number_words)(tokens);
    for at in 0..tokens.len() {
        let Kind::Number(number) = tokens[at].kind else { continue };
        if tokens[at].known {
            continue;
        }
        tokens[at].known = true;
        match number {
            Number::Plain(value) => plain(tokens, at, value, sheet, grammar, findings),
            Number::Pair(first, second) => pair(&tokens[at].text.clone(), first, second, sheet, findings),
            Number::Ordinal(value) => ordinal(tokens, at, value, sheet, grammar, findings),
        }
    }
}

/// A whole number that stands by itself.
fn whole(token: &Token) -> Option<u32> {
    match token.kind {
        Kind::Number(Number::Plain(Hundredths(value))) if value.is_multiple_of(100) => u32::try_from(value / 100).ok(),
        _ => None,
    }
}

fn plain(
    tokens: &mut [Token],
    at: usize,
    value: Hundredths,
    sheet: &FactSheet,
    grammar: Grammar,
    findings: &mut Findings,
) {
    if let Some(PairClaim { length, first, second }) = (grammar.pair_at)(tokens, at) {
        let words: Vec<&str> = tokens[at..at + length].iter().map(|token| token.text.as_str()).collect();
        let text = words.join(" ");
        for token in &mut tokens[at..at + length] {
            token.known = true;
        }
        pair(&text, first, second, sheet, findings);
        return;
    }
    let unit = (grammar.unit_of)(tokens, at);
    // The noun that is counted claims nothing of its own: `by 5 wickets`.
    for next in [at + 1, at + 2] {
        let Some(token) = tokens.get_mut(next) else { break };
        if (grammar.noun)(&token.lower).is_some() {
            token.known = true;
            break;
        }
    }
    supported(&claim_text(tokens, at, unit), value, unit, sheet, findings);
}

fn supported(claim: &str, value: Hundredths, unit: Option<Unit>, sheet: &FactSheet, findings: &mut Findings) {
    let fits = |fact: &&NumberFact| {
        fact.value == value
            && match unit {
                Some(unit) => fact.unit == unit,
                // Without a unit it must at least be a count of something that is said so.
                None => !is_place(fact.unit),
            }
    };
    match sheet.numbers.iter().find(fits) {
        Some(fact) => findings.facts.push(FactRef { id: fact.id.to_owned(), value: fact.value.to_string() }),
        None => findings.refuse(Why::Contradicted, claim, "no such number at this moment"),
    }
}

/// Units that are places in an order: only said with their noun.
fn is_place(unit: Unit) -> bool {
    matches!(unit, Unit::InningsNumber | Unit::WicketNumber | Unit::BallNumber | Unit::OverNumber | Unit::Maidens)
}

fn pair(claim: &str, first: u32, second: u32, sheet: &FactSheet, findings: &mut Findings) {
    match sheet.pairs.iter().find(|pair| pair.first == first && pair.second == second) {
        Some(pair) => findings.facts.push(FactRef { id: pair.id.to_owned(), value: format!("{first}/{second}") }),
        None => findings.refuse(Why::Contradicted, claim, "neither the score nor the bowler's figures"),
    }
}

fn ordinal(tokens: &[Token], at: usize, value: u32, sheet: &FactSheet, grammar: Grammar, findings: &mut Findings) {
    let Some(unit) = tokens.get(at + 1).and_then(|next| (grammar.ordered)(&next.lower)) else {
        let reason = "an order that the feed does not tell: say which over, wicket, ball or innings";
        findings.refuse(Why::NotCheckable, &tokens[at].text, reason);
        return;
    };
    supported(&claim_text(tokens, at, Some(unit)), Hundredths::whole(value), Some(unit), sheet, findings);
}

fn claim_text(tokens: &[Token], at: usize, unit: Option<Unit>) -> String {
    let next = tokens.get(at + 1).filter(|token| unit.is_some() && token.kind == Kind::Word);
    next.map_or_else(|| tokens[at].text.clone(), |next| format!("{} {}", tokens[at].text, next.text))
}
