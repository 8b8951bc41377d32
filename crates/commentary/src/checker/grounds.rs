//! What a line may be made of while it is still being written: a model that asks before each token cannot write a name
//! of nobody here, a number the moment does not have, or a word that nothing could support. What the words say together
//! is for the checker, when the line is there.

use std::collections::HashSet;

use super::{
    fitness,
    lexicon::{self, Lexicon, Meaning},
    numbers,
    token::{self, Kind, Number, Token},
};
use crate::{
    facts::{EventWord, Hundredths},
    language::Language,
    line::LineKind,
    moment::Moment,
    persona::Persona,
};

/// The words, names and numbers that a line of one moment may be made of, in one persona's language.
#[derive(Debug)]
pub struct Grounds {
    language: Language,
    /// Words of the names of those on stage, of sides and of places, as they are written.
    names: Vec<String>,
    /// Numbers as they are written in digits.
    numbers: HashSet<String>,
    values: HashSet<Hundredths>,
    events: HashSet<EventWord>,
    /// What the event itself carries, in lower case.
    carried: Vec<String>,
    /// Words that the persona likes, in lower case.
    liked: HashSet<String>,
    /// The most words that the persona says here; a name counts as one.
    most: usize,
}

impl Grounds {
    /// The grounds of a line of a kind.
    pub fn of(moment: &Moment, persona: &Persona, kind: LineKind) -> Self {
        let sheet = &moment.facts;
        let language = Language::of(&persona.language);
        let people = sheet.people.iter().filter(|person| person.is_on_stage());
        let said = people
            .flat_map(|person| [person.said.as_str(), person.full.as_str()])
            .chain(sheet.teams.iter().map(|team| team.name.as_str()))
            .chain(sheet.places.iter().map(|(_, place)| place.as_str()));
        let names = said.flat_map(token::cut).filter(|token| !matches!(token.kind, Kind::Mark(_)));
        let mut numbers = HashSet::new();
        for number in &sheet.numbers {
            numbers.insert(number.value.to_string());
            if number.value.0.is_multiple_of(100) {
                numbers.insert(format!("{}{}", number.value, ordinal_ending(number.value.0 / 100)));
                numbers.insert(format!("{}.0", number.value));
            }
        }
        for pair in &sheet.pairs {
            // `148 for 3` is said of two numbers.
            let (first, second) = (pair.first, pair.second);
            numbers.extend([first.to_string(), second.to_string()]);
            numbers.extend([format!("{first}/{second}"), format!("{first}-{second}")]);
        }
        let pairs = sheet.pairs.iter().flat_map(|pair| [pair.first, pair.second]).map(Hundredths::whole);
        let liked = persona.words.prefer.iter().flat_map(|phrase| phrase.split_whitespace());
        Self {
            language,
            names: names.map(|token| token.text).collect(),
            numbers,
            values: sheet.numbers.iter().map(|number| number.value).chain(pairs).collect(),
            events: sheet.events.iter().map(|event| event.word).collect(),
            carried: sheet.carried.iter().map(|(_, value)| value.to_lowercase()).collect(),
            liked: liked.map(str::to_lowercase).collect(),
            most: usize::from(persona.length.of_kind(kind, moment)[1]),
        }
    }

    /// Whether this may be a whole line: it may begin one, and is a whole sentence of whole words.
    pub fn allows_line(&self, text: &str) -> bool {
        fitness::is_whole(text.trim()) && self.allows_beginning(text)
    }

    /// Whether a line may begin like this: every whole word of it is one that may be said, the one it ends in can still
    /// become one, and there are no more than the persona says.
    pub fn allows_beginning(&self, text: &str) -> bool {
        if !text.chars().all(fitness::is_speakable) {
            return false;
        }
        let text = text.replace('\u{2019}', "'");
        // `8.` may go on as `8.5`, `148/` as `148/3`, `Daruwalla-` as `Daruwalla-Shaw`.
        let tail = text.rsplit(char::is_whitespace).next().unwrap_or_default();
        let mut whole = self.numbers.iter().chain(&self.names);
        let goes_on = tail.ends_with(['.', '/', '-', '\'']) && whole.any(|whole| whole.starts_with(tail));
        let sure = if goes_on { &text[..text.len() - tail.len()] } else { text.trim_end_matches(['-', '\'']) };
        let tokens = token::cut(sure);
        let whole = if sure.ends_with(token::is_part) { tokens.len().saturating_sub(1) } else { tokens.len() };
        if self.words(&tokens) > self.most {
            return false;
        }
        let (whole, unfinished) = tokens.split_at(whole);
        whole.iter().all(|token| self.is_said(token))
            && self.is_borne_out(whole)
            && unfinished.iter().all(|token| match text[sure.len()..].chars().next() {
                Some(mark) if !goes_on => self.may_be_joined(token, mark),
                _ => self.may_become(token),
            })
    }

    /// Whether a word may have a hyphen or an apostrophe behind it: it is whole, or what it is joined to makes it so.
    fn may_be_joined(&self, token: &Token, mark: char) -> bool {
        let glued = |text: &str| format!("{text}{mark}");
        let joined = Token { text: glued(&token.text), lower: glued(&token.lower), ..token.clone() };
        self.is_said(token) || self.may_become(&joined)
    }

    /// How many words there are; a name, however long, is one.
    fn words(&self, tokens: &[Token]) -> usize {
        let mut after_name = false;
        let counted = tokens.iter().filter(|token| {
            let is_name = self.is_name(token);
            let goes_on = std::mem::replace(&mut after_name, is_name) && is_name;
            !goes_on && !matches!(token.kind, Kind::Mark(_))
        });
        counted.count()
    }

    /// Whether a whole word may be said.
    fn is_said(&self, token: &Token) -> bool {
        match token.kind {
            Kind::Number(Number::Plain(value)) => self.values.contains(&value),
            Kind::Number(Number::Ordinal(value)) => self.values.contains(&Hundredths::whole(value)),
            Kind::Number(Number::Pair(..)) => self.numbers.contains(&token.text),
            Kind::Word => self.is_name(token) || (self.is_plain(token) && self.is_counted(token)),
            _ => true,
        }
    }

    fn lexicon(&self) -> &'static Lexicon {
        lexicon::of(self.language)
    }

    fn is_name(&self, token: &Token) -> bool {
        self.names.iter().any(|name| *name == token.text || (token.opens && capital(name) == token.text))
    }

    /// A word of the language that is written as one.
    fn is_plain(&self, token: &Token) -> bool {
        if token.text.starts_with(char::is_uppercase) {
            let opens = token.opens || is_loud(&token.text);
            // An event's word may open a sentence; what is glued of two such words is no event.
            let word = token.lower.as_str();
            let is_glued = word.contains(['-', '\'']);
            let is_known = if is_glued { self.lexicon().has(word) } else { self.lexicon().knows(word) };
            return self.lexicon().is_plain_word(word, opens) || (opens && is_known);
        }
        self.liked.contains(&token.lower)
            || self.lexicon().knows(&token.lower)
            || numbers::is_number_word(&token.lower, self.language)
    }

    /// Whether a number word, if it is one, is of a number that there is.
    fn is_counted(&self, token: &Token) -> bool {
        numbers::denoted(&token.lower, self.language).is_none_or(|value| self.values.contains(&value))
    }

    /// Whether what the words say has happened, or at least may be told of by whoever brought the event.
    fn is_borne_out(&self, tokens: &[Token]) -> bool {
        let words: Vec<&str> = tokens.iter().map(|token| token.lower.as_str()).collect();
        let negation = self.lexicon().negation();
        let mut at = 0;
        while at < words.len() {
            // `leg` may still become `leg bye`, and `fourth` `fourth wicket`.
            let is_last = at + 1 == words.len();
            let is_order = numbers::is_number_word(words[at], self.language);
            if self.lexicon().may_grow(&words[at..]) || (is_order && is_last) {
                return true;
            }
            // What is counted has not happened by that: `7 wickets`.
            let counts = |number: usize, noun: usize| {
                words.get(noun).is_some_and(|word| numbers::is_counted(&tokens[number], word, self.language))
            };
            let is_count = counts(at, at + 1) || at > 0 && counts(at - 1, at);
            let is_free = !is_count && !self.is_name(&tokens[at]);
            let found = if is_free { self.lexicon().phrase(&words[at..]) } else { None };
            let Some((length, meaning)) = found else {
                if is_free
                    && tokens[at].kind == Kind::Word
                    && !is_order
                    && self.lexicon().untold_part(words[at]).is_some()
                {
                    return false;
                }
                at += 1;
                continue;
            };
            let stands = match meaning {
                Meaning::Harmless => true,
                Meaning::Uncheckable { .. } => {
                    let claim = words[at..at + length].join(" ");
                    self.carried.iter().any(|value| value.contains(&claim))
                }
                Meaning::Event(events) => {
                    events.iter().any(|word| self.events.contains(word))
                        || words[..at].iter().any(|word| negation.denied_before.iter().any(|own| own == word))
                }
            };
            if !stands {
                return false;
            }
            at += length;
        }
        true
    }

    /// Whether an unfinished word can still become one.
    fn may_become(&self, token: &Token) -> bool {
        if token.text.starts_with(|c: char| c.is_ascii_digit()) {
            return self.numbers.iter().any(|number| number.starts_with(&token.text));
        }
        let begins = |name: &String| {
            name.starts_with(&token.text) || (token.opens && capital(name).starts_with(token.text.as_str()))
        };
        if self.names.iter().any(begins) {
            return true;
        }
        let (capital, loud) = (token.text.starts_with(char::is_uppercase), is_loud(&token.text));
        if capital && !token.opens && !loud {
            return self.lexicon().begins_capital(&token.lower);
        }
        self.lexicon().begins(&token.lower)
            || numbers::begins_number_word(&token.lower, self.language)
            || self.liked.iter().any(|word| word.starts_with(&token.lower))
    }
}

/// A name as it opens a sentence: `Van Rensdorp`.
fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `FO` of `FOUR`, and a first letter that may become it.
fn is_loud(text: &str) -> bool {
    text.chars().all(|c| !c.is_lowercase())
}

fn ordinal_ending(number: u64) -> &'static str {
    match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}
