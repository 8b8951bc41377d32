//! How the umpires may decide about what they are still looking at.
//!
//! The chances are those of ten thousand reviews by players in the public ball-by-ball record: of batters given out lbw or
//! caught who asked, 35 in 100 stayed; of appeals turned down for which the fielding side asked, 22 in 100 were given
//! after all, twelve of them lbw and ten caught. The record has neither the third umpire's own looks at run outs and low
//! catches nor at the rope; they are taken to go the same way.

use crate::{
    event::{Delivery, DismissalKind, Event, EventData, EventStatus, Ext, ReviewEvent, Runs, Wicket},
    score::Match,
};

/// A wicket that was given does not stand.
const NOT_OUT_AFTER_ALL: f64 = 0.35;
/// An appeal that was turned down is given, by the way of getting out.
static OUT_AFTER_ALL: [(DismissalKind, f64); 2] = [(DismissalKind::Lbw, 0.12), (DismissalKind::Caught, 0.10)];
/// Of the reviews that are struck down, those that stay with the umpire's call.
const UMPIRES_CALL: f64 = 0.16;

/// A decision that may come.
#[derive(Debug, Clone)]
pub struct NextDecision {
    /// The event, as the feed would send it: the next revision of what is being looked at, confirmed.
    pub event: Event,
    /// How likely it is, 0 to 1; the chances of one thing's decisions add up to 1.
    pub chance: f64,
    /// Whether it makes another ball of what was told.
    pub overturns: bool,
}

/// What the umpires are looking at, in the order of play: the newest ball while it is provisional, and what was asked for
/// since without an answer.
pub fn undecided(score: &Match) -> Vec<&Event> {
    let live: Vec<&Event> = score.live_events().collect();
    let newest = live.iter().rposition(|event| matches!(event.data, EventData::Delivery(_))).unwrap_or(0);
    let since = live.get(newest..).unwrap_or_default();
    let answered = since.iter().rposition(|event| matches!(&event.data, EventData::Review(it) if it.result.is_some()));
    let still = |(at, event): (usize, &&Event)| match &event.data {
        EventData::Delivery(_) => event.status == EventStatus::Provisional,
        EventData::Review(review) => review.result.is_none() && answered.is_none_or(|answered| answered < at),
        _ => false,
    };
    since.iter().enumerate().filter(|(at, event)| still((*at, event))).map(|(_, event)| *event).collect()
}

/// Whether the umpires may still change what an event says.
pub fn is_undecided(event: &Event) -> bool {
    match &event.data {
        EventData::Review(review) => review.result.is_none(),
        _ => event.status == EventStatus::Provisional,
    }
}

/// The likely decisions about everything that is [`undecided`], by thing, the likeliest first. Fielders are never guessed.
pub fn next_decisions(score: &Match) -> Vec<NextDecision> {
    let mut found = Vec::new();
    for event in undecided(score) {
        let mut endings = match &event.data {
            EventData::Delivery(ball) => about_ball(ball),
            EventData::Review(review) => about_review(score, review),
            _ => Vec::new(),
        };
        endings.sort_by(|a, b| b.1.total_cmp(&a.1));
        let (epoch, seq) = score.position();
        for (data, chance, overturns) in endings {
            let decided = event.revised(epoch.max(1), seq.saturating_add(1), data);
            found.push(NextDecision { event: Event { status: EventStatus::Confirmed, ..decided }, chance, overturns });
        }
    }
    found
}

type Endings = Vec<(EventData, f64, bool)>;

fn about_ball(ball: &Delivery) -> Endings {
    let ending = |ball: Delivery, chance, overturns| (EventData::Delivery(Box::new(ball)), chance, overturns);
    if ball.wickets.iter().any(|wicket| wicket.kind.is_wicket()) {
        let stays = Delivery { wickets: Vec::new(), score_after: None, ..ball.clone() };
        return vec![ending(ball.clone(), 1.0 - NOT_OUT_AFTER_ALL, false), ending(stays, NOT_OUT_AFTER_ALL, true)];
    }
    // An appeal is for a ball that went nowhere; anything else is looked at for the runs, and nobody can say how many.
    let may_be_out = ball.is_legal() && ball.runs.bat == 0 && !ball.free_hit;
    let given = OUT_AFTER_ALL.iter().filter(|_| may_be_out);
    let mut found: Endings = given
        .map(|(kind, chance)| {
            let wicket =
                Wicket { kind: kind.clone(), player_out: ball.batter.clone(), fielders: Vec::new(), ext: Ext::new() };
            let out = Delivery {
                wickets: vec![wicket],
                runs: Runs::default(),
                extras: crate::event::Extras::default(),
                score_after: None,
                ..ball.clone()
            };
            ending(out, *chance, true)
        })
        .collect();
    let rest = 1.0 - found.iter().map(|(_, chance, _)| chance).sum::<f64>();
    found.push(ending(ball.clone(), rest, false));
    found
}

fn about_review(score: &Match, review: &ReviewEvent) -> Endings {
    let batting = score.state().innings.iter().find(|innings| innings.number == review.innings);
    let by_batter = batting.is_none_or(|innings| innings.batting_team == review.by);
    let upheld = if by_batter { NOT_OUT_AFTER_ALL } else { OUT_AFTER_ALL.iter().map(|(_, chance)| chance).sum() };
    let ending = |result: &str, umpires_call, chance| {
        let answered = ReviewEvent { result: Some(result.to_owned()), umpires_call, ..review.clone() };
        (EventData::Review(Box::new(answered)), chance, false)
    };
    vec![
        ending("upheld", false, upheld),
        ending("struck down", false, (1.0 - upheld) * (1.0 - UMPIRES_CALL)),
        ending("struck down", true, (1.0 - upheld) * UMPIRES_CALL),
    ]
}
