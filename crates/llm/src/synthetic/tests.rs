#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(unsafe_code, reason = "llama.cpp's quantiser has no safe binding")]

use std::ffi::{CStr, CString};
use std::time::Duration;

use llama_cpp_sys_2 as sys;
use tokio::time::Instant;

use super::*;
use crate::{EmbeddedConfig, EmbeddedWriter, Sampling, WriteRequest, collect};

/// Small, but with as many layers as a real one and, like the half billion, rows that are no multiple of 256.
const ODD: Shape = Shape { layers: 24, hidden: 192, heads: 3, kv_heads: 1, feed_forward: 512, vocabulary: 2048 };
/// The same with rows that are, as in the one and a half.
const EVEN: Shape = Shape { layers: 28, hidden: 256, heads: 4, kv_heads: 2, feed_forward: 768, vocabulary: 2048 };
const WORDS: [&str; 2] = ["four wicket bowler batter", "That's the over!"];

fn small(shape: Shape, quantization: Quantization) -> Synthetic {
    Synthetic { name: "small".to_owned(), shape, quantization, seed: 1 }
}

fn made(model: &Synthetic, directory: &Path) -> PathBuf {
    model.ensure(directory, WORDS, |_, _| {}).unwrap()
}

#[test]
fn a_model_is_read_by_its_name() {
    let model: Synthetic = "Qwen2.5-0.5B:q4_0".parse().unwrap();
    assert_eq!((model.to_string().as_str(), model.shape), ("qwen2.5-0.5b:Q4_0", Shape::HALF_BILLION));
    let usual: Synthetic = "qwen2.5-1.5b".parse().unwrap();
    assert_eq!(usual.quantization(), Quantization::Q4KM);
    for (wrong, there) in [("qwen3", "qwen2.5-1.5b"), ("qwen2.5-0.5b:Q9", "Q8_0")] {
        let refused = wrong.parse::<Synthetic>().unwrap_err();
        assert!(refused.hint().contains(there), "{refused}");
    }
}

/// With the real vocabulary's 5.9 MB the files are as large as the published ones of an importance-free quantiser with
/// tied embeddings: 398 and 986 MB of Q4_K_M, 531 and 1,647 MB of Q8_0.
#[test]
fn the_weights_are_as_many_bytes_as_in_the_published_files() {
    const VOCABULARY: u64 = 5_929_000;
    for (name, published) in [
        ("qwen2.5-0.5b:Q4_K_M", 397_808_192),
        ("qwen2.5-1.5b:Q4_K_M", 986_048_768),
        ("qwen2.5-0.5b:Q8_0", 531_068_096),
        ("qwen2.5-1.5b:Q8_0", 1_646_572_928),
    ] {
        let model: Synthetic = name.parse().unwrap();
        let whole = model.weight_bytes() + VOCABULARY;
        let off = whole.abs_diff(published) as f64 / published as f64;
        assert!(off < 0.001, "{name}: {whole} bytes, published {published}");
    }
}

#[tokio::test]
async fn llama_cpp_computes_numbers_and_every_line_has_the_length_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    for shape in [ODD, EVEN] {
        for quantization in Quantization::ALL {
            let path = made(&small(shape, quantization), directory.path());
            let config = EmbeddedConfig { threads: Some(1), context: 256, ..EmbeddedConfig::new(path) };
            // Loading computes a token and refuses what is no number.
            let writer = EmbeddedWriter::load(config).unwrap();
            for (temperature, seed) in [(0.0, 1), (0.7, 1), (0.7, 2)] {
                let prompt = "<|im_start|>user\nfour, 148/7: the over!<|im_end|>\n<|im_start|>assistant\n";
                let request = WriteRequest {
                    stop: vec!["<|im_end|>".to_owned(), "\n".to_owned()],
                    max_tokens: 24,
                    sampling: Sampling { temperature, seed: Some(seed), ..Sampling::default() },
                    ..WriteRequest::new(prompt, Instant::now() + Duration::from_secs(300))
                };
                let written = collect(&writer, request).await.unwrap();
                assert_eq!(written.usage.written_tokens, Some(24), "{quantization}, {temperature}: {}", written.text);
                // Most tokens are made-up words behind a space.
                assert!(written.text.split(' ').count() > 12, "{quantization}, {temperature}: {}", written.text);
            }
        }
    }
}

fn c_path(path: &Path) -> CString {
    CString::new(path.to_str().unwrap()).unwrap()
}

/// The types in a file, by tensor, as llama.cpp reads them.
fn types(path: &Path) -> Vec<(String, u32)> {
    let params = sys::gguf_init_params { no_alloc: true, ctx: std::ptr::null_mut() };
    // SAFETY: the path ends in zero; the context is checked, asked only for tensors that it has, and freed once; each
    // name is copied before that.
    unsafe {
        let context = sys::gguf_init_from_file(c_path(path).as_ptr(), params);
        assert!(!context.is_null());
        let tensors = 0..sys::gguf_get_n_tensors(context);
        let name = |index| CStr::from_ptr(sys::gguf_get_tensor_name(context, index)).to_str().unwrap().to_owned();
        let mut all: Vec<_> =
            tensors.map(|index| (name(index), sys::gguf_get_tensor_type(context, index) as u32)).collect();
        sys::gguf_free(context);
        all.sort();
        all
    }
}

#[test]
fn the_types_are_those_that_llama_cpps_quantiser_chooses() {
    let directory = tempfile::tempdir().unwrap();
    crate::embedded::backend();
    for shape in [ODD, EVEN] {
        let source = made(&small(shape, Quantization::Q8_0), directory.path());
        for quantization in [Quantization::Q4KM, Quantization::Q4_0] {
            let theirs = directory.path().join("theirs.gguf");
            // SAFETY: takes nothing, returns a plain struct.
            let mut params = unsafe { sys::llama_model_quantize_default_params() };
            params.ftype = quantization.file_type();
            params.allow_requantize = true;
            params.nthread = 1;
            let (from, to) = (c_path(&source), c_path(&theirs));
            // SAFETY: both paths end in zero and outlive the call, as do the parameters.
            let code = unsafe { sys::llama_model_quantize(from.as_ptr(), to.as_ptr(), &raw const params) };
            assert_eq!(code, 0);
            let ours = made(&small(shape, quantization), directory.path());
            assert_eq!(types(&ours), types(&theirs), "{quantization}");
        }
    }
}

#[test]
fn its_own_description_says_what_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let model = small(EVEN, Quantization::Q4KM);
    let file = crate::gguf::check(&made(&model, directory.path())).unwrap();
    assert_eq!((file.quantisation, file.vocabulary), (Some("Q4_K_M"), EVEN.vocabulary.into()));
    // The embeddings are the output, too, so a token reads all there is.
    assert_eq!(file.bytes_per_token, model.weight_bytes());
    assert!(file.bytes_per_token < file.bytes);
}

#[test]
fn the_same_name_gives_the_same_bytes_and_is_written_once() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let model = small(ODD, Quantization::Q4KM);
    let mut told = Vec::new();
    let first = model.ensure(one.path(), WORDS, |done, all| told.push((done, all))).unwrap();
    let bytes = fs::read(&first).unwrap();
    assert!(told.is_sorted() && told.len() > 24, "{}", told.len());
    assert!(told.iter().all(|(done, all)| done <= all && *all == bytes.len() as u64));
    let second = made(&model, two.path());
    assert_eq!(first.file_name(), second.file_name());
    assert!(bytes == fs::read(second).unwrap());
    let written = fs::metadata(&first).unwrap().modified().unwrap();
    let again = model.ensure(one.path(), WORDS, |_, _| panic!("it is there")).unwrap();
    assert_eq!(fs::metadata(again).unwrap().modified().unwrap(), written);
    let other = made(&model.clone().with_seed(2), two.path());
    assert!(bytes != fs::read(other).unwrap());
}

#[test]
fn what_was_left_behind_is_used_up_and_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let model = small(ODD, Quantization::Q4_0);
    let path = made(&model, directory.path());
    let whole = fs::read(&path).unwrap();
    // Cut short under its own name, and a part of an interrupted writer.
    fs::write(&path, &whole[..1000]).unwrap();
    fs::write(path.with_extension("gguf.part"), "half").unwrap();
    assert_eq!(made(&model, directory.path()), path);
    assert!(fs::read(&path).unwrap() == whole);
    // Other words make another file, in place of this one; other models stay.
    let neighbour = made(&small(ODD, Quantization::Q8_0), directory.path());
    let other = model.ensure(directory.path(), ["silly mid-off"], |_, _| {}).unwrap();
    let mut left: Vec<_> = fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    left.sort();
    assert_eq!(left, [other, neighbour]);
}

#[test]
fn several_writers_make_one_file() {
    let directory = tempfile::tempdir().unwrap();
    let model = small(EVEN, Quantization::Q4KM);
    let paths: Vec<_> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4).map(|_| scope.spawn(|| made(&model, directory.path()))).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    assert!(paths.windows(2).all(|two| two[0] == two[1]));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    crate::gguf::check(&paths[0]).unwrap();
}

#[test]
fn a_full_disk_is_said_before_and_while_it_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let refused = room_for(1 << 60, directory.path()).unwrap_err();
    assert!(matches!(refused, SyntheticError::NoRoom { needed, free, .. } if needed > free), "{refused}");
    let vocabulary = Vocabulary::learn(WORDS, ODD.vocabulary);
    let model = small(ODD, Quantization::Q4_0);
    let mut full = File::options().write(true).open("/dev/full").unwrap();
    let error = Plan::of(&model, &vocabulary).write(&mut full, |_| {}).unwrap_err();
    let refused = SyntheticError::from_io(error, &directory.path().join("model.gguf"), 1 << 60);
    assert!(matches!(refused, SyntheticError::NoRoom { .. }), "{refused}");
}

#[test]
fn a_place_that_cannot_be_written_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let refused = small(ODD, Quantization::Q4_0).ensure(&file, WORDS, |_, _| {}).unwrap_err();
    assert!(matches!(refused, SyntheticError::Io { .. }), "{refused}");
}
