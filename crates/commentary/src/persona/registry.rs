//! Finding personas by id, reading them from TOML.

use super::{Persona, PersonaError};

const BUILTIN: [(&str, &str); 5] = [
    ("benaud.toml", include_str!("../../data/personas/benaud.toml")),
    ("greig.toml", include_str!("../../data/personas/greig.toml")),
    ("doshi.toml", include_str!("../../data/personas/doshi.toml")),
    ("doshi-hi.toml", include_str!("../../data/personas/doshi-hi.toml")),
    ("describer.toml", include_str!("../../data/personas/describer.toml")),
];

/// The notes for a human commentator: no voice, so no model learns it.
const DESK: (&str, &str) = ("desk.toml", include_str!("../../data/personas/desk.toml"));

/// The most bullet facts an over.
const MAX_NOTES: u8 = 6;

/// The most words that any line may be given: about twelve seconds of speech.
const MAX_WORDS: u16 = 40;

/// Personas by id.
#[derive(Debug, Clone, Default)]
pub struct Personas {
    all: Vec<Persona>,
}

impl Personas {
    /// The built-in voices: `benaud`, `greig`, `doshi`, `doshi-hi`, `describer`.
    #[expect(clippy::missing_panics_doc, reason = "the data is compiled in, and the tests read it: it cannot panic")]
    pub fn builtin() -> Self {
        #[expect(clippy::expect_used, reason = "the data is compiled in, and the tests read it")]
        let read =
            |(file, text): &(&str, &str)| Persona::from_toml(text, file).expect("the built-in personas are readable");
        Self { all: BUILTIN.iter().map(read).collect() }
    }

    /// Everyone the program comes with: the built-in voices, and `desk`, who writes notes for a human commentator.
    #[expect(clippy::missing_panics_doc, reason = "the data is compiled in, and the tests read it: it cannot panic")]
    pub fn house() -> Self {
        let mut house = Self::builtin();
        #[expect(clippy::expect_used, reason = "the data is compiled in, and the tests read it")]
        house.add(Persona::from_toml(DESK.1, DESK.0).expect("the built-in personas are readable"));
        house
    }

    /// The text of a built-in persona's file, to copy and change.
    pub fn builtin_text(id: &str) -> Option<&'static str> {
        BUILTIN.iter().chain([&DESK]).find(|(file, _)| file.strip_suffix(".toml") == Some(id)).map(|(_, text)| *text)
    }

    /// The persona with an id.
    pub fn get(&self, id: &str) -> Option<&Persona> {
        self.all.iter().find(|persona| persona.id == id)
    }

    /// Adds a persona, in place of one with the same id.
    pub fn add(&mut self, persona: Persona) {
        self.all.retain(|other| other.id != persona.id);
        self.all.push(persona);
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Persona> {
        self.all.iter()
    }
}

impl Persona {
    /// Reads a persona; `file` names it in errors.
    ///
    /// # Errors
    /// [`PersonaError`] for text that is not TOML, unknown or missing keys, and values out of bounds.
    pub fn from_toml(text: &str, file: &str) -> Result<Self, PersonaError> {
        let persona: Self = toml::from_str(text).map_err(|error| PersonaError::Format {
            file: file.to_owned(),
            reason: error.to_string().trim().to_owned(),
        })?;
        persona.validate(file)?;
        Ok(persona)
    }

    fn validate(&self, file: &str) -> Result<(), PersonaError> {
        let refuse = |key: &str, value: String, allowed| {
            Err(PersonaError::Value { file: file.to_owned(), key: key.to_owned(), value, allowed })
        };
        let id_char = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if self.id.is_empty() || self.id.len() > 32 || !self.id.chars().all(id_char) {
            return refuse("id", format!("'{}'", self.id), "1 to 32 of a-z, 0-9, '-' and '_' are allowed");
        }
        if self.style.trim().is_empty() {
            return refuse("style", "empty".to_owned(), "a sentence that describes the voice is needed");
        }
        let lengths = self.length;
        for (key, [least, most]) in [
            ("length.wicket", lengths.wicket),
            ("length.boundary", lengths.boundary),
            ("length.other", lengths.other),
            ("length.summary", lengths.summary),
        ] {
            if least > most || most == 0 || most > MAX_WORDS {
                return refuse(
                    key,
                    format!("[{least}, {most}]"),
                    "[least, most] words with 0 <= least <= most and 1 <= most <= 40 are allowed",
                );
            }
        }
        if self.notes > MAX_NOTES {
            return refuse("notes", self.notes.to_string(), "0 to 6 bullet facts an over are allowed");
        }
        for (key, value) in [("talk.threshold", self.talk.threshold), ("talk.colour", self.talk.colour)] {
            if !(0.0..=2.0).contains(&value) {
                return refuse(key, value.to_string(), "0 to 1 is allowed, or up to 2 for never");
            }
        }
        for (key, value) in [("voice.rate", self.voice.rate), ("voice.pitch", self.voice.pitch)] {
            if !(0.5..=2.0).contains(&value) {
                return refuse(key, value.to_string(), "0.5 to 2 is allowed");
            }
        }
        Ok(())
    }
}
