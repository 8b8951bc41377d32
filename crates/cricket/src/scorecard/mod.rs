//! The scorecard: a match's state as the text that a follower knows, and as JSON that a program can read.
//!
//! `innings` is one innings as text, `overs` is it over by over and ball by ball; set phrases are in `words` and `ball`.

mod ball;
mod columns;
mod figures;
mod innings;
mod json;
mod overs;
mod text;
mod words;

pub use columns::WIDTH;
pub use json::json;
pub use overs::{over_text, overs_json, overs_text};
pub use text::{ending_text, heading_text, innings_text, text};
pub use words::{extras, how_out, result, total};
