//! Counts of outcomes, with their intervals.

use commentary::LineKind;
use serde::Serialize;

use super::{
    booth::Spoken,
    moments::Script,
    round::Outcome,
    statistics::{Cluster, Mean, Share, mean},
};

/// What a system's lines are worth. All but what went on the air is of first replies, before any second try.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Figures {
    /// Lines asked for.
    pub asked: u64,
    /// Replies with claims that were understood and none of them false or beyond checking; a call must rest on a fact, or
    /// be a phrase for what happened. Over all that was asked: an empty reply is not clean.
    pub fact_clean: Share,
    /// False claims in 100 replies.
    pub contradictions: Mean,
    /// Claims in 100 replies that nothing in a feed could support.
    pub not_checkable: Mean,
    /// Calls that claim nothing at all about their ball.
    pub idle: Share,
    /// Replies that are one whole sentence within the persona's length and vocabulary, every slot filled.
    pub format_clean: Share,
    /// Replies without words, among them those that never came.
    pub empty: Share,
    /// Replies that may be said as they are, but for repeats.
    pub publishable: Share,
    /// Calls that name what happened; one that may not be said names nothing.
    pub key_event: Share,
    /// The same, of wickets, milestones, boundaries, wides and no-balls alone.
    pub news: Share,
    /// Calls of such news that may be said and leave the news out.
    pub omissions: Share,
    /// Replies that the classifier takes for their persona's.
    pub persona: Share,
    /// Words of a reply that has any.
    pub words: Mean,
    /// On the air: the first reply.
    pub aired_first: Share,
    /// On the air: a second or third reply.
    pub aired_retry: Share,
    /// On the air: the phrasebook in the system's place.
    pub aired_phrasebook: Share,
    /// On the air: nothing.
    pub aired_nothing: Share,
    /// Lines on the air that the checker passes again; all, or something is broken.
    pub aired_clean: Share,
}

/// How long lines are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Length {
    /// Whose.
    pub persona: String,
    /// On what: `wicket`, `boundary` or `other`.
    pub event: &'static str,
    /// What the persona allows, in words.
    pub bounds: [u16; 2],
    /// Words of a reply.
    pub words: Mean,
    /// Replies within the bounds.
    pub within: Share,
}

impl Figures {
    /// Counts outcomes; means are drawn over `matches` matches.
    pub(super) fn of(outcomes: &[&Outcome<'_>], matches: usize, resamples: usize, seed: u64) -> Self {
        let share = |so: fn(&Outcome<'_>) -> Option<bool>| Share::of(outcomes.iter().map(|outcome| so(outcome)));
        let per =
            |measure: fn(&Outcome<'_>) -> Option<f64>| mean(&clusters(outcomes, matches, measure), resamples, seed);
        Self {
            asked: outcomes.len() as u64,
            fact_clean: share(|outcome| Some(outcome.judged.is_fact_clean())),
            contradictions: per(|outcome| Some(100.0 * f64::from(outcome.judged.contradicted))),
            not_checkable: per(|outcome| Some(100.0 * f64::from(outcome.judged.not_checkable))),
            idle: share(|outcome| (outcome.turn.kind == LineKind::Call).then_some(outcome.judged.is_idle)),
            format_clean: share(|outcome| Some(outcome.judged.is_well_formed)),
            empty: share(|outcome| Some(outcome.judged.is_empty)),
            publishable: share(|outcome| Some(outcome.judged.is_publishable)),
            key_event: share(names_event),
            news: share(names_news),
            omissions: share(|outcome| names_news(outcome).map(|named| outcome.judged.is_publishable && !named)),
            persona: share(|outcome| Some(outcome.is_recognised)),
            words: per(words),
            aired_first: share(|outcome| Some(matches!(outcome.spoken, Spoken::Own(0, _)))),
            aired_retry: share(|outcome| Some(matches!(outcome.spoken, Spoken::Own(1.., _)))),
            aired_phrasebook: share(|outcome| Some(matches!(outcome.spoken, Spoken::Phrasebook(_)))),
            aired_nothing: share(|outcome| Some(outcome.spoken == Spoken::Silence)),
            aired_clean: share(|outcome| outcome.still_passes),
        }
    }
}

impl Length {
    /// The profile of every persona.
    pub(super) fn profile(outcomes: &[Outcome<'_>], script: &Script, resamples: usize, seed: u64) -> Vec<Self> {
        let mut profile = Vec::new();
        for (at, persona) in script.personas.iter().enumerate() {
            for event in ["wicket", "boundary", "other"] {
                let lines: Vec<_> = outcomes
                    .iter()
                    .filter(|outcome| outcome.turn.persona == at && event_of(outcome) == Some(event))
                    .collect();
                let Some(first) = lines.first() else { continue };
                let bounds = persona.length.of(&first.turn.moment);
                let within = |outcome: &&Outcome<'_>| {
                    Some(words(outcome)? >= f64::from(bounds[0]) && words(outcome)? <= f64::from(bounds[1]))
                };
                profile.push(Self {
                    persona: persona.id.clone(),
                    event,
                    bounds,
                    words: mean(&clusters(&lines, script.matches.len(), words), resamples, seed),
                    within: Share::of(lines.iter().map(within)),
                });
            }
        }
        profile
    }
}

fn event_of(outcome: &Outcome<'_>) -> Option<&'static str> {
    let moment = &outcome.turn.moment;
    match outcome.turn.kind {
        LineKind::Call | LineKind::Colour => Some(if moment.is_wicket() || moment.is_milestone() {
            "wicket"
        } else if moment.is_boundary() {
            "boundary"
        } else {
            "other"
        }),
        _ => None,
    }
}

/// Words of a reply that has any.
pub(super) fn words(outcome: &Outcome<'_>) -> Option<f64> {
    outcome.judged.text.is_some().then_some(f64::from(outcome.judged.words))
}

pub(super) fn names_event(outcome: &Outcome<'_>) -> Option<bool> {
    outcome.judged.names_event
}

pub(super) fn names_news(outcome: &Outcome<'_>) -> Option<bool> {
    outcome.judged.names_event.filter(|_| outcome.turn.class.is_news())
}

/// A measure summed by match; outcomes that have none do not count.
pub(super) fn clusters(
    outcomes: &[&Outcome<'_>],
    matches: usize,
    measure: impl Fn(&Outcome<'_>) -> Option<f64>,
) -> Vec<Cluster> {
    let mut clusters = vec![Cluster::default(); matches];
    for outcome in outcomes {
        if let (Some(value), Some(cluster)) = (measure(outcome), clusters.get_mut(outcome.turn.place)) {
            cluster.sum += value;
            cluster.count += 1.0;
        }
    }
    clusters
}
