//! From the store's answers to those that commentary asks for.

use commentary::archive::{Answer, Question, Told};
use cricket::player::PersonId;
use stats::{Archive, ArchiveError, Estimate, MilestoneKind, PRIOR_INNINGS, RankingKind, Sample, Season, Trend};

use super::{PAR_YEARS, PastOf};

/// How many of a season's ranking are looked at for a place.
const RANKED: usize = 10;
/// What chases won are compared with: half of them, worth so many chases.
const PRIOR_CHASES: f64 = 10.0;

type Found = Result<Option<Answer>, ArchiveError>;

impl PastOf {
    /// Puts a question to the store.
    pub(super) fn answer(&self, archive: &Archive, question: &Question) -> Found {
        let (scope, before) = (self.scope, self.before);
        let ground = self.ground.as_ref().map(|(venue, city)| (venue.as_str(), city.as_deref()));
        match question {
            Question::BatterInPhase(batter, phase) => {
                let found = archive.batter_phases(batter, scope, before)?;
                Ok(found.and_then(|found| {
                    let at = found.phases.iter().find(|one| one.phase == *phase)?;
                    let told = Told::Batting { innings: found.innings, runs: at.runs, balls: at.balls };
                    Some(answer(&found.sample, share(at.run_rate), told))
                }))
            }
            Question::BowlerInPhase(bowler, phase) => {
                let found = archive.bowler_phases(bowler, scope, before)?;
                Ok(found.and_then(|found| {
                    let at = found.phases.iter().find(|one| one.phase == *phase)?;
                    let (balls, runs, wickets) = (at.balls, at.runs, at.wickets);
                    let told = Told::Bowling { innings: found.innings, balls, runs, wickets };
                    Some(answer(&found.sample, share(at.run_rate), told))
                }))
            }
            Question::BatterHere(batter) => {
                let Some(ground) = ground else { return Ok(None) };
                let found = archive.batter_at(batter, ground, scope, before)?;
                Ok(found.map(|found| {
                    let told = Told::Batting { innings: found.innings, runs: found.runs, balls: found.balls };
                    answer(&found.sample, share(found.run_rate), told)
                }))
            }
            Question::BowlerHere(bowler) => {
                let Some(ground) = ground else { return Ok(None) };
                let found = archive.bowler_at(bowler, ground, scope, before)?;
                Ok(found.map(|found| {
                    let (innings, balls, runs, wickets) = (found.innings, found.balls, found.runs, found.wickets);
                    answer(&found.sample, share(found.run_rate), Told::Bowling { innings, balls, runs, wickets })
                }))
            }
            Question::BatterForm(batter) => Ok(archive.batter_form(batter, scope, before)?.and_then(|found| {
                let runs = found.recent.iter().map(|one| one.runs);
                form(&found.sample, runs.sum(), found.recent.len(), found.trend?)
            })),
            Question::BowlerForm(bowler) => Ok(archive.bowler_form(bowler, scope, before)?.and_then(|found| {
                let wickets = found.recent.iter().map(|one| one.wickets);
                form(&found.sample, wickets.sum(), found.recent.len(), found.trend?)
            })),
            Question::Pair(one, other) => Ok(archive.partnership(one, other, scope, before)?.map(|found| {
                let told = Told::Pair { stands: found.stands, runs: found.runs, best: found.highest };
                // How much more than the usual stand: what that is, is not counted; some 25 runs.
                let usual = 25.0 * f64::from(found.stands);
                let prior = f64::from(PRIOR_INNINGS) * 25.0;
                answer(&found.sample, (f64::from(found.runs) - usual).abs() / (usual + prior), told)
            })),
            Question::ChasesHere | Question::ChasesBy(_) | Question::ParHere | Question::DefendedHere => {
                self.totals(archive, question)
            }
            Question::NextRuns(person) => self.milestone(archive, person, MilestoneKind::Runs),
            Question::NextWickets(person) => self.milestone(archive, person, MilestoneKind::Wickets),
            Question::PlaceByRuns(person) => self.place(archive, person, RankingKind::Runs),
            Question::PlaceByWickets(person) => self.place(archive, person, RankingKind::Wickets),
        }
    }

    /// Of the ground, and of a side that chases.
    fn totals(&self, archive: &Archive, question: &Question) -> Found {
        let (scope, before) = (self.scope, self.before);
        let ground = self.ground.as_ref().map(|(venue, city)| (venue.as_str(), city.as_deref()));
        if let Question::ChasesBy(side) = question {
            return Ok(archive.chases_by(side, scope, before)?.map(|found| chases(&found)));
        }
        let Some(ground) = ground else { return Ok(None) };
        match question {
            Question::ChasesHere => Ok(archive.chases_at(ground, scope, before)?.map(|found| chases(&found))),
            Question::ParHere => Ok(archive.par_at(ground, PAR_YEARS, scope, before)?.map(|found| {
                let [par, usual] = [found.par.estimate, found.par.expected].map(|runs| runs.round().max(0.0) as u32);
                // Par is of an era: since when is what was counted, not what is held.
                let since_year = found.from.get(..4).and_then(|year| year.parse().ok());
                let told = Told::Par { innings: found.sample.matches, par, usual };
                let found = answer(&found.sample, share(Some(found.par)), told);
                Answer { since_year: since_year.unwrap_or(found.since_year), ..found }
            })),
            Question::DefendedHere => Ok(archive.defended_at(ground, scope, before)?.map(|found| {
                let (highest, lowest) = (found.highest.runs, found.lowest.runs);
                answer(&found.sample, 0.0, Told::Defended { matches: found.sample.matches, highest, lowest })
            })),
            _ => Ok(None),
        }
    }

    fn milestone(&self, archive: &Archive, person: &PersonId, kind: MilestoneKind) -> Found {
        let all = archive.milestones(person, self.scope, self.before)?;
        Ok(all.into_iter().find(|found| found.kind == kind).map(|found| {
            let told = Told::Milestone { matches: found.sample.matches, short: found.needed(), next: found.next };
            answer(&found.sample, 0.0, told)
        }))
    }

    fn place(&self, archive: &Archive, person: &PersonId, kind: RankingKind) -> Found {
        let Some((event, season)) = &self.season else { return Ok(None) };
        let season = Season { event, season };
        let found = archive.ranking(kind, season, self.scope, self.before, 0, RANKED)?;
        Ok(found.and_then(|found| {
            let one = found.first.iter().find(|one| one.person == *person)?;
            let told = Told::Place { place: one.place, count: one.value as u32, innings: one.innings };
            Some(answer(&found.sample, 0.0, told))
        }))
    }
}

fn answer(sample: &Sample, surprise: f64, told: Told) -> Answer {
    Answer { scope: sample.scope.to_string(), since_year: sample.since_year, surprise, told }
}

/// The difference from what was to be expected, as a share of it; an estimate is drawn towards that already.
fn share(estimate: Option<Estimate>) -> f64 {
    estimate.filter(|it| it.expected > 0.0).map_or(0.0, |it| it.difference().abs() / it.expected)
}

fn form(sample: &Sample, count: u32, innings: usize, trend: Trend) -> Option<Answer> {
    let before_tenths = (trend.per_innings.expected * 10.0).round().max(0.0) as u32;
    let innings = u32::try_from(innings).ok()?;
    let told = Told::Form { innings, count, before_tenths, innings_before: trend.innings_before };
    Some(answer(sample, share(Some(trend.per_innings)), told))
}

fn chases(found: &stats::ChaseRecord) -> Answer {
    let (decided, won) = (found.sample.matches, found.won);
    let half = f64::from(decided) / 2.0;
    let surprise = (f64::from(won) - half).abs() / (half + PRIOR_CHASES / 2.0);
    let highest = found.highest_won.as_ref().map(|chase| chase.target);
    answer(&found.sample, surprise, Told::Chases { decided, won, highest })
}
