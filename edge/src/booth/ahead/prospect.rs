//! What may come next, and the moment it would be: a ball, or a decision about one that the umpires are looking at.

use std::sync::Arc;

use commentary::{Archive, Moment, Occasion, Status};
use cricket::{
    event::{Delivery, EventData, Key},
    outlook::{Records, Signature, next_balls, next_decisions},
    player::PlayerRef,
    score::{Lookahead, Match},
};

use crate::booth::news::{self, Told};

/// What of something to come was foreseen. Equal ones tell the same story, so that a line that was written for one fits
/// the other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Foreseen {
    /// A ball as it is bowled, or as it is decided.
    Ball(Signature),
    /// A ball that was told as one thing and is another.
    Correction {
        /// As it was told.
        was: Signature,
        /// As it stands.
        now: Signature,
    },
    /// The answer to a review.
    Review {
        /// The side that asked.
        by: Arc<str>,
        /// Whether it was upheld.
        upheld: bool,
        /// Whether it stayed with the umpire's call.
        umpires_call: bool,
    },
}

impl Foreseen {
    /// What a moment is of, if it is such that it can be foreseen.
    pub fn of(moment: &Moment) -> Option<Self> {
        let signature = |ball: &Arc<Delivery>| Signature::of(ball);
        match &moment.occasion {
            Occasion::Ball(ball) => Some(Self::Ball(signature(ball))),
            Occasion::Correction(change) => {
                let (was, now) = change.was.as_ref().zip(change.now.as_ref())?;
                Some(Self::Correction { was: signature(was), now: signature(now) })
            }
            Occasion::Status(Status::Review { by, upheld: Some(upheld), umpires_call }) => {
                Some(Self::Review { by: by.clone(), upheld: *upheld, umpires_call: *umpires_call })
            }
            _ => None,
        }
    }

    /// The ball that it is about, where it is about one: innings, over, position.
    pub fn ball(&self) -> Option<(u8, u16, u16)> {
        match self {
            Self::Ball(ball) | Self::Correction { now: ball, .. } => Some(ball.ball()),
            Self::Review { .. } => None,
        }
    }
}

/// Something that may come next.
#[derive(Debug, Clone)]
pub struct Prospect {
    /// How likely it is, 0 to 1.
    pub chance: f64,
    /// What of it is foreseen.
    pub foreseen: Foreseen,
    /// The moment it would be, as the desk would form it.
    pub moment: Arc<Moment>,
}

/// What the umpires are looking at.
#[derive(Debug)]
pub struct Undecided {
    /// The whole match: a decision is a correction of it.
    pub score: Match,
    /// The events of which something was said that still holds.
    pub told: Vec<Key>,
}

/// The likely next balls as moments, the likeliest first. Each ball is tried on a copy of the score; nothing is changed.
pub fn prospects(
    score: &Lookahead,
    announced: Option<&PlayerRef>,
    records: &dyn Records,
    archive: &dyn Archive,
) -> Vec<Prospect> {
    next_balls(score, announced, records)
        .into_iter()
        .filter_map(|next| {
            let EventData::Delivery(ball) = &next.event.data else { return None };
            let (state, happenings) = score.tried(&next.event);
            let moment = Moment::form(&state, &next.event, &happenings, archive)?;
            let foreseen = Foreseen::Ball(Signature::of(ball));
            Some(Prospect { chance: next.chance, foreseen, moment: Arc::new(moment) })
        })
        .collect()
}

/// The likely decisions as moments: those that would be news. Each is tried on a copy of the match.
pub fn decisions(undecided: &Undecided, archive: &dyn Archive) -> Vec<Prospect> {
    next_decisions(&undecided.score)
        .into_iter()
        .filter_map(|next| {
            let mut tried = undecided.score.clone();
            let applied = tried.apply(next.event.clone());
            let said = undecided.told.contains(&next.event.key);
            let told = Told { stands: said && !next.overturns, fell: said && next.overturns, undecided: true };
            let moment = news::moment(&mut tried, &next.event, &applied, told, archive)?;
            let foreseen = Foreseen::of(&moment)?;
            Some(Prospect { chance: next.chance, foreseen, moment: Arc::new(moment) })
        })
        .collect()
}
