//! Every question agrees with a plain recount of the match files.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skips")]

mod recount;
mod support;

use std::collections::{BTreeMap, BTreeSet};

use recount::{
    Ball, Match,
    both::{Both, id, invented, real, scope},
    is_bowlers, is_wicket,
};
use stats::{Archive, Day, Estimate, RankingKind, Scope, Season};

fn close(estimate: Option<Estimate>, seen: u32, count: u32, expected: Option<f64>, prior: f64, per: f64) {
    match (estimate, expected) {
        (Some(estimate), Some(expected)) => {
            let now = (f64::from(seen) + prior * expected) / (f64::from(count) + prior) * per;
            assert!((estimate.expected - expected * per).abs() < 1e-9, "{estimate:?}: {expected} was to be expected");
            assert!((estimate.estimate - now).abs() < 1e-9, "{estimate:?}: {now} is the estimate");
        }
        (estimate, expected) => assert_eq!(estimate.is_some(), expected.is_some()),
    }
}

fn share(sum: u32, count: u32) -> Option<f64> {
    (count > 0).then(|| f64::from(sum) / f64::from(count))
}

fn sum(balls: &[&Ball], of: impl Fn(&Ball) -> u32) -> u32 {
    balls.iter().map(|ball| of(ball)).sum()
}

/// A batter's innings in matches, in order: match, day, against, runs, balls, out.
fn innings_of<'a>(held: &[&'a Match], batter: &str) -> Vec<(usize, &'a str, &'a str, u32, u32, bool)> {
    let mut all = Vec::new();
    for (at, played) in held.iter().enumerate() {
        for (number, innings) in played.innings.iter().enumerate() {
            if let Some((runs, balls, out)) = played.batting(number).get(batter) {
                all.push((at, &*played.day, played.other(&innings.team), *runs, *balls, *out));
            }
        }
    }
    all
}

fn batter(both: &Both, held: &[&Match], who: &str, asked: &Match, day: Day) -> usize {
    let (archive, person, scope) = (&both.archive, id(who), scope(&asked.kind));
    let innings = innings_of(held, who);
    let record = archive.batter_record(&person, scope, day).unwrap();
    let Some(record) = record else {
        assert!(innings.is_empty(), "{who} has no record");
        assert_eq!(archive.batter_phases(&person, scope, day).unwrap(), None);
        assert_eq!(archive.batter_form(&person, scope, day).unwrap(), None);
        return 1;
    };
    let balls: Vec<&Ball> = held.iter().flat_map(|played| &played.balls).collect();
    let faced: Vec<&Ball> = balls.iter().copied().filter(|ball| ball.batter == who).collect();
    let matches = innings.iter().map(|innings| innings.0).collect::<BTreeSet<_>>().len();
    assert_eq!((record.innings as usize, record.sample.matches as usize), (innings.len(), matches));
    assert_eq!((record.runs, record.balls), (sum(&faced, |ball| ball.bat), sum(&faced, Ball::faced)));
    assert_eq!(record.dots, sum(&faced, |ball| u32::from(ball.faced() == 1 && ball.total == 0)));
    assert_eq!((record.fours, record.sixes), (sum(&faced, |ball| ball.is(4)), sum(&faced, |ball| ball.is(6))));
    assert_eq!(record.dismissals as usize, innings.iter().filter(|innings| innings.5).count());
    let highest = innings.iter().map(|innings| (innings.3, !innings.5)).max().unwrap();
    assert_eq!((record.highest, record.highest_not_out), highest);
    assert_eq!(record.hundreds as usize, innings.iter().filter(|innings| innings.3 >= 100).count());
    assert_eq!(record.fifties as usize, innings.iter().filter(|innings| (50..100).contains(&innings.3)).count());
    let since = held.iter().map(|played| &played.day[..4]).min().unwrap();
    let all =
        both.matches.iter().filter(|played| played.kind == asked.kind).map(|played| &played.day[..4]).min().unwrap();
    assert_eq!((record.sample.since_year.to_string().as_str(), since), (all, all));
    if asked.has_cuts() && held.iter().all(|played| played.has_cuts()) {
        let phases = archive.batter_phases(&person, scope, day).unwrap().unwrap();
        for (part, phase) in phases.phases.iter().enumerate() {
            let of = |ball: &&&Ball| asked.part(ball.over) == part;
            let own: Vec<&Ball> = faced.iter().filter(of).copied().collect();
            assert_eq!((phase.balls, phase.runs), (sum(&own, Ball::faced), sum(&own, |ball| ball.bat)), "{part}");
            assert_eq!((phase.fours, phase.sixes), (sum(&own, |ball| ball.is(4)), sum(&own, |ball| ball.is(6))));
            close(phase.run_rate, phase.runs, phase.balls, share(record.runs, record.balls), 100.0, 100.0);
        }
        assert_eq!(phases.phases.iter().map(|phase| phase.dismissals).sum::<u32>(), record.dismissals);
    }
    if let Some(ground) = &asked.venue {
        let place = (&*ground.0, ground.1.as_deref());
        let there: Vec<&Match> = held.iter().copied().filter(|played| played.is_at(ground)).collect();
        let own = innings_of(&there, who);
        match archive.batter_at(&person, place, scope, day).unwrap() {
            Some(at) => {
                assert_eq!((at.innings as usize, at.runs), (own.len(), own.iter().map(|innings| innings.3).sum()));
                assert_eq!(at.balls, own.iter().map(|innings| innings.4).sum::<u32>());
                assert_eq!(at.dismissals as usize, own.iter().filter(|innings| innings.5).count());
                assert_eq!(at.highest, own.iter().map(|innings| innings.3).max().unwrap());
                close(at.run_rate, at.runs, at.balls, share(record.runs, record.balls), 100.0, 100.0);
            }
            None => assert!(own.is_empty(), "{who} has batted at {ground:?}"),
        }
    }
    form(archive, who, scope, day, &innings);
    let milestones = archive.milestones(&person, scope, day).unwrap();
    let runs = milestones.iter().find(|next| next.kind == stats::MilestoneKind::Runs);
    assert_eq!(
        runs.map(|next| (next.now, next.next)),
        (record.runs > 0).then(|| (record.runs, record.runs / 500 * 500 + 500))
    );
    5
}

fn form(archive: &Archive, who: &str, scope: Scope, day: Day, innings: &[(usize, &str, &str, u32, u32, bool)]) {
    let form = archive.batter_form(&id(who), scope, day).unwrap().unwrap();
    let mut latest = innings.to_vec();
    latest.sort_by(|one, other| other.1.cmp(one.1));
    assert_eq!(form.recent.len(), latest.len().min(5));
    // Two matches of one day at the edge of the five: which of them counts is open.
    if latest.len() <= 5 || latest[4].1 != latest[5].1 {
        let given = form.recent.iter().map(|one| (one.day.clone(), one.against.clone(), one.runs, one.balls, one.out));
        let counted = latest.iter().take(5).map(|one| (one.1.to_owned(), one.2.to_owned(), one.3, one.4, one.5));
        assert_eq!(given.collect::<BTreeSet<_>>(), counted.collect::<BTreeSet<_>>());
        let (recent, rest) = latest.split_at(latest.len().min(5));
        let runs = |innings: &[(usize, &str, &str, u32, u32, bool)]| innings.iter().map(|one| one.3).sum::<u32>();
        let before = share(runs(rest), rest.len() as u32);
        let per_innings = form.trend.map(|trend| trend.per_innings);
        close(per_innings, runs(recent), recent.len() as u32, before, 10.0, 1.0);
    }
}

fn bowler(both: &Both, held: &[&Match], who: &str, asked: &Match, day: Day) -> usize {
    let (archive, person, scope) = (&both.archive, id(who), scope(&asked.kind));
    let spells: Vec<(&Match, (u32, u32, u32))> = held
        .iter()
        .flat_map(|played| (0..played.innings.len()).map(move |number| (*played, number)))
        .filter_map(|(played, number)| Some((played, *played.bowling(number).get(who)?)))
        .collect();
    let Some(record) = archive.bowler_record(&person, scope, day).unwrap() else {
        assert!(spells.is_empty(), "{who} has bowled");
        return 1;
    };
    let total = |of: fn(&(u32, u32, u32)) -> u32| spells.iter().map(|(_, spell)| of(spell)).sum::<u32>();
    assert_eq!((record.innings as usize, record.balls), (spells.len(), total(|spell| spell.0)));
    assert_eq!((record.runs, record.wickets), (total(|spell| spell.1), total(|spell| spell.2)));
    let best = spells.iter().map(|(_, spell)| (spell.2, std::cmp::Reverse(spell.1))).max().unwrap();
    assert_eq!((record.best_wickets, record.best_runs), (best.0, best.1.0));
    assert_eq!(record.four_fors as usize, spells.iter().filter(|(_, spell)| spell.2 == 4).count());
    assert_eq!(record.five_fors as usize, spells.iter().filter(|(_, spell)| spell.2 >= 5).count());
    let own: Vec<&Ball> = held.iter().flat_map(|played| &played.balls).filter(|ball| ball.bowler == who).collect();
    assert_eq!(record.dots, sum(&own, |ball| u32::from(ball.legal() == 1 && ball.conceded() == 0)));
    if asked.has_cuts() && held.iter().all(|played| played.has_cuts()) {
        let phases = archive.bowler_phases(&person, scope, day).unwrap().unwrap();
        for (part, phase) in phases.phases.iter().enumerate() {
            let own: Vec<&Ball> = own.iter().copied().filter(|ball| asked.part(ball.over) == part).collect();
            assert_eq!((phase.balls, phase.runs), (sum(&own, Ball::legal), sum(&own, Ball::conceded)));
            assert_eq!(phase.wickets, sum(&own, Ball::credited));
        }
    }
    if let Some(ground) = &asked.venue {
        let there: Vec<_> = spells.iter().filter(|(played, _)| played.is_at(ground)).collect();
        let at = archive.bowler_at(&person, (&*ground.0, ground.1.as_deref()), scope, day).unwrap();
        let counted = there.iter().map(|(_, spell)| spell.1).sum::<u32>();
        assert_eq!(at.map(|at| (at.innings as usize, at.runs)), (!there.is_empty()).then_some((there.len(), counted)));
    }
    let form = archive.bowler_form(&person, scope, day).unwrap().unwrap();
    assert_eq!(form.recent.len(), spells.len().min(5));
    let last = spells.iter().map(|(played, _)| &*played.day).max().unwrap();
    assert_eq!(form.recent[0].day, last);
    5
}

fn pairs(both: &Both, held: &[&Match], asked: &Match, day: Day) -> usize {
    let (archive, scope) = (&both.archive, scope(&asked.kind));
    let balls: Vec<&Ball> = held.iter().flat_map(|played| &played.balls).collect();
    let mut met: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut together: BTreeSet<(&str, &str)> = BTreeSet::new();
    for ball in asked.balls.iter().step_by(9) {
        met.insert((&ball.batter, &ball.bowler));
        together.insert((&ball.batter, &ball.non_striker));
    }
    for (batter, bowler) in &met {
        let own: Vec<&Ball> =
            balls.iter().copied().filter(|ball| ball.batter == *batter && ball.bowler == *bowler).collect();
        let out = balls.iter().filter(|ball| ball.bowler == *bowler).flat_map(|ball| &ball.wickets);
        let out = out.filter(|(kind, who)| is_bowlers(kind) && who == batter).count();
        let Some(duel) = archive.batter_v_bowler(&id(batter), &id(bowler), scope, day).unwrap() else {
            assert!(own.is_empty() && out == 0, "{batter} has met {bowler}");
            continue;
        };
        assert_eq!((duel.balls, duel.runs), (sum(&own, Ball::faced), sum(&own, |ball| ball.bat)));
        assert_eq!((duel.fours, duel.sixes), (sum(&own, |ball| ball.is(4)), sum(&own, |ball| ball.is(6))));
        assert_eq!(duel.dismissals as usize, out);
        let faced: Vec<&Ball> = balls.iter().copied().filter(|ball| ball.batter == *batter).collect();
        let bowled: Vec<&Ball> = balls.iter().copied().filter(|ball| ball.bowler == *bowler).collect();
        let of_batter = share(sum(&faced, |ball| ball.bat), sum(&faced, Ball::faced));
        let of_bowler = share(sum(&bowled, |ball| ball.bat), sum(&bowled, Ball::faced));
        let expected = of_batter.zip(of_bowler).map(|(one, other)| f64::midpoint(one, other));
        close(duel.run_rate, duel.runs, duel.balls, expected, 100.0, 100.0);
        assert_eq!(duel.strike_rate().is_some(), duel.balls >= 12);
        assert!(!duel.bowler_owns() || (duel.balls >= 30 && duel.dismissals >= 3));
    }
    for (one, other) in &together {
        let with = |ball: &Ball| {
            (ball.batter == *one && ball.non_striker == *other) || (ball.batter == *other && ball.non_striker == *one)
        };
        let mut stands: Vec<(u32, u32)> = Vec::new();
        let (mut innings, mut matches) = (0, 0);
        for played in held {
            let before = stands.len();
            for number in 0..played.innings.len() {
                let before = stands.len();
                let mut now = false;
                for ball in played.balls.iter().filter(|ball| ball.innings == number) {
                    if with(ball) && !now {
                        stands.push((0, 0));
                    }
                    now = with(ball);
                    if let Some(stand) = stands.last_mut().filter(|_| now) {
                        stand.0 += ball.total;
                        stand.1 += ball.faced();
                    }
                }
                innings += u32::from(stands.len() > before);
            }
            matches += u32::from(stands.len() > before);
        }
        let Some(pair) = archive.partnership(&id(one), &id(other), scope, day).unwrap() else {
            assert!(stands.is_empty(), "{one} has batted with {other}");
            continue;
        };
        assert_eq!((pair.innings, pair.sample.matches, pair.stands as usize), (innings, matches, stands.len()));
        let total = |of: fn(&(u32, u32)) -> u32| stands.iter().map(of).sum::<u32>();
        assert_eq!((pair.runs, pair.balls), (total(|stand| stand.0), total(|stand| stand.1)));
        assert_eq!(pair.highest, stands.iter().map(|stand| stand.0).max().unwrap());
        assert_eq!(pair.hundreds as usize, stands.iter().filter(|stand| stand.0 >= 100).count());
    }
    met.len() + together.len()
}

fn ground_and_side(both: &Both, held: &[&Match], asked: &Match, day: Day) -> usize {
    let (archive, scope) = (&both.archive, scope(&asked.kind));
    let tell =
        |chases: &[(&str, Option<u32>, u32, char)], end| chases.iter().filter(|chase| chase.3 == end).count() as u32;
    let side = &asked.teams[0];
    let by: Vec<_> = held.iter().filter_map(|played| played.chase()).filter(|chase| chase.0 == side).collect();
    let record = archive.chases_by(side, scope, day).unwrap();
    let counted = (tell(&by, 'w'), tell(&by, 'l'), tell(&by, 't'));
    assert_eq!(record.map(|all| (all.won, all.lost, all.tied)), (!by.is_empty()).then_some(counted));
    let Some(ground) = &asked.venue else { return 1 };
    let place = (&*ground.0, ground.1.as_deref());
    let there: Vec<&Match> = held.iter().copied().filter(|played| played.is_at(ground)).collect();
    let at: Vec<_> = there.iter().filter_map(|played| played.chase()).collect();
    let record = archive.chases_at(place, scope, day).unwrap();
    let counted = (tell(&at, 'w'), tell(&at, 'l'), tell(&at, 't'));
    assert_eq!(record.as_ref().map(|all| (all.won, all.lost, all.tied)), (!at.is_empty()).then_some(counted));
    let by_score: Vec<_> =
        there.iter().filter(|played| played.method.is_none()).filter_map(|played| played.chase()).collect();
    let targets = |end| by_score.iter().filter(move |chase| chase.3 == end).filter_map(|chase| chase.1);
    if let Some(record) = record {
        assert_eq!(record.highest_won.map(|chase| chase.target), targets('w').max());
        assert_eq!(record.lowest_lost.map(|chase| chase.target), targets('l').min());
    }
    let defended = archive.defended_at(place, scope, day).unwrap();
    let counted = targets('l').max().zip(targets('l').min()).map(|(high, low)| (high - 1, low - 1));
    assert_eq!(defended.map(|all| (all.highest.runs, all.lowest.runs)), counted);
    let (year, month): (u32, &str) = (asked.day[..4].parse().unwrap(), &asked.day[4..7]);
    let from = format!("{}{month}-01", year - 3);
    let recent = |played: &&&Match| *played.day >= *from;
    let mut totals: Vec<u32> = there.iter().filter(recent).filter_map(|played| played.first()).collect();
    totals.sort_unstable();
    let everywhere: Vec<u32> = held.iter().filter(recent).filter_map(|played| played.first()).collect();
    let par = archive.par_at(place, 3, scope, day).unwrap();
    assert_eq!(par.as_ref().map_or(0, |par| par.sample.matches as usize), totals.len());
    if let Some(par) = par {
        assert_eq!(par.quartiles[1], totals[(totals.len() - 1) / 2]);
        assert_eq!(par.innings_everywhere as usize, everywhere.len());
        let expected = share(everywhere.iter().sum(), everywhere.len() as u32);
        close(Some(par.par), totals.iter().sum(), totals.len() as u32, expected, 10.0, 1.0);
    }
    5
}

fn season(both: &Both, held: &[&Match], asked: &Match, day: Day) -> usize {
    let (archive, scope) = (&both.archive, scope(&asked.kind));
    let Some((event, season)) = &asked.season else { return 0 };
    let of = Season { event, season };
    let played: Vec<&&Match> = held.iter().filter(|played| played.season == asked.season).collect();
    // Sums of everybody: runs, faced, sixes; balls, conceded, wickets.
    let mut all: BTreeMap<&str, [u32; 6]> = BTreeMap::new();
    for ball in played.iter().flat_map(|played| &played.balls) {
        let batter = all.entry(&ball.batter).or_default();
        for (sum, more) in batter.iter_mut().zip([ball.bat, ball.faced(), ball.is(6)]) {
            *sum += more;
        }
        let bowler = all.entry(&ball.bowler).or_default();
        for (sum, more) in bowler.iter_mut().skip(3).zip([ball.legal(), ball.conceded(), ball.credited()]) {
            *sum += more;
        }
    }
    for (kind, column) in [(RankingKind::Runs, 0), (RankingKind::Sixes, 2), (RankingKind::Wickets, 5)] {
        let mut values: Vec<f64> =
            all.values().map(|sums| f64::from(sums[column])).filter(|value| *value > 0.0).collect();
        values.sort_by(|one, other| other.total_cmp(one));
        let ranking = archive.ranking(kind, of, scope, day, 0, 7).unwrap();
        let first: Vec<f64> = ranking.iter().flat_map(|ranking| &ranking.first).map(|one| one.value).collect();
        assert_eq!(first, values[..values.len().min(7)], "{kind:?} of {event} {season}");
        for one in ranking.iter().flat_map(|ranking| &ranking.first) {
            assert_eq!(one.value as u32, all[one.person.as_str()][column]);
            let better = values.iter().filter(|value| **value > one.value).count();
            assert_eq!(one.place as usize, better + 1);
        }
    }
    for (kind, [count, balls], scale) in [(RankingKind::StrikeRate, [0, 1], 100.0), (RankingKind::Economy, [4, 3], 6.0)]
    {
        let ranked = all.values().filter(|sums| sums[balls] >= 24 && (sums[count] > 0 || scale < 50.0));
        let mut values: Vec<f64> = ranked.map(|sums| scale * f64::from(sums[count]) / f64::from(sums[balls])).collect();
        values.sort_by(|one, other| if scale > 50.0 { other.total_cmp(one) } else { one.total_cmp(other) });
        let ranking = archive.ranking(kind, of, scope, day, 24, 5).unwrap();
        let first: Vec<f64> = ranking.iter().flat_map(|ranking| &ranking.first).map(|one| one.value).collect();
        assert_eq!(first.len(), values.len().min(5));
        assert!(
            first.iter().zip(&values).all(|(one, other)| (one - other).abs() < 1e-9),
            "{kind:?}: {first:?} {values:?}"
        );
    }
    for who in all.keys().step_by(5) {
        let figures = archive.season_figures(&id(who), of, scope, day).unwrap().unwrap();
        let given = [figures.runs, figures.faced, figures.sixes, figures.balls, figures.conceded, figures.wickets];
        assert_eq!(given, all[who]);
        let innings = innings_of(&played.iter().map(|played| **played).collect::<Vec<_>>(), who);
        assert_eq!(figures.batting_innings as usize, innings.len());
        assert_eq!(figures.dismissals as usize, innings.iter().filter(|innings| innings.5).count());
    }
    6
}

/// Asks every question of every so manieth match, before its own day, and compares; gives the number of comparisons.
fn compare(files: &[Vec<u8>], every: usize) -> usize {
    let both = Both::of(files);
    let mut compared = 0;
    for asked in both.matches.iter().step_by(every) {
        let held = both.before(&asked.kind, &asked.day);
        let day: Day = asked.day.parse().unwrap();
        let batters: BTreeSet<&str> = asked.balls.iter().map(|ball| &*ball.batter).collect();
        let bowlers: BTreeSet<&str> = asked.balls.iter().map(|ball| &*ball.bowler).collect();
        let outs = asked.balls.iter().flat_map(|ball| &ball.wickets).filter(|(kind, _)| is_wicket(kind));
        for who in batters.iter().copied().step_by(2).chain(outs.map(|(_, who)| &**who).take(2)) {
            compared += batter(&both, &held, who, asked, day);
        }
        for who in bowlers.iter().step_by(2) {
            compared += bowler(&both, &held, who, asked, day);
        }
        compared += pairs(&both, &held, asked, day);
        compared += ground_and_side(&both, &held, asked, day);
        compared += season(&both, &held, asked, day);
    }
    compared
}

#[test]
fn answers_agree_with_a_recount_of_invented_matches() {
    assert!(compare(&invented(40), 1) > 2000);
}

#[test]
fn answers_agree_with_a_recount_of_real_matches() {
    let Some(files) = real() else { return };
    assert!(files.len() >= 259);
    assert!(compare(&files, 3) > 2000);
}
