//! Cases 26 to 33: bowlers' figures, hat-tricks, milestones.

use cricket::{
    event::{DismissalKind, EventData, Extras, InningsKind, Key},
    score::{Effect, Happening},
};
use serde_json::json;

use crate::{
    archive, bowler, end,
    feed::{Feed, info, out, player},
    told,
};

/// Case 26: bat, wides and no-balls; never byes, leg byes, penalty runs.
#[test]
fn a_bowler_concedes_what_is_his_to_concede() {
    let mut feed = Feed::new();
    let none = Extras::default();
    for (bat, extras, conceded) in [
        (3, none, 3),
        (0, Extras { wides: 2, ..none }, 5),
        (1, Extras { noballs: 1, ..none }, 7),
        (0, Extras { byes: 4, ..none }, 7),
        (0, Extras { legbyes: 1, ..none }, 7),
        (0, Extras { penalty: 5, ..none }, 7),
        (0, Extras { noballs: 1, legbyes: 2, ..none }, 8),
    ] {
        feed.extra("a1", "a2", "b11", bat, extras);
        assert_eq!(bowler(feed.now()).runs, conceded, "{extras:?}");
    }
}

/// Case 27: the kinds with which a bowler is credited, and the others.
#[test]
fn six_kinds_of_wicket_are_the_bowlers() {
    use DismissalKind as Kind;
    for (kind, credited) in [
        (Kind::Caught, 1),
        (Kind::Bowled, 1),
        (Kind::Lbw, 1),
        (Kind::Stumped, 1),
        (Kind::CaughtAndBowled, 1),
        (Kind::HitWicket, 1),
        (Kind::RunOut, 0),
        (Kind::HitTheBallTwice, 0),
        (Kind::ObstructingTheField, 0),
        (Kind::HandledTheBall, 0),
        (Kind::TimedOut, 0),
        (Kind::RetiredOut, 0),
        (Kind::Other("vanished".to_owned()), 0),
    ] {
        let mut feed = Feed::new();
        feed.wicket("a1", "a2", "b11", kind.clone());
        assert_eq!((bowler(feed.now()).wickets, feed.now().wickets), (credited, 1), "{kind}");
    }
}

/// Case 28.
#[test]
fn maidens_are_spoilt_by_wides_and_shared_overs_but_not_by_byes() {
    let mut feed = Feed::new();
    feed.extra("a1", "a2", "b11", 0, Extras { byes: 4, ..Extras::default() });
    for _ in 0..5 {
        feed.ball("a1", "a2", "b11", 0);
    }
    assert_eq!(bowler(feed.now()).maidens, 1);
    feed.next_over();
    feed.extra("a2", "a1", "b10", 0, Extras { wides: 1, ..Extras::default() });
    for _ in 0..6 {
        feed.ball("a2", "a1", "b10", 0);
    }
    assert_eq!(bowler(feed.now()).maidens, 0);
    feed.next_over();
    for bowler in ["b11", "b11", "b9", "b9", "b9", "b9"] {
        feed.ball("a1", "a2", bowler, 0);
    }
    assert_eq!(feed.now().bowling.iter().map(|card| card.maidens).collect::<Vec<_>>(), [1, 0, 0]);
}

/// Case 29.
#[test]
fn a_hat_trick_runs_across_overs_and_a_wide_between_breaks_it() {
    let mut feed = Feed::new();
    for _ in 0..5 {
        feed.ball("a1", "a2", "b11", 0);
    }
    feed.wicket("a1", "a2", "b11", DismissalKind::Bowled);
    feed.next_over();
    for _ in 0..6 {
        feed.ball("a2", "a3", "b10", 0);
    }
    feed.next_over();
    let second = feed.wicket("a3", "a2", "b11", DismissalKind::Lbw);
    assert!(second.happenings.contains(&Happening::HatTrickBall { player: player("b11") }));
    let third = feed.wicket("a4", "a2", "b11", DismissalKind::Caught);
    assert!(third.happenings.contains(&Happening::HatTrick { player: player("b11") }));
    assert!(
        third.happenings.iter().any(|happening| matches!(happening, Happening::BowlerMilestone { wickets: 3, .. }))
    );

    let mut broken = Feed::new();
    broken.wicket("a1", "a2", "b11", DismissalKind::Bowled);
    broken.wicket("a3", "a2", "b11", DismissalKind::Bowled);
    broken.extra("a4", "a2", "b11", 0, Extras { wides: 1, ..Extras::default() });
    let after = broken.wicket("a4", "a2", "b11", DismissalKind::Bowled);
    assert!(!after.happenings.iter().any(|happening| matches!(happening, Happening::HatTrick { .. })));
}

fn is_hat_trick(happening: &Happening) -> bool {
    matches!(happening, Happening::HatTrick { .. })
}

/// Case 29: a hat-trick over two innings, with the setting for and against it; a super over is no part of it.
#[test]
fn a_hat_trick_across_innings_is_a_setting() {
    for (across, kind, expected) in
        [(true, InningsKind::Normal, true), (false, InningsKind::Normal, false), (true, InningsKind::SuperOver, false)]
    {
        let mut test = info("2024-01-01");
        (test.overs, test.match_type) = (None, "Test".to_owned());
        test.rules = serde_json::from_value(json!({ "hat_trick_across_innings": across })).unwrap();
        let mut feed = Feed::of(test);
        feed.wicket("a1", "a2", "b11", DismissalKind::Bowled);
        feed.wicket("a3", "a2", "b11", DismissalKind::Lbw);
        feed.send(Key::innings_end(1), end(1, "declared"));
        feed.start("B", None);
        feed.send(Key::innings_end(2), end(2, "declared"));
        feed.start_kind("A", None, kind);
        let third = feed.wicket("a1", "a2", "b11", DismissalKind::Bowled).clone();
        assert_eq!(told(&third, is_hat_trick), expected, "{across} {kind:?}");
    }
}

/// Case 29: whether a wide between breaks the row is a setting.
#[test]
fn whether_a_wide_breaks_a_hat_trick_is_a_setting() {
    for breaks in [true, false] {
        let mut facts = info("2024-01-01");
        facts.rules = serde_json::from_value(json!({ "hat_trick_wide_breaks": breaks })).unwrap();
        let mut feed = Feed::of(facts);
        feed.wicket("a1", "a2", "b11", DismissalKind::Bowled);
        feed.wicket("a3", "a2", "b11", DismissalKind::Bowled);
        feed.extra("a4", "a2", "b11", 0, Extras { wides: 1, ..Extras::default() });
        let third = feed.wicket("a4", "a2", "b11", DismissalKind::Bowled).clone();
        assert_eq!(told(&third, is_hat_trick), !breaks);
    }
}

/// Case 29, in its matches: the first of Tambe's is a stumping off a wide; a wide breaks Rabada's row.
#[test]
fn a_stumping_off_a_wide_carries_a_hat_trick_on_in_733979_and_a_wide_breaks_it_in_1237180() {
    let Some(tambe) = archive::play("733979") else { return };
    assert!(tambe.at("i2.o15.d3").iter().any(is_hat_trick));
    assert_eq!(tambe.all().filter(|happening| is_hat_trick(happening)).count(), 1);
    let Some(rabada) = archive::play("1237180") else { return };
    assert!(rabada.at("i2.o18.d4").iter().any(|happening| matches!(happening, Happening::HatTrickBall { .. })));
    assert_eq!(rabada.all().filter(|happening| is_hat_trick(happening)).count(), 0);
}

/// Case 29, over three innings of a match: Rushworth's third comes with the first ball of the fourth innings.
#[test]
fn a_hat_trick_across_innings_in_804251() {
    let Some(played) = archive::play("804251") else { return };
    assert!(played.at("i4.o0.d1").iter().any(is_hat_trick));
}

/// Case 30: across overs. (733989, which the case names too, is not in the archive; 392212 and 980955 stand for it.)
#[test]
fn hat_tricks_across_overs() {
    for (id, key) in [("336025", "i1.o16.d2"), ("392212", "i2.o17.d1"), ("980955", "i2.o10.d1")] {
        let Some(played) = archive::play(id) else { return };
        assert!(played.at(key).iter().any(is_hat_trick), "{id}");
        assert_eq!(played.all().filter(|happening| is_hat_trick(happening)).count(), 1, "{id}");
    }
}

/// Case 31: 22 balls are 3.4; where overs have five or eight balls the balls of those.
#[test]
fn overs_are_printed_as_cricket_prints_them() {
    use cricket::overs::OversBowled;
    for (balls, balls_per_over, text) in [(22, 6, "3.4"), (24, 6, "4"), (0, 6, "0"), (22, 8, "2.6"), (99, 5, "19.4")] {
        assert_eq!(OversBowled { balls, balls_per_over }.to_string(), text);
    }
}

/// Case 31: The Hundred counts balls, in sets of five.
#[test]
fn the_hundred_has_sets_of_five() {
    let mut hundred = info("2024-08-01");
    hundred.balls_per_over = 5;
    let mut feed = Feed::of(hundred);
    for _ in 0..5 {
        feed.ball("a1", "a2", "b11", 1).happenings.len();
        if feed.pos % 2 == 1 && feed.pos < 5 {
            feed.ball("a2", "a1", "b11", 1);
        }
        if feed.pos >= 5 {
            break;
        }
    }
    assert_eq!((feed.now().legal_balls, feed.now().balls_limit), (5, Some(100)));
    assert!(feed.now().overs[0].complete);
}

/// Case 32.
#[test]
fn a_corrected_six_moves_the_fifty_or_takes_it_back() {
    let mut feed = Feed::new();
    for over in 0..2_u16 {
        feed.over = over;
        feed.pos = 0;
        let bowler = if over == 0 { "b11" } else { "b10" };
        for ball in 0..6_u16 {
            // Even runs, so that a1 keeps the strike in the first over and a change of ends is told by the feed.
            let (on, off) = if over == 0 { ("a1", "a2") } else { ("a2", "a1") };
            feed.ball(on, off, bowler, if over == 0 { [6, 6, 6, 6, 6, 6] } else { [0; 6] }[usize::from(ball)]);
        }
    }
    feed.next_over();
    feed.ball("a1", "a2", "b11", 6);
    feed.ball("a1", "a2", "b11", 6);
    let fifty = feed.ball("a1", "a2", "b11", 6).clone();
    let milestone = |runs, balls| Happening::BatterMilestone { player: player("a1"), runs, balls };
    assert!(fifty.happenings.contains(&milestone(50, 9)), "48, then a six: one fifty");

    let ball = feed.sent.last().unwrap().clone();
    let EventData::Delivery(delivery) = &ball.data else { panic!("a delivery") };
    let mut four = delivery.clone();
    (four.runs.bat, four.runs.total) = (4, 4);
    let corrected = feed.game.apply(ball.revised(1, 100, EventData::Delivery(four.clone())));
    assert_eq!(corrected.effect, Effect::Rebuilt);
    assert!(corrected.withdrawn.contains(&Happening::Six) && corrected.happenings.contains(&Happening::Four));
    assert!(!corrected.withdrawn.contains(&milestone(50, 9)), "52 is a fifty still");

    let mut leg_bye = four;
    (leg_bye.runs.bat, leg_bye.runs.extras, leg_bye.runs.total, leg_bye.extras.legbyes) = (0, 1, 1, 1);
    let second = feed.game.apply(ball.revised(1, 100, EventData::Delivery(leg_bye.clone())).revised(
        1,
        101,
        EventData::Delivery(leg_bye),
    ));
    assert!(second.withdrawn.contains(&milestone(50, 9)), "{:?}", second.withdrawn);
    assert_eq!(feed.now().batting[0].runs, 48);
}

/// Case 33: golden to the first ball faced, diamond without having faced, and plain.
#[test]
fn ducks_are_golden_diamond_or_plain() {
    let duck = |player: &str, golden, diamond| Happening::Duck { player: crate::feed::player(player), golden, diamond };
    let mut feed = Feed::new();
    let golden = feed.wicket("a1", "a2", "b11", DismissalKind::Bowled).clone();
    assert!(golden.happenings.contains(&duck("a1", true, false)));
    let mut ball = feed.draft("a3", "a2", "b11", 1);
    ball.wickets.push(out(DismissalKind::RunOut, "a2"));
    let diamond = feed.bowl(ball).clone();
    assert!(diamond.happenings.contains(&duck("a2", false, true)), "{:?}", diamond.happenings);
    feed.ball("a4", "a3", "b11", 0);
    let plain = feed.wicket("a4", "a3", "b11", DismissalKind::Lbw).clone();
    assert!(plain.happenings.contains(&duck("a4", false, false)));
}

/// Case 33: one ball faced, and run out at the other end later: neither golden nor diamond. A golden duck may come off a
/// no-ball; one stumped off a wide has not faced.
#[test]
fn a_duck_run_out_at_the_other_end_is_not_golden() {
    let mut feed = Feed::new();
    feed.extra("a1", "a2", "b11", 0, Extras { legbyes: 1, ..Extras::default() });
    let mut ball = feed.draft("a2", "a1", "b11", 0);
    ball.wickets.push(out(DismissalKind::RunOut, "a1"));
    let applied = feed.bowl(ball).clone();
    let duck = Happening::Duck { player: player("a1"), golden: false, diamond: false };
    assert!(applied.happenings.contains(&duck), "{:?}", applied.happenings);
    let mut wide = feed.draft("a3", "a2", "b11", 0);
    (wide.runs.extras, wide.runs.total, wide.extras.wides) = (1, 1, 1);
    wide.wickets.push(out(DismissalKind::Stumped, "a3"));
    let applied = feed.bowl(wide).clone();
    let duck = Happening::Duck { player: player("a3"), golden: false, diamond: true };
    assert!(applied.happenings.contains(&duck), "{:?}", applied.happenings);
}
