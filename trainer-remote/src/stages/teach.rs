//! The lines that the model learns.

use super::{Context, Done, Stage, StageError};
use crate::{
    run::Inputs,
    training::{Teacher, Training},
};

pub(super) fn inputs(context: &Context) -> Result<Inputs, StageError> {
    let gather = context.gather().settings("teach", &context.training.teach).seed();
    let rows = ["prepare/train.jsonl.zst", "prepare/valid.jsonl.zst", "prepare/test.jsonl.zst"];
    let gather = rows.into_iter().try_fold(gather, |gather, place| gather.made(place, Stage::Prepare))?;
    Ok(gather.done())
}

pub(super) fn run(_context: &Context) -> Result<Done, StageError> {
    Err(StageError::NotConnected(Stage::Teach))
}

/// What teaching costs, in words, before it is run.
pub fn price(training: &Training) -> String {
    match training.teach.teacher {
        Teacher::Phrasebook => "nothing: the phrasebook is offline".to_owned(),
        Teacher::Ollama => "nothing but time: the model is your own".to_owned(),
        Teacher::Openai | Teacher::Anthropic => "by the token; `teach` says how much before it begins".to_owned(),
    }
}
