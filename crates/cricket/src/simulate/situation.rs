//! The situation before a ball, and the cell of the frequencies it falls into.

use std::fmt;

use super::Format;

/// A part of the innings, by over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// T20: overs 1 to 6. ODI: 1 to 10.
    Powerplay,
    /// T20: 7 to 15. ODI: 11 to 40.
    Middle,
    /// T20: 16 to 19. ODI: 41 to 49.
    Death,
    /// The innings' last over.
    Last,
}

impl Phase {
    const ALL: [Self; 4] = [Self::Powerplay, Self::Middle, Self::Death, Self::Last];

    fn of(format: Format, over: u16) -> Self {
        let middle_ends = match format {
            Format::T20 => 15,
            Format::Odi => 40,
        };
        if over < format.powerplay_overs() {
            Self::Powerplay
        } else if over < middle_ends {
            Self::Middle
        } else if over + 1 < format.overs() {
            Self::Death
        } else {
            Self::Last
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Powerplay => "powerplay",
            Self::Middle => "middle",
            Self::Death => "death",
            Self::Last => "last",
        }
    }
}

/// What a batting side faces before a ball.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// The game.
    pub format: Format,
    /// Over, from 0; below the format's number.
    pub over: u16,
    /// Legal balls bowled in the innings.
    pub legal_balls: u32,
    /// Wickets fallen, 0 to 9.
    pub wickets: u8,
    /// Runs still needed in a chase, 1 or more; `None` for the side that sets.
    pub needed: Option<u32>,
}

/// Bounds between bands of the required rate, in runs an over.
fn rate_bounds(format: Format) -> [f64; 5] {
    match format {
        Format::T20 => [6.0, 8.0, 10.0, 12.0, 15.0],
        Format::Odi => [4.0, 5.5, 7.0, 9.0, 12.0],
    }
}

/// A cell of the frequencies: a phase, a band of wickets fallen (0–2, 3–5, 6–9) and, in a chase, of the required rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cell {
    phase: Phase,
    /// 0 to 2.
    wickets: usize,
    /// Band of the required rate, 0 to 5; `None` for the side that sets.
    rate: Option<usize>,
}

impl Cell {
    /// How many there are in a format.
    pub const COUNT: usize = 4 * 3 * 7;

    /// All of them, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        [None, Some(0), Some(1), Some(2), Some(3), Some(4), Some(5)].into_iter().flat_map(|rate| {
            Phase::ALL.into_iter().flat_map(move |phase| (0..3).map(move |wickets| Self { phase, wickets, rate }))
        })
    }

    /// The cell of a situation; `None` where there is no ball to bowl: out of balls or wickets, or the target reached.
    pub fn of(situation: &Situation) -> Option<Self> {
        let balls_left = (u32::from(situation.format.overs()) * 6).checked_sub(situation.legal_balls)?;
        if balls_left == 0 || situation.over >= situation.format.overs() || situation.needed == Some(0) {
            return None;
        }
        let wickets = match situation.wickets {
            0..=2 => 0,
            3..=5 => 1,
            6..=9 => 2,
            _ => return None,
        };
        let rate = situation.needed.map(|needed| {
            let required = f64::from(needed) * 6.0 / f64::from(balls_left);
            rate_bounds(situation.format).iter().take_while(|bound| required >= **bound).count()
        });
        Some(Self { phase: Phase::of(situation.format, situation.over), wickets, rate })
    }

    /// Its place among [`Cell::all`].
    pub fn index(self) -> usize {
        let rate = self.rate.map_or(0, |band| band + 1);
        (rate * 4 + self.phase as usize) * 3 + self.wickets
    }

    /// The next wider cell, for situations rarely seen: a chase's is the same phase and wickets of the side that sets.
    pub(super) fn wider(self) -> Option<Self> {
        self.rate.map(|_| Self { rate: None, ..self })
    }

    /// Cells that differ from this in wickets alone.
    pub(super) fn other_wickets(self) -> impl Iterator<Item = Self> {
        (0..3).map(move |wickets| Self { wickets, ..self })
    }

    /// All cells of its phase.
    pub(super) fn same_phase(self) -> impl Iterator<Item = Self> {
        Self::all().filter(move |other| other.phase == self.phase)
    }

    /// Its name in the frequencies of a format: `first death 3-5`, `chase last 6-9 need 8-10`.
    pub fn name(self, format: Format) -> CellName {
        CellName(self, format)
    }
}

/// A cell's name; print it.
#[derive(Debug, Clone, Copy)]
pub struct CellName(Cell, Format);

impl fmt::Display for CellName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(cell, format) = self;
        let wickets = ["0-2", "3-5", "6-9"][cell.wickets];
        let bounds = rate_bounds(*format);
        match cell.rate {
            None => write!(f, "first {} {wickets}", cell.phase.name()),
            Some(0) => write!(f, "chase {} {wickets} need 0-{}", cell.phase.name(), bounds[0]),
            Some(band @ 1..5) => {
                write!(f, "chase {} {wickets} need {}-{}", cell.phase.name(), bounds[band - 1], bounds[band])
            }
            Some(_) => write!(f, "chase {} {wickets} need {}+", cell.phase.name(), bounds[4]),
        }
    }
}
