//! A line cut into tokens.

use super::{script, tie::Tie};
use crate::facts::{Hundredths, Unit};

/// What a token is, as far as the passes before know.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A word.
    Word,
    /// A mark.
    Mark(char),
    /// A number in digits, or a number word read as one.
    Number(Number),
    /// Somebody: indices into the sheet's people (several where a name is shared).
    Person(Vec<usize>),
    /// A side: an index into the sheet's sides.
    Team(usize),
    /// A ground or competition: an index into the sheet's places.
    Place(usize),
}

/// A number as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// `148`, `8.5`.
    Plain(Hundredths),
    /// `3rd`.
    Ordinal(u32),
    /// `148/3`.
    Pair(u32, u32),
}

/// A piece of a line.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "marks of different passes, independent of each other")]
pub(super) struct Token {
    /// As it is in the line, without a possessive ending.
    pub(super) text: String,
    /// As words are compared: in lower case, with a straight apostrophe, in one spelling.
    pub(super) lower: String,
    /// What it is.
    pub(super) kind: Kind,
    /// Whether it opens a sentence.
    pub(super) opens: bool,
    /// Whether it had `'s`, or the apostrophe of a name in s.
    pub(super) possessive: bool,
    /// Whether a pass has accounted for it.
    pub(super) known: bool,
    /// What a number counts, where the words around it say so.
    pub(super) unit: Option<Unit>,
    /// Whether it is the noun that the number before it counts.
    pub(super) is_noun: bool,
    /// The fact that a name, a side or a number was found to be.
    pub(super) tie: Option<Tie>,
    /// Whether it is part of an attribution that is not true.
    pub(super) refused: bool,
    /// Why a reading of it is not true; another may be.
    pub(super) doubt: Option<&'static str>,
}

impl Token {
    /// A token that no pass has looked at.
    pub(super) fn new(text: String, lower: String, kind: Kind) -> Self {
        Self {
            text,
            lower,
            kind,
            opens: false,
            possessive: false,
            known: false,
            unit: None,
            is_noun: false,
            tie: None,
            refused: false,
            doubt: None,
        }
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Number(_))
    }
}

/// Cuts a line. Apostrophes and hyphens inside words, points and slashes inside numbers belong to their token.
pub(super) fn cut(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().map(|c| if c == '\u{2019}' { '\'' } else { script::digit(c) }).collect();
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    let mut opens = true;
    while at < chars.len() {
        let c = chars[at];
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        if !is_part(c) {
            opens = opens
                || matches!(c, '.' | '!' | '?' | ':' | ';' | '\u{2014}' | '\u{2013}' | '\u{2026}' | '\u{0964}' | '-');
            tokens.push(Token { known: true, ..Token::new(c.to_string(), c.to_string(), Kind::Mark(c)) });
            at += 1;
            continue;
        }
        let start = at;
        while at < chars.len() && (is_part(chars[at]) || joins(&chars, at)) {
            at += 1;
        }
        let mut word: String = chars[start..at].iter().collect();
        // `Rogers' fifty`: the apostrophe after the s is the possessive.
        let mut possessive = chars.get(at) == Some(&'\'') && word.ends_with('s');
        if possessive {
            at += 1;
        }
        let stem = word.strip_suffix("'s").or_else(|| word.strip_suffix("'S")).map(str::len);
        if let Some(length) = stem {
            word.truncate(length);
            possessive = true;
        }
        let kind = number(&word).map_or(Kind::Word, Kind::Number);
        let lower = script::fold(&word.to_lowercase());
        tokens.push(Token { opens, possessive, ..Token::new(word, lower, kind) });
        opens = false;
    }
    tokens
}

pub(super) fn is_part(c: char) -> bool {
    c.is_alphanumeric()
        || c == '&'
        || (!c.is_ascii() && !c.is_whitespace() && !matches!(c, '\u{2014}' | '\u{2013}' | '\u{2026}' | '\u{0964}'))
}

/// Whether the mark at `at` joins its neighbours into one token.
fn joins(chars: &[char], at: usize) -> bool {
    let (Some(before), Some(after)) = (at.checked_sub(1).map(|i| chars[i]), chars.get(at + 1)) else { return false };
    match chars[at] {
        '\'' => before.is_alphabetic() && after.is_alphabetic(),
        '-' => is_part(before) && is_part(*after),
        '.' | '/' => before.is_ascii_digit() && after.is_ascii_digit(),
        _ => false,
    }
}

fn number(word: &str) -> Option<Number> {
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if let Some((first, second)) = word.split_once(['/', '-']) {
        return Some(Number::Pair(first.parse().ok()?, second.parse().ok()?));
    }
    for ending in ["st", "nd", "rd", "th", "वां", "वीं", "वें"] {
        if let Some(digits) = script::fold(&word.to_lowercase()).strip_suffix(ending) {
            return digits.parse().ok().map(Number::Ordinal);
        }
    }
    // Digits that are no number we know are one that nothing supports.
    Some(Number::Plain(Hundredths::parse(word).unwrap_or(Hundredths(u64::MAX))))
}
