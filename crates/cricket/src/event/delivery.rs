//! A delivery: the unit of cricket.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Ext;
use crate::player::PlayerRef;

/// One ball as the feed saw it. Striker, non-striker and bowler are always explicit: the engine never guesses them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Innings, from 1, super overs included.
    pub innings: u8,
    /// Over, from 0.
    pub over: u16,
    /// Position among all deliveries of the over, from 1 (wides and no-balls count).
    pub pos: u16,
    /// The striker.
    pub batter: PlayerRef,
    /// The other batter.
    pub non_striker: PlayerRef,
    /// The bowler.
    pub bowler: PlayerRef,
    /// What was scored.
    pub runs: Runs,
    /// Extras by kind.
    #[serde(default)]
    pub extras: Extras,
    /// Whether the ball was a free hit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub free_hit: bool,
    /// Wickets on the ball, in order; two are possible. Retirements are listed here too, as Cricsheet does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wickets: Vec<Wicket>,
    /// A review on the ball; boxed, like the replacements, because few balls have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Box<Review>>,
    /// Replacements made before the ball.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacements: Option<Box<Replacements>>,
    /// The scorer's total after the ball, as a checksum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_after: Option<ScoreAfter>,
    /// Fields this version does not know; shot, line, length, speed and zone live here when a feed carries them.
    #[serde(flatten)]
    pub ext: Ext,
}

impl Delivery {
    /// A dot ball and nothing more: what a ball's makers start from.
    pub fn dot(
        (innings, over, pos): (u8, u16, u16),
        batter: PlayerRef,
        non_striker: PlayerRef,
        bowler: PlayerRef,
    ) -> Self {
        Self {
            innings,
            over,
            pos,
            batter,
            non_striker,
            bowler,
            runs: Runs::default(),
            extras: Extras::default(),
            free_hit: false,
            wickets: Vec::new(),
            review: None,
            replacements: None,
            score_after: None,
            ext: Ext::new(),
        }
    }

    /// Whether the ball counts in the over: neither a wide nor a no-ball (Laws 21.17, 22.9).
    pub fn is_legal(&self) -> bool {
        self.extras.wides == 0 && self.extras.noballs == 0
    }

    /// Whether the striker faced it: every delivery but a wide.
    pub fn is_faced(&self) -> bool {
        self.extras.wides == 0
    }

    /// Runs against the bowler: off the bat, wides and no-balls; never byes, leg byes or penalties.
    pub fn conceded(&self) -> u16 {
        self.runs.bat.saturating_add(self.extras.wides).saturating_add(self.extras.noballs)
    }

    /// Four off the bat over the rope (not all run).
    pub fn is_four(&self) -> bool {
        self.runs.bat == 4 && !self.runs.non_boundary
    }

    /// The ball as a scorer's sheet shows it: `•`, `4`, `W`, `1lb`, `wd`, `3wd`, `nb`, `nb+2`, `W+1`.
    pub fn symbol(&self) -> String {
        let Self { runs, extras, .. } = self;
        let mut parts = Vec::new();
        if self.wickets.iter().any(|wicket| wicket.kind.is_wicket()) {
            parts.push("W".to_owned());
        }
        for (kind, runs) in [("wd", extras.wides), ("nb", extras.noballs)] {
            match runs {
                0 => {}
                1 => parts.push(kind.to_owned()),
                runs => parts.push(format!("{runs}{kind}")),
            }
        }
        for (kind, runs) in [("b", extras.byes), ("lb", extras.legbyes), ("pen", extras.penalty)] {
            if runs > 0 {
                parts.push(format!("{runs}{kind}"));
            }
        }
        if runs.bat > 0 {
            parts.push(runs.bat.to_string());
        }
        if parts.is_empty() { "•".to_owned() } else { parts.join("+") }
    }

    /// Six off the bat over the rope.
    pub fn is_six(&self) -> bool {
        self.runs.bat == 6 && !self.runs.non_boundary
    }
}

/// Runs of one ball.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Runs {
    /// Off the bat.
    pub bat: u16,
    /// Extras of all kinds.
    pub extras: u16,
    /// Both together.
    pub total: u16,
    /// Whether 4 or 6 off the bat were run, or overthrown, and not a boundary.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub non_boundary: bool,
}

/// Extras of one ball, in runs; several kinds can occur together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Extras {
    /// Wides, runs taken on them included.
    #[serde(skip_serializing_if = "is_zero")]
    pub wides: u16,
    /// The no-ball's own penalty (before October 2017 with the byes run on it).
    #[serde(skip_serializing_if = "is_zero")]
    pub noballs: u16,
    /// Byes.
    #[serde(skip_serializing_if = "is_zero")]
    pub byes: u16,
    /// Leg byes.
    #[serde(skip_serializing_if = "is_zero")]
    pub legbyes: u16,
    /// Penalty runs awarded on the ball.
    #[serde(skip_serializing_if = "is_zero")]
    pub penalty: u16,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(runs: &u16) -> bool {
    *runs == 0
}

/// A total as the scorer has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreAfter {
    /// Runs of the innings.
    pub runs: u32,
    /// Wickets of the innings.
    pub wickets: u8,
}

/// How a batter's innings ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum DismissalKind {
    /// Law 32.
    Bowled,
    /// Law 33.
    Caught,
    /// Law 33, by the bowler.
    CaughtAndBowled,
    /// Law 36, leg before wicket.
    Lbw,
    /// Law 38.
    RunOut,
    /// Law 39.
    Stumped,
    /// Law 35.
    HitWicket,
    /// Law 34.
    HitTheBallTwice,
    /// Law 37.
    ObstructingTheField,
    /// A dismissal of its own until the Laws of 2017, obstruction since.
    HandledTheBall,
    /// Law 40.
    TimedOut,
    /// Law 25.4.3: left without leave; a wicket, not the bowler's.
    RetiredOut,
    /// Law 25.4.2: not a wicket, may return.
    RetiredHurt,
    /// Retired not out: not a wicket, may return.
    RetiredNotOut,
    /// A kind this version does not know; counted as a wicket, not the bowler's.
    Other(String),
}

impl DismissalKind {
    /// The name that Cricsheet and followers use, such as `"caught and bowled"`.
    pub fn name(&self) -> &str {
        match self {
            Self::Bowled => "bowled",
            Self::Caught => "caught",
            Self::CaughtAndBowled => "caught and bowled",
            Self::Lbw => "lbw",
            Self::RunOut => "run out",
            Self::Stumped => "stumped",
            Self::HitWicket => "hit wicket",
            Self::HitTheBallTwice => "hit the ball twice",
            Self::ObstructingTheField => "obstructing the field",
            Self::HandledTheBall => "handled the ball",
            Self::TimedOut => "timed out",
            Self::RetiredOut => "retired out",
            Self::RetiredHurt => "retired hurt",
            Self::RetiredNotOut => "retired not out",
            Self::Other(kind) => kind,
        }
    }

    /// Whether a wicket falls: everything but retiring hurt or not out.
    pub fn is_wicket(&self) -> bool {
        !matches!(self, Self::RetiredHurt | Self::RetiredNotOut)
    }

    /// Whether the bowler is credited: bowled, caught, caught and bowled, lbw, stumped, hit wicket.
    pub fn is_bowlers(&self) -> bool {
        matches!(
            self,
            Self::Bowled | Self::Caught | Self::CaughtAndBowled | Self::Lbw | Self::Stumped | Self::HitWicket
        )
    }
}

impl From<String> for DismissalKind {
    fn from(name: String) -> Self {
        match name.as_str() {
            "bowled" => Self::Bowled,
            "caught" => Self::Caught,
            "caught and bowled" => Self::CaughtAndBowled,
            "lbw" => Self::Lbw,
            "run out" => Self::RunOut,
            "stumped" => Self::Stumped,
            "hit wicket" => Self::HitWicket,
            "hit the ball twice" => Self::HitTheBallTwice,
            "obstructing the field" => Self::ObstructingTheField,
            "handled the ball" => Self::HandledTheBall,
            "timed out" => Self::TimedOut,
            "retired out" => Self::RetiredOut,
            "retired hurt" => Self::RetiredHurt,
            "retired not out" => Self::RetiredNotOut,
            _ => Self::Other(name),
        }
    }
}

impl From<DismissalKind> for String {
    fn from(kind: DismissalKind) -> Self {
        kind.name().to_owned()
    }
}

impl fmt::Display for DismissalKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A wicket, or a retirement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wicket {
    /// How.
    pub kind: DismissalKind,
    /// Who; not always one of the two at the crease.
    pub player_out: PlayerRef,
    /// Who took part, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fielders: Vec<Fielder>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// A fielder in a dismissal; a substitute may be unnamed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fielder {
    /// Who; `None` for an unnamed substitute.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub player: Option<PlayerRef>,
    /// Whether a substitute.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub substitute: bool,
}

/// A review on a ball.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// The side that asked.
    pub by: Arc<str>,
    /// The batter concerned.
    pub batter: PlayerRef,
    /// `upheld`, `struck down` or `technical failure`.
    pub decision: String,
    /// The umpire whose decision was reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub umpire: Option<Arc<str>>,
    /// What was reviewed, such as `wicket`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether it stayed with the umpire's call.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub umpires_call: bool,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// Replacements made before a ball.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Replacements {
    /// A player for a player, for the rest of the match.
    #[serde(rename = "match", default, skip_serializing_if = "Vec::is_empty")]
    pub players: Vec<MatchReplacement>,
    /// Another bowler or batter takes over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub role: Vec<RoleReplacement>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// One player comes into the match for another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatchReplacement {
    /// Who comes in.
    #[serde(rename = "in")]
    pub incoming: PlayerRef,
    /// Who goes out.
    #[serde(rename = "out")]
    pub outgoing: PlayerRef,
    /// Why: `concussion_substitute`, `impact_player`, …
    pub reason: String,
    /// The side.
    pub team: Arc<str>,
}

/// One player takes over another's part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoleReplacement {
    /// Who takes over.
    #[serde(rename = "in")]
    pub incoming: PlayerRef,
    /// From whom, if the record says.
    #[serde(rename = "out", default, skip_serializing_if = "Option::is_none")]
    pub outgoing: Option<PlayerRef>,
    /// Why: `injury`, `excluded - …`, `too many overs`, `unknown`.
    pub reason: String,
    /// `bowler` or `batter`.
    pub role: String,
}

impl Delivery {
    /// A field outside the contract's core that the feed carries (shot, line, length, speed …), looked for beside the
    /// known fields and in the contract's `ext` object.
    pub fn extra_field(&self, name: &str) -> Option<&Value> {
        self.ext
            .get(name)
            .or_else(|| self.ext.get("ext").and_then(|ext| ext.get(name)))
            .filter(|value| !value.is_null())
    }
}
