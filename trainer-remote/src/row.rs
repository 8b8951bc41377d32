//! One row of training data, in the form that all stages share: JSON Lines, one object a line.

use commentary::{Layout, LineKind};
use serde::{Deserialize, Serialize};

/// A prompt, and the completion that it should bring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Identity: the first 16 hex digits of the SHA-256 over match, key, persona, kind, layout and prompt.
    pub id: String,
    /// The match; its file's name without ending.
    pub match_id: String,
    /// The key of the ball, such as `i2.o15.d3`.
    pub key: String,
    /// Whose line.
    pub persona: String,
    /// What kind of line.
    pub kind: LineKind,
    /// How the prompt is laid out.
    pub layout: Layout,
    /// The renderer's version.
    pub prompt_version: u32,
    /// The most telling event of the moment, such as `caught`.
    pub event: String,
    /// The match's format as its file says, such as `T20`.
    pub format: String,
    /// The reading's pressure label, such as `tense`.
    pub pressure: String,
    /// The season as its file says, such as `2023/24`.
    pub season: String,
    /// The series or competition; empty where the file names none.
    pub series: String,
    /// Seed with which names and small numbers were swapped; `None` where they were not.
    pub swap: Option<u64>,
    /// What the model reads: final bytes, template applied.
    pub prompt: String,
    /// What it should write, without the end of turn; empty until a teacher has filled it.
    pub completion: String,
}
