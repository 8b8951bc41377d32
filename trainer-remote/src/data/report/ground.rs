//! What only the source can tell: who plays on both sides, and whether completions are true of their moments.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    path::Path,
};

use commentary::{Persona, Personas, checker::Why, reply};
use cricket::player::PersonId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use tokio_util::sync::CancellationToken;

use super::super::{
    DataError, pipeline, reform,
    replay::{self, Played},
    split::{SeriesEntry, Split},
};
use crate::{progress::Progress, row::Row};

/// Who plays where.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Players {
    /// People who play, by split.
    pub people: BTreeMap<Split, u64>,
    /// Share of a split's people who play in train too, 0 to 1.
    pub in_train: BTreeMap<Split, f64>,
}

/// Whether completions are true of their moments.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Grounded {
    /// Rows of the sample that have a completion.
    pub sampled: u64,
    /// Those that pass the checker, with their slots filled.
    pub passed: u64,
    /// Those whose ball the source has not any more.
    pub lost: u64,
    /// Those whose prompt this build would write otherwise.
    pub other_prompt: u64,
    /// Why the others do not, by kind and reason.
    pub reasons: BTreeMap<String, u64>,
    /// Some that do not, with the reason.
    pub examples: Vec<(String, String)>,
}

/// The players of a file, without its innings.
#[derive(Deserialize)]
struct Squads<'a> {
    #[serde(borrow)]
    info: Info<'a>,
}

#[derive(Deserialize)]
struct Info<'a> {
    #[serde(default)]
    players: BTreeMap<String, Vec<String>>,
    #[serde(borrow, default)]
    registry: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
struct Registry {
    #[serde(default)]
    people: HashMap<String, String>,
}

/// What one file tells.
struct Told {
    split: Option<Split>,
    people: Vec<PersonId>,
    verdicts: Vec<Verdict>,
}

enum Verdict {
    Passed { other_prompt: bool },
    Lost,
    Refused { reasons: BTreeSet<String>, line: String, other_prompt: bool },
}

/// Reads the source once. `splits` is `split.json`; `sample` are rows whose completions are held against their moments.
pub(super) fn of(
    source: &Path,
    splits: Option<&Value>,
    sample: Vec<(Split, Row)>,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<(Option<Players>, Option<Grounded>), DataError> {
    let by_match: HashMap<String, Split> = splits
        .and_then(|split| serde_json::from_value::<Vec<SeriesEntry>>(split.get("series")?.clone()).ok())
        .unwrap_or_default()
        .into_iter()
        .flat_map(|entry| entry.matches.into_iter().map(move |id| (id, entry.split)))
        .collect();
    let mut rows: HashMap<String, Vec<Row>> = HashMap::new();
    for (_, row) in sample.into_iter().filter(|(_, row)| !row.completion.is_empty()) {
        rows.entry(row.match_id.clone()).or_default().push(row);
    }
    let personas = Personas::builtin();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = |name: &str, content: &[u8]| {
        let id = replay::id(name);
        let split = by_match.get(&id).copied();
        let mut told = Told { split, people: Vec::new(), verdicts: Vec::new() };
        if split.is_some() {
            told.people = people(content);
        }
        if let Some(rows) = rows.get(&id) {
            let played = Played::read(name, content)?;
            reform::each_row(&played, rows, |row, moment| {
                let persona = personas.get(&row.persona);
                told.verdicts.push(match (moment, persona) {
                    (Some(moment), Some(persona)) => judge(row, moment, persona),
                    _ => Verdict::Lost,
                });
            });
        }
        Ok(told)
    };
    let mut grounded = Grounded { sampled: rows.values().map(|rows| rows.len() as u64).sum(), ..Grounded::default() };
    let mut found = 0;
    let mut people: BTreeMap<Split, HashSet<PersonId>> = BTreeMap::new();
    pipeline::each(source, threads, progress, cancel, work, |told| {
        let Ok(told) = told else { return Ok(()) };
        if let Some(split) = told.split {
            people.entry(split).or_default().extend(told.people);
        }
        found += told.verdicts.len() as u64;
        told.verdicts.into_iter().for_each(|verdict| grounded.count(verdict));
        Ok(())
    })?;
    grounded.lost += grounded.sampled.saturating_sub(found);
    let grounded = (grounded.sampled > 0).then_some(grounded);
    Ok(((!by_match.is_empty()).then(|| overlap(&people)), grounded))
}

fn people(content: &[u8]) -> Vec<PersonId> {
    let Ok(Squads { info }) = serde_json::from_slice::<Squads<'_>>(content) else { return Vec::new() };
    let registry: Registry = info.registry.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
    let id = |name: &String| match registry.people.get(name) {
        Some(id) => PersonId(id.as_str().into()),
        None => PersonId::from_name(name),
    };
    info.players.values().flatten().map(id).collect()
}

fn judge(row: &Row, moment: &commentary::Moment, persona: &Persona) -> Verdict {
    let other_prompt = commentary::render(moment, persona, row.kind, row.layout).text != row.prompt;
    let checked = reply::words(&row.completion, moment, persona, row.layout)
        .and_then(|text| commentary::checker::check_as(row.kind, &text, moment, persona));
    match checked {
        Ok(_) => Verdict::Passed { other_prompt },
        Err(rejection) => {
            let reason = |fault: &commentary::Fault| {
                let why = match fault.why {
                    Why::Contradicted => "contradicted",
                    Why::NotCheckable => "not checkable",
                    Why::Unfit => "unfit",
                };
                format!("{why}: {}", fault.reason)
            };
            Verdict::Refused {
                reasons: rejection.faults.iter().map(reason).collect(),
                line: rejection.text,
                other_prompt,
            }
        }
    }
}

impl Grounded {
    /// Reasons told apart at most, and examples kept.
    const MOST: usize = 200;
    const EXAMPLES: usize = 12;

    fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Passed { other_prompt } => {
                self.passed += 1;
                self.other_prompt += u64::from(other_prompt);
            }
            Verdict::Lost => self.lost += 1,
            Verdict::Refused { reasons, line, other_prompt } => {
                self.other_prompt += u64::from(other_prompt);
                if self.examples.len() < Self::EXAMPLES {
                    let why: Vec<&str> = reasons.iter().map(String::as_str).collect();
                    self.examples.push((line, why.join("; ")));
                }
                for reason in reasons {
                    let is_known = self.reasons.contains_key(&reason) || self.reasons.len() < Self::MOST;
                    *self.reasons.entry(if is_known { reason } else { "other".to_owned() }).or_default() += 1;
                }
            }
        }
    }
}

fn overlap(people: &BTreeMap<Split, HashSet<PersonId>>) -> Players {
    let nobody = HashSet::new();
    let train = people.get(&Split::Train).unwrap_or(&nobody);
    let share = |(split, own): (&Split, &HashSet<PersonId>)| {
        let shared = own.intersection(train).count() as f64;
        (*split, if own.is_empty() { 0.0 } else { shared / own.len() as f64 })
    };
    Players {
        people: people.iter().map(|(split, own)| (*split, own.len() as u64)).collect(),
        in_train: people.iter().filter(|(split, _)| **split != Split::Train).map(share).collect(),
    }
}
