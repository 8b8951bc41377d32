//! Which stages would run, and why.

use serde::Serialize;

use super::{Context, Stage, StageError};
use crate::run::Manifest;

/// What a stage would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "what", content = "why", rename_all = "snake_case")]
pub enum Decision {
    /// It runs, because of this.
    Run(String),
    /// It may run: a stage before it runs first, and it does if that one's outputs change.
    Follows(Stage),
    /// It is as it would be made now.
    Fresh,
    /// This training does without it.
    NotNeeded(&'static str),
}

/// A stage in a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Planned {
    /// Which.
    pub stage: Stage,
    /// What it would do.
    #[serde(flatten)]
    pub decision: Decision,
    /// How long it took last, s.
    pub seconds_last: Option<f64>,
}

/// What a run would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// Its stages, in order.
    pub stages: Vec<Planned>,
}

/// Plans these stages.
///
/// # Errors
/// When what a stage takes cannot be read, or is missing and no planned stage makes it.
pub fn plan(context: &Context, stages: &[Stage], force: bool) -> Result<Plan, StageError> {
    let mut planned: Vec<Planned> = Vec::new();
    for &stage in stages {
        let runs = |before: &Stage| {
            let at_work = |one: &Planned| matches!(one.decision, Decision::Run(_) | Decision::Follows(_));
            planned.iter().any(|one| one.stage == *before && at_work(one))
        };
        let before = stage.after().iter().copied().find(runs);
        let decision = match (decide(context, stage, force), before) {
            (Ok(Decision::Fresh) | Err(StageError::Needs { .. }), Some(before)) => Decision::Follows(before),
            (decided, _) => decided?,
        };
        let seconds_last = context.manifest.stages.get(&stage).map(|record| record.seconds);
        planned.push(Planned { stage, decision, seconds_last });
    }
    Ok(Plan { stages: planned })
}

/// What a stage would do now.
pub(super) fn decide(context: &Context, stage: Stage, force: bool) -> Result<Decision, StageError> {
    if let Some(why) = stage.not_needed(context.training) {
        return Ok(Decision::NotNeeded(why));
    }
    let inputs = stage.inputs(context)?;
    if force {
        return Ok(Decision::Run("forced".to_owned()));
    }
    let Manifest { stages, .. } = context.manifest;
    let Some(record) = stages.get(&stage) else {
        return Ok(Decision::Run("it has not run yet".to_owned()));
    };
    if record.inputs_sha256 != inputs.sha256() {
        return Ok(Decision::Run(inputs.changes_since(&record.inputs)));
    }
    Ok(match record.lacks(context.run) {
        Some(place) if context.run.join(place).exists() => Decision::Run(format!("{place} was changed")),
        Some(place) => Decision::Run(format!("{place} is missing")),
        None => Decision::Fresh,
    })
}
