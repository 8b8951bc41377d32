//! `vachak simulate` with the real program.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a failed unwrap is the test's failure"
)]

mod cli_support;

use cli_support::{run, stderr, stdout};

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_another_match() {
    let (first, again, other) =
        (run(&["simulate", "--seed", "7"]), run(&["simulate", "--seed", "7"]), run(&["simulate", "--seed", "8"]));
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    assert_eq!(first.stdout, again.stdout);
    assert_ne!(first.stdout, other.stdout);
}

#[test]
fn an_invented_match_is_a_cricsheet_file_that_our_reader_takes() {
    for format in ["t20", "odi"] {
        let output = run(&["simulate", "--seed", "3", "--format", format, "--teams", "Larks,Otters"]);
        let record = cricket::cricsheet::read(&output.stdout).unwrap();
        let mut sides: Vec<&str> = record.info.teams.iter().map(AsRef::as_ref).collect();
        sides.sort_unstable();
        assert_eq!(sides, ["Larks", "Otters"]);
        assert_eq!(cricket::cricsheet::write(&record).trim(), stdout(&output).trim());
    }
}

#[test]
fn a_finish_in_the_last_over_is_one() {
    let output = run(&["simulate", "--seed", "2", "--finish", "last-over"]);
    let record = cricket::cricsheet::read(&output.stdout).unwrap();
    let score = cricket::score::Match::from_events("m", cricket::cricsheet::to_events("m", &record));
    let chase = score.state().innings.last().unwrap();
    assert!(chase.target.is_some() && chase.legal_balls > 114, "decided after {} balls", chase.legal_balls);
}

#[test]
fn sides_that_cannot_be_told_apart_are_refused() {
    let output = run(&["simulate", "--teams", "Larks,Larks"]);
    assert_eq!(output.status.code(), Some(64));
    assert!(stderr(&output).contains("two different names"), "{}", stderr(&output));
}
