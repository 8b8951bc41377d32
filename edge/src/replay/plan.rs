//! Which events are sent, in which order, and which are known from the start.

use std::{str::FromStr, sync::Arc};

use cricket::{
    event::{Event, EventData},
    overs::OverBall,
};

use super::chaos;

/// A place in a match: `15.1` (the first innings) or `2:15.1`; overs from 0, balls from 1 among all deliveries of the
/// over, as in Cricsheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Start {
    /// From 1.
    pub innings: u8,
    /// Over and ball.
    pub ball: OverBall,
}

/// Text that is no place in a match.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("'{0}' is not a place in a match; hint: over.ball, such as 15.1, or innings:over.ball, such as 2:15.1")]
pub struct StartError(String);

impl FromStr for Start {
    type Err = StartError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || StartError(text.chars().take(40).collect());
        let (innings, ball) = text.split_once(':').unwrap_or(("1", text));
        let innings = innings.parse().ok().filter(|innings| *innings > 0).ok_or_else(bad)?;
        Ok(Self { innings, ball: ball.parse().map_err(|_| bad())? })
    }
}

/// What is published of a match.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The match.
    pub match_id: Arc<str>,
    /// What is known when the first ball of the plan is bowled, numbered from 1.
    pub known: Vec<Event>,
    /// What is sent one by one after it, in the order of sending.
    pub sends: Vec<Event>,
    /// Whether the match is in progress when the feed begins: consumers then learn `known` from a snapshot.
    pub in_play: bool,
}

impl Plan {
    /// Everything in order, from `start` (from the first ball without it); the match's facts before it are known at
    /// once. With a seed, things go wrong as in [`chaos`]. All events are of `epoch`.
    pub fn new(
        match_id: impl Into<Arc<str>>,
        events: Vec<Event>,
        start: Option<Start>,
        chaos: Option<u64>,
        epoch: u32,
    ) -> Self {
        let first = match start {
            None => events
                .iter()
                .position(|event| matches!(event.data, EventData::InningsStart(_) | EventData::Delivery(_))),
            Some(start) => events.iter().position(|event| {
                matches!(&event.data, EventData::Delivery(ball)
                if (ball.innings, ball.over, ball.pos) >= (start.innings, start.ball.over, start.ball.ball))
            }),
        };
        let mut known = events;
        let rest = known.split_off(first.unwrap_or(known.len()));
        let mut sends = match chaos {
            Some(seed) => chaos::mishaps(rest, seed),
            None => rest,
        };
        for (seq, event) in (1..).zip(known.iter_mut().chain(&mut sends)) {
            (event.epoch, event.seq) = (epoch, seq);
        }
        if let Some(seed) = chaos {
            sends = chaos::disorder(sends, seed);
        }
        Self { match_id: match_id.into(), known, sends, in_play: start.is_some() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    #[test]
    fn a_start_is_a_ball_of_an_innings() {
        let read = |text: &str| text.parse::<Start>().map(|start| (start.innings, start.ball.over, start.ball.ball));
        assert_eq!(read("15.1"), Ok((1, 15, 1)));
        assert_eq!(read("2:0.1"), Ok((2, 0, 1)));
        assert_eq!(read("7"), Ok((1, 7, 0)));
        for text in ["", "0:1.1", "x", "2:", "1.1.1"] {
            assert!(read(text).unwrap_err().to_string().contains("hint: over.ball"), "{text}");
        }
    }
}
