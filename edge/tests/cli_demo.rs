//! `vachak demo` from end to end: embedded broker, daemon, feed and terminal, all real.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a failed unwrap is the test's failure"
)]

mod cli_support;

use std::process::{Command, Stdio};

use cli_support::{run, stderr, stdout, vachak};

#[test]
fn without_a_terminal_the_demo_is_plain_lines_from_header_to_result() {
    let output = run(&["demo", "--speed", "max", "--port", "0", "--personas", "benaud,greig,doshi"]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(!text.contains('\u{1b}') && !text.contains('\r'), "escape codes without a terminal");
    assert!(text.contains("page    http://127.0.0.1:"), "{text}");
    // Every over is summed up, each persona speaks, and the chase shows how likely it is.
    assert!(text.matches(" ov)  ").count() >= 38, "{text}");
    let personas = commentary::Personas::builtin();
    for id in ["benaud", "greig", "doshi"] {
        let name = &personas.get(id).unwrap().name;
        let lines = text.lines().filter(|line| line.trim_start().starts_with(name.as_str())).count();
        assert!(lines >= 10, "{name} spoke {lines} times\n{text}");
    }
    assert!(text.contains('█') && text.contains("need "), "no chase\n{text}");
    // The result is the bundled match's own.
    let record = cricket::cricsheet::read(include_bytes!("../data/demo-match.json")).unwrap();
    let outcome = record.end.unwrap().outcome;
    let result = format!("{} won by", outcome.winner.unwrap());
    assert!(text.contains(&result) && text.contains("What next"), "{text}");
}

#[test]
fn a_reader_that_goes_is_no_failure() {
    let mut child = vachak()
        .args(["demo", "--speed", "max", "--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn control_c_ends_it_in_order() {
    let mut child = vachak()
        .args(["demo", "--speed", "60", "--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut reader = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    // The first over's heading: everything is up and the match runs.
    while !line.contains("over 1") {
        line.clear();
        assert!(std::io::BufRead::read_line(&mut reader, &mut line).unwrap() > 0, "ended before the first over");
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut reader, &mut rest).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(rest.contains("stopped"), "{rest}");
}

#[test]
fn an_unknown_persona_is_refused_with_the_known_ones() {
    let output = run(&["demo", "--personas", "nobody"]);
    assert_eq!(output.status.code(), Some(1));
    let error = stderr(&output);
    assert!(error.contains("nobody") && error.contains("benaud") && error.contains("greig"), "{error}");
}

#[test]
fn a_match_of_ones_own_is_played() {
    let directory = tempfile::tempdir().unwrap();
    let file = cli_support::invented(directory.path(), 21);
    let output = run(&["demo", "--speed", "max", "--port", "0", "--match", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("What next"));
}
