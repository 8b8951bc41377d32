//! Who did what to whom: attribution counts, not only presence.

use super::{
    Findings, Why,
    lexicon::Lexicon,
    pattern::{MAX_FILLERS, Part},
    token::{Kind, Number, Token},
};
use crate::facts::{FactSheet, Hundredths};

pub(super) fn check(tokens: &[Token], sheet: &FactSheet, lexicon: &Lexicon, findings: &mut Findings) {
    for pattern in lexicon.patterns() {
        for at in 0..tokens.len() {
            if let Some(Wrong { length, reason }) = fits(pattern, &tokens[at..], sheet, lexicon) {
                let claim: Vec<&str> = tokens[at..at + length].iter().map(|token| token.text.as_str()).collect();
                findings.refuse(Why::Contradicted, claim.join(" "), reason);
            }
        }
    }
}

/// A pattern that fits, and somebody in it who did not do that.
struct Wrong {
    length: usize,
    reason: String,
}

/// `None` where the pattern does not fit the tokens, or fits and is true.
fn fits(pattern: &[Part], tokens: &[Token], sheet: &FactSheet, lexicon: &Lexicon) -> Option<Wrong> {
    let mut at = 0;
    let mut wrong: Option<String> = None;
    let mut last: &[usize] = &[];
    for (index, part) in pattern.iter().enumerate() {
        let token = tokens.get(at);
        match (part, token.map(|token| &token.kind)) {
            (Part::Words(words, optional), _) => {
                let is_one = token.is_some_and(|token| {
                    words.contains(&token.lower) && !matches!(token.kind, Kind::Person(_) | Kind::Team(_))
                });
                match (is_one, optional) {
                    (true, _) => at += 1,
                    (false, true) => {}
                    (false, false) => return None,
                }
                continue;
            }
            (Part::Fillers, _) => {
                let wanted = |token: &Token| matches!(pattern.get(index + 1), Some(Part::Words(words, _)) if words.contains(&token.lower));
                let passed =
                    |token: &&Token| token.kind == Kind::Word && lexicon.is_filler(&token.lower) && !wanted(token);
                at += tokens[at..].iter().take(MAX_FILLERS).take_while(passed).count();
                continue;
            }
            (Part::Fact(ids), Some(Kind::Number(number))) => {
                if !is_fact(ids, *number, sheet) {
                    wrong.get_or_insert_with(|| "not the number that this counts".to_owned());
                }
            }
            (Part::Person(roles, possessive), Some(Kind::Person(people))) => {
                if token.is_some_and(|token| token.possessive) != *possessive {
                    return None;
                }
                last = people;
                let does = |index: &usize| sheet.people()[*index].roles.iter().any(|role| roles.contains(role));
                if !people.iter().any(does) {
                    let part = roles.first().map_or("part", |role| role.id()).replace(['.', '_'], " ");
                    wrong.get_or_insert_with(|| format!("not the {part} of this moment"));
                }
            }
            (Part::Anybody, Some(Kind::Person(people))) => last = people,
            (Part::AnyNumber, Some(Kind::Number(_))) => {}
            (Part::Own, Some(Kind::Number(number))) => {
                if !owns(last, *number, sheet) {
                    wrong.get_or_insert_with(|| "not that player's number".to_owned());
                }
            }
            (Part::Team(part), Some(Kind::Team(index))) => {
                if !sheet.teams[*index].parts.contains(part) {
                    wrong.get_or_insert_with(|| "not that side".to_owned());
                }
            }
            _ => return None,
        }
        at += 1;
    }
    wrong.map(|reason| Wrong { length: at, reason })
}

fn owns(people: &[usize], number: Number, sheet: &FactSheet) -> bool {
    let is_theirs = |owner: Option<usize>| owner.is_some_and(|owner| people.contains(&owner));
    match number {
        Number::Plain(value) => sheet.numbers.iter().any(|fact| is_theirs(fact.owner) && fact.value == value),
        Number::Ordinal(value) => {
            sheet.numbers.iter().any(|fact| is_theirs(fact.owner) && fact.value == Hundredths::whole(value))
        }
        Number::Pair(first, second) => {
            sheet.pairs.iter().any(|pair| is_theirs(pair.owner) && (pair.first, pair.second) == (first, second))
        }
    }
}

/// Whether a number is one of some facts.
fn is_fact(ids: &[&str], number: Number, sheet: &FactSheet) -> bool {
    match number {
        Number::Plain(value) => sheet.numbers.iter().any(|fact| ids.contains(&fact.id) && fact.value == value),
        Number::Ordinal(_) => true,
        Number::Pair(first, second) => {
            sheet.pairs.iter().any(|pair| ids.contains(&pair.id) && (pair.first, pair.second) == (first, second))
        }
    }
}
