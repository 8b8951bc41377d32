//! Whose line is it? A classifier that learnt each persona from the phrasebook, in matches that are not asked about, is
//! shown a system's lines with their topic masked: names, numbers and what happened say nothing of the voice.

mod bayes;
mod mask;

use commentary::{Memory, Phrasebook, decide};
use indexmap::IndexMap;
use serde::Serialize;

use self::bayes::Bayes;
use super::{EvalError, moments::Script, round::Outcome, settings::Evaluation, statistics::Share};
use crate::data::replay::each_ball;

/// How well the classifier tells the personas of a system apart.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Style {
    /// Replies whose persona it finds, by persona; over all that was asked.
    pub found: IndexMap<String, Share>,
    /// Rows: whose line it was, in the order of `found`; columns: whose it was taken for, and last those with no
    /// word that it knows.
    pub confusion: Vec<Vec<u64>>,
}

/// The classifier, taught.
pub(super) struct Critic {
    bayes: Bayes,
    /// Lines that it learnt from.
    pub(super) lines: u64,
}

impl Critic {
    /// Teaches it the phrasebook's lines of the script's lessons.
    pub(super) fn taught(script: &mut Script, settings: &Evaluation) -> Result<Self, EvalError> {
        let book = Phrasebook::builtin();
        let mut bayes = Bayes::of(script.personas.len());
        let mut lines = 0;
        for played in std::mem::take(&mut script.lessons) {
            let mut memories = vec![Memory::new(); script.personas.len()];
            each_ball(played, |moment| {
                for (class, (persona, memory)) in script.personas.iter().zip(&mut memories).enumerate() {
                    for kind in decide(moment, persona, memory).kinds {
                        let line = book.line_on_air(kind, moment, persona, memory);
                        if let Some(line) = line.filter(|_| settings.kinds().contains(&kind)) {
                            bayes.learn(class, &mask::features(line.text(), moment));
                            lines += 1;
                        }
                    }
                }
            });
        }
        if lines == 0 {
            return Err(EvalError::Internal("there is no line to learn the personas' styles from".to_owned()));
        }
        Ok(Self { bayes, lines })
    }

    /// Looks at every first reply, and notes whether it would have known whose it is.
    pub(super) fn look(&self, outcomes: &mut [Outcome<'_>], script: &Script) -> Style {
        let personas = script.personas.len();
        let mut confusion = vec![vec![0; personas + 1]; personas];
        for outcome in outcomes {
            let text = outcome.judged.text.as_deref().unwrap_or_default();
            let guess = self.bayes.guess(&mask::features(text, &outcome.turn.moment));
            outcome.is_recognised = guess == Some(outcome.turn.persona);
            if let Some(row) = confusion.get_mut(outcome.turn.persona) {
                row[guess.unwrap_or(personas)] += 1;
            }
        }
        let found = script.personas.iter().zip(&confusion).enumerate();
        let found = found.map(|(at, (persona, row))| (persona.id.clone(), Share::new(row[at], row.iter().sum())));
        Style { found: found.collect(), confusion }
    }
}
