//! `vachak score` with the real program.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a failed unwrap is the test's failure"
)]

mod cli_support;

use cli_support::{invented, run, run_with_stdin, sample, stderr, stdout, vachak};

#[test]
fn a_real_match_is_scored() {
    let Some(file) = sample("1359534.json") else { return };
    let output = run(&["score", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let card = stdout(&output);
    // The totals, recounted from the file without any of our code.
    let record: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    for innings in record["innings"].as_array().unwrap() {
        let runs: u64 = deliveries(innings).map(|ball| ball["runs"]["total"].as_u64().unwrap()).sum();
        assert!(card.contains(innings["team"].as_str().unwrap()), "{card}");
        assert!(card.contains(&runs.to_string()), "{runs} is not in\n{card}");
    }
    if let Some(winner) = record["info"]["outcome"]["winner"].as_str() {
        assert!(card.contains(&format!("{winner} won")), "{card}");
    }
    assert!(!card.contains('\u{1b}'), "escape codes without a terminal");
}

fn deliveries(innings: &serde_json::Value) -> impl Iterator<Item = &serde_json::Value> {
    innings["overs"].as_array().unwrap().iter().flat_map(|over| over["deliveries"].as_array().unwrap())
}

#[test]
fn json_is_for_programs_and_one_innings_can_be_chosen() {
    let directory = tempfile::tempdir().unwrap();
    let file = invented(directory.path(), 5);
    let output = run(&["score", file.to_str().unwrap(), "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let both: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(both["innings"].as_array().unwrap().len(), 2);
    let second = run(&["score", file.to_str().unwrap(), "--json", "--innings", "2"]);
    let second: serde_json::Value = serde_json::from_slice(&second.stdout).unwrap();
    assert_eq!(second["innings"], serde_json::json!([both["innings"][1]]));
    let third = run(&["score", file.to_str().unwrap(), "--innings", "3"]);
    assert_eq!(third.status.code(), Some(1));
    assert!(
        stderr(&third).contains("no innings 3") && stderr(&third).contains("hint: the match has 2"),
        "{}",
        stderr(&third)
    );
}

#[test]
fn a_match_comes_in_on_stdin() {
    let directory = tempfile::tempdir().unwrap();
    let file = invented(directory.path(), 6);
    let from_file = run(&["score", file.to_str().unwrap()]);
    let from_stdin = run_with_stdin(&["score", "-"], &std::fs::read(&file).unwrap());
    assert_eq!(stdout(&from_stdin), stdout(&from_file));
}

#[test]
fn each_bad_file_is_named_with_its_place_and_a_remedy() {
    let directory = tempfile::tempdir().unwrap();
    let whole = std::fs::read(invented(directory.path(), 7)).unwrap();
    let half = directory.path().join("half.json");
    std::fs::write(&half, &whole[..whole.len() / 2]).unwrap();
    let other = directory.path().join("other.json");
    std::fs::write(&other, r#"{"name": "not cricket"}"#).unwrap();
    let empty = directory.path().join("empty.json");
    std::fs::write(&empty, "").unwrap();
    let picture = directory.path().join("picture.json");
    std::fs::write(&picture, b"\x89PNG\r\n\x1a\n\0\0").unwrap();
    let missing = directory.path().join("missing.json");
    for file in [&half, &other, &empty, &picture, &missing, &directory.path().to_owned()] {
        let output = run(&["score", file.to_str().unwrap()]);
        let error = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{}: {error}", file.display());
        assert!(output.stdout.is_empty());
        assert!(error.starts_with("error: ") && error.contains(file.to_str().unwrap()), "{error}");
        assert!(error.contains("hint: "), "{error}");
        assert!(error.lines().count() <= 3, "one clear message, not a cascade: {error}");
    }
    let output = run(&["score", half.to_str().unwrap()]);
    assert!(stderr(&output).contains("line "), "the place: {}", stderr(&output));
}

#[test]
fn wrong_usage_is_64_and_a_reader_that_goes_is_no_failure() {
    assert_eq!(run(&["score"]).status.code(), Some(64));
    assert_eq!(run(&["score", "x.json", "--innings", "0"]).status.code(), Some(64));
    let directory = tempfile::tempdir().unwrap();
    let file = invented(directory.path(), 8);
    let mut child = vachak()
        .args(["score", "--json", file.to_str().unwrap()])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
}

#[test]
fn the_overs_and_one_over_ball_by_ball_are_printed() {
    let directory = tempfile::tempdir().unwrap();
    let file = invented(directory.path(), 9);
    let file = file.to_str().unwrap();
    let overs = stdout(&run(&["score", file, "--overs"]));
    assert!(overs.contains("over by over") && overs.contains("\nResult: "), "{overs}");
    let one = stdout(&run(&["score", file, "--over", "2"]));
    assert!(one.contains("innings, over 2: ") && one.contains("\n    1.1  "), "{one}");
    assert_eq!(one.matches(", over 2: ").count(), 2, "of both innings: {one}");
    let second = stdout(&run(&["score", file, "--over", "2", "--innings", "2"]));
    assert_eq!(second.matches(", over 2: ").count(), 1, "{second}");
    // As JSON the same.
    let json: serde_json::Value =
        serde_json::from_slice(&run(&["score", file, "--json", "--over", "2"]).stdout).unwrap();
    let over = &json["innings"][0]["over_by_over"];
    assert_eq!((over.as_array().unwrap().len(), &over[0]["over"]), (1, &2.into()));
    let ball = over[0]["balls"][0].clone();
    assert!(one.contains(ball["what"].as_str().unwrap()) && one.contains(ball["score"].as_str().unwrap()), "{ball}");
}

#[test]
fn an_over_that_is_none_is_explained() {
    let directory = tempfile::tempdir().unwrap();
    let file = invented(directory.path(), 9);
    let file = file.to_str().unwrap();
    for over in ["15.3", "0", "fifteen"] {
        let output = run(&["score", file, "--over", over]);
        assert_eq!(output.status.code(), Some(64));
        assert!(stderr(&output).contains("such as 15 for the fifteenth"), "{}", stderr(&output));
    }
    let beyond = run(&["score", file, "--over", "60"]);
    assert_eq!(beyond.status.code(), Some(1));
    assert!(stderr(&beyond).contains("no over 60") && stderr(&beyond).contains("hint: the last one is over"));
    assert_eq!(run(&["score", file, "--over", "1", "--overs"]).status.code(), Some(64));
}
