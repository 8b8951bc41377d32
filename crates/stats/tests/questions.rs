//! Answers agree with a plain recount of the deliveries, and know no more than they may.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skips")]

mod support;

use std::collections::BTreeSet;

use cricket::{
    cricsheet::{self, CricsheetMatch},
    event::{Delivery, InningsKind},
    player::PersonId,
};
use stats::{Archive, Class, Day, Format, Gender, Level, Scope};
use tempfile::TempDir;

const MENS_T20: Scope = Scope { format: Format::T20, gender: Gender::Male, level: None };

fn archive_of(matches: &[CricsheetMatch]) -> (TempDir, Archive) {
    let files = TempDir::new().unwrap();
    for (id, played) in (0..).zip(matches) {
        support::write(files.path(), id, played);
    }
    let mut archive = Archive::open(&files.path().join("archive.db")).unwrap();
    assert_eq!(archive.add(files.path(), &mut |_| {}).unwrap().bad_files, 0);
    (files, archive)
}

fn in_scope<'a>(matches: &'a [CricsheetMatch], scope: Scope, before: &str) -> Vec<&'a CricsheetMatch> {
    matches
        .iter()
        .filter(|played| {
            let class = Class::of(&played.info).unwrap();
            (class.format, class.gender) == (scope.format, scope.gender) && *played.info.dates[0] < *before
        })
        .collect()
}

/// Deliveries of the matches' innings, super overs left out.
fn balls<'a>(matches: &[&'a CricsheetMatch]) -> Vec<&'a Delivery> {
    let innings = matches.iter().flat_map(|played| &played.innings);
    innings
        .filter(|innings| innings.start.kind == InningsKind::Normal)
        .flat_map(|innings| innings.overs.iter().flat_map(|over| &over.deliveries))
        .collect()
}

/// Compares every question for everybody of the matches with sums over the deliveries.
fn compare(matches: &[CricsheetMatch], scope: Scope, before: &str) -> usize {
    let (_files, archive) = archive_of(matches);
    let day: Day = before.parse().unwrap();
    let counted = in_scope(matches, scope, before);
    let all = balls(&counted);
    let people: BTreeSet<&PersonId> = matches
        .iter()
        .flat_map(CricsheetMatch::deliveries)
        .flat_map(|ball| [&ball.batter.id, &ball.bowler.id])
        .collect();
    let mut answers = 0;
    for batter in &people {
        let faced: Vec<_> = all.iter().filter(|ball| ball.batter.id == **batter).collect();
        let runs: u16 = faced.iter().map(|ball| ball.runs.bat).sum();
        let record = archive.batter_record(batter, scope, day).unwrap();
        let outs = all
            .iter()
            .flat_map(|ball| &ball.wickets)
            .filter(|wicket| wicket.kind.is_wicket() && wicket.player_out.id == **batter);
        if let Some(record) = &record {
            answers += 1;
            assert_eq!(record.runs, u32::from(runs));
            assert_eq!(record.balls as usize, faced.iter().filter(|ball| ball.extras.wides == 0).count());
            assert_eq!(record.dismissals as usize, outs.count());
            assert_eq!(record.sixes as usize, faced.iter().filter(|ball| ball.is_six()).count());
            assert!(record.highest <= record.runs && record.sample.matches <= record.innings);
        } else {
            assert!(faced.is_empty(), "{batter} has a record");
        }
        for bowler in &people {
            let duel: Vec<_> = faced.iter().filter(|ball| ball.bowler.id == **bowler).collect();
            let beaten = all.iter().filter(|ball| ball.bowler.id == **bowler).flat_map(|ball| &ball.wickets);
            let beaten = beaten.filter(|wicket| wicket.kind.is_bowlers() && wicket.player_out.id == **batter).count();
            match archive.batter_v_bowler(batter, bowler, scope, day).unwrap() {
                Some(answer) => {
                    answers += 1;
                    assert_eq!(answer.balls as usize, duel.iter().filter(|ball| ball.extras.wides == 0).count());
                    assert_eq!(answer.runs, duel.iter().map(|ball| u32::from(ball.runs.bat)).sum::<u32>());
                    assert_eq!(answer.dismissals as usize, beaten);
                }
                None => assert!(duel.is_empty() && beaten == 0),
            }
        }
    }
    for bowler in &people {
        let bowled: Vec<_> = all.iter().filter(|ball| ball.bowler.id == **bowler).collect();
        match archive.bowler_record(bowler, scope, day).unwrap() {
            Some(record) => {
                answers += 1;
                let against = |ball: &Delivery| u32::from(ball.runs.bat + ball.extras.wides + ball.extras.noballs);
                assert_eq!(record.runs, bowled.iter().map(|ball| against(ball)).sum::<u32>());
                let legal = bowled.iter().filter(|ball| ball.extras.wides + ball.extras.noballs == 0).count();
                assert_eq!(record.balls as usize, legal);
                let wickets = bowled.iter().flat_map(|ball| &ball.wickets).filter(|wicket| wicket.kind.is_bowlers());
                assert_eq!(record.wickets as usize, wickets.count());
                assert!(record.best_wickets <= record.wickets);
            }
            None => assert!(bowled.is_empty()),
        }
    }
    answers
}

#[test]
fn answers_agree_with_a_recount_of_the_deliveries() {
    let matches: Vec<_> = (0..20).map(support::invented).collect();
    assert!(compare(&matches, MENS_T20, "2099-01-01") > 100);
    let womens = Scope { gender: Gender::Female, ..MENS_T20 };
    assert!(compare(&matches, womens, "2099-01-01") > 50);
}

#[test]
fn an_answer_knows_nothing_of_the_day_and_later() {
    let matches: Vec<_> = (0..20).map(support::invented).collect();
    assert!(compare(&matches, MENS_T20, "2015-03-10") > 20);
    let (_files, archive) = archive_of(&matches);
    let first = matches.iter().map(|played| played.info.dates[0].clone()).min().unwrap();
    let batter = &matches[1].innings[0].overs[0].deliveries[0].batter.id;
    assert_eq!(archive.batter_record(batter, MENS_T20, first.parse().unwrap()).unwrap(), None);
}

#[test]
fn an_answer_says_what_it_counted_and_since_when() {
    let matches: Vec<_> = (0..20).map(support::invented).collect();
    let (_files, archive) = archive_of(&matches);
    let batter = &matches[1].innings[0].overs[0].deliveries[0].batter.id;
    let record = archive.batter_record(batter, MENS_T20, Day::END).unwrap().unwrap();
    let counted = in_scope(&matches, MENS_T20, "2099-01-01");
    let since = counted.iter().map(|played| &played.info.dates[0][..4]).min().unwrap();
    assert_eq!(record.sample.since_year.to_string(), since);
    assert_eq!(record.sample.scope.to_string(), "men's T20s");
    let international = Scope { level: Some(Level::International), ..MENS_T20 };
    assert_eq!(archive.batter_record(batter, international, Day::END).unwrap(), None, "all of them are club matches");
    assert_eq!(
        archive.name(batter).unwrap().as_deref(),
        Some(&*matches[1].innings[0].overs[0].deliveries[0].batter.name)
    );
    assert_eq!(archive.batter_record(&PersonId::from_name("nobody"), MENS_T20, Day::END).unwrap(), None);
}

fn sample(id: &str) -> Option<CricsheetMatch> {
    let path = support::shared_data()?.join("samples").join(format!("{id}.json"));
    Some(cricsheet::read(&std::fs::read(path).unwrap()).unwrap())
}

#[test]
fn super_overs_are_in_no_figure() {
    let Some(tied) = sample("1216517") else { return };
    assert_eq!(tied.innings.iter().filter(|innings| innings.start.kind == InningsKind::SuperOver).count(), 4);
    assert!(compare(&[tied], MENS_T20, "2099-01-01") > 50);
}

#[test]
fn deliveries_come_back_as_they_went_in() {
    // Two wickets on a ball, one of a player not at the crease; penalty runs; no-balls, byes, odd overs.
    for id in ["1384429", "1127532", "1187017", "1299161", "1216517", "64933"] {
        let Some(played) = sample(id) else { return };
        let (_files, archive) = archive_of(std::slice::from_ref(&played));
        for innings in &played.innings {
            let stored = archive.deliveries("0", innings.start.innings).unwrap();
            let given: Vec<_> = innings.overs.iter().flat_map(|over| &over.deliveries).collect();
            assert_eq!(stored.len(), given.len());
            for (stored, given) in stored.iter().zip(given) {
                assert_eq!((stored.over, u16::from(stored.pos)), (given.over, given.pos));
                assert_eq!(
                    (&stored.batter, &stored.non_striker, &stored.bowler),
                    (&given.batter.id, &given.non_striker.id, &given.bowler.id)
                );
                assert_eq!(
                    (u16::from(stored.bat), stored.non_boundary, stored.extras),
                    (given.runs.bat, given.runs.non_boundary, given.extras)
                );
                let wickets: Vec<_> =
                    given.wickets.iter().map(|wicket| (wicket.kind.clone(), wicket.player_out.id.clone())).collect();
                assert_eq!(stored.wickets, wickets);
            }
        }
    }
}
