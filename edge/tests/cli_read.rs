//! `vachak read` with the real program.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a failed unwrap is the test's failure"
)]

mod cli_support;

use std::path::Path;

use cli_support::{invented, run, sample, stderr, stdout};
use serde_json::Value;

/// The course of a match as JSON.
fn read(file: &Path) -> Value {
    let output = run(&["read", "--json", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn chances(innings: &Value) -> Vec<f64> {
    innings["points"].as_array().unwrap().iter().filter_map(|point| point["first_side_wins"].as_f64()).collect()
}

#[test]
fn a_chase_ends_in_certainty_and_its_turning_points_are_its_largest_changes() {
    let directory = tempfile::tempdir().unwrap();
    let course = read(&invented(directory.path(), 11));
    let chase = &course["innings"][1];
    let chances = chances(chase);
    assert_eq!(chances.len(), chase["points"].as_array().unwrap().len());
    let end = *chances.last().unwrap();
    assert!(end.abs() < 1e-12 || (end - 1.0).abs() < 1e-12, "{end}");
    let mut moved: Vec<f64> = chances.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    moved.sort_by(|a, b| b.total_cmp(a));
    let turns = course["turning_points"].as_array().unwrap();
    assert!(!turns.is_empty());
    for (turn, change) in turns.iter().filter(|turn| turn["innings"] == 2).zip(moved) {
        assert!((turn["gain"].as_f64().unwrap() - change).abs() < 1e-9, "{turn}");
    }
}

#[test]
fn the_picture_is_one_svg_with_every_wicket_and_turning_point() {
    let directory = tempfile::tempdir().unwrap();
    let (file, picture) = (invented(directory.path(), 12), directory.path().join("match.svg"));
    let output = run(&["read", file.to_str().unwrap(), "--svg", picture.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let svg = std::fs::read_to_string(&picture).unwrap();
    assert!(svg.starts_with("<svg xmlns=") && svg.trim_end().ends_with("</svg>"));
    let course = read(&file);
    let points = course["innings"].as_array().unwrap().iter().flat_map(|innings| innings["points"].as_array().unwrap());
    let fell = points.filter(|point| point["fell"] == true).count();
    assert_eq!(svg.matches("<title>").count(), fell, "one mark a wicket");
    assert_eq!(svg.matches("r=\"9\"").count(), course["turning_points"].as_array().unwrap().len());
    let told = stdout(&output);
    assert!(told.contains("Turning points") && told.contains("leverage"), "{told}");
}

#[test]
fn what_a_kind_of_match_does_not_have_is_said_and_the_rest_is_drawn() {
    let directory = tempfile::tempdir().unwrap();
    for (name, said) in [
        ("1187017.json", "the model knows matches with a limit of overs only"),
        ("1216517.json", "super overs are left out"),
        ("1344515.json", "there was none"),
        ("1299161.json", ""),
        ("1443566.json", ""),
    ] {
        let Some(file) = sample(name) else { return };
        let picture = directory.path().join("match.svg");
        let output = run(&["read", file.to_str().unwrap(), "--svg", picture.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
        assert!(stdout(&output).contains(said), "{name}: {}", stdout(&output));
        let svg = std::fs::read_to_string(&picture).unwrap();
        assert!(svg.contains(said) && svg.contains("leverage") && !svg.contains("NaN"), "{name}");
    }
}

#[test]
fn names_from_a_file_cannot_break_the_picture() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("hostile.json");
    let match_file = std::fs::read_to_string(invented(directory.path(), 13)).unwrap();
    std::fs::write(&file, match_file.replace("Lancers", "<script>&\\\"")).unwrap();
    let picture = directory.path().join("match.svg");
    let output = run(&["read", file.to_str().unwrap(), "--svg", picture.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let svg = std::fs::read_to_string(&picture).unwrap();
    assert!(svg.contains("&lt;script&gt;&amp;&quot;") && !svg.contains("<script"));
}

#[test]
fn a_model_of_ones_own_is_read_and_a_broken_one_refused() {
    let directory = tempfile::tempdir().unwrap();
    let file = invented(directory.path(), 14);
    let model = directory.path().join("reading.toml");
    let builtin = include_str!("../../models/reading/reading.toml");
    std::fs::write(&model, builtin).unwrap();
    let args = ["read", "--json", file.to_str().unwrap(), "--model", model.to_str().unwrap()];
    let same: Value = serde_json::from_slice(&run(&args).stdout).unwrap();
    assert_eq!(same, read(&file));
    for (text, words) in [
        (builtin.replacen("vachak.reading/2", "vachak.reading/9", 1), "version 'vachak.reading/9'"),
        (String::from("no model"), "it is no reading model"),
    ] {
        std::fs::write(&model, text).unwrap();
        let output = run(&args);
        let error = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains("reading.toml") && error.contains(words) && error.contains("\nhint: "), "{error}");
        let config = directory.path().join("vachak.toml");
        std::fs::write(&config, format!("[reading]\nmodel = \"{}\"\n", model.display())).unwrap();
        let checked = run(&["check-config", config.to_str().unwrap()]);
        assert_eq!(checked.status.code(), Some(78), "{}", stderr(&checked));
        assert!(
            stderr(&checked).contains("reading.model") && stderr(&checked).contains("hint: "),
            "{}",
            stderr(&checked)
        );
    }
}
