//! What commentary asks of past matches, as a small trait of its own: it never sees how they are stored.
//!
//! Every answer carries its scope, its sample and the year since which matches are held, because a statistic without
//! them is a claim nobody can check. Answers hold only matches before the one being played.

mod question;

use cricket::player::PersonId;

pub use question::{Answer, Question, Told};

/// One batter against one bowler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadToHead {
    /// Balls faced (wides left out).
    pub balls: u32,
    /// Runs off the bat.
    pub runs: u32,
    /// Times this bowler dismissed the batter.
    pub dismissals: u32,
    /// What was counted, in words, such as `T20s`.
    pub scope: String,
    /// Year of the earliest match held in that scope.
    pub since_year: u16,
}

/// A batter's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatterRecord {
    /// Innings batted.
    pub innings: u32,
    /// Runs.
    pub runs: u32,
    /// Balls faced.
    pub balls: u32,
    /// Dismissals.
    pub dismissals: u32,
    /// Highest score.
    pub highest: u32,
    /// What was counted, in words.
    pub scope: String,
    /// Year of the earliest match held in that scope.
    pub since_year: u16,
}

/// A bowler's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BowlerRecord {
    /// Matches in which the bowler bowled.
    pub matches: u32,
    /// Legal balls.
    pub balls: u32,
    /// Runs conceded.
    pub runs: u32,
    /// Credited wickets.
    pub wickets: u32,
    /// What was counted, in words.
    pub scope: String,
    /// Year of the earliest match held in that scope.
    pub since_year: u16,
}

/// Questions about past matches. Answers come at once, from memory or a local store; `None` is "not known", and nothing is
/// known where an archive does not say otherwise.
pub trait Archive: Send + Sync {
    /// This batter against this bowler.
    fn batter_v_bowler(&self, _: &PersonId, _: &PersonId) -> Option<HeadToHead> {
        None
    }

    /// This batter's record in matches of this kind.
    fn batter_record(&self, _: &PersonId) -> Option<BatterRecord> {
        None
    }

    /// This bowler's record in matches of this kind.
    fn bowler_record(&self, _: &PersonId) -> Option<BowlerRecord> {
        None
    }

    /// Any other question.
    fn ask(&self, _: &Question) -> Option<Answer> {
        None
    }
}

/// No past matches at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoArchive;

impl Archive for NoArchive {}
