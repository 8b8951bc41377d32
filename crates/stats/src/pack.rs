//! Deliveries in eleven bytes each.
//!
//! | byte | what |
//! |---|---|
//! | 0, 1 | over from 0, little-endian |
//! | 2 | position in the over, from 1 |
//! | 3, 4, 5 | striker, non-striker, bowler, as places in the match's list of people |
//! | 6 | runs off the bat (low four bits), bit 4: 4 or 6 not over the rope, bit 5: a further wicket of the ball before |
//! | 7 | no-balls (low), wides (high) |
//! | 8 | leg byes (low), byes (high) |
//! | 9 | penalty runs (low), how a batter is out, from 1 (high; 0 for no wicket) |
//! | 10 | who is out, as a place; 0 without a wicket |

use cricket::event::{Delivery, DismissalKind, Extras};
use cricket::player::PersonId;

/// Bytes of one delivery.
pub(crate) const BYTES: usize = 11;

const NON_BOUNDARY: u8 = 0x10;
const FURTHER_WICKET: u8 = 0x20;

/// The code of a kind that is not listed.
const OTHER: u8 = 15;

/// How batters are out, by code from 1; codes are for ever.
const KINDS: [DismissalKind; 14] = [
    DismissalKind::Bowled,
    DismissalKind::Caught,
    DismissalKind::CaughtAndBowled,
    DismissalKind::Lbw,
    DismissalKind::RunOut,
    DismissalKind::Stumped,
    DismissalKind::HitWicket,
    DismissalKind::HitTheBallTwice,
    DismissalKind::ObstructingTheField,
    DismissalKind::HandledTheBall,
    DismissalKind::TimedOut,
    DismissalKind::RetiredOut,
    DismissalKind::RetiredHurt,
    DismissalKind::RetiredNotOut,
];

/// A delivery as the archive keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBall {
    /// Over, from 0.
    pub over: u16,
    /// Position among all deliveries of the over, from 1.
    pub pos: u8,
    /// The striker.
    pub batter: PersonId,
    /// The other batter.
    pub non_striker: PersonId,
    /// The bowler.
    pub bowler: PersonId,
    /// Runs off the bat.
    pub bat: u8,
    /// Whether 4 or 6 off the bat were no boundary.
    pub non_boundary: bool,
    /// Extras.
    pub extras: Extras,
    /// Wickets and retirements: how and who.
    pub wickets: Vec<(DismissalKind, PersonId)>,
}

/// A delivery with a number that no real one has: more than fifteen of a kind of runs, or over 256 people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "innings {innings}, over {over}, delivery {pos}: {what} cannot be kept; hint: correct the file; no delivery of cricket has so many"
)]
pub(crate) struct PackError {
    innings: u8,
    over: u16,
    pos: u16,
    what: &'static str,
}

/// Appends a delivery. `place` finds, or makes, a person's place in the match's list.
pub(crate) fn pack(
    into: &mut Vec<u8>,
    ball: &Delivery,
    mut place: impl FnMut(&PersonId) -> Option<u8>,
) -> Result<(), PackError> {
    let too_many = |what| PackError { innings: ball.innings, over: ball.over, pos: ball.pos, what };
    let nibble = |runs: u16, what| u8::try_from(runs).ok().filter(|runs| *runs < 16).ok_or_else(|| too_many(what));
    let mut place = |person: &PersonId| place(person).ok_or_else(|| too_many("more than 256 people"));
    let [over_low, over_high] = ball.over.to_le_bytes();
    let pos = u8::try_from(ball.pos).map_err(|_| too_many("more than 255 deliveries in an over"))?;
    let people = [place(&ball.batter.id)?, place(&ball.non_striker.id)?, place(&ball.bowler.id)?];
    let bat =
        nibble(ball.runs.bat, "more than 15 runs off the bat")? | if ball.runs.non_boundary { NON_BOUNDARY } else { 0 };
    let extras = ball.extras;
    let illegal =
        nibble(extras.noballs, "more than 15 no-ball runs")? | nibble(extras.wides, "more than 15 wides")? << 4;
    let byes = nibble(extras.legbyes, "more than 15 leg byes")? | nibble(extras.byes, "more than 15 byes")? << 4;
    let penalty = nibble(extras.penalty, "more than 15 penalty runs")?;
    let mut wickets = ball.wickets.iter();
    let mut first = true;
    loop {
        let wicket = wickets.next();
        if wicket.is_none() && !first {
            return Ok(());
        }
        let (kind, out) = match wicket {
            Some(wicket) => (code(&wicket.kind), place(&wicket.player_out.id)?),
            None => (0, 0),
        };
        let head = [over_low, over_high, pos, people[0], people[1], people[2]];
        into.extend_from_slice(&head);
        into.extend_from_slice(&if first {
            [bat, illegal, byes, penalty | kind << 4, out]
        } else {
            [FURTHER_WICKET, 0, 0, kind << 4, out]
        });
        first = false;
    }
}

fn code(kind: &DismissalKind) -> u8 {
    KINDS.iter().position(|known| known == kind).map_or(OTHER, |place| place as u8 + 1)
}

/// A delivery as packed: people are places in the match's list.
#[derive(Debug, Clone, Default)]
pub(crate) struct PackedBall {
    pub(crate) over: u16,
    pub(crate) pos: u8,
    pub(crate) batter: u8,
    pub(crate) non_striker: u8,
    pub(crate) bowler: u8,
    pub(crate) bat: u8,
    pub(crate) non_boundary: bool,
    pub(crate) extras: Extras,
    /// How and who.
    pub(crate) wickets: Vec<PackedWicket>,
}

/// How a batter is out, as a code, and who.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PackedWicket {
    code: u8,
    pub(crate) out: u8,
}

impl PackedWicket {
    fn kind(self) -> Option<&'static DismissalKind> {
        KINDS.get(usize::from(self.code).wrapping_sub(1))
    }

    /// As [`DismissalKind::is_wicket`]; a kind not listed is one.
    pub(crate) fn is_wicket(self) -> bool {
        self.kind().is_none_or(DismissalKind::is_wicket)
    }

    /// As [`DismissalKind::is_bowlers`]; a kind not listed is not.
    pub(crate) fn is_bowlers(self) -> bool {
        self.kind().is_some_and(DismissalKind::is_bowlers)
    }
}

impl PackedBall {
    pub(crate) fn is_legal(&self) -> bool {
        self.extras.wides == 0 && self.extras.noballs == 0
    }

    pub(crate) fn is_faced(&self) -> bool {
        self.extras.wides == 0
    }

    pub(crate) fn conceded(&self) -> u32 {
        u32::from(self.bat) + u32::from(self.extras.wides) + u32::from(self.extras.noballs)
    }

    /// All runs of the ball.
    pub(crate) fn total(&self) -> u32 {
        let extras = self.extras;
        self.conceded() + u32::from(extras.byes) + u32::from(extras.legbyes) + u32::from(extras.penalty)
    }

    fn read(record: &[u8]) -> Self {
        let (low, high) = (|byte: u8| u16::from(byte & 15), |byte: u8| u16::from(byte >> 4));
        Self {
            over: u16::from_le_bytes([record[0], record[1]]),
            pos: record[2],
            batter: record[3],
            non_striker: record[4],
            bowler: record[5],
            bat: record[6] & 15,
            non_boundary: record[6] & NON_BOUNDARY != 0,
            extras: Extras {
                wides: high(record[7]),
                noballs: low(record[7]),
                byes: high(record[8]),
                legbyes: low(record[8]),
                penalty: low(record[9]),
            },
            wickets: Vec::new(),
        }
    }
}

/// Reads deliveries back, one after another. A length that is no multiple of a record's is cut.
pub(crate) fn balls(bytes: &[u8]) -> impl Iterator<Item = PackedBall> + '_ {
    let mut records = bytes.chunks_exact(BYTES).peekable();
    std::iter::from_fn(move || {
        let first = records.next()?;
        let mut ball = PackedBall::read(first);
        let wicket = |record: &[u8]| PackedWicket { code: record[9] >> 4, out: record[10] };
        if wicket(first).code != 0 {
            ball.wickets.push(wicket(first));
        }
        while let Some(further) = records.next_if(|record| record[6] & FURTHER_WICKET != 0) {
            ball.wickets.push(wicket(further));
        }
        Some(ball)
    })
}

/// Reads deliveries back with their people. Places beyond the list are left out: only a damaged store has them.
pub(crate) fn unpack(bytes: &[u8], people: &[PersonId]) -> Vec<StoredBall> {
    let person = |place: u8| people.get(usize::from(place)).cloned();
    let stored = |ball: PackedBall| {
        let wickets = ball.wickets.iter().filter_map(|wicket| {
            let kind = wicket.kind().cloned().unwrap_or_else(|| DismissalKind::Other("other".to_owned()));
            Some((kind, person(wicket.out)?))
        });
        Some(StoredBall {
            over: ball.over,
            pos: ball.pos,
            batter: person(ball.batter)?,
            non_striker: person(ball.non_striker)?,
            bowler: person(ball.bowler)?,
            bat: ball.bat,
            non_boundary: ball.non_boundary,
            extras: ball.extras,
            wickets: wickets.collect(),
        })
    };
    balls(bytes).filter_map(stored).collect()
}
