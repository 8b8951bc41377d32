//! A system on air: its first reply if it may be said, else a second and third with other seeds, else the phrasebook.

use commentary::{CheckedLine, LineKind, Memory, Moment, Persona, Phrasebook};

/// Replies that are asked for in all before the phrasebook speaks.
pub(super) const TRIES: u32 = 3;

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

/// The phrasebook's line, as the daemon has it: after a wicket or a boundary a line said a while ago is better than
/// silence.
pub(super) fn from_phrasebook(
    book: &Phrasebook,
    kind: LineKind,
    moment: &Moment,
    persona: &Persona,
    memory: &mut Memory,
) -> Option<CheckedLine> {
    book.line_of(kind, moment, persona, memory).or_else(|| {
        let urgent = kind == LineKind::Call && (moment.is_wicket() || moment.is_boundary());
        let line = urgent.then(|| book.line_of(kind, moment, persona, &mut Memory::new())).flatten()?;
        memory.remember(moment, line.text());
        Some(line)
    })
}
