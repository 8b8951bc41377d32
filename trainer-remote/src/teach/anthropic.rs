//! Anthropic's Messages API and its Message Batches, as far as teaching needs them.

use std::time::Duration;

use llm::Secret;
use reqwest::{Client, RequestBuilder, Response, StatusCode, header::RETRY_AFTER, redirect};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Error, Teaching, ask::Ask, ledger::Answer, model::Failure};

/// The version of the API that is spoken.
const VERSION: &str = "2023-06-01";
/// A busy server answers late, but a connection comes soon or never.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// The usual address.
const ADDRESS: &str = "https://api.anthropic.com";

/// The client.
pub(super) struct Anthropic {
    client: Client,
    base: String,
    key: Secret,
    model: String,
    temperature: Option<f64>,
}

/// One result of a batch.
#[derive(Debug)]
pub(super) struct BatchResult {
    /// The request's key.
    pub(super) key: String,
    /// Its answer, or why there is none.
    pub(super) answer: Result<Answer, String>,
}

#[derive(Serialize)]
struct Params<'a> {
    model: &'a str,
    max_tokens: u32,
    system: &'a str,
    messages: [Message<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct BatchBody<'a> {
    requests: Vec<BatchItem<'a>>,
}

#[derive(Serialize)]
struct BatchItem<'a> {
    custom_id: &'a str,
    params: Params<'a>,
}

#[derive(Deserialize)]
struct Reply {
    content: Vec<Content>,
    stop_reason: Option<String>,
    usage: Usage,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct Usage {
    input_tokens: u64,
    output_tokens: u64,
}

#[derive(Deserialize)]
struct Batch {
    id: String,
    processing_status: String,
}

#[derive(Deserialize)]
struct ResultLine {
    custom_id: String,
    result: ResultBody,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum ResultBody {
    Succeeded { message: Reply },
    Errored { error: Value },
    Canceled,
    Expired,
}

impl Anthropic {
    /// Prepares the client.
    pub(super) fn new(settings: &Teaching, key: Option<Secret>) -> Result<Self, Error> {
        let key = key.ok_or_else(|| Error::Settings {
            key: "teach.api_key_file",
            reason: "anthropic needs an API key".to_owned(),
            hint: "name a file that holds it, or set ANTHROPIC_API_KEY".to_owned(),
        })?;
        let base = settings.url.as_deref().unwrap_or(ADDRESS).trim_end_matches('/').to_owned();
        let client = Client::builder()
            .user_agent(concat!("vachak/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(Duration::from_secs(settings.timeout))
            // A prompt and a key go where they were sent and nowhere else.
            .redirect(redirect::Policy::none())
            .build()
            .map_err(|error| Error::Settings {
                key: "teach.url",
                reason: error.to_string(),
                hint: "check the system's certificates".to_owned(),
            })?;
        let model = settings.model.clone().unwrap_or_default();
        Ok(Self { client, base, key, model, temperature: settings.temperature })
    }

    /// One answer.
    pub(super) async fn answer(&self, ask: &Ask) -> Result<Answer, Failure> {
        let response =
            self.send(self.client.post(format!("{}/v1/messages", self.base)).json(&self.params(ask))).await?;
        let reply: Reply = response.json().await.map_err(|error| passing(&error))?;
        Ok(reply.into())
    }

    /// Sends requests as one batch; its name.
    pub(super) async fn send_batch(&self, asks: &[Ask]) -> Result<String, Failure> {
        let items = asks.iter().map(|ask| BatchItem { custom_id: &ask.key, params: self.params(ask) });
        let body = BatchBody { requests: items.collect() };
        let request = self.client.post(format!("{}/v1/messages/batches", self.base)).json(&body);
        let batch: Batch = self.send(request).await?.json().await.map_err(|error| passing(&error))?;
        Ok(batch.id)
    }

    /// The results of a batch; `None` while it runs.
    pub(super) async fn results(&self, id: &str) -> Result<Option<Vec<BatchResult>>, Failure> {
        let address = format!("{}/v1/messages/batches/{id}", self.base);
        let batch: Batch = self.send(self.client.get(&address)).await?.json().await.map_err(|error| passing(&error))?;
        if batch.processing_status != "ended" {
            return Ok(None);
        }
        let response = self.send(self.client.get(format!("{address}/results"))).await?;
        let text = response.text().await.map_err(|error| passing(&error))?;
        let mut results = Vec::new();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let line: ResultLine = serde_json::from_str(line).map_err(|error| Failure::Passing {
                what: format!("a batch's results cannot be understood: {error}"),
                after: None,
                lost: false,
            })?;
            let answer = match line.result {
                ResultBody::Succeeded { message } => Ok(message.into()),
                ResultBody::Errored { error } => Err(words(&error).unwrap_or_else(|| "it failed".to_owned())),
                ResultBody::Canceled => Err("the batch was cancelled".to_owned()),
                ResultBody::Expired => Err("the batch expired".to_owned()),
            };
            results.push(BatchResult { key: line.custom_id, answer });
        }
        Ok(Some(results))
    }

    fn params<'a>(&'a self, ask: &'a Ask) -> Params<'a> {
        let (system, user) = ask.parts();
        Params {
            model: &self.model,
            max_tokens: ask.prompt.max_tokens,
            system,
            messages: [Message { role: "user", content: user }],
            temperature: self.temperature,
        }
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, Failure> {
        let request = request.header("x-api-key", self.key.expose()).header("anthropic-version", VERSION);
        let response = request.send().await.map_err(|error| passing(&error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let text = response.text().await.unwrap_or_default();
        let said = serde_json::from_str(&text).ok().as_ref().and_then(words).unwrap_or_default();
        Err(refused(status, &said, after.map(Duration::from_secs)))
    }
}

fn refused(status: StatusCode, said: &str, after: Option<Duration>) -> Failure {
    let what = format!("the server answered with status {}: {said}", status.as_u16());
    match status.as_u16() {
        401 | 403 => Failure::Fatal(what, "check the API key and what it may do".to_owned()),
        402 => Failure::Fatal(what, "check the account's credit".to_owned()),
        404 => Failure::Fatal(what, "check teach.model and teach.url".to_owned()),
        408 | 429 | 500.. => Failure::Passing { what, after, lost: false },
        _ => Failure::Row(what),
    }
}

/// The network's own failures: worth another try. The address is left out, as it may hold a password.
fn passing(error: &reqwest::Error) -> Failure {
    use std::error::Error as _;
    let mut cause = error.source();
    let mut words =
        if error.is_timeout() { "no answer in time".to_owned() } else { "the connection failed".to_owned() };
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    let lost = error.is_timeout() && !error.is_connect() || error.is_decode() || error.is_body();
    Failure::Passing { what: words, after: None, lost }
}

/// The words in `{"error":{"message":"…"}}`, at any depth of it, shortened.
fn words(value: &Value) -> Option<String> {
    let error = value.get("error").unwrap_or(value);
    let message = error.get("message").or_else(|| error.get("error")?.get("message"))?.as_str()?;
    Some(message.chars().filter(|c| !c.is_control()).take(200).collect())
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        let text: String = reply.content.into_iter().map(|content| content.text).collect();
        let declined = reply.stop_reason.as_deref() == Some("refusal") || text.trim().is_empty();
        Self { text, declined, tokens_in: reply.usage.input_tokens, tokens_out: reply.usage.output_tokens }
    }
}
