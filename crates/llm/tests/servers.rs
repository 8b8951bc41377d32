//! The two server writers against a server that misbehaves in every way we could think of, over a real socket.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use futures_util::StreamExt;
use llm::fake::{Behaviour, FakeServer};
use llm::{
    OllamaConfig, OllamaWriter, OpenAiConfig, OpenAiWriter, Piece, Sampling, Secret, Urgency, Usage, WriteError,
    WriteRequest, Writer, Written, collect,
};
use tokio::time::Instant;

const LINE: &str = "सचिन drives on the up, and that is चार रन!";

fn request() -> WriteRequest {
    let prompt = "<|im_start|>user\nover: 3.2<|im_end|>\n<|im_start|>assistant\n";
    WriteRequest {
        stop: vec!["<|im_end|>".to_owned()],
        max_tokens: 40,
        ..WriteRequest::new(prompt, Instant::now() + Duration::from_secs(20))
    }
}

fn hurried() -> WriteRequest {
    WriteRequest { deadline: Instant::now() + Duration::from_millis(300), ..request() }
}

fn ollama(url: String, model: &str) -> Box<dyn Writer> {
    let config = OllamaConfig { url: Some(url), ..OllamaConfig::new(model) };
    Box::new(OllamaWriter::new(config).unwrap())
}

fn openai(url: String, model: &str) -> Box<dyn Writer> {
    let config = OpenAiConfig { url, model: model.to_owned(), api_key: Some(Secret::new("key-123")) };
    Box::new(OpenAiWriter::new(config).unwrap())
}

type Make = fn(String, &str) -> Box<dyn Writer>;

/// One try: a fresh server that behaves so, and what the writer made of it.
async fn tried(make: Make, behaviour: Behaviour, request: WriteRequest) -> Result<Written, WriteError> {
    let server = FakeServer::start("voice:1b", LINE).await.unwrap();
    server.behave(behaviour);
    collect(make(server.url(), "voice:1b").as_ref(), request).await
}

/// Every test below runs once for each protocol.
macro_rules! for_both {
    ($($(#[$doc:meta])* async fn $name:ident($make:ident) $body:block)+) => {
        mod ollama_writer {
            use super::*;
            $(#[tokio::test] async fn $name() { super::cases::$name(ollama).await; })+
        }
        mod openai_writer {
            use super::*;
            $(#[tokio::test] async fn $name() { super::cases::$name(openai).await; })+
        }
        mod cases {
            use super::*;
            $($(#[$doc])* pub(crate) async fn $name($make: Make) $body)+
        }
    };
}

for_both! {
    async fn a_line_comes_whole_and_the_prompt_arrives_byte_for_byte(make) {
        let server = FakeServer::start("voice:1b", LINE).await.unwrap();
        let written = collect(make(server.url(), "voice:1b").as_ref(), request()).await.unwrap();
        assert_eq!(written.text, LINE);
        assert!(written.first_text.unwrap() <= written.total);
        assert_eq!(server.requests()[0]["prompt"], request().prompt);
    }

    async fn what_the_line_took_comes_with_its_end(make) {
        let words = LINE.split_whitespace().count() as u32;
        let read = request().prompt.len().div_ceil(4) as u32;
        for behaviour in [Behaviour::Well, Behaviour::CutEverywhere] {
            let usage = tried(make, behaviour, request()).await.unwrap().usage;
            assert_eq!((usage.prompt_tokens, usage.written_tokens), (Some(read), Some(words)), "{behaviour:?}");
        }
        // A line that is cut here, because the server ran past its stop text, has no counts.
        let cut = WriteRequest { stop: vec!["drives".to_owned()], ..request() };
        let written = tried(make, Behaviour::Well, cut).await.unwrap();
        assert_eq!((written.text.as_str(), written.usage), ("सचिन ", Usage::default()));
    }

    async fn text_comes_as_it_is_written(make) {
        let server = FakeServer::start("voice:1b", LINE).await.unwrap();
        server.behave(Behaviour::HangHalfWay);
        let mut pieces = make(server.url(), "voice:1b").write(request());
        assert_eq!(pieces.next().await, Some(Ok(Piece::Text("सचिन ".to_owned()))));
    }

    async fn cuts_inside_lines_and_characters_lose_nothing(make) {
        assert_eq!(tried(make, Behaviour::CutEverywhere, request()).await.unwrap().text, LINE);
    }

    async fn a_server_that_hangs_is_left_at_the_deadline(make) {
        for behaviour in [Behaviour::Hang, Behaviour::HangHalfWay] {
            let asked = Instant::now();
            assert_eq!(tried(make, behaviour, hurried()).await, Err(WriteError::DeadlinePassed));
            assert!(asked.elapsed() < Duration::from_secs(10), "the deadline of 0.3 s was not kept");
        }
    }

    async fn a_server_that_drips_is_left_at_the_deadline(make) {
        let late = tried(make, Behaviour::Drip(Duration::from_millis(100)), hurried()).await;
        assert_eq!(late, Err(WriteError::DeadlinePassed));
    }

    async fn a_cancelled_request_ends_at_once(make) {
        let server = FakeServer::start("voice:1b", LINE).await.unwrap();
        server.behave(Behaviour::HangHalfWay);
        let request = request();
        let cancel = request.cancel.clone();
        let mut pieces = make(server.url(), "voice:1b").write(request);
        assert!(pieces.next().await.unwrap().is_ok());
        cancel.cancel();
        let rest: Vec<_> = pieces.collect().await;
        assert_eq!(rest.last(), Some(&Err(WriteError::Cancelled)));
    }

    async fn an_overloaded_server_is_reported_in_its_words(make) {
        let refused = tried(make, Behaviour::Unavailable, request()).await;
        let message = "server busy, please try again".to_owned();
        assert_eq!(refused, Err(WriteError::Server { status: 503, message }));
    }

    async fn an_answer_without_its_end_is_no_line(make) {
        for behaviour in [Behaviour::Truncate, Behaviour::TruncateInsideLine, Behaviour::BreakOff] {
            let cut = tried(make, behaviour, request()).await;
            assert!(matches!(cut, Err(WriteError::Truncated(_))), "{behaviour:?}: {cut:?}");
        }
    }

    async fn an_error_inside_a_good_answer_is_an_error(make) {
        let died = tried(make, Behaviour::ErrorLine, request()).await;
        let message = "the model runner has died".to_owned();
        assert_eq!(died, Err(WriteError::Server { status: 200, message }));
    }

    async fn a_page_in_place_of_an_answer_is_shown(make) {
        let Err(error @ WriteError::BadReply { .. }) = tried(make, Behaviour::Garbage, request()).await else {
            panic!("HTML was taken for a line");
        };
        assert!(error.to_string().contains("<html>"), "{error}");
        assert!(error.hint().is_some());
    }

    async fn a_server_that_writes_on_and_on_is_left(make) {
        let flood = tried(make, Behaviour::Flood, request()).await;
        assert!(matches!(flood, Err(WriteError::BadReply { .. })), "{flood:?}");
    }

    async fn a_reply_of_one_token_over_and_over_is_no_line(make) {
        let cut = tried(make, Behaviour::Repeat, request()).await;
        let Err(WriteError::Truncated(how)) = &cut else { panic!("{cut:?}") };
        assert!(how.contains("repeated `six`"), "{how}");
    }

    async fn a_prompt_that_lost_its_front_is_noticed_by_the_count(make) {
        let server = FakeServer::start("voice:1b", LINE).await.unwrap();
        let writer = make(server.url(), "voice:1b");
        writer.probe(request().deadline).await.unwrap();
        assert_eq!(collect(writer.as_ref(), request()).await.unwrap().text, LINE);
        server.behave(Behaviour::CutPrompt);
        let long = WriteRequest { prompt: request().prompt.repeat(20), ..request() };
        let cut = collect(writer.as_ref(), long).await.unwrap_err();
        assert!(matches!(cut, WriteError::PromptCut { .. }), "{cut}");
        assert!(cut.hint().unwrap().contains("model.context"), "{cut}");
        assert!(cut.is_writers_fault());
    }

    async fn a_missing_model_comes_with_the_remedy(make) {
        let missing = tried(make, Behaviour::ModelMissing, request()).await.unwrap_err();
        assert!(matches!(missing, WriteError::ModelMissing { .. }), "{missing}");
        assert!(missing.hint().is_some());
    }

    async fn a_server_that_is_not_there_is_reported_with_its_address(make) {
        let server = FakeServer::start("voice:1b", LINE).await.unwrap();
        let url = server.url();
        drop(server);
        let writer = make(url.clone(), "voice:1b");
        // The port is closed once the server's task has ended, a moment after the drop.
        let mut last = None;
        for _ in 0..400 {
            match collect(writer.as_ref(), hurried()).await {
                Err(error @ WriteError::Unreachable { .. }) if error.to_string().contains("refused") => {
                    assert!(error.to_string().contains(&url), "{error}");
                    assert!(error.hint().unwrap().contains(&url));
                    return;
                }
                other => last = Some(other),
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("a closed port gave {last:?}");
    }

    async fn a_line_after_a_failure_is_as_good_as_the_first(make) {
        let server = FakeServer::start("voice:1b", LINE).await.unwrap();
        let writer = make(server.url(), "voice:1b");
        for behaviour in [Behaviour::BreakOff, Behaviour::Garbage, Behaviour::ErrorLine] {
            server.behave(behaviour);
            assert!(collect(writer.as_ref(), request()).await.is_err());
            server.behave(Behaviour::Well);
            assert_eq!(collect(writer.as_ref(), request()).await.unwrap().text, LINE, "after {behaviour:?}");
        }
    }

    async fn a_probe_makes_the_model_write_one_token(make) {
        let server = FakeServer::start("voice:1b", LINE).await.unwrap();
        let writer = make(server.url(), "voice:1b");
        assert_eq!(writer.probe(request().deadline).await, Ok(()));
        let asked = &server.requests()[0];
        let most = asked["max_tokens"].as_u64().or_else(|| asked["options"]["num_predict"].as_u64());
        assert_eq!(most, Some(1));
    }

    async fn a_probe_finds_a_hung_server_out(make) {
        let server = FakeServer::start("voice:1b", LINE).await.unwrap();
        server.behave(Behaviour::Hang);
        let writer = make(server.url(), "voice:1b");
        assert_eq!(writer.probe(hurried().deadline).await, Err(WriteError::DeadlinePassed));
    }

    async fn a_probe_names_the_model_that_is_missing(make) {
        let server = FakeServer::start("voice:1b", LINE).await.unwrap();
        let missing = make(server.url(), "other").probe(request().deadline).await.unwrap_err();
        assert!(matches!(missing, WriteError::ModelMissing { .. }), "{missing}");
        assert!(missing.to_string().contains("`other`"), "{missing}");
    }
}

#[tokio::test]
async fn ollama_hints_at_the_pull_and_at_what_there_is() {
    let server = FakeServer::start("voice:1b", LINE).await.unwrap();
    let missing = ollama(server.url(), "other").probe(request().deadline).await.unwrap_err();
    let hint = missing.hint().unwrap();
    assert!(hint.contains("ollama pull other"), "{hint}");
    assert!(hint.contains("voice:1b"), "{hint}");
}

#[tokio::test]
async fn dropping_the_text_closes_the_connection() {
    let server = FakeServer::start("voice:1b", LINE).await.unwrap();
    server.behave(Behaviour::Hang);
    let writer = ollama(server.url(), "voice:1b");
    let text = writer.write(request());
    let task = tokio::spawn(async move {
        let mut text = text;
        text.next().await
    });
    while server.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(server.open(), 1);
    task.abort();
    let closed = async {
        while server.open() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), closed).await.expect("the connection stayed open");
}

#[tokio::test]
async fn ollama_loads_its_model_once_whatever_is_asked() {
    let server = FakeServer::start("voice:1b", LINE).await.unwrap();
    let writer = ollama(server.url(), "voice:1b");
    writer.probe(request().deadline).await.unwrap();
    for temperature in [0.0, 0.7] {
        let sampling = Sampling { temperature, seed: Some(7), ..Sampling::default() };
        let other = WriteRequest { sampling, max_tokens: 12, stop: Vec::new(), ..request() };
        collect(writer.as_ref(), other).await.unwrap();
        collect(writer.as_ref(), request()).await.unwrap();
    }
    assert_eq!(server.loads(), 1);
    assert!(server.requests().iter().all(|asked| asked["keep_alive"] == -1 && asked["raw"] == true));
    let wider = OllamaConfig { url: Some(server.url()), num_ctx: 4096, ..OllamaConfig::new("voice:1b") };
    OllamaWriter::new(wider).unwrap().probe(request().deadline).await.unwrap();
    assert_eq!(server.loads(), 2, "the fake notices");
}

#[tokio::test]
async fn ollama_is_asked_for_one_personas_lines_after_the_other() {
    let server = FakeServer::start("voice:1b", LINE).await.unwrap();
    server.behave(Behaviour::Drip(Duration::from_millis(5)));
    let writer = ollama(server.url(), "voice:1b");
    let prompts = ["greig 3.1", "greig 3.2", "benaud 3.1", "greig 3.3", "benaud 3.2", "benaud 3.3"];
    // The first one runs; the others wait, in the order in which they are made.
    let lines = prompts.map(|prompt| {
        let request = WriteRequest { prompt: prompt.to_owned(), ..request() };
        collect(writer.as_ref(), request)
    });
    for line in futures_util::future::join_all(lines).await {
        assert_eq!(line.unwrap().text, LINE);
    }
    let asked: Vec<String> =
        server.requests().iter().map(|asked| asked["prompt"].as_str().unwrap().to_owned()).collect();
    assert_eq!(asked, ["greig 3.1", "greig 3.2", "greig 3.3", "benaud 3.1", "benaud 3.2", "benaud 3.3"]);
}

#[tokio::test]
async fn a_line_ahead_leaves_ollama_to_one_that_somebody_waits_for() {
    let server = FakeServer::start("voice:1b", LINE).await.unwrap();
    server.behave(Behaviour::HangHalfWay);
    let writer = ollama(server.url(), "voice:1b");
    let mut ahead = writer.write(WriteRequest { urgency: Urgency::Ahead, ..request() });
    assert!(ahead.next().await.unwrap().is_ok());
    server.behave(Behaviour::Well);
    let live = tokio::join!(collect(writer.as_ref(), request()), async { ahead.collect::<Vec<_>>().await });
    assert_eq!(live.0.unwrap().text, LINE);
    assert_eq!(live.1.last(), Some(&Err(WriteError::Busy)));
}
