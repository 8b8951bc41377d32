//! How a match ends, in words: the ball that wins it, and by how much it is won.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and prints its figures")]

mod support;
#[path = "support/village.rs"]
mod village;

use commentary::{LineKind, Memory, Moment, NoArchive, Personas, Phrasebook, checker::check_as, decide, facts::Role};
use cricket::{
    event::{Delivery, Event, EventData, Extras, Runs},
    score::{Happening, Match},
    simulate::{Finish, SimulationSettings, simulate_events},
};
use serde_json::json;
use village::Village;

/// The ball that won an invented chase, as it might have gone.
fn winning_ball(runs: Runs, extras: Extras) -> Moment {
    let chase = |seed: u64| {
        simulate_events(&SimulationSettings { finish: Finish::LastOver, ..SimulationSettings::new(seed) }).unwrap()
    };
    (1..200).find_map(|seed| ball_to_win(&chase(seed), runs, extras)).unwrap()
}

/// The last ball of a match with these runs, if they win it.
fn ball_to_win(events: &[Event], runs: Runs, extras: Extras) -> Option<Moment> {
    let last = events.iter().rposition(|event| matches!(event.data, EventData::Delivery(_)))?;
    let mut game = Match::new(events[0].match_id.clone());
    for event in &events[..last] {
        game.apply(event.clone());
    }
    let mut event = events[last].clone();
    if let EventData::Delivery(ball) = &mut event.data {
        **ball = Delivery {
            runs,
            extras,
            ..Delivery::dot(
                (ball.innings, ball.over, ball.pos),
                ball.batter.clone(),
                ball.non_striker.clone(),
                ball.bowler.clone(),
            )
        };
    }
    let applied = game.apply(event.clone());
    let moment = Moment::form(game.state(), &event, &applied.happenings, &NoArchive)?;
    let wins = applied.happenings.iter().any(|happening| matches!(happening, Happening::TargetReached));
    wins.then_some(moment)
}

/// Everything that a persona says of a moment, by kind.
fn said(moment: &Moment, persona: &str) -> Vec<(LineKind, String)> {
    let (book, personas) = (Phrasebook::builtin(), Personas::builtin());
    let (persona, mut memory) = (personas.get(persona).unwrap(), Memory::new());
    let kinds = decide(moment, persona, &memory).kinds;
    let lines = kinds.into_iter().filter_map(|kind| Some((kind, book.line_of(kind, moment, persona, &mut memory)?)));
    lines.map(|(kind, line)| (kind, line.text().to_owned())).collect()
}

fn call(moment: &Moment, persona: &str) -> String {
    let mut said = said(moment, persona).into_iter();
    said.find(|(kind, _)| *kind == LineKind::Call).map(|(_, text)| text).unwrap_or_default()
}

#[test]
fn the_winning_hit_is_told_as_both() {
    let moment = winning_ball(Runs { bat: 6, total: 6, ..Runs::default() }, Extras::default());
    let line = call(&moment, "describer");
    let name = |role: Role| moment.facts.person(role).unwrap().said.clone();
    let won = format!("{} have won", moment.scene.batting_team);
    for part in ["six", &name(Role::Batter), &name(Role::Bowler), &won] {
        assert!(line.to_lowercase().contains(&part.to_lowercase()), "{part} is not in: {line}");
    }
    let winner: &str = &moment.scene.batting_team;
    for (persona, six, won) in [
        ("benaud", "Six", &["That's it", "Match over", "to finish"][..]),
        ("greig", "Six", &[winner]),
        ("doshi", "ix", &[winner]),
        ("doshi-hi", "छक्क", &["मैच"]),
    ] {
        let line = call(&moment, persona);
        assert!(line.contains(six) && won.iter().any(|won| line.contains(won)), "{persona}: {line}");
    }
}

#[test]
fn a_match_won_with_an_extra_is_told_with_which() {
    let one = Runs { extras: 1, total: 1, ..Runs::default() };
    for (extras, said) in [
        (Extras { wides: 1, ..Extras::default() }, "A wide, "),
        (Extras { noballs: 1, ..Extras::default() }, "A no-ball, "),
        (Extras { byes: 1, ..Extras::default() }, "1 bye, "),
        (Extras { legbyes: 1, ..Extras::default() }, "A leg bye. "),
    ] {
        let moment = winning_ball(one, extras);
        let line = call(&moment, "describer");
        let won = format!("{} have won.", moment.scene.batting_team);
        assert!(line.starts_with(said) && line.ends_with(&won), "{said}: {line}");
    }
}

#[test]
fn the_last_wicket_is_told_with_who_took_it_and_nobody_has_to_rebuild() {
    let Some(moment) = support::sample("1359534").into_iter().rfind(|moment| moment.ball().is_some()) else { return };
    let line = call(&moment, "describer");
    for part in ["Asif", "KV Sharma", "caught", "Kohli", "Royal Challengers Bangalore have won"] {
        assert!(line.to_lowercase().contains(&part.to_lowercase()), "{part} is not in: {line}");
    }
    assert!(!line.contains("59 for 10"), "{line}");
    for persona in ["greig", "doshi", "doshi-hi"] {
        for (kind, text) in said(&moment, persona) {
            assert!(kind != LineKind::Colour || !text.contains("Asif"), "{persona}, after the end: {text}");
        }
    }
}

#[test]
fn an_innings_victory_is_told_as_one() {
    let mut village = Village::new();
    village.ball(1, &json!({}));
    let outcome = json!({"outcome": {"winner": "Harbour", "by": {"innings": 1, "runs": 4}}});
    let (event, applied) = village.send("match_end", "result", 0, "confirmed", &outcome);
    let moment = Moment::form(village.game.state(), &event, &applied.happenings, &NoArchive).unwrap();
    let (book, personas) = (Phrasebook::builtin(), Personas::builtin());
    for persona in personas.iter() {
        let sayings = book.sayings(LineKind::Innings, &moment, persona);
        let with_margin: Vec<&str> = sayings
            .iter()
            .filter(|saying| saying.template.contains("{margin}"))
            .map(|saying| saying.text.as_str())
            .collect();
        assert!(!with_margin.is_empty(), "{}", persona.id);
        for line in with_margin {
            assert!(line.contains("an innings and 4 runs") || line.contains("पारी और 4 रन"), "{line}");
            check_as(LineKind::Innings, line, &moment, persona).unwrap();
        }
    }
    for (persona, line) in [
        ("benaud", "Harbour win by 4 runs."),
        ("doshi-hi", "4 रन से Harbour की जीत।"),
        ("doshi-hi", "Harbour की 4 रन से जीत।"),
    ] {
        let short = check_as(LineKind::Innings, line, &moment, personas.get(persona).unwrap());
        assert!(
            short.is_err_and(|rejection| rejection.is_contradicted()),
            "by so many runs alone it was not won: {line}"
        );
    }
}
