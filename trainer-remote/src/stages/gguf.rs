//! The model as a GGUF file, and the contract between training and serving: golden prompts by the daemon's renderer,
//! their ids by the trained tokenizer, the same ids by llama.cpp's from the finished file.

use serde_json::{Map, Value, json};

use super::{Context, Done, Stage, StageError, sft::ROWS};
use crate::{
    contract::{self, Contract},
    kit::settings::Task,
    quantize,
    run::{self, Inputs, write_json},
    training::BaseKind,
};

/// The file in the run's folder.
pub(super) const FILE: &str = "gguf/model-f16.gguf";
/// The contract in the run's folder.
pub(super) const CONTRACT: &str = "contract.json";

pub(super) fn inputs(context: &Context) -> Result<Inputs, StageError> {
    let training = context.training;
    let (model, from) = context.model_place();
    let about = json!({
        "name": training.name, "description": training.description, "layout": training.data.layout,
        "personas": training.data.personas, "kinds": training.data.kinds,
    });
    let gather = context.gather().settings("about", &about).seed().kit();
    Ok(gather.made(model, from)?.made(ROWS[0], Stage::Teach)?.done())
}

pub(super) fn run(context: &Context) -> Result<Done, StageError> {
    let training = context.training;
    let model = context.run.join(context.model_place().0);
    let contract =
        Contract::golden(&training.data.personas, &training.data.kinds, training.data.layout, training.seed)?;
    let partial = context.run.join("gguf/contract.json");
    write_json(&partial, &contract).map_err(StageError::io(&partial))?;
    context.progress.note(&format!("the contract has {} golden prompts", contract.golden.len()));
    let ids = Task::Contract { contract: partial.clone(), tokenizer: model.clone(), fill: true };
    context.run_kit(Stage::Gguf, ids)?;
    context.check(Stage::Gguf)?;

    let metadata = metadata(context)?;
    let scratch = training.base.kind == BaseKind::Scratch;
    let convert = Task::ToGguf {
        model,
        r#type: "f16",
        metadata: metadata.clone(),
        pre_tokenizer: scratch.then(|| training.tokenizer.pre_tokenizer.clone()),
    };
    let finished = context.run_kit(Stage::Gguf, convert)?;
    let file = context.run.join(FILE);
    quantize::has_metadata(&file, &metadata)?;
    let filled = Contract::read(&partial)?;
    filled.same_prompts(&contract)?;
    let checked = filled.check_in(&file)?;
    let place = context.run.join(CONTRACT);
    run::swap_in(&partial, &place).map_err(StageError::io(place))?;
    let figures = json!({"bytes": finished.figures.get("bytes"), "contract": checked});
    Ok(Done { outputs: vec![FILE.to_owned(), CONTRACT.to_owned()], figures })
}

/// What the file says of itself, so that it can be asked where it comes from.
fn metadata(context: &Context) -> Result<Map<String, Value>, StageError> {
    let training = context.training;
    let rows = context.run.join(ROWS[0]);
    let hashes = context.manifest.hashes(context.run, ROWS[0]).map_err(StageError::io(rows))?.unwrap_or_default();
    let data = hashes.get(ROWS[0]).map(String::as_str).unwrap_or_default();
    let keys = [
        ("general.name", training.name.as_str()),
        ("general.description", training.description.as_str()),
        ("vachak.training", training.name.as_str()),
        ("vachak.layout", training.data.layout.name()),
        ("vachak.prompt_version", &training.data.layout.version().to_string()),
        ("vachak.personas", &training.data.personas.join(",")),
        ("vachak.end_of_turn", contract::end_of_turn(training.data.layout)),
        ("vachak.data_sha256", data),
        ("vachak.seed", &training.seed.to_string()),
        ("vachak.trainer", concat!("trainer-remote ", env!("CARGO_PKG_VERSION"))),
    ];
    Ok(keys.into_iter().map(|(key, value)| (key.to_owned(), Value::from(value))).collect())
}
