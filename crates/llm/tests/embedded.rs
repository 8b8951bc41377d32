//! The embedded writer with the small real model that is shared beside the repository.
#![cfg(feature = "llama")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and tells what it saw")]

mod support;

use std::time::Duration;

use futures_util::StreamExt;
use llm::{Backend, EmbeddedConfig, EmbeddedWriter, WriteError, Writer, collect};
use support::{certain, line, loaded, long, prompt, request, shared};
use tokio::time::Instant;

#[tokio::test]
async fn a_real_model_writes_a_line_of_commentary() {
    let Some(writer) = loaded() else { return };
    assert_eq!(writer.info().backend, Backend::Embedded);
    assert_eq!(writer.info().model, "dev-mini-q8_0");
    for persona in ["benaud", "greig", "doshi"] {
        let written = collect(&writer, request(prompt(persona, "49.5"))).await.unwrap();
        eprintln!(
            "{persona}, first text after {:?}, all after {:?}: {}",
            written.first_text, written.total, written.text
        );
        // It was trained on commentary: several words, of letters, and no marker of the template among them.
        assert!(written.text.split_whitespace().count() >= 3, "{:?}", written.text);
        assert!(written.text.chars().any(char::is_alphabetic));
        assert!(!written.text.contains("<|"), "{:?}", written.text);
        assert!(written.first_text.unwrap() <= written.total);
    }
}

#[tokio::test]
async fn the_same_seed_writes_the_same_line_and_others_differ() {
    let Some(writer) = loaded() else { return };
    let with_seed = |seed| {
        let mut request = request(prompt("greig", "49.5"));
        request.sampling.seed = seed;
        request
    };
    assert_eq!(line(&writer, with_seed(Some(1))).await, line(&writer, with_seed(Some(1))).await);
    let mut lines = std::collections::HashSet::new();
    for seed in 1..=6 {
        lines.insert(line(&writer, with_seed(Some(seed))).await);
    }
    assert!(lines.len() > 1, "six seeds, one line: {lines:?}");
    // The highest seed is a seed like any other, though it means "any" to llama.cpp.
    assert_eq!(line(&writer, with_seed(Some(u32::MAX))).await, line(&writer, with_seed(Some(u32::MAX))).await);
}

#[tokio::test]
async fn what_is_kept_of_the_last_prompt_changes_no_line() {
    let Some(warm) = loaded() else { return };
    let prompts = [
        prompt("greig", "49.5"),
        prompt("greig", "49.6"),
        prompt("greig", "49.6"),
        prompt("benaud", "49.6"),
        "<|im_start|>user\nstyle: doshi<|im_end|>\n<|im_start|>assistant\n".to_owned(),
        prompt("greig", "49.5"),
    ];
    for prompt in prompts {
        let mut greedy = request(prompt);
        greedy.sampling.temperature = 0.0;
        let Some(cold) = loaded() else { return };
        assert_eq!(line(&warm, greedy.clone()).await, line(&cold, greedy).await);
    }
}

#[tokio::test]
async fn two_writers_live_in_one_process() {
    let (Some(one), Some(two)) = (loaded(), loaded()) else { return };
    let (first, second) =
        tokio::join!(collect(&one, request(prompt("greig", "49.5"))), collect(&two, request(prompt("greig", "49.5"))));
    assert_eq!(first.unwrap().text, second.unwrap().text);
}

#[tokio::test]
async fn the_stop_text_ends_the_line_and_is_left_out() {
    let Some(writer) = loaded() else { return };
    let whole = line(&writer, request(prompt("greig", "49.5"))).await;
    let stop: String = whole.chars().skip(4).take(3).collect();
    let mut request = request(prompt("greig", "49.5"));
    request.stop.push(stop.clone());
    let (before, _) = whole.split_once(&stop).unwrap();
    assert_eq!(line(&writer, request).await, before);
}

#[tokio::test]
async fn no_more_tokens_are_written_than_asked_for() {
    let Some(writer) = loaded() else { return };
    let whole = line(&writer, request(prompt("greig", "49.5"))).await;
    let mut short = request(prompt("greig", "49.5"));
    short.max_tokens = 3;
    let beginning = line(&writer, short.clone()).await;
    assert!(whole.starts_with(&beginning) && beginning.len() < whole.len(), "{beginning:?} of {whole:?}");
    short.max_tokens = 0;
    assert_eq!(line(&writer, short).await, "");
}

#[tokio::test]
async fn a_cancel_in_mid_line_stops_it_and_the_next_is_written() {
    let Some(writer) = loaded() else { return };
    let request_to_cancel = long();
    let cancel = request_to_cancel.cancel.clone();
    let mut pieces = writer.write(request_to_cancel);
    assert!(pieces.next().await.unwrap().is_ok());
    cancel.cancel();
    let rest: Vec<_> = pieces.collect().await;
    assert_eq!(rest.last(), Some(&Err(WriteError::Cancelled)));
    assert!(!line(&writer, request(prompt("greig", "49.5"))).await.is_empty());
}

#[tokio::test]
async fn a_dropped_stream_frees_the_model() {
    let Some(writer) = loaded() else { return };
    for _ in 0..20 {
        let mut pieces = writer.write(long());
        assert!(pieces.next().await.unwrap().is_ok());
    }
    assert!(!line(&writer, request(prompt("greig", "49.5"))).await.is_empty());
}

#[tokio::test]
async fn a_passed_deadline_is_an_error_before_and_during_a_line() {
    let Some(writer) = loaded() else { return };
    let mut late = request(prompt("greig", "49.5"));
    late.deadline = Instant::now();
    assert_eq!(collect(&writer, late).await, Err(WriteError::DeadlinePassed));
    // One line after another until it is too late, which is in the middle of one.
    let deadline = Instant::now() + Duration::from_millis(20);
    let outcome = loop {
        let mut request = long();
        request.deadline = deadline;
        if let Err(error) = collect(&writer, request).await {
            break error;
        }
    };
    assert_eq!(outcome, WriteError::DeadlinePassed);
    assert!(!line(&writer, request(prompt("greig", "49.5"))).await.is_empty());
}

#[tokio::test]
async fn a_prompt_beyond_the_context_is_refused_and_the_next_is_written() {
    let Some(writer) = loaded() else { return };
    let refused = collect(&writer, request(prompt("greig", "49.5").repeat(20))).await;
    let Err(error @ WriteError::PromptTooLong { tokens, context }) = refused else {
        panic!("it was taken: {refused:?}");
    };
    assert!(tokens > context);
    assert!(error.hint().is_some());
    assert_eq!(collect(&writer, request(String::new())).await, Err(WriteError::EmptyPrompt));
    assert!(!line(&writer, request(prompt("greig", "49.5"))).await.is_empty());
}

#[tokio::test]
async fn a_prompt_may_fill_the_context_to_its_last_but_one_token() {
    let Some(writer) = loaded() else { return };
    let filled = |words: usize| request(format!("{}\n{}", "four ".repeat(words), prompt("greig", "49.5")));
    // The refusal tells how many tokens there were, and so what a word costs and how many fit.
    let mut refused = Vec::new();
    for words in [1000, 1001] {
        match collect(&writer, filled(words)).await {
            Err(WriteError::PromptTooLong { tokens, context }) => refused.push((tokens, context)),
            other => panic!("{words} words: {other:?}"),
        }
    }
    let (tokens, context) = refused[0];
    let longest = 1000 - (tokens - (context - 1)).div_ceil(refused[1].0 - tokens);
    let one_too_many = collect(&writer, filled(longest + 1)).await;
    assert!(matches!(one_too_many, Err(WriteError::PromptTooLong { .. })), "{one_too_many:?}");
    for words in [longest, longest - 1, longest, longest - 2] {
        let mut request = filled(words);
        request.max_tokens = 100_000;
        assert!(collect(&writer, request).await.is_ok(), "{words} of {longest} words");
        assert_eq!(writer.probe(filled(0).deadline).await, Ok(()));
    }
}

#[tokio::test]
async fn a_probe_leaves_the_next_line_as_it_was() {
    let Some(writer) = loaded() else { return };
    let before = line(&writer, request(prompt("greig", "49.5"))).await;
    assert_eq!(writer.probe(request(String::new()).deadline).await, Ok(()));
    assert_eq!(line(&writer, request(prompt("greig", "49.5"))).await, before);
}

#[tokio::test]
async fn dropping_the_writer_ends_its_lines() {
    let Some(writer) = loaded() else { return };
    let mut pieces = writer.write(long());
    assert!(pieces.next().await.unwrap().is_ok());
    drop(writer);
    // The line either came to its end in time or says why it did not; it does not hang.
    let rest: Vec<_> = pieces.collect().await;
    if let Some(Err(error)) = rest.last() {
        assert!(matches!(error, WriteError::Stopped { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_damaged_or_unfit_file_is_refused_in_words() {
    let Some(whole) = shared("dev-mini-q8_0.gguf") else { return };
    let Some(vocabulary) = shared("ggml-vocab-qwen2.gguf") else { return };
    let folder = tempfile::tempdir().unwrap();
    let bytes = std::fs::read(whole).unwrap();
    let cut = folder.path().join("cut.gguf");
    for length in [0, 3, 100, 20_000, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&cut, &bytes[..length]).unwrap();
        let refused = EmbeddedWriter::load(EmbeddedConfig::new(&cut)).err().unwrap();
        assert!(matches!(refused, WriteError::Model { .. }), "{length} bytes: {refused}");
        assert!(refused.to_string().contains("cut.gguf"), "{refused}");
        assert!(refused.hint().is_some());
    }
    let refused = EmbeddedWriter::load(EmbeddedConfig::new(vocabulary)).err().unwrap();
    assert!(refused.to_string().contains("only a vocabulary"), "{refused}");
}

/// A model is read into memory: a mapped file that somebody cuts short would end the process.
#[tokio::test]
async fn whatever_becomes_of_its_file_a_loaded_model_writes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (file, other) = (folder.path().join("voice.gguf"), folder.path().join("other.gguf"));
    std::fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/booth-mini/booth-mini.gguf"), &file).unwrap();
    let length = std::fs::metadata(&file).unwrap().len();
    let load = || EmbeddedWriter::load(EmbeddedConfig { threads: Some(1), context: 512, ..EmbeddedConfig::new(&file) });
    let (writer, asked) = (load().unwrap(), || certain(prompt("greig", "49.5")));
    let before = line(&writer, asked()).await;
    assert!(!before.is_empty());
    let open = || std::fs::OpenOptions::new().write(true).open(&file).unwrap();
    let becomes: [(&str, &dyn Fn()); 4] = [
        ("overwritten", &|| std::fs::write(&file, vec![0xA5; length as usize]).unwrap()),
        ("cut short", &|| open().set_len(1000).unwrap()),
        ("replaced", &|| {
            std::fs::write(&other, "another file").unwrap();
            std::fs::rename(&other, &file).unwrap();
        }),
        ("removed", &|| std::fs::remove_file(&file).unwrap()),
    ];
    for (what, becomes) in becomes {
        // In the middle of a line as between two.
        let mut pieces = writer.write(asked());
        assert!(pieces.next().await.unwrap().is_ok());
        becomes();
        assert!(pieces.all(|piece| async move { piece.is_ok() }).await, "{what}");
        assert_eq!(line(&writer, asked()).await, before, "{what}");
        assert!(load().is_err(), "{what}: nobody takes it for a model");
    }
}

#[tokio::test]
async fn damage_that_only_llama_cpp_can_see_is_refused_too() {
    let Some(whole) = shared("dev-mini-q8_0.gguf") else { return };
    let mut bytes = std::fs::read(whole).unwrap();
    // A tensor's name that the architecture does not know.
    let name = b"blk.0.attn_q.weight";
    let at = bytes.windows(name.len()).position(|window| window == name).unwrap();
    bytes[at] = b'X';
    let folder = tempfile::tempdir().unwrap();
    let damaged = folder.path().join("damaged.gguf");
    std::fs::write(&damaged, bytes).unwrap();
    let refused = EmbeddedWriter::load(EmbeddedConfig::new(&damaged)).err().unwrap();
    assert!(refused.to_string().contains("llama.cpp refused it"), "{refused}");
}

#[tokio::test]
async fn weights_that_are_no_numbers_are_found_at_the_start() {
    let Some(whole) = shared("dev-mini-q8_0.gguf") else { return };
    let mut bytes = std::fs::read(whole).unwrap();
    let half = bytes.len() / 2;
    // As scales of half precision, not-a-number.
    bytes[half..].fill(0xFF);
    let folder = tempfile::tempdir().unwrap();
    let damaged = folder.path().join("damaged.gguf");
    std::fs::write(&damaged, bytes).unwrap();
    let refused = EmbeddedWriter::load(EmbeddedConfig::new(&damaged)).err().unwrap();
    assert!(refused.to_string().contains("damaged.gguf"), "{refused}");
    assert!(refused.to_string().contains("computes no numbers"), "{refused}");
}
