//! Cases 14 to 25: wickets, retirements, replacements.

use cricket::{
    event::{DismissalKind, EventData, Extras, InningsEnd, Key, MatchReplacement, Replacements, RoleReplacement},
    score::{BatterStatus, EndReason, Happening, MatchResult},
};
use serde_json::json;

use crate::{
    archive, bowler, end,
    feed::{Feed, info, out, player, team},
    told,
};

/// Case 14: after a catch the new batter faces since October 2022; before, the feed says.
#[test]
fn the_new_batter_faces_after_a_catch_since_october_2022() {
    for (date, flagged) in [("2022-10-01", 1), ("2022-09-30", 0)] {
        let mut feed = Feed::on(date);
        feed.wicket("a1", "a2", "b11", DismissalKind::Caught);
        feed.ball("a2", "a3", "b11", 0);
        assert_eq!(feed.anomalies().len(), flagged, "{date}");
    }
}

/// Case 14: not off the last ball of the over, after which the one who stayed faces.
#[test]
fn after_a_catch_off_the_last_ball_the_partner_faces() {
    for (facing, other, flagged) in [("a2", "a3", 0), ("a3", "a2", 1)] {
        let mut feed = Feed::on("2023-06-01");
        for _ in 0..5 {
            feed.ball("a1", "a2", "b11", 0);
        }
        feed.wicket("a1", "a2", "b11", DismissalKind::Caught);
        feed.next_over();
        feed.ball(facing, other, "b10", 0);
        assert_eq!(feed.anomalies().len(), flagged, "{facing} faces");
    }
}

/// Case 15: the new batter takes the end of one bowled, lbw, stumped or out hit wicket, whatever the year.
#[test]
fn the_new_batter_takes_the_end_of_the_one_who_was_bowled() {
    use DismissalKind::{Bowled, HitWicket, Lbw, Stumped};
    for kind in [Bowled, Lbw, Stumped, HitWicket] {
        for (facing, other, flagged) in [("a3", "a2", 0), ("a2", "a3", 1)] {
            let mut feed = Feed::on("2010-06-01");
            feed.wicket("a1", "a2", "b11", kind.clone());
            feed.ball(facing, other, "b11", 0);
            assert_eq!(feed.anomalies().len(), flagged, "{kind}: {facing} faces");
        }
    }
}

/// Case 16: run out on the second run. The first counts.
#[test]
fn runs_completed_before_a_run_out_count() {
    let mut feed = Feed::new();
    let mut ball = feed.draft("a1", "a2", "b11", 1);
    ball.wickets.push(out(DismissalKind::RunOut, "a1"));
    feed.bowl(ball);
    let innings = feed.now();
    assert_eq!((innings.runs, innings.batting[0].runs, innings.fall_of_wickets[0].runs), (1, 1, 1));
    assert_eq!((bowler(innings).runs, bowler(innings).wickets), (1, 0));
    assert_eq!(innings.partnerships[0].runs, 1);
}

/// Case 17.
#[test]
fn a_stumping_off_a_wide_is_the_bowlers_and_no_ball_is_faced() {
    let mut feed = Feed::new();
    let mut ball = feed.draft("a1", "a2", "b11", 0);
    (ball.runs.extras, ball.runs.total, ball.extras.wides) = (1, 1, 1);
    ball.wickets.push(out(DismissalKind::Stumped, "a1"));
    feed.bowl(ball);
    assert!(feed.anomalies().is_empty());
    assert_eq!((bowler(feed.now()).wickets, feed.now().legal_balls, feed.now().batting[0].balls), (1, 0, 0));
    assert_eq!(feed.now().fall_of_wickets[0].runs, 1, "the wide counts before the wicket");
}

/// Case 17, in its match: innings 1, over 9, second delivery.
#[test]
fn a_stumping_off_a_wide_in_1082617() {
    let Some(played) = archive::play("1082617") else { return };
    let innings = played.innings(1);
    let over = &innings.overs[9];
    assert_eq!((over.legal_balls, over.balls.len(), over.wickets, over.balls[1].extras.wides), (6, 7, 1, 1));
    let out = innings.batting.iter().find(|card| &*card.player.name == "YK Pathan").unwrap();
    let BatterStatus::Out(dismissal) = &out.status else { panic!("out") };
    assert_eq!(dismissal.kind, DismissalKind::Stumped);
    assert_eq!(dismissal.bowler.as_ref().map(|bowler| &*bowler.name), Some("YS Chahal"));
    let faced = innings.overs.iter().flat_map(|over| &over.balls);
    let faced = faced.filter(|ball| ball.batter.id == out.player.id && ball.extras.wides == 0).count();
    assert_eq!(out.balls as usize, faced);
}

/// Case 18: run out off a wide or a no-ball.
#[test]
fn a_run_out_off_a_wide_or_a_no_ball_is_allowed_and_nobodys() {
    for extras in [Extras { wides: 1, ..Extras::default() }, Extras { noballs: 1, ..Extras::default() }] {
        let mut feed = Feed::new();
        let mut ball = feed.draft("a1", "a2", "b11", 0);
        (ball.runs.extras, ball.runs.total, ball.extras) = (1, 1, extras);
        ball.wickets.push(out(DismissalKind::RunOut, "a2"));
        feed.bowl(ball);
        assert_eq!((feed.now().wickets, bowler(feed.now()).wickets, feed.now().legal_balls), (1, 0, 0));
        assert!(feed.anomalies().is_empty(), "{:?}", feed.anomalies());
    }
}

/// Case 19.
#[test]
fn bowled_off_a_no_ball_is_impossible_and_run_out_is_not() {
    for (kind, flagged) in [(DismissalKind::Bowled, 1), (DismissalKind::RunOut, 0), (DismissalKind::Lbw, 1)] {
        let mut feed = Feed::new();
        let mut ball = feed.draft("a1", "a2", "b11", 0);
        (ball.runs.extras, ball.runs.total, ball.extras.noballs) = (1, 1, 1);
        ball.wickets.push(out(kind.clone(), "a1"));
        feed.bowl(ball);
        assert_eq!(feed.anomalies().len(), flagged, "{kind}");
        assert_eq!(feed.now().wickets, 1, "{kind}: the feed is believed");
    }
}

/// Case 19 and case 20: on a free hit only run out, hit the ball twice and obstruction are possible.
#[test]
fn a_free_hit_allows_few_dismissals() {
    use DismissalKind as Kind;
    for (kind, flagged) in [
        (Kind::Bowled, 1),
        (Kind::Caught, 1),
        (Kind::CaughtAndBowled, 1),
        (Kind::Lbw, 1),
        (Kind::Stumped, 1),
        (Kind::HitWicket, 1),
        (Kind::RunOut, 0),
        (Kind::HitTheBallTwice, 0),
        (Kind::ObstructingTheField, 0),
    ] {
        let mut feed = Feed::on("2024-06-01");
        feed.extra("a1", "a2", "b11", 0, Extras { noballs: 1, ..Extras::default() });
        assert!(feed.now().free_hit_next);
        feed.wicket("a1", "a2", "b11", kind.clone());
        assert_eq!(feed.anomalies().len(), flagged, "{kind}");
        assert!(!feed.now().free_hit_next);
    }
}

/// Case 20: a wide or a no-ball carries a free hit over; English domestic cricket gives one for foot faults alone, which a
/// no-ball does not tell; a match without a limit has none.
#[test]
fn who_has_free_hits() {
    let hundred = serde_json::from_value(json!({ "name": "The Hundred Men's Competition" })).ok();
    for (date, overs, event, expected) in [
        ("2024-06-01", Some(20), None, true),
        ("2024-06-01", Some(20), hundred, false),
        ("2024-06-01", None, None, false),
        ("2015-07-04", Some(20), None, false),
    ] {
        let mut facts = info(date);
        (facts.overs, facts.event) = (overs, event);
        let mut feed = Feed::of(facts);
        feed.extra("a1", "a2", "b11", 0, Extras { noballs: 1, ..Extras::default() });
        assert_eq!(feed.now().free_hit_next, expected, "{date} {overs:?}");
        let mut told = feed.draft("a1", "a2", "b11", 0);
        (told.free_hit, told.extras.wides, told.runs.extras, told.runs.total) = (true, 1, 1, 1);
        feed.bowl(told);
        assert!(feed.now().free_hit_next, "the feed called it a free hit, and the wide carries it over");
    }
}

/// Case 21: retired hurt.
#[test]
fn retired_hurt_is_no_wicket_and_the_batter_may_return() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 2);
    let mut ball = feed.draft("a1", "a2", "b11", 0);
    ball.wickets.push(out(DismissalKind::RetiredHurt, "a1"));
    feed.bowl(ball);
    assert_eq!((feed.now().wickets, bowler(feed.now()).wickets), (0, 0));
    assert!(matches!(feed.now().batting[0].status, BatterStatus::Retired { .. }));
    feed.ball("a3", "a2", "b11", 0);
    let pair = feed.now().current_partnership().unwrap();
    assert_eq!((pair.wicket, pair.batters.len(), pair.runs), (1, 3, 2), "the stand goes on with a third batter");
    feed.wicket("a3", "a2", "b11", DismissalKind::Bowled);
    let back = feed.ball("a1", "a2", "b11", 1);
    assert!(back.happenings.contains(&Happening::NewBatter { player: player("a1") }));
    assert_eq!((feed.now().batting[0].runs, &feed.now().batting[0].status), (3, &BatterStatus::NotOut));
    assert_eq!(feed.now().batting.len(), 3);
}

/// Case 21: who retired hurt and does not come back leaves the side one wicket short; a replacement at the crease does not.
#[test]
fn a_side_with_a_batter_retired_hurt_is_all_out_one_wicket_earlier() {
    for (pair_at_the_crease, expected) in [(false, true), (true, false)] {
        let mut feed = Feed::new();
        feed.ball("a1", "a2", "b11", 6);
        feed.send(Key::innings_end(1), end(1, "overs"));
        feed.start("B", None);
        let mut hurt = feed.draft("b1", "b2", "a11", 0);
        hurt.wickets.push(out(DismissalKind::RetiredHurt, "b1"));
        feed.bowl(hurt);
        for wicket in 0..9 {
            if feed.pos == 6 {
                feed.next_over();
            }
            let bowler = if feed.over == 0 { "a11" } else { "a10" };
            let facing = format!("b{}", wicket + 3);
            let mut ball = feed.draft(&facing, "b2", bowler, 0);
            ball.wickets.push(out(DismissalKind::RunOut, &facing));
            feed.bowl(ball);
        }
        if pair_at_the_crease {
            feed.ball("b12", "b2", "a10", 0);
        }
        let ended = InningsEnd { innings: 2, ..InningsEnd::default() };
        feed.send(Key::innings_end(2), EventData::InningsEnd(Box::new(ended)));
        let won = feed.game.state().computed_result == Some(MatchResult::WonByRuns { winner: team("A"), runs: 6 });
        assert_eq!(won, expected, "a twelfth batter, a replacement, at the crease: {pair_at_the_crease}");
    }
}

/// Case 21: retired out is a wicket, and not the bowler's; retired not out is none.
#[test]
fn retired_out_is_a_wicket_and_retired_not_out_is_none() {
    for (kind, wickets) in [(DismissalKind::RetiredOut, 1), (DismissalKind::RetiredNotOut, 0)] {
        let mut feed = Feed::new();
        feed.ball("a1", "a2", "b11", 4);
        let mut ball = feed.draft("a1", "a2", "b11", 0);
        ball.wickets.push(out(kind.clone(), "a1"));
        let applied = feed.bowl(ball).clone();
        assert_eq!((feed.now().wickets, bowler(feed.now()).wickets), (wickets, 0), "{kind}");
        assert_eq!(told(&applied, |happening| matches!(happening, Happening::Retired { .. })), wickets == 0);
        assert_eq!(feed.now().overs[0].wickets, wickets);
    }
}

/// Case 21, in a match: Brathwaite and Patel retired out in a shortened game.
#[test]
fn retired_out_in_1297839() {
    let Some(played) = archive::play("1297839") else { return };
    for (innings, name) in [(1, "CR Brathwaite"), (2, "SR Patel")] {
        let card = played.innings(innings).batting.iter().find(|card| &*card.player.name == name).unwrap();
        let BatterStatus::Out(dismissal) = &card.status else { panic!("{name} is out") };
        assert_eq!((&dismissal.kind, &dismissal.bowler), (&DismissalKind::RetiredOut, &None), "{name}");
        let credited: u32 = played.innings(innings).bowling.iter().map(|card| card.wickets).sum();
        assert!(credited < u32::from(played.innings(innings).wickets));
    }
}

/// Case 22, in a match: one absent hurt, so nine wickets end it and the margin is of runs.
#[test]
fn an_innings_with_one_absent_hurt_ends_with_nine_wickets() {
    let Some(played) = archive::play("1444780") else { return };
    let innings = played.innings(2);
    assert_eq!((innings.wickets, innings.absent_hurt.len(), &innings.ended), (9, 1, &Some(EndReason::AllOut)));
    let expected = MatchResult::WonByRuns { winner: team("Titans"), runs: 94 };
    assert_eq!(played.game.state().computed_result, Some(expected));
}

/// Case 23, each in a match: hit the ball twice, handled the ball, obstructing the field.
#[test]
fn rare_dismissals_are_wickets_and_not_the_bowlers() {
    for (id, key, kind) in [
        ("1391336", "i1.o6.d6", DismissalKind::HitTheBallTwice),
        ("460058", "i2.o12.d6", DismissalKind::HandledTheBall),
        ("1160514", "i1.o4.d5", DismissalKind::ObstructingTheField),
    ] {
        let Some(played) = archive::play(id) else { return };
        let wicket = played.at(key).iter().find_map(|happening| match happening {
            Happening::Wicket { dismissal, .. } => Some(dismissal),
            _ => None,
        });
        assert_eq!(wicket.map(|dismissal| &dismissal.kind), Some(&kind), "{id}");
        let innings = &played.game.state().innings[usize::from(key.as_bytes()[1] - b'1')];
        let by_bowlers = innings.batting.iter().filter(|card| match &card.status {
            BatterStatus::Out(dismissal) => dismissal.kind.is_bowlers(),
            _ => false,
        });
        let credited: u32 = innings.bowling.iter().map(|card| card.wickets).sum();
        assert_eq!(by_bowlers.count(), credited as usize, "{id}");
    }
}

/// Case 24 and case 23 (timed out): two wickets on one ball.
#[test]
fn two_wickets_on_one_ball_fall_in_order() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b11", 4);
    let mut ball = feed.draft("a1", "a2", "b11", 0);
    ball.wickets = vec![out(DismissalKind::Caught, "a1"), out(DismissalKind::TimedOut, "a3")];
    feed.bowl(ball);
    let fallen: Vec<_> =
        feed.now().fall_of_wickets.iter().map(|fall| (fall.wicket, fall.player.name.to_string())).collect();
    assert_eq!(fallen, [(1, "a1".to_owned()), (2, "a3".to_owned())]);
    assert_eq!(bowler(feed.now()).wickets, 1);
    assert_eq!(feed.anomalies(), ["i1.o0.d2: a3 is out without being at the crease"]);
}

/// Case 24, in two matches: caught and the next timed out (the one such wicket in the archive); run out and the next
/// retired out.
#[test]
fn two_wickets_on_one_ball_in_1384429_and_1208093() {
    use DismissalKind::{Caught, RetiredOut, RunOut, TimedOut};
    for (id, key, kinds) in
        [("1384429", "i1.o24.d2", [Caught, TimedOut]), ("1208093", "i2.o19.d5", [RunOut, RetiredOut])]
    {
        let Some(played) = archive::play(id) else { return };
        let fallen: Vec<_> = played
            .at(key)
            .iter()
            .filter_map(|happening| match happening {
                Happening::Wicket { dismissal, wicket, .. } => Some((dismissal.kind.clone(), *wicket)),
                _ => None,
            })
            .collect();
        assert_eq!(fallen.iter().map(|(kind, _)| kind.clone()).collect::<Vec<_>>(), kinds, "{id}");
        assert_eq!(fallen[1].1, fallen[0].1 + 1, "{id}");
    }
}

/// Case 25: a concussion substitute plays on in the other's place, so the side still has ten wickets.
#[test]
fn a_concussion_substitute_bats_for_the_one_who_retired() {
    let mut feed = Feed::new();
    let mut hurt = feed.draft("a1", "a2", "b11", 0);
    hurt.wickets.push(out(DismissalKind::RetiredHurt, "a1"));
    feed.bowl(hurt);
    let mut next = feed.draft("a3", "a2", "b11", 0);
    next.replacements = Some(Box::new(Replacements {
        players: vec![MatchReplacement {
            incoming: player("a12"),
            outgoing: player("a1"),
            reason: "concussion_substitute".to_owned(),
            team: team("A"),
        }],
        ..Replacements::default()
    }));
    let applied = feed.bowl(next).clone();
    assert!(told(&applied, |happening| matches!(happening, Happening::Replaced { .. })));
    let state = feed.game.state();
    assert_eq!((&state.replacements[0].incoming, &state.replacements[0].role), (&player("a12"), &None));
    for wicket in 0..9 {
        if feed.pos == 6 {
            feed.next_over();
        }
        let facing = format!("a{}", wicket + 3);
        let bowler = if feed.over == 0 { "b11" } else { "b10" };
        let mut ball = feed.draft(&facing, "a2", bowler, 0);
        ball.wickets.push(out(DismissalKind::RunOut, &facing));
        feed.bowl(ball);
    }
    assert_eq!((feed.now().wickets, &feed.now().ended), (9, &None));
    feed.send(cricket::event::Key::innings_end(1), crate::end(1, "overs"));
    feed.start("B", None);
    feed.ball("b1", "b2", "a11", 0);
    assert_eq!(feed.game.state().innings[0].ended, Some(EndReason::Overs), "a12 could still have come in");
}

/// Case 25, in matches: an impact player, a concussion substitute.
#[test]
fn replacements_are_kept_in_order() {
    for (id, count, reason) in [("1359534", 2, "impact_player"), ("1334913", 1, "concussion_substitute")] {
        let Some(played) = archive::play(id) else { return };
        let changes = &played.game.state().replacements;
        assert_eq!((changes.len(), changes[0].reason.as_str(), &changes[0].role), (count, reason, &None), "{id}");
    }
}

/// Case 25: an excluded bowler's over is finished by another, and is no maiden; who was taken off may not bowl again.
#[test]
fn an_excluded_bowlers_over_is_finished_by_another() {
    let mut feed = Feed::new();
    for _ in 0..3 {
        feed.ball("a1", "a2", "b11", 0);
    }
    let mut taken_over = feed.draft("a1", "a2", "b10", 0);
    taken_over.replacements = Some(Box::new(Replacements {
        role: vec![RoleReplacement {
            incoming: player("b10"),
            outgoing: Some(player("b11")),
            reason: "excluded - high full pitched balls".to_owned(),
            role: "bowler".to_owned(),
        }],
        ..Replacements::default()
    }));
    feed.bowl(taken_over);
    for _ in 0..2 {
        feed.ball("a1", "a2", "b10", 0);
    }
    let innings = feed.now();
    assert_eq!(innings.bowling.iter().map(|card| (card.balls, card.maidens)).collect::<Vec<_>>(), [(3, 0), (3, 0)]);
    assert!(feed.anomalies().is_empty(), "{:?}", feed.anomalies());
    feed.next_over();
    feed.ball("a2", "a1", "b11", 0);
    assert_eq!(feed.anomalies(), ["i1.o1.d1: b11 was taken off and bowls"]);
}

/// Case 25, in a match: Perera finishes Liddle's over.
#[test]
fn an_excluded_bowlers_over_in_1068326() {
    let Some(played) = archive::play("1068326") else { return };
    let innings = played.innings(1);
    let over = &innings.overs[18];
    let names: Vec<_> = over.bowlers.iter().map(|at| &*innings.bowling[*at].player.name).collect();
    assert_eq!(names, ["CJ Liddle", "NLTC Perera"]);
    assert_eq!(over.legal_balls, 6);
    assert!(played.anomalies().iter().all(|anomaly| !anomaly.contains("taken off")), "{:?}", played.anomalies());
}
