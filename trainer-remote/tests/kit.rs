//! The kit's driver, with a Python that misbehaves: every ending in words.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{path::PathBuf, thread, time::Duration};

use support::{House, Told, WORKS};
use trainer_remote::{
    kit::{
        Environment, Finished, Kit, KitError, Wanted,
        settings::{Settings, Task},
    },
    run::Stop,
};

fn prepare(house: &House, python: PathBuf) -> Result<Kit, KitError> {
    let wanted = Wanted { python: Some(python), folder: None };
    Kit::prepare(&house.path("programs"), &wanted, &Told::default(), &Stop::new()).map(|(kit, _)| kit)
}

fn run(house: &House, script: &str, told: &Told, stop: &Stop) -> Result<Finished, KitError> {
    let kit = prepare(house, house.python(script))?;
    let task = Task::Contract { contract: house.path("c"), tokenizer: house.path("t"), fill: true };
    kit.run(&house.path("settings.json"), &Settings::new(house.path("out"), task), told, stop)
}

/// The error of a script, in words.
fn words(script: &str) -> (String, KitError) {
    let error = run(&House::new(), script, &Told::default(), &Stop::new()).unwrap_err();
    (error.to_string(), error)
}

#[test]
fn no_python() {
    let house = House::new();
    let error = prepare(&house, house.path("nowhere/python")).unwrap_err();
    assert!(matches!(error, KitError::NoPython { .. }));
    assert!(error.to_string().contains("nowhere/python cannot be started"), "{error}");
    let error = prepare(&house, house.folder.path().to_owned()).unwrap_err();
    assert!(error.to_string().contains("a folder without a Python environment"), "{error}");
    let found = Environment::find(&Wanted { python: None, folder: Some(house.path("cache")) }).unwrap();
    assert_eq!(found, Environment::ToSetUp(house.path("cache")));
}

#[test]
fn packages_that_are_missing() {
    let house = House::new();
    let python = house.path("python");
    for (says, words) in [
        (
            r#"echo '{"python":"3.12.0","packages":{"torch":"2.0","trl":null}}'"#,
            "packages are missing: transformers, trl",
        ),
        (r#"echo '{"python":"3.9.1"}'; exit 1"#, "its version is 3.9.1, and 3.11 or newer is needed"),
        (r#"echo '{"python":"3.12.0","problem":"torch cannot be loaded: libcudnn"}'"#, "torch cannot be loaded"),
        ("echo 'Fatal Python error' >&2; exit 1", "Fatal Python error"),
        ("true", "its check says nothing"),
    ] {
        house.python("");
        std::fs::write(&python, format!("#!/bin/sh\n{says}\n")).unwrap();
        let error = prepare(&house, python.clone()).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains("hint: "), "{error}");
    }
    let (text, _) = words(
        "echo 'Traceback (most recent call last):' >&2; echo \"ModuleNotFoundError: No module named 'peft'\" >&2; exit 1",
    );
    assert!(text.contains("the Python package 'peft' is missing; hint: run `trainer-remote kit setup`"), "{text}");
}

#[test]
fn a_program_that_is_killed() {
    let (text, error) =
        words("say '{\"event\":\"checkpoint\",\"step\":400,\"path\":\"/x/checkpoint-400\"}'; kill -9 $$");
    assert!(text.contains("it was killed, as Linux does when memory runs out (checkpoint-400 was kept)"), "{text}");
    assert!(matches!(error, KitError::Failed { ours: false, .. }));
    let (text, _) = words("kill -SEGV $$");
    assert!(text.contains("ended by signal 11"), "{text}");
}

#[test]
fn a_disk_that_is_full_and_other_failures_that_are_said() {
    let (text, error) = words(
        "say '{\"event\":\"failed\",\"what\":\"the disk is full\",\"kept\":\"checkpoint-200\",\"hint\":\"free space and run the same command\"}'; exit 1",
    );
    assert_eq!(text, "contract: the disk is full (checkpoint-200 was kept); hint: free space and run the same command");
    assert!(matches!(error, KitError::Failed { ours: false, .. }));
    let (text, error) = words("say '{\"event\":\"failed\",\"what\":\"KeyError: 1\",\"kept\":null}'; exit 2");
    assert!(text.contains("contract.log has the program's own words"), "{text}");
    assert!(matches!(error, KitError::Failed { ours: true, .. }));
}

#[test]
fn a_traceback_without_an_event() {
    let (text, error) = words("printf 'Traceback:\\n  File x\\nValueError: no such thing\\n\\n' >&2; exit 1");
    assert!(text.contains("ValueError: no such thing") && text.contains("contract.log"), "{text}");
    assert!(matches!(error, KitError::Failed { ours: true, .. }));
    let (text, _) = words("exit 3");
    assert!(text.contains("ended with code 3"), "{text}");
}

#[test]
fn events_that_are_nonsense() {
    let nonsense = r#"
printf '\377\376\nnull\n[]\n{"event":"progress","step":-1,"of":"x"}\n{"event":"juggled"}\n{"event":' >>"$events"
"#;
    let (text, error) = words(nonsense);
    assert!(text.contains("it ended without saying what it made; 5 of its lines are no events"), "{text}");
    assert!(matches!(error, KitError::Failed { ours: true, .. }));
    // Among sense they do no harm, nor does a line that comes in two halves.
    let told = Told::default();
    let script = format!(
        "{nonsense}\nsay ''\nprintf '{{\"event\":\"warn' >>\"$events\"; sleep 0.3; say 'ing\",\"what\":\"checkpoint-9 is cut short; going on from checkpoint-6\"}}'\n{WORKS}"
    );
    let done = run(&House::new(), &script, &told, &Stop::new()).unwrap();
    assert_eq!(done.figures["loss"], 1.5);
    assert_eq!(*told.notes.lock().unwrap(), ["checkpoint-9 is cut short; going on from checkpoint-6"]);
}

#[test]
fn progress_goes_on_where_a_former_run_stood() {
    let house = House::new();
    let told = Told::default();
    let script = "say '{\"event\":\"progress\",\"step\":400,\"of\":1000}'; say '{\"event\":\"progress\",\"step\":450,\"of\":1000}'; say '{\"event\":\"done\"}'";
    run(&house, script, &told, &Stop::new()).unwrap();
    assert_eq!((*told.total.lock().unwrap(), *told.done.lock().unwrap()), (1000, 450));
    // What a former run said is not taken for this one's.
    let error = run(&house, "exit 0", &Told::default(), &Stop::new()).unwrap_err().to_string();
    assert!(error.contains("without saying what it made"), "{error}");
}

#[test]
fn asked_to_stop_it_saves_first() {
    for (script, kept) in [
        (
            "trap 'say \"{\\\"event\\\":\\\"failed\\\",\\\"what\\\":\\\"stopped\\\",\\\"kept\\\":\\\"checkpoint-7\\\"}\"; exit 75' TERM\nwhile :; do sleep 0.05; done",
            Some("checkpoint-7"),
        ),
        ("while :; do sleep 0.05; done", None),
    ] {
        let stop = Stop::new();
        let later = stop.clone();
        let timer = thread::spawn(move || {
            thread::sleep(Duration::from_millis(400));
            later.cancel();
        });
        let error = run(&House::new(), script, &Told::default(), &stop).unwrap_err();
        timer.join().unwrap();
        assert!(matches!(&error, KitError::Stopped { kept: said, .. } if said.as_deref() == kept), "{error}");
    }
}

#[test]
fn a_set_up_that_fails_says_what_it_said() {
    let house = House::new();
    let programs = house.path("programs");
    std::fs::create_dir_all(&programs).unwrap();
    let told = Told::default();
    let script = "echo fetching packages; echo 'error: the disk is full: installing packages' >&2; echo 'hint: free 8 GB' >&2; exit 1";
    std::fs::write(programs.join("setup.sh"), script).unwrap();
    let error = trainer_remote::kit::set_up(&programs, &house.path("kit"), &told, &Stop::new()).unwrap_err();
    assert!(error.to_string().contains("the disk is full: installing packages; hint: free 8 GB"), "{error}");
    let notes = told.notes.lock().unwrap();
    assert!(notes[0].contains("about 5 GB") && notes.contains(&"fetching packages".to_owned()), "{notes:?}");
}
