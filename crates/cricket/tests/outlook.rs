//! What may come next: chances that add up, deliveries that do come, and a copy of the score that answers as the score.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "tests, which say what they measured"
)]

mod support;

use std::time::Instant;

use cricket::{
    cricsheet,
    event::{Event, EventData},
    outlook::{NextBall, NoRecords, Record, Records, Signature, next_balls},
    phase::Phase,
    player::{PersonId, PlayerRef},
    score::{Effect, Match},
    simulate::{Format, SimulationSettings, simulate_events},
};

fn simulated(seed: u64, format: Format) -> Vec<Event> {
    simulate_events(&SimulationSettings { format, ..SimulationSettings::new(seed) }).unwrap()
}

fn samples() -> Vec<(String, Vec<Event>)> {
    support::samples()
        .into_iter()
        .map(|(id, bytes)| (id.clone(), cricsheet::into_events(id.as_str(), cricsheet::read(&bytes).unwrap())))
        .collect()
}

fn ball_of(next: &NextBall) -> &cricket::event::Delivery {
    match &next.event.data {
        EventData::Delivery(ball) => ball,
        other => panic!("{} is no delivery", other.kind()),
    }
}

/// Deliveries, and those that were foreseen, with the sum of the chances they were given.
#[derive(Debug, Default)]
struct Found {
    balls: u32,
    foreseen: u32,
    chance: f64,
}

fn look(events: &[Event]) -> Found {
    let mut score = Match::new(events[0].match_id.clone());
    let mut found = Found::default();
    for event in events {
        if let EventData::Delivery(ball) = &event.data {
            let ahead = score.lookahead();
            let next = next_balls(&ahead, None, &NoRecords);
            let sum: f64 = next.iter().map(|next| next.chance).sum();
            assert!(sum <= 1.0 + 1e-9, "{}: {sum}", event.key);
            assert!(next.windows(2).all(|pair| pair[0].chance >= pair[1].chance), "the likeliest first");
            found.balls += 1;
            let came = next.iter().find(|next| Signature::of(ball_of(next)) == Signature::of(ball));
            if let Some(came) = came {
                found.foreseen += 1;
                found.chance += came.chance;
                assert_eq!(came.event.key, event.key);
                assert!((came.event.epoch, came.event.seq) > ahead.position());
            }
            let (state, happenings) = ahead.tried(event);
            let applied = score.apply(event.clone());
            if applied.effect == Effect::Applied {
                assert_eq!(happenings, applied.happenings, "{}", event.key);
                assert_eq!(&state, score.state(), "{}", event.key);
            }
        } else {
            score.apply(event.clone());
        }
    }
    found
}

#[test]
fn nine_balls_in_ten_are_foreseen_and_trying_them_is_the_same_as_playing_them() {
    for (seed, format) in [(1, Format::T20), (2, Format::T20), (3, Format::Odi)] {
        let found = look(&simulated(seed, format));
        let share = f64::from(found.foreseen) / f64::from(found.balls);
        assert!(share > 0.9, "{format:?} {seed}: {found:?}");
    }
}

#[test]
fn of_real_matches_too() {
    for (id, events) in samples() {
        let found = look(&events);
        let balls = f64::from(found.balls.max(1));
        let share = f64::from(found.foreseen) / balls;
        eprintln!("{id}: {share:.3} of {} balls foreseen, mean chance {:.3}", found.balls, found.chance / balls);
        assert!(found.balls < 60 || share > 0.85, "{id}: {found:?}");
    }
}

#[test]
fn a_copy_of_the_score_is_lighter_than_a_copy_of_the_match() {
    let events = simulated(5, Format::T20);
    let score = Match::from_events(events[0].match_id.clone(), events[..events.len() - 3].to_vec());
    let times = 200_u32;
    let measure = |work: &dyn Fn()| {
        let begun = Instant::now();
        (0..times).for_each(|_| work());
        begun.elapsed() / times
    };
    let light = measure(&|| drop(std::hint::black_box(score.lookahead())));
    let whole = measure(&|| drop(std::hint::black_box(score.clone())));
    eprintln!("a lookahead {light:?}, a whole match {whole:?}");
    assert!(light < whole, "{light:?} {whole:?}");
}

#[test]
fn nothing_is_foreseen_before_between_and_after_innings() {
    let events = simulated(4, Format::T20);
    let mut score = Match::new(events[0].match_id.clone());
    assert!(next_balls(&score.lookahead(), None, &NoRecords).is_empty());
    for event in &events {
        score.apply(event.clone());
        let quiet = matches!(event.data, EventData::InningsEnd(_) | EventData::MatchEnd(_));
        if quiet {
            assert!(next_balls(&score.lookahead(), None, &NoRecords).is_empty(), "{}", event.key);
        }
    }
}

#[test]
fn an_announced_bowler_is_believed_and_within_an_over_there_is_but_one() {
    let events = simulated(6, Format::T20);
    let mut score = Match::new(events[0].match_id.clone());
    let (mut at_over_end, mut within) = (0, 0);
    for event in &events {
        score.apply(event.clone());
        let ahead = score.lookahead();
        let Some(innings) = score.state().current().filter(|innings| innings.ended.is_none()) else { continue };
        let Some(over) = innings.overs.last() else { continue };
        let bowlers = |announced: Option<&PlayerRef>| {
            let next = next_balls(&ahead, announced, &NoRecords);
            let mut ids: Vec<PersonId> = next.iter().map(|next| ball_of(next).bowler.id.clone()).collect();
            ids.sort();
            ids.dedup();
            ids
        };
        if over.complete {
            at_over_end += 1;
            let last = innings.bowler_card().unwrap().player.clone();
            let all = bowlers(None);
            assert!(all.len() > 1 && !all.contains(&last.id), "nobody bowls two overs in a row: {all:?}");
            for id in &all {
                let bowled = innings.bowling.iter().find(|card| card.player.id == *id).map_or(0, |card| card.balls);
                assert!(bowled < 24, "{id} has bowled all four");
            }
            let someone = PlayerRef::named("Somebody Announced");
            assert_eq!(bowlers(Some(&someone)), [someone.id]);
        } else if !over.balls.is_empty() {
            within += 1;
            assert_eq!(bowlers(None), [innings.bowler_card().unwrap().player.id.clone()]);
        }
    }
    assert!(at_over_end > 20 && within > 100);
}

/// A batter whom nobody gets out, and who scores at twice the usual rate.
struct Master(PersonId);

impl Records for Master {
    fn batter(&self, batter: &PersonId, _: Option<Phase>) -> Option<Record> {
        (*batter == self.0).then_some(Record { balls: 10_000, runs: 25_000, wickets: 0 })
    }
    fn bowler(&self, _: &PersonId, _: Option<Phase>) -> Option<Record> {
        None
    }
    fn duel(&self, _: &PersonId, _: &PersonId) -> Option<Record> {
        None
    }
}

#[test]
fn records_shift_the_chances() {
    let events = simulated(7, Format::T20);
    let score = Match::from_events(events[0].match_id.clone(), events[..40].to_vec());
    let striker = score.state().current().unwrap().striker_card().unwrap().player.id.clone();
    let chance = |records: &dyn Records, of: fn(&NextBall) -> bool| -> f64 {
        next_balls(&score.lookahead(), None, records).iter().filter(|next| of(next)).map(|next| next.chance).sum()
    };
    let master = Master(striker);
    let six = |next: &NextBall| next.outcome.runs() == 6;
    let out = |next: &NextBall| next.outcome.dismissal().is_some();
    assert!(chance(&master, six) > 1.5 * chance(&NoRecords, six));
    assert!(chance(&master, out) < 0.7 * chance(&NoRecords, out));
}
