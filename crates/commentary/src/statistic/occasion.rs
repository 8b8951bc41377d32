//! When a statistic is told: of whoever comes in or begins to bowl, of the ground and the sides when an innings begins.

use cricket::{player::PersonId, score::Happening};

use super::{Statistic, ask};
use crate::{
    archive::{Archive, Question},
    facts::Person,
    moment::Occasion,
    reading::Reading,
    scene::Scene,
};

/// The most interesting statistic that belongs to this very moment.
pub(crate) fn fitting(
    scene: &Scene,
    reading: &Reading,
    occasion: &Occasion,
    happenings: &[Happening],
    people: &[Person],
    archive: &dyn Archive,
) -> Option<Statistic> {
    let mut questions = Vec::new();
    if *occasion == Occasion::InningsStart && !scene.super_over {
        ground(scene, &mut questions);
    }
    for happening in happenings {
        match happening {
            Happening::NewBatter { player } => {
                batter(&player.id, reading, &mut questions);
                together(scene, &player.id, &mut questions);
            }
            // A bowler who comes back has been introduced.
            Happening::NewBowler { player, .. } if is_first_over(scene, &player.id) => {
                bowler(&player.id, reading, &mut questions);
            }
            _ => {}
        }
    }
    best(asked(&questions, scene, people, archive))
}

/// Every statistic about those in the middle, the ground and the sides, for notes.
pub(crate) fn every(scene: &Scene, reading: &Reading, people: &[Person], archive: &dyn Archive) -> Vec<Statistic> {
    let mut questions = Vec::new();
    if let Some(one) = &scene.batter {
        together(scene, &one.player.id, &mut questions);
    }
    for line in [&scene.batter, &scene.partner].into_iter().flatten() {
        batter(&line.player.id, reading, &mut questions);
    }
    if let Some(line) = &scene.bowler {
        bowler(&line.player.id, reading, &mut questions);
    }
    ground(scene, &mut questions);
    asked(&questions, scene, people, archive)
}

fn asked(questions: &[Question], scene: &Scene, people: &[Person], archive: &dyn Archive) -> Vec<Statistic> {
    questions.iter().filter_map(|question| ask(question, scene, people, archive)).collect()
}

fn best(all: Vec<Statistic>) -> Option<Statistic> {
    all.into_iter().max_by(|a, b| a.interest.total_cmp(&b.interest))
}

fn batter(id: &PersonId, reading: &Reading, questions: &mut Vec<Question>) {
    questions.extend(reading.phase.map(|phase| Question::BatterInPhase(id.clone(), phase)));
    questions.extend([
        Question::BatterHere(id.clone()),
        Question::BatterForm(id.clone()),
        Question::NextRuns(id.clone()),
        Question::PlaceByRuns(id.clone()),
    ]);
}

fn bowler(id: &PersonId, reading: &Reading, questions: &mut Vec<Question>) {
    questions.extend(reading.phase.map(|phase| Question::BowlerInPhase(id.clone(), phase)));
    questions.extend([
        Question::BowlerHere(id.clone()),
        Question::BowlerForm(id.clone()),
        Question::NextWickets(id.clone()),
        Question::PlaceByWickets(id.clone()),
    ]);
}

fn together(scene: &Scene, one: &PersonId, questions: &mut Vec<Question>) {
    let pair = [&scene.batter, &scene.partner].into_iter().flatten().map(|line| &line.player.id);
    questions.extend(pair.filter(|id| *id != one).map(|other| Question::Pair(one.clone(), other.clone())).next());
}

fn ground(scene: &Scene, questions: &mut Vec<Question>) {
    if scene.is_chase() {
        questions.extend([
            Question::ChasesHere,
            Question::ChasesBy(scene.batting_team.clone()),
            Question::DefendedHere,
        ]);
    } else if scene.innings == 1 {
        questions.push(Question::ParHere);
    }
}

fn is_first_over(scene: &Scene, id: &PersonId) -> bool {
    scene.bowler.as_ref().is_some_and(|line| line.player.id == *id && line.overs.starts_with("0."))
}
