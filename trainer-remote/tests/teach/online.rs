//! Models as teachers: what is asked, what is paid, and what happens when they misbehave.

use std::{fs, io::Read as _, net::TcpListener, path::PathBuf};

use commentary::Layout;
use trainer_remote::teach::{Error, Price, Teacher, Teaching};

use crate::{
    fake_anthropic::{Behaviour, FakeAnthropic, KEY, TOKENS},
    support::{self, Prepared},
};

const PRICE: Price = Price { input: 1000.0, output: 5000.0 };

/// A few rows, a server, and settings that bring them together.
fn class(behaviour: Behaviour) -> (Prepared, FakeAnthropic, Teaching) {
    let prepared = Prepared::new(1, 30, Layout::Compact);
    let server = FakeAnthropic::start(behaviour);
    let key_file = prepared.root.path().join("key");
    fs::write(&key_file, format!("{KEY}\n")).unwrap();
    let settings = Teaching {
        teacher: Teacher::Anthropic,
        model: Some("a-model".to_owned()),
        url: Some(server.url.clone()),
        api_key_file: Some(key_file),
        price: PRICE,
        cap: Some(1e6),
        retries: 2,
        timeout: 1,
        ..Teaching::default()
    };
    (prepared, server, settings)
}

fn cost(requests: usize) -> f64 {
    requests as f64 * (TOKENS.0 as f64 * PRICE.input + TOKENS.1 as f64 * PRICE.output) / 1e6
}

fn rows(prepared: &Prepared) -> usize {
    support::read(&prepared.rows(), "train").len()
}

fn out(prepared: &Prepared) -> PathBuf {
    prepared.out("teach")
}

fn refusals(prepared: &Prepared) -> String {
    support::lines(&out(prepared).join("refused.jsonl.zst")).join("\n")
}

#[test]
fn rows_are_filled_and_a_second_run_asks_nothing() {
    let (prepared, server, settings) = class(Behaviour::Well);
    let summary = prepared.teach(&settings, &out(&prepared), 2).unwrap();
    let asked = server.requests().len();
    assert_eq!(summary.lines() as usize, rows(&prepared));
    assert!(support::read(&out(&prepared), "train").iter().all(|row| row.completion == "Patience."));
    assert!((summary.spent - cost(asked)).abs() < 1e-9, "{}", summary.spent);
    let body = &server.requests()[0];
    assert!(body["system"].as_str().unwrap().starts_with("You are a cricket commentator"), "{body}");
    let user = body["messages"][0]["content"].as_str().unwrap();
    assert!(user.starts_with("Facts: ") && !user.contains("<|"), "{user}");
    let before = fs::read(out(&prepared).join("train.jsonl.zst")).unwrap();
    prepared.teach(&settings, &out(&prepared), 1).unwrap();
    assert_eq!(server.requests().len(), asked, "answers are never paid for twice");
    assert_eq!(fs::read(out(&prepared).join("train.jsonl.zst")).unwrap(), before);
}

#[test]
fn the_cap_is_never_passed_and_a_higher_one_goes_on() {
    let (prepared, server, settings) = class(Behaviour::Well);
    // Room for some: what is set aside for a request is several times what the server then charges.
    let settings = Teaching { cap: Some(2.5), concurrency: 16, ..settings };
    let error = prepared.teach(&settings, &out(&prepared), 2).unwrap_err();
    assert!(matches!(error, Error::Cap { .. }) && error.to_string().contains("raise teach.cap"), "{error}");
    let asked = server.requests().len();
    assert!(asked > 0 && asked < rows(&prepared) && cost(asked) <= 2.5, "{asked}");
    prepared.teach(&Teaching { cap: Some(1e6), ..settings }, &out(&prepared), 2).unwrap();
    let mut bodies: Vec<String> = server.requests().iter().map(ToString::to_string).collect();
    let all = bodies.len();
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), all, "nothing is asked twice");
}

#[test]
fn a_wrong_key_stops_the_run_at_once_and_is_never_shown() {
    let (prepared, server, settings) = class(Behaviour::Well);
    let key_file = prepared.root.path().join("wrong");
    fs::write(&key_file, "sk-wrong-9876").unwrap();
    let settings = Teaching { api_key_file: Some(key_file), concurrency: 1, ..settings };
    let error = prepared.teach(&settings, &out(&prepared), 1).unwrap_err().to_string();
    assert!(error.contains("401") && error.contains("check the API key"), "{error}");
    assert_eq!(server.requests().len(), 1);
    let ledger = fs::read_to_string(out(&prepared).join("ledger.jsonl")).unwrap();
    assert!(!error.contains("9876") && !ledger.contains("9876"));
}

#[test]
fn nonsense_is_asked_once_more_with_the_fault_named_and_then_kept() {
    let (prepared, server, settings) = class(Behaviour::Nonsense);
    let summary = prepared.teach(&settings, &out(&prepared), 2).unwrap();
    assert_eq!(summary.lines(), 0);
    assert_eq!(summary.refused.values().sum::<u64>() as usize, rows(&prepared));
    let again = server.requests().iter().filter(|body| body.to_string().contains("Not allowed last time")).count();
    assert_eq!(2 * again, server.requests().len());
    assert!(refusals(&prepared).contains("987"));
}

#[test]
fn a_teacher_that_learns_from_the_fault_fills_the_row() {
    let (prepared, _server, settings) = class(Behaviour::Learns);
    let summary = prepared.teach(&settings, &out(&prepared), 2).unwrap();
    assert_eq!(summary.lines() as usize, rows(&prepared));
}

#[test]
fn a_teacher_that_declines_or_refuses_the_request_is_kept_as_a_reason() {
    for (behaviour, reason) in [(Behaviour::Refuses, "declined"), (Behaviour::BadRequest, "max_tokens: too small")] {
        let (prepared, server, settings) = class(behaviour);
        let summary = prepared.teach(&settings, &out(&prepared), 2).unwrap();
        assert_eq!(summary.lines(), 0);
        assert!(server.requests().len() <= rows(&prepared), "it is not asked again");
        assert!(refusals(&prepared).contains(reason), "{}", refusals(&prepared));
    }
}

#[test]
fn a_storm_of_429_is_waited_out() {
    let (prepared, _server, settings) = class(Behaviour::Busy(3));
    let settings = Teaching { concurrency: 2, retries: 6, ..settings };
    let summary = prepared.teach(&settings, &out(&prepared), 2).unwrap();
    assert_eq!(summary.lines() as usize, rows(&prepared));
}

#[test]
fn a_server_that_hangs_or_is_overloaded_ends_the_run_and_what_was_answered_stays() {
    for behaviour in [Behaviour::Hangs, Behaviour::Overloaded] {
        let (prepared, server, settings) = class(Behaviour::Well);
        let settings = Teaching { cap: Some(2.0), concurrency: 2, retries: 1, ..settings };
        prepared.teach(&settings, &out(&prepared), 2).unwrap_err();
        let answered = server.requests().len();
        server.behave(behaviour);
        let settings = Teaching { cap: Some(1e6), ..settings };
        let error = prepared.teach(&settings, &out(&prepared), 2).unwrap_err().to_string();
        assert!(error.contains(&format!("{answered} answers are kept")) && error.contains("hint:"), "{error}");
        assert!(!out(&prepared).join("train.jsonl.zst").exists());
        server.behave(Behaviour::Well);
        let summary = prepared.teach(&settings, &out(&prepared), 2).unwrap();
        let paid = cost(rows(&prepared));
        // A request that timed out may have been charged: what was set aside for it counts.
        assert_eq!(summary.spent > paid + 0.1, behaviour == Behaviour::Hangs, "{} {paid}", summary.spent);
    }
}

#[test]
fn a_connection_that_is_cut_or_refused_ends_the_run_with_the_reason() {
    let (prepared, _server, settings) = class(Behaviour::Well);
    let cutter = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", cutter.local_addr().unwrap());
    let cutting = std::thread::spawn(move || {
        for stream in cutter.incoming().take(2) {
            let _ = stream.unwrap().read(&mut [0; 64]);
        }
    });
    let settings = Teaching { url: Some(url), concurrency: 1, retries: 1, ..settings };
    for _ in 0..2 {
        // The first time it is cut, the second time nobody listens any more.
        let error = prepared.teach(&settings, &out(&prepared), 1).unwrap_err().to_string();
        assert!(error.contains("the connection failed") && error.contains("0 answers are kept"), "{error}");
    }
    cutting.join().unwrap();
}

#[test]
fn batches_are_half_as_dear_and_what_failed_in_them_is_asked_again() {
    let (prepared, server, settings) = class(Behaviour::Learns);
    let settings = Teaching { batch: true, ..settings };
    let summary = prepared.teach(&settings, &out(&prepared), 2).unwrap();
    assert_eq!(summary.lines() as usize, rows(&prepared), "{:?}", summary.refused);
    assert!(server.batches() >= 2);
    assert!(summary.spent <= cost(server.requests().len()) / 2.0 + 1.0, "{}", summary.spent);
    let asked = server.requests().len();
    prepared.teach(&settings, &out(&prepared), 2).unwrap();
    assert_eq!(server.requests().len(), asked);
}

#[test]
fn rows_for_slots_are_refused_in_words() {
    let (_prepared, server, settings) = class(Behaviour::Well);
    let prepared = Prepared::new(1, 60, Layout::Slots);
    let error = prepared.teach(&settings, &out(&prepared), 2).unwrap_err();
    assert!(matches!(error, Error::Slots), "{error}");
    assert!(server.requests().is_empty());
}

#[test]
fn an_estimate_asks_nothing_and_grows_with_the_rows() {
    let (prepared, server, settings) = class(Behaviour::Well);
    let estimate = prepared.estimate(&settings);
    assert_eq!(estimate.rows as usize, rows(&prepared));
    assert!(estimate.cost > 0.0 && estimate.tokens_in > 100 * estimate.rows && server.requests().is_empty());
    let batches = prepared.estimate(&Teaching { batch: true, ..settings });
    assert!((batches.cost * 2.0 - estimate.cost).abs() < 1e-6);
}

#[test]
fn ollama_fills_rows_and_names_the_command_for_a_missing_model() {
    let prepared = Prepared::new(1, 60, Layout::Compact);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(llm::fake::FakeServer::start("voice:1b", "Patience.")).unwrap();
    let settings = Teaching {
        teacher: Teacher::Ollama,
        model: Some("voice:1b".to_owned()),
        url: Some(server.url()),
        ..Teaching::default()
    };
    let summary = prepared.teach(&settings, &out(&prepared), 2).unwrap();
    assert_eq!(summary.lines() as usize, rows(&prepared));
    let settings = Teaching { model: Some("other".to_owned()), ..settings };
    let error = prepared.teach(&settings, &prepared.out("other"), 2).unwrap_err().to_string();
    assert!(error.contains("ollama pull other"), "{error}");
    let settings = Teaching { teacher: Teacher::OpenAi, model: Some("voice:1b".to_owned()), ..settings };
    assert_eq!(prepared.teach(&settings, &prepared.out("openai"), 2).unwrap().lines(), summary.lines());
}
