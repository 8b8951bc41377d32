//! Laws of the book that hold whatever is bowled: each total is the sum of its parts.

use cricket::{
    event::{DismissalKind, Extras, Key, PenaltySide},
    score::{BatterStatus, Innings},
};
use proptest::prelude::*;

use crate::{
    feed::{Feed, out},
    five,
};

/// A ball of an invented innings.
#[derive(Debug, Clone)]
enum Bowled {
    Ball {
        bat: u16,
        extras: Extras,
        wicket: Option<(DismissalKind, bool)>,
    },
    /// Five to the batting side between balls.
    Penalty,
}

fn extras() -> impl Strategy<Value = Extras> {
    let none = Extras::default();
    prop_oneof![
        8 => Just(none),
        1 => (1..6_u16).prop_map(move |wides| Extras { wides, ..none }),
        1 => (0..5_u16).prop_map(move |byes| Extras { noballs: 1, byes, ..none }),
        1 => (1..5_u16).prop_map(move |byes| Extras { byes, ..none }),
        1 => (1..5_u16).prop_map(move |legbyes| Extras { legbyes, ..none }),
        1 => Just(Extras { penalty: 5, ..none }),
    ]
}

fn bowled() -> impl Strategy<Value = Bowled> {
    use DismissalKind::{Bowled as Hit, Caught, HitTheBallTwice, Lbw, RetiredHurt, RetiredOut, RunOut, Stumped};
    let kinds =
        proptest::sample::select(vec![Hit, Caught, Lbw, Stumped, RunOut, HitTheBallTwice, RetiredOut, RetiredHurt]);
    let wicket = proptest::option::weighted(0.08, (kinds, any::<bool>()));
    prop_oneof![
        30 => (0..7_u16, extras(), wicket).prop_map(|(bat, extras, wicket)| Bowled::Ball {
            bat: if extras.wides > 0 { 0 } else { bat },
            extras,
            wicket,
        }),
        1 => Just(Bowled::Penalty),
    ]
}

/// Plays an innings, the strike as the engine has it, a new batter for each that leaves, until it ends. Gives the penalty
/// runs too that were awarded while no pair was together.
fn play(balls: &[Bowled]) -> (Feed, u32) {
    let mut feed = Feed::on("2024-06-01");
    let mut at_the_crease = ["a1".to_owned(), "a2".to_owned()];
    let mut next = 3;
    let mut apart = 0;
    for (number, bowled) in balls.iter().enumerate() {
        if feed.now().ended.is_some() {
            break;
        }
        if feed.now().overs.last().is_some_and(|over| over.complete) {
            feed.next_over();
        }
        let Bowled::Ball { bat, extras, wicket } = bowled else {
            let together = feed.now().current_partnership().is_some_and(|pair| !pair.ended);
            apart += if together { 0 } else { 5 };
            feed.send(Key::new(format!("penalty-{number}")), five(PenaltySide::Batting, 1));
            continue;
        };
        let name = |card: Option<&cricket::score::BatterCard>| card.map(|card| card.player.name.to_string());
        let facing = name(feed.now().striker_card()).filter(|known| at_the_crease.contains(known));
        let other = name(feed.now().non_striker_card()).filter(|known| at_the_crease.contains(known));
        let [one, two] = &at_the_crease;
        let facing = facing.unwrap_or_else(|| if other.as_ref() == Some(one) { two } else { one }.clone());
        let other = if facing == *one { two.clone() } else { one.clone() };
        let bowler = ["b11", "b10", "b9"][usize::from(feed.over % 3)];
        let mut ball = feed.draft(&facing, &other, bowler, *bat);
        ball.extras = *extras;
        ball.runs.extras = extras.wides + extras.noballs + extras.byes + extras.legbyes + extras.penalty;
        ball.runs.total = ball.runs.bat + ball.runs.extras;
        if let Some((kind, striker)) = wicket {
            let gone = if *striker { &facing } else { &other };
            ball.wickets.push(out(kind.clone(), gone));
            let place = at_the_crease.iter().position(|name| name == gone).unwrap();
            at_the_crease[place] = format!("a{next}");
            next += 1;
        }
        feed.bowl(ball);
    }
    (feed, apart)
}

fn adds_up(innings: &Innings, apart: u32) -> Result<(), TestCaseError> {
    let off_the_bat: u32 = innings.batting.iter().map(|card| card.runs).sum();
    prop_assert_eq!(off_the_bat + innings.extras.total(), innings.runs, "batters and extras");
    let conceded: u32 = innings.bowling.iter().map(|card| card.runs).sum();
    let nobodys = innings.extras.byes + innings.extras.legbyes + innings.extras.penalty;
    prop_assert_eq!(conceded + nobodys, innings.runs, "bowlers and what is nobody's");
    let together: u32 = innings.partnerships.iter().map(|pair| pair.runs).sum();
    prop_assert_eq!(together + apart, innings.runs, "partnerships, and penalties before and between them");
    let overs: u32 = innings.overs.iter().map(|over| over.runs).sum();
    let between = innings.runs - overs;
    prop_assert_eq!(between % 5, 0, "only penalties fall between the balls");
    prop_assert!(between <= innings.extras.penalty);
    prop_assert!(innings.wickets <= innings.wickets_available, "wickets");
    prop_assert_eq!(usize::from(innings.wickets), innings.fall_of_wickets.len());
    let gone = innings.batting.iter().filter(|card| matches!(card.status, BatterStatus::Out(_))).count();
    prop_assert_eq!(usize::from(innings.wickets), gone);
    prop_assert!(innings.bowling.iter().map(|card| card.wickets).sum::<u32>() <= u32::from(innings.wickets));
    let legal: u32 = innings.bowling.iter().map(|card| card.balls).sum();
    prop_assert_eq!(legal, innings.legal_balls, "balls");
    let faced: u32 = innings.batting.iter().map(|card| card.balls).sum();
    prop_assert_eq!(faced, innings.partnerships.iter().map(|pair| pair.balls).sum::<u32>(), "balls faced");
    let falls: Vec<u32> = innings.fall_of_wickets.iter().map(|fall| fall.runs).collect();
    prop_assert!(falls.is_sorted() && falls.last().is_none_or(|last| *last <= innings.runs));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// Batters and extras, bowlers and what is nobody's, partnerships: each make the total; no more wickets than there are.
    #[test]
    fn every_total_is_the_sum_of_its_parts(balls in proptest::collection::vec(bowled(), 1..160)) {
        let (feed, apart) = play(&balls);
        adds_up(feed.now(), apart)?;
    }

    /// The engine's own strike is never contradicted by a feed that follows it.
    #[test]
    fn a_feed_that_follows_the_strike_is_never_contradicted(balls in proptest::collection::vec(bowled(), 1..160)) {
        let (feed, _) = play(&balls);
        let strike: Vec<String> = feed.anomalies().into_iter().filter(|text| text.contains("on strike")).collect();
        prop_assert!(strike.is_empty(), "{:?}", strike);
    }
}
