//! The archive: past matches in one SQLite file, and questions about them.
//!
//! Invariants: the archive is a cache made from match files, never the live journal; it can be deleted and made again.
//! Everything is keyed by match id and person id. Men's and women's cricket, and formats, are never mixed in an answer;
//! super overs are in no figure; an answer knows only matches before a given day. Adding a file twice changes nothing.

mod archive;
mod check;
mod class;
mod day;
mod error;
mod facts;
mod figures;
pub mod frequencies;
mod ground;
mod holder;
mod info;
mod ingest;
mod keep;
mod pack;
mod part;
mod questions;
mod reader;
mod schema;
mod source;
mod tally;

pub use archive::{Archive, ArchiveError};
pub use check::{Check, Fault};
pub use class::{Class, ClassError, Format, Gender, Level, Scope};
pub use day::{Day, DayError};
pub use info::{ClassInfo, Info};
pub use ingest::Report;
pub use pack::StoredBall;
pub use questions::{
    BatterAtGround, BatterForm, BatterPhase, BatterPhases, BatterRecord, BowlerAtGround, BowlerForm, BowlerPhase,
    BowlerPhases, BowlerRecord, Chase, ChaseRecord, DefendedTotals, Estimate, HeadToHead, LEAST_BALLS, Milestone,
    MilestoneKind, OWNS_BALLS, OWNS_DISMISSALS, PRIOR_BALLS, PRIOR_INNINGS, Par, Partnership, Person, PersonMatches,
    Ranked, Ranking, RankingKind, RecentBatting, RecentBowling, Sample, Season, SeasonFigures, Total, Trend,
};
pub use reader::ReadError;
pub use source::{BadFile, MatchFile, Progress, SourceError, TooMuch, each_match};
