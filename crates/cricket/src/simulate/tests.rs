//! Invented matches are like real ones in the large, and right in the small.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and prints what it measured")]

use super::*;
use crate::{
    event::{Delivery, EventData, MatchEnd},
    score::{Match, MatchResult},
};

fn deliveries(events: &[Event]) -> impl Iterator<Item = &Delivery> {
    events.iter().filter_map(|event| match &event.data {
        EventData::Delivery(delivery) => Some(&**delivery),
        _ => None,
    })
}

fn result(events: &[Event]) -> &MatchEnd {
    match &events.last().unwrap().data {
        EventData::MatchEnd(end) => end,
        other => panic!("the last event is {}", other.kind()),
    }
}

/// Runs and wickets of an innings, counted from its deliveries alone.
fn total(events: &[Event], innings: u8) -> (u32, usize) {
    let balls = || deliveries(events).filter(|ball| ball.innings == innings);
    (balls().map(|ball| u32::from(ball.runs.total)).sum(), balls().map(|ball| ball.wickets.len()).sum())
}

#[test]
fn the_same_seed_gives_the_same_match_and_another_seed_another() {
    let settings = SimulationSettings::new(7);
    assert_eq!(simulate_events(&settings).unwrap(), simulate_events(&settings).unwrap());
    let other = SimulationSettings::new(8);
    assert_ne!(total(&simulate_events(&settings).unwrap(), 1), total(&simulate_events(&other).unwrap(), 1));
}

#[test]
fn the_file_is_a_cricsheet_match_whose_score_and_result_our_own_scorer_confirms() {
    for seed in 0..40 {
        let format = if seed % 4 == 0 { Format::Odi } else { Format::T20 };
        let settings = SimulationSettings { format, ..SimulationSettings::new(seed) };
        let text = cricsheet::write(&simulate(&settings).unwrap());
        assert_eq!(text, cricsheet::write(&simulate(&settings).unwrap()), "the same bytes");
        let read = cricsheet::read(text.as_bytes()).unwrap();
        assert_eq!(cricsheet::write(&read), text, "read and written again");
        let scored = Match::from_events("invented", cricsheet::into_events("invented", read));
        let state = scored.state();
        assert!(state.anomalies.is_empty(), "seed {seed}: {:?}", state.anomalies);
        let events = simulate_events(&settings).unwrap();
        for innings in &state.innings {
            let counted = total(&events, innings.number);
            assert_eq!((innings.runs, usize::from(innings.wickets)), counted, "seed {seed}");
        }
        let recorded = &state.recorded_result.as_ref().unwrap().outcome;
        match state.computed_result.as_ref().unwrap() {
            MatchResult::WonByRuns { winner, runs } => {
                assert_eq!((Some(winner), Some(*runs)), (recorded.winner.as_ref(), recorded.by.unwrap().runs));
            }
            MatchResult::WonByWickets { winner, wickets, .. } => {
                assert_eq!((Some(winner), Some(*wickets)), (recorded.winner.as_ref(), recorded.by.unwrap().wickets));
            }
            MatchResult::Tie { super_over_winner: None } => assert_eq!(recorded.result.as_deref(), Some("tie")),
            other => panic!("seed {seed}: {other:?}"),
        }
    }
}

#[test]
fn the_result_follows_from_the_balls() {
    for (seed, format) in (0..60).map(|seed| (seed, if seed % 3 == 0 { Format::Odi } else { Format::T20 })) {
        let events = simulate_events(&SimulationSettings { format, ..SimulationSettings::new(seed) }).unwrap();
        let (first, second) = (total(&events, 1), total(&events, 2));
        let outcome = &result(&events).outcome;
        let by = outcome.by.unwrap_or_default();
        match first.0.cmp(&second.0) {
            std::cmp::Ordering::Greater => assert_eq!(by.runs, Some(first.0 - second.0), "seed {seed}"),
            std::cmp::Ordering::Less => assert_eq!(by.wickets.map(usize::from), Some(10 - second.1), "seed {seed}"),
            std::cmp::Ordering::Equal => assert_eq!(outcome.result.as_deref(), Some("tie"), "seed {seed}"),
        }
        assert!(first.1 <= 10 && second.1 <= 10);
        let last = deliveries(&events).last().unwrap();
        assert!(second.0 - u32::from(last.runs.total) <= first.0, "seed {seed}: a ball after the match was won");
    }
}

#[test]
fn a_finish_in_the_last_over_is_one() {
    for seed in 0..12 {
        let settings = SimulationSettings { finish: Finish::LastOver, ..SimulationSettings::new(seed) };
        let events = simulate_events(&settings).unwrap();
        let before: u32 = deliveries(&events)
            .filter(|ball| ball.innings == 2 && ball.over < 19)
            .map(|ball| u32::from(ball.runs.total))
            .sum();
        let needed = total(&events, 1).0 + 1 - before;
        assert!((4..=16).contains(&needed), "seed {seed}: {needed} to get");
        let legal = deliveries(&events).filter(|ball| ball.innings == 2 && ball.over == 19 && ball.is_legal()).count();
        assert!(legal >= 4, "seed {seed}: decided on ball {legal}");
    }
}

#[test]
fn one_name_on_both_sides_is_refused() {
    let settings = SimulationSettings {
        teams: [TeamSheet::herons(), TeamSheet::herons().renamed("Others")],
        ..SimulationSettings::new(1)
    };
    let error = simulate_events(&settings).unwrap_err().to_string();
    assert!(error.contains("AV Solkarni") && error.contains("hint:"), "{error}");
}

#[test]
fn batters_change_ends_as_the_runs_say() {
    let events = simulate_events(&SimulationSettings::new(3)).unwrap();
    let balls: Vec<_> = deliveries(&events).collect();
    let mut compared = 0;
    for pair in balls.windows(2).filter(|pair| pair[0].wickets.is_empty() && pair[0].innings == pair[1].innings) {
        let [now, next] = pair else { continue };
        let plain = now.extras == crate::event::Extras::default() && !now.is_four() && !now.is_six();
        if plain {
            let crossed = (now.runs.bat % 2 == 1) != (now.over != next.over);
            let faces = if crossed { &now.non_striker } else { &now.batter };
            assert_eq!(&next.batter, faces, "after {}.{}", now.over, now.pos);
            compared += 1;
        }
    }
    assert!(compared > 100, "only {compared} balls compared");
}

/// Runs an over, wickets a hundred balls and share of boundaries among deliveries.
fn rates(outcomes: impl Iterator<Item = (Outcome, f64)>) -> [f64; 3] {
    let (mut balls, mut legal, mut runs, mut wickets, mut boundaries) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (outcome, times) in outcomes {
        balls += times;
        legal += if outcome.is_legal() { times } else { 0.0 };
        runs += f64::from(outcome.runs()) * times;
        wickets += if outcome.dismissal().is_some() { times } else { 0.0 };
        boundaries += if outcome.is_boundary() { times } else { 0.0 };
    }
    [runs * 6.0 / legal, wickets * 100.0 / balls, boundaries / balls]
}

/// Two hundred matches hold some 46,000 (T20) balls: the standard error of their run rate is near 0.8 %, of the wicket
/// rate near 2 %, of the boundary share near 1.2 %. Beyond that the mix of situations differs a little from the real one,
/// because real sides differ in strength. Hence the tolerances.
#[test]
fn two_hundred_matches_score_as_real_ones_do() {
    for (format, gender) in [
        (Format::T20, Gender::Male),
        (Format::T20, Gender::Female),
        (Format::Odi, Gender::Male),
        (Format::Odi, Gender::Female),
    ] {
        let counted = Frequencies::builtin().get(format, gender).unwrap();
        let real =
            rates(Cell::all().flat_map(|cell| {
                Outcome::ALL.into_iter().zip(counted.counts(cell).iter().map(|count| f64::from(*count)))
            }));
        let played: Vec<_> = (0..200)
            .flat_map(|seed| {
                let events =
                    simulate_events(&SimulationSettings { format, gender, ..SimulationSettings::new(seed) }).unwrap();
                deliveries(&events).map(|ball| Outcome::of(ball).unwrap()).collect::<Vec<_>>()
            })
            .collect();
        let ours = rates(played.into_iter().map(|outcome| (outcome, 1.0)));
        eprintln!("{format:?} {}: real {real:.3?}, simulated {ours:.3?}", gender.name());
        for (what, ours, real, tolerance) in [
            ("run rate", ours[0], real[0], 0.05),
            ("wicket rate", ours[1], real[1], 0.08),
            ("boundary share", ours[2], real[2], 0.06),
        ] {
            let off = (ours / real - 1.0).abs();
            assert!(off <= tolerance, "{format:?} {}: {what} {ours:.3}, real {real:.3}", gender.name());
        }
    }
}
