//! Supervised training: prompt in, the teacher's line out.

use serde::{Deserialize, Serialize};

use super::Invalid;

/// How the model is trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sft {
    /// What is trained.
    pub method: Method,
    /// The adapter's shape, for `lora` and `qlora`.
    pub lora: Lora,
    /// Highest learning rate, above 0 and at most 0.1.
    pub learning_rate: f64,
    /// How the learning rate falls.
    pub schedule: Schedule,
    /// Share of the steps in which it rises first, 0 to 0.5.
    pub warmup: f64,
    /// How often each row is seen, above 0 and at most 1,000.
    pub epochs: f64,
    /// Ends training after this many steps, whatever `epochs` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_steps: Option<u64>,
    /// Rows a pass, 1 to 4,096.
    pub batch: u32,
    /// Passes a step, 1 to 1,024.
    pub accumulate: u32,
    /// Weight decay, 0 to 1.
    pub weight_decay: f64,
    /// Tokens of prompt and line; longer rows are left out. 16 to 131,072.
    pub max_length: u32,
    /// The precision of training.
    pub precision: Precision,
    /// Steps between two checkpoints.
    pub save_steps: u32,
    /// How many checkpoints stay, 1 to 100.
    pub keep: u32,
    /// Steps between two looks at the validation rows; only at the end where none is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eval_steps: Option<u32>,
    /// Threads of the processor; as many as there are where none is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<u32>,
    /// Whether layers are compiled first: minutes at the start, quicker steps.
    pub compile: bool,
}

impl Default for Sft {
    fn default() -> Self {
        Self {
            method: Method::Full,
            lora: Lora::default(),
            learning_rate: 2e-4,
            schedule: Schedule::Cosine,
            warmup: 0.03,
            epochs: 1.0,
            max_steps: None,
            batch: 16,
            accumulate: 1,
            weight_decay: 0.0,
            max_length: 512,
            precision: Precision::Auto,
            save_steps: 500,
            keep: 2,
            eval_steps: None,
            threads: None,
            compile: false,
        }
    }
}

/// What is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Every weight.
    Full,
    /// An adapter beside the weights.
    Lora,
    /// The same over weights in 4 bits; needs a GPU.
    Qlora,
}

/// The adapter's shape.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lora {
    /// Rank, 1 to 1,024.
    pub r: u32,
    /// Scale over rank, 1 to 4,096.
    pub alpha: u32,
    /// Dropout, 0 to 0.9.
    pub dropout: f64,
}

impl Default for Lora {
    fn default() -> Self {
        Self { r: 16, alpha: 32, dropout: 0.0 }
    }
}

/// How the learning rate falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// Along a cosine, to nothing.
    Cosine,
    /// In a straight line, to nothing.
    Linear,
    /// Not at all.
    Constant,
}

/// The precision of training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// bfloat16 where a GPU does it, else float32.
    Auto,
    /// 32 bits.
    Float32,
    /// 16 bits with float32's range.
    Bfloat16,
}

impl Sft {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        let within = Invalid::unless_within::<f64>;
        within("sft.learning_rate", self.learning_rate, 1e-9..=0.1)?;
        within("sft.warmup", self.warmup, 0.0..=0.5)?;
        within("sft.epochs", self.epochs, 1e-6..=1000.0)?;
        within("sft.weight_decay", self.weight_decay, 0.0..=1.0)?;
        within("sft.lora.dropout", self.lora.dropout, 0.0..=0.9)?;
        let within = Invalid::unless_within::<u32>;
        within("sft.batch", self.batch, 1..=4096)?;
        within("sft.accumulate", self.accumulate, 1..=1024)?;
        within("sft.max_length", self.max_length, 16..=131_072)?;
        within("sft.save_steps", self.save_steps, 1..=u32::MAX)?;
        within("sft.keep", self.keep, 1..=100)?;
        within("sft.eval_steps", self.eval_steps.unwrap_or(1), 1..=u32::MAX)?;
        within("sft.threads", self.threads.unwrap_or(1), 1..=1024)?;
        within("sft.lora.r", self.lora.r, 1..=1024)?;
        within("sft.lora.alpha", self.lora.alpha, 1..=4096)?;
        Invalid::unless_within("sft.max_steps", self.max_steps.unwrap_or(1), 1..=u64::MAX)
    }
}
