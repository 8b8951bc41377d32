//! Cricsheet match files (JSON 1.x): read, turned into events and back, and written, without loss.
//!
//! "Without loss" is the same JSON document: the same keys and values, numbers by their text where they are over.ball
//! (5.10 is not 5.1), dynamic maps in file order. The order of fixed keys inside an object is free. Whatever the types
//! have no place for (unknown keys, an explicit zero) is kept in `ext` under `"cricsheet"`, as the difference to what
//! [`write()`] would print by itself.
//!
//! Format: <https://cricsheet.org/format/json/>.

mod convert;
mod delivery;
mod error;
mod info;
mod innings;
mod names;
pub(crate) mod overlay;
mod read;
mod write;

pub use convert::{from_events, into_events, to_events};
pub use error::CricsheetError;
pub use read::read;
pub use write::write;

use crate::event::{Delivery, Ext, InningsEnd, InningsStart, MatchEnd, MatchInfo, Powerplay};

/// The name in `ext` of what the types have no place for.
pub(crate) const EXT: &str = "cricsheet";

/// A match as a Cricsheet file holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct CricsheetMatch {
    /// The file's own facts: `data_version`, `created`, `revision`.
    pub meta: Ext,
    /// `info` without the result.
    pub info: MatchInfo,
    /// The result; `None` in a file of a match in progress.
    pub end: Option<MatchEnd>,
    /// The innings in order, super overs included.
    pub innings: Vec<CricsheetInnings>,
    /// Top-level keys this version does not know.
    pub ext: Ext,
}

/// One innings of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct CricsheetInnings {
    /// Number, side, kind, target, penalty runs brought in, whether forfeited.
    pub start: InningsStart,
    /// Powerplays in file order.
    pub powerplays: Vec<Powerplay>,
    /// Overs in file order; empty in a forfeited innings.
    pub overs: Vec<CricsheetOver>,
    /// Whether declared, who was absent hurt, miscounted overs, penalty runs added afterwards.
    pub end: InningsEnd,
}

/// One over of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct CricsheetOver {
    /// From 0.
    pub over: u16,
    /// Its deliveries in order.
    pub deliveries: Vec<Delivery>,
    /// Keys this version does not know.
    pub ext: Ext,
}

impl CricsheetMatch {
    /// All deliveries of the match in order, super overs included.
    pub fn deliveries(&self) -> impl Iterator<Item = &Delivery> {
        self.innings.iter().flat_map(|innings| &innings.overs).flat_map(|over| &over.deliveries)
    }
}
