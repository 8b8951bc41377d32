//! What words mean to the checker: read once a language from the data under `data/checker`.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use serde::Deserialize;

use super::{
    index::Patterns,
    pattern::{self, Classes, WordId, Words},
    script::fold,
};
use crate::{facts::EventWord, language::Language, name, phrasebook::BUILTIN as BOOKS};

/// What a phrase says.
#[derive(Debug, Clone)]
pub(super) enum Meaning {
    /// That one of these has happened, or is the case.
    Event(Vec<EventWord>),
    /// Something that no feed supports, unless the event carries one of these fields.
    Uncheckable {
        /// Why, for people.
        reason: String,
        /// Fields that would support it.
        fields: Vec<String>,
    },
    /// Nothing that needs support, although words of it would elsewhere.
    Harmless,
}

/// Words near an event word that change whether it is said to have happened.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Negation {
    /// A few words before it at most: it did not stand.
    pub(super) not_before: Vec<String>,
    /// A few words after it at most: it did not stand.
    pub(super) not_after: Vec<String>,
    /// Right before it: it did not happen.
    pub(super) denied_before: Vec<String>,
    /// Right after it: it did not happen.
    pub(super) denied_after: Vec<String>,
    /// Anywhere in the line: the decision is open.
    pub(super) hedges: Vec<String>,
}

impl Negation {
    fn folded(self) -> Self {
        let fold_all = |words: Vec<String>| words.iter().map(|word| fold(word)).collect();
        Self {
            not_before: fold_all(self.not_before),
            not_after: fold_all(self.not_after),
            denied_before: fold_all(self.denied_before),
            denied_after: fold_all(self.denied_after),
            hedges: fold_all(self.hedges),
        }
    }
}

/// The vocabulary of a language.
pub(super) struct Lexicon {
    language: Language,
    negation: Negation,
    phrases: HashMap<String, Vec<(Vec<String>, Meaning)>>,
    patterns: Patterns,
    /// The words of the patterns as numbers.
    ids: Words,
    /// What fillers of a pattern stand for.
    fillers: HashSet<WordId>,
    /// The word that may stand before a side's name and says nothing.
    article: WordId,
    openers: HashSet<String>,
    anywhere: HashSet<String>,
    /// Every word that may be said: `openers`, and what the phrasebooks and the data here are written with.
    vocabulary: HashSet<String>,
    /// The same in order, to look beginnings up.
    sorted: Vec<String>,
}

/// Regular endings of English that make a form of a known word, with what they replace.
const ENDINGS: [(&str, &[&str]); 8] = [
    ("s", &[""]),
    ("es", &[""]),
    ("ed", &["", "e"]),
    ("ing", &["", "e"]),
    ("ly", &[""]),
    ("er", &["", "e"]),
    ("est", &["", "e"]),
    ("ies", &["y"]),
];

/// Endings that a phrase of several words may be bent by.
const PHRASE_ENDINGS: [&str; 3] = ["s", "ed", "ing"];

/// What may stand behind the apostrophe of a word: nothing, as in `batters'`, or what is left of another word.
const CONTRACTIONS: [&str; 7] = ["", "s", "d", "m", "ll", "re", "ve"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventsFile {
    negation: Negation,
    harmless: Vec<String>,
    #[serde(rename = "word")]
    words: Vec<EventsEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventsEntry {
    means: Vec<EventWord>,
    say: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UncheckableFile {
    category: Vec<Category>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Category {
    reason: String,
    #[serde(default)]
    fields: Vec<String>,
    words: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RolesFile {
    fillers: Vec<String>,
    #[serde(default)]
    words: Classes,
    patterns: Vec<String>,
    #[serde(default)]
    supports: Vec<String>,
}

/// The texts that a language's vocabulary is read from.
struct Sources {
    events: &'static str,
    uncheckable: &'static str,
    roles: &'static str,
    words: &'static str,
}

/// The English words that a line may begin with, each once, with comments.
pub(crate) const ENGLISH_WORDS: &str = include_str!("../../data/checker/en/words.txt");

const ENGLISH: Sources = Sources {
    events: include_str!("../../data/checker/en/events.toml"),
    uncheckable: include_str!("../../data/checker/en/uncheckable.toml"),
    roles: include_str!("../../data/checker/en/roles.toml"),
    words: ENGLISH_WORDS,
};

const HINDI: Sources = Sources {
    events: include_str!("../../data/checker/hi/events.toml"),
    uncheckable: include_str!("../../data/checker/hi/uncheckable.toml"),
    roles: include_str!("../../data/checker/hi/roles.toml"),
    words: include_str!("../../data/checker/hi/words.txt"),
};

static IN_ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::compiled_in(&ENGLISH, Language::English));
static IN_HINDI: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::compiled_in(&HINDI, Language::Hindi));

/// The vocabulary of a language, read on first use.
pub(super) fn of(language: Language) -> &'static Lexicon {
    match language {
        Language::English => &IN_ENGLISH,
        Language::Hindi => &IN_HINDI,
    }
}

impl Lexicon {
    fn compiled_in(sources: &Sources, language: Language) -> Self {
        #[expect(clippy::expect_used, reason = "the data is compiled in, and the tests of the checker read it")]
        Self::read(sources, language).expect("the checker's own data is readable")
    }

    fn read(sources: &Sources, language: Language) -> Result<Self, String> {
        let file = |error: toml::de::Error| error.to_string();
        let events: EventsFile = toml::from_str(sources.events).map_err(file)?;
        let uncheckable: UncheckableFile = toml::from_str(sources.uncheckable).map_err(file)?;
        let roles: RolesFile = toml::from_str(sources.roles).map_err(file)?;
        let mut phrases: HashMap<String, Vec<(Vec<String>, Meaning)>> = HashMap::new();
        let mut add = |phrase: &str, meaning: Meaning| {
            let words: Vec<String> = phrase.split_whitespace().map(fold).collect();
            if let Some(first) = words.first() {
                phrases.entry(first.clone()).or_default().push((words, meaning));
            }
        };
        for phrase in &events.harmless {
            add(phrase, Meaning::Harmless);
        }
        for entry in &events.words {
            for phrase in &entry.say {
                add(phrase, Meaning::Event(entry.means.clone()));
            }
        }
        for category in &uncheckable.category {
            let meaning = Meaning::Uncheckable { reason: category.reason.clone(), fields: category.fields.clone() };
            for phrase in &category.words {
                add(phrase, meaning.clone());
                // `cow cornering` tells no more truth than `cow corner`.
                for ending in
                    PHRASE_ENDINGS.iter().filter(|_| phrase.contains([' ', '-']) && language == Language::English)
                {
                    add(&format!("{phrase}{ending}"), meaning.clone());
                }
            }
            for phrase in &category.except {
                add(phrase, Meaning::Harmless);
            }
        }
        for entries in phrases.values_mut() {
            entries.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        let (mut ids, mut patterns) = (Words::default(), Vec::new());
        for (texts, binds) in [(&roles.patterns, true), (&roles.supports, false)] {
            for text in texts {
                patterns.extend(pattern::read(text, binds, &roles.words, &mut ids)?);
            }
        }
        let fillers: HashSet<WordId> = roles.fillers.iter().map(|word| ids.learn(word)).collect();
        let listed = || sources.words.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
        let openers: HashSet<String> = listed().map(|word| fold(&word.to_lowercase())).collect();
        let anywhere = listed().filter(|word| word.starts_with(char::is_uppercase)).map(str::to_lowercase).collect();
        let said = phrases.values().flatten().flat_map(|(words, _)| words.iter().cloned());
        let attributing =
            roles.patterns.iter().chain(&roles.supports).chain(&roles.fillers).chain(roles.words.values());
        let attributed = attributing.flat_map(|text| words_of(text));
        let books = BOOKS.iter().map(|(_, book)| *book).filter(|book| language_of(book) == language);
        let vocabulary = openers.iter().cloned().chain(said).chain(attributed).chain(books.flat_map(words_of));
        // A book's keys and remarks are not in its lines' script.
        let vocabulary: HashSet<String> =
            vocabulary.filter(|word| language == Language::English || language.writes(word)).collect();
        let mut sorted: Vec<String> = vocabulary.iter().cloned().collect();
        sorted.sort_unstable();
        let negation = events.negation.folded();
        let (patterns, article) = (Patterns::new(patterns), ids.learn("the"));
        Ok(Self { language, negation, phrases, patterns, ids, fillers, article, openers, anywhere, vocabulary, sorted })
    }

    pub(super) fn language(&self) -> Language {
        self.language
    }

    pub(super) fn negation(&self) -> &Negation {
        &self.negation
    }

    /// Whether a word in small letters is one whose meaning is known here: a word outside this vocabulary may claim
    /// anything, and a model's slip of spelling is no word at all.
    pub(super) fn knows(&self, word: &str) -> bool {
        let (stem, contracted) = word.split_once('\'').unwrap_or((word, ""));
        if self.has_form(word) {
            return true;
        }
        // A part of `cow-cornering` could be a form of anything; those of `well-judged` are words.
        let mut parts = stem.split('-');
        let is_known = match (parts.next(), parts.next()) {
            (Some(whole), None) => self.has_form(whole),
            _ => stem.split('-').all(|part| self.vocabulary.contains(part)),
        };
        is_known && CONTRACTIONS.contains(&contracted)
    }

    /// Whether a word is in the vocabulary as it is.
    pub(super) fn has(&self, word: &str) -> bool {
        self.vocabulary.contains(word)
    }

    fn has_form(&self, word: &str) -> bool {
        self.vocabulary.contains(word) || self.bases(word).any(|base| self.bases(&base).next().is_none())
    }

    /// Known words that a word is a regular form of. An ending on an ending (`flickeded`) makes no word.
    fn bases<'a>(&'a self, word: &'a str) -> impl Iterator<Item = String> + 'a {
        let endings: &[(&str, &[&str])] = if self.language == Language::English { &ENDINGS } else { &[] };
        endings.iter().flat_map(move |(ending, instead)| {
            let stem = word.strip_suffix(ending).filter(|stem| stem.len() > 2);
            let bases = stem.into_iter().flat_map(|stem| instead.iter().map(move |letters| format!("{stem}{letters}")));
            bases.filter(|base| self.vocabulary.contains(base))
        })
    }

    /// The longest phrase that starts here, as its length in words and its meaning.
    pub(super) fn phrase(&self, words: &[&str]) -> Option<(usize, &Meaning)> {
        let entries = self.phrases.get(*words.first()?)?;
        entries
            .iter()
            .find(|(phrase, _)| phrase.len() <= words.len() && phrase.iter().zip(words).all(|(a, b)| a == b))
            .map(|(phrase, meaning)| (phrase.len(), meaning))
    }

    /// Whether the words may be the beginning of a longer phrase.
    pub(super) fn may_grow(&self, words: &[&str]) -> bool {
        let entries = words.first().and_then(|first| self.phrases.get(*first));
        let longer = entries.into_iter().flatten().filter(|(phrase, _)| phrase.len() > words.len());
        longer.into_iter().any(|(phrase, _)| phrase.iter().zip(words).all(|(one, other)| one == other))
    }

    /// Whether letters in lower case can become a word that is known here: see [`Self::knows`], of whose words these are
    /// the beginnings.
    pub(super) fn begins(&self, letters: &str) -> bool {
        if self.begins_form(letters) {
            return true;
        }
        if let Some((stem, contracted)) = letters.split_once('\'') {
            return begins_contraction(contracted) && self.knows(stem);
        }
        // Each part of `well-judged` is a word of its own; none may be what no feed tells.
        let mut parts = letters.rsplit('-');
        let last = parts.next().unwrap_or_default();
        let mut parts = parts.peekable();
        parts.peek().is_some()
            && has_beginning(&self.sorted, self.sure(last))
            && parts.all(|part| self.vocabulary.contains(part) && self.why_untold(part).is_none())
    }

    /// Whether letters can become a word of the vocabulary or a regular form of one.
    fn begins_form(&self, letters: &str) -> bool {
        has_beginning(&self.sorted, letters)
            || (self.language != Language::English && has_beginning(&self.sorted, self.sure(letters)))
            || self.has_form(letters)
            || self.may_take_ending(letters)
    }

    /// The letters that stay as they are: how a cluster of Devanagari is spelt may change with those still to come.
    fn sure<'a>(&self, letters: &'a str) -> &'a str {
        match self.language {
            Language::English => letters,
            Language::Hindi => letters.char_indices().rev().nth(1).map_or("", |(at, _)| &letters[..at]),
        }
    }

    /// Why no feed tells what a word says by itself, where that is so.
    pub(super) fn why_untold(&self, word: &str) -> Option<&str> {
        match self.phrase(&[word]) {
            Some((1, Meaning::Uncheckable { reason, .. })) => Some(reason),
            _ => None,
        }
    }

    /// What no feed tells in a part of a compound such as `leg-spinner`, as the reason.
    pub(super) fn untold_part(&self, word: &str) -> Option<&str> {
        word.split('-').filter(|part| part.len() < word.len()).find_map(|part| self.why_untold(part))
    }

    /// Whether letters in lower case can become a word that always has a capital.
    pub(super) fn begins_capital(&self, letters: &str) -> bool {
        let contracts = || {
            letters
                .split_once('\'')
                .is_some_and(|(stem, rest)| self.anywhere.contains(stem) && begins_contraction(rest))
        };
        self.anywhere.iter().any(|word| word.starts_with(letters)) || contracts()
    }

    /// Whether letters are a known word with the beginning of a regular ending: `finishi` of `finishing`.
    fn may_take_ending(&self, letters: &str) -> bool {
        let cut = |ending: &str| {
            (1..ending.len()).any(|length| {
                let Some(stem) = letters.strip_suffix(&ending[..length]).filter(|stem| stem.len() > 2) else {
                    return false;
                };
                ENDINGS
                    .iter()
                    .filter(|(whole, _)| *whole == ending)
                    .flat_map(|(_, instead)| instead.iter())
                    .any(|instead| self.vocabulary.contains(&format!("{stem}{instead}")))
            })
        };
        self.language == Language::English && ENDINGS.iter().any(|(ending, _)| cut(ending))
    }

    pub(super) fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// A word as patterns know it; 0 where no pattern has it.
    pub(super) fn word_id(&self, word: &str) -> WordId {
        self.ids.id(word)
    }

    /// The word that may stand before a side's name and says nothing.
    pub(super) fn article(&self) -> WordId {
        self.article
    }

    /// Whether a pattern may pass over a word.
    pub(super) fn is_filler(&self, word: WordId) -> bool {
        self.fillers.contains(&word)
    }

    /// Whether a word with a capital is no name: known English at the start of a sentence, or one that always has one.
    pub(super) fn is_plain_word(&self, word: &str, opens: bool) -> bool {
        let known = |word: &str| self.anywhere.contains(word) || (opens && self.openers.contains(word));
        let (stem, contracted) = word.split_once('\'').unwrap_or((word, ""));
        let is_known = || known(stem) || (opens && stem.split('-').all(|part| self.openers.contains(part)));
        known(word) || (CONTRACTIONS.contains(&contracted) && is_known())
    }
}

/// Whether letters behind an apostrophe can become what may stand there.
fn begins_contraction(letters: &str) -> bool {
    CONTRACTIONS.iter().any(|contraction| contraction.starts_with(letters))
}

/// Whether one of the words, which are in order, begins so.
fn has_beginning(words: &[String], letters: &str) -> bool {
    let at = words.partition_point(|word| word.as_str() < letters);
    words.get(at).is_some_and(|word| word.starts_with(letters))
}

/// The language of a phrasebook's lines.
fn language_of(book: &str) -> Language {
    #[derive(Deserialize)]
    struct Head {
        #[serde(default)]
        language: String,
    }
    toml::from_str::<Head>(book).map(|head| Language::of(&head.language)).unwrap_or_default()
}

/// The words of a text of ours, whatever its notation: slots (`{batter}`) and roles (`<bowler>`) are none.
fn words_of(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '|'))
        .filter(|word| !word.contains(['{', '<', '=', '@', '^', '$']))
        .map(|word| fold(&word.trim_matches(|c: char| !name::is_letter(c)).to_lowercase()))
        .filter(|word| !word.is_empty())
}
