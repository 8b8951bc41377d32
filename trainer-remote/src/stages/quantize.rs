//! Smaller GGUF files.

use super::{Context, Done, Stage, StageError, gguf, sft::ROWS};
use crate::{
    quantize::{self, Job},
    run::Inputs,
};

/// The table of what was made, in the run's folder.
pub(super) const TABLE: &str = "quantize/table.json";

pub(super) fn inputs(context: &Context) -> Result<Inputs, StageError> {
    let gather = context.gather().settings("quantize", &context.training.quantize).code("llama.cpp", quantize::LLAMA);
    Ok(gather.made(gguf::FILE, Stage::Gguf)?.made(ROWS[1], Stage::Teach)?.done())
}

pub(super) fn run(context: &Context) -> Result<Done, StageError> {
    let training = context.training;
    let job = Job {
        name: &training.name,
        source: &context.run.join(gguf::FILE),
        held_out: Some(&context.run.join(ROWS[1])),
        settings: &training.quantize,
        end_of_turn: crate::contract::end_of_turn(training.data.layout),
        out: &context.folder(Stage::Quantize),
    };
    let table = quantize::run(&job, context.progress, context.stop)?;
    let mut outputs: Vec<String> = table.files.iter().map(|row| format!("quantize/{}", row.file)).collect();
    outputs.push(TABLE.to_owned());
    Ok(Done { outputs, figures: serde_json::to_value(&table).unwrap_or_default() })
}
