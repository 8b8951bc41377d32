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

/// How batters are out, by code from 1; codes are for ever. 15 is any kind not listed.
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
    KINDS.iter().position(|known| known == kind).map_or(15, |place| place as u8 + 1)
}

/// Reads deliveries back. Bytes of another length, or places beyond the list, are left out: only a damaged store has them.
pub(crate) fn unpack(bytes: &[u8], people: &[PersonId]) -> Vec<StoredBall> {
    let mut balls: Vec<StoredBall> = Vec::with_capacity(bytes.len() / BYTES);
    let person = |place: u8| people.get(usize::from(place)).cloned();
    for record in bytes.chunks_exact(BYTES) {
        let kind = match record[9] >> 4 {
            0 => None,
            code => Some(
                KINDS.get(usize::from(code) - 1).cloned().unwrap_or_else(|| DismissalKind::Other("other".to_owned())),
            ),
        };
        let wicket = kind.zip(person(record[10]));
        if record[6] & FURTHER_WICKET != 0 {
            if let (Some(ball), Some(wicket)) = (balls.last_mut(), wicket) {
                ball.wickets.push(wicket);
            }
            continue;
        }
        let (Some(batter), Some(non_striker), Some(bowler)) = (person(record[3]), person(record[4]), person(record[5]))
        else {
            continue;
        };
        let (low, high) = (|byte: u8| u16::from(byte & 15), |byte: u8| u16::from(byte >> 4));
        balls.push(StoredBall {
            over: u16::from_le_bytes([record[0], record[1]]),
            pos: record[2],
            batter,
            non_striker,
            bowler,
            bat: record[6] & 15,
            non_boundary: record[6] & NON_BOUNDARY != 0,
            extras: Extras {
                wides: high(record[7]),
                noballs: low(record[7]),
                byes: high(record[8]),
                legbyes: low(record[8]),
                penalty: low(record[9]),
            },
            wickets: wicket.into_iter().collect(),
        });
    }
    balls
}
