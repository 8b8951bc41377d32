//! Keys: what an event is about.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::text::ShortText;

/// Identity of the thing an event describes, such as `i2.o15.d3`. Providers may use ids of their own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(pub Arc<str>);

impl Key {
    /// A key as it came.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The match's own facts.
    pub fn match_info() -> Self {
        Self::new("match")
    }

    /// The toss.
    pub fn toss() -> Self {
        Self::new("toss")
    }

    /// The match's result.
    pub fn result() -> Self {
        Self::new("result")
    }

    /// The eleven of one side.
    pub fn lineup(team: &str) -> Self {
        Self::new(format!("lineup.{team}"))
    }

    /// The start of an innings, counted from 1.
    pub fn innings(innings: u8) -> Self {
        Self::new(format!("i{innings}"))
    }

    /// The end of an innings.
    pub fn innings_end(innings: u8) -> Self {
        Self::new(format!("i{innings}.end"))
    }

    /// The target of an innings.
    pub fn target(innings: u8) -> Self {
        Self::new(format!("i{innings}.target"))
    }

    /// A powerplay of an innings, counted from 1.
    pub fn powerplay(innings: u8, index: usize) -> Self {
        Self::new(format!("i{innings}.pp{index}"))
    }

    /// A whole over, counted from 0.
    pub fn over(innings: u8, over: u16) -> Self {
        Self::new(format!("i{innings}.o{over}"))
    }

    /// The end of an over.
    pub fn over_end(innings: u8, over: u16) -> Self {
        let mut text = ShortText::default();
        text.push("i");
        text.push_number(innings.into());
        text.push(".o");
        text.push_number(over.into());
        text.push(".end");
        Self::new(text.as_str())
    }

    /// A delivery: `over` from 0, `pos` from 1 among all deliveries of the over.
    pub fn delivery(innings: u8, over: u16, pos: u16) -> Self {
        let mut text = ShortText::default();
        for (name, number) in [("i", u16::from(innings)), (".o", over), (".d", pos)] {
            text.push(name);
            text.push_number(number.into());
        }
        Self::new(text.as_str())
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
