//! `vachak model` with the real program, without a daemon.
#![cfg(feature = "llama")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a failed unwrap is the test's failure"
)]

mod cli_support;
#[path = "../../crates/llm/tests/support/split.rs"]
mod split;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use cli_support::{run, stderr, stdout};
use serde_json::Value;

/// `vachak model …` with everything kept in a directory of the test's own.
fn model(home: &Path, args: &[&str]) -> Output {
    let directory = format!("journal.directory={}", home.display());
    let mut all = vec!["model"];
    all.extend(args);
    all.extend(["--set", &directory]);
    run(&all)
}

fn json(home: &Path, args: &[&str]) -> Value {
    let output = model(home, args);
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

/// The program's own model under another name.
fn copied(home: &Path, name: &str) -> PathBuf {
    let told = json(home, &["info", "booth-mini", "--json"]);
    let path = home.join("models").join(format!("{name}.gguf"));
    fs::copy(told["path"].as_str().unwrap(), &path).unwrap();
    path
}

fn refused(output: &Output, words: &[&str]) {
    let told = stderr(output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    for word in words {
        assert!(told.contains(word), "{word}: {told}");
    }
    assert!(told.contains("hint:"), "{told}");
}

#[test]
fn everything_about_a_model_is_told() {
    let home = tempfile::tempdir().unwrap();
    let told = json(home.path(), &["info", "booth-mini", "--json"]);
    for (key, value) in [
        ("architecture", Value::from("llama")),
        ("quantisation", "Q8_0".into()),
        ("context_trained", 512.into()),
        ("vachak_layout", "slots".into()),
        ("layout", "slots".into()),
        ("template", "none".into()),
        ("stop", "<|im_end|>".into()),
        ("stop_in_vocabulary", true.into()),
        ("line", 512.into()),
        ("parallel", 8.into()),
        ("pi5_tokens_per_second", Value::Null),
    ] {
        assert_eq!(told[key], value, "{key}");
    }
    let memory = &told["memory"];
    assert_eq!(memory["fits"], true);
    let sum: u64 = ["weights", "context", "work"].iter().map(|part| memory[part].as_u64().unwrap()).sum();
    assert_eq!(memory["total"].as_u64(), Some(sum));
    let words = stdout(&model(home.path(), &["info", "booth-mini"]));
    for part in ["5.1 million", "slots, as its file says", "it fits", "<|im_end|>, a token of its own"] {
        assert!(words.contains(part), "{part}: {words}");
    }
}

#[test]
fn a_file_that_cannot_write_is_described_and_says_why() {
    let home = tempfile::tempdir().unwrap();
    let whole = fs::read(copied(home.path(), "voice")).unwrap();
    let bad = home.path().join("bad.gguf");
    fs::write(&bad, &whole[..whole.len() / 2]).unwrap();
    refused(&model(home.path(), &["info", bad.to_str().unwrap()]), &["cut short", "checksum"]);
    fs::write(&bad, "not a model").unwrap();
    refused(&model(home.path(), &["info", bad.to_str().unwrap()]), &["not a GGUF file"]);
    refused(&model(home.path(), &["info", "nobody"]), &["there is no model 'nobody'", "vachak model list"]);
    // Without a layout of its own, a template or a known end: a base model.
    let base = replaced(&replaced(&whole, b"vachak.layout", b"vachak.nolayo"), b"<|im_end|>", b"<|xx_end|>");
    fs::write(&bad, base).unwrap();
    let told = json(home.path(), &["info", bad.to_str().unwrap(), "--json"]);
    assert_eq!(told["layout"], Value::Null);
    assert!(told["layout_refused"].as_str().unwrap().contains("no chat template"), "{told}");
    refused(&model(home.path(), &["use", bad.to_str().unwrap()]), &["no chat template", "instruct"]);
}

#[test]
fn a_model_that_no_memory_holds_is_refused_with_figures() {
    let home = tempfile::tempdir().unwrap();
    let huge = copied(home.path(), "huge");
    // A terabyte with nothing in it, on paper only.
    fs::OpenOptions::new().write(true).open(&huge).unwrap().set_len(1 << 40).unwrap();
    let told = json(home.path(), &["info", "huge", "--json"]);
    assert_eq!(told["memory"]["fits"], false);
    refused(
        &model(home.path(), &["use", "huge"]),
        &["it needs 1099.5 GB", "of memory are free", "smaller quantisation"],
    );
}

#[test]
fn a_choice_is_shown_kept_and_taken_back() {
    let home = tempfile::tempdir().unwrap();
    copied(home.path(), "voice");
    let in_use = |home: &Path| -> Vec<String> {
        let told = json(home, &["list", "--json"]);
        let models = told["models"].as_array().unwrap().iter().filter(|model| model["in_use"] == true);
        models.map(|model| model["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(in_use(home.path()), ["booth-mini"]);
    let used = model(home.path(), &["use", "voice"]);
    assert!(used.status.success() && stderr(&used).contains("no daemon runs"), "{}", stderr(&used));
    assert_eq!(in_use(home.path()), ["voice"]);
    // An edited configuration is not overruled by an old choice.
    let other = json(home.path(), &["list", "--json", "--set", "model.path=/nowhere/other.gguf"]);
    assert!(
        other["models"].as_array().unwrap().iter().any(|model| model["name"] == "other" && model["in_use"] == true)
    );
    assert!(model(home.path(), &["use", "--configured"]).status.success());
    assert_eq!(in_use(home.path()), ["booth-mini"]);
    refused(&model(home.path(), &["use", "voice", "--set", "model.backend=none"]), &["wants no model"]);
    refused(&model(home.path(), &["use", "nobody"]), &["there is no model 'nobody'"]);
}

#[test]
fn only_models_of_the_directory_are_removed_and_none_in_use() {
    let home = tempfile::tempdir().unwrap();
    let voice = copied(home.path(), "voice");
    let outside = home.path().join("outside.gguf");
    fs::copy(&voice, &outside).unwrap();
    for name in ["../outside", "../outside.gguf", outside.to_str().unwrap()] {
        refused(&model(home.path(), &["remove", name]), &["is a path"]);
    }
    refused(&model(home.path(), &["remove", ".."]), &["there is no model"]);
    refused(&model(home.path(), &["remove", "booth-mini"]), &["part of the program"]);
    refused(&model(home.path(), &["remove", "nobody"]), &["there is no model"]);
    assert!(model(home.path(), &["use", "voice"]).status.success());
    refused(&model(home.path(), &["remove", "voice"]), &["is in use"]);
    let link = home.path().join("link.gguf");
    std::os::unix::fs::symlink(&voice, &link).unwrap();
    assert!(model(home.path(), &["use", link.to_str().unwrap()]).status.success());
    refused(&model(home.path(), &["remove", "voice"]), &["is in use"]);
    assert!(voice.exists() && outside.exists());
    assert!(model(home.path(), &["remove", "voice", "--force"]).status.success());
    assert!(!voice.exists() && outside.exists());
}

#[test]
fn a_model_in_several_files_is_one() {
    let home = tempfile::tempdir().unwrap();
    let whole = copied(home.path(), "whole");
    let directory = home.path().join("models");
    let parts = split::split(&whole, &directory, "voice", 3);
    // Another one, whose files stand among those in the order of names.
    split::split(&whole, &directory, "voice", 4);
    let told = json(home.path(), &["info", "voice-00001-of-00003", "--json"]);
    let of_whole = json(home.path(), &["info", "whole", "--json"]);
    assert_eq!(told["parameters"], of_whole["parameters"]);
    assert_eq!(told["files"].as_array().unwrap().len(), 3);
    let bytes: u64 = parts.iter().map(|part| fs::metadata(part).unwrap().len()).sum();
    assert_eq!((told["bytes"].as_u64(), told["memory"]["weights"].as_u64()), (Some(bytes), Some(bytes)));
    let words = stdout(&model(home.path(), &["info", "voice-00001-of-00003"]));
    assert!(words.contains("5.6 MB, in 3 files"), "{words}");
    let listed = |home: &Path| json(home, &["list", "--json"])["models"].as_array().unwrap().clone();
    let voices = |home: &Path| -> Vec<Value> {
        listed(home).into_iter().filter(|model| model["name"].as_str().unwrap().ends_with("-of-00003")).collect()
    };
    let found = voices(home.path());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["bytes"], &found[0]["files"], &found[0]["usable"]), (&bytes.into(), &3.into(), &true.into()));
    assert!(model(home.path(), &["use", "voice-00001-of-00003"]).status.success());
    assert_eq!(voices(home.path())[0]["in_use"], true);
    let first = ["name the first one", "voice-00001-of-00003.gguf"];
    refused(&model(home.path(), &["use", "voice-00002-of-00003"]), &first);
    refused(&model(home.path(), &["info", parts[2].to_str().unwrap()]), &first);
    refused(&model(home.path(), &["remove", "voice-00002-of-00003"]), &["part 2 of the 3", "voice-00001-of-00003"]);
    refused(&model(home.path(), &["remove", "voice-00001-of-00003"]), &["is in use"]);
    assert!(parts.iter().all(|part| part.exists()));
    assert!(model(home.path(), &["use", "--configured"]).status.success());
    fs::rename(&parts[1], home.path().join("aside")).unwrap();
    refused(&model(home.path(), &["use", "voice-00001-of-00003"]), &["voice-00002-of-00003.gguf is missing"]);
    let found = voices(home.path());
    assert_eq!((found.len(), &found[0]["usable"]), (1, &false.into()), "{found:?}");
    assert!(found[0]["what"].as_str().unwrap().contains("voice-00002-of-00003.gguf is missing"), "{found:?}");
    // What is left goes all the same, and nothing else.
    assert!(model(home.path(), &["remove", "voice-00001-of-00003"]).status.success());
    assert!(!parts.iter().any(|part| part.exists()) && whole.exists());
}

/// The same bytes with one text in place of another of the same length.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    let mut found = false;
    for at in 0..bytes.len() - from.len() {
        if &bytes[at..at + from.len()] == from {
            bytes[at..at + to.len()].copy_from_slice(to);
            found = true;
        }
    }
    assert!(found, "{}", String::from_utf8_lossy(from));
    bytes
}
