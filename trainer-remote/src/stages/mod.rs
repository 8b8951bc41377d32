//! The stages of a run, in order: prepare, teach, report, tokenizer, sft, merge, gguf, quantize, eval.
//!
//! Each has one small file here that says what it takes ([`Inputs`]) and calls the room that does the work. `plan`
//! decides which would run and why; `runner` runs them, under the run's lock, and keeps the manifest. A stage whose inputs
//! hash to what they were, and whose outputs are as it left them, is not run again.
//!
//! Later stages (`prefer`, `dpo` between `sft` and `merge`; `deploy` after `eval`) join [`Stage`] and get a file like the
//! others. Other machines join below the stages, as another way for [`Kit`](crate::kit::Kit) to run a program: what a
//! program takes and says are files already.

mod context;
mod error;
mod eval;
mod gguf;
mod merge;
mod plan;
mod prepare;
mod quantize;
mod report;
mod runner;
mod sft;
mod teach;
mod tokenizer;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

pub use context::{Context, Done, Gather};
pub use error::StageError;
pub use plan::{Decision, Plan, Planned, plan};
pub use runner::{Choice, Runner, RunnerSettings};
pub use teach::price;

use crate::{
    run::Inputs,
    training::{BaseKind, Method, Training},
};

/// A stage.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Stage {
    /// Rows from matches: prompts.
    Prepare,
    /// Their completions, from a teacher.
    Teach,
    /// What the rows are like, for people.
    Report,
    /// The tokenizer of a model from scratch.
    Tokenizer,
    /// Training.
    Sft,
    /// The adapter into its base.
    Merge,
    /// The model as a GGUF file, held against the prompt contract.
    Gguf,
    /// Smaller GGUF files.
    Quantize,
    /// What the shipped file is worth.
    Eval,
}

impl Stage {
    /// All, in order.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// Its name, which is its folder's too.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The stages whose outputs it takes.
    pub fn after(self) -> &'static [Self] {
        match self {
            Self::Prepare => &[],
            Self::Teach => &[Self::Prepare],
            Self::Report | Self::Tokenizer => &[Self::Teach],
            Self::Sft => &[Self::Teach, Self::Tokenizer],
            Self::Merge => &[Self::Sft],
            Self::Gguf => &[Self::Teach, Self::Sft, Self::Merge],
            Self::Quantize => &[Self::Teach, Self::Gguf],
            Self::Eval => &[Self::Prepare, Self::Quantize],
        }
    }

    /// Why this training does without it; `None` when it does not.
    pub fn not_needed(self, training: &Training) -> Option<&'static str> {
        match self {
            Self::Tokenizer if training.base.kind == BaseKind::Pretrained => Some("the base brings its own"),
            Self::Merge if training.sft.method == Method::Full => Some("full training makes a whole model"),
            _ => None,
        }
    }

    /// Everything that its outputs depend on.
    fn inputs(self, context: &Context) -> Result<Inputs, StageError> {
        match self {
            Self::Prepare => prepare::inputs(context),
            Self::Teach => teach::inputs(context),
            Self::Report => report::inputs(context),
            Self::Tokenizer => tokenizer::inputs(context),
            Self::Sft => sft::inputs(context),
            Self::Merge => merge::inputs(context),
            Self::Gguf => gguf::inputs(context),
            Self::Quantize => quantize::inputs(context),
            Self::Eval => eval::inputs(context),
        }
    }

    /// Does it.
    fn run(self, context: &Context) -> Result<Done, StageError> {
        match self {
            Self::Prepare => prepare::run(context),
            Self::Teach => teach::run(context),
            Self::Report => report::run(context),
            Self::Tokenizer => tokenizer::run(context),
            Self::Sft => sft::run(context),
            Self::Merge => merge::run(context),
            Self::Gguf => gguf::run(context),
            Self::Quantize => quantize::run(context),
            Self::Eval => eval::run(context),
        }
    }
}
