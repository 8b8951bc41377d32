//! Threads of real matches: those of the match as it stands are those that were noted while it was played.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and prints its figures")]

mod support;

use std::{collections::BTreeMap, time::Instant};

use commentary::reading::{ThreadKind, Threads, read};
use cricket::{
    cricsheet,
    score::{Happening, Match},
};

#[test]
fn threads_of_the_match_as_it_stands_are_those_of_the_match_as_it_was_played() {
    let mut kinds: BTreeMap<ThreadKind, usize> = BTreeMap::new();
    for file in support::samples() {
        let id = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let record = cricsheet::read(&std::fs::read(&file).unwrap()).unwrap();
        let (mut game, mut noted) = (Match::new(id.as_str()), Threads::new());
        for event in cricsheet::to_events(id.as_str(), &record) {
            let applied = game.apply(event);
            let is_ball = applied.happenings.iter().any(|happening| matches!(happening, Happening::Ball(_)));
            if let Some(reading) = read(game.state()).filter(|_| is_ball) {
                noted.note(game.state(), &reading);
            }
        }
        let started = Instant::now();
        let again = Threads::of(game.state());
        let took = started.elapsed();
        let balls: u32 = game.state().innings.iter().map(|innings| innings.deliveries).sum();
        eprintln!("{id}: {} threads, {balls} balls, {took:?}", again.all().len());
        // Between balls a feed may tell what a ball does not: penalty runs, who retired, a target.
        let limited = game.state().innings.iter().all(|innings| innings.balls_limit.is_some());
        if limited && record.innings.iter().all(|innings| innings.start.penalty_pre.is_none()) {
            let key = |thread: &commentary::reading::Thread| {
                (thread.kind, thread.innings, thread.since, thread.last, thread.runs, thread.balls, thread.taken_up)
            };
            let [noted, again] = [&noted, &again].map(|threads| threads.all().iter().map(key).collect::<Vec<_>>());
            assert_eq!(noted, again, "{id}");
        }
        for thread in again.all() {
            *kinds.entry(thread.kind).or_default() += 1;
        }
    }
    eprintln!("{kinds:?}");
}
