//! Quantising, with a real small model: files that load, write, and still say where they come from.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skips")]

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};

use llm::{EmbeddedConfig, EmbeddedWriter, Sampling, WriteRequest, collect};
use tempfile::TempDir;
use tokio::time::Instant;
use trainer_remote::{
    progress::Quiet,
    quantize::{self, Job, QuantizeError, Table},
    run::Stop,
    training::{Quantize, WeightType},
};

const END: &str = "<|im_end|>";

fn model() -> Option<PathBuf> {
    let shared = std::env::var_os("VACHAK_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let path = shared.join("models/dev-mini-q8_0.gguf");
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

fn prompt(over: u32, bowler: &str, batter: &str, ball: &str) -> String {
    format!(
        "<|im_start|>user\nstyle: benaud\nmatch: Wolves v Rajasthan ODI\nover: {over}.3 score: 148/7\nbowler: {bowler} 4/21\n\
         batter: {batter} 48 (57)\nball: {ball}<|im_end|>\n<|im_start|>assistant\n"
    )
}

/// Rows in the model's own layout, with its own lines: it must foretell those well.
async fn rows(source: &Path, folder: &Path) -> PathBuf {
    let path = folder.join("valid.jsonl.zst");
    let mut file = zstd::Encoder::new(std::fs::File::create(&path).unwrap(), 3).unwrap();
    let people = ["Babar", "Inglis", "Khan", "Moss", "Reed", "Shah", "Adair"];
    let writer = load(source.to_owned()).await;
    for number in 0..48 {
        let (bowler, batter) = (people[number % 7], people[(number + 1 + number / 7 % 6) % 7]);
        let ball = ["4", "1", "6", "0", "2", "OUT bowled 0"][number % 6];
        let prompt = prompt(number as u32, bowler, batter, ball);
        let row = serde_json::json!({"completion": line(&writer, &prompt).await, "prompt": prompt, "event": "x"});
        writeln!(file, "{row}").unwrap();
    }
    file.finish().unwrap();
    path
}

fn make(
    source: &Path,
    rows: &Path,
    folder: &Path,
    types: &[WeightType],
    imatrix: bool,
) -> Result<Table, QuantizeError> {
    let settings = Quantize { types: types.to_vec(), imatrix, ship: types[0], perplexity_rows: 48 };
    let out = folder.join("out");
    let job = Job { name: "mini", source, held_out: Some(rows), settings: &settings, end_of_turn: END, out: &out };
    quantize::run(&job, &Quiet, &Stop::new())
}

async fn load(model: PathBuf) -> EmbeddedWriter {
    let config = EmbeddedConfig { context: 256, ..EmbeddedConfig::new(model) };
    tokio::task::spawn_blocking(|| EmbeddedWriter::load(config)).await.unwrap().unwrap()
}

async fn line(writer: &EmbeddedWriter, prompt: &str) -> String {
    let request = WriteRequest {
        stop: vec![END.to_owned(), "\n".to_owned()],
        max_tokens: 40,
        sampling: Sampling { temperature: 0.0, ..Sampling::default() },
        ..WriteRequest::new(prompt, Instant::now() + Duration::from_secs(60))
    };
    collect(writer, request).await.unwrap().text
}

#[tokio::test]
async fn every_type_is_made_and_each_file_writes_a_line() {
    let Some(source) = model() else { return };
    let folder = TempDir::new().unwrap();
    let types = [
        WeightType::F16,
        WeightType::Q8_0,
        WeightType::Q6K,
        WeightType::Q5KM,
        WeightType::Q4KM,
        WeightType::Q4_0,
        WeightType::Iq4Nl,
    ];
    let rows = rows(&source, folder.path()).await;
    let table = make(&source, &rows, folder.path(), &types, false).unwrap();
    let before = table.source.unwrap();
    assert!(before.perplexity > 1.0 && before.perplexity < 4.0 && before.rows == 48, "{before:?}");
    assert_eq!(table.files.iter().map(|row| row.r#type).collect::<Vec<_>>(), types);
    for row in &table.files {
        let path = folder.path().join("out").join(&row.file);
        assert_eq!(row.file, format!("mini-{}.gguf", row.r#type));
        assert_eq!(path.metadata().unwrap().len(), row.bytes);
        let after = row.perplexity.unwrap();
        assert!(after.tokens == before.tokens && after.perplexity < before.perplexity * 1.5, "{row:?} from {before:?}");
        let line = line(&load(path).await, &prompt(12, "Babar", "Inglis", "4")).await;
        assert!(line.split_whitespace().count() >= 2, "{}: {line:?}", row.file);
    }
    let size = |kind| table.files.iter().find(|row| row.r#type == kind).unwrap().bytes;
    assert!(size(WeightType::Q6K) < size(WeightType::Q8_0) && size(WeightType::Q4KM) < size(WeightType::Q6K));
    let written = std::fs::read(folder.path().join("out/table.json")).unwrap();
    let read: Table = serde_json::from_slice(&written).unwrap();
    let names = |table: &Table| table.files.iter().map(|row| (row.file.clone(), row.bytes)).collect::<Vec<_>>();
    assert_eq!(names(&read), names(&table));
    let left: Vec<_> = std::fs::read_dir(folder.path().join("out")).unwrap().map(|entry| entry.unwrap()).collect();
    assert_eq!(left.len(), types.len() + 1, "{left:?}");
}

#[tokio::test]
async fn our_own_prompts_can_weigh_the_columns() {
    let Some(source) = model() else { return };
    let folder = TempDir::new().unwrap();
    let rows = rows(&source, folder.path()).await;
    let plain = make(&source, &rows, folder.path(), &[WeightType::Q4_0], false).unwrap();
    let path = folder.path().join("out/mini-q4_0.gguf");
    let without = std::fs::read(&path).unwrap();
    let weighed = make(&source, &rows, folder.path(), &[WeightType::Q4_0], true).unwrap();
    for (with, without) in weighed.files.iter().zip(&plain.files) {
        eprintln!("{}: with {:?}, without {:?}", with.r#type, with.perplexity, without.perplexity);
    }
    assert!(weighed.files[0].imatrix && !plain.files[0].imatrix);
    assert_eq!(weighed.files[0].bytes, plain.files[0].bytes);
    assert_ne!(std::fs::read(&path).unwrap(), without, "the matrix changed nothing");
    let (with, without) = (weighed.files[0].perplexity.unwrap(), plain.files[0].perplexity.unwrap());
    assert!(with.perplexity < without.perplexity * 1.1, "{with:?} {without:?}");
}

#[test]
fn what_a_file_says_of_itself_is_kept_and_held_against_what_it_should_say() {
    let Some(source) = model() else { return };
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    let settings =
        Quantize { types: vec![WeightType::Q4KM], ship: WeightType::Q4KM, imatrix: false, perplexity_rows: 0 };
    let job = Job { name: "mini", source: &source, held_out: None, settings: &settings, end_of_turn: END, out: &out };
    quantize::run(&job, &Quiet, &Stop::new()).unwrap();
    let made = folder.path().join("out/mini-q4_k_m.gguf");
    let said = quantize::metadata(&source).unwrap();
    assert_eq!(quantize::metadata(&made).unwrap(), said);
    assert!(said.contains_key("general.name"), "{said:?}");
    let mut wanted: serde_json::Map<_, _> = said.into_iter().map(|(key, value)| (key, value.into())).collect();
    quantize::has_metadata(&made, &wanted).unwrap();
    wanted.insert("vachak.training".to_owned(), "another".into());
    let error = quantize::has_metadata(&made, &wanted).unwrap_err().to_string();
    assert!(error.contains("vachak.training = 'another'"), "{error}");
}

#[test]
fn a_damaged_file_is_refused_in_words_and_leaves_nothing() {
    let Some(source) = model() else { return };
    let folder = TempDir::new().unwrap();
    let bytes = std::fs::read(&source).unwrap();
    let bad = folder.path().join("bad.gguf");
    for (content, words) in
        [(&bytes[..bytes.len() / 2], "cut short"), (&b"not a model at all"[..], "not a GGUF"), (&b""[..], "not a GGUF")]
    {
        std::fs::write(&bad, content).unwrap();
        let error = make(&bad, Path::new("none"), folder.path(), &[WeightType::Q4_0], false).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains("hint: "), "{error}");
        assert!(!folder.path().join("out").exists());
    }
    let missing = make(&folder.path().join("none.gguf"), Path::new("none"), folder.path(), &[WeightType::Q4_0], false)
        .unwrap_err();
    assert!(missing.to_string().contains("no such file"), "{missing}");
}

#[test]
fn asked_to_stop_it_stops() {
    let Some(source) = model() else { return };
    let folder = TempDir::new().unwrap();
    let stop = Stop::new();
    stop.cancel();
    let settings = Quantize { perplexity_rows: 0, ..Quantize::default() };
    let out = folder.path().join("out");
    let job = Job { name: "mini", source: &source, held_out: None, settings: &settings, end_of_turn: END, out: &out };
    assert!(matches!(quantize::run(&job, &Quiet, &stop), Err(QuantizeError::Stopped)));
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
}
