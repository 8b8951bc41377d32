//! llama.cpp itself, which a process may start only once.

use std::sync::OnceLock;

use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::{LogOptions, send_logs_to_tracing};

/// The backend, started on first use and kept for the life of the process, however many writers come and go. `None` when
/// somebody else in this process has started it.
pub fn backend() -> Option<&'static LlamaBackend> {
    static BACKEND: OnceLock<Option<LlamaBackend>> = OnceLock::new();
    BACKEND
        .get_or_init(|| {
            // Before the start, which logs too; stderr is not llama.cpp's to write to.
            send_logs_to_tracing(LogOptions::default());
            LlamaBackend::init().ok()
        })
        .as_ref()
}
