//! How far a long piece of work is: told through one small trait, so that the work does not know who listens.

/// Whoever is told how far the work is.
pub trait Progress: Sync {
    /// How much there is to do; may be told again when more is found. `unit` is what is counted, such as `matches`.
    fn total(&self, total: u64, unit: &str);
    /// So much more is done.
    fn advance(&self, done: u64);
    /// Something that a person should read.
    fn note(&self, text: &str);
}

/// Nobody listens.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn total(&self, _total: u64, _unit: &str) {}
    fn advance(&self, _done: u64) {}
    fn note(&self, _text: &str) {}
}
