//! Who is likely to bowl and to bat next.
//!
//! Shares measured on the 14 107 matches of Cricsheet to 2025, over by over from the third on: in T20s the bowler of the
//! over before last goes on in 42 to 50 of 100 overs, in ODIs in 67 to 86, in Tests in 80 to 84.

use crate::{
    player::PlayerRef,
    score::{BatterStatus, Innings, MatchState},
    simulate::Format,
};

/// Bowlers considered for an over.
const BOWLERS: usize = 5;
/// The next batter by the order of the side: the first of those to come, the second, the third. Cricsheet's lists, which
/// are in batting order, say 96 of 100 for the first; a feed's sheet is taken for a little less sure.
const NEXT_IN: [f64; 3] = [0.90, 0.06, 0.02];

/// Shares of an over, by who takes it: the bowler of the over before last, somebody new, somebody who bowled within four
/// overs, somebody who bowled earlier. The second row is for when the bowler of the over before last has none left.
type Shares = [[f64; 4]; 2];

fn shares(limit: Option<u32>, done: f64) -> Shares {
    match limit {
        None => [[0.81, 0.04, 0.01, 0.13], [0.0, 0.2, 0.2, 0.6]],
        Some(balls) if balls > u32::from(Format::T20.overs()) * 9 => match done {
            ..0.2 => [[0.857, 0.127, 0.009, 0.006], [0.0, 0.5, 0.3, 0.2]],
            ..0.8 => [[0.716, 0.111, 0.019, 0.155], [0.0, 0.22, 0.056, 0.723]],
            _ => [[0.673, 0.006, 0.063, 0.258], [0.0, 0.029, 0.147, 0.824]],
        },
        Some(_) => match done {
            ..0.3 => [[0.495, 0.404, 0.092, 0.009], [0.0, 0.7, 0.2, 0.1]],
            ..0.75 => [[0.424, 0.256, 0.117, 0.203], [0.0, 0.405, 0.145, 0.45]],
            _ => [[0.472, 0.022, 0.157, 0.349], [0.0, 0.056, 0.277, 0.667]],
        },
    }
}

/// How likely each is to bowl the next ball: for certain whom somebody announced, else, within an over, the bowler of the
/// last ball.
pub(super) fn bowlers(state: &MatchState, innings: &Innings, announced: Option<&PlayerRef>) -> Vec<(PlayerRef, f64)> {
    if let Some(player) = announced {
        return vec![(player.clone(), 1.0)];
    }
    let last_over = innings.overs.last();
    if last_over.is_some_and(|over| !over.complete && !over.balls.is_empty())
        && let Some(card) = innings.bowler_card()
    {
        return vec![(card.player.clone(), 1.0)];
    }
    let newcomers = newcomers(state, innings);
    let overs = innings.overs.len();
    if overs == 0 {
        return cut(ranked(newcomers, 1.0));
    }
    let done = innings.balls_limit.map_or(0.0, |limit| f64::from(innings.legal_balls) / f64::from(limit.max(1)));
    let most = innings.balls_limit.map(|limit| limit.div_ceil(5));
    let may = |index: usize| {
        let bowled = innings.bowling.get(index).map_or(0, |card| card.balls);
        let just_bowled = last_over.is_some_and(|over| over.bowlers.last() == Some(&index));
        let last_in_sets = innings.balls_per_over == 5;
        (!just_bowled || last_in_sets) && most.is_none_or(|most| bowled < most)
    };
    let at_this_end = overs.checked_sub(2).and_then(|at| innings.overs.get(at)).and_then(|over| over.bowlers.last());
    let at_this_end = at_this_end.copied().filter(|index| may(*index));
    let [going_on, bowled_out] = shares(innings.balls_limit, done);
    let [same, new, recent, earlier] = if at_this_end.is_some() { going_on } else { bowled_out };
    let age = |index: usize| innings.overs.iter().rev().take(4).any(|over| over.bowlers.contains(&index));
    let others = (0..innings.bowling.len()).filter(|index| Some(*index) != at_this_end && may(*index));
    let (near, far): (Vec<usize>, Vec<usize>) = others.partition(|index| age(*index));
    let card = |index: usize| innings.bowling.get(index).map(|card| card.player.clone());
    let mut found: Vec<(PlayerRef, f64)> =
        at_this_end.and_then(card).map(|player| (player, same)).into_iter().collect();
    for (group, share) in [(near, recent), (far, earlier)] {
        let each = share / group.len().max(1) as f64;
        found.extend(group.into_iter().filter_map(|index| Some((card(index)?, each))));
    }
    found.extend(ranked(newcomers, new));
    cut(found)
}

/// Those of the fielding side who have not bowled, the likeliest first: sides name their bowlers last.
fn newcomers(state: &MatchState, innings: &Innings) -> Vec<PlayerRef> {
    let side = state.info.as_ref().and_then(|info| info.players.get(&innings.bowling_team));
    let has_bowled = |player: &PlayerRef| innings.bowling.iter().any(|card| card.player.id == player.id);
    side.into_iter().flatten().rev().filter(|player| !has_bowled(player)).cloned().collect()
}

/// A share dealt out among some, from the likeliest on: measured at 32, 21, 14, 10 … of 100 for a new bowler.
fn ranked(players: Vec<PlayerRef>, share: f64) -> Vec<(PlayerRef, f64)> {
    let mut left = share;
    players
        .into_iter()
        .map(|player| {
            let own = left * 0.32;
            left -= own;
            (player, own)
        })
        .collect()
}

fn cut(mut players: Vec<(PlayerRef, f64)>) -> Vec<(PlayerRef, f64)> {
    players.sort_by(|a, b| b.1.total_cmp(&a.1));
    players.truncate(BOWLERS);
    players
}

/// How likely each pair is to face the next ball, striker first. Whom the Laws put there is there; a vacant end is taken
/// by the next of the side.
pub(super) fn pairs(state: &MatchState, innings: &Innings) -> Vec<([PlayerRef; 2], f64)> {
    let at_the_crease = [innings.striker_card(), innings.non_striker_card()]
        .map(|card| card.filter(|card| card.status == BatterStatus::NotOut).map(|card| card.player.clone()));
    let side = state.info.as_ref().and_then(|info| info.players.get(&innings.batting_team));
    let known = |player: &PlayerRef| {
        innings.batting.iter().any(|card| card.player.id == player.id)
            || innings.absent_hurt.iter().any(|absent| absent.id == player.id)
    };
    let to_come: Vec<PlayerRef> = side.into_iter().flatten().filter(|player| !known(player)).cloned().collect();
    let next = || to_come.iter().cloned().zip(NEXT_IN);
    match at_the_crease {
        [Some(striker), Some(non_striker)] => vec![([striker, non_striker], 1.0)],
        [None, Some(partner)] => next().map(|(player, share)| ([player, partner.clone()], share)).collect(),
        [Some(partner), None] => next().map(|(player, share)| ([partner.clone(), player], share)).collect(),
        [None, None] => match to_come.as_slice() {
            [first, second, ..] => vec![([first.clone(), second.clone()], NEXT_IN[0])],
            _ => Vec::new(),
        },
    }
}
