//! Personas: voices as data. The built-in ones are TOML files like any that a user writes.

mod error;
mod keys;
mod registry;

use serde::Deserialize;

pub use error::PersonaError;
pub use keys::{persona_keys, phrasebook_keys};
pub use registry::Personas;

use crate::{line::LineKind, moment::Moment};

/// A voice.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Persona {
    /// Short name, as in topics and `style:` of prompts: lower-case letters, digits, `-` and `_`.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// Language of its lines, such as `en`.
    #[serde(default = "english")]
    pub language: String,
    /// The voice in a sentence or two, for the model; names no player.
    pub style: String,
    /// Which phrasebook it speaks from where no model does; its own id when absent.
    #[serde(default)]
    pub phrasebook: Option<String>,
    /// How long its lines are, in words.
    pub length: Lengths,
    /// When it speaks.
    #[serde(default)]
    pub talk: Talk,
    /// So many bullet facts an over, made by code, are all that it says, beside the corrections of its phrasebook; 0 is a
    /// voice that speaks.
    #[serde(default)]
    pub notes: u8,
    /// Words it likes and words it never says.
    #[serde(default)]
    pub words: Words,
    /// Moments and the lines it would say, for the model.
    #[serde(default, rename = "exemplar")]
    pub exemplars: Vec<Exemplar>,
    /// How a loudspeaker says it.
    #[serde(default)]
    pub voice: Voice,
}

fn english() -> String {
    "en".to_owned()
}

/// Words a line, at least and at most, by what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lengths {
    /// When a wicket fell, or a milestone was reached.
    pub wicket: [u16; 2],
    /// On a four or six.
    pub boundary: [u16; 2],
    /// On any other ball.
    pub other: [u16; 2],
    /// For sums: overs, innings, breaks, corrections, statistics.
    #[serde(default = "Lengths::summary")]
    pub summary: [u16; 2],
}

impl Lengths {
    fn summary() -> [u16; 2] {
        [3, 28]
    }

    /// The bounds for a line of a kind.
    pub fn of_kind(&self, kind: LineKind, moment: &Moment) -> [u16; 2] {
        match kind {
            LineKind::Call | LineKind::Colour => self.of(moment),
            _ => self.summary,
        }
    }

    /// The bounds for a moment's own line.
    pub fn of(&self, moment: &Moment) -> [u16; 2] {
        if moment.ball().is_none() || matches!(moment.occasion, crate::moment::Occasion::Correction(_)) {
            self.summary
        } else if moment.is_wicket() || moment.is_milestone() {
            self.wicket
        } else if moment.is_boundary() {
            self.boundary
        } else {
            self.other
        }
    }
}

/// When a persona speaks.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Talk {
    /// Importance, 0 to 1, from which a ball is called.
    pub threshold: f64,
    /// After so many quiet balls the next one is called whatever it is; the threshold falls evenly until then.
    pub quiet_balls: u32,
    /// Importance from which a ball also gets a colour line.
    pub colour: f64,
    /// Whether overs are summed up.
    pub overs: bool,
    /// Whether statistics are told.
    pub statistics: bool,
}

impl Default for Talk {
    fn default() -> Self {
        Self { threshold: 0.2, quiet_balls: 6, colour: 0.6, overs: true, statistics: true }
    }
}

impl Talk {
    /// Whether no ball may go by without a word.
    pub fn is_every_ball(&self) -> bool {
        self.threshold <= 0.0
    }

    /// The threshold after so many balls of silence; `None` is before the first line.
    pub fn threshold_after(&self, quiet: Option<u32>) -> f64 {
        let quiet = f64::from(quiet.unwrap_or(0));
        self.threshold * (1.0 - quiet / f64::from(self.quiet_balls.max(1))).max(0.0)
    }
}

/// Words a persona likes and words it never says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Words {
    /// Told to the model; words among them that no phrasebook knows may be said all the same.
    pub prefer: Vec<String>,
    /// Refused by the checker.
    pub avoid: Vec<String>,
}

/// A moment and the line this persona would say: teaches a model the voice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exemplar {
    /// The moment in the prompt's own one-line form, with invented names.
    pub moment: String,
    /// The line.
    pub line: String,
}

/// How a loudspeaker says it.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Voice {
    /// Speed, 1 being the voice's own; 0.5 to 2.
    pub rate: f64,
    /// Height, 1 being the voice's own; 0.5 to 2.
    pub pitch: f64,
}

impl Default for Voice {
    fn default() -> Self {
        Self { rate: 1.0, pitch: 1.0 }
    }
}

impl Persona {
    /// The id of its phrasebook.
    pub fn phrasebook_id(&self) -> &str {
        self.phrasebook.as_deref().unwrap_or(&self.id)
    }

    /// Whether a word, in small letters, is one of those that this persona prefers: a user's own vocabulary.
    pub fn uses(&self, word: &str) -> bool {
        self.words.prefer.iter().flat_map(|phrase| phrase.split_whitespace()).any(|own| own.eq_ignore_ascii_case(word))
    }
}
