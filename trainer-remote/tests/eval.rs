//! The whole evaluation with the development model, and what does not depend on which model it is.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking")]

mod eval_support;

use std::{collections::BTreeSet, fs, sync::Arc};

use commentary::Layout;
use eval_support::{Scripted, evaluated, oracle, shared, small};
use llm::{EmbeddedConfig, WriteError};
use tokio_util::sync::CancellationToken;
use trainer_remote::{
    data::replay::Played,
    eval::{EvalError, Evaluation, Gates, Source, System, run, system::Model},
    progress::Quiet,
};

/// The development model errs often; its figures must say so, and stand between the phrasebook's and the empty reply's.
#[test]
fn a_real_model_is_measured_between_the_baselines() {
    let Some(model) = shared("models/dev-mini-q8_0.gguf") else { return };
    // More threads than are free wait for each other.
    let config = EmbeddedConfig { threads: Some(1), ..EmbeddedConfig::new(model) };
    let system = System {
        name: "dev-mini".to_owned(),
        layout: Some(Layout::Compact),
        model: Model::Embedded(config),
        grounded: false,
        perplexity: Some(4.2),
    };
    let settings = Evaluation {
        balls: 160,
        gates: Gates { fact_clean: Some(0.99), line_ms_p95: Some(600_000.0), ..Gates::default() },
        ..small()
    };
    let Some((report, out)) = evaluated(&settings, &[system]) else { return };
    eprintln!("{}", report.table());
    let names: Vec<_> = report.systems.iter().map(|system| system.name.as_str()).collect();
    assert_eq!(names, ["dev-mini", "phrasebook", "empty", "constant", "shuffled"]);
    let facts = |name: &str| report.system(name).unwrap().all.fact_clean;
    assert!(facts("dev-mini").high < facts("phrasebook").low, "{:?}", facts("dev-mini"));
    // It tells of shots that no feed has; the little that stands is more than nothing.
    assert!(facts("dev-mini").hits > 0 && facts("empty").hits == 0, "{:?}", facts("dev-mini"));
    let own = report.system("dev-mini").unwrap();
    assert!(own.all.contradictions.value.unwrap() + own.all.not_checkable.value.unwrap() > 10.0);
    assert_eq!(own.all.aired_clean.rate, Some(1.0));
    let speed = own.speed.as_ref().unwrap();
    assert!(speed.decode_per_second.unwrap() > 10.0 && speed.line_ms_p95 >= speed.line_ms_p50);
    assert_eq!(speed.file_bytes, Some(6_065_792));
    assert!((speed.pi5_decode_per_second.unwrap() - 9.5 / 0.006_065_792).abs() < 1.0);
    assert!(!report.passed);
    assert_eq!(report.gates.iter().map(|gate| gate.met).collect::<Vec<_>>(), [false, true]);
    assert_eq!(own.examples.as_ref().unwrap().weakest.len(), 10);
    let json: serde_json::Value = serde_json::from_slice(&fs::read(out.path().join("report.json")).unwrap()).unwrap();
    assert_eq!(json["schema"], "vachak.evaluation/1");
    let page = fs::read_to_string(out.path().join("report.html")).unwrap();
    assert!(page.contains("<svg") && !page.contains("<script") && page.ends_with("</html>\n"));
    if let Some(folder) = std::env::var_os("VACHAK_KEEP") {
        for name in ["report.html", "report.md", "report.json"] {
            fs::copy(out.path().join(name), std::path::Path::new(&folder).join(name)).unwrap();
        }
    }
}

#[test]
fn the_same_seed_asks_the_same_and_another_does_not() {
    let Some(samples) = shared("data/samples") else { return };
    let figures = |seed| {
        let out = tempfile::tempdir().unwrap();
        let systems = [System::writer("oracle", Layout::Slots, Arc::new(oracle()))];
        let source = Source::all(&samples);
        let report = run(&small(), &systems, &source, out.path(), seed, &Quiet, &CancellationToken::new()).unwrap();
        (report.asked, report.systems.into_iter().map(|system| (system.all, system.repetition)).collect::<Vec<_>>())
    };
    let first = figures(7);
    assert_eq!(figures(7), first);
    assert_ne!(figures(8).0, first.0);
}

#[test]
fn only_test_matches_are_asked_about_after_their_reform() {
    let Some(samples) = shared("data/samples") else { return };
    let tests: BTreeSet<&str> = ["1127532", "1359534", "1384429"].into();
    let is_test = |id: &str| tests.contains(id);
    let is_train = |id: &str| !tests.contains(id);
    let reform = |mut played: Played| {
        played.game.info.venue = Some("Nowhere Park".into());
        played
    };
    let source = Source { path: &samples, is_test: &is_test, is_train: &is_train, reform: &reform };
    let settings = Evaluation { balls: 60, matches: 3, ..small() };
    let replies = |request: &llm::WriteRequest| {
        let at_nowhere = request.prompt.contains("Nowhere Park") || request.prompt.contains("event");
        Ok(if at_nowhere { "Well played." } else { "" }.to_owned())
    };
    let systems = [System::writer("one", Layout::Slots, Arc::new(Scripted(replies)))];
    let out = tempfile::tempdir().unwrap();
    let report = run(&settings, &systems, &source, out.path(), 7, &Quiet, &CancellationToken::new()).unwrap();
    assert_eq!(report.asked.matches.iter().map(String::as_str).collect::<BTreeSet<_>>(), tests);
    assert_eq!((report.asked.balls, report.asked.lessons_overlap), (60, false));
    let more = Evaluation { matches: 4, ..settings };
    let refused = run(&more, &systems, &source, out.path(), 7, &Quiet, &CancellationToken::new()).unwrap_err();
    assert!(matches!(refused, EvalError::TooFew { found: 3, wanted: 4, .. }), "{refused}");
    assert!(refused.to_string().contains("hint:"));
}

#[test]
fn a_second_try_saves_a_line_and_the_phrasebook_speaks_after_the_third() {
    // A retry has another seed: one more.
    let half = |request: &llm::WriteRequest| match request.sampling.seed.unwrap() % 2 {
        0 => oracle().0(request),
        _ => Ok("A cover drive to the fence".to_owned()),
    };
    let never = |_: &llm::WriteRequest| Ok("A cover drive to the fence.".to_owned());
    let systems = [
        System::writer("half", Layout::Slots, Arc::new(Scripted(half))),
        System::writer("never", Layout::Slots, Arc::new(Scripted(never))),
    ];
    let Some((report, _)) = evaluated(&small(), &systems) else { return };
    let half = &report.system("half").unwrap().all;
    assert!(half.aired_retry.rate.unwrap() > 0.2, "{half:?}");
    assert!((0.35..0.65).contains(&half.publishable.rate.unwrap()), "{half:?}");
    let never = &report.system("never").unwrap().all;
    assert_eq!((never.aired_first.hits, never.aired_retry.hits, never.fact_clean.hits), (0, 0, 0));
    assert!(never.aired_phrasebook.rate.unwrap() > 0.95, "{never:?}");
    assert_eq!(never.aired_clean.rate, Some(1.0));
}

#[test]
fn what_a_system_writes_is_text_in_every_report() {
    let nasty = |_: &llm::WriteRequest| Ok("<script>alert(1)</script>|**x**".to_owned());
    let systems = [System::writer("<b>nasty</b>", Layout::Compact, Arc::new(Scripted(nasty)))];
    let Some((report, _)) = evaluated(&Evaluation { balls: 40, matches: 4, ..small() }, &systems) else { return };
    assert!(!report.html().contains("<script") && !report.html().contains("<b>nasty"));
    assert!(!report.markdown().contains("<script") && !report.markdown().contains("<b>nasty"));
    assert!(report.html().contains("&lt;script&gt;alert(1)"));
}

#[test]
fn a_system_that_never_answers_is_named_and_nothing_is_written() {
    let Some(samples) = shared("data/samples") else { return };
    let dead = |_: &llm::WriteRequest| Err(WriteError::Truncated("it died".to_owned()));
    let systems = [System::writer("dead", Layout::Compact, Arc::new(Scripted(dead)))];
    let out = tempfile::tempdir().unwrap();
    let cancel = CancellationToken::new();
    let failed = run(&small(), &systems, &Source::all(&samples), out.path(), 7, &Quiet, &cancel).unwrap_err();
    assert!(matches!(&failed, EvalError::Silent { system, .. } if system == "dead"), "{failed}");
    assert!(failed.to_string().contains("truncated") && failed.to_string().contains("hint:"), "{failed}");
    let missing = System::gguf("missing", "no/such/file.gguf");
    let failed = run(&small(), &[missing], &Source::all(&samples), out.path(), 7, &Quiet, &cancel).unwrap_err();
    assert!(failed.to_string().contains("no/such/file.gguf"), "{failed}");
    cancel.cancel();
    let systems = [System::writer("oracle", Layout::Slots, Arc::new(oracle()))];
    let stopped = run(&small(), &systems, &Source::all(&samples), out.path(), 7, &Quiet, &cancel).unwrap_err();
    assert!(matches!(stopped, EvalError::Cancelled), "{stopped}");
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0);
}

#[test]
fn systems_need_names_of_their_own() {
    let out = tempfile::tempdir().unwrap();
    let named = |name: &str| System::writer(name, Layout::Slots, Arc::new(oracle()));
    for systems in [vec![], vec![named("phrasebook")], vec![named("a"), named("a")], vec![named("")]] {
        let source = Source::all(out.path());
        let refused = run(&small(), &systems, &source, out.path(), 7, &Quiet, &CancellationToken::new()).unwrap_err();
        assert!(matches!(refused, EvalError::Setting { .. }), "{refused}");
    }
}
