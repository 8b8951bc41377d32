//! What each program is told: one JSON object, checked by the program key by key.

use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::training::{Base, BaseKind, Sft, Tokenizer};

/// The settings of one run of one program.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Settings {
    schema: &'static str,
    /// Where it writes.
    pub out: PathBuf,
    /// Where it says how it goes.
    pub events: PathBuf,
    #[serde(flatten)]
    task: Task,
}

impl Settings {
    /// A task's settings, with its output and events in a folder.
    pub fn new(out: PathBuf, task: Task) -> Self {
        let events = out.join(format!("{}.events.jsonl", task.name()));
        Self { schema: "vachak.kit/1", out, events, task }
    }

    /// The program's name.
    pub fn task(&self) -> &'static str {
        self.task.name()
    }
}

/// A program with its own settings.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Task {
    /// Learns a byte-level BPE tokenizer.
    Tokenizer(TokenizerTask),
    /// Trains a model or an adapter.
    Sft(Box<SftTask>),
    /// Puts an adapter into its base.
    Merge {
        /// The base.
        base: BaseSettings,
        /// The adapter's folder.
        adapter: PathBuf,
    },
    /// Converts a model to GGUF.
    ToGguf {
        /// The model's folder.
        model: PathBuf,
        /// `f16`, `f32` or `bf16`.
        r#type: &'static str,
        /// Keys of the file's description; texts all.
        metadata: Map<String, Value>,
        /// The name of the way text is cut, for a tokenizer of our own.
        pre_tokenizer: Option<String>,
    },
    /// Fills or checks the ids of the prompt contract.
    Contract {
        /// The contract.
        contract: PathBuf,
        /// The tokenizer's folder.
        tokenizer: PathBuf,
        /// Whether the ids are written; else they are compared.
        fill: bool,
    },
}

impl Task {
    fn name(&self) -> &'static str {
        match self {
            Self::Tokenizer(_) => "tokenizer",
            Self::Sft(_) => "sft",
            Self::Merge { .. } => "merge",
            Self::ToGguf { .. } => "to_gguf",
            Self::Contract { .. } => "contract",
        }
    }
}

/// Settings of the tokenizer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TokenizerTask {
    /// Rows to learn from.
    pub rows: PathBuf,
    /// Texts that are one token each and print as text.
    pub slots: Vec<String>,
    /// Vocabulary, sample, pre-tokenizer.
    #[serde(flatten)]
    pub section: Tokenizer,
}

/// Settings of training.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SftTask {
    /// Rows to learn from and to watch.
    pub rows: Rows,
    /// The text that ends every completion.
    pub end_of_turn: String,
    /// The model.
    pub base: BaseSettings,
    /// The seed.
    pub seed: u64,
    /// The section `[sft]`.
    #[serde(flatten)]
    pub section: Sft,
}

/// Rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rows {
    /// To learn from.
    pub train: PathBuf,
    /// To watch.
    pub valid: PathBuf,
}

/// A base as the programs want it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BaseSettings {
    #[serde(flatten)]
    section: Base,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokenizer: Option<PathBuf>,
}

impl BaseSettings {
    /// The section `[base]`, with the folder of a new model's tokenizer, and a pretrained model's folder made absolute.
    pub fn new(base: &Base, tokenizer: PathBuf, root: &std::path::Path) -> Self {
        let mut section = base.clone();
        if let Some(model) = section.model.as_mut().filter(|model| root.join(model.as_str()).is_dir()) {
            *model = root.join(model.as_str()).display().to_string();
        }
        Self { section, tokenizer: (base.kind == BaseKind::Scratch).then_some(tokenizer) }
    }
}
