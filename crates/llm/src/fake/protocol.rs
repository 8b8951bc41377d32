//! The two protocols, and each way of getting them wrong.

use std::io;
use std::sync::PoisonError;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::http::{self, Request, Sent};
use super::{Behaviour, Shared};

const JSON: &str = "application/json";

#[derive(Clone, Copy)]
enum Protocol {
    Ollama,
    Completions,
}

pub(super) async fn answer(stream: &mut TcpStream, request: &Request, shared: &Shared) -> io::Result<Sent> {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/") => http::whole(stream, "200 OK", "text/plain", "Ollama is running").await,
        ("GET", "/api/version") => http::whole(stream, "200 OK", JSON, r#"{"version":"0.0.0-fake"}"#).await,
        ("GET", "/api/tags") => {
            let models: Vec<Value> = shared
                .models
                .iter()
                .map(|name| json!({"name": name, "model": name, "modified_at": "2026-01-01T00:00:00Z", "size": 1}))
                .collect();
            http::whole(stream, "200 OK", JSON, &json!({"models": models}).to_string()).await
        }
        ("GET", "/v1/models") => {
            let models: Vec<Value> = shared.models.iter().map(|name| json!({"id": name, "object": "model"})).collect();
            let list = json!({"object": "list", "data": models});
            http::whole(stream, "200 OK", JSON, &list.to_string()).await
        }
        ("POST", "/api/generate") => write(stream, request, shared, Protocol::Ollama).await,
        ("POST", "/v1/completions") => write(stream, request, shared, Protocol::Completions).await,
        _ => http::whole(stream, "404 Not Found", "text/plain", "404 page not found").await,
    }
}

async fn write(stream: &mut TcpStream, request: &Request, shared: &Shared, protocol: Protocol) -> io::Result<Sent> {
    let Ok(asked) = serde_json::from_slice::<Value>(&request.body) else {
        return http::whole(stream, "400 Bad Request", JSON, r#"{"error":"the body is not JSON"}"#).await;
    };
    let model = asked["model"].as_str().unwrap_or_default().to_owned();
    let most = asked["max_tokens"].as_u64().or_else(|| asked["options"]["num_predict"].as_u64());
    let with_usage = asked["stream_options"]["include_usage"] == true;
    // Four bytes a token, near enough to real ones.
    let read = asked["prompt"].as_str().unwrap_or_default().len().div_ceil(4);
    if matches!(protocol, Protocol::Ollama) {
        shared.load(&asked);
    }
    shared.remember(asked);
    let behaviour = shared.behaviour();
    if behaviour == Behaviour::ModelMissing || !shared.models.contains(&model) {
        return http::whole(stream, "404 Not Found", JSON, &protocol.model_missing(&model)).await;
    }
    let line = shared.line.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let words = line.split_inclusive(' ').take(most.map_or(usize::MAX, |most| most as usize));
    let mut lines: Vec<String> = words.map(|word| protocol.word(&model, word)).collect();
    match behaviour {
        Behaviour::Hang => return hang(stream).await,
        Behaviour::Unavailable => {
            let body = protocol.error("server busy, please try again");
            return http::whole(stream, "503 Service Unavailable", JSON, &body).await;
        }
        Behaviour::Garbage => {
            let page = "<html>\n<body>Please log in to this network</body>\n</html>\n";
            return http::whole(stream, "200 OK", "text/html", page).await;
        }
        _ => {}
    }
    let read = if behaviour == Behaviour::CutPrompt { read / 2 } else { read };
    let last = protocol.last(&model, (read, lines.len()), with_usage);
    http::begin(stream, protocol.kind()).await?;
    match behaviour {
        Behaviour::CutEverywhere => {
            lines.push(last);
            for byte in lines.concat().as_bytes() {
                http::chunk(stream, &[*byte]).await?;
            }
            return http::end(stream).await;
        }
        Behaviour::TruncateInsideLine => {
            let whole = lines.concat();
            let mut cut = whole.trim_end().len() - 4;
            while !whole.is_char_boundary(cut) {
                cut -= 1;
            }
            http::chunk(stream, &whole.as_bytes()[..cut]).await?;
            return http::end(stream).await;
        }
        Behaviour::Repeat => {
            for _ in 0..30 {
                http::chunk(stream, protocol.word(&model, "six ").as_bytes()).await?;
            }
            return http::end(stream).await;
        }
        Behaviour::Flood => loop {
            http::chunk(stream, protocol.word(&model, &"six ".repeat(64)).as_bytes()).await?;
        },
        _ => {}
    }
    let half = lines.len().div_ceil(2);
    for (index, line) in lines.iter().enumerate() {
        if index == half {
            match behaviour {
                Behaviour::HangHalfWay => return hang(stream).await,
                Behaviour::Truncate => return http::end(stream).await,
                Behaviour::BreakOff => return Ok(Sent::Broken),
                Behaviour::ErrorLine => {
                    http::chunk(stream, protocol.error_line("the model runner has died").as_bytes()).await?;
                    return http::end(stream).await;
                }
                _ => {}
            }
        }
        if let Behaviour::Drip(pause) = behaviour {
            tokio::time::sleep(pause).await;
        }
        http::chunk(stream, line.as_bytes()).await?;
    }
    http::chunk(stream, last.as_bytes()).await?;
    http::end(stream).await
}

/// Says nothing until the client has gone.
async fn hang(stream: &mut TcpStream) -> io::Result<Sent> {
    let mut rest = [0; 256];
    while stream.read(&mut rest).await? > 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(Sent::Broken)
}

impl Protocol {
    fn kind(self) -> &'static str {
        match self {
            Self::Ollama => "application/x-ndjson",
            Self::Completions => "text/event-stream",
        }
    }

    fn word(self, model: &str, word: &str) -> String {
        match self {
            Self::Ollama => {
                let line =
                    json!({"model": model, "created_at": "2026-01-01T00:00:00Z", "response": word, "done": false});
                format!("{line}\n")
            }
            Self::Completions => {
                let choice = json!({"index": 0, "text": word, "logprobs": null, "finish_reason": null});
                let event = json!({"id": "cmpl-1", "object": "text_completion", "model": model, "choices": [choice]});
                format!("data: {event}\n\n")
            }
        }
    }

    /// A word is a token here. Counts go out where the protocol has them always, or where they were asked for.
    fn last(self, model: &str, (read, words): (usize, usize), with_usage: bool) -> String {
        match self {
            Self::Ollama => {
                let line = json!({
                    "model": model, "created_at": "2026-01-01T00:00:00Z", "response": "", "done": true,
                    "done_reason": "stop", "total_duration": 9_000_000, "load_duration": 1_000_000, "prompt_eval_count": read,
                    "prompt_eval_duration": 3_000_000, "eval_count": words, "eval_duration": 5_000_000,
                });
                format!("{line}\n")
            }
            Self::Completions if with_usage => {
                let usage = json!({"prompt_tokens": read, "completion_tokens": words, "total_tokens": read + words});
                let event =
                    json!({"id": "cmpl-1", "object": "text_completion", "model": model, "choices": [], "usage": usage});
                format!("data: {event}\n\ndata: [DONE]\n\n")
            }
            Self::Completions => "data: [DONE]\n\n".to_owned(),
        }
    }

    fn error(self, message: &str) -> String {
        match self {
            Self::Ollama => json!({"error": message}).to_string(),
            Self::Completions => json!({"error": {"message": message, "type": "server_error"}}).to_string(),
        }
    }

    fn error_line(self, message: &str) -> String {
        match self {
            Self::Ollama => format!("{}\n", self.error(message)),
            Self::Completions => format!("data: {}\n\n", self.error(message)),
        }
    }

    fn model_missing(self, model: &str) -> String {
        match self {
            Self::Ollama => self.error(&format!("model '{model}' not found")),
            Self::Completions => self.error(&format!("The model `{model}` does not exist.")),
        }
    }
}
