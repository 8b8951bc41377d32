//! `vachak bench` with the real program: its own model, and model servers that are none.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a failed unwrap is the test's failure"
)]

mod cli_support;

use std::{
    fs,
    process::{Command, Output, Stdio},
    time::Duration,
};

use cli_support::{run, stderr, stdout, vachak};
use llm::fake::{Behaviour, FakeServer};
use serde_json::Value;

const LINE: &str = "Four more, and the field has no answer to it.";

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", stdout(output), stderr(output)))
}

async fn bench(args: &[&str]) -> Output {
    let args: Vec<String> = ["bench"].iter().chain(args).map(|&arg| arg.to_owned()).collect();
    let run = move || vachak().args(args).output().unwrap();
    tokio::task::spawn_blocking(run).await.unwrap()
}

fn prompts(server: &FakeServer) -> Vec<String> {
    server.requests().iter().map(|request| request["prompt"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_side_by_side_are_asked_for_the_same_lines() {
    let ollama = FakeServer::start("fake", LINE).await.unwrap();
    let openai = FakeServer::start("fake", LINE).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("bench.svg");
    let output = bench(&[
        "--ollama",
        "fake",
        "--ollama-url",
        &ollama.url(),
        "--openai",
        "fake",
        "--url",
        &openai.url(),
        "--balls",
        "4",
        "--at-once",
        "1",
        "--svg",
        picture.to_str().unwrap(),
        "--json",
    ])
    .await;
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let report = json(&output);
    assert!(report["memory"]["bytes_per_second"].as_f64().unwrap() > 1e8);
    let models = report["models"].as_array().unwrap();
    assert_eq!(
        models.iter().map(|model| model["name"].as_str().unwrap()).collect::<Vec<_>>(),
        ["ollama fake", "openai fake"]
    );
    for model in models {
        assert_eq!((&model["warm"]["count"], &model["warm"]["failed"]), (&4.into(), &0.into()), "{model}");
        assert_eq!(model["cold"]["count"], 4);
        assert_eq!(model["warm"]["whole_line_ms"].as_array().unwrap().len(), 4);
        assert_eq!(model["at_once"].as_array().unwrap().len(), 1);
        // Nobody knows the memory of a server elsewhere.
        assert!(model["peak_memory_bytes"].is_null() && model["share_of_ceiling"].is_null());
    }
    let asked = prompts(&ollama);
    // Four cold, one to warm up, four balls, one alone; all but the two for the first ball different.
    assert_eq!(asked.len(), 10);
    assert_eq!(asked.iter().collect::<std::collections::HashSet<_>>().len(), 9);
    assert_eq!(asked, prompts(&openai));
    assert!(fs::read_to_string(picture).unwrap().contains("openai fake"));
}

#[test]
fn the_programs_own_model_is_measured_against_the_memory() {
    let folder = tempfile::tempdir().unwrap();
    let journal = format!("journal.directory={}", folder.path().display());
    let args = ["bench", "--balls", "3", "--at-once", "2", "--tokens", "8", "--threads", "1", "--set", &journal];
    let table = run(&args);
    assert_eq!(table.status.code(), Some(0), "{}", stderr(&table));
    let text = stdout(&table);
    for figure in ["booth-mini", "warm: whole line", "memory allows, tokens/s", "2 lines at once", "memory at most"] {
        assert!(text.contains(figure), "{figure} in {text}");
    }
    let report = json(&vachak().args(args).arg("--json").output().unwrap());
    let model = &report["models"][0];
    assert_eq!(model["warm"]["count"], 3, "{model}");
    assert!(model["warm"]["decode_tokens_per_second"].as_f64().unwrap() > 0.0, "{model}");
    assert!(model["bytes_per_token"].as_u64().unwrap() > 1_000_000);
    // Whether this machine's caches hold it or not, no share of more than the whole is told.
    match model["no_ceiling"].as_str() {
        Some(why) => {
            assert!(why.contains("caches"), "{why}");
            assert!(model["share_of_ceiling"].is_null() && model["ceiling_tokens_per_second"].is_null(), "{model}");
        }
        None => assert!((0.0..=1.0).contains(&model["share_of_ceiling"].as_f64().unwrap()), "{model}"),
    }
    assert!(model["peak_memory_bytes"].as_u64().unwrap() > model["file_bytes"].as_u64().unwrap());
    assert!(model["load_ms"].as_f64().unwrap() > 0.0);
    assert_eq!(model["at_once"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_that_fails_is_said_and_the_others_are_measured() {
    let server = FakeServer::start("fake", LINE).await.unwrap();
    let args = [
        "--embedded",
        "/nowhere/missing.gguf",
        "--ollama",
        "fake",
        "--url",
        &server.url(),
        "--balls",
        "1",
        "--at-once",
        "0",
    ];
    let both = bench(&args).await;
    assert_eq!(both.status.code(), Some(1));
    let text = stdout(&both);
    assert!(text.contains("there is no such file") && text.contains("ollama fake"), "{text}");
    let alone = bench(&args[..2]).await;
    assert_eq!(alone.status.code(), Some(1));
    assert!(stderr(&alone).contains("missing.gguf") && stderr(&alone).contains("\nhint: "), "{}", stderr(&alone));
    server.behave(Behaviour::ModelMissing);
    let lacking = bench(&args[2..]).await;
    assert_eq!(lacking.status.code(), Some(1), "{}", stdout(&lacking));
    assert!(stderr(&lacking).contains("ollama pull fake"), "{}", stderr(&lacking));
}

#[test]
fn names_and_addresses_that_cannot_be_are_refused_with_a_hint() {
    for (args, said) in [
        (&["--synthetic", "qwen9"][..], "qwen2.5-0.5b"),
        (&["--synthetic", "qwen2.5-0.5b:Q1"], "Q4_K_M"),
        (&["--openai", "fake"], "--url http://HOST:PORT"),
        (&["--openai", "a", "--ollama", "b", "--url", "http://127.0.0.1:1"], "--ollama-url"),
    ] {
        let output = vachak().arg("bench").args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(stderr(&output).contains(said) && stderr(&output).contains("hint: "), "{}", stderr(&output));
    }
    assert_eq!(run(&["bench", "--balls", "0"]).status.code(), Some(64));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopped_by_a_signal_it_shows_what_it_has() {
    let server = FakeServer::start("fake", LINE).await.unwrap();
    server.behave(Behaviour::Drip(Duration::from_millis(20)));
    let child = vachak()
        .args(["bench", "--ollama", "fake", "--url", &server.url(), "--balls", "5000", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Past the cold lines and into the row; the server remembers the latest 64.
    while server.requests().len() < 12 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let report = json(&output);
    assert_eq!(report["stopped"], true);
    assert_eq!(report["models"][0]["cold"]["count"], 5);
    assert!(report["models"][0]["error"].is_null(), "{report}");
}
