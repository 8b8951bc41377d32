//! What is made of the trained model: GGUF files with smaller weights.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use strum::{Display, VariantArray};

use super::Invalid;

/// Which files are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quantize {
    /// One file each.
    pub types: Vec<WeightType>,
    /// Whether the weights that our own prompts use most are kept most exactly.
    pub imatrix: bool,
    /// The one that is judged and shipped; one of `types`.
    pub ship: WeightType,
    /// Rows held out of training on which each file's perplexity is measured; 0 measures none.
    pub perplexity_rows: u32,
}

impl Default for Quantize {
    fn default() -> Self {
        Self { types: vec![WeightType::Q8_0], imatrix: false, ship: WeightType::Q8_0, perplexity_rows: 500 }
    }
}

/// How weights are stored.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Display, VariantArray, ValueEnum,
)]
#[allow(non_camel_case_types, reason = "llama.cpp's own names")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum WeightType {
    /// 16 bits: not quantised.
    #[serde(rename = "f16")]
    #[strum(serialize = "f16")]
    #[value(name = "f16")]
    F16,
    /// 8.5 bits.
    #[serde(rename = "q8_0")]
    #[strum(serialize = "q8_0")]
    #[value(name = "q8_0")]
    Q8_0,
    /// 6.6 bits.
    #[serde(rename = "q6_k")]
    #[strum(serialize = "q6_k")]
    #[value(name = "q6_k")]
    Q6K,
    /// About 5.7 bits.
    #[serde(rename = "q5_k_m")]
    #[strum(serialize = "q5_k_m")]
    #[value(name = "q5_k_m")]
    Q5KM,
    /// About 4.8 bits.
    #[serde(rename = "q4_k_m")]
    #[strum(serialize = "q4_k_m")]
    #[value(name = "q4_k_m")]
    Q4KM,
    /// 4.5 bits; quick on every processor, and in any width that 32 divides.
    #[serde(rename = "q4_0")]
    #[strum(serialize = "q4_0")]
    #[value(name = "q4_0")]
    Q4_0,
    /// 4.5 bits, not evenly spaced.
    #[serde(rename = "iq4_nl")]
    #[strum(serialize = "iq4_nl")]
    #[value(name = "iq4_nl")]
    Iq4Nl,
}

impl Quantize {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        if self.types.is_empty() {
            return Err(Invalid::new("quantize.types", "is empty", "name at least one, such as \"q8_0\""));
        }
        let mut seen = self.types.clone();
        seen.sort();
        if let Some([twice, ..]) = seen.windows(2).find(|two| matches!(two, [one, other] if one == other)) {
            return Err(Invalid::new("quantize.types", format!("names {twice} twice"), "name each once"));
        }
        if !self.types.contains(&self.ship) {
            let reason = format!("= '{}' is not among quantize.types", self.ship);
            return Err(Invalid::new("quantize.ship", reason, "add it there, or ship another"));
        }
        Invalid::unless_within("quantize.perplexity_rows", self.perplexity_rows, 0..=1_000_000)
    }
}
