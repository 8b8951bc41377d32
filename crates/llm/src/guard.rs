//! What a text must hold to while it is being written.

use std::fmt::{self, Debug};

/// Says of every continuation whether it may be. A writer that heeds it never writes what was refused; one that cannot
/// (a server) ignores it, so whatever must not go out is checked again when the line is there.
pub trait Guard: Send + Sync + Debug {
    /// Whether a text may be this `part` of a line: `text` is the line as written so far with the candidate piece behind it.
    ///
    /// It is asked before every token, sometimes hundreds of times for one, so it takes microseconds; it is pure, and it
    /// never panics. A text is asked for piece by piece: when it is refused, no text that begins with it will be asked for.
    fn allows(&self, text: &str, part: Part) -> bool;
}

/// How much of a line a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its beginning, which goes on.
    Beginning,
    /// All of it.
    Whole,
}

/// A guard that is a function.
pub struct Allow<F>(pub F);

impl<F> Debug for Allow<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Allow")
    }
}

impl<F: Fn(&str, Part) -> bool + Send + Sync> Guard for Allow<F> {
    fn allows(&self, text: &str, part: Part) -> bool {
        self.0(text, part)
    }
}
