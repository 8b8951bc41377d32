//! Teaching: rows filled by the phrasebook and by models, and what becomes of those that cannot be.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking; what is skipped is said")]

mod fake_anthropic;
mod offline;
mod online;
mod support;
