//! Row files and other people's.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::Path};

use commentary::{Layout, LineKind};
use serde_json::Value;
use trainer_remote::{
    data::{
        exchange::{Example, Pair, export_examples, export_pairs, import_examples},
        rows::{self, Lines, RowReader, Writer},
    },
    row::Row,
};

fn row(number: usize) -> Row {
    let mut row = Row {
        id: String::new(),
        match_id: "m1".to_owned(),
        key: format!("i1.o{number}.d1"),
        persona: "greig".to_owned(),
        kind: if number.is_multiple_of(2) { LineKind::Call } else { LineKind::Over },
        layout: Layout::Slots,
        prompt_version: 2,
        event: "caught".to_owned(),
        format: "T20".to_owned(),
        pressure: "tense".to_owned(),
        season: "2023/24".to_owned(),
        series: "Harbour Cup".to_owned(),
        swap: Some(u64::MAX),
        prompt: format!("<|im_start|>user\ngreig call {number}\u{2028}<|im_end|>\n"),
        completion: "{out} is \"gone\"!\nनमस्ते".to_owned(),
    };
    row.id = rows::id(&row);
    row
}

fn write(path: &Path, count: usize) -> Vec<Row> {
    let rows: Vec<Row> = (0..count).map(row).collect();
    let mut writer = Writer::create(path, "nothing").unwrap();
    for row in &rows {
        writer.add(row).unwrap();
    }
    assert!(!path.exists(), "a file has its name only when it is whole");
    writer.finish().unwrap();
    rows
}

fn read(path: &Path) -> Vec<Row> {
    RowReader::open(path).unwrap().map(Result::unwrap).collect()
}

#[test]
fn rows_survive_both_kinds_of_file() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.jsonl", "a.jsonl.zst"] {
        let path = folder.path().join(name);
        let rows = write(&path, 50);
        assert_eq!(read(&path), rows);
    }
    let size = |name| fs::metadata(folder.path().join(name)).unwrap().len();
    assert!(size("a.jsonl.zst") * 4 < size("a.jsonl"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    assert_eq!(row(1).id.len(), 16);
    assert_ne!(row(1).id, Row { persona: "benaud".to_owned(), ..row(1) }.id.clone() + "x");
}

#[test]
fn a_writer_that_is_dropped_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(&folder.path().join("a.jsonl.zst"), "nothing").unwrap();
    writer.add(&row(1)).unwrap();
    drop(writer);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Reads to the end; the last is the error as a person meets it, with how many rows came before.
fn trouble(path: &Path) -> (usize, String) {
    let read: Vec<_> = RowReader::open(path).unwrap().collect();
    let good = read.iter().filter(|row| row.is_ok()).count();
    assert_eq!(good + 1, read.len(), "an error ends the reading");
    (good, read.into_iter().next_back().unwrap().unwrap_err().to_string())
}

#[test]
fn what_is_wrong_is_named_with_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, packed) = (folder.path().join("a.jsonl"), folder.path().join("b.jsonl.zst"));
    write(&plain, 3);
    let text = fs::read_to_string(&plain).unwrap();

    fs::write(&plain, &text[..text.len() - 40]).unwrap();
    let (good, error) = trouble(&plain);
    assert_eq!(good, 2);
    assert!(error.contains("a.jsonl, line 3: the file is cut short within this line"), "{error}");

    fs::write(&plain, format!("{text}\n  \nnot json\n")).unwrap();
    let (good, error) = trouble(&plain);
    assert_eq!(good, 3);
    assert!(error.contains("a.jsonl, line 6: not what is expected here") && error.contains("hint:"), "{error}");

    fs::write(&plain, text.replacen("\"persona\"", "\"person\"", 1)).unwrap();
    let (good, error) = trouble(&plain);
    assert_eq!(good, 0);
    assert!(error.contains("line 1") && error.contains("person"), "{error}");

    fs::write(&plain, b"\xff\xfe\n").unwrap();
    assert!(trouble(&plain).1.contains("line 1"));

    fs::write(&plain, vec![b'x'; (1 << 20) + 9]).unwrap();
    assert!(trouble(&plain).1.contains("longer than"));

    write(&packed, 2_000);
    let bytes = fs::read(&packed).unwrap();
    fs::write(&packed, &bytes[..bytes.len() - 9]).unwrap();
    let (_, error) = trouble(&packed);
    assert!(error.contains("b.jsonl.zst, line ") && error.contains("cut short or damaged"), "{error}");

    let open = |name: &str| RowReader::open(&folder.path().join(name)).err().unwrap().to_string();
    assert!(open("c.parquet").contains("neither .jsonl nor .jsonl.zst"));
    assert!(open("c.jsonl").contains("c.jsonl cannot be read"));
    assert!(Writer::create(&folder.path().join("no/such/a.jsonl"), "nothing").is_err());
}

#[test]
fn a_full_disk_is_named_with_what_is_kept() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    // The working file leads to a device that is always full.
    std::os::unix::fs::symlink("/dev/full", folder.path().join("a.jsonl.part")).unwrap();
    let mut writer = Writer::create(&folder.path().join("a.jsonl"), "the rows of yesterday").unwrap();
    let error = (0..10_000).find_map(|number| writer.add(&row(number)).err()).unwrap().to_string();
    assert!(error.contains("a.jsonl cannot be written") && error.contains("kept: the rows of yesterday"), "{error}");
    assert!(error.contains("hint: free space"), "{error}");
}

#[test]
fn examples_go_out_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let rows = write(&at("rows.jsonl.zst"), 20);
    for name in ["examples.json", "examples.jsonl"] {
        assert_eq!(export_examples(&at("rows.jsonl.zst"), &at(name)).unwrap(), 20);
        assert_eq!(import_examples(&at(name), &at("back.jsonl.zst"), Layout::Slots).unwrap(), 20);
        let back = read(&at("back.jsonl.zst"));
        for (number, (row, back)) in rows.iter().zip(&back).enumerate() {
            // What has no place there has the documented value here.
            let mut expected = Row {
                match_id: "imported".to_owned(),
                key: format!("n{}", number + 1),
                format: String::new(),
                pressure: String::new(),
                season: String::new(),
                series: String::new(),
                swap: None,
                prompt_version: back.prompt_version,
                ..row.clone()
            };
            expected.id = rows::id(&expected);
            assert_eq!(*back, expected);
        }
        // And once more, nothing is lost at all.
        export_examples(&at("back.jsonl.zst"), &at("again.json")).unwrap();
        export_examples(&at("rows.jsonl.zst"), &at("first.json")).unwrap();
        assert_eq!(fs::read(at("again.json")).unwrap(), fs::read(at("first.json")).unwrap());
    }
    let first: Value = serde_json::from_slice::<Value>(&fs::read(at("first.json")).unwrap()).unwrap()[0].clone();
    let keys: Vec<&String> = first.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["instruction", "input", "output"]);
    let input: Vec<&String> = first["input"].as_object().unwrap().keys().collect();
    assert_eq!(input, ["event", "context", "persona"]);
}

#[test]
fn examples_of_another_make_become_prompts() {
    let text = r#"{"instruction":"Comment.","input":{"event":{"runs":4},"context":"T20","persona":"benaud"},"output":"Four."}"#;
    let example: Example = serde_json::from_str(text).unwrap();
    let row = example.into_row(3, Layout::Slots);
    assert_eq!(
        row.prompt,
        "<|im_start|>user\nComment.\npersona benaud\nevent {\"runs\":4}\nT20<|im_end|>\n<|im_start|>assistant\n"
    );
    assert_eq!((row.layout.name(), row.kind, row.completion.as_str()), ("chatml", LineKind::Call, "Four."));
}

#[test]
fn a_wrong_example_is_named_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("a.json"), r#"[{"instruction":"x","input":{"event":"e","persona":"p"},"output":7}]"#).unwrap();
    let error = import_examples(&at("a.json"), &at("out.jsonl"), Layout::Slots).unwrap_err().to_string();
    assert!(error.contains("a.json, line 1: at [0].output") && error.contains("hint:"), "{error}");
    fs::write(at("a.jsonl"), "{\"instruction\":\"x\"}\n").unwrap();
    let error = import_examples(&at("a.jsonl"), &at("out.jsonl"), Layout::Slots).unwrap_err().to_string();
    assert!(error.contains("a.jsonl, line 1") && error.contains("input"), "{error}");
    assert!(!at("out.jsonl").exists() && !at("out.jsonl.part").exists());
}

#[test]
fn pairs_hold_prompt_and_completion_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("rows.jsonl"), folder.path().join("pairs.jsonl.zst"));
    let rows = write(&from, 5);
    assert_eq!(export_pairs(&from, &to).unwrap(), 5);
    let pairs: Vec<Pair> = Lines::open(&to).unwrap().map(Result::unwrap).collect();
    assert!(
        pairs.iter().zip(&rows).all(|(pair, row)| (&pair.prompt, &pair.completion) == (&row.prompt, &row.completion))
    );
    let value: Value = Lines::open(&to).unwrap().next().unwrap().unwrap();
    assert_eq!(value.as_object().unwrap().len(), 2);
}
