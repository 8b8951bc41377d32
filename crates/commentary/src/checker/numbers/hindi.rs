//! Hindi: number words to a hundred and beyond, and what a number counts. The noun follows its number, and what is said
//! of both follows the noun: `26 रन चाहिए`, `11 गेंदों में 26`.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use super::{
    super::{
        script::fold,
        token::{Kind, Number, Token},
    },
    PairClaim, whole,
};
use crate::facts::{Hundredths, Unit};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NumbersFile {
    cardinals: Vec<String>,
    ordinals: Vec<String>,
}

/// Number words by their folded spelling.
struct NumberWords {
    cardinals: HashMap<String, u32>,
    ordinals: HashMap<String, u32>,
}

static WORDS: LazyLock<NumberWords> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the data is compiled in, and the tests of the checker read it")]
    let file: NumbersFile =
        toml::from_str(include_str!("../../../data/checker/hi/numbers.toml")).expect("the number words are readable");
    let index = |words: &[String], from: u32| {
        let spelled = |(value, words): (u32, &String)| words.split('|').map(move |word| (fold(word), value)).collect();
        (from..).zip(words).flat_map(|pair| -> Vec<(String, u32)> { spelled(pair) }).collect()
    };
    NumberWords { cardinals: index(&file.cardinals, 0), ordinals: index(&file.ordinals, 1) }
});

/// Whether letters can become a number word.
pub(super) fn begins(letters: &str) -> bool {
    WORDS.cardinals.keys().chain(WORDS.ordinals.keys()).any(|word| word.starts_with(letters))
}

/// An ordinal number word.
pub(super) fn place(word: &str) -> Option<u32> {
    WORDS.ordinals.get(word).copied()
}

/// A cardinal number word.
pub(super) fn cardinal(word: &str) -> Option<u32> {
    WORDS.cardinals.get(word).copied()
}

/// Turns number words into numbers. The small ones are event words (`चार रन`), articles (`एक`) or the word for a duck too:
/// those only where a number must stand. `एक सौ बीस` becomes one number, its words after the first count as said.
pub(super) fn read_number_words(tokens: &mut [Token]) {
    let mut at = 0;
    while at < tokens.len() {
        let length = read_number_word(tokens, at);
        at += length.max(1);
    }
}

/// How many tokens were read as a number here.
fn read_number_word(tokens: &mut [Token], at: usize) -> usize {
    if tokens[at].kind != Kind::Word {
        return 0;
    }
    if let Some(value) = place(&tokens[at].lower) {
        if tokens.get(at + 1).is_some_and(|next| ordered(&next.lower).is_some()) {
            tokens[at].kind = Kind::Number(Number::Ordinal(value));
        }
        return 1;
    }
    let Some(first) = cardinal(&tokens[at].lower) else { return 0 };
    if first == 3 && is_hat_trick(tokens, at) {
        return 4;
    }
    let word = |offset: usize| tokens.get(at + offset).filter(|token| token.kind == Kind::Word);
    let follows = |offset: usize| word(offset).and_then(|token| cardinal(&token.lower)).filter(|value| *value < 100);
    let (value, length) = match word(1) {
        Some(next) if cardinal(&next.lower) == Some(100) && (1..10).contains(&first) => {
            follows(2).map_or((first * 100, 2), |rest| (first * 100 + rest, 3))
        }
        _ if first == 100 => follows(1).map_or((100, 1), |rest| (100 + rest, 2)),
        _ => (first, 1),
    };
    if length == 1 && value <= 6 && !stands_for_a_number(tokens, at) {
        return 1;
    }
    tokens[at].kind = Kind::Number(Number::Plain(Hundredths::whole(value)));
    let text: Vec<&str> = tokens[at..at + length].iter().map(|token| token.text.as_str()).collect();
    tokens[at].text = text.join(" ");
    // The further words of the number claim nothing of their own, and do not stand between it and its noun.
    tokens[at..at + length].rotate_left(1);
    tokens[at..at + length - 1].iter_mut().for_each(|token| token.known = true);
    length
}

/// `तीन गेंदों में तीन`: a hat-trick, not a count.
fn is_hat_trick(tokens: &[Token], at: usize) -> bool {
    let word = |offset: usize| tokens.get(at + offset).map(|token| token.lower.as_str());
    word(1).and_then(noun) == Some(Unit::Balls) && word(2) == Some("में") && word(3) == Some("तीन")
}

/// Whether a word for nought to six is a number here: before a noun that counts, but for the runs of a stroke; or in a
/// sum (`दो चाहिए`, `छह गेंद में चार`).
fn stands_for_a_number(tokens: &[Token], at: usize) -> bool {
    let word = |offset: usize| tokens.get(at + offset).map(|token| token.lower.as_str());
    let before = |offset: usize| at.checked_sub(offset).map(|at| tokens[at].lower.as_str());
    let is_one = tokens[at].lower == "एक";
    match word(1).and_then(noun) {
        Some(Unit::Runs) => is_sum(word(2), word(3)) || is_from(before(1), before(2)),
        // `एक विकेट`, `एक गेंद`: an article as often as a number.
        Some(_) => !is_one || is_left(word(2)) || word(2) == Some("में"),
        None => is_sum(word(1), word(2)) || is_from(before(1), before(2)) && !is_one,
    }
}

/// Whether what follows a number, or its noun, says that so many are needed or left.
fn is_sum(next: Option<&str>, after: Option<&str>) -> bool {
    is_needed(next, after) || is_left(next) || next == Some("और") && is_needed(after, None)
}

fn is_needed(next: Option<&str>, after: Option<&str>) -> bool {
    matches!(next, Some("चाहिए" | "चाहिये" | "दूर" | "बनाने"))
        || matches!((next, after), (Some("की"), Some("जरूरत" | "दरकार")))
}

fn is_left(next: Option<&str>) -> bool {
    matches!(next, Some("बाकी" | "बचे" | "बची" | "शेष"))
}

/// Whether a count of balls stands right before: `11 गेंदों में`, `6 गेंद पर`.
fn is_from(last: Option<&str>, but_one: Option<&str>) -> bool {
    matches!(last, Some("में" | "पर" | "से")) && but_one.and_then(noun) == Some(Unit::Balls)
}

/// `3 विकेट पर 148`: the score, wickets said first.
pub(super) fn pair_at(tokens: &[Token], at: usize) -> Option<PairClaim> {
    let wickets = whole(tokens.get(at)?)?;
    if noun(&tokens.get(at + 1)?.lower) != Some(Unit::Wickets) {
        return None;
    }
    let words: Vec<&str> = tokens[at + 2..].iter().take(3).map(|token| token.lower.as_str()).collect();
    let joined = match words.as_slice() {
        ["के", "नुकसान", "पर"] => 3,
        ["पर" | "खोकर", ..] => 1,
        _ => return None,
    };
    let runs = whole(tokens.get(at + 2 + joined)?)?;
    Some(PairClaim { length: joined + 3, first: runs, second: wickets })
}

/// What an ordinal before this word counts.
pub(super) fn ordered(word: &str) -> Option<Unit> {
    Some(match word {
        "ओवर" => Unit::OverNumber,
        "विकेट" => Unit::WicketNumber,
        "पारी" => Unit::InningsNumber,
        "गेंद" => Unit::BallNumber,
        "चौका" => Unit::Fours,
        "छक्का" => Unit::Sixes,
        "मेडन" => Unit::Maidens,
        _ => return None,
    })
}

/// What a number counts, from the words around it; `None` where they do not say.
pub(super) fn unit_of(tokens: &[Token], at: usize) -> Option<Unit> {
    let word = |offset: usize| tokens.get(at + offset).map(|token| token.lower.as_str());
    let before = |offset: usize| at.checked_sub(offset).map(|at| tokens[at].lower.as_str());
    let skips = |word: &str| {
        matches!(
            word,
            "और" | "अहम"
                | "कीमती"
                | "महत्वपूर्ण"
                | "शानदार"
                | "अतिरिक्त"
                | "पेनल्टी"
                | "खाली"
                | "वैध"
        )
    };
    let first = if word(1).is_some_and(skips) { 2 } else { 1 };
    let counted = word(first).and_then(noun);
    let next = first + usize::from(counted.is_some());
    if is_rate(&word, &before, next) {
        return Some(Unit::Rate);
    }
    let for_the_win = (before(1) == Some("लिए") || before(1) == Some("अब") && before(2) == Some("लिए"))
        && tokens[..at].iter().any(|token| matches!(token.lower.as_str(), "जीत" | "जीतने"));
    let needed = is_needed(word(next), word(next + 1))
        || word(next) == Some("और") && is_needed(word(next + 1), word(next + 2))
        || counted == Some(Unit::Runs) && is_left(word(next))
        || for_the_win;
    if counted.is_none_or(|unit| unit == Unit::Runs) && needed {
        return Some(Unit::Needed);
    }
    if counted.is_some() {
        return counted;
    }
    match (before(1), word(1)) {
        (Some("ओवर" | "नंबर"), _) => Some(Unit::OverNumber),
        (Some("("), Some(")")) => Some(Unit::Balls),
        (_, Some("(" | "पर")) | (Some("स्कोर" | "लक्ष्य"), _) => Some(Unit::Runs),
        (_, Some("से")) if word(2) != Some("हराया") && whole(&tokens[at]).is_some_and(|year| year > 1800) => {
            Some(Unit::Year)
        }
        (_, Some("का")) if word(2) == Some("लक्ष्य") => Some(Unit::Runs),
        _ if is_from(before(1), before(2)) => Some(Unit::Runs),
        _ => None,
    }
}

/// `8.5 रन प्रति ओवर`, `हर ओवर 8.5`, `रन रेट 8.5`, `8.5 का रन रेट`, `8.5 की दर`.
fn is_rate<'a>(
    word: &impl Fn(usize) -> Option<&'a str>,
    before: &impl Fn(usize) -> Option<&'a str>,
    next: usize,
) -> bool {
    word(next) == Some("प्रति")
        || matches!((before(2), before(1)), (Some("प्रति" | "हर"), Some("ओवर")))
        || before(1) == Some("रेट")
        || before(2) == Some("रेट") && matches!(before(1), Some("अब" | "है" | "भी"))
        || matches!(word(next), Some("का" | "की" | "के"))
            && (matches!(word(next + 1), Some("दर" | "रेट")) || word(next + 2) == Some("रेट"))
}

/// What a noun counts.
pub(super) fn noun(word: &str) -> Option<Unit> {
    Some(match word {
        "रन" | "रनों" => Unit::Runs,
        "गेंद" | "गेंदें" | "गेंदों" | "बॉल" => Unit::Balls,
        "विकेट" | "विकेटों" => Unit::Wickets,
        "ओवर" | "ओवरों" => Unit::Overs,
        "चौके" | "चौकों" => Unit::Fours,
        "छक्के" | "छक्कों" => Unit::Sixes,
        "बाउंड्री" => Unit::Boundaries,
        "मेडन" => Unit::Maidens,
        "बार" => Unit::Dismissals,
        "पारियां" | "पारियों" | "मैच" | "मैचों" => Unit::Sample,
        "प्रतिशत" | "फीसदी" | "%" => Unit::Percent,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::{super::super::token::cut, WORDS, cardinal, read_number_words, whole};

    #[test]
    fn every_number_to_a_hundred_has_its_own_words() {
        let mut values: Vec<u32> = WORDS.cardinals.values().copied().collect();
        values.sort_unstable();
        values.dedup();
        assert_eq!(values, (0..=100).collect::<Vec<u32>>());
        for (word, value) in
            [("शून्य", 0), ("पच्चीस", 25), ("उनचास", 49), ("पचास", 50), ("उनसठ", 59), ("नवासी", 89), ("सौ", 100)]
        {
            assert_eq!(cardinal(&super::fold(word)), Some(value), "{word}");
        }
        assert_eq!(WORDS.ordinals.values().max(), Some(&20));
    }

    #[test]
    fn hundreds_are_read_as_one_number() {
        let number = |text: &str| {
            let mut tokens = cut(text);
            read_number_words(&mut tokens);
            let numbers: Vec<u32> = tokens.iter().filter_map(whole).collect();
            numbers
        };
        assert_eq!(number("एक सौ अड़तालीस रन"), [148]);
        assert_eq!(number("सौ रन"), [100]);
        assert_eq!(number("सौ पच्चीस रन"), [125]);
        assert_eq!(number("दो सौ रन"), [200]);
        assert_eq!(number("पचास, छब्बीस चाहिए"), [50, 26]);
        assert_eq!(number("चार रन!"), [0_u32; 0]);
        assert_eq!(number("चार रन चाहिए"), [4]);
        assert_eq!(number("छह गेंद में चार"), [6, 4]);
    }
}
