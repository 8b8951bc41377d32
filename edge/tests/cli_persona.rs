//! `vachak persona` with the real program: copy a voice, change it, have it checked, hear it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a failed unwrap is the test's failure"
)]

mod cli_support;

use std::{
    fs,
    path::{Path, PathBuf},
};

use cli_support::{invented, run, stderr, stdout};
use cricket::{
    cricsheet,
    simulate::{SimulationSettings, simulate},
};

/// A copy of a built-in persona under another id, with its phrasebook beside it.
fn copied(directory: &Path) -> std::path::PathBuf {
    for (end, flag) in [(".toml", None), (".phrasebook.toml", Some("--phrasebook"))] {
        let shown = run(&["persona", "show", "benaud"].into_iter().chain(flag).collect::<Vec<_>>());
        assert!(shown.status.success(), "{}", stderr(&shown));
        let text = stdout(&shown).replace("id = \"benaud\"", "id = \"mine\"");
        fs::write(directory.join(format!("mine{end}")), text).unwrap();
    }
    directory.join("mine.toml")
}

#[test]
fn a_copied_persona_is_fine_and_can_be_heard() {
    let directory = tempfile::tempdir().unwrap();
    let file = copied(directory.path());
    let checked = run(&["persona", "check", file.to_str().unwrap()]);
    assert_eq!(checked.status.code(), Some(0), "{}{}", stdout(&checked), stderr(&checked));
    let game = invented(directory.path(), 5);
    let heard = |more: &[&str]| {
        let args = ["persona", "try", file.to_str().unwrap(), "--match", game.to_str().unwrap()];
        run(&args.into_iter().chain(more.iter().copied()).collect::<Vec<_>>())
    };
    let output = heard(&["--from", "3.1", "--balls", "12"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.starts_with("i1.o3.d1"), "{text}");
    assert!(text.contains(" over ") && text.contains("(quiet)"), "{text}");
    let json = heard(&["--innings", "2", "--balls", "6", "--json"]);
    let lines: Vec<serde_json::Value> = stdout(&json).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(
        !lines.is_empty() && lines.iter().all(|line| line["key"].as_str().unwrap().starts_with("i2.")),
        "{lines:?}"
    );
    assert!(lines.iter().any(|line| line["origin"] == "phrasebook" && line["text"].is_string()), "{lines:?}");
    let beyond = heard(&["--from", "60.1"]);
    assert_eq!(beyond.status.code(), Some(1));
    assert!(stderr(&beyond).contains("no ball 60.1") && stderr(&beyond).contains("hint:"), "{}", stderr(&beyond));
}

/// An archive of twelve matches between the same sides at one ground, and the thirteenth.
fn with_a_past(directory: &Path) -> (PathBuf, PathBuf) {
    let folder = directory.join("matches");
    fs::create_dir(&folder).unwrap();
    let day = |day: u32| {
        let settings = SimulationSettings { date: format!("2019-03-{day:02}"), ..SimulationSettings::new(7) };
        cricsheet::write(&simulate(&settings).unwrap())
    };
    for number in 1..=12 {
        fs::write(folder.join(format!("{number}.json")), day(number)).unwrap();
    }
    let (archive, game) = (directory.join("archive.db"), directory.join("thirteenth.json"));
    fs::write(&game, day(13)).unwrap();
    let added = run(&["archive", "add", folder.to_str().unwrap(), "--store", archive.to_str().unwrap()]);
    assert!(added.status.success(), "{}", stderr(&added));
    (archive, game)
}

#[test]
fn what_is_said_of_past_matches_is_heard_where_there_is_an_archive() {
    let directory = tempfile::tempdir().unwrap();
    let (archive, game) = with_a_past(directory.path());
    let heard = |persona: &str, more: &[&str]| {
        let args = ["persona", "try", persona, "--match", game.to_str().unwrap(), "--balls", "120"];
        let output = run(&args.into_iter().chain(more.iter().copied()).collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output)
    };
    let named = ["--archive", archive.to_str().unwrap()];
    let set = format!("archive.path={}", archive.display());
    let gone = format!("archive.path={}", directory.path().join("gone.db").display());
    // A persona that calls the match, and one that gives notes.
    for persona in ["benaud", "desk"] {
        let with = heard(persona, &named);
        let of_the_past = |text: &str| text.contains("since 2019");
        assert!(of_the_past(&with), "{persona}: {with}");
        assert_eq!(heard(persona, &["--set", &set]), with, "the configured one is the same");
        assert!(!of_the_past(&heard(persona, &["--set", &gone])), "{persona}: as the daemon does without");
    }
}

#[test]
fn an_archive_that_is_none_is_named_with_a_remedy() {
    let directory = tempfile::tempdir().unwrap();
    let game = invented(directory.path(), 5);
    let (gone, foreign) = (directory.path().join("gone.db"), directory.path().join("foreign.db"));
    fs::write(&foreign, "no store at all, but a text of some length, so that it is taken for what it is").unwrap();
    for (archive, words) in [(&gone, "there is no archive at"), (&foreign, "cannot be opened")] {
        let archive = archive.to_str().unwrap();
        let refused = run(&["persona", "try", "benaud", "--match", game.to_str().unwrap(), "--archive", archive]);
        assert_eq!(refused.status.code(), Some(1), "{}", stderr(&refused));
        let said = stderr(&refused);
        assert!(said.contains(words) && said.contains(archive) && said.contains("hint:"), "{said}");
        assert!(refused.stdout.is_empty());
    }
}

#[test]
fn everything_wrong_is_named_at_once_with_the_nearest_right_word() {
    let directory = tempfile::tempdir().unwrap();
    let file = copied(directory.path());
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("threshold =", "treshold =").replace("colour =", "color =")).unwrap();
    let checked = run(&["persona", "check", file.to_str().unwrap()]);
    assert_eq!(checked.status.code(), Some(1));
    for part in ["'treshold'; did you mean 'threshold'?", "'color'; did you mean 'colour'?"] {
        assert!(stdout(&checked).contains(part), "{part} is not in {}", stdout(&checked));
    }
    assert!(stderr(&checked).contains("2 faults"), "{}", stderr(&checked));
    let impossible = text.replace("wicket = [1, 6]", "wicket = [7, 6]");
    fs::write(&file, impossible).unwrap();
    let checked = run(&["persona", "check", file.to_str().unwrap()]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(stderr(&checked).contains("length.wicket is [7, 6]"), "{}", stderr(&checked));
}

#[test]
fn phrasings_that_would_never_be_heard_are_found() {
    let directory = tempfile::tempdir().unwrap();
    let file = copied(directory.path());
    let book = directory.path().join("mine.phrasebook.toml");
    let text = fs::read_to_string(&book).unwrap();
    fs::write(&book, format!("{text}\n[[call]]\non = \"six\"\nsay = [\"Hooked for six.\"]\n")).unwrap();
    let checked = run(&["persona", "check", file.to_str().unwrap(), "--json"]);
    assert_eq!(checked.status.code(), Some(1), "{}", stderr(&checked));
    let report: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(report["faults"], 1);
    assert_eq!(report["findings"][0]["finding"]["phrasing"], "Hooked for six.");
    assert!(report["findings"][0]["file"].as_str().unwrap().ends_with("mine.phrasebook.toml"), "{report}");
    fs::remove_file(&book).unwrap();
    let checked = run(&["persona", "check", file.to_str().unwrap()]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(stdout(&checked).contains("there is no phrasebook 'mine'"), "{}", stdout(&checked));
}

#[test]
fn the_daemon_takes_a_persona_with_the_phrasebook_beside_it_and_no_persona_without_one() {
    let directory = tempfile::tempdir().unwrap();
    copied(directory.path());
    let set = format!("booth.persona_directory={}", directory.path().display());
    let args = ["--set", &set, "--set", "booth.personas=mine", "--set", "model.backend=none"];
    let check = || run(&["check-config"].into_iter().chain(args).collect::<Vec<_>>());
    let fine = check();
    assert_eq!(fine.status.code(), Some(0), "{}", stderr(&fine));
    let listed = run(&["persona", "list", "--json", "--set", &set]);
    let all: Vec<serde_json::Value> = serde_json::from_slice(&listed.stdout).unwrap();
    assert!(all.iter().any(|persona| persona["id"] == "mine" && persona["builtin"] == false), "{all:?}");
    fs::remove_file(directory.path().join("mine.phrasebook.toml")).unwrap();
    let silent = check();
    assert_eq!(silent.status.code(), Some(78));
    assert!(stderr(&silent).contains("mine.phrasebook.toml"), "{}", stderr(&silent));
}
