//! Fixed parts of prompts that outlive the process: warm after a restart, and never used when damaged.
#![cfg(feature = "llama")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and tells what it saw")]

mod support;

use std::path::{Path, PathBuf};

use llm::{EmbeddedConfig, EmbeddedWriter, WriteRequest, collect};
use support::{alike, certain, config, line, prompt, with_room};

fn kept_in(folder: &Path) -> Option<EmbeddedWriter> {
    let config = EmbeddedConfig { state_directory: Some(folder.to_owned()), ..config(1024, 4)? };
    Some(EmbeddedWriter::load(config).unwrap())
}

fn with_fixed_part(over: &str) -> WriteRequest {
    let whole = alike(1).remove(0);
    let fixed_len = whole.find("style").unwrap();
    let fixed = &whole[..fixed_len];
    WriteRequest { fixed_len, ..certain(fixed.to_owned() + &prompt("benaud", over)) }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn a_restart_is_warm() {
    let folder = tempfile::tempdir().unwrap();
    let Some(before) = kept_in(folder.path()) else { return };
    let cold = collect(&before, with_fixed_part("7.1")).await.unwrap();
    assert_eq!(cold.usage.reused_tokens, Some(0));
    drop(before);
    assert_eq!(files(folder.path()).len(), 1);
    let Some(after) = kept_in(folder.path()) else { return };
    let warm = collect(&after, with_fixed_part("7.1")).await.unwrap();
    assert!(warm.usage.reused_tokens.unwrap() > 120, "{:?}", warm.usage);
    assert_eq!(warm.text, cold.text);
    // One that keeps nothing is as cold as the first.
    let Some(other) = with_room(1024, 4) else { return };
    assert_eq!(collect(&other, with_fixed_part("7.1")).await.unwrap().usage.reused_tokens, Some(0));
}

#[tokio::test]
async fn a_damaged_state_is_not_used_and_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let Some(writer) = kept_in(folder.path()) else { return };
    let text = line(&writer, with_fixed_part("7.1")).await;
    drop(writer);
    let file = files(folder.path()).remove(0);
    let sound = std::fs::read(&file).unwrap();
    let flipped = {
        let mut bytes = sound.clone();
        bytes[sound.len() / 2] ^= 1;
        bytes
    };
    for damaged in [Vec::new(), b"something else".to_vec(), sound[..sound.len() / 2].to_vec(), flipped] {
        std::fs::write(&file, damaged).unwrap();
        let Some(writer) = kept_in(folder.path()) else { return };
        let written = collect(&writer, with_fixed_part("7.1")).await.unwrap();
        assert_eq!((written.usage.reused_tokens, &written.text), (Some(0), &text));
        drop(writer);
        assert_eq!(std::fs::read(&file).unwrap(), sound, "it was written anew");
    }
    // A state that is whole, but of another text than its name says.
    let digest = file.file_name().unwrap().to_str().unwrap().split_once('-').unwrap().1.to_owned();
    let Some(other) = kept_in(folder.path()) else { return };
    let longer = WriteRequest { fixed_len: with_fixed_part("7.1").fixed_len + 30, ..with_fixed_part("7.1") };
    line(&other, longer).await;
    drop(other);
    let other = files(folder.path()).into_iter().find(|other| *other != file).unwrap();
    let key = other.file_name().unwrap().to_str().unwrap().split_once('-').unwrap().0.to_owned();
    std::fs::remove_file(&other).unwrap();
    std::fs::rename(&file, folder.path().join(format!("{key}-{digest}"))).unwrap();
    let Some(writer) = kept_in(folder.path()) else { return };
    let longer = WriteRequest { fixed_len: with_fixed_part("7.1").fixed_len + 30, ..with_fixed_part("7.1") };
    let written = collect(&writer, longer).await.unwrap();
    assert_eq!((written.usage.reused_tokens, written.text), (Some(0), text));
}
