//! Rows from matches: the daemon's own code forms the moments and renders the prompts.
//!
//! [`prepare`] streams a source of matches twice: the first time it counts what there is ([`counts`]), so that the rates
//! of the draw (`rates`) bring the rows that the [`recipe`] wants; the second time it draws, swaps ([`swap`]) and writes.
//! Whether a ball is drawn follows from the seed, the match and what was known when it was bowled, never from what came
//! after it. [`reform`] leads from a row back to its moment. [`rows`] reads and writes row files, [`exchange`] knows other people's, [`report`] looks at what came out.

pub mod counts;
mod dice;
mod draw;
mod error;
pub mod exchange;
mod kept;
mod pipeline;
pub mod prepare;
mod rates;
pub mod recipe;
pub mod reform;
pub mod replay;
pub mod report;
pub mod rows;
pub mod split;
pub mod swap;
mod tally;
mod told;

pub use error::DataError;
