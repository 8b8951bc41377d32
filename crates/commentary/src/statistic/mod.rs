//! Statistics as they are said: one clause each, with its scope, its sample and the year since which matches are held.
//!
//! The clause is made by code, never by a model, and may be said as it stands and not otherwise: a line that changes a
//! word of it says something that nothing supports. Small samples have no clause.

mod english;
mod hindi;
mod occasion;

use crate::{
    archive::{Answer, Archive, Question, Told},
    facts::Person,
    language::Language,
    scene::Scene,
};

pub(crate) use hindi::scope as scope_in_hindi;
pub(crate) use occasion::{every, fitting};

/// Balls from which a phase or a ground is spoken of: fewer are a good day or a bad one.
const LEAST_BALLS: u32 = 60;
/// Innings from which a record of several is spoken of.
const LEAST_INNINGS: u32 = 5;
/// Stands from which a pair is.
const LEAST_STANDS: u32 = 3;
/// Matches from which a ground is.
const LEAST_MATCHES: u32 = 10;
/// The lowest place in a season that is told.
const LOWEST_PLACE: u32 = 10;
/// A milestone is near from so many runs, or wickets.
const NEAR: [u32; 2] = [60, 4];

/// One thing of past matches that may be said.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statistic {
    /// Its id as a fact, such as `stat.batter_here`.
    pub(crate) id: &'static str,
    /// About whom or what, so that the same is not told over after over.
    pub(crate) about: String,
    /// How far it lies from what was to be expected; 0 is dull.
    pub(crate) interest: f64,
    english: String,
    hindi: String,
}

impl Statistic {
    /// The clause: no full stop, a small letter where no name begins it.
    pub(crate) fn clause(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Hindi => &self.hindi,
        }
    }

    /// Every clause, for the sheet.
    pub(crate) fn clauses(&self) -> [String; 2] {
        [self.english.clone(), self.hindi.clone()]
    }
}

/// What a clause is made of.
pub(super) struct Words<'a> {
    question: &'a Question,
    told: &'a Told,
    /// Whom it is about; empty for grounds and sides.
    who: &'a str,
    /// The second of a pair.
    other: &'a str,
    scope: &'a str,
    since: u16,
}

/// Asks a question and makes a statistic of the answer; `None` where nothing is known, too little, or of somebody who
/// has no name here.
fn ask(question: &Question, scene: &Scene, people: &[Person], archive: &dyn Archive) -> Option<Statistic> {
    let answer = archive.ask(question)?;
    let interest = weigh(question, &answer, scene)?;
    let name = |id: &cricket::player::PersonId| {
        let person = people.iter().find(|person| person.player.id == *id)?;
        Some(person.said.as_str()).filter(|said| !said.is_empty())
    };
    let (who, other, about) = match question {
        Question::BatterInPhase(id, _)
        | Question::BowlerInPhase(id, _)
        | Question::BatterHere(id)
        | Question::BowlerHere(id)
        | Question::BatterForm(id)
        | Question::BowlerForm(id)
        | Question::NextRuns(id)
        | Question::NextWickets(id)
        | Question::PlaceByRuns(id)
        | Question::PlaceByWickets(id) => (name(id)?, "", id.0.to_string()),
        Question::Pair(one, other) => (name(one)?, name(other)?, format!("{} {}", one.0, other.0)),
        Question::ChasesBy(_) => ("", "", "side".to_owned()),
        Question::ChasesHere | Question::ParHere | Question::DefendedHere => ("", "", "here".to_owned()),
    };
    let scope = crate::name::clean(&answer.scope);
    let words = Words { question, told: &answer.told, who, other, scope: &scope, since: answer.since_year };
    let (english, hindi) = (english::clause(&words)?, hindi::clause(&words)?);
    Some(Statistic { id: id(question), about, interest, english, hindi })
}

/// How interesting an answer is; `None` where it rests on too little, or is nothing to speak of.
fn weigh(question: &Question, answer: &Answer, scene: &Scene) -> Option<f64> {
    let enough = match &answer.told {
        Told::Batting { innings, balls, .. } | Told::Bowling { innings, balls, .. } => {
            *balls >= LEAST_BALLS && *innings >= LEAST_INNINGS
        }
        Told::Form { innings, innings_before, .. } => *innings >= LEAST_INNINGS && *innings_before >= LEAST_MATCHES,
        Told::Pair { stands, .. } => *stands >= LEAST_STANDS,
        Told::Chases { decided, .. } => *decided >= LEAST_MATCHES,
        Told::Par { innings, .. } => *innings >= LEAST_MATCHES,
        Told::Defended { matches, .. } | Told::Milestone { matches, .. } => *matches >= LEAST_MATCHES,
        Told::Place { innings, place, .. } => *innings >= LEAST_INNINGS && *place <= LOWEST_PLACE,
    };
    if !enough {
        return None;
    }
    let near = |short: u32, from: u32| (short <= from).then(|| 0.5 - 0.4 * f64::from(short) / f64::from(from));
    match &answer.told {
        // What was done before or never is the question of a chase, and of nobody else.
        Told::Chases { highest: Some(highest), .. } if *question == Question::ChasesHere => {
            let bold = scene.target.map_or(0.0, |target| f64::from(target) / f64::from((*highest).max(1)) - 0.8);
            Some(answer.surprise.max(bold))
        }
        Told::Defended { lowest, highest, .. } => {
            let made = f64::from(scene.target.map_or(scene.runs, |target| target.saturating_sub(1)));
            let within = |total: u32| 0.5 - (made - f64::from(total)).abs() / f64::from(total.max(1));
            scene.target.map(|_| within(*lowest).max(within(*highest)).max(0.0))
        }
        Told::Milestone { short, .. } => near(*short, NEAR[usize::from(matches!(question, Question::NextWickets(_)))]),
        Told::Place { place, .. } => Some(0.6 / f64::from(*place).sqrt()),
        _ => Some(answer.surprise),
    }
}

fn id(question: &Question) -> &'static str {
    match question {
        Question::BatterInPhase(..) => "stat.batter_phase",
        Question::BowlerInPhase(..) => "stat.bowler_phase",
        Question::BatterHere(_) => "stat.batter_here",
        Question::BowlerHere(_) => "stat.bowler_here",
        Question::BatterForm(_) => "stat.batter_form",
        Question::BowlerForm(_) => "stat.bowler_form",
        Question::Pair(..) => "stat.pair",
        Question::ChasesHere => "stat.chases_here",
        Question::ChasesBy(_) => "stat.chases_by",
        Question::ParHere => "stat.par",
        Question::DefendedHere => "stat.defended",
        Question::NextRuns(_) => "stat.next_runs",
        Question::NextWickets(_) => "stat.next_wickets",
        Question::PlaceByRuns(_) => "stat.place_runs",
        Question::PlaceByWickets(_) => "stat.place_wickets",
    }
}

/// A number of tenths as it is said: `24`, `1.2`.
fn tenths(tenths: u32) -> String {
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(told: Told) -> Answer {
        Answer { scope: "men's league T20s".to_owned(), since_year: 2008, surprise: 0.3, told }
    }

    #[test]
    fn small_samples_are_not_spoken_of() {
        let scene = Scene::default();
        let id = || cricket::player::PersonId("p".into());
        let weight = |question: Question, told: Told| weigh(&question, &answer(told), &scene);
        let batting = |innings, balls| Told::Batting { innings, runs: 90, balls };
        assert_eq!(weight(Question::BatterHere(id()), batting(4, 80)), None);
        assert_eq!(weight(Question::BatterHere(id()), batting(6, 59)), None);
        assert_eq!(weight(Question::BatterHere(id()), batting(6, 80)), Some(0.3));
        assert_eq!(weight(Question::ChasesHere, Told::Chases { decided: 9, won: 9, highest: Some(200) }), None);
        let place = |place| Told::Place { place, count: 300, innings: 8 };
        assert_eq!(weight(Question::PlaceByRuns(id()), place(11)), None);
        assert!(weight(Question::PlaceByRuns(id()), place(1)) > weight(Question::PlaceByRuns(id()), place(5)));
        let next = |short| Told::Milestone { matches: 40, short, next: 1000 };
        assert_eq!(weight(Question::NextRuns(id()), next(61)), None);
        assert!(weight(Question::NextRuns(id()), next(3)) > weight(Question::NextRuns(id()), next(50)));
        assert_eq!(weight(Question::NextWickets(id()), next(5)), None);
    }

    #[test]
    fn tenths_are_said_as_numbers_are() {
        assert_eq!([240, 12, 5].map(tenths), ["24", "1.2", "0.5"]);
    }
}
