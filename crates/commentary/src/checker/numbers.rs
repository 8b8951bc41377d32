//! Numbers, in digits and in words: each must be one that the moment has, counting what the line says it counts.

use super::{
    Findings, Why,
    token::{Kind, Number, Token},
};
use crate::facts::{FactRef, FactSheet, Hundredths, NumberFact, Unit};

pub(super) fn check(tokens: &mut [Token], sheet: &FactSheet, findings: &mut Findings) {
    read_number_words(tokens);
    for at in 0..tokens.len() {
        let Kind::Number(number) = tokens[at].kind else { continue };
        if tokens[at].known {
            continue;
        }
        tokens[at].known = true;
        match number {
            Number::Plain(value) => plain(tokens, at, value, sheet, findings),
            Number::Pair(first, second) => pair(&tokens[at].text.clone(), first, second, sheet, findings),
            Number::Ordinal(value) => ordinal(tokens, at, value, sheet, findings),
        }
    }
}

fn plain(tokens: &mut [Token], at: usize, value: Hundredths, sheet: &FactSheet, findings: &mut Findings) {
    // `148 for 3`, `3 for 24`: one claim of two numbers.
    if let (Some(Kind::Word), Some(Kind::Number(Number::Plain(second)))) =
        (tokens.get(at + 1).map(|t| t.kind.clone()), tokens.get(at + 2).map(|t| t.kind.clone()))
        && tokens[at + 1].lower == "for"
        && value.0.is_multiple_of(100)
        && second.0.is_multiple_of(100)
    {
        tokens[at + 2].known = true;
        let text = format!("{} for {}", tokens[at].text, tokens[at + 2].text);
        pair(&text, (value.0 / 100) as u32, (second.0 / 100) as u32, sheet, findings);
        return;
    }
    let unit = unit_of(tokens, at);
    // The noun that is counted claims nothing of its own: `by 5 wickets`.
    for next in [at + 1, at + 2] {
        let Some(token) = tokens.get_mut(next) else { break };
        if noun(&token.lower).is_some() {
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

fn ordinal(tokens: &[Token], at: usize, value: u32, sheet: &FactSheet, findings: &mut Findings) {
    let unit = match tokens.get(at + 1).map(|token| token.lower.as_str()) {
        Some("over") => Unit::OverNumber,
        Some("wicket") => Unit::WicketNumber,
        Some("innings") => Unit::InningsNumber,
        Some("ball") => Unit::BallNumber,
        _ => {
            let reason = "an order that the feed does not tell: say which over, wicket, ball or innings";
            findings.refuse(Why::NotCheckable, &tokens[at].text, reason);
            return;
        }
    };
    supported(&claim_text(tokens, at, Some(unit)), Hundredths::whole(value), Some(unit), sheet, findings);
}

fn claim_text(tokens: &[Token], at: usize, unit: Option<Unit>) -> String {
    let next = tokens.get(at + 1).filter(|token| unit.is_some() && token.kind == Kind::Word);
    next.map_or_else(|| tokens[at].text.clone(), |next| format!("{} {}", tokens[at].text, next.text))
}

/// What a number counts, from the words around it; `None` where they do not say.
fn unit_of(tokens: &[Token], at: usize) -> Option<Unit> {
    let word = |offset: usize| tokens.get(at + offset).map(|token| token.lower.as_str());
    let before = at.checked_sub(1).map(|before| tokens[before].lower.as_str());
    let skips = |word: &str| {
        matches!(
            word,
            "more" | "further" | "dot" | "legal" | "good" | "precious" | "valuable" | "fine" | "big" | "quick" | "new"
        )
    };
    let first = if word(1).is_some_and(skips) { 2 } else { 1 };
    if word(first) == Some("an") && word(first + 1) == Some("over") || word(first) == Some("per") {
        return Some(Unit::Rate);
    }
    let needs = |word: &str| matches!(word, "need" | "needs" | "needing" | "require" | "requires" | "want" | "wants");
    let needed = |word: &str| matches!(word, "needed" | "required" | "wanted");
    let counted = word(first).and_then(noun);
    if counted.is_none_or(|unit| unit == Unit::Runs) && before.is_some_and(needs)
        || word(first).is_some_and(needed)
        || counted == Some(Unit::Runs) && word(first + 1).is_some_and(needed)
        || word(first) == Some("to") && matches!(word(first + 1), Some("win" | "get"))
    {
        return Some(Unit::Needed);
    }
    if counted.is_some() {
        return counted;
    }
    match (before, word(1)) {
        (Some("over"), _) => Some(Unit::OverNumber),
        (Some("(" | "off" | "from" | "in"), Some(")")) => Some(Unit::Balls),
        (Some("off" | "from"), _) if at >= 2 && is_number(&tokens[at - 2]) => Some(Unit::Balls),
        (_, Some("off" | "from" | "(")) if tokens.get(at + 2).is_some_and(is_number) => Some(Unit::Runs),
        (_, Some("down")) => Some(Unit::Wickets),
        (Some("after" | "through"), _) => Some(Unit::Overs),
        (_, Some("%" | "percent")) => Some(Unit::Percent),
        (_, Some("to")) if matches!(word(2), Some("win" | "get" | "make" | "tie")) => Some(Unit::Runs),
        (Some("on" | "target" | "reaches" | "chase" | "chasing"), _) | (_, Some("more")) => Some(Unit::Runs),
        (Some("since"), _) => Some(Unit::Year),
        _ => None,
    }
}

fn noun(word: &str) -> Option<Unit> {
    Some(match word {
        "run" | "runs" | "wide" | "wides" | "bye" | "byes" => Unit::Runs,
        "ball" | "balls" | "delivery" | "deliveries" => Unit::Balls,
        "wicket" | "wickets" => Unit::Wickets,
        "over" | "overs" => Unit::Overs,
        "fours" => Unit::Fours,
        "sixes" => Unit::Sixes,
        "boundary" | "boundaries" => Unit::Boundaries,
        "maiden" | "maidens" => Unit::Maidens,
        "dismissal" | "dismissals" | "times" => Unit::Dismissals,
        "innings" | "matches" => Unit::Sample,
        _ => return None,
    })
}

fn is_number(token: &Token) -> bool {
    matches!(token.kind, Kind::Number(_)) || (token.kind == Kind::Word && cardinal(&token.lower).is_some())
}

/// Turns number words into numbers where they are used as numbers. Some are event words or pronouns too ("four!", "that
/// one"): those only before a noun that counts, or where a number must stand.
fn read_number_words(tokens: &mut [Token]) {
    for at in 0..tokens.len() {
        if tokens[at].kind != Kind::Word {
            continue;
        }
        if let Some(value) = place(&tokens[at].lower) {
            let follows = tokens.get(at + 1).map(|token| token.lower.as_str());
            if matches!(follows, Some("over" | "wicket" | "innings" | "ball")) {
                tokens[at].kind = Kind::Number(Number::Ordinal(value));
            }
            continue;
        }
        let Some(value) = cardinal(&tokens[at].lower) else { continue };
        if value > 6 && !matches!(value, 50 | 100) || stands_for_a_number(tokens, at) {
            tokens[at].kind = Kind::Number(Number::Plain(Hundredths::whole(value)));
        }
    }
}

fn stands_for_a_number(tokens: &[Token], at: usize) -> bool {
    let word = |offset: usize| tokens.get(at + offset).map(|token| token.lower.as_str());
    let before = at.checked_sub(1).map(|before| tokens[before].lower.as_str());
    let counted = |word: &str| {
        noun(word).is_some_and(|unit| !matches!(unit, Unit::Boundaries))
            || matches!(word, "down" | "needed" | "required")
    };
    // `Four runs to …`, `six more`: the stroke, unless it is a sum.
    let stroke = matches!(tokens[at].lower.as_str(), "four" | "six") && matches!(word(1), Some("runs" | "more"));
    let sum = matches!(word(2), Some("from" | "off" | "needed" | "required" | "for" | "runs"));
    (word(1).is_some_and(counted) && (!stroke || sum))
        || matches!((word(1), word(2)), (Some("more"), Some(next)) if counted(next) || next == "needed")
        || matches!((word(1), word(2), word(3)), (Some("more"), Some("to"), Some("win" | "get")))
        || matches!((word(1), word(2)), (Some("to"), Some("win" | "get" | "tie")))
        || matches!(word(1), Some("off" | "from" | "for")) && tokens.get(at + 2).is_some_and(is_number)
        || matches!(before, Some("need" | "needs" | "require" | "requires" | "want" | "wants"))
        || matches!(before, Some("off" | "from")) && at >= 2 && is_number(&tokens[at - 2])
        || before == Some("for") && at >= 2 && matches!(tokens[at - 2].kind, Kind::Number(_))
}

/// A cardinal number word, up to a hundred.
pub(super) fn cardinal(word: &str) -> Option<u32> {
    const SMALL: [&str; 20] = [
        "nought",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let small = |word: &str| SMALL.iter().position(|other| *other == word).map(|value| value as u32);
    let tens = |word: &str| TENS.iter().position(|other| *other == word).map(|value| value as u32 * 10 + 20);
    match word {
        "zero" => return Some(0),
        "dozen" => return Some(12),
        "hundred" => return Some(100),
        _ => {}
    }
    small(word).or_else(|| tens(word)).or_else(|| {
        let (ten, one) = word.split_once('-')?;
        Some(tens(ten)? + small(one).filter(|one| (1..10).contains(one))?)
    })
}

/// An ordinal number word, up to the twentieth.
fn place(word: &str) -> Option<u32> {
    const PLACES: [&str; 20] = [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
    ];
    PLACES.iter().position(|other| *other == word).map(|index| index as u32 + 1)
}
