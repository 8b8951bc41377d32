//! What is to be had without a model. A figure in which one of these shines says nothing of a model that does.

use commentary::{Layout, Persona, Rejection};
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::{
    EvalError,
    moments::{Turn, number_of},
    round::{Outcome, Reply, Voice},
};

/// The baselines' names, as they stand in reports.
pub(super) const PHRASEBOOK: &str = "phrasebook";
pub(super) const EMPTY: &str = "empty";
pub(super) const CONSTANT: &str = "constant";
pub(super) const SHUFFLED: &str = "shuffled";
pub(super) const ALL: [&str; 4] = [PHRASEBOOK, EMPTY, CONSTANT, SHUFFLED];

/// What the constant baseline says: true of any ball, since it claims nothing, and within every persona's length.
const ALWAYS: &str = "Well played.";

/// The phrasebook; `play` has it speak with its own memory.
pub(super) struct Book;

impl Voice for Book {
    fn layout(&self) -> Layout {
        Layout::Compact
    }

    fn reply(&mut self, _: usize, _: &Turn, _: &Persona, _: u32, _: Option<&Rejection>) -> Result<Reply, EvalError> {
        Ok(Reply::default())
    }

    fn is_phrasebook(&self) -> bool {
        true
    }
}

/// The same reply to everything.
pub(super) struct Same(&'static str);

impl Same {
    /// No reply.
    pub(super) fn empty() -> Self {
        Self("")
    }

    /// One harmless line.
    pub(super) fn constant() -> Self {
        Self(ALWAYS)
    }
}

impl Voice for Same {
    fn layout(&self) -> Layout {
        Layout::Compact
    }

    fn reply(&mut self, _: usize, _: &Turn, _: &Persona, _: u32, _: Option<&Rejection>) -> Result<Reply, EvalError> {
        Ok(Reply::text(self.0))
    }
}

/// A system's own first replies, each dealt to another moment: well formed, fluent, of its vocabulary and not about
/// anything that happened.
pub(super) struct Shuffled {
    layout: Layout,
    replies: Vec<String>,
    /// For each turn, whose reply it gets.
    deal: Vec<usize>,
}

impl Shuffled {
    /// Deals the replies round one circle drawn from the seed, so that none stays where it was.
    pub(super) fn of(outcomes: &[Outcome<'_>], layout: Layout, seed: u64) -> Self {
        let mut circle: Vec<usize> = (0..outcomes.len()).collect();
        circle.shuffle(&mut ChaCha8Rng::seed_from_u64(number_of(seed, &["deal"])));
        let mut deal = vec![0; circle.len()];
        for (from, to) in circle.iter().zip(circle.iter().cycle().skip(1)) {
            deal[*from] = *to;
        }
        let replies = outcomes.iter().map(|outcome| outcome.reply.text.clone()).collect();
        Self { layout, replies, deal }
    }
}

impl Voice for Shuffled {
    fn layout(&self) -> Layout {
        self.layout
    }

    fn reply(
        &mut self,
        at: usize,
        _: &Turn,
        _: &Persona,
        attempt: u32,
        _: Option<&Rejection>,
    ) -> Result<Reply, EvalError> {
        let mut from = at;
        for _ in 0..=attempt {
            from = self.deal.get(from).copied().unwrap_or_default();
        }
        Ok(Reply::text(self.replies.get(from).cloned().unwrap_or_default()))
    }
}
