//! A named training: `models/<name>/training.toml`, everything a run needs. Read strictly: an unknown key, a value out
//! of range or a wrong schema is an error with file and line.
//!
//! - `base`, `sft`, `quantize` the settings of the stages of the same names, those of the other stages are the rooms'
//!   own ([`Recipe`], [`Teaching`], [`Evaluation`]); `problem` what is wrong with a file, in words; `find` where trainings
//!   lie.

mod base;
mod find;
mod problem;
mod quantize;
mod sft;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{data::recipe::Recipe, eval::Evaluation, teach::Teaching};

pub use base::{Architecture, Base, BaseKind, Tokenizer};
pub use find::{Models, Named};
pub use problem::{Invalid, Problem};
pub use quantize::{Quantize, WeightType};
pub use sft::{Lora, Method, Precision, Schedule, Sft};

/// The schema that this program reads.
pub const SCHEMA: &str = "vachak.training/1";

/// A named training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Its name: that of its folder, of its run's folder and of the files that come of it.
    pub name: String,
    /// What the model is to do.
    pub task: Task,
    /// A sentence for lists.
    pub description: String,
    /// Everything random follows from it.
    pub seed: u64,
    /// Which rows to make, from which matches.
    pub data: Recipe,
    /// Who writes their lines.
    #[serde(default)]
    pub teach: Teaching,
    /// The model that is trained.
    pub base: Base,
    /// The tokenizer of a model from scratch.
    #[serde(default)]
    pub tokenizer: Tokenizer,
    /// How it is trained.
    pub sft: Sft,
    /// What is made of it.
    #[serde(default)]
    pub quantize: Quantize,
    /// What it is measured on, and what it must reach.
    #[serde(default)]
    pub eval: Evaluation,
}

/// What a model is trained for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// A moment of a match in, a line of commentary out.
    Commentary,
}

impl Training {
    /// Reads and checks a training of this name.
    ///
    /// # Errors
    /// The first thing that is wrong, with file and line.
    pub fn read(path: &Path, name: &str) -> Result<Self, Problem> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Problem::File { path: path.to_owned(), reason: error.to_string() })?;
        let training = Self::parse(&text, path)?;
        if training.name != name {
            let reason = format!("is '{}', its folder '{name}'", training.name);
            return Err(Problem::invalid(path, &text, &Invalid::new("name", reason, "give both one name")));
        }
        Ok(training)
    }

    /// Reads and checks a training; `path` names it in errors.
    ///
    /// # Errors
    /// The first thing that is wrong, with file and line.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Problem> {
        let training: Self = toml::from_str(text).map_err(|error| Problem::toml(path, text, &error))?;
        training.validate().map_err(|invalid| Problem::invalid(path, text, &invalid))?;
        Ok(training)
    }

    /// Rules that the types do not carry: ranges, and keys that belong together.
    ///
    /// # Errors
    /// The key that breaks one.
    pub fn validate(&self) -> Result<(), Invalid> {
        if self.schema != SCHEMA {
            let reason = format!("'{}' is not '{SCHEMA}'", self.schema);
            return Err(Invalid::new("schema", reason, "this program reads that schema only"));
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || !self.name.chars().all(plain) || self.name.starts_with('-') {
            let reason = format!("'{}' cannot name files", self.name);
            return Err(Invalid::new("name", reason, "take small letters, digits and hyphens"));
        }
        self.data.validate()?;
        self.teach.validate()?;
        self.base.validate()?;
        self.tokenizer.validate()?;
        self.sft.validate()?;
        self.quantize.validate()?;
        self.eval.validate()?;
        self.together()
    }

    /// Rules that span sections.
    fn together(&self) -> Result<(), Invalid> {
        let scratch = self.base.kind == BaseKind::Scratch;
        if scratch && self.sft.method != Method::Full {
            let reason = "an adapter needs a model that can do something already".to_owned();
            return Err(Invalid::new("sft.method", reason, "take \"full\" for a model from scratch"));
        }
        if let Some(context) = self.base.context.filter(|_| scratch)
            && self.sft.max_length > context
        {
            let reason = format!("{} tokens do not fit base.context = {context}", self.sft.max_length);
            return Err(Invalid::new("sft.max_length", reason, "lower it, or raise base.context"));
        }
        Ok(())
    }
}
