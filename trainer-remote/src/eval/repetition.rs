//! Whether a persona says again what it said a moment ago. The daemon's own memory decides: within twelve balls, case
//! and punctuation apart, the whole line or its first two words.

use std::collections::{BTreeMap, BTreeSet};

use commentary::{Memory, Moment};
use serde::Serialize;

use super::{round::Outcome, statistics::Share};

/// What a line repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Heard {
    /// The whole line.
    pub(super) text: bool,
    /// Its opening words.
    pub(super) opener: bool,
}

impl Heard {
    pub(super) fn of(memory: &Memory, moment: &Moment, text: &str) -> Self {
        Self { text: memory.said_lately(moment, text), opener: memory.opened_lately(moment, text) }
    }

    /// The same, and remembers the line.
    pub(super) fn note(memory: &mut Memory, moment: &Moment, text: &str) -> Self {
        let heard = Self::of(memory, moment, text);
        memory.remember(moment, text);
        heard
    }
}

/// How much is said again. Shares are over lines with words.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Repetition {
    /// Lines said within the last twelve balls by the same persona.
    pub text: Share,
    /// Lines that begin like one within the last twelve balls by the same persona.
    pub opener: Share,
    /// Different lines of a persona in a match, among all of them.
    pub distinct: Share,
}

impl Repetition {
    /// Of first replies.
    pub(super) fn of_replies(outcomes: &[&Outcome<'_>]) -> Self {
        Self::of(outcomes, |outcome| Some((outcome.repeats?, outcome.judged.text.as_deref()?)))
    }

    /// Of what went on the air.
    pub(super) fn of_speech(outcomes: &[&Outcome<'_>]) -> Self {
        Self::of(outcomes, |outcome| Some((outcome.spoken_repeats?, outcome.spoken.line()?.text())))
    }

    fn of<'a>(outcomes: &[&'a Outcome<'_>], line: impl Fn(&'a Outcome<'_>) -> Option<(Heard, &'a str)>) -> Self {
        let mut different: BTreeMap<(usize, usize), BTreeSet<&str>> = BTreeMap::new();
        let mut lines = 0;
        for outcome in outcomes {
            if let Some((_, text)) = line(outcome) {
                lines += 1;
                different.entry((outcome.turn.place, outcome.turn.persona)).or_default().insert(text);
            }
        }
        let distinct = different.values().map(BTreeSet::len).sum::<usize>() as u64;
        Self {
            text: Share::of(outcomes.iter().map(|outcome| line(outcome).map(|(heard, _)| heard.text))),
            opener: Share::of(outcomes.iter().map(|outcome| line(outcome).map(|(heard, _)| heard.opener))),
            distinct: Share::new(distinct, lines),
        }
    }
}
