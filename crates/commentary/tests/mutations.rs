//! The checker's proof in small: lines judged by hand, and the phrasebook's true lines as they are, made false, and held
//! against a match of other people and scores. `vachak check-eval` runs the same in large.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and prints its figures")]

mod support;

use commentary::checker::proof::{Confusion, Outcome, Quota, Trial, counterfactual, judge_all};
use cricket::{
    cricsheet::{self, CricsheetMatch},
    simulate::{self, SimulationSettings},
};

/// The sample matches; invented ones, said aloud, where they are absent.
fn matches() -> Vec<(String, CricsheetMatch)> {
    let samples = support::samples();
    if samples.is_empty() {
        eprintln!("twelve invented matches instead");
        let invented = |seed: u64| (seed.to_string(), simulate::simulate(&SimulationSettings::new(seed)).unwrap());
        return (0..12).map(invented).collect();
    }
    let read = |file: &std::path::PathBuf| {
        let id = file.file_stem().unwrap().to_string_lossy().into_owned();
        (id, cricsheet::read(&std::fs::read(file).unwrap()).unwrap())
    };
    samples.iter().map(read).collect()
}

#[test]
fn true_lines_pass_and_lines_made_false_are_caught() {
    let mut trial = Trial::default();
    for (id, file) in matches() {
        trial.play(&id, &file, Quota { alarms: 1_500, mutated: 300, swapped: 300 });
    }
    eprintln!("{} true lines, {} refused", trial.true_lines, trial.alarms.len());
    assert!(trial.true_lines > 5_000, "only {} lines", trial.true_lines);
    for ((language, kind), count) in &trial.mutants {
        eprintln!("{language}: {kind}: {} of {} caught", count.caught, count.made);
        for (mutant, line) in &count.missed {
            eprintln!("    let through: {mutant} ({line})");
        }
    }
    for language in ["en", "hi"] {
        let (caught, made) = trial.caught(language);
        eprintln!("{language}: {caught} of {made} false lines caught");
        assert!(caught * 1_000 >= made * 997, "{language}: {caught} of {made}");
    }
    let swaps = &trial.swaps;
    eprintln!("swapped: {} lines, {} refused, {} follow", swaps.lines, swaps.refused, swaps.followed);
    for missed in &swaps.missed {
        eprintln!("    {missed}");
    }
    assert!(swaps.lines > 500, "only {} lines were held against the other match", swaps.lines);
    assert!(swaps.refused * 1_000 >= swaps.lines * 990, "{} of {}", swaps.refused, swaps.lines);
    assert_eq!(swaps.followed, swaps.lines);
    assert!(trial.alarms.is_empty(), "{:#?}", trial.alarms);
}

#[test]
fn lines_judged_by_hand_are_judged_alike() {
    let judged = judge_all().unwrap();
    for one in &judged {
        match &one.outcome {
            Outcome::Taken(label, _) if *label == one.line.is => {}
            Outcome::Taken(label, why) => {
                eprintln!("{:?} taken for {label:?}: {}: {} [{why}]", one.line.is, one.line.scene, one.line.say);
            }
            Outcome::Unfit(why) => panic!("a labelled line must be speakable: {why}"),
        }
    }
    let confusion = Confusion::of(&judged);
    let (through, bad) = confusion.let_through();
    eprintln!("precision {:.3}, recall {:.3}, {through} of {bad} through", confusion.precision(), confusion.recall());
    assert!(judged.len() >= 300, "only {} lines", judged.len());
    assert!(judged.iter().filter(|judged| judged.line.held_out).count() >= 50, "too few lines are held out");
    assert!(confusion.precision() >= 0.98 && confusion.recall() >= 0.98);
    assert!(through * 100 <= bad, "{through} of {bad} bad lines are let through");
}

#[test]
fn a_counterfactual_match_has_the_same_balls_of_other_people() {
    let file = simulate::simulate(&SimulationSettings::new(3)).unwrap();
    let other = counterfactual(&file).unwrap();
    let pairs = || file.deliveries().zip(other.deliveries());
    assert_eq!(file.deliveries().count(), other.deliveries().count());
    assert!(pairs().all(|(one, other)| one.runs == other.runs && one.batter != other.batter));
}
