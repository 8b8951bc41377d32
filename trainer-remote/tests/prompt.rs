//! The real program: what it prints is what the daemon would ask, and what it refuses it explains.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    path::Path,
    process::{Command, Output},
};

use commentary::{ChatTemplate, Layout, Moment, NoArchive, Occasion, Personas, render};
use cricket::{
    cricsheet,
    score::Match,
    simulate::{SimulationSettings, simulate},
};
use tempfile::TempDir;

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trainer-remote")).args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn match_file(folder: &Path) -> String {
    let played = simulate(&SimulationSettings::new(11)).unwrap();
    let path = folder.join("invented.json");
    std::fs::write(&path, cricsheet::write(&played)).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The prompts of all balls of the file, made in this process.
fn expected(file: &str, persona: &str, layout: Layout) -> Vec<String> {
    let played = cricsheet::read(&std::fs::read(file).unwrap()).unwrap();
    let personas = Personas::builtin();
    let mut score = Match::new("invented");
    let mut prompts = Vec::new();
    for event in cricsheet::to_events("invented", &played) {
        let applied = score.apply(event.clone());
        let moment = Moment::form(score.state(), &event, &applied.happenings, &NoArchive);
        if let Some(moment) = moment.filter(|moment| matches!(moment.occasion, Occasion::Ball(_))) {
            prompts.push(render(&moment, personas.get(persona).unwrap(), moment.kind(), layout).text);
        }
    }
    prompts
}

#[test]
fn every_ball_gives_the_prompt_of_the_daemons_renderer() {
    let folder = TempDir::new().unwrap();
    let file = match_file(folder.path());
    for (name, layout, persona) in
        [("chatml", Layout::Chat(ChatTemplate::ChatMl), "greig"), ("compact", Layout::Compact, "doshi")]
    {
        let done = run(&["prompt", &file, "--layout", name, "--persona", persona]);
        assert!(done.status.success(), "{}", text(&done.stderr));
        let rows: Vec<serde_json::Value> =
            text(&done.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let prompts: Vec<_> = rows.iter().map(|row| row["prompt"].as_str().unwrap().to_owned()).collect();
        assert!(prompts.len() > 150, "{} prompts", prompts.len());
        assert_eq!(prompts, expected(&file, persona, layout));
        assert_eq!((&rows[0]["match_id"], &rows[0]["key"]), (&"invented".into(), &"i1.o0.d1".into()));
        assert_eq!((&rows[0]["persona"], &rows[0]["completion"]), (&persona.into(), &"".into()));
    }
}

#[test]
fn a_limit_stops_after_so_many() {
    let folder = TempDir::new().unwrap();
    let done = run(&["prompt", &match_file(folder.path()), "--limit", "3"]);
    assert_eq!(text(&done.stdout).lines().count(), 3);
}

#[test]
fn what_cannot_be_done_is_explained() {
    let folder = TempDir::new().unwrap();
    let file = match_file(folder.path());
    let other = folder.path().join("other.json");
    std::fs::write(&other, "[]").unwrap();
    for (args, code, words) in [
        (
            vec!["prompt", &file, "--persona", "nobody"],
            1,
            "no persona is called 'nobody'\nhint: take benaud, greig, doshi",
        ),
        (vec!["prompt", "nowhere.json"], 1, "nowhere.json cannot be read\nhint: check the path"),
        (vec!["prompt", other.to_str().unwrap()], 1, "other.json"),
        (vec!["prompt", &file, "--layout", "morse"], 64, "morse"),
        (vec!["brew"], 64, "brew"),
    ] {
        let done = run(&args);
        assert_eq!(done.status.code(), Some(code), "{args:?}");
        assert!(text(&done.stderr).contains(words), "{args:?}: {}", text(&done.stderr));
        assert!(done.stdout.is_empty());
    }
}

#[test]
fn help_and_version_are_answers() {
    let help = run(&["--help"]);
    assert!(help.status.success() && text(&help.stdout).contains("prompt"));
    assert_eq!(text(&run(&["--version"]).stdout).trim(), concat!("trainer-remote ", env!("CARGO_PKG_VERSION")));
}
