//! Match files. The id of a match is the stem of its file's name, as Cricsheet has it.

use cricket::cricsheet::{self, CricsheetError, CricsheetMatch};

/// Why a file is no match.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The name gives no id.
    #[error("'{0}' gives the match no id; hint: name the file after the match's id, such as 1359534.json")]
    Name(String),
    /// Its content is no match.
    #[error(transparent)]
    Content(#[from] CricsheetError),
}

/// A match file read.
pub(crate) struct ReadMatch {
    pub(crate) id: String,
    /// Of the file; a later one corrects an earlier one.
    pub(crate) revision: i64,
    pub(crate) played: CricsheetMatch,
}

/// The id in a file's name.
pub(crate) fn match_id(name: &str) -> Result<&str, ReadError> {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    if stem.is_empty() || stem.len() > 64 || stem.chars().any(char::is_control) {
        return Err(ReadError::Name(name.chars().take(80).collect()));
    }
    Ok(stem)
}

/// Reads a match file.
pub(crate) fn read(id: &str, bytes: &[u8]) -> Result<ReadMatch, ReadError> {
    let played = cricsheet::read(bytes)?;
    let revision = played.meta.get("revision").and_then(serde_json::Value::as_i64).unwrap_or(0);
    Ok(ReadMatch { id: id.to_owned(), revision, played })
}
