//! Questions of commentary, answered from a store of invented matches.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use commentary::{
    Archive as _,
    archive::{Question, Told},
};
use cricket::{
    cricsheet,
    event::MatchInfo,
    phase::Phase,
    player::PersonId,
    simulate::{SimulationSettings, simulate},
};

use super::{Past, PastOf};

/// Twelve matches of one competition at one ground, as a store; and the facts of one of them.
fn store() -> (tempfile::TempDir, Past, MatchInfo) {
    let folder = tempfile::tempdir().unwrap();
    let mut info = None;
    for seed in 0..12 {
        let settings = SimulationSettings { date: format!("2019-03-{:02}", seed + 1), ..SimulationSettings::new(7) };
        let played = simulate(&settings).unwrap();
        std::fs::write(folder.path().join(format!("{seed}.json")), cricsheet::write(&played)).unwrap();
        info = Some(played.info);
    }
    let path = folder.path().join("archive.db");
    assert_eq!(stats::Archive::open(&path).unwrap().add(folder.path(), &mut |_| {}).unwrap().bad_files, 0);
    let past = Past::open(&path).unwrap();
    (folder, past, info.unwrap())
}

/// Everything that can be asked of a match.
fn questions(info: &MatchInfo) -> Vec<Question> {
    let people: Vec<PersonId> = info.players.values().flatten().map(|player| player.id.clone()).collect();
    let mut all = vec![Question::ChasesHere, Question::ParHere, Question::DefendedHere];
    all.extend(info.teams.iter().cloned().map(Question::ChasesBy));
    for one in &people {
        all.extend(people.iter().map(|other| Question::Pair(one.clone(), other.clone())));
        all.extend([Phase::Powerplay, Phase::Death].map(|phase| Question::BatterInPhase(one.clone(), phase)));
        all.extend([Phase::Powerplay, Phase::Death].map(|phase| Question::BowlerInPhase(one.clone(), phase)));
        let of: [fn(PersonId) -> Question; 8] = [
            Question::BatterHere,
            Question::BowlerHere,
            Question::BatterForm,
            Question::BowlerForm,
            Question::NextRuns,
            Question::NextWickets,
            Question::PlaceByRuns,
            Question::PlaceByWickets,
        ];
        all.extend(of.map(|of| of(one.clone())));
    }
    all
}

fn answered(past: &PastOf, questions: &[Question]) -> Vec<(Question, Told)> {
    let told = |question: &Question| past.ask(question).map(|answer| (question.clone(), answer));
    let all: Vec<_> = questions.iter().filter_map(told).collect();
    for (question, answer) in &all {
        assert_eq!((answer.since_year.clamp(2014, 2019), &*answer.scope), (answer.since_year, "men's league T20s"));
        assert!(answer.surprise.is_finite() && answer.surprise >= 0.0, "{question:?}: {answer:?}");
    }
    all.into_iter().map(|(question, answer)| (question, answer.told)).collect()
}

#[test]
fn each_kind_of_question_is_answered_from_the_matches_before_and_from_no_other() {
    let (_folder, past, info) = store();
    let asked = questions(&info);
    let at = |day: &str| past.of(&MatchInfo { dates: vec![day.to_owned()], ..info.clone() }).unwrap();
    assert_eq!(answered(&at("2019-03-01"), &asked), [], "the first match knows of none");
    let late = answered(&at("2019-04-01"), &asked);
    let of = |kind: fn(&Question) -> bool| late.iter().filter(|(question, _)| kind(question)).count();
    for (kind, found) in [
        ("here", of(|q| matches!(q, Question::BatterHere(_)))),
        ("bowler here", of(|q| matches!(q, Question::BowlerHere(_)))),
        ("phase", of(|q| matches!(q, Question::BatterInPhase(..)))),
        ("bowler's phase", of(|q| matches!(q, Question::BowlerInPhase(..)))),
        ("form", of(|q| matches!(q, Question::BatterForm(_)))),
        ("bowler's form", of(|q| matches!(q, Question::BowlerForm(_)))),
        ("pair", of(|q| matches!(q, Question::Pair(..)))),
        ("next runs", of(|q| matches!(q, Question::NextRuns(_)))),
        ("next wickets", of(|q| matches!(q, Question::NextWickets(_)))),
        ("place", of(|q| matches!(q, Question::PlaceByRuns(_)))),
        ("place by wickets", of(|q| matches!(q, Question::PlaceByWickets(_)))),
        ("chases", of(|q| matches!(q, Question::ChasesHere | Question::ChasesBy(_)))),
        ("par", of(|q| matches!(q, Question::ParHere))),
    ] {
        assert!(found > 0, "{kind}: nothing in {} answers", late.len());
    }
    // Twelve times the same match: so many innings, and no surprise at the ground where all were played.
    let par = late.iter().find_map(|(_, told)| match told {
        Told::Par { innings, par, usual } => Some((*innings, par.abs_diff(*usual))),
        _ => None,
    });
    assert_eq!(par, Some((12, 0)));
    // Half of them know half as much.
    let early = answered(&at("2019-03-07"), &asked);
    let decided = |all: &[(Question, Told)]| {
        all.iter().find_map(|(_, told)| if let Told::Chases { decided, .. } = told { Some(*decided) } else { None })
    };
    assert_eq!((decided(&early), decided(&late)), (Some(6), Some(12)));
}
