//! A model behind one question: whichever server it runs on, an answer, or why there is none.

use std::time::Duration;

use llm::{OllamaConfig, OllamaWriter, OpenAiConfig, OpenAiWriter, Sampling, Secret, WriteError, WriteRequest, Writer};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    Error, Teaching,
    anthropic::Anthropic,
    ask::{Ask, tokens_in},
    ledger::Answer,
    settings::Teacher,
};

/// The first pause before a request is sent again; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause, also where a server asks for more.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Why a request brought no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// Worth another try.
    Passing {
        /// What happened.
        what: String,
        /// After how long, if the server said so.
        after: Option<Duration>,
        /// Whether the request went out and may have been charged all the same.
        lost: bool,
    },
    /// This question will never be answered; others may be.
    Row(String),
    /// No question will: what happened, and what to do.
    Fatal(String, String),
}

/// A model as teacher.
pub(super) enum Model {
    /// Behind one of the daemon's own writers.
    Writer(Box<dyn Writer>),
    /// Anthropic's.
    Anthropic(Anthropic),
}

impl Model {
    /// Prepares to ask; nothing is sent.
    pub(super) fn new(settings: &Teaching) -> Result<Self, Error> {
        let name = settings.model.clone().unwrap_or_default();
        let bad = |error: WriteError| Error::Settings {
            key: "teach.url",
            reason: error.to_string(),
            hint: error.hint().unwrap_or_default(),
        };
        Ok(match settings.teacher {
            Teacher::Anthropic => Self::Anthropic(Anthropic::new(settings, key(settings, "ANTHROPIC_API_KEY")?)?),
            Teacher::OpenAi => {
                let url = settings.url.clone().unwrap_or_default();
                let api_key = key(settings, "OPENAI_API_KEY")?;
                Self::Writer(Box::new(OpenAiWriter::new(OpenAiConfig { url, model: name, api_key }).map_err(bad)?))
            }
            Teacher::Phrasebook | Teacher::Ollama => {
                let config = OllamaConfig { url: settings.url.clone(), ..OllamaConfig::new(name) };
                Self::Writer(Box::new(OllamaWriter::new(config).map_err(bad)?))
            }
        })
    }

    /// An answer, with as many tries as the settings allow.
    pub(super) async fn answer(
        &self,
        ask: &Ask,
        settings: &Teaching,
        cancel: &CancellationToken,
    ) -> Result<Answer, Failure> {
        again(settings.retries, cancel, || self.once(ask, settings, cancel)).await
    }

    async fn once(&self, ask: &Ask, settings: &Teaching, cancel: &CancellationToken) -> Result<Answer, Failure> {
        match self {
            Self::Anthropic(anthropic) => anthropic.answer(ask).await,
            Self::Writer(writer) => {
                let seed = u32::from_str_radix(&ask.key[..8], 16).ok();
                let sampling = Sampling::default();
                let temperature = settings.temperature.map_or(sampling.temperature, |value| value as f32);
                let request = WriteRequest {
                    fixed_len: ask.prompt.fixed_len,
                    stop: ask.prompt.stop.clone(),
                    max_tokens: ask.prompt.max_tokens,
                    sampling: Sampling { temperature, seed, ..sampling },
                    cancel: cancel.clone(),
                    ..WriteRequest::new(
                        ask.prompt.text.as_str(),
                        Instant::now() + Duration::from_secs(settings.timeout),
                    )
                };
                let written = llm::collect(writer.as_ref(), request).await.map_err(|error| failure(&error))?;
                // These servers are not asked for their counts; what they cost, if anything, is held by the estimate.
                let tokens_out = (written.text.len() as u64 / 3 + 1).min(u64::from(ask.prompt.max_tokens));
                Ok(Answer { text: written.text, declined: false, tokens_in: tokens_in(&ask.prompt), tokens_out })
            }
        }
    }
}

/// Tries until it works, fails for good, or has been tried often enough.
pub(super) async fn again<T, F: Future<Output = Result<T, Failure>>>(
    retries: u32,
    cancel: &CancellationToken,
    mut once: impl FnMut() -> F,
) -> Result<T, Failure> {
    let mut pause = FIRST_PAUSE;
    for left in (0..=retries).rev() {
        let error = match once().await {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let Failure::Passing { after, .. } = error else { return Err(error) };
        if left == 0 {
            return Err(error);
        }
        let wait = after.unwrap_or(pause).min(LONGEST_PAUSE);
        if cancel.run_until_cancelled(tokio::time::sleep(wait)).await.is_none() {
            break;
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    Err(Failure::Fatal("it was stopped".to_owned(), String::new()))
}

fn failure(error: &WriteError) -> Failure {
    let what = error.to_string();
    match error {
        WriteError::ModelMissing { .. }
        | WriteError::BadAddress { .. }
        | WriteError::Cancelled
        | WriteError::Server { status: 401 | 403, .. }
        | WriteError::PromptCut { .. } => Failure::Fatal(what, error.hint().unwrap_or_default()),
        WriteError::Server { status, .. } if (400..500).contains(status) && *status != 429 => Failure::Row(what),
        _ => Failure::Passing { what, after: None, lost: matches!(error, WriteError::DeadlinePassed) },
    }
}

/// The API key from its file or the environment; never printed.
fn key(settings: &Teaching, variable: &str) -> Result<Option<Secret>, Error> {
    let found = match &settings.api_key_file {
        Some(path) => Some(std::fs::read_to_string(path).map_err(|source| Error::File {
            path: path.clone(),
            doing: "read",
            source,
            hint: "teach.api_key_file names a file that holds the key alone",
        })?),
        None => std::env::var(variable).ok(),
    };
    Ok(found.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).map(Secret::new))
}
