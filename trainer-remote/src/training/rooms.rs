//! Settings of the rooms that make rows, teach and evaluate.

use std::collections::BTreeMap;

use commentary::{Layout, LineKind};
use serde::{Deserialize, Serialize};

use super::Invalid;

/// Which rows are made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Matches in Cricsheet's JSON: a file, a folder, or a `.tar.zst` of them; relative to the repository.
    pub source: String,
    /// How prompts are laid out.
    pub layout: Layout,
    /// Whose lines.
    pub personas: Vec<String>,
    /// What kinds of line.
    pub kinds: Vec<LineKind>,
    /// Rows wanted in all.
    pub rows: u64,
    /// At most this share of rows are plain dots, 0 to 1.
    #[serde(default = "fifth")]
    pub dots: f64,
    /// At most this share of rows are plain singles, 0 to 1.
    #[serde(default = "fifth")]
    pub singles: f64,
    /// Weight of events rarer than one ball in a hundred, 1 to 1,000.
    #[serde(default = "rare")]
    pub rare: f64,
    /// Share of rows by format; as they come where empty.
    #[serde(default)]
    pub formats: BTreeMap<String, f64>,
    /// Whether names are swapped, so that facts must come from the prompt.
    #[serde(default = "yes")]
    pub swap_names: bool,
    /// Whether small numbers are swapped.
    #[serde(default = "yes")]
    pub swap_numbers: bool,
    /// What is held out.
    #[serde(default)]
    pub split: Split,
}

fn fifth() -> f64 {
    0.2
}

fn rare() -> f64 {
    4.0
}

fn yes() -> bool {
    true
}

/// What is held out of training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Split {
    /// Share of series for validation, 0 to 0.5.
    pub valid: f64,
    /// The newest so many seasons are the test.
    pub test_seasons: u32,
}

impl Default for Split {
    fn default() -> Self {
        Self { valid: 0.02, test_seasons: 1 }
    }
}

impl Data {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        for (key, empty) in [
            ("data.source", self.source.is_empty()),
            ("data.personas", self.personas.is_empty()),
            ("data.kinds", self.kinds.is_empty()),
        ] {
            if empty {
                return Err(Invalid::new(key, "is empty", "name at least one"));
            }
        }
        Invalid::unless_within("data.rows", self.rows, 1..=1_000_000_000)?;
        Invalid::unless_within("data.dots", self.dots, 0.0..=1.0)?;
        Invalid::unless_within("data.singles", self.singles, 0.0..=1.0)?;
        Invalid::unless_within("data.rare", self.rare, 1.0..=1000.0)?;
        Invalid::unless_within("data.split.valid", self.split.valid, 0.0..=0.5)
    }
}

/// Who writes the lines that the model learns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Teach {
    /// Who.
    pub teacher: Teacher,
    /// Phrasebook: share of lines composed of two sayings where the length allows, 0 to 1.
    pub joined: f64,
    /// Lines a prompt, 1 to 100.
    pub variants: u32,
}

impl Default for Teach {
    fn default() -> Self {
        Self { teacher: Teacher::Phrasebook, joined: 0.3, variants: 1 }
    }
}

/// Who can teach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Teacher {
    /// The built-in phrasebooks; offline and free.
    Phrasebook,
    /// A model on an Ollama server.
    Ollama,
    /// A model behind an OpenAI-compatible interface.
    Openai,
    /// A model behind Anthropic's interface.
    Anthropic,
}

impl Teach {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        Invalid::unless_within("teach.joined", self.joined, 0.0..=1.0)?;
        Invalid::unless_within("teach.variants", self.variants, 1..=100)
    }
}

/// What the model is measured on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Eval {
    /// Balls in all, 1 to 1,000,000.
    pub balls: u32,
    /// Matches they come from, at least.
    pub matches: u32,
    /// Whose lines; those of `[data]` where empty.
    pub personas: Vec<String>,
    /// What kinds; those of `[data]` where empty.
    pub kinds: Vec<LineKind>,
}

impl Default for Eval {
    fn default() -> Self {
        Self { balls: 1000, matches: 40, personas: Vec::new(), kinds: Vec::new() }
    }
}

impl Eval {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        Invalid::unless_within("eval.balls", self.balls, 1..=1_000_000)?;
        Invalid::unless_within("eval.matches", self.matches, 1..=self.balls)
    }
}

/// What a model must reach to be shipped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gates {
    /// Share of lines that the checker lets on air, 0 to 1.
    pub fact_clean: f64,
    /// Share of replies in the layout's form, 0 to 1.
    pub format_clean: f64,
    /// Share of lines that name the most telling event, 0 to 1.
    pub key_event: f64,
    /// Share of lines that a classifier gives to the right persona, 0 to 1.
    pub persona: f64,
    /// 95th percentile of the time a line takes here, ms.
    pub line_ms_p95: f64,
}

impl Default for Gates {
    fn default() -> Self {
        Self { fact_clean: 0.99, format_clean: 0.995, key_event: 0.99, persona: 0.9, line_ms_p95: 60.0 }
    }
}

impl Gates {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        for (key, share) in [
            ("gates.fact_clean", self.fact_clean),
            ("gates.format_clean", self.format_clean),
            ("gates.key_event", self.key_event),
            ("gates.persona", self.persona),
        ] {
            Invalid::unless_within(key, share, 0.0..=1.0)?;
        }
        Invalid::unless_within("gates.line_ms_p95", self.line_ms_p95, 0.001..=1e7)
    }
}
