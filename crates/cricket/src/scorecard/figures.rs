//! Figures of an innings that its state does not hold by themselves.

use crate::{
    event::{Delivery, Powerplay},
    player::PlayerRef,
    score::{Innings, MatchState},
};

/// A powerplay and what came of it.
pub(super) struct PowerplayFigures<'a> {
    /// `mandatory`, `batting` or `fielding`.
    pub(super) kind: &'a str,
    /// As followers count: `overs 1-6`, `balls 1-25`.
    pub(super) span: String,
    /// Runs of its balls.
    pub(super) runs: u32,
    /// Wickets on its balls.
    pub(super) wickets: u32,
}

/// The powerplays of which a ball was bowled, in the feed's order.
pub(super) fn powerplays(innings: &Innings) -> Vec<PowerplayFigures<'_>> {
    let figures = innings.powerplays.iter().filter_map(|powerplay| {
        let balls = || all_balls(innings).filter(|ball| within(powerplay, ball, innings.balls_per_over));
        balls().next()?;
        Some(PowerplayFigures {
            kind: &powerplay.kind,
            span: span(powerplay, innings.balls_per_over),
            runs: balls().map(|ball| u32::from(ball.runs.total)).sum(),
            wickets: balls().map(wickets).sum(),
        })
    });
    figures.collect()
}

/// All deliveries of an innings.
pub(super) fn all_balls(innings: &Innings) -> impl Iterator<Item = &Delivery> {
    innings.overs.iter().flat_map(|over| &over.balls).map(|ball| &**ball)
}

/// Wickets that fell on a delivery; a retirement is none.
pub(super) fn wickets(ball: &Delivery) -> u32 {
    ball.wickets.iter().filter(|wicket| wicket.kind.is_wicket()).count() as u32
}

/// Bounds count every delivery of an over. One that ends with the over's last ball takes in its wides and no-balls.
fn within(powerplay: &Powerplay, ball: &Delivery, per_over: u16) -> bool {
    let last = if powerplay.to.ball >= per_over { u16::MAX } else { powerplay.to.ball };
    let place = (ball.over, ball.pos);
    (powerplay.from.over, powerplay.from.ball) <= place && place <= (powerplay.to.over, last)
}

fn span(powerplay: &Powerplay, per_over: u16) -> String {
    let (from, to) = (powerplay.from, powerplay.to);
    if per_over == 5 {
        let first = u32::from(from.over) * 5 + u32::from(from.ball);
        let last = u32::from(to.over) * 5 + u32::from(to.ball.min(5));
        return format!("balls {first}-{last}");
    }
    let first = if from.ball <= 1 { from.over.saturating_add(1).to_string() } else { format!("{from}") };
    let last = if to.ball >= per_over { to.over.saturating_add(1).to_string() } else { format!("{to}") };
    if first == last { format!("over {first}") } else { format!("overs {first}-{last}") }
}

/// Players of the side who have not come in, but those who cannot.
pub(super) fn yet_to_bat<'a>(state: &'a MatchState, innings: &Innings) -> Vec<&'a PlayerRef> {
    let squad = state.info.as_ref().and_then(|info| info.players.get(&innings.batting_team));
    let waiting = squad
        .into_iter()
        .flatten()
        .filter(|player| !innings.batting.iter().any(|card| card.player.id == player.id))
        .filter(|player| !innings.absent_hurt.iter().any(|absent| absent.id == player.id));
    waiting.collect()
}
