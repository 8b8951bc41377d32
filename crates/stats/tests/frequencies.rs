//! Frequencies are counted right, and those that the simulator plays by are what the archive holds.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skips")]

mod support;

use cricket::simulate::{Cell, Format, Frequencies, Gender, Outcome};
use stats::{Day, frequencies::Measured};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn every_ball_of_an_invented_match_is_counted_once() {
    let mut measured = Measured::default();
    let mut given = 0;
    for played in (0..30).map(support::invented) {
        given += played.deliveries().count() as u64;
        assert_eq!(measured.add(&played, day("2000-01-01")), played.deliveries().count() as u64);
    }
    let parts = [
        (Format::T20, Gender::Male),
        (Format::T20, Gender::Female),
        (Format::Odi, Gender::Male),
        (Format::Odi, Gender::Female),
    ];
    let counted: u64 =
        parts.iter().map(|(format, gender)| measured.frequencies.get(*format, *gender).unwrap().balls()).sum();
    assert_eq!((counted, measured.matches, measured.left_out), (given, 30, 0));
}

#[test]
fn the_first_ball_lands_in_its_cell() {
    let played = support::invented(1);
    let first = &played.innings[0].overs[0].deliveries[0];
    let mut measured = Measured::default();
    let mut alone = played.clone();
    alone.innings.truncate(1);
    alone.innings[0].overs.truncate(1);
    alone.innings[0].overs[0].deliveries.truncate(1);
    assert_eq!(measured.add(&alone, day("2000-01-01")), 1);
    let table = measured.frequencies.get(Format::T20, Gender::Male).unwrap();
    let cell = Cell::all().find(|cell| cell.name(Format::T20).to_string() == "first powerplay 0-2").unwrap();
    assert_eq!(table.counts(cell)[Outcome::of(first).unwrap().column().unwrap()], 1);
}

#[test]
fn matches_of_other_kinds_and_years_are_left_out() {
    let mut measured = Measured::default();
    let played = support::invented(1);
    assert_eq!(measured.add(&played, day("2030-01-01")), 0, "before the day");
    let mut by_rain = played.clone();
    by_rain.end.as_mut().unwrap().outcome.method = Some("D/L".to_owned());
    assert_eq!(measured.add(&by_rain, day("2000-01-01")), 0, "decided by D/L");
    let mut international = played.clone();
    international.info.team_type = Some("international".to_owned());
    assert_eq!(measured.add(&international, day("2000-01-01")), 0, "T20 between countries");
    let mut hundred = played;
    hundred.info.balls_per_over = 5;
    assert_eq!(measured.add(&hundred, day("2000-01-01")), 0, "overs of five");
    assert_eq!((measured.matches, measured.left_out), (0, 4));
}

/// Slow (half a minute or more): runs with `VACHAK_SLOW=1`.
#[test]
fn the_bundled_frequencies_are_what_the_archive_measures() {
    if std::env::var_os("VACHAK_SLOW").is_none() {
        eprintln!("skipped: measures 14,107 matches; set VACHAK_SLOW=1 to run it");
        return;
    }
    let Some(data) = support::shared_data() else { return };
    let mut measured = Measured::default();
    measured.add_path(&data.join("cricsheet-dev.tar.zst"), day("2018-01-01"), &mut |_| {}).unwrap();
    assert_eq!(measured.bad, []);
    assert!(measured.frequencies == *Frequencies::builtin(), "make crates/cricket/data/frequencies.toml again");
}
