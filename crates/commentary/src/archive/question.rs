//! What else is asked of past matches, and what is answered.

use std::sync::Arc;

use cricket::{phase::Phase, player::PersonId};

/// A question. "Here" is the ground of the match being played.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Question {
    /// A batter in a part of the innings: [`Told::Batting`].
    BatterInPhase(PersonId, Phase),
    /// A bowler in a part of the innings: [`Told::Bowling`].
    BowlerInPhase(PersonId, Phase),
    /// A batter here: [`Told::Batting`].
    BatterHere(PersonId),
    /// A bowler here: [`Told::Bowling`].
    BowlerHere(PersonId),
    /// A batter's last innings: [`Told::Form`].
    BatterForm(PersonId),
    /// A bowler's last innings: [`Told::Form`].
    BowlerForm(PersonId),
    /// Two batters together: [`Told::Pair`].
    Pair(PersonId, PersonId),
    /// Chases here: [`Told::Chases`].
    ChasesHere,
    /// Chases of a side: [`Told::Chases`].
    ChasesBy(Arc<str>),
    /// What a first innings is worth here, in the last years: [`Told::Par`].
    ParHere,
    /// Totals defended here: [`Told::Defended`].
    DefendedHere,
    /// A batter's next milestone in runs: [`Told::Milestone`].
    NextRuns(PersonId),
    /// A bowler's next milestone in wickets: [`Told::Milestone`].
    NextWickets(PersonId),
    /// A batter's place by runs in the season's competition: [`Told::Place`].
    PlaceByRuns(PersonId),
    /// A bowler's place by wickets in the season's competition: [`Told::Place`].
    PlaceByWickets(PersonId),
}

/// An answer, with what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What was counted, in words, such as `men's league T20s`.
    pub scope: String,
    /// Year of the earliest match counted.
    pub since_year: u16,
    /// How far it lies from what was to be expected, as a share of that, shrunk by how little was counted; 0 is as
    /// expected, and where nothing is.
    pub surprise: f64,
    /// What is known.
    pub told: Told,
}

/// What is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Of a batter.
    Batting {
        /// Innings counted.
        innings: u32,
        /// Runs.
        runs: u32,
        /// Balls faced.
        balls: u32,
    },
    /// Of a bowler.
    Bowling {
        /// Innings counted.
        innings: u32,
        /// Legal balls.
        balls: u32,
        /// Runs conceded.
        runs: u32,
        /// Credited wickets.
        wickets: u32,
    },
    /// Of the last innings.
    Form {
        /// How many.
        innings: u32,
        /// A batter's runs, or a bowler's wickets, in them.
        count: u32,
        /// The same an innings before them, in tenths.
        before_tenths: u32,
        /// Innings before them.
        innings_before: u32,
    },
    /// Of two together.
    Pair {
        /// Stands.
        stands: u32,
        /// Runs, extras included.
        runs: u32,
        /// Runs of the highest.
        best: u32,
    },
    /// Of chases.
    Chases {
        /// Decided ones.
        decided: u32,
        /// Won ones.
        won: u32,
        /// The highest target reached without a rule for rain.
        highest: Option<u32>,
    },
    /// Of first innings.
    Par {
        /// Innings counted.
        innings: u32,
        /// What is to be expected here, in runs.
        par: u32,
        /// The same at all grounds.
        usual: u32,
    },
    /// Of totals defended without a rule for rain.
    Defended {
        /// Matches counted.
        matches: u32,
        /// The highest.
        highest: u32,
        /// The lowest.
        lowest: u32,
    },
    /// Of a milestone ahead in these records.
    Milestone {
        /// Matches counted.
        matches: u32,
        /// Short of it before this match, at least 1.
        short: u32,
        /// The milestone.
        next: u32,
    },
    /// Of a place in a season.
    Place {
        /// From 1.
        place: u32,
        /// Runs or wickets.
        count: u32,
        /// Innings counted.
        innings: u32,
    },
}
