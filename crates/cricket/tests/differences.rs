//! What a correction changed, told as a list: complete, exact, and the same backwards.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "support/feed.rs"]
mod feed;
mod support;

use std::collections::BTreeSet;

use cricket::{
    cricsheet,
    event::{Delivery, DismissalKind, Event, EventData, Extras, Key, Runs},
    score::{Applied, Difference, Effect, Happening, Match, MatchState, differences},
    simulate::{SimulationSettings, simulate_events},
};
use feed::{Feed, out};
use proptest::prelude::*;

/// The ball of a key, told otherwise.
fn correct(feed: &mut Feed, key: &Key, change: impl FnOnce(&mut Delivery)) -> Applied {
    let known = feed.game.live_events().find(|event| event.key == *key).unwrap().clone();
    let EventData::Delivery(mut ball) = known.data.clone() else { panic!("{key} is no ball") };
    change(&mut ball);
    let applied = feed.game.apply(known.revised(1, feed.sent.len() as u64 + 100, EventData::Delivery(ball)));
    assert_eq!(applied.effect, Effect::Rebuilt);
    applied
}

fn score(ball: &mut Delivery, bat: u16) {
    ball.runs = Runs { bat, extras: 0, total: bat, non_boundary: false };
}

fn told(applied: &Applied) -> Vec<String> {
    applied.differences.iter().map(ToString::to_string).collect()
}

/// Eight sixes and the last ball: 48 before it.
fn fifty(last: u16) -> Feed {
    let mut feed = Feed::new();
    for ball in 0..8 {
        if ball == 6 {
            feed.next_over();
        }
        feed.ball("a1", "a2", if ball < 6 { "b11" } else { "b10" }, 6);
    }
    feed.ball("a1", "a2", "b10", last);
    feed
}

#[test]
fn a_fifty_is_withdrawn_with_the_runs_that_made_it() {
    let mut feed = fifty(6);
    let applied = correct(&mut feed, &Key::delivery(1, 1, 3), |ball| score(ball, 0));
    let told = told(&applied);
    for line in [
        "ball 1.3: no run, not 6 runs",
        "a1: 48 off 9 balls, not 54 off 9 balls",
        "a1's fifty is withdrawn: 48 not out",
        "b10: 0 for 12 in 3 balls, not 0 for 18 in 3 balls",
        "a1 and a2's stand of 50 for the 1st wicket is withdrawn: 48 runs",
        "A have 48, not 54",
        "A's 50 is withdrawn: 48",
    ] {
        assert!(told.iter().any(|told| told == line), "{line} is not in {told:#?}");
    }
    assert_eq!(told.len(), 7, "{told:#?}");
}

#[test]
fn a_fifty_that_stands_is_not_told_again() {
    let mut feed = fifty(6);
    let applied = correct(&mut feed, &Key::delivery(1, 1, 3), |ball| score(ball, 4));
    assert!(!told(&applied).iter().any(|line| line.contains("fifty")), "{:#?}", told(&applied));
}

#[test]
fn a_hat_trick_ball_that_was_none_and_a_wicket_of_another_kind_are_told() {
    let mut feed = Feed::new();
    feed.wicket("a1", "a2", "b11", DismissalKind::Bowled);
    feed.wicket("a3", "a2", "b11", DismissalKind::Lbw);
    feed.wicket("a4", "a2", "b11", DismissalKind::Bowled);
    let second = Key::delivery(1, 0, 2);
    let lines = told(&correct(&mut feed, &second, |ball| ball.wickets = vec![out(DismissalKind::RunOut, "a3")]));
    for line in [
        "a3 is out otherwise: run out, not lbw b b11",
        "b11 was not on a hat-trick after ball 0.2",
        "b11's hat-trick is withdrawn",
        "b11's 3rd wicket is withdrawn: 2 for 0",
    ] {
        assert!(lines.iter().any(|told| told == line), "{line} is not in {lines:#?}");
    }
    let lines = told(&correct(&mut feed, &second, |ball| ball.wickets.clear()));
    assert!(lines.contains(&"a3 is not out after all, not run out".to_owned()), "{lines:#?}");
    assert!(lines.contains(&"A have lost 2 wickets, not 3".to_owned()), "{lines:#?}");
}

#[test]
fn a_maiden_no_longer_a_target_and_a_result_are_told() {
    let mut feed = Feed::new();
    for _ in 0..6 {
        feed.ball("a1", "a2", "b11", 0);
    }
    feed.send(Key::innings_end(1), EventData::InningsEnd(Box::default()));
    feed.start("B", None);
    feed.ball("b1", "b2", "a11", 1);
    let first = Key::delivery(1, 0, 1);
    let wide = |ball: &mut Delivery| {
        ball.extras = Extras { wides: 1, ..Extras::default() };
        ball.runs = Runs { bat: 0, extras: 1, total: 1, non_boundary: false };
    };
    let lines = told(&correct(&mut feed, &first, wide));
    for line in [
        "ball 0.1: 1 wide, not no run",
        "b11's over, the 1st, is no maiden",
        "A have faced 0.5 overs, not 1",
        "A's extras are (w 1), not none",
        "B's target: 2, not 1",
        "innings 2, B's, goes on",
        "the result by the score: open, not B won by 10 wickets with 119 balls left",
    ] {
        assert!(lines.iter().any(|told| told == line), "{line} is not in {lines:#?}");
    }
}

#[test]
fn an_ordinary_ball_carries_no_differences() {
    let feed = fifty(6);
    let applied = feed.last.unwrap();
    assert_eq!((applied.effect, applied.differences.len()), (Effect::Applied, 0));
}

/// Milestones and hat-tricks that a clean replay says, by innings and whom.
fn milestones(events: &[Event]) -> BTreeSet<String> {
    let mut game = Match::new(&*events[0].match_id);
    let mut found = BTreeSet::new();
    for event in events {
        let applied = game.apply(event.clone());
        let innings = game.state().current().map_or(0, |innings| innings.number);
        for happening in applied.happenings {
            let line = match happening {
                Happening::BatterMilestone { player, runs, .. } => format!("{innings} bat {} {runs}", player.id),
                Happening::BowlerMilestone { player, wickets, .. } => format!("{innings} bowl {} {wickets}", player.id),
                Happening::PartnershipMilestone { wicket, runs, .. } => format!("{innings} stand {wicket} {runs}"),
                Happening::TeamMilestone { runs, .. } => format!("{innings} team {runs}"),
                Happening::HatTrick { player } => format!("{innings} hat-trick {}", player.id),
                _ => continue,
            };
            found.insert(line);
        }
    }
    found
}

/// The same of a list of differences: those that are newly reached.
fn reached(list: &[Difference]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for difference in list {
        let line = match difference {
            Difference::BatterMilestone { innings, runs, after: Some(card), .. } if card.runs >= *runs => {
                format!("{innings} bat {} {runs}", card.player.id)
            }
            Difference::BowlerMilestone { innings, wickets, after: Some(card), .. } if card.wickets >= *wickets => {
                format!("{innings} bowl {} {wickets}", card.player.id)
            }
            Difference::PartnershipMilestone { innings, wicket, runs, after: Some(stand), .. }
                if stand.runs >= *runs =>
            {
                format!("{innings} stand {wicket} {runs}")
            }
            Difference::TeamMilestone { innings, runs, after, .. } if after >= runs => format!("{innings} team {runs}"),
            Difference::HatTrick { innings, bowler, after: true, .. } => format!("{innings} hat-trick {}", bowler.id),
            _ => continue,
        };
        found.insert(line);
    }
    found
}

/// A ball of a match told otherwise, as one may be: other runs, a wicket more or less, a wide.
fn changed(ball: &Delivery, how: u8, bat: u16) -> Delivery {
    let mut ball = ball.clone();
    match how {
        0 | 1 => {
            ball.extras = Extras::default();
            score(&mut ball, bat);
        }
        2 => {
            ball.extras = Extras { wides: 1, ..Extras::default() };
            ball.runs = Runs { bat: 0, extras: 1, total: 1, non_boundary: false };
        }
        3 => ball.wickets.clear(),
        _ => {
            let wicket = out(DismissalKind::Bowled, "x");
            ball.wickets = vec![cricket::event::Wicket { player_out: ball.batter.clone(), ..wicket }];
        }
    }
    ball
}

fn back(before: &MatchState, after: &MatchState) -> Vec<Difference> {
    differences(after, before).into_iter().map(Difference::inverse).collect()
}

fn holds(events: &[Event], which: usize, how: u8, bat: u16) -> Result<(), TestCaseError> {
    let balls: Vec<&Event> = events.iter().filter(|event| matches!(event.data, EventData::Delivery(_))).collect();
    let was = balls[which % balls.len()];
    let EventData::Delivery(ball) = &was.data else { unreachable!() };
    let match_id = was.match_id.clone();
    let mut game = Match::from_events(match_id, events.to_vec());
    let before = game.state().clone();
    prop_assert!(differences(&before, &before).is_empty());
    let now = EventData::Delivery(Box::new(changed(ball, how, bat)));
    let there = was.revised(1, 90_000, now);
    let applied = game.apply(there.clone());
    let after = game.state().clone();
    prop_assert_eq!(&applied.differences, &back(&before, &after));
    let truth: Vec<Event> = game.live_events().cloned().collect();
    let (new, old) = (milestones(&truth), milestones(events));
    let said = reached(&applied.differences);
    for milestone in new.difference(&old) {
        prop_assert!(said.contains(milestone), "{} is not in {:?}", milestone, said);
    }
    let undone = game.apply(there.revised(1, 90_001, was.data.clone()));
    prop_assert_eq!(game.state(), &before);
    let undone: Vec<_> = undone.differences.into_iter().map(Difference::inverse).collect();
    prop_assert_eq!(undone, applied.differences);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn a_correction_of_an_invented_match_is_told_whole_and_undone(
        seed in 0_u64..30, which in any::<usize>(), how in 0_u8..5, bat in 0_u16..7,
    ) {
        holds(&simulate_events(&SimulationSettings::new(seed)).unwrap(), which, how, bat)?;
    }
}

#[test]
fn a_correction_of_a_real_match_is_told_whole_and_undone() {
    for (id, bytes) in support::samples() {
        let events = cricsheet::to_events(&*id, &cricsheet::read(&bytes).unwrap());
        for (which, how) in (0..5).map(|how| (usize::from(how) * 97 + 13, how)) {
            holds(&events, which, how, 6).unwrap_or_else(|error| panic!("{id} {which} {how}: {error}"));
        }
    }
}
