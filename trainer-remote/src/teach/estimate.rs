//! What a teaching will cost, before anything is asked.

use serde::Serialize;

use super::{
    Error, Inputs, Teaching,
    ask::{Ask, BATCH_SHARE, tokens_in},
    rows::{RowReader, SPLITS},
    settings::Teacher,
    stream::each_batch,
};

/// Prompts are measured on so many rows.
const SAMPLE: usize = 400;
/// Of the answers, about so many are refused once and asked again.
const SECOND_TRIES: f64 = 0.15;
/// Seconds for an answer, about.
const SECONDS: f64 = 1.5;

/// What a teaching will cost, about.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Estimate {
    /// Rows to fill.
    pub rows: u64,
    /// Requests, second tries included; 0 for the phrasebook.
    pub requests: u64,
    /// Tokens to be read.
    pub tokens_in: u64,
    /// Tokens to be written.
    pub tokens_out: u64,
    /// The cost, in the price's currency.
    pub cost: f64,
    /// Seconds; batches come when they come, mostly within the hour and a day at the latest.
    pub seconds: f64,
}

/// Measures the first rows and counts the others. Answers that a ledger has already are not taken off.
///
/// # Errors
/// As [`run`](super::run), for settings, rows and matches.
pub fn estimate(settings: &Teaching, inputs: &Inputs<'_>) -> Result<Estimate, Error> {
    settings.validate()?;
    let mut rows = 0;
    for split in SPLITS {
        let mut reader = RowReader::open(inputs.rows, split)?;
        while reader.match_id().is_some() {
            rows += reader.take_match()?.len() as u64;
        }
    }
    if settings.teacher == Teacher::Phrasebook {
        return Ok(Estimate { rows, ..Estimate::default() });
    }
    let (mut asked, mut read, mut written) = (0, 0, 0);
    let sampled = each_batch(inputs, |jobs| {
        for job in &jobs {
            // A match that cannot be read is no sample; the teaching itself will tell.
            let _ = job.each_moment(inputs.reform, |_, row, moment| {
                if let Some(persona) = inputs.personas.get(&row.persona).filter(|_| asked < SAMPLE) {
                    let ask = Ask::of(settings, moment, persona, row.kind, None);
                    asked += 1;
                    read += tokens_in(&ask.prompt) * 3 / 4;
                    written += u64::from(ask.prompt.max_tokens) / 2;
                }
            });
        }
        if asked < SAMPLE { Ok(()) } else { Err(Error::Cancelled) }
    });
    if let Err(error) = sampled
        && asked < SAMPLE
    {
        return Err(error);
    }
    let each = rows as f64 * (1.0 + SECOND_TRIES);
    let scaled = |tokens: u64| (tokens as f64 / asked.max(1) as f64 * each) as u64;
    let (tokens_in, tokens_out) = (scaled(read), scaled(written));
    let seconds = if settings.batch { 2.0 * 3600.0 } else { each * SECONDS / settings.concurrency as f64 };
    let share = if settings.batch { BATCH_SHARE } else { 1.0 };
    let cost = share * settings.cost(tokens_in, tokens_out);
    Ok(Estimate { rows, requests: each as u64, tokens_in, tokens_out, cost, seconds })
}
