//! What the files are worth: the one to be shipped first, the other quantisations beside it, and the baselines.

use std::{collections::HashSet, fs};

use super::{Context, Done, Stage, StageError, quantize::TABLE};
use crate::{
    data::{
        replay::Played,
        split::{Split, SplitFile},
        swap,
    },
    eval::{self, EvalError, Source, System},
    quantize::Table,
    run::{Inputs, write_json},
    training::WeightType,
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
    Ok(gather.made(TABLE, Stage::Quantize)?.made("prepare/split.json", Stage::Prepare)?.done())
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
    let table = context.run.join(TABLE);
    let bytes = fs::read(&table).map_err(StageError::io(&table))?;
    let table: Table = serde_json::from_slice(&bytes).map_err(|error| StageError::io(&table)(error.into()))?;
    let made = |weights| table.files.iter().find(|row| row.r#type == weights);
    let name = |weights: WeightType| format!("{}-{weights}", training.name);
    let systems: Vec<System> = std::iter::once(ship)
        .chain(others)
        .map(|weights| System {
            perplexity: made(weights).and_then(|row| row.perplexity.as_ref()).map(|found| found.perplexity),
            ..System::gguf(name(weights), context.run.join(&file(&training.name, &weights.to_string())))
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
    let quantisations: Vec<_> = table
        .files
        .iter()
        .map(|row| {
            let facts = report.system(&name(row.r#type)).and_then(|system| system.all.fact_clean.rate);
            serde_json::json!({"type": row.r#type, "bytes": row.bytes, "perplexity": row.perplexity, "fact_clean": facts})
        })
        .collect();
    let path = out.join("quantisations.json");
    write_json(&path, &quantisations).map_err(StageError::io(&path))?;
    let figures = serde_json::json!({"passed": report.passed, "gates": report.gates});
    let made = ["report.json", "report.md", "report.html", "quantisations.json"];
    Ok(Done { outputs: made.map(|file| format!("eval/{file}")).to_vec(), figures })
}

fn file(name: &str, weights: &str) -> String {
    format!("quantize/{name}-{weights}.gguf")
}
