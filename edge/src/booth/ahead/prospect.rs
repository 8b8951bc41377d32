//! What may come next, and the moment it would be.

use std::sync::Arc;

use commentary::{Archive, Moment};
use cricket::{
    event::EventData,
    outlook::{Records, Signature, next_balls},
    player::PlayerRef,
    score::Lookahead,
};

/// Something that may come next.
#[derive(Debug, Clone)]
pub struct Prospect {
    /// How likely it is, 0 to 1.
    pub chance: f64,
    /// What of it is foreseen.
    pub signature: Signature,
    /// The moment it would be, as the desk would form it.
    pub moment: Arc<Moment>,
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
            Some(Prospect { chance: next.chance, signature: Signature::of(ball), moment: Arc::new(moment) })
        })
        .collect()
}
