//! A server that speaks Anthropic's Messages and Message Batches APIs, and misbehaves on demand.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

pub(crate) const KEY: &str = "sk-test-0123";

/// What the server does with a request.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Behaviour {
    Well,
    Nonsense,
    /// Nonsense first, sense once it is told what was wrong.
    Learns,
    Refuses,
    Hangs,
    /// So many 429 first.
    Busy(usize),
    Overloaded,
    BadRequest,
}

struct Inner {
    behaviour: Behaviour,
    requests: Vec<Value>,
    batches: HashMap<String, Vec<Value>>,
    looks: usize,
}

type Shared = Arc<Mutex<Inner>>;

/// The running server.
pub(crate) struct FakeAnthropic {
    pub(crate) url: String,
    shared: Shared,
    _runtime: Runtime,
}

/// Tokens of every answer, as the server counts: (read, written).
pub(crate) const TOKENS: (u64, u64) = (100, 5);

impl FakeAnthropic {
    pub(crate) fn start(behaviour: Behaviour) -> Self {
        let inner = Inner { behaviour, requests: Vec::new(), batches: HashMap::new(), looks: 0 };
        let shared: Shared = Arc::new(Mutex::new(inner));
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new()
            .route("/v1/messages", post(message))
            .route("/v1/messages/batches", post(batch))
            .route("/v1/messages/batches/{id}", get(look))
            .route("/v1/messages/batches/{id}/results", get(results))
            .with_state(Arc::clone(&shared));
        runtime.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, shared, _runtime: runtime }
    }

    pub(crate) fn behave(&self, behaviour: Behaviour) {
        self.shared.lock().unwrap().behaviour = behaviour;
    }

    /// Every question that was asked, by itself or in a batch.
    pub(crate) fn requests(&self) -> Vec<Value> {
        self.shared.lock().unwrap().requests.clone()
    }

    pub(crate) fn batches(&self) -> usize {
        self.shared.lock().unwrap().batches.len()
    }
}

fn error(status: u16, kind: &str, message: &str) -> Response {
    let body = json!({"type": "error", "error": {"type": kind, "message": message}});
    (StatusCode::from_u16(status).unwrap(), [("retry-after", "0")], Json(body)).into_response()
}

fn unauthorised(headers: &HeaderMap) -> Option<Response> {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|found| found == value);
    let allowed = is("x-api-key", KEY) && is("anthropic-version", "2023-06-01");
    (!allowed).then(|| error(401, "authentication_error", "invalid x-api-key"))
}

async fn message(State(shared): State<Shared>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let behaviour = {
        let mut inner = shared.lock().unwrap();
        inner.requests.push(body.clone());
        let behaviour = inner.behaviour;
        if let Behaviour::Busy(left) = behaviour {
            inner.behaviour = left.checked_sub(1).map_or(Behaviour::Well, Behaviour::Busy);
        }
        behaviour
    };
    if let Some(refused) = unauthorised(&headers) {
        return refused;
    }
    match behaviour {
        Behaviour::Busy(1..) => error(429, "rate_limit_error", "too many requests"),
        Behaviour::Overloaded => error(529, "overloaded_error", "Overloaded"),
        Behaviour::BadRequest => error(400, "invalid_request_error", "max_tokens: too small"),
        Behaviour::Hangs => {
            tokio::time::sleep(Duration::from_secs(600)).await;
            StatusCode::OK.into_response()
        }
        _ => Json(reply(behaviour, &body)).into_response(),
    }
}

fn reply(behaviour: Behaviour, body: &Value) -> Value {
    let asked = body["messages"][0]["content"].as_str().unwrap();
    let again = asked.contains("Not allowed last time");
    let (text, stop) = match behaviour {
        Behaviour::Nonsense => ("Bradman pulls it for 987 past square leg.", "end_turn"),
        Behaviour::Learns if !again => ("Bradman pulls it for 987 past square leg.", "end_turn"),
        Behaviour::Refuses => ("", "refusal"),
        _ => ("\"Patience.\"", "end_turn"),
    };
    json!({"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"],
           "content": [{"type": "text", "text": text}], "stop_reason": stop, "stop_sequence": null,
           "usage": {"input_tokens": TOKENS.0, "output_tokens": TOKENS.1}})
}

async fn batch(State(shared): State<Shared>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    if let Some(refused) = unauthorised(&headers) {
        return refused;
    }
    let items = body["requests"].as_array().unwrap().clone();
    let fits = |id: &str| id.len() <= 64 && id.chars().all(|c| c.is_ascii_alphanumeric());
    assert!(items.iter().all(|item| fits(item["custom_id"].as_str().unwrap())));
    let mut inner = shared.lock().unwrap();
    inner.requests.extend(items.iter().map(|item| item["params"].clone()));
    let id = format!("msgbatch_{}", inner.batches.len());
    inner.batches.insert(id.clone(), items);
    Json(json!({"id": id, "type": "message_batch", "processing_status": "in_progress"})).into_response()
}

async fn look(State(shared): State<Shared>, Path(id): Path<String>) -> Response {
    let mut inner = shared.lock().unwrap();
    inner.looks += 1;
    let status = if inner.looks > 1 { "ended" } else { "in_progress" };
    Json(json!({"id": id, "type": "message_batch", "processing_status": status})).into_response()
}

async fn results(State(shared): State<Shared>, Path(id): Path<String>) -> Response {
    let inner = shared.lock().unwrap();
    let line = |(index, item): (usize, &Value)| {
        let result = match index {
            1 => {
                json!({"type": "errored", "error": {"type": "error", "error": {"type": "api_error", "message": "no"}}})
            }
            _ => json!({"type": "succeeded", "message": reply(inner.behaviour, &item["params"])}),
        };
        format!("{}\n", json!({"custom_id": item["custom_id"], "result": result}))
    };
    inner.batches[&id].iter().enumerate().map(line).collect::<String>().into_response()
}
