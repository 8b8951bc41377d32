//! The lines that the model learns.

use commentary::{Personas, Phrasebook};

use super::{Context, Done, Stage, StageError};
use crate::{
    data::{replay::Played, swap},
    run::Inputs,
    teach::{self, Teacher},
    training::Training,
};

/// The rows that it fills.
const ROWS: [&str; 3] = ["train.jsonl.zst", "valid.jsonl.zst", "test.jsonl.zst"];

pub(super) fn inputs(context: &Context) -> Result<Inputs, StageError> {
    let gather = context.gather().settings("teach", &context.training.teach).seed();
    let gather =
        ROWS.into_iter().try_fold(gather, |gather, file| gather.made(&format!("prepare/{file}"), Stage::Prepare))?;
    Ok(gather.done())
}

pub(super) fn run(context: &Context) -> Result<Done, StageError> {
    let training = context.training;
    let settings = &training.teach;
    let summary = with_inputs(context, |inputs| {
        if settings.teacher != Teacher::Phrasebook {
            let cost = teach::estimate(settings, inputs)?;
            context.progress.note(&format!(
                "{} rows, about {} requests and {:.2} to be paid for {} tokens in and {} out",
                cost.rows, cost.requests, cost.cost, cost.tokens_in, cost.tokens_out
            ));
        }
        teach::run(settings, training.seed, inputs)
    });
    let summary = summary.map_err(|error| match error {
        teach::Error::Cancelled => context.stopped(Stage::Teach),
        error => StageError::Teach(error),
    })?;
    let outputs = ROWS.into_iter().chain(["refused.jsonl.zst", "summary.json"]);
    Ok(Done {
        outputs: outputs.map(|file| format!("teach/{file}")).collect(),
        figures: serde_json::to_value(&summary).unwrap_or_default(),
    })
}

fn with_inputs<T>(context: &Context, work: impl FnOnce(&teach::Inputs<'_>) -> T) -> T {
    let reform = |played: &mut Played, number: u64| swap::apply(played, Some(number));
    work(&teach::Inputs {
        rows: &context.folder(Stage::Prepare),
        source: context.source,
        out: &context.folder(Stage::Teach),
        personas: &Personas::builtin(),
        phrasebook: &Phrasebook::builtin(),
        reform: &reform,
        threads: None,
        progress: context.progress,
        cancel: context.stop,
    })
}

/// What teaching costs, in words, before it is run.
pub fn price(training: &Training) -> String {
    let teach = &training.teach;
    match teach.teacher {
        Teacher::Phrasebook => "nothing: the phrasebook is offline".to_owned(),
        _ if teach.price.input > 0.0 || teach.price.output > 0.0 => {
            let cap = teach.cap.map_or_else(String::new, |cap| format!(", never more than {cap}"));
            format!(
                "{} for a million tokens in and {} out{cap}; the sum is told before the first request",
                teach.price.input, teach.price.output
            )
        }
        _ => "nothing but time".to_owned(),
    }
}
