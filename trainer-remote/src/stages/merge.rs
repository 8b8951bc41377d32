//! The adapter into its base. After full training there is none, and the model stays where it is.

use super::{Context, Done, Stage, StageError};
use crate::{kit::settings::Task, run::Inputs};

pub(super) fn inputs(context: &Context) -> Result<Inputs, StageError> {
    let gather = context.gather().settings("base", &context.training.base).kit();
    Ok(gather.made("sft/adapter", Stage::Sft)?.done())
}

pub(super) fn run(context: &Context) -> Result<Done, StageError> {
    let task = Task::Merge { base: context.base(), adapter: context.run.join("sft/adapter") };
    let finished = context.run_kit(Stage::Merge, task)?;
    Ok(Done { outputs: vec!["merge/model".to_owned()], figures: finished.figures })
}
