//! A LoRA adapter beside the small real model.
#![cfg(feature = "llama")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::{Path, PathBuf};

use llm::{Adapter, EmbeddedConfig, EmbeddedWriter, WriteError, WriteRequest};
use support::{line, prompt, request, shared};

/// The rank of the adapters made here.
const RANK: u64 = 4;

/// An adapter with numbers drawn by a fixed rule: two matrices for one of the model's.
struct Made {
    architecture: &'static str,
    tensor: &'static str,
    /// The model's matrix: so many numbers in, so many out.
    shape: [u64; 2],
}

impl Made {
    /// One that fits the shared model.
    const FIT: Self = Self { architecture: "llama", tensor: "blk.0.attn_q.weight", shape: [256, 256] };

    fn write(&self, folder: &Path) -> PathBuf {
        let text = |bytes: &mut Vec<u8>, text: &str| {
            bytes.extend((text.len() as u64).to_le_bytes());
            bytes.extend(text.as_bytes());
        };
        let mut bytes = [b"GGUF".to_vec(), 3u32.to_le_bytes().to_vec()].concat();
        let tensors = [("lora_a", [self.shape[0], RANK]), ("lora_b", [RANK, self.shape[1]])];
        bytes.extend((tensors.len() as u64).to_le_bytes());
        bytes.extend(4u64.to_le_bytes());
        for (key, value) in
            [("general.architecture", self.architecture), ("general.type", "adapter"), ("adapter.type", "lora")]
        {
            text(&mut bytes, key);
            bytes.extend(8u32.to_le_bytes());
            text(&mut bytes, value);
        }
        text(&mut bytes, "adapter.lora.alpha");
        bytes.extend(6u32.to_le_bytes());
        bytes.extend(32.0f32.to_le_bytes());
        let mut offset = 0u64;
        for (end, shape) in &tensors {
            text(&mut bytes, &format!("{}.{end}", self.tensor));
            bytes.extend(2u32.to_le_bytes());
            bytes.extend(shape.iter().flat_map(|length| length.to_le_bytes()));
            bytes.extend(0u32.to_le_bytes());
            bytes.extend(offset.to_le_bytes());
            offset += (shape[0] * shape[1] * 4).next_multiple_of(32);
        }
        bytes.resize(bytes.len().next_multiple_of(32), 0);
        let mut dice = 7u32;
        for (_, shape) in &tensors {
            for _ in 0..shape[0] * shape[1] {
                dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let number = (f64::from(dice >> 8) / f64::from(1u32 << 24) - 0.5) as f32;
                bytes.extend(number.to_le_bytes());
            }
            bytes.resize(bytes.len().next_multiple_of(32), 0);
        }
        let path = folder.join("voice-lora.gguf");
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

fn with(adapter: Option<Adapter>) -> Option<Result<EmbeddedWriter, WriteError>> {
    let model = shared("dev-mini-q8_0.gguf")?;
    let config = EmbeddedConfig { threads: Some(1), context: 512, adapter, ..EmbeddedConfig::new(model) };
    Some(EmbeddedWriter::load(config))
}

fn greedy() -> WriteRequest {
    let mut request = request(prompt("greig", "49.5"));
    request.sampling.temperature = 0.0;
    request
}

#[tokio::test]
async fn an_adapter_changes_what_is_written_by_its_strength() {
    let Some(plain) = with(None) else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = Made::FIT.write(folder.path());
    let at = |scale| with(Some(Adapter { path: path.clone(), scale })).unwrap().unwrap();
    let without = line(&plain.unwrap(), greedy()).await;
    assert_eq!(line(&at(0.0), greedy()).await, without, "at no strength it does nothing");
    let changed = line(&at(1.0), greedy()).await;
    assert_ne!(changed, without);
    assert_eq!(line(&at(1.0), greedy()).await, changed, "and the same each time");
}

#[tokio::test]
async fn an_adapter_that_does_not_fit_is_refused_in_words() {
    let Some(model) = shared("dev-mini-q8_0.gguf") else { return };
    let folder = tempfile::tempdir().unwrap();
    let refused = |path: PathBuf| {
        let refused = with(Some(Adapter { path, scale: 1.0 })).unwrap().err().unwrap();
        assert!(matches!(refused, WriteError::Model { .. }) && refused.hint().is_some(), "{refused}");
        refused.to_string()
    };
    let other = Made { architecture: "qwen2", ..Made::FIT };
    assert!(refused(other.write(folder.path())).contains("for the architecture qwen2"));
    let wide = Made { shape: [512, 256], ..Made::FIT };
    assert!(refused(wide.write(folder.path())).contains("the adapter does not fit the model"));
    let stranger = Made { tensor: "blk.99.attn_q.weight", ..Made::FIT };
    assert!(refused(stranger.write(folder.path())).contains("the adapter does not fit the model"));
    assert!(refused(model).contains("it is no adapter"));
    assert!(refused(folder.path().join("none.gguf")).contains("no such file"));
    let cut = Made::FIT.write(folder.path());
    let bytes = std::fs::read(&cut).unwrap();
    std::fs::write(&cut, &bytes[..bytes.len() - 100]).unwrap();
    assert!(refused(cut).contains("cut short"));
}
