#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;

use super::*;

/// A small but whole GGUF: one pair more than it needs, one tensor of 32 Q8_0 elements.
pub(crate) fn sample(architecture: &str, kind: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let text = |bytes: &mut Vec<u8>, text: &str| {
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(text.as_bytes());
    };
    bytes.extend(b"GGUF");
    bytes.extend(3u32.to_le_bytes());
    bytes.extend(1u64.to_le_bytes());
    bytes.extend(4u64.to_le_bytes());
    for (key, value) in [("general.architecture", architecture), ("general.type", kind)] {
        text(&mut bytes, key);
        bytes.extend(8u32.to_le_bytes());
        text(&mut bytes, value);
    }
    text(&mut bytes, "tokenizer.ggml.tokens");
    bytes.extend(9u32.to_le_bytes());
    bytes.extend(8u32.to_le_bytes());
    bytes.extend(2u64.to_le_bytes());
    text(&mut bytes, "four");
    text(&mut bytes, "six");
    text(&mut bytes, "general.alignment");
    bytes.extend(4u32.to_le_bytes());
    bytes.extend(64u32.to_le_bytes());
    text(&mut bytes, "output.weight");
    bytes.extend(1u32.to_le_bytes());
    bytes.extend(32u64.to_le_bytes());
    bytes.extend(8u32.to_le_bytes());
    bytes.extend(0u64.to_le_bytes());
    bytes.resize(bytes.len().div_ceil(64) * 64 + 34, 0);
    bytes
}

fn checked(bytes: &[u8]) -> Result<(), WriteError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    check(file.path()).map(drop)
}

fn refused(bytes: &[u8]) -> String {
    let refused = checked(bytes).unwrap_err();
    assert!(refused.hint().is_some());
    refused.to_string()
}

#[test]
fn a_whole_file_passes_and_every_shorter_one_is_refused() {
    let whole = sample("llama", "model");
    assert_eq!(checked(&whole), Ok(()));
    for length in 0..whole.len() {
        assert!(checked(&whole[..length]).is_err(), "{length} of {} bytes passed", whole.len());
    }
}

#[test]
fn each_fault_has_its_words() {
    let whole = sample("llama", "model");
    assert!(refused(&whole[..whole.len() - 1]).contains("cut short"));
    assert!(refused(b"PK\x03\x04 something else").contains("not a GGUF"));
    assert!(refused(b"").contains("not a GGUF"));
    let mut old = whole.clone();
    old[4] = 1;
    assert!(refused(&old).contains("version is 1"));
    let token = whole.windows(4).position(|window| window == b"four").unwrap();
    let mut twice = whole.clone();
    twice[token - 8] = 3;
    twice.splice(token..token + 4, *b"six");
    assert!(refused(&twice).contains("a token twice"));
    assert!(refused(&sample("bert", "model")).contains("`bert`"));
    assert!(refused(&sample("llama", "adapter")).contains("adapter"));
}

/// A file with one pair and no tensors.
fn pair(key: &str, kind: u32, value: &[u8]) -> Vec<u8> {
    let mut bytes = [b"GGUF".to_vec(), vec![3, 0, 0, 0], vec![0; 8], vec![1, 0, 0, 0, 0, 0, 0, 0]].concat();
    bytes.extend((key.len() as u64).to_le_bytes());
    bytes.extend(key.as_bytes());
    bytes.extend(kind.to_le_bytes());
    bytes.extend(value);
    bytes
}

#[test]
fn numbers_that_would_end_the_process_in_llama_cpp_are_refused() {
    for layers in [0u32, 513] {
        assert!(refused(&pair("llama.block_count", 4, &layers.to_le_bytes())).contains("count of layers"));
    }
    for epsilon in [-1.0_f32, f32::NAN] {
        let key = "llama.attention.layer_norm_rms_epsilon";
        assert!(refused(&pair(key, 6, &epsilon.to_le_bytes())).contains("epsilon"));
    }
}

#[test]
fn a_vocabulary_alone_is_refused() {
    assert!(refused(&pair("some.number", 2, &[2, 0])).contains("only a vocabulary"));
}

#[test]
fn what_a_file_says_of_itself_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("voice.gguf");
    std::fs::write(&path, sample("qwen2", "model")).unwrap();
    let file = ModelFile::read(&path).unwrap();
    assert_eq!(file.architecture.as_deref(), Some("qwen2"));
    assert_eq!((file.vocabulary, file.parameters, file.mostly), (2, 32, Some("Q8_0")));
    assert!(file.markers.is_empty() && file.chat_template.is_none() && !file.is_adapter());
    std::fs::write(
        &path,
        pair("qwen2.attention.head_count_kv", 9, &[5, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0]),
    )
    .unwrap();
    assert_eq!(ModelFile::read(&path).unwrap().shape.kept_heads, 6, "a list of one number a layer");
    let template = "x".repeat(300_000);
    let mut value = (template.len() as u64).to_le_bytes().to_vec();
    value.extend(template.as_bytes());
    std::fs::write(&path, pair("tokenizer.chat_template", 8, &value)).unwrap();
    assert_eq!(ModelFile::read(&path).unwrap().chat_template, None, "no template is so long");
}

#[test]
fn a_missing_file_and_a_directory_have_their_words() {
    let directory = tempfile::tempdir().unwrap();
    let missing = check(&directory.path().join("voice.gguf")).unwrap_err();
    assert!(missing.to_string().contains("no such file"), "{missing}");
    let wrong = check(directory.path()).unwrap_err();
    assert!(wrong.to_string().contains("not a file"), "{wrong}");
}

#[test]
fn counts_beyond_the_file_are_refused_before_memory_is_taken() {
    for field in [8, 16] {
        let mut bytes = sample("llama", "model");
        bytes[field..field + 8].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(refused(&bytes).contains("cut short"));
    }
}

proptest! {
    #[test]
    fn no_damage_brings_it_down(at in 0usize..400, byte in any::<u8>(), length in 0usize..500) {
        let mut bytes = sample("llama", "model");
        let place = at % bytes.len();
        bytes[place] = byte;
        bytes.truncate(length);
        let length = bytes.len() as u64;
        let header = Header::read(bytes.as_slice(), length);
        if let Ok(header) = header {
            prop_assert!(header.weights.tensors <= length);
        }
    }
}
