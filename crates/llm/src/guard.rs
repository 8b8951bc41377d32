//! What a text must hold to while it is being written.

use std::fmt::Debug;

/// Says of every continuation whether it may be. A writer that heeds it never writes what was refused; one that cannot
/// (a server) ignores it, so whatever must not go out is checked again when the line is there.
pub trait Guard: Send + Sync + Debug {
    /// Whether a text may go on like this: `text` is the line as written so far with the candidate piece behind it.
    ///
    /// It is asked before every token, sometimes dozens of times for one, so it takes microseconds; it is pure, and it
    /// never panics. A text is asked for piece by piece: when it is refused, no text that begins with it will be asked for.
    fn allows(&self, text: &str) -> bool;
}
