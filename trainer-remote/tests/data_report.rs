//! The report on rows.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking")]

mod data_common;

use std::{collections::BTreeMap, fs, path::Path};

use commentary::{Persona, Personas, Phrasebook};
use data_common::invented;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use trainer_remote::{
    data::{
        prepare,
        recipe::{Recipe, SplitRecipe},
        reform,
        replay::Played,
        report,
        rows::{RowReader, Writer},
        split::Split,
    },
    progress::Quiet,
    row::Row,
};

/// Prepares rows, then fills those that the phrasebook has a saying for; every tenth gets a falsehood.
fn taught(folder: &Path) {
    let source = invented(folder, 4);
    let split = SplitRecipe { valid: 0.2, test_seasons: 1 };
    let recipe = Recipe { rows: 2_000, split, ..Recipe::new(&source) };
    let (prepared, taught) = (folder.join("prepare"), folder.join("teach"));
    prepare::run(&recipe, 7, &source, &prepared, &Quiet, &CancellationToken::new()).unwrap();
    fs::create_dir_all(&taught).unwrap();
    let (book, personas) = (Phrasebook::builtin(), Personas::builtin());
    for split in Split::ALL {
        let name = format!("{}.jsonl.zst", split.name());
        let mut by_match: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for row in RowReader::open(&prepared.join(&name)).unwrap() {
            let row = row.unwrap();
            by_match.entry(row.match_id.clone()).or_default().push(row);
        }
        let mut writer = Writer::create(&taught.join(&name), "nothing").unwrap();
        for (id, rows) in by_match {
            let path = source.join(format!("{id}.json"));
            let played = Played::read(&path.to_string_lossy(), &fs::read(&path).unwrap()).unwrap();
            let mut filled: Vec<Row> = Vec::new();
            reform::each_row(&played, &rows, |row, moment| {
                let persona: &Persona = personas.get(&row.persona).unwrap();
                let sayings = book.sayings(row.kind, moment.unwrap(), persona);
                let Some(saying) = sayings.first() else { return };
                let lie = filled.len() % 10 == 9;
                let completion = if lie { "<b>Zaphod</b> is out for 999" } else { &saying.template };
                filled.push(Row { completion: completion.to_owned(), ..row.clone() });
            });
            for row in &filled {
                writer.add(row).unwrap();
            }
        }
        writer.finish().unwrap();
    }
    let summary =
        json!({ "teacher": "phrasebook <script>", "cost": 1.25, "refused": { "too long & wide": 3, "repeat": 1 } });
    fs::write(taught.join("summary.json"), summary.to_string()).unwrap();
}

#[test]
fn a_report_tells_truth_from_falsehood_and_what_train_has_seen() {
    let folder = tempfile::tempdir().unwrap();
    taught(folder.path());
    let out = folder.path().join("report");
    let cancel = CancellationToken::new();
    let report = report::run(&folder.path().join("teach"), &out, &Quiet, &cancel).unwrap();
    // For looking at it.
    if let Some(keep) = std::env::var_os("VACHAK_OUT") {
        fs::copy(out.join("index.html"), Path::new(&keep).join("index.html")).unwrap();
    }
    let grounded = report.grounded.as_ref().unwrap();
    let share = grounded.passed as f64 / grounded.sampled as f64;
    assert!((0.75..0.97).contains(&share), "{grounded:?}");
    assert_eq!((grounded.lost, grounded.other_prompt), (0, 0));
    assert!(!grounded.reasons.is_empty() && grounded.examples.iter().any(|(line, _)| line.contains("Zaphod")));
    let train = &report.splits[&Split::Train];
    assert_eq!(train.filled, train.tally.rows);
    assert!(train.same_prompt > 0 && train.completion_words.quantile(0.5) > 1);
    // The invented sides are the same two everywhere.
    let players = report.players.as_ref().unwrap();
    assert_eq!((players.people[&Split::Train], players.in_train[&Split::Test]), (22, 1.0));
    let leak = |part: &str| report.leakage.iter().find(|leak| leak.split == Split::Test && leak.part == part).unwrap();
    assert!(leak("prompts").whole > 0.05 && leak("completions").whole > 0.8, "{:?}", report.leakage);
    assert!(leak("prompts").meaning.contains("no name and no number"));

    let json: Value = serde_json::from_slice(&fs::read(out.join("report.json")).unwrap()).unwrap();
    assert_eq!(json["schema"], "vachak.report/1");
    assert_eq!(json["splits"]["train"]["rows"], train.tally.rows);
    let page = fs::read_to_string(out.join("index.html")).unwrap();
    assert!(page.contains("phrasebook &lt;script&gt;") && page.contains("too long &amp; wide"));
    assert!(!page.contains("<script") && !page.contains("<b>Zaphod"));
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("url("));
}

#[test]
fn prepared_rows_and_a_source_that_is_gone_are_reported_with_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    taught(folder.path());
    let (prepared, out) = (folder.path().join("prepare"), folder.path().join("report"));
    let report = report::run(&prepared, &out, &Quiet, &CancellationToken::new()).unwrap();
    assert!(report.grounded.is_none() && report.players.is_some());
    assert!(report.not_measured[0].contains("there are none yet"), "{:?}", report.not_measured);
    fs::rename(folder.path().join("matches"), folder.path().join("moved")).unwrap();
    let report = report::run(&folder.path().join("teach"), &out, &Quiet, &CancellationToken::new()).unwrap();
    assert!(report.grounded.is_none() && report.not_measured[0].contains("is not there"), "{:?}", report.not_measured);
    fs::remove_file(prepared.join("valid.jsonl.zst")).unwrap();
    let error = report::run(&prepared, &out, &Quiet, &CancellationToken::new()).unwrap_err().to_string();
    assert!(error.contains("valid.jsonl.zst cannot be read") && error.contains("hint:"), "{error}");
}
