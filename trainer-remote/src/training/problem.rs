//! What is wrong with a training file: the place, the key, the nearest key that exists.

use std::path::{Path, PathBuf};

use crate::{data::DataError, eval::EvalError, teach};

/// Why a training cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// There is no such training.
    #[error("no training is called '{name}'; hint: {hint}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        hint: String,
    },
    /// There is no folder of trainings.
    #[error(
        "there is no folder of trainings at {path}; hint: run this inside the repository, or name it with --models"
    )]
    NoModels {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("{path} cannot be read: {reason}; hint: check the path")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A place of the file is wrong.
    #[error("{path}, line {line}: {what}; hint: {hint}")]
    Place {
        /// The file.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
        /// What to do.
        hint: String,
    },
}

/// A key whose value breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key} {reason}; hint: {hint}")]
pub struct Invalid {
    /// The key with its section, such as `sft.learning_rate`.
    pub key: String,
    /// What is wrong, to be read after the key.
    pub reason: String,
    /// What to do.
    pub hint: String,
}

impl Invalid {
    /// A key that breaks a rule.
    pub fn new(key: impl Into<String>, reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { key: key.into(), reason: reason.into(), hint: hint.into() }
    }

    /// Refuses a value that is not within the range.
    ///
    /// # Errors
    /// The key, its value and the range.
    pub fn unless_within<T>(key: &str, value: T, range: std::ops::RangeInclusive<T>) -> Result<(), Self>
    where
        T: Copy + PartialOrd + std::fmt::Display,
    {
        if range.contains(&value) {
            return Ok(());
        }
        let reason = format!("= {value} is out of range");
        Err(Self::new(key, reason, format!("allowed is {} to {}", range.start(), range.end())))
    }
}

impl From<DataError> for Invalid {
    fn from(error: DataError) -> Self {
        match error {
            DataError::Recipe { key, value, allowed } => {
                Self::new(format!("data.{key}"), format!("= {value}"), allowed)
            }
            other => Self::new("data", other.to_string(), "see above"),
        }
    }
}

impl From<teach::Error> for Invalid {
    fn from(error: teach::Error) -> Self {
        match error {
            teach::Error::Settings { key, reason, hint } => Self::new(key, format!(": {reason}"), hint),
            other => Self::new("teach", other.to_string(), "see above"),
        }
    }
}

impl From<EvalError> for Invalid {
    fn from(error: EvalError) -> Self {
        match error {
            EvalError::Setting { key, value, allowed } => Self::new(key, format!("= {value}"), allowed),
            other => Self::new("eval", other.to_string(), "see above"),
        }
    }
}

impl Problem {
    /// What the TOML reader found; an unknown key is given its nearest neighbour.
    pub(super) fn toml(path: &Path, text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.get(..start).unwrap_or(text).matches('\n').count() + 1;
        let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
        let (what, hint) = words(&message);
        Self::Place { path: path.to_owned(), line, what, hint }
    }

    /// A key that breaks a rule, with the line it stands on, or its section, or the first.
    pub(super) fn invalid(path: &Path, text: &str, invalid: &Invalid) -> Self {
        let what = format!("{} {}", invalid.key, invalid.reason);
        Self::Place { path: path.to_owned(), line: line_of(text, &invalid.key), what, hint: invalid.hint.clone() }
    }
}

/// The reader's message, and what to do about it.
fn words(message: &str) -> (String, String) {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match quoted.split_first() {
        Some((unknown, known)) if message.starts_with("unknown field") => {
            let nearest = known
                .iter()
                .map(|key| (strsim::damerau_levenshtein(unknown, key), key))
                .min()
                .filter(|(distance, key)| *distance <= key.len().max(unknown.len()) / 2);
            let hint = match nearest {
                Some((_, key)) => format!("did you mean '{key}'?"),
                None => format!("known here: {}", known.join(", ")),
            };
            (format!("unknown key '{unknown}'"), hint)
        }
        Some((missing, _)) if message.starts_with("missing field") => {
            (format!("the key '{missing}' is missing"), "add it; models/README.md shows every key".to_owned())
        }
        _ if message.contains("; hint: ") => {
            let (what, hint) = message.split_once("; hint: ").unwrap_or((message, ""));
            (what.to_owned(), hint.to_owned())
        }
        _ => (message.to_owned(), "models/README.md shows every key with its values".to_owned()),
    }
}

/// The line of `section.key`, from 1.
fn line_of(text: &str, key: &str) -> usize {
    let (section, key) = key.rsplit_once('.').unwrap_or(("", key));
    let (mut here, mut best) = ("", 1);
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            here = name.trim();
            if here == section {
                best = number;
            }
        } else if here == section && line.split('=').next().is_some_and(|name| name.trim() == key) {
            return number;
        }
    }
    best
}
