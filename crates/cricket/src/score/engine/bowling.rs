//! Bowlers: figures, spells, hat-tricks.

use super::{AnomalyKind, Engine, Happening};
use crate::{
    event::{Delivery, InningsKind, Key},
    player::PersonId,
    rules::HatTricks,
    score::{BowlerCard, Innings},
};

impl Engine {
    /// The card of the ball's bowler, a new one where needed; notes changes of bowler and of spell.
    pub(super) fn take_the_ball(&mut self, key: &Key, index: usize, ball: &Delivery) -> usize {
        let Self { state, happenings, memory } = self;
        let hat_tricks = state.rules.hat_tricks;
        let (past, rest) = state.innings.split_at_mut(index);
        let Some(innings) = rest.first_mut() else { return 0 };
        let same = innings
            .bowler
            .filter(|last| innings.bowling.get(*last).is_some_and(|card| card.player.id == ball.bowler.id));
        let known = same.or_else(|| innings.bowling.iter().position(|card| card.player.id == ball.bowler.id));
        let bowler = known.unwrap_or_else(|| {
            let row = row_so_far(past, innings.kind, hat_tricks, &ball.bowler.id);
            innings.bowling.push(new_card(ball, row));
            innings.bowling.len() - 1
        });
        memory.last_over.resize(innings.bowling.len(), None);
        let mut not_allowed = None;
        let overs = innings.overs.len();
        if let Some((over, earlier)) = innings.overs.split_last_mut()
            && over.bowlers.last() != Some(&bowler)
        {
            let ran_on = earlier.last().is_some_and(|before| {
                before.over.checked_add(1) == Some(ball.over) && before.bowlers.contains(&bowler)
            });
            let at_this_end = if over.bowlers.is_empty() { overs.checked_sub(3) } else { overs.checked_sub(1) };
            let excluded = memory.taken_off.contains(&ball.bowler.id);
            // Sets of five may be bowled two in a row.
            if excluded || (ran_on && innings.balls_per_over != 5 && !over.bowlers.contains(&bowler)) {
                not_allowed = Some(excluded);
            }
            over.bowlers.push(bowler);
            let last_here = at_this_end
                .and_then(|at| innings.overs.get(at))
                .and_then(|over| if over.over == ball.over { None } else { over.bowlers.last() });
            if last_here != Some(&bowler) {
                let first_over = known.is_none();
                happenings.push(Happening::NewBowler { player: ball.bowler.clone(), first_over });
            }
            if let (Some(last), Some(card)) = (memory.last_over.get_mut(bowler), innings.bowling.get_mut(bowler)) {
                if last.is_none_or(|last| ball.over.saturating_sub(last) > 2) {
                    card.spell_overs = 0;
                }
                *last = Some(ball.over);
            }
        }
        innings.bowler = Some(bowler);
        if let Some(excluded) = not_allowed {
            self.anomaly(key, AnomalyKind::BowlerNotAllowed { bowler: ball.bowler.name.to_string(), excluded });
        }
        bowler
    }

    /// Follows wickets with consecutive deliveries of the bowler in the match, by the match's rule of what breaks a row.
    pub(super) fn hat_trick(&mut self, index: usize, ball: &Delivery, bowler: usize, credited: u32) {
        let Self { state, happenings, .. } = self;
        let passed_over = ball.extras.wides > 0 && !state.rules.hat_tricks.wide_breaks;
        let Some(card) = state.innings.get_mut(index).and_then(|innings| innings.bowling.get_mut(bowler)) else {
            return;
        };
        if credited == 0 {
            if !passed_over {
                card.wickets_in_row = 0;
            }
            return;
        }
        card.wickets_in_row = card.wickets_in_row.saturating_add(1);
        let player = card.player.clone();
        match card.wickets_in_row {
            0 | 1 => {}
            2 => happenings.push(Happening::HatTrickBall { player }),
            _ => happenings.push(Happening::HatTrick { player }),
        }
    }
}

fn new_card(ball: &Delivery, wickets_in_row: u8) -> BowlerCard {
    BowlerCard {
        player: ball.bowler.clone(),
        balls: 0,
        maidens: 0,
        runs: 0,
        wickets: 0,
        wides: 0,
        noballs: 0,
        dots: 0,
        fours: 0,
        sixes: 0,
        wickets_in_row,
        spell_overs: 0,
    }
}

/// Wickets with the last consecutive deliveries in the bowler's earlier innings of the match. A super over is not part of
/// anybody's figures, and so of no row.
fn row_so_far(past: &[Innings], kind: InningsKind, rule: HatTricks, bowler: &PersonId) -> u8 {
    if !rule.across_innings || kind == InningsKind::SuperOver {
        return 0;
    }
    past.iter()
        .rev()
        .find_map(|innings| innings.bowling.iter().find(|card| card.player.id == *bowler))
        .map_or(0, |card| card.wickets_in_row)
}
