//! Why a file was refused.

/// Why bytes are not a Cricsheet match. Who reads a file adds its name in front.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CricsheetError {
    /// Nothing there.
    #[error("the file is empty; hint: download it again from https://cricsheet.org/downloads/")]
    Empty,
    /// The file ends in the middle.
    #[error("the file ends in the middle, at line {line}, column {column}; hint: it was cut off, download it again")]
    CutOff {
        /// Line of the end, from 1.
        line: usize,
        /// Column of the end, from 1.
        column: usize,
    },
    /// Not JSON.
    #[error(
        "not JSON: {reason} (line {line}, column {column}); hint: a Cricsheet match is a .json file of https://cricsheet.org/downloads/ (not .yaml, .csv or .zip)"
    )]
    NotJson {
        /// What the JSON reader said.
        reason: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// JSON, but something else.
    #[error(
        "not a Cricsheet match: {reason}; hint: expected a JSON object with \"meta\", \"info\" and \"innings\", as described at https://cricsheet.org/format/json/"
    )]
    NotCricsheet {
        /// What is missing.
        reason: String,
    },
    /// A Cricsheet match with something in it that cannot be.
    #[error("{path}: {reason}{}; hint: compare with https://cricsheet.org/format/json/, or download the file again", at(*.line, *.column))]
    Field {
        /// JSON path, such as `innings[1].overs[3].deliveries[0].runs.batter`.
        path: String,
        /// What is wrong there.
        reason: String,
        /// Line, from 1; 0 where not known.
        line: usize,
        /// Column, from 1; 0 where not known.
        column: usize,
    },
}

fn at(line: usize, column: usize) -> String {
    if line == 0 { String::new() } else { format!(" (line {line}, column {column})") }
}

/// The message of a JSON error without its place.
pub(super) fn reason_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

impl CricsheetError {
    /// From an error of the JSON reader and the place in the document.
    pub(super) fn json(error: &serde_json::Error, path: &str) -> Self {
        let (line, column, reason) = (error.line(), error.column(), reason_of(error));
        match error.classify() {
            serde_json::error::Category::Eof => Self::CutOff { line, column },
            serde_json::error::Category::Data if path == "." => Self::NotCricsheet { reason },
            serde_json::error::Category::Data => Self::Field { path: path.to_owned(), reason, line, column },
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
                Self::NotJson { reason, line, column }
            }
        }
    }
}
