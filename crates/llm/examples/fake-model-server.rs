//! A model server that always writes the same line, for trying what happens when it misbehaves:
//! `cargo run --release -p llm --no-default-features --features fake --example fake-model-server -- 127.0.0.1:11434 hang`.
//! It has one model, `fake:latest`, for Ollama's protocol and for `/v1/completions`.
#![allow(clippy::print_stderr, reason = "a person reads it")]

use std::process::ExitCode;
use std::time::Duration;

use llm::fake::{Behaviour, FakeServer};

const BEHAVIOURS: [(&str, Behaviour); 15] = [
    ("well", Behaviour::Well),
    ("hang", Behaviour::Hang),
    ("hang-half-way", Behaviour::HangHalfWay),
    ("unavailable", Behaviour::Unavailable),
    ("drip", Behaviour::Drip(Duration::from_secs(1))),
    ("truncate", Behaviour::Truncate),
    ("truncate-inside-line", Behaviour::TruncateInsideLine),
    ("break-off", Behaviour::BreakOff),
    ("error-line", Behaviour::ErrorLine),
    ("garbage", Behaviour::Garbage),
    ("cut-everywhere", Behaviour::CutEverywhere),
    ("model-missing", Behaviour::ModelMissing),
    ("flood", Behaviour::Flood),
    ("repeat", Behaviour::Repeat),
    ("cut-prompt", Behaviour::CutPrompt),
];

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:11434".to_owned());
    let wanted = arguments.next().unwrap_or_else(|| "well".to_owned());
    let Some((_, behaviour)) = BEHAVIOURS.iter().find(|(name, _)| *name == wanted) else {
        let names = BEHAVIOURS.map(|(name, _)| name).join(", ");
        eprintln!("error: `{wanted}` is no behaviour\nhint: one of {names}");
        return ExitCode::from(64);
    };
    let line = "That is through the covers, and there is nobody out there to stop it.";
    let server = match FakeServer::start_on(&address, "fake:latest", line).await {
        Ok(server) => server,
        Err(error) => {
            eprintln!("error: {address} cannot be listened on: {error}");
            return ExitCode::FAILURE;
        }
    };
    server.behave(*behaviour);
    eprintln!("a fake model server on {}, behaviour: {wanted}; Ctrl-C stops it", server.url());
    if let Err(error) = tokio::signal::ctrl_c().await {
        eprintln!("error: waiting for Ctrl-C: {error}");
    }
    ExitCode::SUCCESS
}
