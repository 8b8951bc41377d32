//! Past matches for the booth: the archive's answers in the form in which commentary asks.
//!
//! Opened only to read. An answer counts matches of the same format, gender and level that began before this one, so a replay of
//! an old match does not know its own future. Each question is put to the store once a match: what is asked ball after
//! ball is remembered, and so is that nothing is known.

mod answers;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use commentary::archive::{Answer, BatterRecord, BowlerRecord, HeadToHead, Question};
use cricket::{
    event::MatchInfo,
    outlook::{Record, Records},
    phase::Phase,
    player::PersonId,
};
use stats::{Archive, ArchiveError, Class, Day, Scope};

/// Answers of a kind remembered for one match; a match has some 22 × 11 pairs.
const REMEMBERED: usize = 512;

/// First innings of so many years back make par.
const PAR_YEARS: u16 = 5;

/// Records by phase; empty where there are none.
type ByPhase = Vec<(Phase, Record)>;

/// The archive, shared by all matches.
#[derive(Debug, Clone)]
pub struct Past {
    archive: Arc<Mutex<Archive>>,
}

/// The archive as seen from one match.
#[derive(Debug)]
pub struct PastOf {
    past: Past,
    scope: Scope,
    before: Day,
    duels: Mutex<HashMap<(PersonId, PersonId), Option<HeadToHead>>>,
    batting: Mutex<HashMap<PersonId, ByPhase>>,
    bowling: Mutex<HashMap<PersonId, ByPhase>>,
    answers: Mutex<HashMap<Question, Option<Answer>>>,
    /// Ground and its city, where the match's facts name it.
    ground: Option<(String, Option<String>)>,
    /// Competition and season, where they do.
    season: Option<(String, String)>,
}

impl Past {
    /// Opens the archive to read.
    ///
    /// # Errors
    /// When it is missing or not one.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        Ok(Self { archive: Arc::new(Mutex::new(Archive::open_read_only(path)?)) })
    }

    /// What was before a match; `None` where its kind or day is not known, since then nothing can be compared.
    pub fn of(&self, info: &MatchInfo) -> Option<PastOf> {
        let scope = Scope::of(Class::of(info).ok()?);
        let before = info.dates.first()?.parse().ok()?;
        let event = info.event.as_ref().map(|event| event.name.clone());
        Some(PastOf {
            past: self.clone(),
            scope,
            before,
            duels: Mutex::default(),
            batting: Mutex::default(),
            bowling: Mutex::default(),
            answers: Mutex::default(),
            ground: info.venue.clone().map(|venue| (venue, info.city.clone())),
            season: event.zip(info.season.as_ref().map(ToString::to_string)),
        })
    }

    /// Asks one question. A store that fails has no answer: the match goes on without.
    fn ask<T>(&self, question: impl FnOnce(&Archive) -> Result<Option<T>, ArchiveError>) -> Option<T> {
        let archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
        question(&archive).unwrap_or_else(|error| {
            tracing::debug!("the archive gave no answer: {error}");
            None
        })
    }
}

impl commentary::Archive for PastOf {
    fn batter_v_bowler(&self, batter: &PersonId, bowler: &PersonId) -> Option<HeadToHead> {
        let pair = (batter.clone(), bowler.clone());
        let mut duels = self.duels.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = duels.get(&pair) {
            return known.clone();
        }
        let answer = self.past.ask(|archive| archive.batter_v_bowler(batter, bowler, self.scope, self.before));
        let answer = answer.map(|duel| HeadToHead {
            balls: duel.balls,
            runs: duel.runs,
            dismissals: duel.dismissals,
            scope: duel.sample.scope.to_string(),
            since_year: duel.sample.since_year,
        });
        if duels.len() >= REMEMBERED {
            duels.clear();
        }
        duels.insert(pair, answer.clone());
        answer
    }

    fn ask(&self, question: &Question) -> Option<Answer> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = answers.get(question) {
            return known.clone();
        }
        let answer = self.past.ask(|archive| self.answer(archive, question));
        if answers.len() >= REMEMBERED {
            answers.clear();
        }
        answers.insert(question.clone(), answer.clone());
        answer
    }

    fn batter_record(&self, batter: &PersonId) -> Option<BatterRecord> {
        let record = self.past.ask(|archive| archive.batter_record(batter, self.scope, self.before))?;
        Some(BatterRecord {
            innings: record.innings,
            runs: record.runs,
            balls: record.balls,
            dismissals: record.dismissals,
            highest: record.highest,
            scope: record.sample.scope.to_string(),
            since_year: record.sample.since_year,
        })
    }

    fn bowler_record(&self, bowler: &PersonId) -> Option<BowlerRecord> {
        let record = self.past.ask(|archive| archive.bowler_record(bowler, self.scope, self.before))?;
        Some(BowlerRecord {
            matches: record.sample.matches,
            balls: record.balls,
            runs: record.runs,
            wickets: record.wickets,
            scope: record.sample.scope.to_string(),
            since_year: record.sample.since_year,
        })
    }
}

impl Records for PastOf {
    fn batter(&self, batter: &PersonId, phase: Option<Phase>) -> Option<Record> {
        in_phase(&self.batting, batter, phase, || {
            let found = self.past.ask(|archive| archive.batter_phases(batter, self.scope, self.before));
            let phases = found.into_iter().flat_map(|found| found.phases);
            phases.map(|of| (of.phase, Record { balls: of.balls, runs: of.runs, wickets: of.dismissals })).collect()
        })
    }

    fn bowler(&self, bowler: &PersonId, phase: Option<Phase>) -> Option<Record> {
        in_phase(&self.bowling, bowler, phase, || {
            let found = self.past.ask(|archive| archive.bowler_phases(bowler, self.scope, self.before));
            let phases = found.into_iter().flat_map(|found| found.phases);
            phases.map(|of| (of.phase, Record { balls: of.balls, runs: of.runs, wickets: of.wickets })).collect()
        })
    }

    fn duel(&self, batter: &PersonId, bowler: &PersonId) -> Option<Record> {
        let duel = commentary::Archive::batter_v_bowler(self, batter, bowler)?;
        Some(Record { balls: duel.balls, runs: duel.runs, wickets: duel.dismissals })
    }
}

/// A player's record in a phase, over all phases where that one is not kept apart; asked of the archive once.
fn in_phase(
    known: &Mutex<HashMap<PersonId, ByPhase>>,
    player: &PersonId,
    phase: Option<Phase>,
    ask: impl FnOnce() -> ByPhase,
) -> Option<Record> {
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= REMEMBERED {
        known.clear();
    }
    let phases = known.entry(player.clone()).or_insert_with(ask);
    if let Some((_, record)) = phases.iter().find(|(of, _)| Some(*of) == phase) {
        return Some(*record);
    }
    phases.iter().map(|(_, record)| *record).reduce(|all, one| Record {
        balls: all.balls + one.balls,
        runs: all.runs + one.runs,
        wickets: all.wickets + one.wickets,
    })
}
