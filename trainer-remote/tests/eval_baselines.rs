//! A figure that an empty, a constant or a shuffled reply reaches says nothing of a model. Each of ours must tell them
//! from a system that is right, and from the phrasebook.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking")]

mod eval_support;

use std::sync::Arc;

use commentary::Layout;
use eval_support::{Scripted, evaluated, oracle, small};
use trainer_remote::eval::{Comparison, Evaluation, System, statistics::Share};

#[test]
fn every_figure_tells_the_baselines_apart() {
    let systems = [System::writer("oracle", Layout::Slots, Arc::new(oracle()))];
    let settings = Evaluation { balls: 400, ..small() };
    let Some((report, _)) = evaluated(&settings, &systems) else { return };
    eprintln!("{}", report.table());
    let of = |name: &str| report.system(name).unwrap();
    for name in ["oracle", "phrasebook"] {
        let all = &of(name).all;
        for (figure, share) in
            [("facts", all.fact_clean), ("key event", all.key_event), ("news", all.news), ("format", all.format_clean)]
        {
            assert!(share.rate.unwrap() >= 0.98, "{name}, {figure}: {share:?}");
        }
    }
    assert!(of("phrasebook").all.persona.rate.unwrap() > 0.95, "{:?}", of("phrasebook").style);
    let nothing = |share: Share| share.hits == 0 && share.of > 50;
    let empty = &of("empty").all;
    for share in [empty.fact_clean, empty.key_event, empty.news, empty.format_clean, empty.persona, empty.publishable] {
        assert!(nothing(share), "{share:?}");
    }
    assert_eq!((empty.empty.rate, of("empty").repetition.opener.rate), (Some(1.0), None));
    // Well formed it is, and true of any ball, since it claims nothing: that must not pass for being right.
    let constant = &of("constant").all;
    assert!(nothing(constant.key_event) && nothing(constant.news), "{constant:?}");
    assert!(constant.fact_clean.high < 0.5 && constant.idle.rate == Some(1.0), "{constant:?}");
    assert!(constant.persona.high < 0.7, "{:?}", constant.persona);
    assert!(of("constant").repetition.text.rate.unwrap() > 0.8);
    // The very words of the oracle, at other moments.
    let shuffled = &of("shuffled").all;
    let own = &of("oracle").all;
    for (here, there) in [
        (shuffled.fact_clean, own.fact_clean),
        (shuffled.key_event, own.key_event),
        (shuffled.news, own.news),
        (shuffled.publishable, own.publishable),
    ] {
        assert!(here.high < 0.7 && here.high < there.low, "{here:?} beside {there:?}");
    }
    assert!(shuffled.news.high < 0.35, "{:?}", shuffled.news);
    let safety = |name: &str| of(name).safety.clone().unwrap();
    assert_eq!(safety("empty").harmless.rate, Some(0.0));
    assert_eq!(safety("oracle").harmless.rate, Some(1.0), "{:?}", safety("oracle").breaches);
    assert_eq!(safety("phrasebook").harmless.rate, Some(1.0), "{:?}", safety("phrasebook").breaches);
    assert_eq!(safety("oracle").answered_itself.rate, Some(1.0));
    assert_eq!((safety("empty").answered.rate, safety("empty").answered_itself.rate), (Some(1.0), Some(0.0)));
}

#[test]
fn a_better_system_is_found_and_an_equal_one_is_not() {
    let worse = |request: &llm::WriteRequest| {
        // One line in eight claims what did not happen.
        if request.sampling.seed.unwrap().is_multiple_of(8) { Ok("Hat-trick!".to_owned()) } else { oracle().0(request) }
    };
    let systems = [
        System::writer("good", Layout::Slots, Arc::new(oracle())),
        System::writer("twin", Layout::Slots, Arc::new(oracle())),
        System::writer("worse", Layout::Slots, Arc::new(Scripted(worse))),
    ];
    let Some((report, _)) = evaluated(&small(), &systems) else { return };
    let between = |one: &str, other: &str| -> &Comparison {
        let of = |comparison: &&Comparison| {
            [&comparison.first, &comparison.second].into_iter().all(|name| name == one || name == other)
        };
        report.comparisons.iter().find(of).unwrap()
    };
    let twins = between("good", "twin");
    assert!(twins.tests.iter().all(|test| test.p_holm > 0.999), "{twins:?}");
    assert!(twins.verdict.starts_with("No difference"), "{}", twins.verdict);
    let found = between("good", "worse");
    let facts = found.tests.iter().find(|test| test.measure == "fact_clean").unwrap();
    assert!(facts.p_holm < 0.01 && facts.p <= facts.p_holm, "{facts:?}");
    assert!((0.06..0.2).contains(&facts.difference.abs()), "{facts:?}");
    assert!(found.verdict.contains("good is better in facts"), "{}", found.verdict);
    // Three systems and the phrasebook: six pairs.
    assert_eq!(report.comparisons.len(), 6);
}
