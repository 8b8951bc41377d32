//! What the next ball may bring: likely deliveries with their chances, each as the event that a feed would send.
//!
//! The chance of an outcome is how often it follows such a situation in real cricket
//! ([`Frequencies`](crate::simulate::Frequencies)), shifted by what is known of this batter and this bowler
//! ([`Records`]). Who will face and bowl is known within an over; at the start of one, and after a wicket, it is guessed
//! from how sides really go on. Fielders are never guessed. [`next_decisions`] does the same for what the umpires are
//! still looking at.

mod chances;
mod decisions;
mod likely;
mod tilt;

use crate::{
    event::{Delivery, DismissalKind, Event, EventData, Ext, Key, Wicket},
    phase,
    player::{PersonId, PlayerRef},
    score::{Innings, Lookahead},
    simulate::{Outcome, book, until_won},
};

pub use decisions::{NextDecision, is_undecided, next_decisions, undecided};
pub use tilt::{NoRecords, Record, Records};

/// Less likely deliveries are left out: together they are some balls in a hundred.
const LEAST_CHANCE: f64 = 0.001;

/// A delivery that may come next.
#[derive(Debug, Clone)]
pub struct NextBall {
    /// The event, as the feed would send it: right after what was seen last, fielders left out.
    pub event: Event,
    /// What comes of the ball.
    pub outcome: Outcome,
    /// How likely it is, 0 to 1; the chances of all that are given add up to 1 at most.
    pub chance: f64,
}

/// The likely next deliveries, the likeliest first; none while no ball is due (before the start, between innings, while
/// play has stopped, after the end). `announced` is who is said to bowl it, if anybody
/// said since the last ball.
pub fn next_balls(score: &Lookahead, announced: Option<&PlayerRef>, records: &dyn Records) -> Vec<NextBall> {
    let state = score.state();
    let Some(innings) = state.current().filter(|innings| innings.ended.is_none()) else { return Vec::new() };
    if state.is_over() || state.interruption.is_some() {
        return Vec::new();
    }
    let (over, pos) = phase::next_ball(innings);
    let Some(table) = chances::Table::of(state, innings) else { return Vec::new() };
    let phase = phase::of(state, innings);
    let mut found: Vec<NextBall> = Vec::new();
    for (bowler, bowls) in likely::bowlers(state, innings, announced) {
        for ([striker, non_striker], bats) in likely::pairs(state, innings) {
            let dot = Delivery {
                free_hit: innings.free_hit_next,
                ..Delivery::dot((innings.number, over, pos), striker.clone(), non_striker.clone(), bowler.clone())
            };
            let row = tilt::shifted(&table, &striker.id, &bowler.id, phase, records);
            for (outcome, chance) in until_the_win(innings, &row) {
                let chance = chance * bowls * bats;
                for (delivery, share) in booked(&dot, outcome) {
                    if chance * share >= LEAST_CHANCE {
                        let event = event_of(score, delivery);
                        found.push(NextBall { event, outcome, chance: chance * share });
                    }
                }
            }
        }
    }
    found.sort_by(|a, b| b.chance.total_cmp(&a.chance));
    found
}

/// Outcomes cut to what counts once the winning run is made, with those that thereby become one put together.
fn until_the_win(innings: &Innings, row: &[f64; Outcome::COUNT]) -> Vec<(Outcome, f64)> {
    let needed = innings.runs_needed().filter(|needed| *needed > 0);
    let mut found: Vec<(Outcome, f64)> = Vec::new();
    for (outcome, chance) in Outcome::ALL.into_iter().zip(*row).filter(|(_, chance)| *chance > 0.0) {
        let outcome = needed.map_or(outcome, |needed| until_won(outcome, needed));
        match found.iter_mut().find(|(known, _)| *known == outcome) {
            Some((_, sum)) => *sum += chance,
            None => found.push((outcome, chance)),
        }
    }
    found
}

/// The deliveries that an outcome is booked as, with the share of each: whichever batter is run out.
fn booked(dot: &Delivery, outcome: Outcome) -> Vec<(Delivery, f64)> {
    let (runs, extras) = book(outcome);
    let ball = Delivery { runs, extras, ..dot.clone() };
    let out = |kind: DismissalKind, player_out: &PlayerRef| {
        let wicket = Wicket { kind, player_out: player_out.clone(), fielders: Vec::new(), ext: Ext::new() };
        Delivery { wickets: vec![wicket], ..ball.clone() }
    };
    match outcome.dismissal() {
        None => vec![(ball, 1.0)],
        Some(DismissalKind::RunOut) => {
            [&dot.batter, &dot.non_striker].map(|player| (out(DismissalKind::RunOut, player), 0.5)).into()
        }
        Some(kind) => vec![(out(kind, &dot.batter), 1.0)],
    }
}

fn event_of(score: &Lookahead, delivery: Delivery) -> Event {
    let (epoch, seq) = score.position();
    let key = Key::delivery(delivery.innings, delivery.over, delivery.pos);
    let event = Event::new(score.id().clone(), seq.saturating_add(1), key, EventData::Delivery(Box::new(delivery)));
    Event { epoch: epoch.max(1), ..event }
}

/// What of a delivery was foreseen: everything but who fielded, reviews, and what a feed adds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Signature {
    at: (u8, u16, u16),
    people: [PersonId; 2],
    runs: [u16; 7],
    boundary: bool,
    out: Vec<(DismissalKind, PersonId)>,
}

impl Signature {
    /// Innings, from 1; over, from 0; position among the deliveries of the over, from 1.
    pub fn ball(&self) -> (u8, u16, u16) {
        self.at
    }

    /// The signature of a delivery. Equal ones tell the same story to anybody who does not ask for the fielder.
    pub fn of(ball: &Delivery) -> Self {
        let Delivery { runs, extras, .. } = ball;
        Self {
            at: (ball.innings, ball.over, ball.pos),
            people: [ball.batter.id.clone(), ball.bowler.id.clone()],
            runs: [runs.bat, runs.total, extras.wides, extras.noballs, extras.byes, extras.legbyes, extras.penalty],
            boundary: ball.is_four() || ball.is_six(),
            out: ball.wickets.iter().map(|wicket| (wicket.kind.clone(), wicket.player_out.id.clone())).collect(),
        }
    }
}
