//! Swapped matches are matches like any.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking")]

mod data_common;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use commentary::{Personas, render};
use cricket::{
    cricsheet,
    event::{EventData, Registry},
    score::{AnomalyKind, Match, MatchResult},
};
use data_common::{invented, samples};
use trainer_remote::data::{
    recipe::Recipe,
    replay::{Played, each_ball},
    swap,
};

fn files() -> Vec<PathBuf> {
    let folder = tempfile::tempdir().unwrap().keep();
    let mut folders = vec![invented(&folder, 3)];
    folders.extend(samples());
    let mut files: Vec<PathBuf> =
        folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path())).collect();
    files.sort();
    files
}

fn read(path: &PathBuf) -> Played {
    Played::read(&path.to_string_lossy(), &fs::read(path).unwrap()).unwrap()
}

fn swapped(played: &Played, seed: u64) -> Played {
    let mut other = played.clone();
    swap::apply(&mut other, swap::number(&Recipe::new("m"), seed, &played.match_id));
    other
}

/// How a match went.
#[derive(Debug, PartialEq)]
struct Course {
    /// Where what kind of thing does not fit.
    anomalies: BTreeMap<String, usize>,
    /// The score at every over's end.
    ends: Vec<(String, u32, u8)>,
    /// What kind of result there was.
    result: Option<std::mem::Discriminant<MatchResult>>,
}

fn course(played: &Played) -> Course {
    let mut score = Match::new(played.match_id.clone());
    let mut ends = Vec::new();
    for event in cricsheet::to_events(played.match_id.clone(), &played.game) {
        score.apply(event.clone());
        if let (EventData::OverEnd(_), Some(innings)) = (&event.data, score.state().current()) {
            ends.push((event.key.to_string(), innings.runs, innings.wickets));
        }
    }
    let mut anomalies = BTreeMap::new();
    for anomaly in &score.state().anomalies {
        let kind = match &anomaly.kind {
            AnomalyKind::UnexpectedStriker { .. } => "striker",
            AnomalyKind::NotAtTheCrease { .. } => "not at the crease",
            AnomalyKind::ScoreMismatch { .. } => "score",
            AnomalyKind::RunsDoNotAddUp => "runs",
            AnomalyKind::OverLength { .. } => "over length",
            AnomalyKind::ImpossibleDismissal { .. } => "dismissal",
            AnomalyKind::OutOfPlay => "out of play",
            AnomalyKind::Gap => "gap",
            AnomalyKind::ResultMismatch { .. } => "result",
            AnomalyKind::NoBallByes => "no-ball byes",
            AnomalyKind::BowlerNotAllowed { .. } => "bowler",
            AnomalyKind::WrongSideBats { .. } => "batting side",
        };
        *anomalies.entry(format!("{} {kind}", anomaly.key)).or_default() += 1;
    }
    Course { anomalies, ends, result: score.state().computed_result.as_ref().map(std::mem::discriminant) }
}

#[test]
fn a_swapped_match_has_no_new_anomaly_and_the_same_totals_at_every_overs_end() {
    let (mut moved, mut balls) = (0, 0);
    for path in files() {
        let played = read(&path);
        for seed in 0..4 {
            let other = swapped(&played, seed);
            assert_eq!(course(&other), course(&played), "{} seed {seed}", path.display());
            let pairs = played.game.deliveries().zip(other.game.deliveries());
            for (ball, other) in pairs {
                balls += 1;
                moved += usize::from(ball.runs != other.runs);
                assert_eq!((ball.extras, ball.wickets.len()), (other.extras, other.wickets.len()));
                assert_eq!(ball.bowler.id, other.bowler.id);
            }
        }
    }
    // About every second over exchanges two of its six balls.
    let share = f64::from(moved as u32) / f64::from(balls as u32);
    assert!((0.08..0.25).contains(&share), "{share}");
}

#[test]
fn nobody_keeps_a_name_and_no_two_get_one() {
    for path in files() {
        let played = read(&path);
        let other = swapped(&played, 7);
        let names = |played: &Played| -> BTreeMap<String, String> {
            let Registry(people) = &played.game.info.registry;
            let squads = played.game.info.players.values().flatten();
            let known = people.iter().map(|(name, id)| (id.to_string(), name.to_string()));
            known.chain(squads.map(|who| (who.id.to_string(), who.name.to_string()))).collect()
        };
        let (before, after) = (names(&played), names(&other));
        assert!(before.len() >= 20 && before.keys().eq(after.keys()), "{}", path.display());
        let unique: BTreeSet<&String> = after.values().collect();
        assert_eq!(unique.len(), after.len(), "{}", path.display());
        let families: BTreeSet<&str> = after.values().filter_map(|name| Some(name.split_once(' ')?.1)).collect();
        assert_eq!(families.len(), after.len(), "{}", path.display());
        assert!(before.iter().all(|(id, name)| after[id] != *name));
        let teams = &other.game.info.teams;
        assert!(teams[0] != teams[1] && played.game.info.teams.iter().all(|team| !teams.contains(team)));
        // What is read by a model or said on air names nobody as before.
        // A name of one word can be a word of the prompt.
        let players = played.game.info.players.values().flatten().map(|who| who.name.to_string());
        let old: Vec<String> = players.filter(|name| name.contains(' ')).collect();
        let personas = Personas::builtin();
        let persona = personas.get("greig").unwrap();
        let layout = "llama3".parse().unwrap();
        each_ball(other, |moment| {
            let prompt = render(moment, persona, moment.kind(), layout).text;
            let facts = moment.facts.people().iter().map(|who| who.full.as_str()).collect::<Vec<_>>().join("|");
            for name in &old {
                assert!(
                    !prompt.contains(name.as_str()) && !facts.contains(name.as_str()),
                    "{name} in {prompt} {facts}"
                );
            }
        });
    }
}

#[test]
fn a_swap_is_told_by_its_number_alone() {
    let folder = tempfile::tempdir().unwrap();
    let played = read(&fs::read_dir(invented(folder.path(), 1)).unwrap().next().unwrap().unwrap().path());
    let recipe = |swap_names, swap_numbers| Recipe { swap_names, swap_numbers, ..Recipe::new("m") };
    assert_eq!(swap::number(&recipe(false, false), 7, "m"), None);
    let with = |recipe: &Recipe| {
        let mut other = played.clone();
        swap::apply(&mut other, swap::number(recipe, 7, &played.match_id));
        other.game
    };
    let runs = |game: &cricsheet::CricsheetMatch| game.deliveries().map(|ball| ball.runs).collect::<Vec<_>>();
    assert_eq!(with(&recipe(false, false)), played.game);
    let names = with(&recipe(true, false));
    assert_eq!(runs(&names), runs(&played.game));
    assert_ne!(names.info.teams, played.game.info.teams);
    let numbers = with(&recipe(false, true));
    assert_ne!(runs(&numbers), runs(&played.game));
    assert_eq!(numbers.info, played.game.info);
    assert_eq!(with(&recipe(true, true)), with(&recipe(true, true)));
}
