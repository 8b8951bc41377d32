//! The model by which a match is read: fitted to past matches, measured on later ones.
//!
//! [`games`] takes from match files what both need; [`fit`] makes the model that `models/reading/reading.toml` holds;
//! [`eval`] says what it is worth on later seasons. The same matches give the same file, byte for byte.

mod baseline;
pub mod eval;
pub mod fit;
pub mod games;
mod measure;
mod optimise;
mod svg;
pub mod write;
