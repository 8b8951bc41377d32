//! An answer before a day knows nothing of that day and of later ones.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skips")]

mod recount;
mod support;

use recount::{
    Match,
    both::{Both, id, invented, real, scope},
};
use serde::Serialize;
use stats::{Archive, Day, RankingKind, Season};

/// All answers about a match's people, ground and season, before a day.
fn answers(archive: &Archive, asked: &Match, day: Day) -> Vec<String> {
    fn told(answer: &impl Serialize) -> String {
        serde_json::to_string(answer).unwrap()
    }
    let scope = scope(&asked.kind);
    let mut all = Vec::new();
    for ball in asked.balls.iter().step_by(17) {
        let (batter, bowler, other) = (id(&ball.batter), id(&ball.bowler), id(&ball.non_striker));
        all.push(told(&archive.batter_v_bowler(&batter, &bowler, scope, day).unwrap()));
        all.push(told(&archive.batter_record(&batter, scope, day).unwrap()));
        all.push(told(&archive.bowler_record(&bowler, scope, day).unwrap()));
        all.push(told(&archive.batter_phases(&batter, scope, day).unwrap()));
        all.push(told(&archive.bowler_phases(&bowler, scope, day).unwrap()));
        all.push(told(&archive.batter_form(&batter, scope, day).unwrap()));
        all.push(told(&archive.bowler_form(&bowler, scope, day).unwrap()));
        all.push(told(&archive.partnership(&batter, &other, scope, day).unwrap()));
        all.push(told(&archive.milestones(&batter, scope, day).unwrap()));
        if let Some((venue, city)) = &asked.venue {
            all.push(told(&archive.batter_at(&batter, (venue, city.as_deref()), scope, day).unwrap()));
            all.push(told(&archive.bowler_at(&bowler, (venue, city.as_deref()), scope, day).unwrap()));
        }
        if let Some((event, season)) = &asked.season {
            all.push(told(&archive.season_figures(&batter, Season { event, season }, scope, day).unwrap()));
        }
    }
    all.push(told(&archive.chases_by(&asked.teams[0], scope, day).unwrap()));
    if let Some((venue, city)) = &asked.venue {
        all.push(told(&archive.chases_at((venue, city.as_deref()), scope, day).unwrap()));
        all.push(told(&archive.defended_at((venue, city.as_deref()), scope, day).unwrap()));
        all.push(told(&archive.par_at((venue, city.as_deref()), 4, scope, day).unwrap()));
    }
    if let Some((event, season)) = &asked.season {
        for kind in [RankingKind::Runs, RankingKind::Economy] {
            let ranking = archive.ranking(kind, Season { event, season }, scope, day, 12, 10).unwrap();
            // Names are those of today, and of equals those come first who were added first, whatever the day asked for.
            let people: Vec<_> = ranking.iter().flat_map(|all| &all.first).map(|one| (one.place, one.value)).collect();
            all.push(told(&people));
        }
    }
    all
}

/// Compares what the whole archive says before a day with what an archive of the matches before it says.
fn knows_no_future(files: &[Vec<u8>], every: usize) {
    let whole = Both::of(files);
    let mut days: Vec<&String> = whole.matches.iter().map(|played| &played.day).collect();
    days.sort();
    for day in days.into_iter().step_by(every).skip(1) {
        let earlier: Vec<Vec<u8>> = files.iter().filter(|json| Match::read(json).day < *day).cloned().collect();
        if earlier.is_empty() {
            continue;
        }
        let part = Both::of(&earlier);
        let before: Day = day.parse().unwrap();
        for asked in whole.matches.iter().step_by(1 + whole.matches.len() / 60) {
            let (now, then) = (answers(&whole.archive, asked, before), answers(&part.archive, asked, before));
            assert_eq!(now.len(), then.len());
            for (now, then) in now.iter().zip(then) {
                assert_eq!(*now, then, "before {day}");
            }
        }
    }
}

#[test]
fn an_answer_before_a_day_is_that_of_an_archive_without_what_came_after() {
    knows_no_future(&invented(40), 9);
    if let Some(files) = real() {
        knows_no_future(&files[..files.len().min(259)], 60);
    }
}
