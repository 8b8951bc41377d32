//! What differs between two states of one match, as a list: what a correction has to say on air.
//!
//! [`differences`] compares states, not events, so it does not matter how a match came from one to the other. Equal
//! states have none, and the way back is the list with [`Difference::inverse`] of each. What nobody hears (fields that
//! a feed adds, a name spelt otherwise, anomalies) is no difference.

mod feats;
mod players;
mod sides;
mod words;

use std::{collections::BTreeMap, sync::Arc};

use super::{BatterCard, BowlerCard, EndReason, ExtrasTally, Innings, MatchResult, MatchState, Partnership};
use crate::{
    event::{Delivery, Outcome, Target},
    overs::OversBowled,
    player::PlayerRef,
};

/// One thing that differs. `innings` counts from 1 and `over` from 0, `pos` from 1 among all deliveries of the over;
/// `before` and `after` are what the two states have, `None` where a state has nothing of the kind.
///
/// It prints as a listener would be told: `A Rao's fifty is withdrawn: 48 not out`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields are documented above, once for all variants")]
pub enum Difference {
    /// An innings began, never began, or is another side's.
    Side { innings: u8, before: Option<Arc<str>>, after: Option<Arc<str>> },
    /// A ball was added, withdrawn, or changed: who faced it, stood at the other end or bowled it, its runs, its wickets.
    Ball { innings: u8, over: u16, pos: u16, before: Option<Arc<Delivery>>, after: Option<Arc<Delivery>> },
    /// A dismissal was added, removed, or is another one. A wicket of another player shows as two of these.
    Dismissal { innings: u8, before: Option<BatterCard>, after: Option<BatterCard> },
    /// A batter's runs, balls, fours, sixes, or whether retired.
    Batter { innings: u8, before: Option<BatterCard>, after: Option<BatterCard> },
    /// A batter's `runs` (50, 100, …) are newly reached or withdrawn.
    BatterMilestone { innings: u8, runs: u32, before: Option<BatterCard>, after: Option<BatterCard> },
    /// A bowler's balls, maidens, runs, wickets, wides or no-balls.
    Bowler { innings: u8, before: Option<BowlerCard>, after: Option<BowlerCard> },
    /// A bowler's `wickets` (3, 4, 5, …) are newly reached or withdrawn.
    BowlerMilestone { innings: u8, wickets: u32, before: Option<BowlerCard>, after: Option<BowlerCard> },
    /// A stand's `runs` (50, 100, …) are newly reached or withdrawn; `wicket` counts from 1.
    PartnershipMilestone { innings: u8, wicket: u8, runs: u32, before: Option<Partnership>, after: Option<Partnership> },
    /// A side's `runs` (50, 100, …) are newly reached or withdrawn.
    TeamMilestone { innings: u8, team: Arc<str>, runs: u32, before: u32, after: u32 },
    /// The third wicket in three balls (or a further one) fell with this ball, or did not.
    HatTrick { innings: u8, over: u16, pos: u16, bowler: PlayerRef, before: bool, after: bool },
    /// After this ball the bowler was on a hat-trick, or was not.
    HatTrickBall { innings: u8, over: u16, pos: u16, bowler: PlayerRef, before: bool, after: bool },
    /// An over is a maiden, or is none.
    Maiden { innings: u8, over: u16, bowler: PlayerRef, before: bool, after: bool },
    /// The side's runs.
    Total { innings: u8, team: Arc<str>, before: u32, after: u32 },
    /// The side's wickets.
    Wickets { innings: u8, team: Arc<str>, before: u8, after: u8 },
    /// The side's legal balls.
    Overs { innings: u8, team: Arc<str>, before: OversBowled, after: OversBowled },
    /// The side's extras.
    Extras { innings: u8, team: Arc<str>, before: ExtrasTally, after: ExtrasTally },
    /// What the side chases.
    Target { innings: u8, team: Arc<str>, before: Option<Target>, after: Option<Target> },
    /// Whether and why the innings is over.
    End { innings: u8, team: Arc<str>, before: Option<EndReason>, after: Option<EndReason> },
    /// The result by the score.
    Result { before: Option<MatchResult>, after: Option<MatchResult> },
    /// The result by the feed's word.
    Recorded { before: Option<Outcome>, after: Option<Outcome> },
}

impl Difference {
    /// The difference the other way round.
    #[must_use]
    pub fn inverse(mut self) -> Self {
        use std::mem::swap;
        match &mut self {
            Self::Side { before, after, .. } => swap(before, after),
            Self::Ball { before, after, .. } => swap(before, after),
            Self::Dismissal { before, after, .. }
            | Self::Batter { before, after, .. }
            | Self::BatterMilestone { before, after, .. } => swap(before, after),
            Self::Bowler { before, after, .. } | Self::BowlerMilestone { before, after, .. } => swap(before, after),
            Self::PartnershipMilestone { before, after, .. } => swap(before, after),
            Self::HatTrick { before, after, .. }
            | Self::HatTrickBall { before, after, .. }
            | Self::Maiden { before, after, .. } => swap(before, after),
            Self::TeamMilestone { before, after, .. } | Self::Total { before, after, .. } => swap(before, after),
            Self::Wickets { before, after, .. } => swap(before, after),
            Self::Overs { before, after, .. } => swap(before, after),
            Self::Extras { before, after, .. } => swap(before, after),
            Self::Target { before, after, .. } => swap(before, after),
            Self::End { before, after, .. } => swap(before, after),
            Self::Result { before, after } => swap(before, after),
            Self::Recorded { before, after } => swap(before, after),
        }
        self
    }
}

/// What `after` has that `before` has not, or has otherwise: by innings, in each first the balls, then players, maidens
/// and hat-tricks, then the side; the result last. Takes time in proportion to the balls of the match.
pub fn differences(before: &MatchState, after: &MatchState) -> Vec<Difference> {
    let mut found = Vec::new();
    let feats = feats::feats(before, after);
    for (number, before, after) in pairs(by_number(before), by_number(after)) {
        sides::beginning(number, before, after, &mut found);
        players::balls(number, before, after, &mut found);
        players::batters(number, before, after, &mut found);
        players::bowlers(number, before, after, &mut found);
        players::partnerships(number, before, after, &mut found);
        found.extend(feats.iter().filter(|(innings, _)| *innings == number).map(|(_, feat)| feat.clone()));
        sides::side(number, before, after, &mut found);
    }
    sides::results(before, after, &mut found);
    found
}

fn by_number(state: &MatchState) -> BTreeMap<u8, &Innings> {
    state.innings.iter().map(|innings| (innings.number, innings)).collect()
}

/// The entries of two maps, side by side, in order of their keys.
fn pairs<K: Ord + Clone, V>(before: BTreeMap<K, V>, mut after: BTreeMap<K, V>) -> Vec<(K, Option<V>, Option<V>)> {
    let mut found: Vec<_> = before
        .into_iter()
        .map(|(key, before)| {
            let after = after.remove(&key);
            (key, Some(before), after)
        })
        .collect();
    found.extend(after.into_iter().map(|(key, after)| (key, None, Some(after))));
    found.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    found
}

/// The multiples of `step`, at least `from`, that lie above one number and not above the other.
fn passed(before: u32, after: u32, step: u32, from: u32) -> impl Iterator<Item = u32> {
    let (low, high) = (before.min(after), before.max(after));
    (low / step + 1..=high / step).map(move |level| level * step).filter(move |level| *level >= from)
}
