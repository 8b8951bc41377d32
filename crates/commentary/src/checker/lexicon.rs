//! What words mean to the checker: read once from the data under `data/checker`.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use serde::Deserialize;

use crate::{
    facts::{EventWord, Role, TeamPart},
    phrasebook::BUILTIN as BOOKS,
};

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

/// A part of an attribution pattern.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// One of these words; the flag marks one that may be absent.
    Words(Vec<String>, bool),
    /// Somebody with one of these roles; the flag asks for the possessive.
    Person(Vec<Role>, bool),
    /// Anybody of the match; the numbers after it must be theirs.
    Anybody,
    /// A number that belongs to the person before.
    Own,
    /// Any number.
    AnyNumber,
    /// A side with this part.
    Team(TeamPart),
}

/// The vocabulary.
pub(super) struct Lexicon {
    phrases: HashMap<String, Vec<(Vec<String>, Meaning)>>,
    patterns: Vec<Vec<Part>>,
    openers: HashSet<String>,
    anywhere: HashSet<String>,
    /// Every word that may be said: `openers`, and what the phrasebooks and the data here are written with.
    vocabulary: HashSet<String>,
}

/// Regular endings that make a form of a known word, with what they replace.
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventsFile {
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
    patterns: Vec<String>,
}

const EVENTS: &str = include_str!("../../data/checker/events.toml");
const UNCHECKABLE: &str = include_str!("../../data/checker/uncheckable.toml");
const ROLES: &str = include_str!("../../data/checker/roles.toml");
const WORDS: &str = include_str!("../../data/checker/words.txt");

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the data is compiled in, and every test of the checker reads it")]
    Lexicon::read().expect("the checker's own data is readable")
});

/// The vocabulary, read on first use.
pub(super) fn get() -> &'static Lexicon {
    &LEXICON
}

impl Lexicon {
    fn read() -> Result<Self, String> {
        let file = |error: toml::de::Error| error.to_string();
        let events: EventsFile = toml::from_str(EVENTS).map_err(file)?;
        let uncheckable: UncheckableFile = toml::from_str(UNCHECKABLE).map_err(file)?;
        let roles: RolesFile = toml::from_str(ROLES).map_err(file)?;
        let mut phrases: HashMap<String, Vec<(Vec<String>, Meaning)>> = HashMap::new();
        let mut add = |phrase: &str, meaning: Meaning| {
            let words: Vec<String> = phrase.split_whitespace().map(str::to_owned).collect();
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
            }
            for phrase in &category.except {
                add(phrase, Meaning::Harmless);
            }
        }
        for entries in phrases.values_mut() {
            entries.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        let patterns = roles.patterns.iter().map(|text| pattern(text)).collect::<Result<_, _>>()?;
        let lines = || WORDS.lines().filter(|line| !line.starts_with('#'));
        let openers = lines().flat_map(str::split_whitespace).map(str::to_lowercase).collect();
        let anywhere = lines()
            .flat_map(str::split_whitespace)
            .filter(|word| word.starts_with(char::is_uppercase))
            .map(str::to_lowercase)
            .collect();
        let openers: HashSet<String> = openers;
        let said =
            phrases.keys().cloned().chain(phrases.values().flatten().flat_map(|(words, _)| words.iter().cloned()));
        let attributed = roles.patterns.iter().flat_map(|text| words_of(text));
        let vocabulary = openers
            .iter()
            .cloned()
            .chain(said)
            .chain(attributed)
            .chain(BOOKS.iter().flat_map(|(_, book)| words_of(book)));
        let vocabulary = vocabulary.collect();
        Ok(Self { phrases, patterns, openers, anywhere, vocabulary })
    }

    /// Whether a word in small letters is one whose meaning is known here: a word outside this vocabulary may claim
    /// anything, and a model's slip of spelling is no word at all.
    pub(super) fn knows(&self, word: &str) -> bool {
        let stem = word.split_once('\'').map_or(word, |(stem, _)| stem);
        self.has_form(word) || stem.split('-').all(|part| self.has_form(part))
    }

    fn has_form(&self, word: &str) -> bool {
        let is_form = |(ending, instead): &(&str, &[&str])| {
            let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() > 2) else { return false };
            instead.iter().any(|letters| self.vocabulary.contains(&format!("{stem}{letters}")))
        };
        self.vocabulary.contains(word) || ENDINGS.iter().any(is_form)
    }

    /// The longest phrase that starts here, as its length in words and its meaning.
    pub(super) fn phrase(&self, words: &[&str]) -> Option<(usize, &Meaning)> {
        let entries = self.phrases.get(*words.first()?)?;
        entries
            .iter()
            .find(|(phrase, _)| phrase.len() <= words.len() && phrase.iter().zip(words).all(|(a, b)| a == b))
            .map(|(phrase, meaning)| (phrase.len(), meaning))
    }

    pub(super) fn patterns(&self) -> &[Vec<Part>] {
        &self.patterns
    }

    /// Whether a word with a capital is no name: known English at the start of a sentence, or one that always has one.
    pub(super) fn is_plain_word(&self, word: &str, opens: bool) -> bool {
        let known = |word: &str| self.anywhere.contains(word) || (opens && self.openers.contains(word));
        let stem = word.split_once('\'').map_or(word, |(stem, _)| stem);
        known(word) || known(stem) || (opens && stem.split('-').all(|part| self.openers.contains(part)))
    }
}

/// The words of a text of ours, whatever its notation: slots (`{batter}`) and roles (`<bowler>`) are none.
fn words_of(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '|'))
        .filter(|word| !word.contains(['{', '<', '=']))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .filter(|word| !word.is_empty())
}

fn pattern(text: &str) -> Result<Vec<Part>, String> {
    text.split_whitespace()
        .map(|word| {
            let Some(role) = word.strip_prefix('<') else {
                let (words, optional) = word.strip_suffix('?').map_or((word, false), |word| (word, true));
                return Ok(Part::Words(words.split('|').map(str::to_owned).collect(), optional));
            };
            let (role, possessive) =
                role.strip_suffix(">'s").map_or((role.trim_end_matches('>'), false), |role| (role, true));
            Ok(match role {
                "bowler" => {
                    Part::Person(vec![Role::Bowler, Role::NewBowler, Role::FormerBowler, Role::BestBowler], possessive)
                }
                "batter" => Part::Person(vec![Role::Batter, Role::FormerBatter], possessive),
                "crease" => Part::Person(
                    vec![
                        Role::Batter,
                        Role::Partner,
                        Role::NewBatter,
                        Role::Out,
                        Role::FormerBatter,
                        Role::Retired,
                        Role::TopScorer,
                    ],
                    possessive,
                ),
                "out" => Part::Person(vec![Role::Out, Role::FormerOut], possessive),
                "fielder" => Part::Person(vec![Role::Fielder], possessive),
                "catcher" => Part::Person(vec![Role::Fielder, Role::Bowler], possessive),
                "milestone" => Part::Person(vec![Role::MilestoneBatter], possessive),
                "new" => Part::Person(vec![Role::NewBatter], possessive),
                "incoming" => Part::Person(vec![Role::Incoming], possessive),
                "outgoing" => Part::Person(vec![Role::Outgoing], possessive),
                "top" => Part::Person(vec![Role::TopScorer], possessive),
                "best" => Part::Person(vec![Role::BestBowler], possessive),
                "retired" => Part::Person(vec![Role::Retired], possessive),
                "person" => Part::Anybody,
                "own" => Part::Own,
                "num" => Part::AnyNumber,
                "batting" => Part::Team(TeamPart::Batting),
                "fielding" => Part::Team(TeamPart::Fielding),
                "winner" => Part::Team(TeamPart::Winner),
                "toss" => Part::Team(TeamPart::TossWinner),
                "reviewer" => Part::Team(TeamPart::Reviewer),
                "awarded" => Part::Team(TeamPart::Awarded),
                _ => return Err(format!("roles.toml: '{text}': no such role: {role}")),
            })
        })
        .collect()
}
