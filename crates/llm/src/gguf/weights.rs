//! What the descriptions of tensors add up to: those of one file, or of all the files that a model lies in.

use std::collections::BTreeMap;

/// The weights of a model, or of a part of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Weights {
    /// How many tensors there are.
    pub(super) tensors: u64,
    /// Elements of all tensors.
    pub(super) parameters: u64,
    bytes: u64,
    embeddings: u64,
    has_output: bool,
    /// Elements by type, by ggml's number.
    by_type: BTreeMap<u32, u64>,
}

impl Weights {
    /// Counts a tensor of a type (ggml's number) with so many elements, in so many bytes.
    pub(super) fn count(&mut self, name: &str, kind: u32, elements: u64, bytes: u64) {
        self.tensors += 1;
        self.parameters = self.parameters.saturating_add(elements);
        self.bytes = self.bytes.saturating_add(bytes);
        match name {
            "token_embd.weight" => self.embeddings = bytes,
            "output.weight" => self.has_output = true,
            _ => {}
        }
        let held = self.by_type.entry(kind).or_default();
        *held = held.saturating_add(elements);
    }

    /// Adds those of another part.
    pub(super) fn add(&mut self, other: &Self) {
        self.tensors = self.tensors.saturating_add(other.tensors);
        self.parameters = self.parameters.saturating_add(other.parameters);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.embeddings = self.embeddings.max(other.embeddings);
        self.has_output |= other.has_output;
        for (kind, elements) in &other.by_type {
            let held = self.by_type.entry(*kind).or_default();
            *held = held.saturating_add(*elements);
        }
    }

    /// Bytes of the tensors that every token is computed with: all but the embeddings, of which it looks up one row,
    /// unless they are the output as well.
    pub(super) fn per_token(&self) -> u64 {
        self.bytes.saturating_sub(if self.has_output { self.embeddings } else { 0 })
    }

    /// The type that holds the most elements, by ggml's number.
    pub(super) fn mostly(&self) -> Option<u32> {
        self.by_type.iter().max_by_key(|(_, elements)| **elements).map(|(kind, _)| *kind)
    }
}
