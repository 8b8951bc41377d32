//! The phrasebook as teacher: on all cores, for nothing.

use std::collections::HashMap;

use commentary::Persona;

use super::{
    Error, Inputs, Summary, Teaching,
    compose::Composer,
    outcome::{Outcome, Outputs, Refusal},
    stream::{Job, each_batch, in_parallel, still_holds},
};

/// Fills all rows.
pub(super) fn run(settings: &Teaching, seed: u64, inputs: &Inputs<'_>) -> Result<Summary, Error> {
    let composer = Composer { book: inputs.phrasebook, joined: settings.joined, seed };
    let mut outputs = Outputs::create(inputs.out)?;
    each_batch(inputs, |jobs| {
        let personas = personas(&jobs, inputs)?;
        let told = in_parallel(&jobs, inputs.threads(), |job| teach(job, &composer, settings, inputs, &personas));
        for (job, outcomes) in jobs.iter().zip(told) {
            for (row, lines) in job.rows.iter().zip(outcomes) {
                for (variant, outcome) in lines.iter().enumerate() {
                    outputs.keep(job.split, row, variant, outcome)?;
                }
            }
        }
        Ok(())
    })?;
    outputs.finish(inputs.out, settings.teacher.name(), 0.0)
}

/// The personas that the rows ask for.
pub(super) fn personas<'a>(jobs: &[Job], inputs: &Inputs<'a>) -> Result<HashMap<String, &'a Persona>, Error> {
    let mut found = HashMap::new();
    for row in jobs.iter().flat_map(|job| &job.rows) {
        if !found.contains_key(&row.persona) {
            let persona = inputs.personas.get(&row.persona).ok_or_else(|| Error::Persona(row.persona.clone()))?;
            found.insert(row.persona.clone(), persona);
        }
    }
    Ok(found)
}

/// The lines of a match's rows: for each row one or more, or a refusal.
fn teach(
    job: &Job,
    composer: &Composer<'_>,
    settings: &Teaching,
    inputs: &Inputs<'_>,
    personas: &HashMap<String, &Persona>,
) -> Vec<Vec<Outcome>> {
    let mut lines = vec![Vec::new(); job.rows.len()];
    let read = job.each_moment(inputs.reform, |index, row, moment| {
        let Some(persona) = personas.get(&row.persona) else { return };
        lines[index] = match still_holds(row, moment, persona) {
            Err(reason) => vec![refused(reason, "")],
            Ok(()) => composer.lines(row, moment, persona, settings.variants),
        };
    });
    for outcomes in lines.iter_mut().filter(|outcomes| outcomes.is_empty()) {
        outcomes.push(match &read {
            Ok(()) => refused("its ball is not in the match", ""),
            Err(reason) => refused("its match cannot be read", reason),
        });
    }
    lines
}

/// A row without a line.
pub(super) fn refused(reason: &str, detail: &str) -> Outcome {
    Outcome::Refused(Refusal { reason: reason.to_owned(), detail: detail.to_owned(), text: String::new() })
}
