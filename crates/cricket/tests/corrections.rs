//! However a feed comes to its final word (revisions, retractions, replaced overs, a resend), and in whatever order the
//! messages arrive, the score is that of a clean replay of that word.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "support/scorer.rs"]
mod scorer;
mod support;

use cricket::{
    cricsheet,
    event::Event,
    score::{Effect, Match, MatchState, Sequencer},
    simulate::{SimulationSettings, simulate_events},
};
use proptest::prelude::*;
use scorer::{Deed, Scorer};

/// Messages that arrive up to so many places late.
const WINDOW: usize = 8;

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let which = any::<prop::sample::Index>;
    let deed = prop_oneof![
        4 => (which(), 0_u16..7).prop_map(|(which, bat)| Deed::Correct(which, bat)),
        2 => (which(), 0_u16..7).prop_map(|(which, bat)| Deed::LookAgain(which, bat)),
        2 => which().prop_map(Deed::Retract),
        2 => which().prop_map(Deed::Restore),
        2 => (which(), prop::collection::vec(0_u16..7, 0..8)).prop_map(|(which, runs)| Deed::ReplaceOver(which, runs)),
        1 => which().prop_map(Deed::RetractReplacement),
        1 => Just(Deed::Resend),
    ];
    prop::collection::vec(deed, 0..12)
}

fn play(match_id: &str, stream: impl IntoIterator<Item = Event>) -> MatchState {
    let mut game = Match::new(match_id);
    for event in stream {
        let before = game.state().clone();
        let applied = game.apply(event);
        // Who was told of the score before a rebuild can look at it still.
        let was = (applied.effect == Effect::Rebuilt).then_some(before);
        assert_eq!(applied.was.as_deref(), was.as_ref());
    }
    game.state().clone()
}

/// In groups of the window's size, each backwards and with a message of the group before once more.
fn disordered(stream: &[Event]) -> Vec<Event> {
    let mut sent = Vec::new();
    for group in stream.chunks(WINDOW) {
        let again = sent.len().checked_sub(3).and_then(|at| sent.get(at)).cloned();
        sent.extend(group.iter().rev().cloned());
        sent.extend(again);
    }
    sent
}

fn sequenced(stream: Vec<Event>) -> Vec<Event> {
    let mut sequencer = Sequencer::after((0, 0));
    let mut out: Vec<Event> = stream.into_iter().flat_map(|event| sequencer.push(event)).collect();
    out.extend(sequencer.release_all());
    out
}

fn holds(events: &[Event], deeds: &[Deed], shuffle: &[prop::sample::Index]) -> Result<(), TestCaseError> {
    let mut scorer = Scorer::new(events);
    for deed in deeds {
        scorer.does(deed);
    }
    let match_id = &events[0].match_id;
    let truth = play(match_id, scorer.truth());
    prop_assert_eq!(&play(match_id, scorer.sent.clone()), &truth, "in order");
    let disordered = disordered(&scorer.sent);
    prop_assert_eq!(&play(match_id, disordered.clone()), &truth, "in disorder");
    prop_assert_eq!(&play(match_id, sequenced(disordered)), &truth, "in disorder, through the sequencer");
    let mut shuffled = scorer.sent;
    for (at, to) in shuffle.iter().enumerate() {
        let (from, to) = (shuffled.len() - 1 - at % shuffled.len(), to.index(shuffled.len()));
        shuffled.swap(from, to);
    }
    let at_once = Match::from_events(match_id.clone(), shuffled.clone());
    prop_assert_eq!(at_once.state(), &truth, "shuffled, all at once");
    prop_assert_eq!(&play(match_id, shuffled), &truth, "shuffled");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn a_corrected_match_is_scored_as_its_final_truth(
        seed in 0_u64..20, length in 3_usize..70, deeds in deeds(),
        shuffle in prop::collection::vec(any::<prop::sample::Index>(), 0..80),
    ) {
        let events = simulate_events(&SimulationSettings::new(seed)).unwrap();
        holds(&events[..length], &deeds, &shuffle)?;
    }
}

#[test]
fn a_corrected_real_match_is_scored_as_its_final_truth() {
    for (id, bytes) in support::samples() {
        let mut events = cricsheet::to_events(&*id, &cricsheet::read(&bytes).unwrap());
        events.truncate(260);
        proptest!(ProptestConfig { cases: 2, failure_persistence: None, ..ProptestConfig::default() }, |(
            deeds in deeds(),
            shuffle in prop::collection::vec(any::<prop::sample::Index>(), 0..60),
        )| {
            holds(&events, &deeds, &shuffle)?;
        });
    }
}
