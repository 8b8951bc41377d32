//! A model in several files: counted as one, written with by the real llama.cpp, refused with the name of what is missing.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/split.rs"]
mod split;

use std::fs;
use std::path::{Path, PathBuf};

use llm::gguf::{self, ModelFile};
use split::split;

/// The model that the program has inside.
fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/booth-mini/booth-mini.gguf")
}

fn refused(path: &Path, words: &[&str]) {
    let error = gguf::check(path).unwrap_err();
    let told = format!("{error}; hint: {}", error.hint().unwrap());
    for word in words {
        assert!(told.contains(word), "{word}: {told}");
    }
}

#[test]
fn all_parts_count() {
    let folder = tempfile::tempdir().unwrap();
    let whole = ModelFile::read(&own()).unwrap();
    for count in [2, 3, 60] {
        let parts = split(&own(), folder.path(), "voice", count);
        let file = gguf::check(&parts[0]).unwrap();
        assert_eq!(file.parts, parts);
        assert_eq!(file.bytes, parts.iter().map(|part| fs::metadata(part).unwrap().len()).sum::<u64>());
        let figures = |file: &ModelFile| (file.parameters, file.bytes_per_token, file.mostly, file.shape);
        assert_eq!(figures(&file), figures(&whole), "{count}");
    }
    assert_eq!(whole.parts, [own()]);
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let parts = split(&own(), folder.path(), "voice", 3);
    refused(&parts[2], &["part 3 of the 3 files", "name the first one, ", "voice-00001-of-00003.gguf"]);
    let second = fs::read(&parts[1]).unwrap();
    fs::remove_file(&parts[1]).unwrap();
    refused(&parts[0], &["of the model's 3 files voice-00002-of-00003.gguf is missing", "get it", "put it into"]);
    fs::write(&parts[1], &second[..second.len() - 1]).unwrap();
    refused(&parts[0], &["voice-00002-of-00003.gguf", "cut short"]);
    // Another part under its name: llama.cpp would end the process where a part has no number.
    fs::copy(&parts[2], &parts[1]).unwrap();
    refused(&parts[0], &["voice-00002-of-00003.gguf", "not part 2 of 3"]);
    fs::copy(own(), &parts[1]).unwrap();
    refused(&parts[0], &["voice-00002-of-00003.gguf", "not part 2 of 3"]);
    // The second part of a model that was cut otherwise.
    let other = tempfile::tempdir().unwrap();
    let bytes = fs::read(&split(&own(), other.path(), "voice", 30)[1]).unwrap();
    let count = bytes.windows(11).position(|key| key == b"split.count").unwrap() + 11 + 4;
    let renumbered = [&bytes[..count], &3_u16.to_le_bytes(), &bytes[count + 2..]].concat();
    fs::write(&parts[1], renumbered).unwrap();
    refused(&parts[0], &["tensors instead of", "get all parts"]);
    fs::write(&parts[1], second).unwrap();
    assert!(gguf::check(&parts[0]).is_ok());
    // llama.cpp finds the others by the name of the first.
    let renamed = folder.path().join("renamed.gguf");
    fs::rename(&parts[0], &renamed).unwrap();
    refused(&renamed, &["not called so", "-00001-of-00003.gguf"]);
    refused(&parts[1], &["the first one is missing", "put voice-00001-of-00003.gguf beside it"]);
    fs::remove_file(&parts[1]).unwrap();
    fs::remove_file(&parts[2]).unwrap();
    fs::rename(&renamed, &parts[0]).unwrap();
    refused(&parts[0], &["voice-00002-of-00003.gguf and voice-00003-of-00003.gguf are missing", "get them"]);
}

#[cfg(feature = "llama")]
#[tokio::test(flavor = "multi_thread")]
async fn llama_cpp_writes_with_all_parts_what_it_writes_with_the_whole() {
    use std::time::Duration;

    use llm::{EmbeddedConfig, EmbeddedWriter, Sampling, WriteRequest, collect};

    let folder = tempfile::tempdir().unwrap();
    let parts = split(&own(), folder.path(), "voice", 3);
    let mut lines = Vec::new();
    for path in [&own(), &parts[0]] {
        let config = EmbeddedConfig { threads: Some(1), context: 256, parallel: 1, ..EmbeddedConfig::new(path) };
        let writer = EmbeddedWriter::load(config).unwrap();
        let sampling = Sampling { temperature: 0.0, ..Sampling::default() };
        let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
        let request = WriteRequest { sampling, max_tokens: 12, ..WriteRequest::new("Four runs.", deadline) };
        lines.push(collect(&writer, request).await.unwrap().text);
    }
    assert!(!lines[0].is_empty());
    assert_eq!(lines[0], lines[1]);
}
