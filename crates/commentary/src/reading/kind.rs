//! Kinds of match whose readings differ.

use std::fmt;

use cricket::{event::MatchInfo, score::Innings};
use serde::{Deserialize, Serialize};

/// Balls of a whole innings up to which a match of an unknown type counts as a T20.
const SHORT_MATCH: u32 = 200;

/// Format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Some twenty overs a side.
    T20,
    /// A hundred balls a side.
    Hundred,
    /// Some fifty overs a side.
    OneDay,
}

/// Whose cricket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    /// Women's.
    Female,
    /// Men's.
    Male,
}

/// Between countries, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Between countries.
    International,
    /// Leagues, states, counties.
    Club,
}

/// A kind of match with a limit of balls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Format.
    pub format: Format,
    /// Gender.
    pub gender: Gender,
    /// Level.
    pub level: Level,
}

impl Class {
    /// The kind of a match; what a feed leaves out is taken to be men's cricket between clubs. `None` without a limit of
    /// balls.
    pub fn of(info: Option<&MatchInfo>, innings: &Innings) -> Option<Self> {
        let limit = innings.balls_limit?;
        let whole =
            info.and_then(|info| Some(u32::from(info.overs?) * u32::from(info.balls_per_over))).unwrap_or(limit);
        let format = match info.map_or("", |info| info.match_type.as_str()) {
            "T20" | "IT20" if innings.balls_per_over == 5 => Format::Hundred,
            "T20" | "IT20" => Format::T20,
            "ODI" | "ODM" => Format::OneDay,
            _ if whole <= SHORT_MATCH => Format::T20,
            _ => Format::OneDay,
        };
        let said = |text: Option<&Option<String>>, wanted: &str| text.and_then(Option::as_deref) == Some(wanted);
        let gender = if said(info.map(|info| &info.gender), "female") { Gender::Female } else { Gender::Male };
        let level =
            if said(info.map(|info| &info.team_type), "international") { Level::International } else { Level::Club };
        Some(Self { format, gender, level })
    }

    /// The balls of a whole innings.
    pub fn balls(self) -> u32 {
        match self.format {
            Format::T20 => 120,
            Format::Hundred => 100,
            Format::OneDay => 300,
        }
    }

    /// How unlike another kind is: format counts most, level least.
    pub(super) fn distance(self, other: Self) -> u8 {
        let format = match (self.format, other.format) {
            (one, two) if one == two => 0,
            (Format::OneDay, _) | (_, Format::OneDay) => 8,
            _ => 4,
        };
        format + u8::from(self.gender != other.gender) * 2 + u8::from(self.level != other.level)
    }
}

/// As people say it, such as `men's T20 internationals`.
impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whose = if self.gender == Gender::Female { "women's" } else { "men's" };
        f.write_str(whose)?;
        f.write_str(match (self.format, self.level) {
            (Format::T20, Level::International) => " T20 internationals",
            (Format::T20, Level::Club) => " T20 leagues",
            (Format::Hundred, _) => " hundred-ball matches",
            (Format::OneDay, Level::International) => " one-day internationals",
            (Format::OneDay, Level::Club) => " one-day leagues",
        })
    }
}
