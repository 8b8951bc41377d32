//! What an event brought about, in the order in which a commentator would notice it.

use std::sync::Arc;

use super::{
    anomaly::Anomaly,
    state::{Dismissal, EndReason, MatchResult},
};
use crate::{
    event::{Delivery, InningsKind, MatchEnd, Target},
    player::PlayerRef,
};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// The match's facts are known (again).
    MatchStarted,
    /// An innings began.
    InningsStarted {
        /// From 1.
        innings: u8,
        /// The batting side.
        team: Arc<str>,
        /// Normal or super over.
        kind: InningsKind,
        /// What it chases.
        target: Option<Target>,
    },
    /// A ball was bowled; always the first happening of a delivery.
    Ball(Arc<Delivery>),
    /// Four over the rope.
    Four,
    /// Six over the rope.
    Six,
    /// A wicket.
    Wicket {
        /// Who.
        player: PlayerRef,
        /// The batter's runs.
        runs: u32,
        /// The batter's balls.
        balls: u32,
        /// How.
        dismissal: Dismissal,
        /// Which wicket of the innings, from 1.
        wicket: u8,
    },
    /// A batter left without being dismissed.
    Retired {
        /// Who.
        player: PlayerRef,
        /// The batter's runs.
        runs: u32,
    },
    /// A batter came in.
    NewBatter {
        /// Who.
        player: PlayerRef,
    },
    /// Another bowler than in the last over of this end, or the first.
    NewBowler {
        /// Who.
        player: PlayerRef,
        /// Whether it is the bowler's first ball of the innings.
        first_over: bool,
    },
    /// A batter passed a multiple of fifty.
    BatterMilestone {
        /// Who.
        player: PlayerRef,
        /// 50, 100, 150, …
        runs: u32,
        /// Balls it took.
        balls: u32,
    },
    /// A bowler took the third, fourth, fifth … wicket of the innings (from 3).
    BowlerMilestone {
        /// Who.
        player: PlayerRef,
        /// Wickets now.
        wickets: u32,
        /// Runs conceded.
        runs: u32,
    },
    /// A partnership passed a multiple of fifty.
    PartnershipMilestone {
        /// The pair at the crease.
        batters: Vec<PlayerRef>,
        /// 50, 100, …
        runs: u32,
        /// For which wicket.
        wicket: u8,
    },
    /// The side passed a multiple of fifty.
    TeamMilestone {
        /// The side.
        team: Arc<str>,
        /// 50, 100, …
        runs: u32,
    },
    /// The bowler's next ball would complete a hat-trick.
    HatTrickBall {
        /// Who.
        player: PlayerRef,
    },
    /// Three in three (each further one in a row says it again).
    HatTrick {
        /// Who.
        player: PlayerRef,
    },
    /// A batter out for nothing.
    Duck {
        /// Who.
        player: PlayerRef,
        /// To the first ball faced.
        golden: bool,
        /// Without having faced a ball.
        diamond: bool,
    },
    /// The over has its balls, or the umpire has called over. Should one more ball follow all the same (a miscount), it is
    /// said again at the over's real end.
    OverCompleted {
        /// From 0.
        over: u16,
        /// Who bowled it.
        bowler: PlayerRef,
        /// Runs of the over.
        runs: u32,
        /// Wickets of the over.
        wickets: u8,
        /// Whether a maiden.
        maiden: bool,
    },
    /// A powerplay began, by the feed's word; where the feed sends none, by the format's table.
    PowerplayStarted {
        /// `mandatory`, `batting` or `fielding`.
        kind: String,
    },
    /// A powerplay ended with the last over.
    PowerplayEnded {
        /// `mandatory`, `batting` or `fielding`.
        kind: String,
        /// The side's runs at its end.
        runs: u32,
        /// The side's wickets at its end.
        wickets: u8,
    },
    /// Legal balls without a boundary reached 13, 19, 25, …
    BoundaryDrought {
        /// How many.
        balls: u32,
    },
    /// Boundaries off three balls running (each further one says it again), or a fourth and further in one over. In T20s
    /// the first comes once in 210 balls, the second once in 520; in Tests once in 1,900 and 8,300 (14,107 matches of 2001
    /// to 2025).
    BoundaryBurst {
        /// How many boundaries.
        boundaries: u32,
        /// Off how many deliveries: as many where they came running, else those of the over so far.
        deliveries: u32,
    },
    /// The first boundary after a drought.
    DroughtBroken {
        /// Balls it lasted.
        balls: u32,
    },
    /// Penalty runs.
    Penalty {
        /// To whom.
        team: Arc<str>,
        /// How many.
        runs: u32,
    },
    /// Players or umpires asked for a review.
    Reviewed {
        /// The side that asked.
        by: Arc<str>,
        /// What came of it; `None` while the third umpire looks.
        decision: Option<String>,
        /// Whether it stayed with the umpire's call.
        umpires_call: bool,
    },
    /// One player for another.
    Replaced {
        /// Who comes in.
        incoming: PlayerRef,
        /// For whom.
        outgoing: Option<PlayerRef>,
        /// Why.
        reason: String,
    },
    /// The target moved.
    TargetRevised {
        /// The new one.
        target: Target,
    },
    /// Play stopped.
    PlayStopped {
        /// Why.
        reason: String,
    },
    /// Play goes on.
    PlayResumed,
    /// The chasing side reached the target.
    TargetReached,
    /// An innings ended.
    InningsEnded {
        /// From 1.
        innings: u8,
        /// The side that batted.
        team: Arc<str>,
        /// Its runs.
        runs: u32,
        /// Its wickets.
        wickets: u8,
        /// Why.
        reason: EndReason,
    },
    /// The match is decided by the score (`recorded` is `None`), or over by the feed's word (`recorded` is given). A feed
    /// that sends its word brings about both, one after the other.
    MatchEnded {
        /// As recorded by the feed, where it says.
        recorded: Option<Arc<MatchEnd>>,
        /// As computed.
        computed: Option<MatchResult>,
    },
    /// Something does not fit.
    Anomaly(Anomaly),
}
