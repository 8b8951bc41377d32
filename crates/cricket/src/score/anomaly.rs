//! What does not fit together: said, counted, never fatal.

use std::fmt;

use crate::event::Key;

/// Something in the feed that contradicts the Laws, the feed itself, or our count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomaly {
    /// The event in question.
    pub key: Key,
    /// What is wrong.
    pub kind: AnomalyKind,
}

/// Kinds of anomaly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnomalyKind {
    /// The scorer's total differs from ours.
    ScoreMismatch {
        /// Ours, as `156/3`.
        ours: String,
        /// The scorer's.
        theirs: String,
    },
    /// `runs.total` is not bat plus extras, or extras do not add up.
    RunsDoNotAddUp,
    /// An over ended with another number of legal balls than the format has.
    OverLength {
        /// Legal balls bowled.
        balls: u16,
    },
    /// A dismissal that the ball does not allow (bowled off a no-ball, …).
    ImpossibleDismissal {
        /// The dismissal.
        kind: String,
    },
    /// The striker is not whom the Laws put on strike.
    UnexpectedStriker {
        /// Whom we expected.
        expected: String,
        /// Whom the feed has.
        found: String,
    },
    /// A player dismissed who was not at the crease.
    NotAtTheCrease {
        /// Who.
        player: String,
    },
    /// Play in an innings that is over, or that never started.
    OutOfPlay,
    /// Deliveries are missing before this one.
    Gap,
    /// Byes or leg byes booked beside a no-ball under Laws that book them as no-balls (before October 2017).
    NoBallByes,
    /// A bowler who may not bowl: the over before was the bowler's too (Law 17.6), or the umpires took the bowler off.
    BowlerNotAllowed {
        /// Who.
        bowler: String,
        /// Whether taken off (Laws 41.6 to 41.9, 41.14), and not for two overs running.
        excluded: bool,
    },
    /// A super over that the other side should have begun.
    WrongSideBats {
        /// The side that bats first: the one that batted second before.
        expected: String,
    },
    /// The recorded result is not the computed one.
    ResultMismatch {
        /// Ours.
        ours: String,
        /// The record's.
        theirs: String,
    },
}

impl fmt::Display for Anomaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.key)?;
        match &self.kind {
            AnomalyKind::ScoreMismatch { ours, theirs } => write!(f, "the scorer has {theirs}, we count {ours}"),
            AnomalyKind::RunsDoNotAddUp => f.write_str("the runs of the ball do not add up"),
            AnomalyKind::OverLength { balls } => write!(f, "an over of {balls} legal balls"),
            AnomalyKind::ImpossibleDismissal { kind } => write!(f, "{kind} is not possible on this ball"),
            AnomalyKind::UnexpectedStriker { expected, found } => {
                write!(f, "{expected} should be on strike, the feed has {found}")
            }
            AnomalyKind::NotAtTheCrease { player } => write!(f, "{player} is out without being at the crease"),
            AnomalyKind::OutOfPlay => f.write_str("play outside an innings in progress"),
            AnomalyKind::NoBallByes => f.write_str("before October 2017 the byes of a no-ball were no-balls"),
            AnomalyKind::BowlerNotAllowed { bowler, excluded: true } => write!(f, "{bowler} was taken off and bowls"),
            AnomalyKind::BowlerNotAllowed { bowler, excluded: false } => write!(f, "{bowler} bowls two overs running"),
            AnomalyKind::WrongSideBats { expected } => write!(f, "{expected} bats first in this super over"),
            AnomalyKind::Gap => f.write_str("deliveries are missing before this one"),
            AnomalyKind::ResultMismatch { ours, theirs } => write!(f, "recorded as {theirs}, we compute {ours}"),
        }
    }
}
