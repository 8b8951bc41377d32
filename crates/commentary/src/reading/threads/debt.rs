//! Debts to an earlier event: something that happened, and that somebody pays for or makes good since.
//!
//! Three of them are facts of the events. Dropped catches and wickets off no-balls are not: no feed tells of them.

use std::sync::Arc;

use cricket::{
    event::{Delivery, InningsKind, Review},
    player::{PersonId, PlayerRef},
    score::{EndReason, Innings, MatchState},
};

/// Runs that a batter must have added since a review brought the innings back. In the archive's matches with reviews one
/// batter of three who comes back so gets there.
pub(crate) const REPRIEVE_RUNS: u32 = 15;
/// Runs off the bat that one batter must have taken in one over of a bowler for it to be a score to settle. With ten a
/// bowler settles one in every third T20 and once a Test.
const RECKONING_RUNS: u32 = 10;
/// Runs in wides and no-balls that a side must have given away.
const GIVEAWAY_RUNS: u32 = 6;
/// Balls left at most, for what a side gave away to be held against what it still needs.
const GIVEAWAY_BALLS: u32 = 30;

/// A batter who was given out, came back by review, and has added [`REPRIEVE_RUNS`] or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reprieve {
    /// Runs the batter had then.
    pub(crate) at: u32,
    /// Runs added since.
    pub(crate) added: u32,
    /// Balls faced since.
    pub(crate) balls: u32,
    /// Deliveries of the innings up to the review, its own included.
    pub(crate) since: u32,
}

/// A bowler with a batter who took [`RECKONING_RUNS`] or more in an earlier over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reckoning {
    pub(crate) batter: PlayerRef,
    pub(crate) bowler: PlayerRef,
    /// Runs off the bat in the dearest of those overs.
    pub(crate) runs: u32,
    /// Balls faced in it.
    pub(crate) balls: u32,
    /// Deliveries of the innings before that over.
    pub(crate) since: u32,
    /// Whether the last ball was the bowler's wicket of that batter.
    pub(crate) settled: bool,
}

/// Wides and no-balls that the chasing side gave away: as many runs as it still needs, or fell short by, or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Giveaway {
    /// Runs in wides and no-balls.
    pub(crate) runs: u32,
    /// Runs that are held against them.
    pub(crate) short: u32,
}

/// What a batter has made of the last review that brought the innings back.
pub(crate) fn reprieve(innings: &Innings, batter: &PersonId) -> Option<Reprieve> {
    let (mut at, mut balls, mut found) = (0, 0, None);
    for (bowled, ball) in innings.overs.iter().flat_map(|over| &over.balls).enumerate() {
        if ball.batter.id == *batter {
            at += u32::from(ball.runs.bat);
            balls += u32::from(ball.is_faced());
        }
        if ball.review.as_ref().is_some_and(|review| saves(review, ball, innings, batter)) {
            found = Some((at, balls, bowled as u32 + 1));
        }
    }
    let (then, faced, since) = found?;
    let reprieve = Reprieve { at: then, added: at - then, balls: balls - faced, since };
    (reprieve.added >= REPRIEVE_RUNS).then_some(reprieve)
}

/// Whether a review took back that a batter was given out: the batting side asked, was right, and nobody left. On a wide
/// or a no-ball it may have asked for just that.
fn saves(review: &Review, ball: &Delivery, innings: &Innings, batter: &PersonId) -> bool {
    review.batter.id == *batter
        && review.by == innings.batting_team
        && review.decision == "upheld"
        && review.kind.as_deref().is_none_or(|kind| kind == "wicket")
        && ball.is_legal()
        && !ball.wickets.iter().any(|wicket| wicket.player_out.id == *batter)
}

/// What stands between the two who met last, from overs before this one; the wicket settles it.
pub(crate) fn reckoning(innings: &Innings) -> Option<Reckoning> {
    let (now, earlier) = innings.overs.split_last()?;
    let last = now.balls.last()?;
    let is_theirs = |ball: &&Arc<Delivery>| ball.batter.id == last.batter.id && ball.bowler.id == last.bowler.id;
    let (mut before, mut dearest) = (0, None);
    for over in earlier {
        let theirs = || over.balls.iter().filter(is_theirs);
        let runs: u32 = theirs().map(|ball| u32::from(ball.runs.bat)).sum();
        if runs >= RECKONING_RUNS && dearest.is_none_or(|(most, _, _)| runs > most) {
            dearest = Some((runs, theirs().filter(|ball| ball.is_faced()).count() as u32, before));
        }
        before += over.balls.len() as u32;
    }
    let (runs, balls, since) = dearest?;
    let settled = last.wickets.iter().any(|wicket| wicket.kind.is_bowlers() && wicket.player_out.id == last.batter.id);
    let (batter, bowler) = (last.batter.clone(), last.bowler.clone());
    Some(Reckoning { batter, bowler, runs, balls, since, settled })
}

/// What the chasing side gave away in the field, where it weighs as much as what it lacks: in the last
/// [`GIVEAWAY_BALLS`] balls of a chase, and when it has lost by runs. Only where both innings were to be equally long.
pub(crate) fn giveaway(state: &MatchState) -> Option<Giveaway> {
    let [first, second] = state.innings.as_slice() else { return None };
    let target = second.target?.runs;
    let is_even = target == first.runs.saturating_add(1) && first.balls_limit == second.balls_limit;
    let is_counted = first.is_whole() && second.is_whole() && second.kind == InningsKind::Normal;
    if !is_even || !is_counted || first.batting_team == second.batting_team {
        return None;
    }
    let left = second.balls_left()?;
    let short = match &second.ended {
        None if left > GIVEAWAY_BALLS => 0,
        None => target.saturating_sub(second.runs),
        Some(EndReason::Overs | EndReason::AllOut) => first.runs.saturating_sub(second.runs),
        Some(_) => 0,
    };
    let runs = first.extras.wides.saturating_add(first.extras.noballs);
    (short > 0 && runs >= GIVEAWAY_RUNS.max(short)).then_some(Giveaway { runs, short })
}
