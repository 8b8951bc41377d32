//! What the shipped file is worth.

use super::{Context, Done, Stage, StageError};
use crate::run::Inputs;

pub(super) fn inputs(context: &Context) -> Result<Inputs, StageError> {
    let training = context.training;
    let file = format!("quantize/{}-{}.gguf", training.name, training.quantize.ship);
    let gather = context.gather().settings("eval", &training.eval).settings("gates", &training.gates).seed();
    let gather = gather.outside("the matches", context.source)?;
    Ok(gather.made(&file, Stage::Quantize)?.made("prepare/split.json", Stage::Prepare)?.done())
}

pub(super) fn run(_context: &Context) -> Result<Done, StageError> {
    Err(StageError::NotConnected(Stage::Eval))
}
