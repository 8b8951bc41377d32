//! The match's own facts: who, where, when, under which rules; its toss, its result.

use std::{fmt, sync::Arc};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::Ext;
use crate::player::{PersonId, PlayerRef};

/// Text in some files, a whole number in others (`season`, `event.group`); both are kept as they came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TextOrNumber {
    /// A whole number.
    Number(i64),
    /// Text.
    Text(String),
}

impl fmt::Display for TextOrNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Who plays, where, when, under which rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatchInfo {
    /// The two sides, in the feed's order.
    pub teams: Vec<Arc<str>>,
    /// Players by side, in the feed's order; 10 to 14 of them.
    #[serde(default)]
    pub players: IndexMap<Arc<str>, Vec<PlayerRef>>,
    /// Everybody's id by name, officials included, in the feed's order.
    #[serde(default, skip_serializing_if = "Registry::is_empty")]
    pub registry: Registry,
    /// `Test`, `ODI`, `T20`, `IT20`, `ODM`, `MDM`, …
    pub match_type: String,
    /// The format's running number of this match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub match_type_number: Option<u32>,
    /// `male` or `female`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// `international` or `club`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_type: Option<String>,
    /// The ground.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<String>,
    /// The city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Days of play, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<String>,
    /// The season; the year comes from `dates`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<TextOrNumber>,
    /// The competition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventName>,
    /// Scheduled overs a side; absent where there is no limit. Stays 20 in a shortened game: see the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overs: Option<u16>,
    /// Balls in an over: 6; historically 8; 5 in The Hundred.
    #[serde(default = "six")]
    pub balls_per_over: u16,
    /// The toss, where known at the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toss: Option<Toss>,
    /// Umpires and referees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officials: Option<Officials>,
    /// Supersubs by side.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub supersubs: IndexMap<Arc<str>, Arc<str>>,
    /// Edition of the Laws and playing conditions, where the feed says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Rules>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

fn six() -> u16 {
    6
}

/// Ids by name, in the feed's order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Registry(pub IndexMap<Arc<str>, PersonId>);

impl Registry {
    /// Whether nobody is registered.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The person of this name, by id where the registry has one, else by name.
    pub fn player(&self, name: &Arc<str>) -> PlayerRef {
        self.0.get(name).map_or_else(|| PlayerRef::named(name), |id| PlayerRef { id: id.clone(), name: name.clone() })
    }
}

/// A competition and the match's place in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventName {
    /// Its name.
    pub name: String,
    /// The match's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub match_number: Option<u32>,
    /// The group, a letter or a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<TextOrNumber>,
    /// The stage, such as `Final`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// Umpires and referees, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Officials {
    /// On the field; three in a few matches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub umpires: Vec<String>,
    /// Third umpires.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tv_umpires: Vec<String>,
    /// Fourth umpires.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reserve_umpires: Vec<String>,
    /// Referees.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub match_referees: Vec<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// The Laws under which a match is played; never inferred from today's date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// Edition of the Laws, such as `2017 Code (3rd Edition)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// Playing conditions that differ, and what this version does not know.
    #[serde(flatten)]
    pub overrides: Ext,
}

/// The toss.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toss {
    /// Who won it.
    pub winner: Arc<str>,
    /// `bat` or `field`.
    pub decision: String,
    /// Whether the visitors took the field without a toss.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uncontested: bool,
}

/// The eleven of one side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lineup {
    /// The side.
    pub team: Arc<str>,
    /// Its players, in batting order where known.
    pub players: Vec<PlayerRef>,
    /// The captain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captain: Option<PlayerRef>,
    /// The wicket-keeper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keeper: Option<PlayerRef>,
    /// Substitutes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub substitutes: Vec<PlayerRef>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// The match is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatchEnd {
    /// The result as recorded.
    pub outcome: Outcome,
    /// Player, or players, of the match.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub player_of_match: Vec<Arc<str>>,
    /// The bowl-out ball by ball, where there was one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bowl_out: Vec<BowlOutBall>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// The result as recorded.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Outcome {
    /// The winner; none in a tie, a draw or no result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub winner: Option<Arc<str>>,
    /// By how much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<WinBy>,
    /// `D/L`, `VJD`, `Awarded`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// `tie`, `draw` or `no result`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Who won the super over (or on boundaries) after a tie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eliminator: Option<Arc<str>>,
    /// Who won the bowl-out after a tie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bowl_out: Option<Arc<str>>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// As a follower says it: `Alpha won by 5 wickets (D/L)`, `tie`, `no result`.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.winner, self.by) {
            (Some(winner), Some(by)) => write!(f, "{winner} won by {by}")?,
            (Some(winner), None) => write!(f, "{winner} won")?,
            (None, _) => f.write_str(self.result.as_deref().unwrap_or("no result recorded"))?,
        }
        if let Some(winner) = &self.eliminator {
            write!(f, " ({winner} won the tie-break)")?;
        }
        if let Some(winner) = &self.bowl_out {
            write!(f, " ({winner} won the bowl-out)")?;
        }
        self.method.iter().try_for_each(|method| write!(f, " ({method})"))
    }
}

/// A margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WinBy {
    /// Innings to spare (1 in an innings victory).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub innings: Option<u8>,
    /// Runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs: Option<u32>,
    /// Wickets in hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wickets: Option<u8>,
}

/// As a follower says it: `1 run`, `an innings and 20 runs`.
impl fmt::Display for WinBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |f: &mut fmt::Formatter<'_>, number: u32, noun: &str| {
            write!(f, "{number} {noun}{}", if number == 1 { "" } else { "s" })
        };
        match self {
            Self { innings: Some(_), runs: Some(runs), .. } => {
                f.write_str("an innings and ")?;
                count(f, *runs, "run")
            }
            Self { innings: Some(_), .. } => f.write_str("an innings"),
            Self { runs: Some(runs), .. } => count(f, *runs, "run"),
            Self { wickets: Some(wickets), .. } => count(f, u32::from(*wickets), "wicket"),
            Self { .. } => f.write_str("a margin not recorded"),
        }
    }
}

/// One ball of a bowl-out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BowlOutBall {
    /// Who bowled.
    pub bowler: Arc<str>,
    /// `hit` or `miss`.
    pub outcome: String,
}
