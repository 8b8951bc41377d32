//! What happens around the deliveries: innings, overs, penalties, breaks, players coming and going.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Delivery, DismissalKind, Ext, Fielder};
use crate::{overs::OverBall, player::PlayerRef};

/// Normal or super over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InningsKind {
    /// Part of the match.
    #[default]
    Normal,
    /// Decides a tie; never part of career figures.
    SuperOver,
}

/// What a side must score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Runs to win.
    pub runs: u32,
    /// Overs to get them in, as overs and balls (`9.2` is 56 balls); `None` without a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overs: Option<OverBall>,
    /// The same in balls, where the feed says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balls: Option<u32>,
}

/// An innings begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InningsStart {
    /// Innings, from 1, super overs included.
    pub innings: u8,
    /// The batting side.
    pub team: Arc<str>,
    /// Normal or super over.
    #[serde(default)]
    pub kind: InningsKind,
    /// What it chases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// Penalty runs brought into the innings (Law 41).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub penalty_pre: Option<u16>,
    /// The opening pair.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub openers: Vec<PlayerRef>,
    /// Whether the side forfeited it (Law 15.2).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub forfeited: bool,
    /// Whether it follows on (Law 14).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub follow_on: bool,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// The umpire has called over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OverEnd {
    /// Innings, from 1.
    pub innings: u8,
    /// Over, from 0.
    pub over: u16,
    /// Who bowled it (its last part, where two did).
    pub bowler: PlayerRef,
    /// Legal balls as the umpire counted them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_balls: Option<u16>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// An over's complete deliveries, in place of what was sent for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OverReplace {
    /// Innings, from 1.
    pub innings: u8,
    /// Over, from 0.
    pub over: u16,
    /// All its deliveries, in order.
    pub deliveries: Vec<Delivery>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// Which side is awarded penalty runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PenaltySide {
    /// To the innings in progress (Law 41.18).
    Batting,
    /// To the fielding side's last completed innings, else its next (Law 41.17).
    Fielding,
}

/// Penalty runs that belong to no ball.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PenaltyRuns {
    /// To whom.
    pub side: PenaltySide,
    /// How many, usually 5.
    pub runs: u16,
    /// The innings in progress when awarded, from 1.
    pub innings: u8,
    /// `pre` or `post` where the record books them before or after the innings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The Law, such as `41.3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// A wicket without a delivery: timed out, run out of the non-striker before delivery, retired out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DismissalNoBall {
    /// Innings, from 1.
    pub innings: u8,
    /// How.
    pub kind: DismissalKind,
    /// Who.
    pub player_out: PlayerRef,
    /// Who took part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fielders: Vec<Fielder>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// A batter leaves without being dismissed (hurt, or not out).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Retirement {
    /// Innings, from 1.
    pub innings: u8,
    /// Who.
    pub player: PlayerRef,
    /// `hurt`, `not out`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// A batter comes in, or comes back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BatterIn {
    /// Innings, from 1.
    pub innings: u8,
    /// Who.
    pub player: PlayerRef,
    /// `striker` or `non_striker`, where the feed says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// A bowler takes over, or changes ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BowlerChange {
    /// Innings, from 1.
    pub innings: u8,
    /// Who bowls now.
    pub player: PlayerRef,
    /// The end, by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// Why, where the feed says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// A powerplay's bounds; they count all deliveries of the over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Powerplay {
    /// Innings, from 1.
    pub innings: u8,
    /// `mandatory`, `batting` or `fielding`.
    #[serde(rename = "type")]
    pub kind: String,
    /// First ball.
    pub from: OverBall,
    /// Last ball.
    pub to: OverBall,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// A review that arrives apart from its ball.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReviewEvent {
    /// Innings, from 1.
    pub innings: u8,
    /// The side that asked.
    pub by: Arc<str>,
    /// The batter concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batter: Option<PlayerRef>,
    /// What the umpire had said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    /// What came of it; `None` while the third umpire looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Whether it stayed with the umpire's call.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub umpires_call: bool,
    /// Reviews the side has left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining: Option<u8>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// One player for another, apart from a ball.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplacementEvent {
    /// The side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<Arc<str>>,
    /// Who comes in.
    #[serde(rename = "in")]
    pub incoming: PlayerRef,
    /// Who goes out.
    #[serde(rename = "out", default, skip_serializing_if = "Option::is_none")]
    pub outgoing: Option<PlayerRef>,
    /// Why: concussion, impact, injury, excluded, …
    pub reason: String,
    /// `bowler` or `batter` where only a part is taken over; absent for a whole player.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// Play stops, or goes on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Interruption {
    /// Innings in progress, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub innings: Option<u8>,
    /// `rain`, `bad light`, `drinks`, `lunch`, `tea`, `stumps`, `timeout`, `innings break`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Overs lost to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overs_lost: Option<u16>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// A new target; official ones come from the feed, never from us.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetRevision {
    /// The chasing innings, from 1.
    pub innings: u8,
    /// The new target.
    #[serde(flatten)]
    pub target: Target,
    /// `D/L`, `VJD`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Par at this moment, where the feed gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub par: Option<u32>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// An over in which the umpire miscounted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MiscountedOver {
    /// Over, from 0.
    pub over: u16,
    /// Legal balls bowled; text in some files and a number in others, kept as it came.
    pub balls: Value,
    /// The umpire who counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub umpire: Option<Arc<str>>,
}

impl MiscountedOver {
    /// Legal balls bowled, whichever way they were written.
    pub fn ball_count(&self) -> Option<u16> {
        match &self.balls {
            Value::Number(number) => number.as_u64().and_then(|balls| u16::try_from(balls).ok()),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }
}

/// An innings is over.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct InningsEnd {
    /// Innings, from 1.
    pub innings: u8,
    /// `all_out`, `overs`, `declared`, `forfeited`, `target_reached`, `conceded`, …; `None` where the feed does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Players who could not bat; not wickets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub absent_hurt: Vec<PlayerRef>,
    /// Overs in which the umpire miscounted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub miscounted_overs: Vec<MiscountedOver>,
    /// Penalty runs added after the innings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub penalty_post: Option<u16>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// Every live event of the match at one point of the stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The live events, in order.
    pub events: Vec<super::Event>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub ext: Ext,
}

/// Something said without a shape of its own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Note {
    /// Innings in progress, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub innings: Option<u8>,
    /// Why, or what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Anything else.
    #[serde(flatten)]
    pub ext: Ext,
}
