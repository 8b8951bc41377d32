//! Rows from matches: the daemon's own code forms the moments and renders the prompts.

pub mod replay;
