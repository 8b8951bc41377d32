//! Sequences that outlive the lines they were computed for, because another line may begin like them.

use super::cache::Seq;

/// Fixed parts of prompts that are kept at a time: a system text, with each of a few exemplars or personas.
pub(super) const FIXED: usize = 4;
/// Prompts of finished lines that are kept at a time.
pub(super) const RECENT: usize = 4;

/// A kept sequence.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) seq: Seq,
    pub(super) kind: Kind,
    /// The higher, the later it was of use.
    used: u64,
}

/// Why it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// It is the prompt of a line that was just finished.
    Recent,
    /// It is what many prompts begin with; on disk too or not.
    Fixed {
        /// Whether nothing is left to be done for the next start.
        saved: bool,
    },
}

impl Kind {
    pub(super) fn is_fixed(self) -> bool {
        matches!(self, Self::Fixed { .. })
    }
}

/// All that is kept.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    kept: Vec<Kept>,
    clock: u64,
}

impl Shelf {
    pub(super) fn add(&mut self, seq: Seq, kind: Kind) {
        self.clock += 1;
        self.kept.push(Kept { seq, kind, used: self.clock });
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Kept> {
        self.kept.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Kept> {
        self.kept.iter_mut()
    }

    /// Notes that a sequence was of use.
    pub(super) fn touch(&mut self, seq: Seq) {
        self.clock += 1;
        let clock = self.clock;
        self.kept.iter_mut().filter(|kept| kept.seq == seq).for_each(|kept| kept.used = clock);
    }

    /// How many there are, fixed ones or the others.
    pub(super) fn count(&self, fixed: bool) -> usize {
        self.kept.iter().filter(|kept| kept.kind.is_fixed() == fixed).count()
    }

    /// Takes out the one that is least worth keeping. `worth` says for each whether it may go (`None`: not) and comes
    /// first; then prompts go before fixed parts, and of each the one that was of no use for longest.
    pub(super) fn least<W: Ord>(&mut self, worth: impl Fn(&Kept) -> Option<W>) -> Option<Kept> {
        let candidates = self.kept.iter().enumerate();
        let ranks = candidates.filter_map(|(at, kept)| Some((worth(kept)?, kept.kind.is_fixed(), kept.used, at)));
        let (.., least) = ranks.min()?;
        Some(self.kept.remove(least))
    }

    pub(super) fn clear(&mut self) -> impl Iterator<Item = Kept> + '_ {
        self.kept.drain(..)
    }
}
