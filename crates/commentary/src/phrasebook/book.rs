//! Reading phrasings from TOML, and refusing those that their occasion cannot fill.

use serde::Deserialize;

use super::{situation::Situation, template::Template};
use crate::{facts::EventWord, language::Language, line::LineKind};

/// Why a phrasebook was refused.
#[derive(Debug, thiserror::Error)]
pub enum PhrasebookError {
    /// Not TOML, an unknown key or word, a missing one.
    #[error(
        "{file}: {reason}; hint: tables are [[call]], [[colour]], [[over]], [[innings]], [[stat]], [[status]], [[correction]], each with on, with, say"
    )]
    Format {
        /// The file, or what stands for it.
        file: String,
        /// What the reader said, with line and key.
        reason: String,
    },
    /// A phrasing with a slot that does not exist, or that its occasion does not fill.
    #[error("{file}: \"{phrasing}\": {reason}")]
    Phrasing {
        /// The file, or what stands for it.
        file: String,
        /// The phrasing.
        phrasing: String,
        /// What is wrong with it, and what to do.
        reason: String,
    },
}

/// One phrasebook.
#[derive(Debug, Clone)]
pub(super) struct Book {
    pub(super) id: String,
    pub(super) groups: Vec<Group>,
}

/// Phrasings for one occasion.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) kind: LineKind,
    /// The event word that must stand; `None` is any moment of that kind.
    pub(super) on: Option<EventWord>,
    /// What else must hold.
    pub(super) with: Vec<Situation>,
    pub(super) phrasings: Vec<Phrasing>,
}

/// One phrasing.
#[derive(Debug, Clone)]
pub(super) struct Phrasing {
    pub(super) id: u64,
    /// As it stands in the file.
    pub(super) text: String,
    pub(super) template: Template,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BookFile {
    id: String,
    /// Language of its lines, as in a persona; English when absent.
    #[serde(default)]
    language: String,
    #[serde(default)]
    call: Vec<GroupFile>,
    #[serde(default)]
    colour: Vec<GroupFile>,
    #[serde(default)]
    over: Vec<GroupFile>,
    #[serde(default)]
    innings: Vec<GroupFile>,
    #[serde(default)]
    stat: Vec<GroupFile>,
    #[serde(default)]
    status: Vec<GroupFile>,
    #[serde(default)]
    correction: Vec<GroupFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupFile {
    #[serde(default)]
    on: Option<EventWord>,
    #[serde(default)]
    with: Vec<Situation>,
    say: Vec<String>,
}

impl Book {
    pub(super) fn read(text: &str, file: &str) -> Result<Self, PhrasebookError> {
        let book: BookFile = toml::from_str(text).map_err(|error| PhrasebookError::Format {
            file: file.to_owned(),
            reason: error.to_string().trim().to_owned(),
        })?;
        let language = Language::of(&book.language);
        let mut groups = Vec::new();
        for (kind, tables) in [
            (LineKind::Call, book.call),
            (LineKind::Colour, book.colour),
            (LineKind::Over, book.over),
            (LineKind::Innings, book.innings),
            (LineKind::Stat, book.stat),
            (LineKind::Status, book.status),
            (LineKind::Correction, book.correction),
        ] {
            for table in tables {
                groups.push(Group::read(kind, table, language, file)?);
            }
        }
        Ok(Self { id: book.id, groups })
    }
}

impl Group {
    fn read(kind: LineKind, table: GroupFile, language: Language, file: &str) -> Result<Self, PhrasebookError> {
        let mut phrasings = Vec::with_capacity(table.say.len());
        for text in &table.say {
            let refuse =
                |reason: String| PhrasebookError::Phrasing { file: file.to_owned(), phrasing: text.clone(), reason };
            let template = Template::parse(text, language).map_err(refuse)?;
            for slot in template.slots() {
                slot.is_filled_by(table.on, &table.with).map_err(refuse)?;
            }
            phrasings.push(Phrasing { id: super::choice::fnv(&[text]), text: text.clone(), template });
        }
        Ok(Self { kind, on: table.on, with: table.with, phrasings })
    }
}
