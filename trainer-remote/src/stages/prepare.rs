//! Rows from matches.

use super::{Context, Done, Stage, StageError};
use crate::run::Inputs;

pub(super) fn inputs(context: &Context) -> Result<Inputs, StageError> {
    let mut data = serde_json::to_value(&context.training.data).unwrap_or_default();
    if let Some(data) = data.as_object_mut() {
        // What the matches are counts, not where they lie.
        data.remove("source");
    }
    Ok(context.gather().settings("data", &data).seed().outside("the matches", context.source)?.done())
}

pub(super) fn run(_context: &Context) -> Result<Done, StageError> {
    Err(StageError::NotConnected(Stage::Prepare))
}
