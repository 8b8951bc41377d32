//! The one trait behind which every model lives.

use std::fmt;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::error::WriteError;
use crate::gauge::PROSE;
use crate::request::WriteRequest;
use crate::usage::Usage;

/// Where a line comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// llama.cpp inside this process.
    Embedded,
    /// An Ollama server.
    Ollama,
    /// A server that speaks OpenAI's `/v1/completions`, such as llama-server or vLLM.
    OpenAi,
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Embedded => "embedded",
            Self::Ollama => "ollama",
            Self::OpenAi => "openai",
        })
    }
}

/// Who writes: part of a published line's provenance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriterInfo {
    /// The kind of writer.
    pub backend: Backend,
    /// The model's name: a GGUF's file name without its ending, or the name the server knows it by.
    pub model: String,
}

/// A piece of what a writer sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text, never empty.
    Text(String),
    /// The line is whole; this is what it took. Nothing follows.
    End(Usage),
}

/// Pieces of valid UTF-8 text in order, and one end after the last piece of a whole line; anything else ends with one
/// error. Nothing follows either. Dropping it stops the writing.
pub type TextStream = BoxStream<'static, Result<Piece, WriteError>>;

/// Something that turns a prompt into a line.
pub trait Writer: Send + Sync {
    /// Who this is.
    fn info(&self) -> WriterInfo;

    /// Begins to write. Must be called inside a tokio runtime. Never blocks: what goes wrong, also before the first
    /// token, comes out of the stream. The stream ends by the request's deadline and as soon as it is cancelled,
    /// whatever the model does.
    fn write(&self, request: WriteRequest) -> TextStream;

    /// Whether this writer would write now: it makes the model produce one token, because a hung model server still
    /// answers lighter questions.
    ///
    /// # Errors
    /// What is wrong with it, with a hint where there is one; [`WriteError::DeadlinePassed`] when there was no answer
    /// by `deadline`.
    fn probe(&self, deadline: Instant) -> BoxFuture<'_, Result<(), WriteError>>;
}

/// Has a server write a single token and throws it away: the heart of a probe. The prompt is the one by which its counts
/// of tokens are gauged.
pub(crate) async fn one_token(writer: &dyn Writer, deadline: Instant) -> Result<(), WriteError> {
    let mut text = writer.write(WriteRequest { max_tokens: 1, ..WriteRequest::new(PROSE, deadline) });
    while let Some(piece) = text.next().await {
        piece?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_backend_is_written_and_read_by_one_name() {
        for backend in [Backend::Embedded, Backend::Ollama, Backend::OpenAi] {
            let name = backend.to_string();
            let read: Backend = serde_json::from_value(name.as_str().into()).unwrap();
            assert_eq!(read, backend);
            assert_eq!(serde_json::to_value(backend).unwrap(), name);
        }
    }
}
