//! The scorecard: a match's state as the text that a follower knows, and as JSON that a program can read.

mod json;
mod text;
mod words;

pub use json::json;
pub use text::{innings_text, text};
pub use words::{extras, how_out, result, total};
