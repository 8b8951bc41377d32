//! Who is at the crease, and who must face the next ball (Law 18, Law 30).

use super::{AnomalyKind, Engine, Expected, Happening, Innings, over::OverOpened};
use crate::{
    event::{Delivery, Key},
    player::PlayerRef,
    score::{BatterCard, BatterStatus, Partnership},
};

/// The card of a batter: its index, and whether somebody who is out has come to bat again. A new batter gets a card.
pub(super) fn batter_index(
    innings: &mut Innings,
    happenings: &mut Vec<Happening>,
    player: &PlayerRef,
) -> (usize, bool) {
    for index in [innings.striker, innings.non_striker].into_iter().flatten() {
        if innings.batting.get(index).is_some_and(|card| card.player.id == player.id) {
            return (index, false);
        }
    }
    if let Some(index) = innings.batting.iter().position(|card| card.player.id == player.id) {
        let mut is_out = false;
        if let Some(card) = innings.batting.get_mut(index) {
            is_out = matches!(card.status, BatterStatus::Out(_));
            if matches!(card.status, BatterStatus::Retired { .. }) {
                card.status = BatterStatus::NotOut;
                happenings.push(Happening::NewBatter { player: player.clone() });
            }
        }
        return (index, is_out);
    }
    happenings.push(Happening::NewBatter { player: player.clone() });
    innings.batting.push(BatterCard {
        player: player.clone(),
        runs: 0,
        balls: 0,
        fours: 0,
        sixes: 0,
        dots: 0,
        status: BatterStatus::NotOut,
    });
    (innings.batting.len() - 1, false)
}

impl Engine {
    /// Puts the ball's two batters at the crease: the feed says who they are; where the Laws say otherwise, so do we.
    pub(super) fn take_guard(&mut self, key: &Key, index: usize, ball: &Delivery, over: OverOpened) {
        let expected = std::mem::take(&mut self.memory.expected);
        if let Some(batter) = self.memory.two_or_a_run.take() {
            self.memory.noball_worth = Some(if batter == ball.batter.id { 2 } else { 1 });
        }
        if over != OverOpened::Gap {
            let wrong = match &expected {
                Expected::Anyone => None,
                // Only a swap with the partner is an error of strike; a third batter is a retirement not yet told.
                Expected::This(id) => (ball.non_striker.id == *id).then_some(&ball.non_striker),
                Expected::Not(id) => (ball.batter.id == *id).then_some(&ball.non_striker),
            };
            if let Some(should) = wrong {
                let (expected, found) = (should.name.to_string(), ball.batter.name.to_string());
                self.anomaly(key, AnomalyKind::UnexpectedStriker { expected, found });
            }
        }
        let Some(innings) = self.state.innings.get_mut(index) else { return };
        let (striker, striker_out) = batter_index(innings, &mut self.happenings, &ball.batter);
        let (other, other_out) = batter_index(innings, &mut self.happenings, &ball.non_striker);
        (innings.striker, innings.non_striker) = (Some(striker), Some(other));
        match innings.partnerships.last_mut() {
            Some(pair) if !pair.ended => {
                for player in [&ball.batter, &ball.non_striker] {
                    if !pair.batters.iter().any(|known| known.id == player.id) {
                        pair.batters.push(player.clone());
                    }
                }
            }
            _ => innings.partnerships.push(Partnership {
                wicket: innings.wickets.saturating_add(1),
                batters: vec![ball.batter.clone(), ball.non_striker.clone()],
                runs: 0,
                balls: 0,
                ended: false,
            }),
        }
        if striker_out || other_out {
            self.anomaly(key, AnomalyKind::OutOfPlay);
        }
    }

    /// Works out who faces next, the end of the over apart.
    pub(super) fn next_strike(&mut self, index: usize, ball: &Delivery) {
        let caught_rule = self.state.rules.new_batter_faces;
        let worth = self.noball_worth(ball);
        let crossed = crossed(ball, worth.unwrap_or(1));
        let Some(innings) = self.state.innings.get_mut(index) else { return };
        if ball.wickets.is_empty() {
            if crossed {
                std::mem::swap(&mut innings.striker, &mut innings.non_striker);
            }
            if worth.is_none() {
                return;
            }
            self.memory.expected =
                innings.striker_card().map_or(Expected::Anyone, |card| Expected::This(card.player.id.clone()));
            return;
        }
        // Bowled, lbw, stumped, hit wicket: nobody crossed. Caught, by the rule of 2022: the new batter faces whoever
        // crossed. Run out and the rest: it depends on crossing, which is not recorded; the likely end is shown.
        let certain = ball.wickets.len() == 1
            && ball.wickets.first().is_some_and(|wicket| {
                use crate::event::DismissalKind as Kind;
                wicket.player_out.id == ball.batter.id
                    && match wicket.kind {
                        Kind::Bowled | Kind::Lbw | Kind::Stumped | Kind::HitWicket => !crossed,
                        Kind::Caught | Kind::CaughtAndBowled => caught_rule,
                        _ => false,
                    }
            });
        self.memory.expected = if certain { Expected::Not(ball.non_striker.id.clone()) } else { Expected::Anyone };
    }

    /// The strike at the end of an over: the other end faces.
    pub(super) fn change_ends(&mut self, index: usize) {
        let Some(innings) = self.state.innings.get_mut(index) else { return };
        std::mem::swap(&mut innings.striker, &mut innings.non_striker);
        let facing = innings.striker_card().map(|card| card.player.id.clone());
        self.memory.expected = match (std::mem::take(&mut self.memory.expected), facing) {
            (Expected::Anyone, _) | (Expected::This(_), None) => Expected::Anyone,
            (Expected::This(_), Some(id)) | (Expected::Not(id), _) => Expected::This(id),
        };
    }
}

impl Engine {
    /// What a no-ball costs in this match: one run by the Laws, two in English domestic cricket. Since the Laws of 2017 all
    /// of a no-ball's extras is what it costs, what was run being byes. Before, a two is either a dearer no-ball or one run
    /// taken; where the match does not say, it shows it sooner or later.
    fn noball_worth(&mut self, ball: &Delivery) -> Option<u16> {
        let rules = self.state.rules.no_balls;
        if rules.byes_apart == Some(true) {
            return Some(ball.extras.noballs);
        }
        if rules.runs.is_some() {
            return rules.runs;
        }
        if ball.extras.noballs < 2 || self.memory.noball_worth.is_some() {
            return Some(self.memory.noball_worth.unwrap_or(1));
        }
        if ball.extras.noballs == 2 && (ball.runs.bat > 0 || ball.extras.byes > 0 || ball.extras.legbyes > 0) {
            self.memory.noball_worth = Some(2);
        } else if ball.extras.noballs == 2 {
            self.memory.two_or_a_run = Some(ball.batter.id.clone());
        }
        self.memory.noball_worth
    }
}

/// Whether the batters changed ends: an odd number of runs was run. What a wide or no-ball costs by itself is not run; a
/// short run (Law 18.3) is run and not scored, and told in the field `short_runs`, where a feed has it.
fn crossed(ball: &Delivery, noball_worth: u16) -> bool {
    let run = u32::from(ball.runs.bat)
        + u32::from(ball.extras.byes)
        + u32::from(ball.extras.legbyes)
        + u32::from(ball.extras.wides.saturating_sub(1))
        + u32::from(ball.extras.noballs.saturating_sub(noball_worth))
        + short_runs(ball);
    run % 2 == 1
}

fn short_runs(ball: &Delivery) -> u32 {
    // Most balls carry no field beyond the contract's: nothing is looked up for them.
    let runs = (!ball.ext.is_empty()).then(|| ball.extra_field("short_runs")).flatten();
    runs.and_then(serde_json::Value::as_u64).and_then(|runs| u32::try_from(runs % 2).ok()).unwrap_or(0)
}
