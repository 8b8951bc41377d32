//! Lines to read: the weakest, and some drawn by lot. Figures without lines to look at deceive.

use std::collections::BTreeMap;

use commentary::Persona;
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::{
    booth::Spoken,
    moments::{Script, in_words, number_of},
    round::Outcome,
};

/// How many of the weakest are shown.
const WEAKEST: usize = 10;
/// How many are drawn a persona.
const DRAWN: usize = 20;

/// A line with more faults of a kind than this is not worse to read.
const ENOUGH: u32 = 3;

/// A line with its moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The match and the ball.
    pub at: String,
    /// Whose line.
    pub persona: String,
    /// What kind of line.
    pub kind: &'static str,
    /// The moment in a scorer's words.
    pub moment: String,
    /// The first reply as it came.
    pub reply: String,
    /// The same with its slots filled, where that makes another text.
    pub text: Option<String>,
    /// What went on the air.
    pub aired: Option<String>,
    /// Who said that: `first reply`, `second try`, `phrasebook`.
    pub by: &'static str,
    /// What was wrong with the first reply.
    pub faults: Vec<String>,
}

/// Lines to read of one system.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Examples {
    /// The weakest, the worst first; fewer where fewer are weak.
    pub weakest: Vec<Example>,
    /// Drawn by lot, by persona.
    pub drawn: BTreeMap<String, Vec<Example>>,
}

impl Examples {
    pub(super) fn of(outcomes: &[Outcome<'_>], script: &Script, seed: u64) -> Self {
        let mut weak: Vec<&Outcome<'_>> = outcomes.iter().filter(|outcome| weakness(outcome) > 0).collect();
        weak.sort_by_key(|outcome| std::cmp::Reverse(weakness(outcome)));
        let show = |outcome: &Outcome<'_>| Some(Example::of(outcome, script.personas.get(outcome.turn.persona)?));
        let mut drawn = BTreeMap::new();
        for (at, persona) in script.personas.iter().enumerate() {
            let mut own: Vec<&Outcome<'_>> = outcomes.iter().filter(|outcome| outcome.turn.persona == at).collect();
            let mut random = ChaCha8Rng::seed_from_u64(number_of(seed, &["examples", &persona.id]));
            let (lines, _) = own.partial_shuffle(&mut random, DRAWN);
            drawn.insert(persona.id.clone(), lines.iter().filter_map(|outcome| show(outcome)).collect());
        }
        Self { weakest: weak.into_iter().take(WEAKEST).filter_map(show).collect(), drawn }
    }
}

/// False claims weigh most, above all at moments that matter; then what cannot be checked, then form, then news left out.
fn weakness(outcome: &Outcome<'_>) -> u32 {
    let judged = &outcome.judged;
    let news = u32::from(outcome.turn.class.is_news());
    let left_out = judged.names_event == Some(false) && judged.is_publishable && news > 0;
    judged.contradicted.min(ENOUGH) * (8 + 4 * news)
        + judged.not_checkable.min(ENOUGH) * 4
        + u32::from(!judged.is_well_formed) * 3
        + u32::from(left_out) * 2
        + u32::from(judged.is_idle)
}

impl Example {
    fn of(outcome: &Outcome<'_>, persona: &Persona) -> Self {
        let turn = outcome.turn;
        let (reply, text) = (&outcome.reply.text, &outcome.judged.text);
        Self {
            at: format!("{} {}", turn.moment.match_id, turn.moment.key),
            persona: persona.id.clone(),
            kind: turn.kind.name(),
            moment: in_words(&turn.moment, persona),
            reply: reply.clone(),
            text: text.clone().filter(|text| text.trim() != reply.trim()),
            aired: outcome.spoken.line().map(|line| line.text().to_owned()),
            by: match outcome.spoken {
                Spoken::Own(0, _) => "first reply",
                Spoken::Own(1, _) => "second try",
                Spoken::Own(..) => "third try",
                Spoken::Phrasebook(_) => "phrasebook",
                Spoken::Silence => "nobody",
            },
            faults: outcome.judged.faults.clone(),
        }
    }
}
