//! The phrasebook as teacher.

use std::{collections::HashMap, fs};

use commentary::{Layout, LineKind, Moment, Personas, checker::check_as, facts::EventWord, reply};
use tokio_util::sync::CancellationToken;
use trainer_remote::{
    row::Row,
    teach::{Error, Teaching},
};

use crate::support::{self, Prepared};

fn moments(prepared: &Prepared) -> HashMap<(String, String), Moment> {
    let mut moments = HashMap::new();
    prepared.each_moment(|played, moment| {
        moments.insert((played.match_id.to_string(), moment.key.as_str().to_owned()), moment.clone());
    });
    moments
}

fn filled(prepared: &Prepared, settings: &Teaching) -> Vec<Row> {
    let out = prepared.out("teach");
    prepared.teach(settings, &out, 2).unwrap();
    ["train", "valid", "test"].iter().flat_map(|split| support::read(&out, split)).collect()
}

#[test]
fn one_thread_and_four_write_the_same_files() {
    let prepared = Prepared::new(9, 5, Layout::Slots);
    let (one, four) = (prepared.out("one"), prepared.out("four"));
    let settings = Teaching { variants: 2, ..Teaching::default() };
    prepared.teach(&settings, &one, 1).unwrap();
    prepared.teach(&settings, &four, 4).unwrap();
    for name in ["train.jsonl.zst", "valid.jsonl.zst", "test.jsonl.zst", "refused.jsonl.zst", "summary.json"] {
        assert_eq!(fs::read(one.join(name)).unwrap(), fs::read(four.join(name)).unwrap(), "{name}");
    }
    assert!(!support::read(&one, "valid").is_empty() && !support::read(&one, "test").is_empty());
}

#[test]
fn every_completion_passes_the_checker_as_a_models_reply_would() {
    for layout in [Layout::Slots, Layout::Compact] {
        let prepared = Prepared::new(4, 2, layout);
        let (moments, personas) = (moments(&prepared), Personas::builtin());
        let settings = Teaching { joined: 0.5, ..Teaching::default() };
        let rows = filled(&prepared, &settings);
        assert!(rows.len() > 400, "{}", rows.len());
        for row in rows {
            let moment = &moments[&(row.match_id.clone(), row.key.clone())];
            let text = reply::words(&row.completion, moment, personas.get(&row.persona).unwrap(), layout).unwrap();
            check_as(row.kind, &text, moment, personas.get(&row.persona).unwrap()).unwrap();
            assert!(layout == Layout::Slots || text == row.completion, "{text}");
        }
    }
}

#[test]
fn a_call_names_the_wicket_and_the_boundary() {
    let prepared = Prepared::new(4, 1, Layout::Compact);
    let (moments, personas) = (moments(&prepared), Personas::builtin());
    let mut seen = 0;
    for row in filled(&prepared, &Teaching::default()).iter().filter(|row| row.kind == LineKind::Call) {
        let moment = &moments[&(row.match_id.clone(), row.key.clone())];
        let line = check_as(row.kind, &row.completion, moment, personas.get(&row.persona).unwrap()).unwrap();
        if moment.is_wicket() || moment.facts.stands(EventWord::Six) {
            seen += 1;
            let told = |fact: &commentary::FactRef| fact.id.starts_with("event.") || fact.id == "partnership.runs";
            assert!(line.facts().iter().any(told), "{}", row.completion);
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn lines_are_joined_as_often_as_asked_and_the_share_is_told() {
    let prepared = Prepared::new(4, 2, Layout::Slots);
    let share = |joined, name: &str| {
        let settings = Teaching { joined, ..Teaching::default() };
        prepared.teach(&settings, &prepared.out(name), 2).unwrap().joined
    };
    assert!(share(0.0, "none").abs() < f64::EPSILON);
    let some = share(0.3, "some");
    let all = share(1.0, "all");
    assert!(some > 0.05 && some <= 0.3 && all > 2.0 * some, "{some} {all}");
}

#[test]
fn variants_of_a_prompt_are_different_lines_with_ids_of_their_own() {
    let prepared = Prepared::new(1, 10, Layout::Slots);
    let rows = filled(&prepared, &Teaching { variants: 3, ..Teaching::default() });
    let mut ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut lines: Vec<_> = rows.iter().map(|row| (&row.prompt, &row.completion, row.key.as_str())).collect();
    let count = rows.len();
    for (name, left) in [("ids", dedup(&mut ids)), ("lines", dedup(&mut lines))] {
        assert_eq!(left, count, "{name}");
    }
    assert!(rows.iter().any(|row| row.id.ends_with(".3")));
}

fn dedup<T: Ord>(items: &mut Vec<T>) -> usize {
    items.sort();
    items.dedup();
    items.len()
}

#[test]
fn what_the_phrasebook_cannot_fill_is_kept_with_the_reason() {
    let prepared = Prepared::new(1, 10, Layout::Slots);
    let mut rows = support::read(&prepared.rows(), "train");
    rows[0].prompt.push('x');
    rows[1].key = "i9.o0.d1".to_owned();
    support::write(&prepared.rows(), "train", &rows);
    let out = prepared.out("teach");
    let summary = prepared.teach(&Teaching::default(), &out, 2).unwrap();
    assert_eq!(summary.refused.values().sum::<u64>(), 2, "{:?}", summary.refused);
    let kept = support::lines(&out.join("refused.jsonl.zst")).join("\n");
    assert!(kept.contains("no longer gives this prompt") && kept.contains("not in the match"), "{kept}");
}

#[test]
fn a_line_that_is_no_row_is_named() {
    let prepared = Prepared::new(1, 10, Layout::Slots);
    let path = prepared.rows().join("train.jsonl.zst");
    let mut text = support::lines(&path);
    text.insert(2, "{\"id\":7".to_owned());
    fs::write(&path, zstd::stream::encode_all(text.join("\n").as_bytes(), 3).unwrap()).unwrap();
    let error = prepared.teach(&Teaching::default(), &prepared.out("teach"), 2).unwrap_err().to_string();
    assert!(error.contains("train.jsonl.zst, line 3") && error.contains("hint: run the stage prepare"), "{error}");
    assert!(!prepared.out("teach").join("train.jsonl.zst").exists());
}

#[test]
fn rows_of_a_match_that_is_gone_are_named() {
    let prepared = Prepared::new(2, 10, Layout::Slots);
    fs::remove_file(prepared.source.join("m001.json")).unwrap();
    let error = prepared.teach(&Teaching::default(), &prepared.out("teach"), 2).unwrap_err();
    assert!(matches!(&error, Error::Match { match_id, .. } if match_id == "m001"), "{error}");
}

#[test]
fn a_cancelled_teaching_leaves_no_whole_file() {
    let prepared = Prepared::new(2, 10, Layout::Slots);
    let cancel = CancellationToken::new();
    cancel.cancel();
    let out = prepared.out("teach");
    let error = prepared.teach_until(&Teaching::default(), &out, 2, &cancel).unwrap_err();
    assert!(matches!(error, Error::Cancelled));
    assert!(!out.join("train.jsonl.zst").exists());
}

#[test]
fn settings_out_of_range_are_named_by_their_key() {
    let prepared = Prepared::new(1, 50, Layout::Slots);
    for (settings, key) in [
        (Teaching { joined: 1.5, ..Teaching::default() }, "teach.joined"),
        (Teaching { variants: 0, ..Teaching::default() }, "teach.variants"),
        (Teaching { concurrency: 0, ..Teaching::default() }, "teach.concurrency"),
    ] {
        let error = prepared.teach(&settings, &prepared.out("teach"), 1).unwrap_err().to_string();
        assert!(error.contains(key) && error.contains("hint:"), "{error}");
    }
}
