//! The tokenizer of a model from scratch.

use commentary::{Layout, Phrasebook};

use super::{Context, Done, Stage, StageError, sft::ROWS};
use crate::{
    kit::settings::{Task, TokenizerTask},
    run::Inputs,
};

pub(super) fn inputs(context: &Context) -> Result<Inputs, StageError> {
    let gather = context.gather().settings("tokenizer", &context.training.tokenizer);
    Ok(gather.settings("slots", &slots(context)).kit().made(ROWS[0], Stage::Teach)?.done())
}

pub(super) fn run(context: &Context) -> Result<Done, StageError> {
    let task = TokenizerTask {
        rows: context.run.join(ROWS[0]),
        slots: slots(context),
        section: context.training.tokenizer.clone(),
    };
    let finished = context.run_kit(Stage::Tokenizer, Task::Tokenizer(task))?;
    let outputs = ["tokenizer/tokenizer.json", "tokenizer/tokenizer_config.json"].map(str::to_owned);
    Ok(Done { outputs: outputs.into(), figures: finished.figures })
}

/// Texts that are to be one token each.
fn slots(context: &Context) -> Vec<String> {
    match context.training.data.layout {
        Layout::Slots => Phrasebook::builtin().slots(),
        Layout::Chat(_) | Layout::Compact => Vec::new(),
    }
}
