//! The model that is trained, and its tokenizer.

use serde::{Deserialize, Serialize};

use super::Invalid;

/// The model that training starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base {
    /// From scratch, or a model that exists. What follows belongs to one of the two.
    pub kind: BaseKind,
    /// Scratch: the family of its layers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<Architecture>,
    /// Scratch: width; a multiple of `heads` and of 32 (256, for the K quantisations).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<u32>,
    /// Scratch: layers, 1 to 128.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layers: Option<u32>,
    /// Scratch: attention heads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heads: Option<u32>,
    /// Scratch: heads of keys and values; divides `heads`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kv_heads: Option<u32>,
    /// Scratch: width of the feed-forward part; a multiple of 32.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feed_forward: Option<u32>,
    /// Scratch: tokens of prompt and line together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<u32>,
    /// Scratch: whether input and output share their embeddings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tied: Option<bool>,
    /// Pretrained: a folder, relative to the repository, or a hub's name such as `Qwen/Qwen2.5-0.5B-Instruct`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Pretrained, from a hub: the commit, so that the model cannot change under the training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
}

/// Where a model comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BaseKind {
    /// Made anew, with random weights and a tokenizer of its own.
    Scratch,
    /// Somebody's model.
    Pretrained,
}

/// A family of layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Architecture {
    /// Llama's.
    Llama,
    /// Qwen2's.
    Qwen2,
}

impl Base {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        match self.kind {
            BaseKind::Scratch => self.validate_shape(),
            BaseKind::Pretrained => {
                let shape = [
                    ("base.architecture", self.architecture.is_some()),
                    ("base.hidden", self.hidden.is_some()),
                    ("base.layers", self.layers.is_some()),
                    ("base.heads", self.heads.is_some()),
                    ("base.kv_heads", self.kv_heads.is_some()),
                    ("base.feed_forward", self.feed_forward.is_some()),
                    ("base.context", self.context.is_some()),
                    ("base.tied", self.tied.is_some()),
                ];
                if let Some((key, _)) = shape.iter().find(|(_, given)| *given) {
                    return Err(Invalid::new(*key, "is for a model from scratch", "leave it out"));
                }
                match self.model.as_deref() {
                    None | Some("") => Err(Invalid::new("base.model", "is missing", "name a folder or a hub's model")),
                    Some(_) => Ok(()),
                }
            }
        }
    }

    fn validate_shape(&self) -> Result<(), Invalid> {
        for (key, given) in [("base.model", self.model.is_some()), ("base.revision", self.revision.is_some())] {
            if given {
                return Err(Invalid::new(
                    key,
                    "is for a pretrained model",
                    "leave it out, or set kind = \"pretrained\"",
                ));
            }
        }
        if self.architecture.is_none() {
            return Err(Invalid::new("base.architecture", "is missing", "take \"llama\" or \"qwen2\""));
        }
        let within = |key: &str, value: Option<u32>, low, high| match value {
            None => Err(Invalid::new(key, "is missing", "a model from scratch needs it")),
            Some(value) => Invalid::unless_within(key, value, low..=high).map(|()| value),
        };
        let hidden = within("base.hidden", self.hidden, 32, 8192)?;
        within("base.layers", self.layers, 1, 128)?;
        let heads = within("base.heads", self.heads, 1, 128)?;
        let kv_heads = within("base.kv_heads", self.kv_heads, 1, 128)?;
        let feed_forward = within("base.feed_forward", self.feed_forward, 32, 65_536)?;
        within("base.context", self.context, 64, 131_072)?;
        for (key, value, of, why) in [
            ("base.hidden", hidden, 32, "quantised rows come in blocks of 32"),
            ("base.feed_forward", feed_forward, 32, "quantised rows come in blocks of 32"),
            ("base.hidden", hidden, heads * 2, "each head takes an even part of it"),
            ("base.heads", heads, kv_heads, "each of base.kv_heads serves as many"),
        ] {
            if !value.is_multiple_of(of) {
                return Err(Invalid::new(key, format!("= {value} is no multiple of {of}"), why));
            }
        }
        Ok(())
    }

    /// Parameters of a model from scratch with a vocabulary of this size; `None` for a pretrained one.
    pub fn parameters(&self, vocab: u32) -> Option<u64> {
        let [hidden, layers, heads, kv_heads, feed_forward] =
            [self.hidden?, self.layers?, self.heads?, self.kv_heads?, self.feed_forward?].map(u64::from);
        let attention = 2 * hidden * hidden + 2 * hidden * (hidden / heads.max(1) * kv_heads);
        let layer = attention + 3 * hidden * feed_forward + 2 * hidden;
        let tables = if self.tied.unwrap_or(true) { 1 } else { 2 };
        Some(layers * layer + tables * u64::from(vocab) * hidden + hidden)
    }
}

/// The tokenizer of a model from scratch: byte-level BPE, learned from the rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tokenizer {
    /// Tokens in all, 512 to 262,144.
    pub vocab: u32,
    /// How many rows to learn from; all where none is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_rows: Option<u64>,
    /// How text is cut before pairs are merged; a name that llama.cpp knows.
    pub pre_tokenizer: String,
}

impl Default for Tokenizer {
    fn default() -> Self {
        Self { vocab: 4096, sample_rows: None, pre_tokenizer: "qwen2".to_owned() }
    }
}

impl Tokenizer {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        Invalid::unless_within("tokenizer.vocab", self.vocab, 512..=262_144)?;
        if self.sample_rows == Some(0) {
            return Err(Invalid::new(
                "tokenizer.sample_rows",
                "= 0 leaves nothing to learn from",
                "leave it out for all",
            ));
        }
        if !["qwen2", "qwen35"].contains(&self.pre_tokenizer.as_str()) {
            let reason = format!("= '{}' is not known", self.pre_tokenizer);
            return Err(Invalid::new(
                "tokenizer.pre_tokenizer",
                reason,
                "take \"qwen2\", or \"qwen35\" for Devanagari",
            ));
        }
        Ok(())
    }
}
