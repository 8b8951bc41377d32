//! What is wrong with a configuration: where, which key, which value, what is allowed.

use std::{fmt::Write as _, ops::Range, path::PathBuf};

/// A configuration that cannot be used. The program ends with code 78.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("configuration {}: {reason}; hint: check the path, and that this user may read it", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// A place in the file is wrong.
    #[error("configuration {}, line {line}: {what}", path.display())]
    Place {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// Key, value, and what is allowed.
        what: String,
    },
    /// An environment variable or a flag is wrong.
    #[error("configuration, {origin}: {what}")]
    Origin {
        /// The variable, or the flag, as the user wrote it.
        origin: String,
        /// What is wrong with it and what is allowed.
        what: String,
    },
    /// A value that is well formed and still cannot be used.
    #[error("configuration, {key} = {value:?}: {reason}; hint: {hint}")]
    Value {
        /// The key, such as `booth.personas`.
        key: String,
        /// Its value.
        value: String,
        /// What is wrong.
        reason: String,
        /// What to do.
        hint: String,
    },
}

impl ConfigError {
    /// A value that cannot be used.
    pub fn value(
        key: impl Into<String>,
        value: impl Into<String>,
        reason: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::Value { key: key.into(), value: value.into(), reason: reason.into(), hint: hint.into() }
    }

    /// What the TOML reader found, in our words.
    pub(super) fn toml(path: PathBuf, text: &str, error: &toml::de::Error) -> Self {
        let Some(span) = error.span() else {
            return Self::File { path, reason: one_line(error.message()) };
        };
        let (line, what) = describe(text, span, error.message());
        Self::Place { path, line, what }
    }
}

/// Line number, and key, value and message of the place that a span points at.
pub(super) fn describe(text: &str, span: Range<usize>, message: &str) -> (usize, String) {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let whole = text.lines().nth(line - 1).unwrap_or_default();
    let section = text
        .lines()
        .take(line)
        .filter_map(|line| line.trim().strip_prefix('[')?.split(']').next())
        .last()
        .unwrap_or_default();
    let mut what = String::new();
    if let Some((key, value)) = whole.split_once('=').filter(|_| !whole.trim_start().starts_with('[')) {
        let dot = if section.is_empty() { "" } else { "." };
        // A secret's value is not repeated, whatever is wrong with it.
        let value = if is_secret_key(key.trim()) { "***" } else { value.trim() };
        let _ = write!(what, "{section}{dot}{} = {value}: ", key.trim());
    } else {
        let _ = write!(what, "{}: ", whole.trim());
    }
    what.push_str(&one_line(message));
    (line, what)
}

/// Whether a key holds a secret.
pub(super) fn is_secret_key(key: &str) -> bool {
    matches!(key, "password" | "api_key")
}

/// A message without line breaks.
pub(super) fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
