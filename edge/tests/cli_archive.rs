//! `vachak archive` with the real program: adding, asking what is held, counting frequencies.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use cricket::{
    cricsheet,
    simulate::{Format, Frequencies, Gender, SimulationSettings, simulate},
};
use tempfile::TempDir;

fn vachak(home: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vachak"))
        .arg("archive")
        .args(args)
        .env_remove("VACHAK_ARCHIVE_PATH")
        .env("XDG_DATA_HOME", home)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A folder of invented matches.
fn matches(home: &Path, count: u64) -> String {
    let folder = home.join("matches");
    fs::create_dir(&folder).unwrap();
    for seed in 0..count {
        let played = simulate(&SimulationSettings::new(seed)).unwrap();
        fs::write(folder.join(format!("{seed}.json")), cricsheet::write(&played)).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

#[test]
fn matches_are_added_once_and_told_of() {
    let home = TempDir::new().unwrap();
    let folder = matches(home.path(), 5);
    let added = vachak(home.path(), &["add", &folder]);
    assert_eq!(added.status.code(), Some(0), "{}", text(&added.stderr));
    assert!(text(&added.stderr).contains("5 new matches"), "{}", text(&added.stderr));
    assert!(added.stdout.is_empty(), "talk goes to stderr");
    let again = vachak(home.path(), &["add", &folder]);
    assert!(text(&again.stderr).contains("0 new matches, 0 deliveries, 5 held already"), "{}", text(&again.stderr));
    let told = vachak(home.path(), &["info"]);
    assert!(text(&told.stdout).contains("5 matches") && text(&told.stdout).contains("men's league T20s"));
    assert!(text(&told.stdout).contains("Cricsheet"), "the source is named");
    let json: serde_json::Value = serde_json::from_slice(&vachak(home.path(), &["info", "--json"]).stdout).unwrap();
    assert_eq!((&json["matches"], &json["classes"][0]["gender"]), (&5.into(), &"male".into()));
}

#[test]
fn a_bad_file_is_named_and_the_exit_code_says_so() {
    let home = TempDir::new().unwrap();
    let folder = matches(home.path(), 2);
    fs::write(Path::new(&folder).join("bad.json"), "{").unwrap();
    let added = vachak(home.path(), &["add", &folder]);
    assert_eq!(added.status.code(), Some(1));
    let said = text(&added.stderr);
    assert!(
        said.contains("2 new matches") && said.contains("1 bad files passed over") && said.contains("bad.json"),
        "{said}"
    );
}

#[test]
fn what_cannot_be_done_is_explained() {
    let home = TempDir::new().unwrap();
    for (args, words) in [
        (vec!["info"], "there is no archive at"),
        (vec!["add", "nowhere"], "nowhere cannot be read"),
        (vec!["frequencies", "nowhere"], "nowhere cannot be read"),
    ] {
        let done = vachak(home.path(), &args);
        assert_eq!(done.status.code(), Some(1), "{args:?}");
        let said = text(&done.stderr);
        assert!(said.contains(words) && said.contains("\nhint: "), "{args:?}: {said}");
    }
}

#[test]
fn frequencies_are_printed_as_the_simulator_reads_them() {
    let home = TempDir::new().unwrap();
    let folder = matches(home.path(), 3);
    let done = vachak(home.path(), &["frequencies", "--since", "2020", &folder]);
    assert_eq!(done.status.code(), Some(0));
    let table = Frequencies::from_toml(text(&done.stdout)).unwrap();
    assert_eq!(table.get(Format::T20, Gender::Male).unwrap().matches, 3);
    assert!(text(&done.stdout).contains("ODC-BY 1.0"));
    assert!(text(&done.stdout).contains("# Made by: vachak archive frequencies --since 2020 matches"));
}
