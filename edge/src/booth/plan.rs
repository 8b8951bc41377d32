//! What is said at once, and what a model is asked for. Pure.

use commentary::{LineKind, Moment, Occasion};

/// How soon a model's line is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// So soon that nobody hears the difference: it may call a wicket.
    Instant,
    /// Later than the moment itself.
    Later,
}

/// What one persona does with one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Kinds of line that are said at once: those that lie ready, the others from the phrasebook.
    pub now: Vec<LineKind>,
    /// What a model is asked for, in the order of saying.
    pub asks: Vec<Ask>,
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
    /// The plan for the kinds that a persona wants to say; `model` is the model's pace, if one may be asked. A model whose
    /// lines are there at once is asked for the call and the colour of a ball. Of another it is one line a ball: its
    /// colour if it deserves any, else its call; but the call of a wicket or a boundary never waits, and the model adds
    /// colour. No model is asked for what lies `ready`.
    pub fn of(kinds: &[LineKind], moment: &Moment, model: Option<Pace>, ready: &[LineKind]) -> Self {
        let model = model.filter(|_| matches!(moment.occasion, Occasion::Ball(_)));
        Self::decide(kinds, model, moment.is_wicket() || moment.is_boundary(), ready)
    }

    fn decide(kinds: &[LineKind], model: Option<Pace>, urgent: bool, ready: &[LineKind]) -> Self {
        let has = |kind| kinds.contains(&kind);
        let is_ready = |kind| ready.contains(&kind);
        let asked: &[LineKind] = match model {
            None => &[],
            Some(Pace::Instant) => &[LineKind::Call, LineKind::Colour],
            Some(Pace::Later) if has(LineKind::Colour) => &[LineKind::Colour],
            Some(Pace::Later) if has(LineKind::Call) && urgent && !is_ready(LineKind::Call) => {
                let colour = Ask { kind: LineKind::Colour, instead: false, then: Vec::new() };
                return Self { now: kinds.to_vec(), asks: vec![colour] };
            }
            Some(Pace::Later) => &[LineKind::Call],
        };
        let mut plan = Self::default();
        for kind in kinds {
            if asked.contains(kind) && !is_ready(*kind) {
                plan.asks.push(Ask { kind: *kind, instead: true, then: Vec::new() });
            } else if let Some(last) = plan.asks.last_mut() {
                last.then.push(*kind);
            } else {
                plan.now.push(*kind);
            }
        }
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use LineKind::{Call, Colour, Over};

    fn kinds(asks: &[Ask]) -> Vec<LineKind> {
        asks.iter().map(|ask| ask.kind).collect()
    }

    #[test]
    fn without_a_model_everything_is_said_at_once() {
        assert_eq!(Plan::decide(&[Call, Colour], None, true, &[]), Plan { now: vec![Call, Colour], asks: vec![] });
    }

    #[test]
    fn the_call_of_a_wicket_or_boundary_never_waits_for_a_model() {
        for said in [&[Call][..], &[Call, Colour]] {
            let plan = Plan::decide(said, Some(Pace::Later), true, &[]);
            assert_eq!(plan.now, [Call], "{said:?}");
            assert_eq!(kinds(&plan.asks), [Colour], "{said:?}");
        }
    }

    #[test]
    fn a_model_without_a_delay_calls_the_wicket_too() {
        let plan = Plan::decide(&[Call, Colour, Over], Some(Pace::Instant), true, &[]);
        assert!(plan.now.is_empty());
        assert_eq!(kinds(&plan.asks), [Call, Colour]);
        assert!(plan.asks.iter().all(|ask| ask.instead), "the phrasebook stands in");
        assert_eq!(plan.asks[1].then, [Over]);
    }

    #[test]
    fn an_ordinary_ball_is_the_models_and_the_over_is_summed_up_after_it() {
        for pace in [Pace::Later, Pace::Instant] {
            let plan = Plan::decide(&[Call, Over], Some(pace), false, &[]);
            assert_eq!(plan, Plan { now: vec![], asks: vec![Ask { kind: Call, instead: true, then: vec![Over] }] });
        }
    }

    #[test]
    fn what_lies_ready_is_said_at_once_and_asked_of_nobody() {
        let later = Some(Pace::Later);
        let at_once = |kinds: &[LineKind]| Plan { now: kinds.to_vec(), asks: vec![] };
        assert_eq!(Plan::decide(&[Call, Over], later, false, &[Call]), at_once(&[Call, Over]));
        assert_eq!(Plan::decide(&[Call], later, true, &[Call]), at_once(&[Call]), "a called wicket needs no more");
        assert_eq!(Plan::decide(&[Call, Colour, Over], later, true, &[Call, Colour]), at_once(&[Call, Colour, Over]));
        assert_eq!(Plan::decide(&[Call, Colour], later, true, &[Colour]), at_once(&[Call, Colour]));
        let plan = Plan::decide(&[Call, Colour, Over], later, true, &[Call]);
        assert_eq!((plan.now.as_slice(), kinds(&plan.asks)), (&[Call][..], vec![Colour]));
        assert_eq!(plan.asks[0].then, [Over]);
    }

    #[test]
    fn silence_asks_for_nothing() {
        assert_eq!(Plan::decide(&[], Some(Pace::Later), true, &[]), Plan::default());
    }
}
