//! The small real model that is shared beside the repository, and requests to it.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "shared by several test programs; a test fails by panicking, and says so where it cannot run"
)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::future::join_all;
use llm::{EmbeddedConfig, EmbeddedWriter, Sampling, WriteRequest, Written, collect};
use tokio::time::Instant;

/// The shared folder beside the repository, or where `VACHAK_SHARED` says.
pub(crate) fn shared(file: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os("VACHAK_SHARED") {
        Some(folder) => Some(PathBuf::from(folder)),
        None => Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .map(|folder| folder.join("shared"))
            .find(|folder| folder.join("models").is_dir()),
    };
    let path = folder.map(|folder| folder.join("models").join(file));
    let found = path.filter(|path| path.is_file());
    if found.is_none() {
        eprintln!("skipped: there is no shared/models/{file} beside the repository (see VACHAK_SHARED)");
    }
    found
}

pub(crate) fn loaded() -> Option<EmbeddedWriter> {
    with_room(512, 8)
}

/// The shared model with room for this many tokens and lines.
pub(crate) fn config(context: u32, parallel: u32) -> Option<EmbeddedConfig> {
    let model = shared("dev-mini-q8_0.gguf")?;
    Some(EmbeddedConfig { threads: Some(1), context, parallel, ..EmbeddedConfig::new(model) })
}

/// A writer with it.
pub(crate) fn with_room(context: u32, parallel: u32) -> Option<EmbeddedWriter> {
    Some(EmbeddedWriter::load(config(context, parallel)?).unwrap())
}

pub(crate) fn prompt(persona: &str, over: &str) -> String {
    format!(
        "<|im_start|>user\nstyle: {persona}\nmatch: Wolves v Rajasthan ODI\nover: {over} score: 148/7\n\
         bowler: Babar leg-spin 90 kph 4/21\nbatter: Inglis 148 (117)\n\
         ball: full toss middle | clip cow corner | 1<|im_end|>\n<|im_start|>assistant\n"
    )
}

pub(crate) fn request(prompt: String) -> WriteRequest {
    WriteRequest {
        stop: vec!["<|im_end|>".to_owned(), "\n".to_owned()],
        sampling: Sampling { seed: Some(7), ..Sampling::default() },
        ..WriteRequest::new(prompt, Instant::now() + Duration::from_secs(60))
    }
}

/// A request for as long a line as the model likes.
pub(crate) fn long() -> WriteRequest {
    WriteRequest { stop: Vec::new(), max_tokens: 100_000, ..request(prompt("greig", "49.5")) }
}

pub(crate) async fn line(writer: &EmbeddedWriter, request: WriteRequest) -> String {
    collect(writer, request).await.unwrap().text
}

/// A request whose line does not depend on chance.
pub(crate) fn certain(prompt: String) -> WriteRequest {
    let request = request(prompt);
    WriteRequest { sampling: Sampling { temperature: 0.0, ..request.sampling }, ..request }
}

/// Lines asked for at the same time.
pub(crate) async fn together(writer: &EmbeddedWriter, requests: Vec<WriteRequest>) -> Vec<Written> {
    join_all(requests.into_iter().map(|request| collect(writer, request)))
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect()
}

/// Prompts that begin alike for some 200 tokens and end differently.
pub(crate) fn alike(count: usize) -> Vec<String> {
    let history = "over: 48.1 score: 141/7 ball: full toss middle | clip cow corner | 1\n".repeat(5);
    (0..count).map(|at| format!("<|im_start|>user\n{history}{}", prompt("greig", &format!("49.{at}")))).collect()
}
