//! What is wrong with a line.

use std::fmt;

use super::Claim;

/// Why a claim cannot stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// The facts say otherwise.
    Contradicted,
    /// Nothing in the feed could say so.
    NotCheckable,
    /// Not a line that can be spoken: control characters, markup, prompt marks, too long, words the persona avoids.
    Unfit,
}

/// One claim that cannot stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The claim as it is in the line.
    pub claim: String,
    /// Why in kind.
    pub why: Why,
    /// Why in words.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.why {
            Why::Contradicted => "contradicted",
            Why::NotCheckable => "not checkable",
            Why::Unfit => "unfit",
        };
        write!(f, "'{}' ({why}: {})", self.claim, self.reason)
    }
}

/// A line that does not go on the air, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Rejection {
    /// The line as it came, without what cannot be shown.
    pub text: String,
    /// Every fault found; never empty.
    pub faults: Vec<Fault>,
    /// What it says, piece by piece, with what became of each; empty where it cannot be spoken at all.
    pub claims: Vec<Claim>,
}

impl Rejection {
    /// Whether the facts say otherwise of anything in it.
    pub fn is_contradicted(&self) -> bool {
        self.faults.iter().any(|fault| fault.why == Why::Contradicted)
    }

    /// The faults in a few words, for the model's second try.
    pub fn in_brief(&self) -> String {
        let claims: Vec<String> =
            self.faults.iter().take(3).map(|fault| format!("{} ({})", fault.claim, fault.reason)).collect();
        claims.join("; ")
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" is not published: ", self.text)?;
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}
