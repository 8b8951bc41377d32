//! Training.

use super::{Context, Done, Stage, StageError};
use crate::{
    contract,
    kit::settings::{Rows, SftTask, Task},
    run::Inputs,
    training::{BaseKind, Method},
};

/// Rows to learn from, and to watch.
pub(super) const ROWS: [&str; 2] = ["teach/train.jsonl.zst", "teach/valid.jsonl.zst"];

/// Keys of `[sft]` that say how it is watched, saved and computed, not what comes of it.
const WATCHING: [&str; 5] = ["save_steps", "keep", "eval_steps", "threads", "compile"];

pub(super) fn inputs(context: &Context) -> Result<Inputs, StageError> {
    let training = context.training;
    let mut sft = serde_json::to_value(&training.sft).unwrap_or_default();
    if let Some(sft) = sft.as_object_mut() {
        sft.retain(|key, _| !WATCHING.contains(&key.as_str()));
    }
    let gather = context.gather().settings("base", &training.base).settings("sft", &sft).seed().kit();
    let mut gather = ROWS.into_iter().try_fold(gather, |gather, place| gather.made(place, Stage::Teach))?;
    if training.base.kind == BaseKind::Scratch {
        gather = gather.made("tokenizer/tokenizer.json", Stage::Tokenizer)?;
    }
    if let Some(folder) =
        training.base.model.as_ref().map(|model| context.root.join(model)).filter(|path| path.is_dir())
    {
        gather = gather.outside("the base", &folder)?;
    }
    Ok(gather.done())
}

pub(super) fn run(context: &Context) -> Result<Done, StageError> {
    let training = context.training;
    let task = SftTask {
        rows: Rows { train: context.run.join(ROWS[0]), valid: context.run.join(ROWS[1]) },
        end_of_turn: contract::end_of_turn(training.data.layout).to_owned(),
        base: context.base(),
        seed: training.seed,
        section: training.sft.clone(),
    };
    let finished = context.run_kit(Stage::Sft, Task::Sft(Box::new(task)))?;
    let made = match training.sft.method {
        Method::Full => "sft/model",
        Method::Lora | Method::Qlora => "sft/adapter",
    };
    Ok(Done { outputs: vec![made.to_owned(), "sft/curve.jsonl".to_owned()], figures: finished.figures })
}
