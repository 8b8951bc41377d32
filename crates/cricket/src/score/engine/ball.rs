//! A delivery's way through the book.

use std::sync::Arc;

use super::{AnomalyKind, Engine, Happening, Innings, crease::batter_index, over::OverOpened};
use crate::{
    event::{Delivery, Key},
    rules::FreeHits,
};

/// Legal balls without a boundary off the bat that are worth a word, and how many more until the next word.
const DROUGHT: (u32, u32) = (13, 6);

/// Boundaries off balls running, and in one over, that are worth a word.
const BURST: (usize, usize) = (3, 4);

/// Totals at which batters, partnerships and sides are applauded.
const MILESTONE: u32 = 50;

/// What stood in the book before the ball.
struct Before {
    team: u32,
    batter: u32,
    partnership: u32,
    drought: u32,
    free_hit: bool,
}

impl Engine {
    /// Plays a ball.
    pub(in crate::score) fn delivery(&mut self, key: &Key, ball: &Arc<Delivery>) {
        self.happens(Happening::Ball(ball.clone()));
        let (index, opened) = self.innings_for(key, ball);
        self.resume_play();
        self.begin_session(index, ball);
        if !adds_up(ball) {
            self.anomaly(key, AnomalyKind::RunsDoNotAddUp);
        }
        let apart = ball.extras.noballs > 0 && ball.extras.byes.saturating_add(ball.extras.legbyes) > 0;
        if apart && self.state.rules.no_balls.byes_apart == Some(false) {
            self.anomaly(key, AnomalyKind::NoBallByes);
        }
        let over = self.open_over(key, index, ball);
        if over == OverOpened::Gap && !opened {
            self.anomaly(key, AnomalyKind::Gap);
        }
        self.replacements(ball);
        self.take_guard(key, index, ball, over);
        let bowler = self.take_the_ball(key, index, ball);
        let Some(before) = self.count(index, ball, bowler) else { return };
        self.milestones(index, ball, &before);
        self.wickets(key, index, ball, bowler, before.free_hit);
        self.next_strike(index, ball);
        self.close_full_over(key, index);
        self.powerplays(index, ball);
        self.review_on_ball(ball);
        self.check_score(key, index, ball);
        self.check_end(key, index);
    }

    /// Adds the ball to every tally.
    fn count(&mut self, index: usize, ball: &Arc<Delivery>, bowler: usize) -> Option<Before> {
        let free_hits = self.state.rules.free_hits == FreeHits::Every;
        self.state.par = None;
        let innings = self.state.innings.get_mut(index)?;
        let striker = innings.striker?;
        let legal = ball.is_legal();
        let total = u32::from(ball.runs.total);
        let partnership = innings.partnerships.last_mut()?;
        let before = Before {
            team: innings.runs,
            batter: innings.batting.get(striker)?.runs,
            partnership: partnership.runs,
            drought: innings.balls_since_boundary,
            free_hit: ball.free_hit || innings.free_hit_next,
        };

        partnership.runs = partnership.runs.saturating_add(total);
        partnership.balls += u32::from(ball.is_faced());

        innings.runs = innings.runs.saturating_add(total);
        innings.deliveries += 1;
        innings.legal_balls += u32::from(legal);
        let extras = &mut innings.extras;
        for (tally, runs) in [
            (&mut extras.wides, ball.extras.wides),
            (&mut extras.noballs, ball.extras.noballs),
            (&mut extras.byes, ball.extras.byes),
            (&mut extras.legbyes, ball.extras.legbyes),
            (&mut extras.penalty, ball.extras.penalty),
        ] {
            *tally = tally.saturating_add(u32::from(runs));
        }

        let batter = innings.batting.get_mut(striker)?;
        batter.runs = batter.runs.saturating_add(u32::from(ball.runs.bat));
        batter.balls += u32::from(ball.is_faced());
        batter.fours += u32::from(ball.is_four());
        batter.sixes += u32::from(ball.is_six());
        batter.dots += u32::from(ball.is_faced() && total == 0);

        let conceded = u32::from(ball.conceded());
        let card = innings.bowling.get_mut(bowler)?;
        card.balls += u32::from(legal);
        card.runs = card.runs.saturating_add(conceded);
        card.wides = card.wides.saturating_add(u32::from(ball.extras.wides));
        card.noballs = card.noballs.saturating_add(u32::from(ball.extras.noballs));
        card.dots += u32::from(legal && conceded == 0);
        card.fours += u32::from(ball.is_four());
        card.sixes += u32::from(ball.is_six());

        let over = innings.overs.last_mut()?;
        over.balls.push(ball.clone());
        over.runs = over.runs.saturating_add(total);
        over.conceded = over.conceded.saturating_add(conceded);
        over.legal_balls = over.legal_balls.saturating_add(u16::from(legal));

        let boundary = ball.is_four() || ball.is_six();
        innings.balls_since_boundary = if boundary { 0 } else { before.drought + u32::from(legal) };
        // A wide or no-ball on a free hit carries it over (playing conditions since 2015 for every kind of no-ball).
        innings.free_hit_next = (free_hits && ball.extras.noballs > 0)
            || (before.free_hit && (ball.extras.noballs > 0 || ball.extras.wides > 0));
        Some(before)
    }

    fn milestones(&mut self, index: usize, ball: &Delivery, before: &Before) {
        if ball.is_four() {
            self.happens(Happening::Four);
        } else if ball.is_six() {
            self.happens(Happening::Six);
        }
        let Self { state, happenings, .. } = self;
        let Some(innings) = state.innings.get(index) else { return };
        let drought = innings.balls_since_boundary;
        if drought == 0 && before.drought >= DROUGHT.0 {
            happenings.push(Happening::DroughtBroken { balls: before.drought });
        } else if drought > before.drought && drought >= DROUGHT.0 && (drought - DROUGHT.0).is_multiple_of(DROUGHT.1) {
            happenings.push(Happening::BoundaryDrought { balls: drought });
        }
        if ball.is_four() || ball.is_six() {
            happenings.extend(burst(innings));
        }
        if let Some(batter) = innings.striker_card()
            && let Some(runs) = passed(before.batter, batter.runs)
        {
            let (player, balls) = (batter.player.clone(), batter.balls);
            happenings.push(Happening::BatterMilestone { player, runs, balls });
        }
        if let Some(partnership) = innings.partnerships.last()
            && let Some(runs) = passed(before.partnership, partnership.runs)
        {
            let batters = at_the_crease(innings);
            happenings.push(Happening::PartnershipMilestone { batters, runs, wicket: partnership.wicket });
        }
        if let Some(runs) = passed(before.team, innings.runs) {
            happenings.push(Happening::TeamMilestone { team: innings.batting_team.clone(), runs });
        }
    }

    fn check_score(&mut self, key: &Key, index: usize, ball: &Delivery) {
        let (Some(theirs), Some(innings)) = (ball.score_after, self.state.innings.get(index)) else { return };
        if (theirs.runs, theirs.wickets) != (innings.runs, innings.wickets) {
            let ours = format!("{}/{}", innings.runs, innings.wickets);
            let theirs = format!("{}/{}", theirs.runs, theirs.wickets);
            self.anomaly(key, AnomalyKind::ScoreMismatch { ours, theirs });
        }
    }
}

/// The two at the crease, by the ball just bowled.
pub(super) fn at_the_crease(innings: &Innings) -> Vec<crate::player::PlayerRef> {
    [innings.striker_card(), innings.non_striker_card()].into_iter().flatten().map(|card| card.player.clone()).collect()
}

/// What the boundary just hit makes with those before it.
fn burst(innings: &Innings) -> Option<Happening> {
    let boundary = |ball: &&Arc<Delivery>| ball.is_four() || ball.is_six();
    let running = innings.overs.iter().rev().flat_map(|over| over.balls.iter().rev()).take_while(boundary).count();
    let over = &innings.overs.last()?.balls;
    let in_over = over.iter().filter(boundary).count();
    let (boundaries, deliveries) = match (running, in_over) {
        (running, _) if running >= BURST.0 => (running, running),
        (_, in_over) if in_over >= BURST.1 => (in_over, over.len()),
        _ => return None,
    };
    let (boundaries, deliveries) = (u32::try_from(boundaries).ok()?, u32::try_from(deliveries).ok()?);
    Some(Happening::BoundaryBurst { boundaries, deliveries })
}

/// The multiple of fifty that was passed, the highest if there were several.
pub(super) fn passed(before: u32, after: u32) -> Option<u32> {
    (after / MILESTONE > before / MILESTONE).then_some(after / MILESTONE * MILESTONE)
}

fn adds_up(ball: &Delivery) -> bool {
    let Delivery { runs, extras, .. } = ball;
    let kinds = [extras.wides, extras.noballs, extras.byes, extras.legbyes, extras.penalty];
    kinds.into_iter().map(u32::from).sum::<u32>() == u32::from(runs.extras)
        && u32::from(runs.bat) + u32::from(runs.extras) == u32::from(runs.total)
}

impl Engine {
    /// The card of a batter named outside the two at the crease.
    pub(super) fn card_of(&mut self, index: usize, player: &crate::player::PlayerRef) -> Option<usize> {
        let innings = self.state.innings.get_mut(index)?;
        Some(batter_index(innings, &mut self.happenings, player).0)
    }
}
