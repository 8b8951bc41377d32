//! The languages that lines are written in.

/// A language of lines. What it changes: the checker's vocabulary, number words and word order, and the forms of slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) enum Language {
    /// English; what no other is known for is held to English.
    #[default]
    English,
    /// Hindi in Devanagari; names stay in the feed's script.
    Hindi,
}

impl Language {
    /// The language of a code such as `hi` or `hi-IN`.
    pub(crate) fn of(code: &str) -> Self {
        match code.split(['-', '_']).next() {
            Some(code) if code.eq_ignore_ascii_case("hi") => Self::Hindi,
            _ => Self::English,
        }
    }

    /// Whether a word is written in the language's script.
    pub(crate) fn writes(self, word: &str) -> bool {
        match self {
            Self::English => word.is_ascii(),
            Self::Hindi => word.chars().all(|c| matches!(c, '\u{0900}'..='\u{097f}' | '-')),
        }
    }
}
