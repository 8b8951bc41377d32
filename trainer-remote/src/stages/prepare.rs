//! Rows from matches.

use super::{Context, Done, Stage, StageError};
use crate::{
    data::{DataError, prepare},
    run::Inputs,
};

/// What it makes, in the run's folder.
const MADE: [&str; 5] = ["train.jsonl.zst", "valid.jsonl.zst", "test.jsonl.zst", "split.json", "summary.json"];

pub(super) fn inputs(context: &Context) -> Result<Inputs, StageError> {
    let mut data = serde_json::to_value(&context.training.data).unwrap_or_default();
    if let Some(data) = data.as_object_mut() {
        // What the matches are counts, not where they lie.
        data.remove("source");
    }
    Ok(context.gather().settings("data", &data).seed().outside("the matches", context.source)?.done())
}

pub(super) fn run(context: &Context) -> Result<Done, StageError> {
    let training = context.training;
    let folder = context.folder(Stage::Prepare);
    let made = prepare::run(&training.data, training.seed, context.source, &folder, context.progress, context.stop);
    let summary = made.map_err(|error| match error {
        DataError::Stopped => context.stopped(Stage::Prepare),
        error => StageError::Data(error),
    })?;
    Ok(Done {
        outputs: MADE.map(|file| format!("prepare/{file}")).to_vec(),
        figures: serde_json::to_value(&summary).unwrap_or_default(),
    })
}
