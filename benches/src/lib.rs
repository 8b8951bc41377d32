//! What the benches share: real matches, a broker and daemon of their own, and figures printed beside their goals.
//!
//! Benches print and never fail on a slow machine; what they cannot measure here they say.

pub mod data;
pub mod figures;
pub mod rig;
