//! English: number words, and what a number counts from the words around it.

use super::{
    super::token::{Kind, Number, Token},
    PairClaim, whole,
};
use crate::facts::{Hundredths, Unit};

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

/// `148 for 3`: one claim of two numbers.
pub(super) fn pair_at(tokens: &[Token], at: usize) -> Option<PairClaim> {
    let (Some(first), Some(second)) = (whole(tokens.get(at)?), whole(tokens.get(at + 2)?)) else { return None };
    let joined = tokens[at + 1].kind == Kind::Word && tokens[at + 1].lower == "for";
    joined.then_some(PairClaim { length: 3, first, second })
}

/// What an ordinal before this word counts.
pub(super) fn ordered(word: &str) -> Option<Unit> {
    Some(match word {
        "over" => Unit::OverNumber,
        "wicket" => Unit::WicketNumber,
        "innings" => Unit::InningsNumber,
        "ball" => Unit::BallNumber,
        "four" => Unit::Fours,
        "six" => Unit::Sixes,
        "maiden" => Unit::Maidens,
        _ => return None,
    })
}

/// What a number counts, from the words around it; `None` where they do not say.
pub(super) fn unit_of(tokens: &[Token], at: usize) -> Option<Unit> {
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

pub(super) fn noun(word: &str) -> Option<Unit> {
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
pub(super) fn read_number_words(tokens: &mut [Token]) {
    for at in 0..tokens.len() {
        if tokens[at].kind != Kind::Word {
            continue;
        }
        if let Some(value) = place(&tokens[at].lower) {
            // `The first six overs` are no stroke.
            let counts_on = tokens.get(at + 2).is_some_and(|next| noun(&next.lower).is_some());
            if tokens.get(at + 1).is_some_and(|next| ordered(&next.lower).is_some()) && !counts_on {
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
    // `Six over the rope`: what is counted is in the plural.
    let is_singular = matches!(word(1), Some("over" | "ball" | "wicket"));
    if is_singular && (tokens[at].lower != "one" || word(1) == Some("over") && word(2) == Some("the")) {
        return false;
    }
    let before = at.checked_sub(1).map(|before| tokens[before].lower.as_str());
    let counted = |word: &str| {
        noun(word).is_some_and(|unit| unit != Unit::Boundaries || word == "boundaries")
            || matches!(word, "down" | "needed" | "required")
    };
    // `Four runs to …`, `six more`, `one run`: the stroke, unless it is a sum.
    let stroke = matches!(tokens[at].lower.as_str(), "one" | "two" | "three" | "four" | "five" | "six")
        && matches!(word(1), Some("run" | "runs" | "more"));
    let sum = matches!(word(2), Some("needed" | "required" | "wanted" | "short"))
        || word(2) == Some("to") && matches!(word(3), Some("win" | "get" | "tie" | "make" | "go"))
        || word(1) == Some("more") && matches!(word(2), Some("runs" | "for")) && word(3) == Some("needed")
        || matches!(word(2), Some("off" | "from")) && tokens.get(at + 3).is_some_and(is_number);
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

/// Whether letters can become a number word.
pub(super) fn begins(letters: &str) -> bool {
    SMALL.iter().chain(&TENS).chain(&PLACES).any(|word| word.starts_with(letters))
}

/// An ordinal number word, up to the twentieth.
pub(super) fn place(word: &str) -> Option<u32> {
    PLACES.iter().position(|other| *other == word).map(|index| index as u32 + 1)
}
