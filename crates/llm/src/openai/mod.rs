//! Lines from any server that speaks OpenAI's `/v1/completions`: llama-server, vLLM and others.
//!
//! Completions, not chat: the prompt is ours to the last byte, and a chat endpoint would put its own template around it.
//! The reply is streamed as server-sent events and read by `sse`.

mod sse;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use serde::Serialize;
use tokio::time::Instant;

use crate::error::WriteError;
use crate::gauge::Gauge;
use crate::http::{Endpoint, refusal};
use crate::limit::{Limits, limited};
use crate::request::WriteRequest;
use crate::secret::Secret;
use crate::writer::{Backend, Piece, TextStream, Writer, WriterInfo, one_token};

/// Which server, which model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAiConfig {
    /// The server's address, with or without `/v1` at its end.
    pub url: String,
    /// The model's name as the server's `/v1/models` lists it.
    pub model: String,
    /// Sent as `Authorization: Bearer …` where the server wants one.
    pub api_key: Option<Secret>,
}

/// A writer on an OpenAI-compatible server.
pub struct OpenAiWriter {
    config: OpenAiConfig,
    endpoint: Endpoint,
    gauge: Gauge,
    /// `completions`, behind `v1/` unless the address has that already.
    path: &'static str,
}

impl OpenAiWriter {
    /// Prepares the writer; nothing is sent yet.
    ///
    /// # Errors
    /// [`WriteError::BadAddress`] when the configured address is none.
    pub fn new(config: OpenAiConfig) -> Result<Self, WriteError> {
        let endpoint = Endpoint::parse(&config.url)?;
        let path = if endpoint.base.path().ends_with("/v1/") { "completions" } else { "v1/completions" };
        Ok(Self { config, endpoint, gauge: Gauge::default(), path })
    }

    /// The address in use, without user and password.
    pub fn url(&self) -> &str {
        &self.endpoint.shown
    }

    /// The reply, bounded by nothing but its own end.
    fn pieces(&self, request: &WriteRequest) -> impl futures_util::Stream<Item = Result<Piece, WriteError>> + use<> {
        let body = Body::new(&self.config.model, request);
        let max_tokens = request.max_tokens;
        let endpoint = self.endpoint.clone();
        let address = endpoint.at(self.path);
        let model = self.config.model.clone();
        let key = self.config.api_key.clone();
        let gauge = self.gauge.clone();
        async_stream::try_stream! {
            let mut post = endpoint.client.post(address).json(&body);
            if let Some(key) = key {
                post = post.bearer_auth(key.expose());
            }
            let response = post.send().await.map_err(|error| endpoint.unreachable(&error))?;
            if !response.status().is_success() {
                Err(refused(&model, &endpoint, refusal(response).await))?;
                return;
            }
            let mut pieces = std::pin::pin!(crate::reply::pieces(response, endpoint, max_tokens, sse::read, "[DONE]"));
            while let Some(piece) = pieces.next().await {
                yield gauge.checked(&body.prompt, piece?)?;
            }
        }
    }
}

/// The request as `/v1/completions` reads it.
#[derive(Serialize)]
struct Body {
    model: String,
    prompt: String,
    stream: bool,
    stream_options: StreamOptions,
    max_tokens: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stop: Vec<String>,
    temperature: f32,
    top_p: f32,
    /// Not OpenAI's own, yet known to llama-server and vLLM; left out when it does nothing, for servers that refuse it.
    #[serde(skip_serializing_if = "Option::is_none")]
    min_p: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u32>,
}

/// Asks for what the line took; a server that does not know the option leaves it out.
#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

impl Body {
    fn new(model: &str, request: &WriteRequest) -> Self {
        let sampling = request.sampling.bounded();
        Self {
            model: model.to_owned(),
            prompt: request.prompt.clone(),
            stream: true,
            stream_options: StreamOptions { include_usage: true },
            max_tokens: request.max_tokens,
            stop: request.stop.clone(),
            temperature: sampling.temperature,
            top_p: sampling.top_p,
            min_p: (sampling.min_p > 0.0).then_some(sampling.min_p),
            seed: sampling.seed,
        }
    }
}

impl Writer for OpenAiWriter {
    fn info(&self) -> WriterInfo {
        WriterInfo { backend: Backend::OpenAi, model: self.config.model.clone() }
    }

    fn write(&self, request: WriteRequest) -> TextStream {
        limited(self.pieces(&request), Limits::of(&request))
    }

    fn probe(&self, deadline: Instant) -> BoxFuture<'_, Result<(), WriteError>> {
        Box::pin(one_token(self, deadline))
    }
}

/// These servers say 404 both for a model they lack, then with its name, and for a path they do not know.
fn refused(model: &str, endpoint: &Endpoint, (status, message): (u16, String)) -> WriteError {
    if status == 404 && message.contains(model) {
        return WriteError::ModelMissing {
            model: model.to_owned(),
            hint: format!(
                "ask {} which models it has (GET /v1/models) and configure one of those names",
                endpoint.shown
            ),
        };
    }
    WriteError::Server { status, message }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::request::Sampling;

    fn config(url: &str) -> OpenAiConfig {
        OpenAiConfig { url: url.to_owned(), model: "voice".to_owned(), api_key: Some(Secret::new("key-123")) }
    }

    #[test]
    fn the_address_may_end_in_v1_or_not() {
        for url in ["http://box.example:8080", "http://box.example:8080/v1", "http://box.example:8080/v1/"] {
            let writer = OpenAiWriter::new(config(url)).unwrap();
            assert_eq!(writer.endpoint.at(writer.path), "http://box.example:8080/v1/completions", "{url}");
        }
    }

    #[test]
    fn the_key_is_not_in_debug_output() {
        assert!(!format!("{:?}", config("http://box.example")).contains("key-123"));
    }

    #[test]
    fn settings_that_do_nothing_are_left_out() {
        let mut request = WriteRequest {
            max_tokens: 40,
            sampling: Sampling { min_p: 0.0, ..Sampling::default() },
            ..WriteRequest::new("a prompt", Instant::now())
        };
        let body = serde_json::to_value(Body::new("voice", &request)).unwrap();
        assert_eq!(
            body,
            serde_json::json!({
                "model": "voice", "prompt": "a prompt", "stream": true,
                "stream_options": {"include_usage": true}, "max_tokens": 40, "temperature": 0.7_f32,
                "top_p": 0.95_f32,
            })
        );
        request.sampling.min_p = 0.05;
        request.sampling.seed = Some(7);
        request.stop = vec!["\n".to_owned()];
        let body = serde_json::to_value(Body::new("voice", &request)).unwrap();
        assert_eq!(body["seed"], 7);
        assert_eq!(body["stop"], serde_json::json!(["\n"]));
        assert_eq!(body["min_p"], serde_json::json!(0.05_f32));
    }
}
