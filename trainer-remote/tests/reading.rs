//! `trainer-remote reading` with the real program, on invented matches.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use commentary::reading::Model;
use cricket::{
    cricsheet,
    simulate::{SimulationSettings, simulate_events},
};

/// Plays so many T20s, one a week from the start of 2018.
fn play(folder: &Path, matches: u64) {
    for seed in 0..matches {
        let mut settings = SimulationSettings::new(seed);
        let (week, year) = (seed % 52, 2018 + seed / 52);
        settings.date = format!("{year}-{:02}-{:02}", week / 4 % 12 + 1, week % 4 * 7 + 1);
        let record = cricsheet::from_events(&simulate_events(&settings).unwrap());
        fs::write(folder.join(format!("{seed:04}.json")), cricsheet::write(&record)).unwrap();
    }
}

fn reading(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trainer-remote")).arg("reading").args(args).output().unwrap()
}

fn done(args: &[&str]) -> String {
    let output = reading(args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_fit_is_the_same_byte_for_byte_and_is_measured_on_later_matches_only() {
    let folder = tempfile::tempdir().unwrap();
    let matches = folder.path().join("matches");
    fs::create_dir(&matches).unwrap();
    play(&matches, 260);
    let archive = matches.to_str().unwrap();
    let files = ["one.toml", "two.toml"].map(|name| folder.path().join(name));
    for file in &files {
        let told = done(&["fit", "--archive", archive, "--until", "2021-12-31", "--out", file.to_str().unwrap()]);
        assert!(told.contains("men's T20 leagues | 208 "), "{told}");
    }
    let texts = files.each_ref().map(|file| fs::read_to_string(file).unwrap());
    assert_eq!(texts[0], texts[1]);
    let model = Model::parse(&texts[0]).unwrap();
    assert_eq!((model.provenance.matches, model.provenance.until.as_str()), (208, "2021-12-31"));
    let file = files[0].to_str().unwrap();
    let report = done(&["eval", "--archive", archive, "--model", file, "--json"]);
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let row = &report["rows"][0];
    assert_eq!(row["matches"], 52, "the last year alone: {row}");
    let brier = |of: &str| row[of]["brier"].as_f64().unwrap();
    assert!(brier("model") < 0.2 && brier("model") < brier("by_rate") + 0.01, "{row}");
    let shares: f64 = row["pressure"].as_array().unwrap().iter().filter_map(serde_json::Value::as_f64).sum();
    assert!((shares - 1.0).abs() < 1e-9, "{row}");
    let early = reading(&["eval", "--archive", archive, "--model", file, "--after", "2020-12-31"]);
    let told = String::from_utf8_lossy(&early.stderr).into_owned();
    assert_eq!(early.status.code(), Some(1), "{told}");
    assert!(told.contains("fitted to matches up to 2021-12-31") && told.contains("hint: "), "{told}");
    let table = done(&["pressure", "--model", file]);
    assert!(table.contains("men's T20 leagues") && table.contains("40, 25, 18, 12, 5 %"), "{table}");
}

#[test]
fn too_few_matches_and_a_wrong_path_are_refused_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    play(folder.path(), 3);
    let nowhere = folder.path().join("nowhere");
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    for archive in [folder.path(), nowhere.as_path(), empty.as_path()] {
        let out = folder.path().join("reading.toml");
        let args = ["fit", "--archive", archive.to_str().unwrap(), "--until", "2022-12-31", "--out"];
        let output = reading(&[args.as_slice(), &[out.to_str().unwrap()]].concat());
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("hint: "), "{told}");
        assert!(!out.exists());
    }
}
