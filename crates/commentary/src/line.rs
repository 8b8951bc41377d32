//! The line that broadcasters receive: the contract's "A line", with its whole provenance.

use serde::{Deserialize, Serialize};

use crate::facts::FactRef;

/// The contract's major version of a line; a change that breaks readers raises it.
pub const LINE_VERSION: u32 = 1;

/// What kind of speech a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// The instant naming of what happened.
    Call,
    /// The sentence that gives it meaning.
    Colour,
    /// The summary of an over.
    Over,
    /// The start or end of an innings or of the match.
    Innings,
    /// A statistic from the archive.
    Stat,
    /// Rain, a break, a review, a new target: why nothing is happening.
    Status,
    /// A published claim is taken back.
    Correction,
}

impl LineKind {
    /// The contract's word for it, such as `call`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Colour => "colour",
            Self::Over => "over",
            Self::Innings => "innings",
            Self::Stat => "stat",
            Self::Status => "status",
            Self::Correction => "correction",
        }
    }
}

/// Who wrote a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A model, before the ball was bowled.
    Ready,
    /// A model, after it.
    Live,
    /// The phrasebook.
    Phrasebook,
}

impl Origin {
    /// The contract's word for it, such as `ready`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Live => "live",
            Self::Phrasebook => "phrasebook",
        }
    }
}

/// A line as published. Readers ignore fields that they do not know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Always [`LINE_VERSION`] in lines of this build.
    pub v: u32,
    /// Identity of the line, unique across matches.
    pub line_id: String,
    /// The match it is about.
    pub match_id: String,
    /// The key of the event it is about, such as `i2.o15.d3`.
    pub key: String,
    /// The revision of that event.
    pub rev: u32,
    /// Who speaks.
    pub persona: String,
    /// Language of `text`, such as `en`.
    pub lang: String,
    /// What kind of speech it is.
    pub kind: LineKind,
    /// The words.
    pub text: String,
    /// How much the moment deserves words, 0 to 1.
    pub importance: f64,
    /// How much the next ball can move the match, 0 to 1.
    pub leverage: f64,
    /// The facts that its claims rest on.
    pub facts: Vec<FactRef>,
    /// Who wrote it.
    pub origin: Origin,
    /// The writer, such as `ollama`; none for the phrasebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backend: Option<String>,
    /// The model; none for the phrasebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Whether it passed the checker; never false on the air.
    pub checked: bool,
    /// When the ball happened, RFC 3339, as the feed said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_ts: Option<String>,
    /// When the line was published, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<String>,
    /// From the event's arrival to the line, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
    /// When it stops being of use, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// The `line_id` that this line replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<String>,
    /// The `line_id` that this line takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retracts: Option<String>,
    /// One more per line of a match and persona; from 1.
    pub seq: u64,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_line_survives_the_wire_and_unknown_fields_are_ignored() {
        let json = r#"{"v":1,"line_id":"l1","match_id":"m","key":"i1.o0.d1","rev":0,"persona":"greig","lang":"en",
            "kind":"call","text":"Four!","importance":0.5,"leverage":0.25,"facts":[{"id":"ball.event","value":"four"}],
            "origin":"phrasebook","checked":true,"seq":1,"from_the_future":7}"#;
        let line: Line = serde_json::from_str(json).unwrap();
        assert_eq!((line.kind, line.origin), (LineKind::Call, Origin::Phrasebook));
        assert_eq!(line.facts, [FactRef { id: "ball.event".into(), value: "four".into() }]);
        let again: Line = serde_json::from_str(&serde_json::to_string(&line).unwrap()).unwrap();
        assert_eq!(again, line);
        assert_eq!(serde_json::to_value(LineKind::Call).unwrap(), LineKind::Call.name());
    }
}
