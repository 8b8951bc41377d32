//! Rows to measure on.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read},
    path::Path,
};

use serde::Deserialize;

use super::QuantizeError;

/// A prompt, and the completion with its end of turn.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Pair {
    /// What the model reads.
    pub prompt: String,
    /// What it should write.
    pub completion: String,
}

/// The first rows of a file, `.jsonl` or `.jsonl.zst`.
pub(super) fn read(path: &Path, most: usize, end_of_turn: &str) -> Result<Vec<Pair>, QuantizeError> {
    let failed = |reason: String| QuantizeError::Rows { path: path.to_owned(), reason };
    let file = File::open(path).map_err(|error| failed(error.to_string()))?;
    let source: Box<dyn Read> = if path.extension().is_some_and(|ending| ending == "zst") {
        Box::new(zstd::Decoder::new(file).map_err(|error| failed(error.to_string()))?)
    } else {
        Box::new(file)
    };
    let mut pairs = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(source).lines().take(most)) {
        let line = line.map_err(|error| failed(format!("line {number}: {error}")))?;
        let mut pair: Pair = serde_json::from_str(&line).map_err(|error| failed(format!("line {number}: {error}")))?;
        if pair.completion.is_empty() {
            return Err(failed(format!("line {number} has no completion")));
        }
        pair.completion.push_str(end_of_turn);
        pairs.push(pair);
    }
    Ok(pairs)
}
