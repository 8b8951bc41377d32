//! Bowlers: figures, spells, hat-tricks.

use super::{Engine, Happening};
use crate::{
    event::Delivery,
    player::PersonId,
    score::{BowlerCard, Innings},
};

impl Engine {
    /// The card of the ball's bowler, a new one where needed; notes changes of bowler and of spell.
    pub(super) fn take_the_ball(&mut self, index: usize, ball: &Delivery) -> usize {
        let Self { state, happenings, memory } = self;
        let (past, rest) = state.innings.split_at_mut(index);
        let Some(innings) = rest.first_mut() else { return 0 };
        let same = innings
            .bowler
            .filter(|last| innings.bowling.get(*last).is_some_and(|card| card.player.id == ball.bowler.id));
        let known = same.or_else(|| innings.bowling.iter().position(|card| card.player.id == ball.bowler.id));
        let bowler = known.unwrap_or_else(|| {
            innings.bowling.push(new_card(ball, past));
            innings.bowling.len() - 1
        });
        memory.last_over.resize(innings.bowling.len(), None);
        let overs = innings.overs.len();
        if let Some(over) = innings.overs.last_mut()
            && over.bowlers.last() != Some(&bowler)
        {
            let at_this_end = if over.bowlers.is_empty() { overs.checked_sub(3) } else { overs.checked_sub(1) };
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
        bowler
    }

    /// Follows wickets with consecutive deliveries of the bowler in the match (a wide between breaks the row, a
    /// stumping off a wide carries it on).
    pub(super) fn hat_trick(&mut self, index: usize, bowler: usize, credited: u32) {
        let Self { state, happenings, .. } = self;
        let Some(card) = state.innings.get_mut(index).and_then(|innings| innings.bowling.get_mut(bowler)) else {
            return;
        };
        if credited == 0 {
            card.wickets_in_row = 0;
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

fn new_card(ball: &Delivery, past: &[Innings]) -> BowlerCard {
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
        wickets_in_row: row_so_far(past, &ball.bowler.id),
        spell_overs: 0,
    }
}

/// Wickets with the last consecutive deliveries in the bowler's earlier innings of the match.
fn row_so_far(past: &[Innings], bowler: &PersonId) -> u8 {
    past.iter()
        .rev()
        .find_map(|innings| innings.bowling.iter().find(|card| card.player.id == *bowler))
        .map_or(0, |card| card.wickets_in_row)
}
