//! Where an event belongs: its point in the stream, and its natural place in the match.

use crate::event::{Event, EventData};

/// `(epoch, seq)`.
pub(super) type Point = (u32, u64);

/// A place in the match that the Laws give: innings, over, ball. Overs are shifted by one so that 0 is the innings' start.
pub(super) fn natural(innings: u8, over: Option<u16>, ball: u16) -> u64 {
    (u64::from(innings) << 40) | (over.map_or(0, |over| u64::from(over) + 1) << 20) | u64::from(ball)
}

/// The natural place of an event; `None` for one that belongs wherever the stream has it.
pub(super) fn natural_place(event: &Event) -> Option<u64> {
    match &event.data {
        EventData::MatchInfo(_) => Some(0),
        EventData::InningsStart(start) => Some(natural(start.innings, None, 0)),
        EventData::Delivery(ball) => Some(natural(ball.innings, Some(ball.over), ball.pos)),
        EventData::OverEnd(end) => Some(natural(end.innings, Some(end.over), u16::MAX)),
        EventData::InningsEnd(end) => Some(natural(end.innings, Some(u16::MAX), u16::MAX)),
        _ => None,
    }
}

/// How far into the match an event reaches: to its natural place, or to the last ball of the over that it replaces.
pub(super) fn reach(event: &Event) -> Option<u64> {
    match &event.data {
        EventData::OverReplace(over) => {
            let last = u16::try_from(over.deliveries.len()).unwrap_or(u16::MAX);
            Some(natural(over.innings, Some(over.over), last))
        }
        _ => natural_place(event),
    }
}

/// The whole of an over, for an event that stands for it.
pub(super) fn over_of(innings: u8, over: u16) -> u64 {
    natural(innings, Some(over), 0)
}

/// The over that a ball's place lies in.
pub(super) fn over_of_place(place: u64) -> u64 {
    place & !0xF_FFFF
}

/// Order of play: natural places in order; what has none follows the furthest place reached before it in the stream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Order {
    pub(super) reached: u64,
    pub(super) follows: bool,
    pub(super) point: Point,
}

/// Whether a type has an effect on the score or on what is said.
pub(super) fn has_effect(data: &EventData) -> bool {
    !matches!(
        data,
        EventData::Unknown { .. }
            | EventData::Heartbeat(_)
            | EventData::Note(_)
            | EventData::BallChange(_)
            | EventData::NewBall(_)
            | EventData::DeadBall(_)
            | EventData::FollowOn(_)
            | EventData::BowlerChange(_)
    )
}
