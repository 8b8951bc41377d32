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
pub mod frequencies;
mod holder;
mod info;
mod ingest;
mod keep;
mod pack;
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
pub use questions::{BatterRecord, BowlerRecord, HeadToHead, Sample};
pub use reader::ReadError;
pub use source::{BadFile, MatchFile, Progress, SourceError, TooMuch, each_match};
