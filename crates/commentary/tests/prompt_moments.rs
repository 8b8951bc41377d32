//! The prompts of thirty moments, byte for byte: formats, chases, and what happens beside the balls. A snapshot that
//! changes means a new version of the layout ([`commentary::Layout::version`]), and models that have to learn anew.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/village.rs"]
mod village;

use std::fmt::Write as _;

use commentary::{ChatTemplate, Layout, Moment, NoArchive, Persona, Personas, prompt::render_among};
use cricket::{
    score::Match,
    simulate::{Finish, Format, SimulationSettings, simulate_events},
};
use serde_json::json;
use village::Village;

const LAYOUT: Layout = Layout::Chat(ChatTemplate::ChatMl);

/// So many moments of an invented match, from its first to its last, evenly.
fn spread(settings: &SimulationSettings, count: usize) -> Vec<Moment> {
    let events = simulate_events(settings).unwrap();
    let mut game = Match::new(events[0].match_id.clone());
    let mut moments = Vec::new();
    for event in events {
        let applied = game.apply(event.clone());
        moments.extend(Moment::form(game.state(), &event, &applied.happenings, &NoArchive));
    }
    let last = moments.len() - 1;
    (0..count).map(|number| moments[number * last / (count - 1)].clone()).collect()
}

/// What a prompt has behind its fixed part, for each of three voices; what they share is printed once.
fn shown(moments: &[Moment]) -> String {
    let personas = Personas::builtin();
    let cast: Vec<&Persona> = ["benaud", "greig", "doshi"].map(|id| personas.get(id).unwrap()).to_vec();
    let mut text = String::new();
    for moment in moments {
        let prompts = cast.iter().map(|persona| render_among(&cast, moment, persona, moment.kind(), LAYOUT, None));
        let tails: Vec<String> = prompts.map(|prompt| prompt.text[prompt.fixed_len..].to_owned()).collect();
        let (facts, _) = tails[0].split_once('\n').unwrap();
        writeln!(text, "{}:{facts}", moment.key).unwrap();
        for tail in &tails {
            let (shared, asked) = tail.split_once('\n').unwrap();
            assert_eq!(shared, facts, "the voices share the moment");
            writeln!(text, "    {}", asked.strip_suffix("<|im_end|>\n<|im_start|>assistant\n").unwrap()).unwrap();
        }
    }
    text
}

#[test]
fn a_twenty_over_match_to_its_last_over() {
    let settings = SimulationSettings { finish: Finish::LastOver, ..SimulationSettings::new(11) };
    insta::assert_snapshot!(shown(&spread(&settings, 10)), @r#"
    match: T20 | the match begins
        benaud, 3-16 words:
        greig, 5-28 words:
        doshi, 5-28 words:
    i1.o4.d3: T20 Amberfort Lancers batting | powerplay | 4.3: RL Pennyfeather to AK Nandakishor | no run | 18/3
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    i1.o8.d6: T20 Amberfort Lancers batting | middle overs | 8.6: C Okwuosa to TJ Blackwater | 1 run | 41/4 in 9 ov | batter 7(9) | bowler 0/15
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    i1.o13.d4: T20 Amberfort Lancers batting | middle overs | 13.4: B Lindqvist to LF Perpetuo | 1 run | 79/6 | batter 1(2)
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    i1.o18.d1: T20 Amberfort Lancers batting | death overs | 18.1: N Mbekwana to KO Abimbola | 1 run | 114/8 | batter 12(8)
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    i2.o2.d2: T20 Saltmarsh Herons batting | powerplay | 2.2: LF Perpetuo to K Ravenscar | no run | 24/2 | need 119 off 106 | intense
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    i2.o6.d4: T20 Saltmarsh Herons batting | middle overs | 6.4: W Kowhaitara to K Ravenscar | no run | 53/3 | need 90 off 80 | tense
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    i2.o11.d2: T20 Saltmarsh Herons batting | middle overs | 11.2: W Kowhaitara to K Ravenscar | no run | 78/3 | need 65 off 52 | intense
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    i2.o15.d4: T20 Saltmarsh Herons batting | death overs | 15.4: KO Abimbola to K Ravenscar | four | 112/3 | need 31 off 26 | batter 32(46) | intense
        benaud, 1-4 words:
        greig, 4-16 words:
        doshi, 4-16 words:
    i2.o19.d7: T20 Saltmarsh Herons batting | death overs | 19.6: KO Abimbola to B Lindqvist | 1 run, target reached | 143/9 in 20 ov | batter 1(1) | bowler 2/14
        benaud, 1-6 words:
        greig, 5-22 words:
        doshi, 5-22 words:
    "#);
}

#[test]
fn a_fifty_over_match() {
    let settings = SimulationSettings { format: Format::Odi, ..SimulationSettings::new(5) };
    insta::assert_snapshot!(shown(&spread(&settings, 8)), @r#"
    match: ODM | the match begins
        benaud, 3-16 words:
        greig, 5-28 words:
        doshi, 5-28 words:
    i1.o14.d1: ODM Saltmarsh Herons batting | middle overs | 14.1: Z Daruwalla-Shaw to YQ Karimzada | no run | 75/4 | building
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    i1.o28.d5: ODM Saltmarsh Herons batting | middle overs | 28.5: W Kowhaitara to J van Rensdorp | 2 runs | 149/5 | batter 32(32) | building
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    i1.o43.d2: ODM Saltmarsh Herons batting | death overs | 43.2: TJ Blackwater to C Okwuosa | no run | 229/8 | intense
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    i2.o7.d2: ODM Amberfort Lancers batting | powerplay | 7.2: RL Pennyfeather to E Mokgatle | no run | 46/2 | need 233 off 256 | critical
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    i2.o21.d4: ODM Amberfort Lancers batting | middle overs | 21.4: RL Pennyfeather to TJ Blackwater | no run | 111/5 | need 168 off 170 | tense
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    i2.o35.d6: ODM Amberfort Lancers batting | middle overs | 35.6: C Okwuosa to LF Perpetuo | wide 1 | 191/6 | need 88 off 85 | critical
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    i2.o49.d6: ODM Amberfort Lancers batting | death overs | 49.6: RL Pennyfeather to KO Abimbola | four | 259/8 in 50 ov | need 20 off 0 | batter 8(2) | bowler 3/41
        benaud, 1-4 words:
        greig, 4-16 words:
        doshi, 4-16 words:
    "#);
}

#[test]
fn a_wicket_a_review_a_correction_and_rain() {
    let mut village = Village::new();
    let caught = village.caught();
    let moments = [
        village.ball(0, &caught),
        village.ball_with_status(
            0,
            &json!({"wickets": [{"kind": "lbw", "player_out": {"id": "T Okafor", "name": "T Okafor"}}]}),
            "provisional",
        ),
        village.correct(Some(6)).unwrap(),
        village.ball(1, &json!({"runs": {"bat": 0, "extras": 1, "total": 1}, "extras": {"wides": 1}})),
    ];
    insta::assert_snapshot!(shown(&moments), @r#"
    i1.o0.d1: T20 Hilltown batting | powerplay | 0.1: R Menon to T Okafor | OUT Okafor caught Iqbal | 0/1 | need 30 off 11 | batter 0(1) | bowler 1/0
        benaud, 1-6 words:
        greig, 5-22 words:
        doshi, 5-22 words:
    i1.o0.d2: T20 Hilltown batting | powerplay | 0.2: R Menon to T Okafor | OUT Okafor lbw, hat-trick ball next | under review, may change | 0/2 | need 30 off 10 | batter 0(2) | bowler 2/0
        benaud, 1-6 words:
        greig, 5-22 words:
        doshi, 5-22 words:
    i1.o0.d2: T20 Hilltown batting | powerplay | R Menon to T Okafor | correction: was OUT Okafor lbw, is six | 6/1 in 0.2 ov | need 24 off 10 | batter 6(2) | bowler 1/6 | tense
        benaud, 3-16 words:
        greig, 5-28 words:
        doshi, 5-28 words:
    i1.o0.d3: T20 Hilltown batting | powerplay | 0.3: R Menon to T Okafor | wide 1 | 7/1 | need 23 off 10 | intense
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    "#);
}

#[test]
fn a_test_match() {
    let mut village = Village::of(&json!({"match_type": "Test", "overs": null, "days": 5}), &json!({}));
    let caught = village.caught();
    let moments = [
        village.ball(0, &json!({})),
        village.ball(4, &json!({})),
        village.ball(3, &json!({})),
        village.ball(0, &caught),
    ];
    insta::assert_snapshot!(shown(&moments), @r#"
    i1.o0.d1: Test Hilltown batting | new ball | 0.1: R Menon to T Okafor | no run | 0/0
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    i1.o0.d2: Test Hilltown batting | new ball | 0.2: R Menon to T Okafor | four | 4/0 | batter 4(2)
        benaud, 1-4 words:
        greig, 4-16 words:
        doshi, 4-16 words:
    i1.o0.d3: Test Hilltown batting | new ball | 0.3: R Menon to T Okafor | 3 runs | 7/0 | batter 7(3)
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    i1.o0.d4: Test Hilltown batting | new ball | 0.4: R Menon to T Okafor | OUT Okafor caught Iqbal | 7/1 | batter 7(4) | bowler 1/7
        benaud, 1-6 words:
        greig, 5-22 words:
        doshi, 5-22 words:
    "#);
}

#[test]
fn a_match_of_a_hundred_balls() {
    let format = json!({"match_type": "The Hundred", "overs": 20, "balls_per_over": 5});
    let mut village = Village::of(&format, &json!({"target": {"runs": 140, "overs": "20"}}));
    let caught = village.caught();
    let moments = [
        village.ball(1, &json!({})),
        village.ball(6, &json!({})),
        village.ball(0, &caught),
        village.ball(2, &json!({})),
    ];
    insta::assert_snapshot!(shown(&moments), @r#"
    i1.o0.d1: The Hundred Hilltown batting | powerplay | ball 1: R Menon to T Okafor | 1 run | 1/0 | need 139 off 99 | batter 1(1)
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    i1.o0.d2: The Hundred Hilltown batting | powerplay | ball 2: R Menon to T Okafor | six | 7/0 | need 133 off 98 | batter 7(2)
        benaud, 1-4 words:
        greig, 4-16 words:
        doshi, 4-16 words:
    i1.o0.d3: The Hundred Hilltown batting | powerplay | ball 3: R Menon to T Okafor | OUT Okafor caught Iqbal | 7/1 | need 133 off 97 | batter 7(3) | bowler 1/7
        benaud, 1-6 words:
        greig, 5-22 words:
        doshi, 5-22 words:
    i1.o0.d4: The Hundred Hilltown batting | powerplay | ball 4: R Menon to T Okafor | 2 runs | 9/1 | need 131 off 96 | batter 9(4)
        benaud, 1-4 words:
        greig, 1-10 words:
        doshi, 1-10 words:
    "#);
}
