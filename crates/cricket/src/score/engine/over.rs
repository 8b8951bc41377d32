//! Overs: where one begins and ends (Law 17), maidens.

use super::{AnomalyKind, Engine, Happening, OverRecord};
use crate::event::{Delivery, Key, OverEnd};

/// How a ball stands to the over before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OverOpened {
    /// It goes on with the over.
    No,
    /// It is the first of the next over.
    Yes,
    /// Deliveries are missing before it.
    Gap,
}

impl Engine {
    /// Finds the ball's over, closing the one before it where no umpire's call came.
    pub(super) fn open_over(&mut self, key: &Key, index: usize, ball: &Delivery) -> OverOpened {
        let Some(innings) = self.state.innings.get(index) else { return OverOpened::No };
        let last = innings.overs.last().map(|over| (over.over, over.balls.len(), over.complete));
        let due = match last {
            Some((over, bowled, complete)) if over == ball.over => {
                if complete {
                    self.reopen(index);
                }
                return if usize::from(ball.pos) > bowled + 1 { OverOpened::Gap } else { OverOpened::No };
            }
            Some((over, _, complete)) => {
                if !complete {
                    self.close_over(key, index);
                }
                over.checked_add(1)
            }
            None => Some(0),
        };
        if let Some(innings) = self.state.innings.get_mut(index) {
            innings.overs.push(OverRecord {
                over: ball.over,
                bowlers: Vec::with_capacity(1),
                balls: Vec::with_capacity(usize::from(innings.balls_per_over.min(8))),
                runs: 0,
                conceded: 0,
                wickets: 0,
                legal_balls: 0,
                complete: false,
            });
        }
        if due == Some(ball.over) && ball.pos <= 1 { OverOpened::Yes } else { OverOpened::Gap }
    }

    /// Ends the over when it has its balls. Should the umpire allow one more, it is opened again.
    pub(super) fn close_full_over(&mut self, key: &Key, index: usize) {
        let full = self.state.innings.get(index).is_some_and(|innings| {
            innings.overs.last().is_some_and(|over| !over.complete && over.legal_balls == innings.balls_per_over)
        });
        if full {
            self.close_over(key, index);
        }
    }

    /// The umpire's call.
    pub(super) fn over_end(&mut self, key: &Key, end: &OverEnd) {
        let Some(index) = self.index_of(end.innings) else { return };
        let Some(over) = self.state.innings.get(index).and_then(|innings| innings.overs.last()) else { return };
        if over.over != end.over {
            self.anomaly(key, AnomalyKind::Gap);
            return;
        }
        let (complete, counted) = (over.complete, over.legal_balls);
        if !complete {
            self.close_over(key, index);
        }
        if let Some(balls) = end.legal_balls.filter(|balls| *balls > counted) {
            let ours = format!("{counted} legal balls");
            self.anomaly(key, AnomalyKind::ScoreMismatch { ours, theirs: format!("{balls} legal balls") });
        }
        self.check_end(key, index);
    }

    fn close_over(&mut self, key: &Key, index: usize) {
        let Some(innings) = self.state.innings.get_mut(index) else { return };
        let balls_per_over = innings.balls_per_over;
        let Some(over) = innings.overs.last_mut() else { return };
        over.complete = true;
        let (number, runs, wickets, legal) = (over.over, over.runs, over.wickets, over.legal_balls);
        let alone = match over.bowlers.as_slice() {
            [bowler] => Some(*bowler),
            _ => None,
        };
        let maiden = alone.is_some() && over.conceded == 0;
        let last_bowler = over.bowlers.last().copied();
        if let Some(card) = alone.and_then(|bowler| innings.bowling.get_mut(bowler)) {
            card.maidens += u32::from(maiden);
            card.spell_overs = card.spell_overs.saturating_add(1);
        }
        // A miscounted over takes its balls from, or adds them to, what the innings may last.
        if let Some(limit) = innings.balls_limit.as_mut() {
            *limit = limit.saturating_add(u32::from(legal)).saturating_sub(u32::from(balls_per_over));
        }
        if let Some(card) = last_bowler.and_then(|bowler| innings.bowling.get(bowler)) {
            let bowler = card.player.clone();
            self.happenings.push(Happening::OverCompleted { over: number, bowler, runs, wickets, maiden });
        }
        if ends_change(balls_per_over, number) {
            self.change_ends(index);
        }
        if legal != balls_per_over {
            self.anomaly(key, AnomalyKind::OverLength { balls: legal });
        }
        self.powerplays_of_over(index, number);
    }

    /// Takes back [`Engine::close_over`].
    fn reopen(&mut self, index: usize) {
        let Some(innings) = self.state.innings.get_mut(index) else { return };
        let balls_per_over = innings.balls_per_over;
        let Some(over) = innings.overs.last_mut() else { return };
        over.complete = false;
        let number = over.over;
        if let Some(limit) = innings.balls_limit.as_mut() {
            *limit = limit.saturating_add(u32::from(balls_per_over)).saturating_sub(u32::from(over.legal_balls));
        }
        if let [bowler] = over.bowlers.as_slice()
            && let Some(card) = innings.bowling.get_mut(*bowler)
        {
            card.maidens -= u32::from(over.conceded == 0).min(card.maidens);
            card.spell_overs = card.spell_overs.saturating_sub(1);
        }
        if ends_change(balls_per_over, number) {
            self.change_ends(index);
        }
    }
}

/// Whether the ends change after an over: after each, but in sets of five (The Hundred) after every second.
fn ends_change(balls_per_over: u16, over: u16) -> bool {
    balls_per_over != 5 || !over.is_multiple_of(2)
}
