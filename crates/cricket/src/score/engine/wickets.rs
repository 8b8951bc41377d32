//! Wickets and retirements (Laws 25, 31 to 40).

use super::{AnomalyKind, Engine, Happening};
use crate::{
    event::{Delivery, DismissalKind, DismissalNoBall, Fielder, Key, Wicket},
    player::PlayerRef,
    score::{BatterStatus, Dismissal, FallOfWicket, Innings, Partnership},
};

/// Wickets of one bowler that are worth a word.
const WICKETS_WORTH_A_WORD: u32 = 3;

impl Engine {
    /// The ball's wickets and retirements, in order.
    ///
    /// `free_hit` is whether the ball was one.
    pub(super) fn wickets(&mut self, key: &Key, index: usize, ball: &Delivery, bowler: usize, free_hit: bool) {
        let mut credited = 0;
        for wicket in &ball.wickets {
            if !possible(&wicket.kind, ball, free_hit) {
                self.anomaly(key, AnomalyKind::ImpossibleDismissal { kind: wicket.kind.name().to_owned() });
            }
            if ![&ball.batter.id, &ball.non_striker.id].contains(&&wicket.player_out.id) {
                self.anomaly(key, AnomalyKind::NotAtTheCrease { player: wicket.player_out.name.to_string() });
            }
            let by = (!without_a_ball(&wicket.kind)).then(|| ball.bowler.clone());
            self.out(index, wicket, by, Some(ball));
            if let Some(over) = self.innings_mut(index).and_then(|innings| innings.overs.last_mut()) {
                over.wickets = over.wickets.saturating_add(u8::from(wicket.kind.is_wicket()));
            }
            if wicket.kind.is_bowlers() {
                credited += 1;
                self.credit(index, bowler);
            }
        }
        self.hat_trick(index, ball, bowler, credited);
    }

    /// A wicket that no ball brought.
    pub(super) fn dismissal_no_ball(&mut self, key: &Key, out: &DismissalNoBall) {
        let Some(index) = self.index_of(out.innings) else {
            self.anomaly(key, AnomalyKind::OutOfPlay);
            return;
        };
        let wicket = Wicket {
            kind: out.kind.clone(),
            player_out: out.player_out.clone(),
            fielders: out.fielders.clone(),
            ext: crate::event::Ext::new(),
        };
        self.memory.expected = super::Expected::Anyone;
        self.out(index, &wicket, None, None);
        self.check_end(key, index);
    }

    fn out(&mut self, index: usize, wicket: &Wicket, bowler: Option<PlayerRef>, ball: Option<&Delivery>) {
        let Some(at) = self.card_of(index, &wicket.player_out) else { return };
        let Self { state, happenings, .. } = self;
        let Some(innings) = state.innings.get_mut(index) else { return };
        let Some(card) = innings.batting.get_mut(at) else { return };
        let (player, runs, balls) = (card.player.clone(), card.runs, card.balls);
        if !wicket.kind.is_wicket() {
            card.status = BatterStatus::Retired { kind: wicket.kind.clone() };
            vacate(innings, at);
            happenings.push(Happening::Retired { player, runs });
            return;
        }
        let fielders: Vec<Fielder> = wicket.fielders.clone();
        let dismissal = Dismissal { kind: wicket.kind.clone(), bowler, fielders };
        card.status = BatterStatus::Out(dismissal.clone());
        innings.wickets = innings.wickets.saturating_add(1);
        let number = innings.wickets;
        innings.fall_of_wickets.push(FallOfWicket {
            wicket: number,
            runs: innings.runs,
            player: player.clone(),
            over: innings.overs.last().map_or(0, |over| over.over),
            legal_balls: innings.legal_balls,
        });
        end_partnership(innings, &player, number);
        vacate(innings, at);
        happenings.push(Happening::Wicket { player: player.clone(), runs, balls, dismissal, wicket: number });
        if runs == 0 {
            // Golden is the first ball faced, not a run out at the other end after it.
            let faced = ball.is_some_and(|ball| ball.is_faced() && ball.batter.id == player.id);
            happenings.push(Happening::Duck { player, golden: balls == 1 && faced, diamond: balls == 0 });
        }
    }

    fn credit(&mut self, index: usize, bowler: usize) {
        let Self { state, happenings, .. } = self;
        let Some(card) = state.innings.get_mut(index).and_then(|innings| innings.bowling.get_mut(bowler)) else {
            return;
        };
        card.wickets += 1;
        if card.wickets >= WICKETS_WORTH_A_WORD {
            let (player, wickets, runs) = (card.player.clone(), card.wickets, card.runs);
            happenings.push(Happening::BowlerMilestone { player, wickets, runs });
        }
    }
}

/// Ends the pair's stand; a second wicket on one ball ends a stand that never began.
fn end_partnership(innings: &mut Innings, out: &PlayerRef, wicket: u8) {
    match innings.partnerships.last_mut() {
        Some(pair) if !pair.ended => pair.ended = true,
        last => {
            let survivor = last.and_then(|pair| pair.batters.iter().find(|known| known.id != out.id)).cloned();
            let batters = survivor.into_iter().chain([out.clone()]).collect();
            innings.partnerships.push(Partnership { wicket, batters, runs: 0, balls: 0, ended: true });
        }
    }
}

/// Leaves a batter's place at the crease empty.
pub(super) fn vacate(innings: &mut Innings, batter: usize) {
    for end in [&mut innings.striker, &mut innings.non_striker] {
        if *end == Some(batter) {
            *end = None;
        }
    }
}

/// Whether the wicket fell between balls, so that the bowler named with it had no part.
fn without_a_ball(kind: &DismissalKind) -> bool {
    matches!(kind, DismissalKind::TimedOut | DismissalKind::RetiredOut)
}

/// Whether the Laws allow the dismissal on this ball (21.18, 22.9, and the playing conditions of a free hit).
fn possible(kind: &DismissalKind, ball: &Delivery, free_hit: bool) -> bool {
    let bowled_to = matches!(
        kind,
        DismissalKind::Bowled | DismissalKind::Caught | DismissalKind::CaughtAndBowled | DismissalKind::Lbw
    );
    if ball.extras.noballs > 0 || free_hit {
        return !bowled_to && !matches!(kind, DismissalKind::Stumped | DismissalKind::HitWicket);
    }
    ball.extras.wides == 0 || (!bowled_to && *kind != DismissalKind::HitTheBallTwice)
}
