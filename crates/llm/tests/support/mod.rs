//! The small real model that is shared beside the repository, and requests to it.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "shared by several test programs; a test fails by panicking, and says so where it cannot run"
)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use llm::{EmbeddedConfig, EmbeddedWriter, Sampling, WriteRequest, collect};
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
    let config =
        EmbeddedConfig { threads: Some(1), context: 512, ..EmbeddedConfig::new(shared("dev-mini-q8_0.gguf")?) };
    Some(EmbeddedWriter::load(config).unwrap())
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
