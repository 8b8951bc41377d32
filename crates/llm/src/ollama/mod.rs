//! Lines from an Ollama server.
//!
//! Our own bytes go to `/api/generate` with `raw`, so that no template of the server's is put around them, and the reply
//! is streamed. `ollama-rs` supplies the request's types and the list of models; the reply is read by `reply`, because
//! `generate_stream` of `ollama-rs` 0.3.6 parses each network chunk by itself and drops, without a word, a line or a
//! character that a chunk's edge cuts in two, and error lines too; it does not tell a finished reply from one that broke
//! off; and it knows no time limit. The HTTP client, ours, is given to it.

mod host;
mod reply;

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use ollama_rs::Ollama;
use ollama_rs::generation::completion::request::GenerationRequest;
use ollama_rs::generation::parameters::{KeepAlive, TimeUnit};
use ollama_rs::models::ModelOptions;
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use crate::error::WriteError;
use crate::gauge::Gauge;
use crate::http::{Endpoint, refusal};
use crate::lane::Lane;
use crate::limit::{Limits, limited};
use crate::request::{TOP_K, WriteRequest};
use crate::usage::Usage;
use crate::writer::{Backend, Piece, TextStream, Writer, WriterInfo, one_token};

/// Which Ollama, which model, and how it is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OllamaConfig {
    /// The server's address. `None`: `OLLAMA_HOST` from the environment as Ollama itself reads it, else
    /// `http://127.0.0.1:11434`.
    pub url: Option<String>,
    /// The model's name as `ollama list` shows it; without a tag, `:latest` is meant.
    pub model: String,
    /// The context in tokens. It goes with every request, always the same, because a change makes the server load the
    /// model anew. Ollama cuts the front of a longer prompt without a word, so it must hold the prompt and the line.
    pub num_ctx: u32,
    /// Requests that go to the server at a time: its `OLLAMA_NUM_PARALLEL`, which is 1 unless somebody has set it. What is
    /// sent beyond that waits there in the order of coming, and each persona's lines throw out what was kept of another's.
    pub parallel: usize,
    /// How long the server keeps the model in memory after a request; `None`: for as long as it runs.
    pub keep_alive: Option<Duration>,
}

impl OllamaConfig {
    /// The usual: the server of this machine or of `OLLAMA_HOST`, 2048 tokens of context, the model kept in memory.
    pub fn new(model: impl Into<String>) -> Self {
        Self { url: None, model: model.into(), num_ctx: 2048, parallel: 1, keep_alive: None }
    }
}

/// A writer on an Ollama server.
pub struct OllamaWriter {
    config: OllamaConfig,
    endpoint: Endpoint,
    lane: Lane,
    gauge: Gauge,
}

impl OllamaWriter {
    /// Prepares the writer; nothing is sent yet.
    ///
    /// # Errors
    /// [`WriteError::BadAddress`] when the address, configured or from `OLLAMA_HOST`, is none.
    pub fn new(config: OllamaConfig) -> Result<Self, WriteError> {
        let address = match &config.url {
            Some(url) => url.clone(),
            None => host::from_environment(),
        };
        let endpoint = Endpoint::parse(&address)?;
        let lane = Lane::new(config.parallel);
        Ok(Self { config, endpoint, lane, gauge: Gauge::default() })
    }

    /// The address in use, without user and password.
    pub fn url(&self) -> &str {
        &self.endpoint.shown
    }

    /// The request as Ollama reads it.
    fn body(&self, request: &WriteRequest) -> Body<'static> {
        let sampling = request.sampling.bounded();
        let mut options = ModelOptions::default()
            .num_ctx(self.config.num_ctx.into())
            .num_predict(i32::try_from(request.max_tokens).unwrap_or(i32::MAX))
            .stop(request.stop.clone())
            .temperature(sampling.temperature)
            .top_k(TOP_K.into())
            .top_p(sampling.top_p)
            .min_p(sampling.min_p)
            // The other writers have no repetition penalty either.
            .repeat_penalty(1.0);
        if let Some(seed) = sampling.seed {
            // Ollama's seed is signed and a negative one means "any".
            options = options.seed(i32::try_from(seed & 0x7FFF_FFFF).unwrap_or_default());
        }
        let keep_alive = match self.config.keep_alive {
            None => KeepAlive::Indefinitely,
            Some(time) => KeepAlive::Until { time: time.as_secs(), unit: TimeUnit::Seconds },
        };
        Body {
            stream: true,
            truncate: false,
            shift: false,
            request: GenerationRequest::new(self.config.model.clone(), request.prompt.clone())
                .raw(true)
                .options(options)
                .keep_alive(keep_alive),
        }
    }

    /// The reply, once it is this request's turn, bounded by its own end and by a request of more urgency.
    fn pieces(&self, request: &WriteRequest) -> impl futures_util::Stream<Item = Result<Piece, WriteError>> + use<> {
        let (lane, urgency) = (self.lane.clone(), request.urgency);
        let prompt = request.prompt.clone();
        let reply = self.reply(request);
        async_stream::try_stream! {
            let asked = Instant::now();
            let turn = lane.turn(&prompt, urgency).await?;
            let waited = asked.elapsed();
            let mut reply = std::pin::pin!(reply);
            loop {
                let piece = tokio::select! {
                    biased;
                    () = turn.give_way.cancelled() => Some(Err(WriteError::Busy)),
                    piece = reply.next() => piece,
                };
                match piece {
                    Some(Ok(Piece::End(usage))) => yield Piece::End(Usage { waited: Some(waited), ..usage }),
                    Some(piece) => yield piece?,
                    None => return,
                }
            }
        }
    }

    /// What the server replies, asked at once.
    fn reply(&self, request: &WriteRequest) -> impl futures_util::Stream<Item = Result<Piece, WriteError>> + use<> {
        let body = self.body(request);
        let prompt = request.prompt.clone();
        let max_tokens = request.max_tokens;
        let endpoint = self.endpoint.clone();
        let model = self.config.model.clone();
        let gauge = self.gauge.clone();
        async_stream::try_stream! {
            let response = endpoint
                .client
                .post(endpoint.at("api/generate"))
                .json(&body)
                .send()
                .await
                .map_err(|error| endpoint.unreachable(&error))?;
            if !response.status().is_success() {
                Err(refused(&model, refusal(response).await))?;
                return;
            }
            let mut pieces = std::pin::pin!(crate::reply::pieces(response, endpoint, max_tokens, reply::read, "saying that it was done"));
            while let Some(piece) = pieces.next().await {
                yield gauge.checked(&prompt, piece?)?;
            }
        }
    }

    /// Whether the server has the model, by its own list.
    async fn find_model(&self) -> Result<(), WriteError> {
        let ollama =
            Ollama::builder().url(self.endpoint.base.clone()).reqwest_client(self.endpoint.client.clone()).build();
        let models = ollama.list_local_models().await.map_err(|error| match error {
            ollama_rs::error::OllamaError::ReqwestError(error) => self.endpoint.unreachable(&error),
            ollama_rs::error::OllamaError::JsonError(error) => {
                self.endpoint.bad_reply("its list of models is not one", error.to_string().as_bytes())
            }
            other => self.endpoint.bad_reply("it does not list its models", other.to_string().as_bytes()),
        })?;
        let wanted = tagged(&self.config.model);
        if models.iter().any(|model| tagged(&model.name) == wanted) {
            return Ok(());
        }
        let names: Vec<&str> = models.iter().map(|model| model.name.as_str()).take(8).collect();
        let mut hint = pull_hint(&self.config.model);
        if !names.is_empty() {
            hint = format!("{hint}; it has {}", names.join(", "));
        }
        Err(WriteError::ModelMissing { model: self.config.model.clone(), hint })
    }
}

/// `ollama-rs` has the request, but no public way to mark it as streamed, and not Ollama's latest fields.
#[derive(Serialize)]
struct Body<'a> {
    stream: bool,
    /// An Ollama that knows these refuses a prompt that does not fit, where others cut its front off in silence.
    truncate: bool,
    shift: bool,
    #[serde(flatten)]
    request: GenerationRequest<'a>,
}

impl Writer for OllamaWriter {
    fn info(&self) -> WriterInfo {
        WriterInfo { backend: Backend::Ollama, model: self.config.model.clone() }
    }

    fn write(&self, request: WriteRequest) -> TextStream {
        limited(self.pieces(&request), Limits::of(&request))
    }

    fn probe(&self, deadline: Instant) -> BoxFuture<'_, Result<(), WriteError>> {
        Box::pin(async move {
            timeout_at(deadline, self.find_model()).await.map_err(|_| WriteError::DeadlinePassed)??;
            one_token(self, deadline).await
        })
    }
}

/// Ollama's refusals; it says 404 both for a model it lacks and for a path it does not know.
fn refused(model: &str, (status, message): (u16, String)) -> WriteError {
    if status == 404 && message.contains("model") && message.contains("not found") {
        return WriteError::ModelMissing { model: model.to_owned(), hint: pull_hint(model) };
    }
    WriteError::Server { status, message }
}

fn pull_hint(model: &str) -> String {
    format!("run `ollama pull {model}` on the server")
}

/// A name in full: Ollama means `:latest` where no tag is given.
fn tagged(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    if last.contains(':') { name.to_owned() } else { format!("{name}:latest") }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::request::Sampling;

    fn writer() -> OllamaWriter {
        OllamaWriter::new(OllamaConfig { url: Some("http://127.0.0.1:1".to_owned()), ..OllamaConfig::new("voice:1b") })
            .unwrap()
    }

    #[tokio::test]
    async fn the_request_carries_our_bytes_and_every_setting() {
        let body = writer().body(&WriteRequest {
            stop: vec!["<|im_end|>".to_owned()],
            max_tokens: 40,
            sampling: Sampling { seed: Some(u32::MAX), ..Sampling::default() },
            ..WriteRequest::new("<|im_start|>user\nसचिन", Instant::now())
        });
        assert_eq!(
            serde_json::to_value(body).unwrap(),
            serde_json::json!({
                "stream": true, "truncate": false, "shift": false, "raw": true, "model": "voice:1b", "prompt": "<|im_start|>user\nसचिन", "keep_alive": -1,
                "options": {
                    "num_ctx": 2048, "num_predict": 40, "stop": ["<|im_end|>"], "temperature": 0.7_f32, "top_k": 40,
                    "top_p": 0.95_f32, "min_p": 0.05_f32, "repeat_penalty": 1.0, "seed": 2_147_483_647,
                },
            })
        );
    }

    #[test]
    fn a_missing_model_is_told_from_a_missing_path() {
        let missing = refused("voice", (404, "model 'voice' not found".to_owned()));
        assert_eq!(missing.hint().unwrap(), "run `ollama pull voice` on the server");
        let other = refused("voice", (404, "404 page not found".to_owned()));
        assert!(matches!(other, WriteError::Server { status: 404, .. }));
    }

    #[test]
    fn a_name_without_a_tag_means_the_latest() {
        assert_eq!(tagged("voice"), "voice:latest");
        assert_eq!(tagged("hub:5000/voice"), "hub:5000/voice:latest");
        assert_eq!(tagged("voice:1b"), "voice:1b");
    }
}
