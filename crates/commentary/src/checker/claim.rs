//! Claims: what a line says, piece by piece, each with its verdict.

use crate::facts::FactRef;

/// What became of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The fact sheet says so too.
    Supported,
    /// The fact sheet says otherwise.
    Contradicted,
    /// Nothing in the feed could say so, or the line leaves open what it means.
    NotCheckable,
}

/// One thing that a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The words that say it.
    pub text: String,
    /// What became of it.
    pub verdict: Verdict,
    /// The fact that it rests on; none unless it is supported.
    pub fact: Option<FactRef>,
    /// Why it cannot stand, in words; empty where it does.
    pub reason: String,
}

impl Claim {
    /// A claim that stands.
    pub(super) fn supported(text: impl Into<String>, fact: FactRef) -> Self {
        Self { text: text.into(), verdict: Verdict::Supported, fact: Some(fact), reason: String::new() }
    }
}
