//! One innings, ball by ball: who faces whom, what came of it, who is on strike next.

use super::{Format, Outcome, Role, Situation, TeamSheet, attack::Attack, dice::Dice, frequencies::Chances};
use crate::{
    event::{Delivery, DismissalKind, Ext, Extras, Fielder, Runs, Wicket},
    player::PlayerRef,
};

/// An innings played.
pub(super) struct PlayedInnings {
    /// The deliveries by over.
    pub(super) overs: Vec<Vec<Delivery>>,
    pub(super) runs: u32,
    pub(super) wickets: u8,
    /// Why it ended, in the contract's words.
    pub(super) reason: &'static str,
}

/// What an innings needs to know.
pub(super) struct Conditions<'a> {
    /// Innings, from 1.
    pub(super) number: u8,
    pub(super) format: Format,
    pub(super) batting: &'a TeamSheet,
    pub(super) bowling: &'a TeamSheet,
    /// Runs to win, in a chase.
    pub(super) target: Option<u32>,
    pub(super) chances: &'a Chances,
}

/// The innings in progress. Batters and fielders are places in their side.
struct Progress<'a> {
    conditions: &'a Conditions<'a>,
    striker: usize,
    non_striker: usize,
    next_in: usize,
    runs: u32,
    wickets: u8,
    legal_balls: u32,
    free_hit: bool,
}

pub(super) fn play(conditions: &Conditions<'_>, dice: &mut Dice) -> PlayedInnings {
    let mut attack = Attack::new(conditions.bowling, conditions.format);
    let mut now = Progress {
        conditions,
        striker: 0,
        non_striker: 1,
        next_in: 2,
        runs: 0,
        wickets: 0,
        legal_balls: 0,
        free_hit: false,
    };
    let mut overs = Vec::new();
    for over in 0..conditions.format.overs() {
        let bowler = attack.next(over, dice);
        let mut balls: Vec<Delivery> = Vec::new();
        let over_is_up_at = (u32::from(over) + 1) * 6;
        while now.legal_balls < over_is_up_at && now.ended().is_none() {
            let pos = u16::try_from(balls.len() + 1).unwrap_or(u16::MAX);
            balls.push(now.ball(over, pos, bowler, dice));
        }
        overs.push(balls);
        if now.ended().is_some() {
            break;
        }
        std::mem::swap(&mut now.striker, &mut now.non_striker);
    }
    PlayedInnings { overs, runs: now.runs, wickets: now.wickets, reason: now.ended().unwrap_or("overs") }
}

impl Progress<'_> {
    fn ended(&self) -> Option<&'static str> {
        if self.needed() == Some(0) {
            Some("target_reached")
        } else if self.wickets == 10 {
            Some("all_out")
        } else {
            None
        }
    }

    fn needed(&self) -> Option<u32> {
        self.conditions.target.map(|target| target.saturating_sub(self.runs))
    }

    /// Bowls one ball and moves the innings on.
    fn ball(&mut self, over: u16, pos: u16, bowler: usize, dice: &mut Dice) -> Delivery {
        let outcome = self.draw(over, dice);
        let (runs, extras) = book(outcome);
        let batting = |place: usize| self.conditions.batting.players()[place].reference();
        let mut delivery = Delivery {
            runs,
            extras,
            ..Delivery::dot(
                (self.conditions.number, over, pos),
                batting(self.striker),
                batting(self.non_striker),
                self.fielder(bowler),
            )
        };
        self.runs += u32::from(runs.total);
        self.legal_balls += u32::from(outcome.is_legal());
        // A wide neither uses a free hit up nor makes one.
        self.free_hit = matches!(outcome, Outcome::NoBall(_)) || (self.free_hit && !outcome.is_legal());
        if runs_run(outcome) % 2 == 1 {
            std::mem::swap(&mut self.striker, &mut self.non_striker);
        }
        if let Some(kind) = outcome.dismissal() {
            delivery.wickets.push(self.wicket(kind, &delivery, bowler, dice));
        }
        delivery
    }

    /// Draws what comes of the next ball.
    fn draw(&self, over: u16, dice: &mut Dice) -> Outcome {
        let situation = Situation {
            format: self.conditions.format,
            over,
            legal_balls: self.legal_balls,
            wickets: self.wickets,
            needed: self.needed(),
        };
        let Some(chances) = self.conditions.chances.at(&situation, self.free_hit) else { return Outcome::Bat(0) };
        let drawn = Outcome::ALL[dice.weighted(&chances)];
        self.needed().map_or(drawn, |needed| until_won(drawn, needed))
    }

    /// Records the wicket, brings in the next batter.
    ///
    /// Strike after a wicket: the next batter faces (Law 18.11); at a run out the batters had crossed, and the next
    /// batter comes to the end where the wicket was put down (Law 18.12).
    fn wicket(&mut self, kind: DismissalKind, delivery: &Delivery, bowler: usize, dice: &mut Dice) -> Wicket {
        let run_out = kind == DismissalKind::RunOut;
        if run_out {
            // They had crossed on the run that was not completed.
            std::mem::swap(&mut self.striker, &mut self.non_striker);
        }
        let non_striker_out = run_out && dice.happens(0.5);
        let place_out = if non_striker_out { self.non_striker } else { self.striker };
        let player_out = self.conditions.batting.players()[place_out].reference();
        debug_assert!(player_out == delivery.batter || player_out == delivery.non_striker);
        self.wickets += 1;
        if self.wickets < 10 {
            *(if non_striker_out { &mut self.non_striker } else { &mut self.striker }) = self.next_in;
            self.next_in += 1;
        }
        let fielders = match kind {
            DismissalKind::Caught => vec![self.catcher(bowler, 5.0, dice)],
            DismissalKind::RunOut => vec![self.catcher(bowler, 2.0, dice)],
            DismissalKind::CaughtAndBowled => vec![self.fielder(bowler)],
            DismissalKind::Stumped => self
                .conditions
                .bowling
                .players()
                .iter()
                .filter(|player| player.role == Role::Keeper)
                .map(super::Player::reference)
                .collect(),
            _ => Vec::new(),
        };
        let fielders = fielders.into_iter().map(|player| Fielder { player: Some(player), substitute: false }).collect();
        Wicket { kind, player_out, fielders, ext: Ext::new() }
    }

    fn fielder(&self, place: usize) -> PlayerRef {
        self.conditions.bowling.players()[place].reference()
    }

    /// A fielder other than the bowler, the keeper likelier than the rest.
    fn catcher(&self, bowler: usize, keeper: f64, dice: &mut Dice) -> PlayerRef {
        let weights: Vec<f64> = self
            .conditions
            .bowling
            .players()
            .iter()
            .enumerate()
            .map(|(place, player)| match player.role {
                _ if place == bowler => 0.0,
                Role::Keeper => keeper,
                _ => 1.0,
            })
            .collect();
        self.fielder(dice.weighted(&weights))
    }
}

/// Cuts what came of a ball to what counts once the winning run is made (Laws 16.6 and 18): the penalty for a wide or
/// no-ball may win it before anything else, and only a boundary counts beyond the run needed.
pub(crate) fn until_won(drawn: Outcome, needed: u32) -> Outcome {
    let needed = u8::try_from(needed).unwrap_or(u8::MAX);
    match drawn {
        Outcome::Bat(runs) if !drawn.is_boundary() => Outcome::Bat(runs.min(needed)),
        Outcome::RunOut(runs) if runs >= needed => Outcome::Bat(needed),
        Outcome::Wide(_) | Outcome::StumpedOffWide if needed == 1 => Outcome::Wide(1),
        Outcome::Wide(runs) if runs < 5 => Outcome::Wide(runs.min(needed)),
        Outcome::NoBall(_) if needed == 1 => Outcome::NoBall(0),
        Outcome::NoBall(bat) if !drawn.is_boundary() => Outcome::NoBall(bat.min(needed - 1)),
        Outcome::Byes(runs) if runs < 4 => Outcome::Byes(runs.min(needed)),
        Outcome::LegByes(runs) if runs < 4 => Outcome::LegByes(runs.min(needed)),
        _ => drawn,
    }
}

/// Runs the batters ran, which change ends: boundaries and the penalty for a wide or no-ball are not run.
fn runs_run(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Bat(runs) | Outcome::NoBall(runs) if !outcome.is_boundary() => runs,
        Outcome::Wide(runs) if runs < 5 => runs - 1,
        Outcome::Byes(runs) | Outcome::LegByes(runs) if runs < 4 => runs,
        Outcome::RunOut(runs) => runs,
        _ => 0,
    }
}

/// The outcome as the scorer books it.
pub(crate) fn book(outcome: Outcome) -> (Runs, Extras) {
    let mut extras = Extras::default();
    let mut bat = 0;
    match outcome {
        Outcome::Bat(runs) | Outcome::RunOut(runs) => bat = u16::from(runs),
        Outcome::NoBall(runs) => {
            extras.noballs = 1;
            bat = u16::from(runs);
        }
        Outcome::Wide(runs) => extras.wides = u16::from(runs),
        Outcome::StumpedOffWide => extras.wides = 1,
        Outcome::Byes(runs) => extras.byes = u16::from(runs),
        Outcome::LegByes(runs) => extras.legbyes = u16::from(runs),
        Outcome::Bowled
        | Outcome::Caught
        | Outcome::CaughtAndBowled
        | Outcome::Lbw
        | Outcome::Stumped
        | Outcome::HitWicket => {}
    }
    let total = outcome.runs();
    (Runs { bat, extras: total - bat, total, non_boundary: false }, extras)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_a_boundary_counts_beyond_the_winning_run() {
        assert_eq!(until_won(Outcome::Bat(2), 1), Outcome::Bat(1));
        assert_eq!(until_won(Outcome::Bat(6), 1), Outcome::Bat(6));
        assert_eq!(until_won(Outcome::Wide(5), 1), Outcome::Wide(1));
        assert_eq!(until_won(Outcome::NoBall(6), 1), Outcome::NoBall(0));
        assert_eq!(until_won(Outcome::NoBall(2), 2), Outcome::NoBall(1));
        assert_eq!(until_won(Outcome::LegByes(4), 1), Outcome::LegByes(4));
        assert_eq!(until_won(Outcome::StumpedOffWide, 1), Outcome::Wide(1));
        assert_eq!(until_won(Outcome::RunOut(1), 1), Outcome::Bat(1));
        assert_eq!(until_won(Outcome::RunOut(0), 1), Outcome::RunOut(0));
    }

    #[test]
    fn every_outcome_is_read_back_from_the_delivery_it_is_booked_as() {
        for outcome in Outcome::ALL {
            let (runs, extras) = book(outcome);
            assert_eq!(runs.total, runs.bat + runs.extras);
            let nobody = PlayerRef::named("nobody");
            let wickets = outcome.dismissal().map(|kind| Wicket {
                kind,
                player_out: nobody.clone(),
                fielders: Vec::new(),
                ext: Ext::new(),
            });
            let delivery = Delivery {
                runs,
                extras,
                wickets: wickets.into_iter().collect(),
                ..Delivery::dot((1, 0, 1), nobody.clone(), nobody.clone(), nobody.clone())
            };
            assert_eq!(Outcome::of(&delivery), Some(outcome));
            assert_eq!(delivery.is_legal(), outcome.is_legal());
        }
    }
}
