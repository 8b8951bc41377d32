//! What can come of a ball, as far as the simulator knows: all but about one delivery in a thousand.

use std::fmt;

use crate::event::{Delivery, DismissalKind};

/// What came of a ball.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Runs off the bat, 0 to 6; 4 and 6 are taken for boundaries.
    Bat(u8),
    /// A wide, in all its runs, 1 to 5.
    Wide(u8),
    /// A no-ball and the runs off the bat on it.
    NoBall(u8),
    /// Byes.
    Byes(u8),
    /// Leg byes.
    LegByes(u8),
    /// Bowled.
    Bowled,
    /// Caught, by anyone but the bowler.
    Caught,
    /// Caught by the bowler.
    CaughtAndBowled,
    /// Leg before wicket.
    Lbw,
    /// Stumped.
    Stumped,
    /// Stumped off a wide.
    StumpedOffWide,
    /// Hit wicket.
    HitWicket,
    /// Run out, with the runs off the bat completed before.
    RunOut(u8),
}

impl Outcome {
    /// How many there are.
    pub const COUNT: usize = 33;

    /// All of them, in the order of the frequencies' columns.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Bat(0),
        Self::Bat(1),
        Self::Bat(2),
        Self::Bat(3),
        Self::Bat(4),
        Self::Bat(5),
        Self::Bat(6),
        Self::Wide(1),
        Self::Wide(2),
        Self::Wide(3),
        Self::Wide(4),
        Self::Wide(5),
        Self::NoBall(0),
        Self::NoBall(1),
        Self::NoBall(2),
        Self::NoBall(4),
        Self::NoBall(6),
        Self::Byes(1),
        Self::Byes(2),
        Self::Byes(4),
        Self::LegByes(1),
        Self::LegByes(2),
        Self::LegByes(4),
        Self::Bowled,
        Self::Caught,
        Self::CaughtAndBowled,
        Self::Lbw,
        Self::Stumped,
        Self::StumpedOffWide,
        Self::HitWicket,
        Self::RunOut(0),
        Self::RunOut(1),
        Self::RunOut(2),
    ];

    /// The outcome of a real delivery; `None` for the rare rest (byes off a no-ball, penalty runs, sevens …).
    pub fn of(delivery: &Delivery) -> Option<Self> {
        let extras = delivery.extras;
        let kinds = [extras.wides, extras.noballs, extras.byes, extras.legbyes, extras.penalty];
        let plain = kinds.iter().all(|runs| *runs == 0);
        let bat = u8::try_from(delivery.runs.bat).ok()?;
        let outcome = match delivery.wickets.iter().find(|wicket| wicket.kind.is_wicket()).map(|wicket| &wicket.kind) {
            Some(DismissalKind::RunOut) if plain => Self::RunOut(bat),
            Some(DismissalKind::Stumped) if bat == 0 && kinds == [1, 0, 0, 0, 0] => Self::StumpedOffWide,
            Some(kind) if plain && bat == 0 => match kind {
                DismissalKind::Bowled => Self::Bowled,
                DismissalKind::Caught => Self::Caught,
                DismissalKind::CaughtAndBowled => Self::CaughtAndBowled,
                DismissalKind::Lbw => Self::Lbw,
                DismissalKind::Stumped => Self::Stumped,
                DismissalKind::HitWicket => Self::HitWicket,
                _ => return None,
            },
            Some(_) => return None,
            None => match kinds {
                [0, 0, 0, 0, 0] => Self::Bat(bat),
                [0, 1, 0, 0, 0] => Self::NoBall(bat),
                _ if bat > 0 => return None,
                [wides, 0, 0, 0, 0] => Self::Wide(u8::try_from(wides).ok()?),
                [0, 0, byes, 0, 0] => Self::Byes(u8::try_from(byes).ok()?),
                [0, 0, 0, legbyes, 0] => Self::LegByes(u8::try_from(legbyes).ok()?),
                _ => return None,
            },
        };
        Self::ALL.contains(&outcome).then_some(outcome)
    }

    /// Its column.
    pub fn column(self) -> Option<usize> {
        Self::ALL.iter().position(|outcome| *outcome == self)
    }

    /// Runs of all kinds.
    pub fn runs(self) -> u16 {
        match self {
            Self::Bat(runs) | Self::Wide(runs) | Self::Byes(runs) | Self::LegByes(runs) | Self::RunOut(runs) => {
                u16::from(runs)
            }
            Self::NoBall(bat) => 1 + u16::from(bat),
            Self::StumpedOffWide => 1,
            Self::Bowled | Self::Caught | Self::CaughtAndBowled | Self::Lbw | Self::Stumped | Self::HitWicket => 0,
        }
    }

    /// How a batter is out by it, if one is.
    pub fn dismissal(self) -> Option<DismissalKind> {
        Some(match self {
            Self::Bowled => DismissalKind::Bowled,
            Self::Caught => DismissalKind::Caught,
            Self::CaughtAndBowled => DismissalKind::CaughtAndBowled,
            Self::Lbw => DismissalKind::Lbw,
            Self::Stumped | Self::StumpedOffWide => DismissalKind::Stumped,
            Self::HitWicket => DismissalKind::HitWicket,
            Self::RunOut(_) => DismissalKind::RunOut,
            Self::Bat(_) | Self::Wide(_) | Self::NoBall(_) | Self::Byes(_) | Self::LegByes(_) => return None,
        })
    }

    /// Whether the ball counts in the over.
    pub fn is_legal(self) -> bool {
        !matches!(self, Self::Wide(_) | Self::NoBall(_) | Self::StumpedOffWide)
    }

    /// Whether it is a four or six off the bat.
    pub fn is_boundary(self) -> bool {
        matches!(self, Self::Bat(4 | 6) | Self::NoBall(4 | 6))
    }
}

/// The column's name: `4`, `wide 1`, `no-ball 4` (four off the bat on it), `leg bye 1`, `caught`, `run out 1` …
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bat(runs) => write!(f, "{runs}"),
            Self::Wide(runs) => write!(f, "wide {runs}"),
            Self::NoBall(bat) => write!(f, "no-ball {bat}"),
            Self::Byes(runs) => write!(f, "bye {runs}"),
            Self::LegByes(runs) => write!(f, "leg bye {runs}"),
            Self::StumpedOffWide => f.write_str("stumped off wide"),
            Self::RunOut(runs) => write!(f, "run out {runs}"),
            _ => f.write_str(self.dismissal().as_ref().map_or("", DismissalKind::name)),
        }
    }
}
