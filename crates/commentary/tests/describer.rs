//! The describer over whole real matches: he is the eyes of people who cannot see, so no ball may go by in silence, and
//! no line may be too short to say who did what, or so long that it runs into the next ball.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and prints its figures")]

mod support;
#[path = "support/village.rs"]
mod village;

use std::collections::HashMap;

use commentary::{
    LineKind, Memory, Moment, NoArchive, Persona, Personas, Phrasebook, decide,
    facts::{Person, Role},
};
use cricket::{
    cricsheet,
    event::{Event, EventData},
    score::Match,
};
use village::Village;

/// A line, when it was said (in deliveries of the match), and what it is.
struct Said {
    at: u32,
    kind: LineKind,
    text: String,
    /// Words, a name being one.
    words: usize,
}

/// Everything that the describer says of a match; fails where a ball is met with silence.
fn described(moments: &[Moment]) -> Vec<Said> {
    let (book, personas) = (Phrasebook::builtin(), Personas::builtin());
    let persona = personas.get("describer").unwrap();
    let mut memory = Memory::new();
    let mut said = Vec::new();
    for moment in moments {
        let kinds = decide(moment, persona, &memory).kinds;
        let is_ball = matches!(moment.occasion, commentary::Occasion::Ball(_));
        assert!(!is_ball || kinds.contains(&LineKind::Call), "{} {}: no call", moment.match_id, moment.key);
        for kind in kinds {
            let line = book.line_of(kind, moment, persona, &mut memory);
            assert!(line.is_some(), "{} {}: no words for the {}", moment.match_id, moment.key, kind.name());
            let text = line.unwrap().text().to_owned();
            assert!(
                names_the_new_batter(&text, moment),
                "{} {}: not the new batter: {text}",
                moment.match_id,
                moment.key
            );
            said.push(Said { at: moment.scene.ordinal, kind, words: words(&text, moment), text });
        }
    }
    said
}

/// Whoever a line calls the new batter has just come in, and faces the ball.
fn names_the_new_batter(text: &str, moment: &Moment) -> bool {
    let lower = text.to_lowercase();
    let claims = lower.contains("new batter") || lower.contains("new to the crease");
    let is_new = |person: &Person| [Role::NewBatter, Role::Batter].iter().all(|role| person.roles.contains(role));
    let mut people = moment.facts.people().iter();
    !claims || people.any(|person| is_new(person) && lower.contains(&person.said.to_lowercase()))
}

/// The words of a line as the checker counts them: a name is one, however long it is.
fn words(text: &str, moment: &Moment) -> usize {
    let mut names: Vec<String> = moment.facts.people().iter().map(|person| person.said.clone()).collect();
    names.extend(moment.scene.teams.iter().map(|team| commentary::name::clean(team)));
    names.extend(moment.scene.venue.as_deref().map(commentary::name::clean));
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let mut text = text.to_lowercase();
    for name in names.iter().filter(|name| !name.is_empty()) {
        text = text.replace(&name.to_lowercase(), "N");
    }
    text.split_whitespace().count()
}

/// The share of lines whose first two words were heard within twelve balls.
fn reopened(said: &[Said]) -> f64 {
    let mut openers: HashMap<String, u32> = HashMap::new();
    let again = said.iter().filter(|line| {
        let opener: Vec<String> = line.text.split_whitespace().take(2).map(plain).collect();
        openers.insert(opener.join(" "), line.at).is_some_and(|before| line.at - before < 12)
    });
    again.count() as f64 / said.len().max(1) as f64
}

fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric() || matches!(c, '\'' | '/')).collect::<String>().to_lowercase()
}

#[test]
fn every_ball_of_real_matches_is_described_in_8_to_25_words() {
    let kinds = [("T20_male", 150, 10), ("T20_female", 100, 10), ("ODI_male", 400, 3), ("Test_male", 300, 1)];
    let matches = support::from_archive(&kinds, 2);
    if matches.is_empty() {
        return;
    }
    assert_eq!(matches.len(), 26, "some kinds of match are missing from the archive");
    let (mut lines, mut again) = (0, 0.0);
    for (id, bytes) in &matches {
        let moments = support::moments_of(id, bytes);
        let said = described(&moments);
        for line in &said {
            assert!((8..=25).contains(&line.words), "{id}: {} words, {}: {}", line.words, line.kind.name(), line.text);
        }
        let balls = moments.last().unwrap().scene.ordinal;
        if balls < 300 {
            let mut times: HashMap<&str, u32> = HashMap::new();
            for line in &said {
                let heard = times.entry(&line.text).or_default();
                *heard += 1;
                assert!(*heard <= 2, "{id}: \"{}\" is said a third time", line.text);
            }
        }
        let share = reopened(&said);
        eprintln!("{id}: {balls} balls, {} lines, {:.1} % openers heard within 12 balls", said.len(), 100.0 * share);
        lines += said.len();
        again += share * said.len() as f64;
    }
    let share = again / lines as f64;
    eprintln!("{lines} lines, {:.2} % openers heard within 12 balls", 100.0 * share);
    assert!(share < 0.01, "the describer opens alike too often");
}

#[test]
fn a_feed_joined_in_the_middle_is_described_without_totals() {
    let Some(file) = support::samples().into_iter().find(|file| file.file_stem().unwrap() == "1359534") else { return };
    let read = cricsheet::read(&std::fs::read(file).unwrap()).unwrap();
    let mut game = Match::new("late");
    let mut moments = Vec::new();
    let is_missed =
        |event: &Event| matches!(event.data, EventData::Delivery(_)) && event.key.as_str().starts_with("i1.o0.");
    for event in cricsheet::to_events("late", &read).into_iter().filter(|event| !is_missed(event)) {
        let applied = game.apply(event.clone());
        moments.extend(Moment::form(game.state(), &event, &applied.happenings, &NoArchive));
    }
    moments.retain(|moment| moment.scene.has_gaps);
    assert!(moments.len() > 100, "the missing balls were not noticed");
    let said = described(&moments);
    assert!(said.iter().all(|line| (8..=25).contains(&line.words)));
    let share = reopened(&said);
    eprintln!("joined late: {} lines, {:.1} % openers heard within 12 balls", said.len(), 100.0 * share);
}

#[test]
fn who_speaks_at_every_ball_does_so_even_with_an_opener_just_heard() {
    let file = |threshold: &str| {
        format!(
            "id = \"mine\"\nname = \"Mine\"\nstyle = \"Plain.\"\n[length]\nwicket = [1, 9]\nboundary = [1, 9]\n\
             other = [0, 9]\n[talk]\nthreshold = {threshold}\nquiet_balls = 1\n"
        )
    };
    let mut book = Phrasebook::builtin();
    let phrasings = "id = \"mine\"\n[[call]]\non = \"dot\"\nsay = [\"No run, {batter}.\", \"No run, {bowler}.\"]\n";
    book.add_toml(phrasings, "mine.toml").unwrap();
    for (threshold, heard) in [("0.0", [true, true, false]), ("0.01", [true, false, false])] {
        let persona = Persona::from_toml(&file(threshold), "mine.toml").unwrap();
        let (mut village, mut memory) = (Village::new(), Memory::new());
        let lines = [(); 3].map(|()| {
            let moment = Moment { importance: 0.1, ..village.ball(0, &serde_json::json!({})) };
            book.line(&moment, &persona, &mut memory).is_some()
        });
        assert_eq!(lines, heard, "threshold {threshold}: an opener may be repeated, a whole line may not");
    }
}
