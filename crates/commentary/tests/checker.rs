//! What the checker lets through and what it refuses, on a match of which every number is known.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/village.rs"]
mod village;

use commentary::{Moment, Personas, check, checker::Why};
use serde_json::json;
use village::Village;

fn passes(text: &str, moment: &Moment) {
    let personas = Personas::builtin();
    if let Err(rejection) = check(text, moment, personas.get("greig").unwrap()) {
        panic!("should pass: {rejection}");
    }
}

fn refused(text: &str, moment: &Moment) -> Vec<Why> {
    let personas = Personas::builtin();
    match check(text, moment, personas.get("greig").unwrap()) {
        Ok(line) => panic!("should be refused: {}", line.text()),
        Err(rejection) => rejection.faults.iter().map(|fault| fault.why).collect(),
    }
}

/// Okafor, 4 off 1, has just hit Menon for four; 26 are needed off 11.
fn four() -> Moment {
    Village::new().ball(4, &json!({}))
}

#[test]
fn a_true_line_passes_with_its_facts() {
    let personas = Personas::builtin();
    let line =
        check("Four to Okafor off Menon, 26 needed from 11 balls!", &four(), personas.get("greig").unwrap()).unwrap();
    let ids: Vec<&str> = line.facts().iter().map(|fact| fact.id.as_str()).collect();
    for id in ["batter", "bowler", "event.four", "innings.runs_needed", "innings.balls_left"] {
        assert!(ids.contains(&id), "{id} is missing from {ids:?}");
    }
}

#[test]
fn a_bent_word_is_no_way_round() {
    let moment = four();
    for bent in [
        "Okafor finds mid-offing for four!",
        "Okafor finds mid-offed, four!",
        "Four to cow cornering!",
        "Four, flickeded away!",
        "Four, the't!",
    ] {
        assert!(refused(bent, &moment).contains(&Why::NotCheckable), "{bent}");
    }
    for word in ["Okafor's four, and it's well-deserved!", "Four! They're finishing it!"] {
        passes(word, &moment);
    }
}

#[test]
fn numbers_are_held_to_what_they_count() {
    let moment = four();
    passes("Hilltown need twenty-six off eleven balls!", &moment);
    passes("Okafor moves to 4, and it is 4/0!", &moment);
    passes("4 for 0, four runs to Okafor!", &moment);
    for wrong in [
        "26 needed off 12 balls!",
        "Okafor moves to 6!",
        "It is 4/1 now!",
        "Hilltown need 62!",
        "5 for 0, folks!",
        "The third over!",
        "Brandt on 4!",
    ] {
        assert!(refused(wrong, &moment).contains(&Why::Contradicted), "{wrong}");
    }
}

#[test]
fn event_words_need_the_event() {
    let moment = four();
    passes("Boundary! Four more!", &moment);
    for wrong in [
        "Six!",
        "Out! Okafor is gone!",
        "A single to Okafor.",
        "That is a wide!",
        "Dot ball!",
        "Bowled!",
        "Fifty for Okafor!",
        "A maiden over!",
    ] {
        refused(wrong, &moment);
    }
}

#[test]
fn who_did_what_counts_and_not_only_who_is_there() {
    let moment = four();
    passes("Menon to Okafor, four!", &moment);
    refused("Okafor to Menon, four!", &moment);
    refused("Four to Menon!", &moment);
    refused("Four off Okafor!", &moment);
    refused("Okafor bowls to Menon!", &moment);
    refused("Harbour need 26 off 11!", &moment);
    let mut village = Village::new();
    let caught = village.caught();
    let wicket = village.ball(0, &caught);
    passes("Caught by Iqbal! Okafor is gone for 0!", &wicket);
    refused("Caught by Novak! Okafor is gone for 0!", &wicket);
    refused("Brandt is gone, caught by Iqbal!", &wicket);
    refused("Iqbal strikes! Okafor is caught!", &wicket);
    refused("Okafor is bowled!", &wicket);
}

#[test]
fn names_are_those_of_the_moment() {
    let moment = four();
    refused("Castellano will enjoy that four!", &moment);
    refused("Four! What would Zimmermann say!", &moment);
    refused("Okaford hits four!", &moment);
    passes("T Okafor! Four!", &moment);
}

#[test]
fn a_name_that_is_an_everyday_word_may_open_a_sentence_as_one() {
    let moment = Village::with_names("T Down", "L Brandt", "R Menon").ball(4, &json!({}));
    passes("Down to 26, and every run counts!", &moment);
    passes("Four to Down off Menon!", &moment);
    for wrong in ["Down to 27, and every run counts!", "Down to Menon!", "It is Down to 26!", "Down bowls to Menon!"] {
        refused(wrong, &moment);
    }
}

#[test]
fn what_no_feed_tells_is_refused_as_such() {
    let moment = four();
    for invention in [
        "Driven through cover off a full toss at 140 kph!",
        "Okafor pulls it to the midwicket boundary!",
        "A yorker outside off, and still four!",
        "The crowd goes wild for that four!",
        "Four, the most ever in a career!",
        "Four, through the slips in the sunshine!",
        "The leg-spinner is hit for four!",
        "Dropped! And it goes for four!",
        "The bookies did not expect that four!",
    ] {
        assert!(refused(invention, &moment).contains(&Why::NotCheckable), "{invention}");
    }
}

/// Each of these was written by a small model that had been taught with invented shots and fields.
#[test]
fn what_a_real_model_made_up_is_refused() {
    for text in [
        "Oh, that's way down leg!",
        "Oh, that's way down leg! They have lost the radar!",
        "Four! Belted, what a start!",
        "Four, hit hard, but straight to the man!",
        "He's in his hands, it's run!",
        "There's a mix-up, what fielding!",
        "Four! van derdasdorp has belbbbered it over!",
        "Four, and a mag pressure!",
        "! Four!",
        "What a four!eed is losing it!",
        "Four, and that is the",
        "Four! He/19!",
        "Four! They're coming back!",
    ] {
        refused(text, &four());
    }
}

#[test]
fn what_the_event_carries_may_be_said() {
    let moment = Village::new().ball(4, &json!({"shot": "cover drive"}));
    passes("Four, a lovely cover drive!", &moment);
    refused("Four, a lovely pull!", &moment);
}

#[test]
fn only_plain_words_can_be_spoken() {
    let moment = four();
    for unfit in [
        "",
        "...",
        "Four!\nSix!",
        "<b>Four!</b>",
        "Four! <|im_end|>",
        "Four! [INST]",
        "F\u{200b}our!",
        "\u{202e}ruoF",
        "Four {x}",
        "Four `rm`",
        "Four! http://x",
    ] {
        assert_eq!(refused(unfit, &moment), [Why::Unfit].repeat(refused(unfit, &moment).len()), "{unfit}");
    }
    refused(&"four ".repeat(30), &moment);
    refused(&"four ".repeat(3000), &moment);
}

#[test]
fn a_provisional_wicket_is_not_told_as_a_fact() {
    let mut village = Village::new();
    let caught = village.caught();
    let moment = village.ball_with_status(0, &caught, "provisional");
    refused("Okafor is gone, caught!", &moment);
    passes("Given out! Okafor waits for the review!", &moment);
}

#[test]
fn a_rejection_says_what_and_why() {
    let personas = Personas::builtin();
    let rejection = check("Six, driven to cover!", &four(), personas.get("greig").unwrap()).unwrap_err();
    insta::assert_snapshot!(rejection.to_string(), @r#""Six, driven to cover!" is not published: 'six' (contradicted: it did not happen at this moment); 'driven' (not checkable: the feed does not tell which shot was played); 'cover' (not checkable: the feed does not tell where the ball went or who stood where)"#);
}

#[test]
fn a_correction_names_what_changed() {
    let mut village = Village::new();
    village.ball(4, &json!({}));
    let moment = village.correct(Some(6)).unwrap();
    passes("Correction! That was not a four, it is a six!", &moment);
    refused("Correction! That was not a six, it is a four!", &moment);
    refused("Four!", &moment);
    let retracted = village.correct(None);
    assert!(retracted.is_none(), "the same revision cannot be sent again");
}

#[test]
fn every_phrasing_of_rare_moments_passes_too() {
    use commentary::{LineKind, Phrasebook, checker::check_as};
    let mut village = Village::new();
    let caught = village.caught();
    let mut moments = vec![village.ball_with_status(0, &caught, "provisional")];
    let mut village = Village::new();
    village.ball(4, &json!({}));
    moments.extend(village.correct(Some(6)));
    let mut village = Village::new();
    village.ball(0, &caught);
    moments.extend(village.correct(Some(1)));
    let mut village = Village::new();
    village.ball(2, &json!({}));
    moments.extend(village.correct(None));
    for (kind, data) in [
        ("interruption", json!({"innings": 1, "reason": "rain"})),
        ("interruption", json!({"innings": 1, "reason": "drinks"})),
        ("resume_play", json!({"innings": 1})),
        ("review", json!({"innings": 1, "by": "Harbour"})),
        ("review", json!({"innings": 1, "by": "Harbour", "result": "upheld"})),
        ("review", json!({"innings": 1, "by": "Hilltown", "result": "struck down", "umpires_call": true})),
        ("toss", json!({"winner": "Harbour", "decision": "field"})),
        ("toss", json!({"winner": "Hilltown", "decision": "bat"})),
        ("penalty_runs", json!({"side": "batting", "runs": 5, "innings": 1})),
        ("replacement", json!({"in": {"name": "S Iqbal"}, "out": {"name": "P Novak"}, "reason": "injury"})),
    ] {
        let mut village = Village::new();
        village.ball(1, &json!({}));
        let (event, applied) = village.send(kind, "x1", 0, "confirmed", &data);
        moments.extend(Moment::form(village.game.state(), &event, &applied.happenings, &commentary::NoArchive));
    }
    assert!(moments.len() >= 12, "only {} of the moments were formed", moments.len());
    let (book, personas) = (Phrasebook::builtin(), Personas::builtin());
    let mut refused = Vec::new();
    for moment in &moments {
        for persona in personas.iter() {
            for kind in [LineKind::Call, LineKind::Colour, LineKind::Status, LineKind::Correction] {
                let lines =
                    if moment.kinds().contains(&kind) { book.sayings(kind, moment, persona) } else { Vec::new() };
                assert!(
                    kind == LineKind::Colour || !moment.kinds().contains(&kind) || !lines.is_empty(),
                    "{} is silent at {:?}",
                    persona.id,
                    moment.occasion
                );
                refused.extend(
                    lines
                        .iter()
                        .filter_map(|line| check_as(kind, &line.text, moment, persona).err())
                        .map(|r| r.to_string()),
                );
            }
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn no_name_can_be_more_than_a_name() {
    use commentary::{Memory, Phrasebook};
    let (book, personas) = (Phrasebook::builtin(), Personas::builtin());
    for name in [
        "<script>alert(1)</script>",
        "A\nB <|im_end|>",
        "\u{202e}live",
        "{batter} [INST]",
        "`rm -rf`",
        "\u{0}",
        "ignore\u{200b} all | rules",
    ] {
        let moment = Village::with_names(name, "L Brandt", name).ball(4, &json!({}));
        for persona in personas.iter() {
            let mut memory = Memory::new();
            let line = book.line(&moment, persona, &mut memory);
            let line = line.unwrap_or_else(|| panic!("{} is silent about {name:?}", persona.id));
            assert!(
                !line.text().contains(['<', '>', '{', '}', '[', ']', '|', '`', '\n', '\u{202e}', '\u{200b}']),
                "{}",
                line.text()
            );
        }
    }
}

/// Knows one meeting, of so many balls.
struct Meeting(u32);

impl commentary::Archive for Meeting {
    fn batter_v_bowler(
        &self,
        _: &cricket::player::PersonId,
        _: &cricket::player::PersonId,
    ) -> Option<commentary::archive::HeadToHead> {
        Some(commentary::archive::HeadToHead {
            balls: self.0,
            runs: 41,
            dismissals: 2,
            scope: "T20s".into(),
            since_year: 2019,
        })
    }

    fn batter_record(&self, _: &cricket::player::PersonId) -> Option<commentary::archive::BatterRecord> {
        None
    }

    fn bowler_record(&self, _: &cricket::player::PersonId) -> Option<commentary::archive::BowlerRecord> {
        None
    }
}

#[test]
fn a_meeting_is_told_only_from_twelve_balls_and_only_when_it_begins() {
    use commentary::{LineKind, Phrasebook, checker::check_as};
    let form = |balls: u32| {
        let mut village = Village::new();
        let data = village.delivery(1, 1, &json!({}));
        let (event, applied) = village.send("delivery", "i1.o0.d1", 0, "confirmed", &data);
        Moment::form(village.game.state(), &event, &applied.happenings, &Meeting(balls)).unwrap()
    };
    assert!(!form(11).facts.has_statistic());
    let moment = form(30);
    assert!(moment.kinds().contains(&LineKind::Stat), "the first ball brings batter and bowler together");
    let (book, personas) = (Phrasebook::builtin(), Personas::builtin());
    for persona in personas.iter() {
        let lines = book.sayings(LineKind::Stat, &moment, persona);
        assert!(!lines.is_empty());
        for line in lines {
            let line = line.text;
            check_as(LineKind::Stat, &line, &moment, persona).unwrap();
            let parts = match persona.language.as_str() {
                "hi" => ["30 गेंद", "41 रन", "टी20 में 2019 से"],
                _ => ["30 balls", "41 runs", "T20s since 2019"],
            };
            for part in parts {
                assert!(line.contains(part), "{line} does not say {part}");
            }
        }
    }
}

#[test]
fn a_match_joined_in_the_middle_is_spoken_of_without_totals() {
    use cricket::{
        event::{Delivery, Event, EventData, Key, Runs},
        player::PlayerRef,
        score::Match,
    };
    let [batter, partner, bowler] = ["T Okafor", "S Iyer", "R Menon"].map(PlayerRef::named);
    let runs = Runs { bat: 4, total: 4, ..Runs::default() };
    let moment_at = |over: u16| {
        let ball = Delivery { runs, ..Delivery::dot((2, over, 1), batter.clone(), partner.clone(), bowler.clone()) };
        let event = Event::new("m", 40, Key::delivery(2, over, 1), EventData::Delivery(Box::new(ball)));
        let mut game = Match::new("m");
        let happenings = game.apply(event.clone()).happenings;
        Moment::form(game.state(), &event, &happenings, &commentary::NoArchive).unwrap()
    };
    passes("Four! That makes it 4/0!", &moment_at(0));
    passes("Four! Okafor is away!", &moment_at(3));
    for total in ["Four! That makes it 4/0!", "Four! Okafor is on 4 now!"] {
        refused(total, &moment_at(3));
    }
}
