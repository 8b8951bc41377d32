//! What the rows are like, for people.

use super::{Context, Done, Stage, StageError, sft::ROWS};
use crate::{
    data::{DataError, report},
    run::Inputs,
};

pub(super) fn inputs(context: &Context) -> Result<Inputs, StageError> {
    let gather = context.gather();
    let mut rows = ROWS.into_iter().chain(["teach/test.jsonl.zst"]);
    Ok(rows.try_fold(gather, |gather, place| gather.made(place, Stage::Teach))?.done())
}

pub(super) fn run(context: &Context) -> Result<Done, StageError> {
    let (rows, out) = (context.folder(Stage::Teach), context.folder(Stage::Report));
    let report = report::run(&rows, &out, context.progress, context.stop).map_err(|error| match error {
        DataError::Stopped => context.stopped(Stage::Report),
        error => StageError::Data(error),
    })?;
    Ok(Done {
        outputs: vec!["report/index.html".to_owned(), "report/report.json".to_owned()],
        figures: serde_json::json!({"leakage": report.leakage, "grounded": report.grounded}),
    })
}
