//! A system on air: its first reply if it may be said, else a second and third with other seeds, else the phrasebook.

use commentary::CheckedLine;

/// What went on the air.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Spoken {
    /// The system's reply of this number, from 0.
    Own(u32, CheckedLine),
    /// The phrasebook's line in its place.
    Phrasebook(CheckedLine),
    /// Nothing.
    Silence,
}

impl Spoken {
    pub(super) fn line(&self) -> Option<&CheckedLine> {
        match self {
            Self::Own(_, line) | Self::Phrasebook(line) => Some(line),
            Self::Silence => None,
        }
    }
}
