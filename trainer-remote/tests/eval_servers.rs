//! Model servers that speak the real protocols, on their best behaviour and not.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod eval_support;

use std::time::Duration;

use commentary::Layout;
use eval_support::{evaluated, refused, small};
use llm::{
    OllamaConfig, OpenAiConfig,
    fake::{Behaviour, FakeServer},
};
use trainer_remote::eval::{EvalError, Evaluation, System, system::Model};

fn settings() -> Evaluation {
    Evaluation { balls: 40, matches: 4, ..small() }
}

fn system(name: &str, model: Model) -> System {
    System { name: name.to_owned(), layout: Some(Layout::Compact), model, grounded: false, perplexity: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_one_line_has_the_figures_of_the_constant_baseline() {
    let server = FakeServer::start("mini", "Well played.").await.unwrap();
    let ollama = OllamaConfig { url: Some(server.url()), ..OllamaConfig::new("mini") };
    let openai = OpenAiConfig { url: server.url(), model: "mini".to_owned(), api_key: None };
    let systems = [system("ollama", Model::Ollama(ollama)), system("openai", Model::OpenAi(openai))];
    let report = tokio::task::spawn_blocking(move || evaluated(&settings(), &systems)).await.unwrap();
    let Some((report, _)) = report else { return };
    let constant = &report.system("constant").unwrap().all;
    for name in ["ollama", "openai"] {
        let system = report.system(name).unwrap();
        assert_eq!(system.all, *constant, "{name}");
        assert_eq!(system.backend.as_deref(), Some(name));
        let speed = system.speed.as_ref().unwrap();
        assert!(speed.failures.is_empty() && speed.line_ms_p50.is_some() && speed.file_bytes.is_none());
    }
    let asked = server.requests();
    assert!(asked.iter().all(|request| request.to_string().contains("style: ")), "the prompt is our own");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_server_is_empty_by_the_deadline_and_a_missing_model_is_named() {
    let server = FakeServer::start("mini", "Well played.").await.unwrap();
    let openai = || OpenAiConfig { url: server.url(), model: "mini".to_owned(), api_key: None };
    server.behave(Behaviour::Drip(Duration::from_millis(200)));
    let systems = [system("slow", Model::OpenAi(openai()))];
    let hasty = Evaluation { deadline_ms: 20, ..settings() };
    let failed = tokio::task::spawn_blocking(move || refused(&hasty, &systems)).await.unwrap();
    let Some(failed) = failed else { return };
    assert!(matches!(&failed, EvalError::Silent { system, .. } if system == "slow"), "{failed}");
    assert!(failed.to_string().contains("deadline passed"), "{failed}");
    server.behave(Behaviour::ModelMissing);
    let systems = [system("missing", Model::OpenAi(openai()))];
    let failed = tokio::task::spawn_blocking(move || refused(&settings(), &systems)).await.unwrap();
    assert!(failed.unwrap().to_string().starts_with("missing: the server does not have the model"));
}
