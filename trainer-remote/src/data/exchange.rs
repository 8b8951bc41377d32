//! Rows of other people, and rows for them: the schema of instruction, input and output, and bare prompt and completion.
//!
//! | their field | ours |
//! |---|---|
//! | `instruction` | the kind of line: `Say the call of this moment.`; a text of another make stands before the event and context in the prompt |
//! | `input.event` | `event` |
//! | `input.context` | `prompt`: the final bytes |
//! | `input.persona` | `persona` |
//! | `output` | `completion` |
//!
//! What has no place on their side gets these values on ours: match `imported`, key `n` and its number in the file from
//! 1, layout as the caller says, the prompt version of this build, empty format, pressure, season and series, no swap.
//! An instruction of another make is laid out as one ChatML turn of the user, whatever the caller says.

use std::{
    fs,
    path::{Path, PathBuf},
};

use commentary::{ChatTemplate, Layout, LineKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    DataError,
    rows::{self, Lines, RowReader, Writer},
};
use crate::row::Row;

/// A row as the schema of instruction, input and output has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What to do, in words.
    pub instruction: String,
    /// Of what.
    pub input: Input,
    /// What it should bring.
    pub output: String,
}

/// What an [`Example`] is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// What happened; text or an object.
    pub event: Value,
    /// Around it; text or an object.
    #[serde(default)]
    pub context: Value,
    /// Whose line.
    pub persona: String,
}

/// A bare pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// What the model reads.
    pub prompt: String,
    /// What it should write.
    pub completion: String,
}

/// All kinds of line, for reading instructions.
const KINDS: [LineKind; 7] = [
    LineKind::Call,
    LineKind::Colour,
    LineKind::Over,
    LineKind::Innings,
    LineKind::Stat,
    LineKind::Status,
    LineKind::Correction,
];

fn instruction(kind: LineKind) -> String {
    format!("Say the {} of this moment.", kind.name())
}

impl From<&Row> for Example {
    fn from(row: &Row) -> Self {
        Self {
            instruction: instruction(row.kind),
            input: Input {
                event: Value::String(row.event.clone()),
                context: Value::String(row.prompt.clone()),
                persona: row.persona.clone(),
            },
            output: row.completion.clone(),
        }
    }
}

impl Example {
    /// The row that the example makes; `number` is its place in the file, from 1.
    pub fn into_row(self, number: u64, layout: Layout) -> Row {
        let (event, context) = (text(self.input.event), text(self.input.context));
        let ours = KINDS.into_iter().find(|kind| instruction(*kind) == self.instruction);
        let (kind, layout, prompt) = if let Some(kind) = ours {
            (kind, layout, context)
        } else {
            let told = format!("{}\npersona {}\nevent {event}\n{context}", self.instruction, self.input.persona);
            let prompt = format!("<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n", told.trim_end());
            (LineKind::Call, Layout::Chat(ChatTemplate::ChatMl), prompt)
        };
        let mut row = Row {
            id: String::new(),
            match_id: "imported".to_owned(),
            key: format!("n{number}"),
            persona: self.input.persona,
            kind,
            layout,
            prompt_version: layout.version(),
            event,
            format: String::new(),
            pressure: String::new(),
            season: String::new(),
            series: String::new(),
            swap: None,
            prompt,
            completion: self.output,
        };
        row.id = rows::id(&row);
        row
    }
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Writes a row file's rows as examples: a JSON array where `to` ends in `.json`, else JSON Lines. Returns how many.
///
/// # Errors
/// [`DataError`] of reading and writing.
pub fn export_examples(from: &Path, to: &Path) -> Result<u64, DataError> {
    let rows = RowReader::open(from)?.map(|row| row.map(|row| Example::from(&row)));
    if to.extension().is_none_or(|ending| ending != "json") {
        return lines(rows, to);
    }
    let examples: Vec<Example> = rows.collect::<Result<_, _>>()?;
    rows::write_json(to, &examples, "nothing")?;
    Ok(examples.len() as u64)
}

/// Writes a row file's prompts and completions and nothing else, as JSON Lines. Returns how many.
///
/// # Errors
/// [`DataError`] of reading and writing.
pub fn export_pairs(from: &Path, to: &Path) -> Result<u64, DataError> {
    let rows = RowReader::open(from)?;
    lines(rows.map(|row| row.map(|row| Pair { prompt: row.prompt, completion: row.completion })), to)
}

/// Reads examples, a JSON array (`.json`) or JSON Lines, and writes them as rows. Returns how many.
///
/// # Errors
/// [`DataError`] of reading and writing; an example that is none is named with its line, or its place in the array.
pub fn import_examples(from: &Path, to: &Path, layout: Layout) -> Result<u64, DataError> {
    if from.extension().is_none_or(|ending| ending != "json") {
        let examples = Lines::<Example>::open(from)?;
        let rows = examples.zip(1..).map(|(example, number)| example.map(|example| example.into_row(number, layout)));
        return lines(rows, to);
    }
    let bytes = fs::read(from).map_err(DataError::read(from))?;
    let wrong = |path: PathBuf, line: u64, reason: String| DataError::Line {
        path,
        line,
        reason,
        hint: "a JSON array of {\"instruction\", \"input\": {\"event\", \"context\", \"persona\"}, \"output\"} is expected",
    };
    let mut json = serde_json::Deserializer::from_slice(&bytes);
    let examples: Vec<Example> = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let reason = format!("at {}: {}", error.path(), error.inner());
        wrong(from.to_owned(), error.inner().line() as u64, reason)
    })?;
    lines(examples.into_iter().zip(1..).map(|(example, number)| Ok(example.into_row(number, layout))), to)
}

fn lines<T: Serialize>(rows: impl Iterator<Item = Result<T, DataError>>, to: &Path) -> Result<u64, DataError> {
    let mut writer = Writer::create(to, "nothing")?;
    let mut count = 0;
    for row in rows {
        writer.add(&row?)?;
        count += 1;
    }
    writer.finish()?;
    Ok(count)
}
