//! Numbers, in digits and in words: each must be one that the moment has, counting what the line says it counts.

mod english;
mod hindi;

use super::{
    Findings, Why,
    counts::is_own,
    tie::Tie,
    token::{Kind, Number, Token},
};
use crate::{
    facts::{FactSheet, Hundredths, NumberFact, Unit},
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
    /// What a cardinal number word stands for.
    cardinal: fn(&str) -> Option<u32>,
    /// What an ordinal number word stands for.
    place: fn(&str) -> Option<u32>,
    /// Whether letters can become a number word.
    begins: fn(&str) -> bool,
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
                cardinal: english::cardinal,
                place: english::place,
                begins: english::begins,
            },
            Language::Hindi => Self {
                read_number_words: hindi::read_number_words,
                pair_at: hindi::pair_at,
                unit_of: hindi::unit_of,
                noun: hindi::noun,
                ordered: hindi::ordered,
                cardinal: hindi::cardinal,
                place: hindi::place,
                begins: hindi::begins,
            },
        }
    }
}

/// The number that a word always stands for, whatever is around it. `One`, `four` and other small ones mean more than a
/// number, and parts of a larger one (`forty` of `forty two`) cannot be told from a whole.
pub(super) fn denoted(word: &str, language: Language) -> Option<Hundredths> {
    let value = (Grammar::of(language).cardinal)(word)?;
    let is_part = value >= 20 && value.is_multiple_of(10);
    (value > 9 && !is_part).then(|| Hundredths::whole(value))
}

/// Whether a word is one for a number, wherever it stands.
pub(super) fn is_number_word(word: &str, language: Language) -> bool {
    let grammar = Grammar::of(language);
    (grammar.cardinal)(word).or_else(|| (grammar.place)(word)).is_some()
}

/// Whether letters can become a number word.
pub(super) fn begins_number_word(letters: &str, language: Language) -> bool {
    (Grammar::of(language).begins)(letters)
}

/// Whether a word is the noun that the number before it counts.
pub(super) fn is_counted(before: &Token, word: &str, language: Language) -> bool {
    let grammar = Grammar::of(language);
    let is_number =
        before.is_number() || (grammar.cardinal)(&before.lower).is_some() || (grammar.place)(&before.lower).is_some();
    is_number && ((grammar.noun)(word).is_some() || (grammar.ordered)(word).is_some())
}

pub(super) fn check(tokens: &mut Vec<Token>, sheet: &FactSheet, language: Language, findings: &mut Findings) {
    let grammar = Grammar::of(language);
    (grammar.read_number_words)(tokens);
    join_pairs(tokens, grammar);
    for at in 0..tokens.len() {
        let Kind::Number(number) = tokens[at].kind else { continue };
        if tokens[at].known {
            continue;
        }
        tokens[at].known = true;
        match number {
            Number::Plain(value) => plain(tokens, at, value, sheet, grammar, findings),
            Number::Pair(first, second) => pair(&mut tokens[at], at, first, second, sheet, findings),
            Number::Ordinal(value) => ordinal(tokens, at, value, sheet, grammar, findings),
        }
    }
}

/// Makes one token of two numbers that are said as one.
fn join_pairs(tokens: &mut Vec<Token>, grammar: Grammar) {
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].is_number()
            && !tokens[at].known
            && let Some(PairClaim { length, first, second }) = (grammar.pair_at)(tokens, at)
        {
            let words: Vec<&str> = tokens[at..at + length].iter().map(|token| token.text.as_str()).collect();
            let text = words.join(" ");
            let joined = Token {
                opens: tokens[at].opens,
                ..Token::new(text.clone(), text.to_lowercase(), Kind::Number(Number::Pair(first, second)))
            };
            tokens.splice(at..at + length, [joined]);
        }
        at += 1;
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
    let unit = (grammar.unit_of)(tokens, at);
    // The noun that is counted claims nothing of its own: `by 5 wickets`.
    for next in [at + 1, at + 2] {
        // `36 पर रन आउट`: past a postposition another phrase begins.
        if next == at + 2 && tokens.get(at + 1).is_some_and(|token| token.lower == "पर") {
            break;
        }
        let Some(token) = tokens.get_mut(next) else { break };
        if (grammar.noun)(&token.lower).is_some() {
            token.known = true;
            token.is_noun = next == at + 1;
            break;
        }
    }
    supported(tokens, at, value, unit, sheet, findings);
}

/// Whether the moment has the number at all; what it is a number of is for the attributions, unless its unit says so.
fn supported(
    tokens: &mut [Token],
    at: usize,
    value: Hundredths,
    unit: Option<Unit>,
    sheet: &FactSheet,
    findings: &mut Findings,
) {
    let fits = |fact: &NumberFact| {
        fact.value == value
            && match unit {
                Some(unit) => fact.unit == unit,
                // Without a unit it must at least be a count of something that is said so.
                None => !is_place(fact.unit),
            }
    };
    if unit.is_some_and(is_own) {
        // Whose they are is for another pass.
        tokens[at].unit = unit;
        return;
    }
    match sheet.numbers.iter().position(fits) {
        None => {
            findings.refuse_at(at, Why::Contradicted, claim_text(tokens, at, unit), "no such number at this moment");
            tokens[at].refused = true;
        }
        Some(place) if unit.is_some_and(|unit| !is_shared(unit)) => tokens[at].tie = Some(Tie::Number(place)),
        Some(_) => {}
    }
    tokens[at].unit = unit;
}

/// Units that several things are counted in: a number of them says nothing until it is clear whose it is.
fn is_shared(unit: Unit) -> bool {
    matches!(unit, Unit::Runs | Unit::Balls | Unit::Wickets | Unit::Overs | Unit::Rate)
}

/// Units that are places in an order: only said with their noun.
fn is_place(unit: Unit) -> bool {
    matches!(unit, Unit::InningsNumber | Unit::WicketNumber | Unit::BallNumber | Unit::OverNumber | Unit::Maidens)
}

fn pair(token: &mut Token, at: usize, first: u32, second: u32, sheet: &FactSheet, findings: &mut Findings) {
    token.tie = sheet.pairs.iter().position(|pair| pair.first == first && pair.second == second).map(Tie::Pair);
    if token.tie.is_none() {
        findings.refuse_at(at, Why::Contradicted, &token.text, "neither the score nor the bowler's figures");
        token.refused = true;
    }
}

fn ordinal(tokens: &mut [Token], at: usize, value: u32, sheet: &FactSheet, grammar: Grammar, findings: &mut Findings) {
    let Some(unit) = tokens.get(at + 1).and_then(|next| (grammar.ordered)(&next.lower)) else {
        let reason = "an order that the feed does not tell: say which over, wicket, ball or innings";
        findings.refuse_at(at, Why::NotCheckable, &tokens[at].text, reason);
        tokens[at].refused = true;
        return;
    };
    supported(tokens, at, Hundredths::whole(value), Some(unit), sheet, findings);
}

fn claim_text(tokens: &[Token], at: usize, unit: Option<Unit>) -> String {
    let next = tokens.get(at + 1).filter(|token| unit.is_some() && token.kind == Kind::Word);
    next.map_or_else(|| tokens[at].text.clone(), |next| format!("{} {}", tokens[at].text, next.text))
}
