//! Threads of an invented chase: what runs through it, what rests, what is taken up again.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/village.rs"]
mod village;

use commentary::reading::{ThreadKind, Threads, read};
use serde_json::{Value, json};
use village::Village;

/// A chase of 30 in two overs, and its threads.
struct Chase {
    village: Village,
    threads: Threads,
}

impl Chase {
    fn new() -> Self {
        Self { village: Village::new(), threads: Threads::new() }
    }

    fn ball(&mut self, bat: u16, more: &Value) {
        self.village.ball(bat, more);
        self.note();
    }

    fn note(&mut self) {
        let state = self.village.game.state();
        self.threads.note(state, &read(state).unwrap());
    }

    fn of(&self, kind: ThreadKind) -> Option<&commentary::reading::Thread> {
        self.threads.all().iter().find(|thread| thread.kind == kind)
    }
}

#[test]
fn a_duel_begins_at_six_balls_and_counts_runs_between_the_two() {
    let mut chase = Chase::new();
    for runs in [1, 0, 4, 0, 2] {
        chase.ball(runs, &json!({}));
    }
    assert_eq!(chase.of(ThreadKind::Duel), None);
    chase.ball(0, &json!({}));
    let duel = chase.of(ThreadKind::Duel).unwrap();
    assert_eq!((duel.balls, duel.runs, duel.running, duel.since), (6, 7, true, 0));
    let people: Vec<&str> = duel.people.iter().map(|player| &*player.name).collect();
    assert_eq!(people, ["T Okafor", "R Menon"]);
    assert_eq!(chase.threads.with(&duel.people[1].id).count(), chase.threads.all().len());
}

#[test]
fn noting_the_same_state_again_changes_nothing() {
    let mut chase = Chase::new();
    for _ in 0..7 {
        chase.ball(2, &json!({}));
    }
    let before = chase.threads.all().to_vec();
    assert!(!before.is_empty());
    chase.note();
    assert_eq!(chase.threads.all(), before);
}

#[test]
fn a_thread_rests_while_others_play_and_is_the_same_when_it_is_taken_up_again() {
    let mut chase = Chase::new();
    let player = |name: &str| json!({"id": name, "name": name});
    for _ in 0..6 {
        chase.ball(0, &json!({}));
    }
    for _ in 0..8 {
        chase.ball(1, &json!({"bowler": player("P Novak"), "batter": player("L Brandt")}));
    }
    let resting = chase.of(ThreadKind::Duel).unwrap();
    assert!(!resting.running && resting.taken_up == 0, "{resting:?}");
    chase.ball(4, &json!({}));
    let again: Vec<_> = chase
        .threads
        .all()
        .iter()
        .filter(|thread| thread.kind == ThreadKind::Duel && &*thread.people[0].name == "T Okafor")
        .collect();
    assert_eq!(again.len(), 1);
    assert_eq!((again[0].taken_up, again[0].balls, again[0].runs, again[0].since), (1, 7, 4, 0));
}

#[test]
fn a_comeback_is_told_from_when_the_side_was_worst() {
    let mut chase = Chase::new();
    for _ in 0..6 {
        chase.ball(0, &json!({}));
    }
    assert_eq!(chase.of(ThreadKind::Comeback), None);
    for _ in 0..4 {
        chase.ball(6, &json!({}));
    }
    let comeback = chase.of(ThreadKind::Comeback).unwrap();
    assert_eq!((&*comeback.team, comeback.since, comeback.running), ("Hilltown", 6, true));
    assert!(comeback.strength >= 0.35);
    assert_eq!(chase.threads.running()[0].strength.total_cmp(&comeback.strength), std::cmp::Ordering::Equal);
}

#[test]
fn after_a_correction_the_threads_are_those_of_the_match_as_it_stands() {
    let mut chase = Chase::new();
    for _ in 0..7 {
        chase.ball(4, &json!({}));
    }
    chase.village.correct(Some(0));
    let again = Threads::of(chase.village.game.state());
    let duel = again.all().iter().find(|thread| thread.kind == ThreadKind::Duel).unwrap();
    assert_eq!((duel.runs, duel.balls), (24, 7));
}

#[test]
fn the_threads_of_a_match_as_it_stands_are_those_that_were_noted_ball_by_ball() {
    let mut chase = Chase::new();
    for runs in [0, 0, 0, 0, 0, 0, 6, 6, 6, 6, 1] {
        chase.ball(runs, &json!({}));
    }
    let again = Threads::of(chase.village.game.state());
    assert_eq!(again.all(), chase.threads.all());
    assert!(again.all().iter().any(|thread| thread.kind == ThreadKind::Comeback), "{:?}", again.all());
    // What was corrected away is in neither.
    chase.village.correct(None);
    let shorter = Threads::of(chase.village.game.state());
    assert!(shorter.all().iter().all(|thread| thread.last <= 10), "{:?}", shorter.all());
}
