//! Rows from matches.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking")]

mod data_common;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs,
    path::Path,
};

use commentary::{LineKind, Personas, render};
use data_common::{invent, invented, samples};
use tokio_util::sync::CancellationToken;
use trainer_remote::{
    data::{
        DataError,
        prepare::{self, Summary},
        recipe::{Recipe, SplitRecipe},
        reform,
        replay::{Played, each_ball},
        rows::{self, RowReader},
        split::Split,
    },
    progress::Quiet,
    row::Row,
};

fn prepare(recipe: &Recipe, seed: u64, source: &Path, out: &Path) -> Result<Summary, DataError> {
    prepare::run(recipe, seed, source, out, &Quiet, &CancellationToken::new())
}

fn read(out: &Path, split: Split) -> Vec<Row> {
    let path = out.join(format!("{}.jsonl.zst", split.name()));
    RowReader::open(&path).unwrap().map(Result::unwrap).collect()
}

fn everything(out: &Path) -> Vec<Row> {
    Split::ALL.into_iter().flat_map(|split| read(out, split)).collect()
}

fn recipe(source: &Path, rows: u64) -> Recipe {
    let split = SplitRecipe { valid: 0.2, test_seasons: 1 };
    Recipe { rows, split, ..Recipe::new(source) }
}

#[test]
fn the_recipe_is_met_and_the_same_seed_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let source = invented(folder.path(), 8);
    let (one, two, other) = (folder.path().join("one"), folder.path().join("two"), folder.path().join("other"));
    let wanted = Recipe { kinds: vec![LineKind::Call, LineKind::Colour, LineKind::Over], ..recipe(&source, 6_000) };
    let summary = prepare(&wanted, 7, &source, &one).unwrap();
    // Each row is a throw of dice: three standard deviations of 6,000 throws are 4 %.
    assert!(summary.rows.abs_diff(6_000) < 240, "{}", summary.rows);
    assert_eq!(summary.matches, 32);
    let rows = everything(&one);
    assert_eq!(rows.len() as u64, summary.rows);
    let share = |is: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| is(row)).count() as f64 / rows.len() as f64;
    for event in ["dot", "single"] {
        let share = share(&|row| row.event == event);
        assert!(share <= 0.215 && share > 0.15, "{event}: {share}");
    }
    for persona in &wanted.personas {
        let share = share(&|row| row.persona == *persona) * wanted.personas.len() as f64;
        assert!((0.9..1.1).contains(&share), "{persona}: {share}");
    }
    assert!(share(&|row| row.kind == LineKind::Over) > 0.0);
    assert!(share(&|row| row.format == "ODM") > 0.1);
    let ids: HashSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids.len(), rows.len());
    assert!(rows.iter().all(|row| row.id == rows::id(row) && row.completion.is_empty() && row.swap.is_some()));

    prepare(&wanted, 7, &source, &two).unwrap();
    prepare(&wanted, 8, &source, &other).unwrap();
    for split in Split::ALL {
        let bytes = |out: &Path| fs::read(out.join(format!("{}.jsonl.zst", split.name()))).unwrap();
        assert!(bytes(&one) == bytes(&two), "{split:?} differs");
    }
    assert!(everything(&other) != rows);
}

#[test]
fn rare_events_are_drawn_more_often() {
    let folder = tempfile::tempdir().unwrap();
    let source = invented(folder.path(), 8);
    let share = |rare: f64, out: &str| {
        let out = folder.path().join(out);
        let wanted = Recipe { rare, dots: 1.0, singles: 1.0, ..recipe(&source, 4_000) };
        let summary = prepare(&wanted, 7, &source, &out).unwrap();
        let rare = ["bowled", "lbw", "run_out", "stumped", "duck", "golden_duck", "fifty", "no_ball"];
        let events = summary.splits.values().flat_map(|tally| &tally.event);
        events.filter(|(event, _)| rare.contains(&event.as_str())).map(|(_, rows)| rows).sum::<u64>() as f64
            / summary.rows as f64
    };
    let (plain, weighed) = (share(1.0, "plain"), share(6.0, "weighed"));
    assert!(weighed > plain * 2.0, "{plain} {weighed}");
}

#[test]
fn no_series_of_a_season_is_on_two_sides() {
    let folder = tempfile::tempdir().unwrap();
    let source = invented(folder.path(), 4);
    let out = folder.path().join("out");
    prepare(&recipe(&source, 2_000), 7, &source, &out).unwrap();
    let mut sides: HashMap<(String, String), HashSet<Split>> = HashMap::new();
    for split in Split::ALL {
        let rows = read(&out, split);
        assert!(!rows.is_empty(), "{split:?}");
        assert!(rows.iter().all(|row| (row.season == "2024") == (split == Split::Test)));
        for row in rows {
            sides.entry((row.series, row.season)).or_default().insert(split);
        }
    }
    assert_eq!(sides.len(), 8);
    assert!(sides.values().all(|splits| splits.len() == 1), "{sides:?}");
}

#[test]
fn a_row_leads_back_to_its_moment() {
    let folder = tempfile::tempdir().unwrap();
    let source = invented(folder.path(), 2);
    let out = folder.path().join("out");
    let layout = "chatml".parse().unwrap();
    prepare(&Recipe { layout, ..recipe(&source, 1_500) }, 7, &source, &out).unwrap();
    let mut by_match: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in everything(&out) {
        by_match.entry(row.match_id.clone()).or_default().push(row);
    }
    let (personas, mut seen) = (Personas::builtin(), 0);
    for (id, rows) in &by_match {
        let content = fs::read(source.join(format!("{id}.json"))).unwrap();
        let played = Played::read(&format!("{id}.json"), &content).unwrap();
        reform::each_row(&played, rows, |row, moment| {
            let moment = moment.unwrap();
            let prompt = render(moment, personas.get(&row.persona).unwrap(), row.kind, row.layout).text;
            assert_eq!(prompt, row.prompt, "{} {}", row.match_id, row.key);
            assert!(moment.kinds().contains(&row.kind));
            assert!(!row.prompt.contains("Ravenscar") && !row.prompt.contains("Herons 1"), "{}", row.prompt);
            seen += 1;
        });
        let mut strangers = rows[..1].to_vec();
        strangers[0].key = "i9.o9.d9".to_owned();
        reform::each_row(&played, &strangers, |_, moment| assert!(moment.is_none()));
    }
    assert!(seen > 1_300, "{seen}");
}

#[test]
fn the_prefix_of_a_match_gives_the_first_of_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let source = invented(folder.path(), 2);
    let (whole, cut) = (folder.path().join("whole"), folder.path().join("cut"));
    // The rates must be those of the whole, so the match is cut after the counting: its file keeps length and time.
    let wanted = recipe(&source, 1_500);
    prepare(&wanted, 7, &source, &whole).unwrap();
    let path = source.join("m0001.json");
    let before = fs::metadata(&path).unwrap();
    let bytes = fs::read(&path).unwrap();
    let mut game = cricket::cricsheet::read(&bytes).unwrap();
    game.innings.truncate(1);
    game.innings[0].overs.truncate(9);
    game.end = None;
    let mut text = cricket::cricsheet::write(&game);
    text.push_str(&" ".repeat(bytes.len() - text.len()));
    fs::write(&path, text).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(before.modified().unwrap()).unwrap();
    fs::create_dir_all(&cut).unwrap();
    fs::copy(whole.join("counts.json"), cut.join("counts.json")).unwrap();
    prepare(&wanted, 7, &source, &cut).unwrap();

    let of = |out: &Path| -> Vec<Row> { everything(out).into_iter().filter(|row| row.match_id == "m0001").collect() };
    let (whole, cut) = (of(&whole), of(&cut));
    // The last over of an innings keeps its numbers, and the cut made the ninth the last.
    let is_early = |row: &&Row| {
        let over = row.key.strip_prefix("i1.o").and_then(|rest| rest.split_once('.')?.0.parse::<u16>().ok());
        over.is_some_and(|over| over < 8)
    };
    let (whole, cut): (Vec<&Row>, Vec<&Row>) =
        (whole.iter().filter(is_early).collect(), cut.iter().filter(is_early).collect());
    assert!(whole.len() > 20, "{}", whole.len());
    assert_eq!(whole, cut);
}

#[test]
fn the_event_of_a_row_is_the_first_that_its_prompt_names() {
    let Some(samples) = samples() else { return };
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let kinds = vec![LineKind::Call, LineKind::Colour, LineKind::Over, LineKind::Innings];
    let wanted = Recipe {
        kinds,
        dots: 1.0,
        singles: 1.0,
        swap_numbers: false,
        split: SplitRecipe { valid: 0.0, test_seasons: 0 },
        ..recipe(&samples, 10_000_000)
    };
    let summary = prepare(&wanted, 7, &samples, &out).unwrap();
    let rows = read(&out, Split::Train);
    // Everything is drawn: each kind of each ball, for everyone.
    let mut expected = 0;
    for entry in fs::read_dir(&samples).unwrap() {
        let path = entry.unwrap().path();
        let played = Played::read(&path.to_string_lossy(), &fs::read(&path).unwrap()).unwrap();
        each_ball(played, |moment| expected += moment.kinds().len());
    }
    assert_eq!(rows.len(), expected * wanted.personas.len());
    assert_eq!((summary.matches, summary.moments * 3 < rows.len() as u64), (12, true));
    let mut others: BTreeMap<(String, String), u64> = BTreeMap::new();
    for row in &rows {
        let told = row.prompt.lines().find_map(|line| line.strip_prefix("event ")).unwrap_or_default();
        let first = told.split(", ").next().unwrap_or_default().replace(' ', "_");
        if first != row.event {
            *others.entry((first, row.event.clone())).or_default() += 1;
        }
    }
    // A ball of odd runs is called after its runs, though something around it is told first.
    others.retain(|(_, event), _| event != "runs");
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn an_interrupted_run_leaves_no_half_file_under_a_final_name() {
    let folder = tempfile::tempdir().unwrap();
    let source = invented(folder.path(), 2);
    let out = folder.path().join("out");
    let cancel = CancellationToken::new();
    cancel.cancel();
    let error = prepare::run(&recipe(&source, 100), 7, &source, &out, &Quiet, &cancel).unwrap_err();
    assert!(matches!(error, DataError::Stopped), "{error}");
    assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
    // Counted, then stopped while drawing.
    prepare(&recipe(&source, 100), 7, &source, &out).unwrap();
    let counts = fs::read(out.join("counts.json")).unwrap();
    fs::remove_dir_all(&out).unwrap();
    fs::create_dir_all(&out).unwrap();
    fs::write(out.join("counts.json"), &counts).unwrap();
    let error = prepare::run(&recipe(&source, 100), 7, &source, &out, &Quiet, &cancel).unwrap_err();
    assert!(matches!(error, DataError::Stopped), "{error}");
    let left: Vec<_> = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["counts.json"]);
}

#[test]
fn what_cannot_be_done_is_said_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let source = invented(folder.path(), 1);
    let out = folder.path().join("out");
    let fails = |recipe: &Recipe, source: &Path, part: &str| {
        let error = prepare(recipe, 7, source, &out).unwrap_err().to_string();
        assert!(error.contains(part) && error.contains("hint:"), "{error}");
    };
    let nowhere = folder.path().join("nowhere.tar.zst");
    fails(&recipe(&nowhere, 10), &nowhere, "nowhere.tar.zst cannot be read");
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    fs::write(empty.join("not.json"), "{}").unwrap();
    fails(&recipe(&empty, 10), &empty, "holds no ball of a match (1 files are none)");
    let wanted = Recipe { formats: [("Test".to_owned(), 0.5)].into(), ..recipe(&source, 10) };
    fails(&wanted, &source, "no match of format Test");
    let wanted = Recipe { split: SplitRecipe { valid: 0.0, test_seasons: 9 }, ..recipe(&source, 10) };
    fails(&wanted, &source, "no match is left to train on");
    fails(&Recipe { rows: 0, ..recipe(&source, 10) }, &source, "[data] rows = 0");
    // A folder that is a file.
    fs::write(folder.path().join("file"), "").unwrap();
    let error = prepare(&recipe(&source, 10), 7, &source, &folder.path().join("file")).unwrap_err().to_string();
    assert!(error.contains("cannot be written") && error.contains("kept:"), "{error}");
}

#[test]
fn shares_by_format_are_kept_and_a_bad_file_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let source = invented(folder.path(), 8);
    fs::write(source.join("broken.json"), "{\"info\": 3}").unwrap();
    invent(&source, "alone", 999, "", 2022);
    let out = folder.path().join("out");
    let wanted = Recipe { formats: [("ODM".to_owned(), 0.8)].into(), ..recipe(&source, 3_000) };
    let summary = prepare(&wanted, 7, &source, &out).unwrap();
    assert_eq!((summary.matches, summary.bad_files), (33, 1));
    let one_day: u64 = summary.splits.values().filter_map(|tally| tally.format.get("ODM")).sum();
    let share = one_day as f64 / summary.rows as f64;
    assert!((0.77..0.83).contains(&share), "{share}");
}
