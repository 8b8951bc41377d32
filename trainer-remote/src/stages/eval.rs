//! What the files are worth: the one to be shipped first, the other quantisations beside it, and the baselines.

use std::collections::HashSet;

use super::{Context, Done, Stage, StageError};
use crate::{
    data::{
        replay::Played,
        split::{Split, SplitFile},
        swap,
    },
    eval::{self, EvalError, Source, System},
    run::Inputs,
};

/// Mixed into the training's seed, so that the names of the evaluation are none that training drew.
const UNSEEN: u64 = 0x756e_7365_656e;

pub(super) fn inputs(context: &Context) -> Result<Inputs, StageError> {
    let training = context.training;
    let gather = context.gather().settings("eval", &training.eval).seed();
    let mut gather = gather.outside("the matches", context.source)?;
    for weights in &training.quantize.types {
        gather = gather.made(&file(&training.name, &weights.to_string()), Stage::Quantize)?;
    }
    Ok(gather.made("prepare/split.json", Stage::Prepare)?.done())
}

pub(super) fn run(context: &Context) -> Result<Done, StageError> {
    let training = context.training;
    let mut settings = training.eval.clone();
    if settings.personas.is_empty() {
        settings.personas.clone_from(&training.data.personas);
    }
    if settings.kinds.is_empty() {
        settings.kinds.clone_from(&training.data.kinds);
    }
    let ship = training.quantize.ship;
    let others = training.quantize.types.iter().copied().filter(|weights| *weights != ship);
    let systems: Vec<System> = std::iter::once(ship)
        .chain(others)
        .map(|weights| {
            let name = weights.to_string();
            System::gguf(format!("{}-{name}", training.name), context.run.join(&file(&training.name, &name)))
        })
        .collect();
    let split = SplitFile::read(&context.run.join("prepare/split.json")).map_err(StageError::Data)?;
    let of = |wanted: Split| -> HashSet<&str> {
        let entries = split.series.iter().filter(|entry| entry.split == wanted);
        entries.flat_map(|entry| entry.matches.iter().map(String::as_str)).collect()
    };
    let (test, train) = (of(Split::Test), of(Split::Train));
    let rename = |mut played: Played| {
        let number = swap::names_only(training.seed ^ UNSEEN, &played.match_id);
        swap::apply(&mut played, Some(number));
        played
    };
    let source = Source {
        path: context.source,
        is_test: &|id| test.contains(id),
        is_train: &|id| train.contains(id),
        reform: &rename,
    };
    let out = context.folder(Stage::Eval);
    let report = eval::run(&settings, &systems, &source, &out, training.seed, context.progress, context.stop).map_err(
        |error| match error {
            EvalError::Cancelled => context.stopped(Stage::Eval),
            error => StageError::Eval(error),
        },
    )?;
    context.progress.note(&report.table());
    let figures = serde_json::json!({"passed": report.passed, "gates": report.gates});
    Ok(Done { outputs: ["json", "md", "html"].map(|ending| format!("eval/report.{ending}")).to_vec(), figures })
}

fn file(name: &str, weights: &str) -> String {
    format!("quantize/{name}-{weights}.gguf")
}
