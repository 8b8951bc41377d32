//! The page, and what machines ask for: health, metrics, score and lines.
//!
//! On loopback unless configured otherwise. Everything here only reads; what feeds it is the [`board`].

pub mod board;
mod routes;

pub use board::Board;
pub use routes::{Page, bind, serve};
