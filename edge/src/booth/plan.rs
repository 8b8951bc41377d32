//! What is said at once, and what a model is asked for. Pure.

use commentary::{LineKind, Moment, Occasion};

/// What one persona does with one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Kinds of line that the phrasebook gives at once.
    pub now: Vec<LineKind>,
    /// What a model is asked for.
    pub ask: Option<Ask>,
}

/// A line asked of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Its kind.
    pub kind: LineKind,
    /// Whether the phrasebook gives one in its place when the model does not.
    pub instead: bool,
    /// Kinds that follow it, from the phrasebook, so that an over is not summed up before its last ball was called.
    pub then: Vec<LineKind>,
}

impl Plan {
    /// The plan for the kinds that a persona wants to say. A model is asked for one line of a ball: its colour if it
    /// deserves any, else its call; but the call of a wicket or a boundary comes at once, and the model adds colour.
    pub fn of(kinds: &[LineKind], moment: &Moment, model: bool) -> Self {
        let is_ball = matches!(moment.occasion, Occasion::Ball(_));
        Self::decide(kinds, model && is_ball, moment.is_wicket() || moment.is_boundary())
    }

    fn decide(kinds: &[LineKind], model: bool, urgent: bool) -> Self {
        let colour = kinds.iter().position(|kind| *kind == LineKind::Colour);
        let call = kinds.iter().position(|kind| *kind == LineKind::Call);
        match (model, colour, call) {
            (true, Some(at), _) => Self::asking(kinds, at, LineKind::Colour),
            (true, None, Some(at)) if !urgent => Self::asking(kinds, at, LineKind::Call),
            (true, None, Some(_)) => Self {
                now: kinds.to_vec(),
                ask: Some(Ask { kind: LineKind::Colour, instead: false, then: Vec::new() }),
            },
            _ => Self { now: kinds.to_vec(), ask: None },
        }
    }

    fn asking(kinds: &[LineKind], at: usize, kind: LineKind) -> Self {
        let (before, rest) = kinds.split_at(at);
        let then = rest.get(1..).unwrap_or_default().to_vec();
        Self { now: before.to_vec(), ask: Some(Ask { kind, instead: true, then }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use LineKind::{Call, Colour, Over};

    #[test]
    fn without_a_model_everything_is_said_at_once() {
        assert_eq!(Plan::decide(&[Call, Colour], false, true), Plan { now: vec![Call, Colour], ask: None });
    }

    #[test]
    fn the_call_of_a_wicket_or_boundary_never_waits_for_a_model() {
        for kinds in [&[Call][..], &[Call, Colour]] {
            let plan = Plan::decide(kinds, true, true);
            assert_eq!(plan.now, [Call], "{kinds:?}");
            assert_eq!(plan.ask.map(|ask| ask.kind), Some(Colour), "{kinds:?}");
        }
    }

    #[test]
    fn an_ordinary_ball_is_the_models_and_the_over_is_summed_up_after_it() {
        let plan = Plan::decide(&[Call, Over], true, false);
        assert_eq!(plan, Plan { now: vec![], ask: Some(Ask { kind: Call, instead: true, then: vec![Over] }) });
    }

    #[test]
    fn silence_asks_for_nothing() {
        assert_eq!(Plan::decide(&[], true, true), Plan::default());
    }
}
