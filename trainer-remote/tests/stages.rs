//! Runs: what runs again and what does not, stopping and going on, one process at a time, and the whole chain with the
//! real kit.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skips")]

mod support;

use std::{fs, process::Stdio, thread::sleep, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use support::{House, TINY, WORKS};
use trainer_remote::{run::RunLock, stages::Stage};

fn calls(house: &House) -> Vec<String> {
    let text = fs::read_to_string(house.path("runs/tiny/calls")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn manifest(house: &House) -> serde_json::Value {
    serde_json::from_slice(&fs::read(house.path("runs/tiny/manifest.json")).unwrap()).unwrap()
}

/// What the plan says of a stage: what it would do, and why.
fn planned(house: &House, stage: Stage) -> (String, String) {
    let (out, _) = house.expect(0, &["plan", "tiny", "--json"]);
    let plan: serde_json::Value = serde_json::from_str(&out).unwrap();
    let stage = &plan["stages"][stage as usize];
    (stage["what"].as_str().unwrap().to_owned(), stage["why"].as_str().unwrap_or_default().to_owned())
}

const BOTH: [&str; 6] = ["run", "tiny", "--from", "tokenizer", "--to", "sft"];

fn both(python: &str) -> Vec<&str> {
    BOTH.into_iter().chain(["--python", python]).collect()
}

#[test]
fn what_is_up_to_date_is_not_done_again_and_what_is_not_says_why() {
    let house = House::new();
    house.teach(1);
    let python = house.python(WORKS);
    let python = python.to_str().unwrap();
    house.expect(0, &both(python));
    assert_eq!(calls(&house), ["tokenizer", "sft"]);
    let record = &manifest(&house)["stages"]["sft"];
    assert_eq!(record["figures"]["loss"], 1.5);
    assert_eq!(record["outputs"]["sft/model/model.safetensors"]["bytes"], 8);
    assert!(record["inputs"]["files"]["teach/train.jsonl.zst"].as_str().unwrap().len() == 64);
    assert_eq!(manifest(&house)["tools"]["torch"], "2.0");
    assert!(house.path("runs/tiny/settings/sft.json").is_file());

    let (_, err) = house.expect(0, &both(python));
    assert!(err.contains("all is up to date"), "{err}");
    assert_eq!(calls(&house).len(), 2);

    // How it is watched does not matter, how it is trained does.
    house.say(&TINY.replace("save_steps = 6", "save_steps = 3"));
    house.expect(0, &both(python));
    assert_eq!(calls(&house).len(), 2);
    house.say(&TINY.replace("learning_rate = 1e-3", "learning_rate = 2e-3"));
    assert_eq!(planned(&house, Stage::Sft), ("run".to_owned(), "[sft] learning_rate changed".to_owned()));
    assert_eq!(planned(&house, Stage::Quantize), ("follows".to_owned(), "teach".to_owned()));
    let (out, _) = house.expect(0, &["sft", "tiny", "--dry-run"]);
    assert!(out.contains("[sft] learning_rate changed"), "{out}");
    house.expect(0, &both(python));
    assert_eq!(calls(&house)[2..], ["sft"]);
    assert!(house.path("runs/tiny/sft.before/model").is_dir(), "the older model is set aside");

    // An output that is touched but the same is fine; one that is changed or gone is made again.
    let model = house.path("runs/tiny/sft/model/model.safetensors");
    fs::write(&model, "weights\n").unwrap();
    house.expect(0, &both(python));
    assert_eq!(calls(&house).len(), 3);
    fs::write(&model, "weighty\n").unwrap();
    let (out, _) = house.expect(0, &["sft", "tiny", "--dry-run"]);
    assert!(out.contains("sft/model/model.safetensors was changed"), "{out}");
    fs::remove_file(&model).unwrap();
    let (out, _) = house.expect(0, &["sft", "tiny", "--dry-run"]);
    assert!(out.contains("sft/model/model.safetensors is missing"), "{out}");
    house.expect(0, &both(python));
    assert_eq!(calls(&house).len(), 4);

    // A changed row runs both; the tokenizer comes out the same here, but training takes the rows too.
    house.teach(2);
    house.expect(0, &both(python));
    assert_eq!(calls(&house)[4..], ["tokenizer", "sft"]);
    house.expect(0, &["sft", "tiny", "--force", "--python", python]);
    assert_eq!(calls(&house)[6..], ["sft"]);
}

#[test]
fn events_and_status_are_there_for_programs() {
    let house = House::new();
    house.teach(1);
    let python = house.python(WORKS);
    house.expect(0, &both(python.to_str().unwrap()));
    house.expect(0, &both(python.to_str().unwrap()));
    let text = fs::read_to_string(house.path("runs/tiny/events.jsonl")).unwrap();
    let events: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let numbers: Vec<_> = events.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=events.len() as u64).collect::<Vec<_>>());
    let named = |name: &str| events.iter().filter(|event| event["event"] == name).count();
    assert_eq!((named("started"), named("done"), named("skipped"), named("finished")), (2, 2, 2, 2));
    assert!(events.iter().any(|event| event["what"] == "checkpoint-6 is saved, loss 2.5000"), "{text}");
    let (out, _) = house.expect(0, &["status", "tiny", "--json"]);
    let status: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&status["last"]["event"], &status["at_work"]), (&"finished".into(), &serde_json::Value::Null));
    let (out, _) = house.expect(0, &["status", "tiny"]);
    assert!(out.contains("nobody is at work") && out.contains("sft        done 20"), "{out}");
}

#[test]
fn what_a_stage_needs_and_who_makes_it_is_said() {
    let house = House::new();
    let (_, err) = house.expect(1, &["sft", "tiny"]);
    assert!(err.contains("teach/train.jsonl.zst is not there\nhint: `trainer-remote teach tiny` makes it"), "{err}");
    let (_, err) = house.expect(1, &["run", "tiny", "--from", "sft", "--to", "teach"]);
    assert!(err.contains("swap them"), "{err}");
    let (_, err) = house.expect(1, &["prepare", "tiny", "--source", "nowhere"]);
    assert!(err.contains("nowhere") && err.contains("hint: check the path"), "{err}");
}

#[test]
fn two_processes_do_not_work_in_one_run() {
    let house = House::new();
    house.teach(1);
    let lock = RunLock::take(&house.run()).unwrap();
    let (_, err) = house.expect(1, &["tokenizer", "tiny"]);
    assert!(err.contains(&format!("is in use by process {}", std::process::id())), "{err}");
    let (out, _) = house.expect(0, &["status", "tiny"]);
    assert!(out.contains(&format!("at work: process {}", std::process::id())), "{out}");
    drop(lock);
    assert_eq!(RunLock::held_by(&house.run()), None);
    let python = house.python(WORKS);
    house.expect(0, &["tokenizer", "tiny", "--python", python.to_str().unwrap()]);
}

#[test]
fn stopped_it_keeps_what_is_whole_and_the_same_command_goes_on() {
    let house = House::new();
    house.teach(1);
    // Trains until it is told to stop, the first time; then goes on from what it saved.
    let python = house.python(&format!(
        r#"
if [ "$task" = sft ] && [ ! -e "$out/checkpoints/saved" ]; then
  mkdir -p "$out/checkpoints"
  trap 'touch "$out/checkpoints/saved"; say "{{\"event\":\"failed\",\"what\":\"stopped\",\"kept\":\"checkpoint-6\",\"hint\":\"again\"}}"; exit 75' TERM
  say '{{"event":"progress","step":5,"of":12}}'
  touch "$out/begun"
  while :; do sleep 0.05; done
fi
{WORKS}"#
    ));
    let python = python.to_str().unwrap();
    let child = house.command(&both(python)).stderr(Stdio::piped()).spawn().unwrap();
    while !house.path("runs/tiny/sft/begun").exists() {
        sleep(Duration::from_millis(20));
    }
    kill_process(Pid::from_raw(child.id().try_into().unwrap()).unwrap(), Signal::INT).unwrap();
    let done = child.wait_with_output().unwrap();
    let err = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(75), "{err}");
    assert!(err.contains("checkpoint-6 was kept") && err.contains("hint: `trainer-remote run tiny` goes on"), "{err}");
    assert!(manifest(&house)["attempts"]["sft"]["seconds"].as_f64().unwrap() > 0.0);
    let (out, _) = house.expect(0, &["status", "tiny"]);
    assert!(out.contains("sft        begun") && out.contains("sft: stopped, checkpoint-6 was kept"), "{out}");

    house.expect(0, &both(python));
    assert!(house.path("runs/tiny/sft/checkpoints/saved").exists(), "what was kept is used, not cleared away");
    assert_eq!(calls(&house), ["tokenizer", "sft"]);
    assert_eq!(manifest(&house)["attempts"], serde_json::json!({}));
}

#[test]
fn checkpoints_of_other_settings_are_not_gone_on_from() {
    let house = House::new();
    house.teach(1);
    let python = house.python(&format!(
        r#"
if [ "$task" = sft ]; then
  mkdir -p "$out/checkpoints"
  if [ -e "$out/checkpoints/old" ]; then exit 9; fi
  touch "$out/checkpoints/old"
  say '{{"event":"failed","what":"the disk is full","kept":"checkpoint-6","hint":"free space and run the same command"}}'
  exit 1
fi
{WORKS}"#
    ));
    let python = python.to_str().unwrap();
    let (_, err) = house.expect(1, &both(python));
    assert!(err.contains("sft: the disk is full (checkpoint-6 was kept)\nhint: free space"), "{err}");
    house.say(&TINY.replace("learning_rate = 1e-3", "learning_rate = 2e-3"));
    let (_, err) = house.expect(1, &both(python));
    assert!(err.contains("the disk is full") && err.contains("what was trained before is now in"), "{err}");
}

#[test]
fn a_damaged_manifest_is_kept_and_explained() {
    let house = House::new();
    fs::create_dir_all(house.path("runs/tiny")).unwrap();
    fs::write(house.path("runs/tiny/manifest.json"), "{\"schema\":").unwrap();
    let (_, err) = house.expect(1, &["plan", "tiny"]);
    assert!(err.contains("manifest.json is damaged") && err.contains("hint: move it away"), "{err}");
    assert_eq!(fs::read_to_string(house.path("runs/tiny/manifest.json")).unwrap(), "{\"schema\":");
}

/// Minutes, and a Python environment of 5 GB: in the slow suite, where that is set up.
#[test]
fn from_rows_to_a_file_that_is_quantised_with_the_real_kit() {
    if std::env::var_os("VACHAK_SLOW").is_none() {
        eprintln!("skipped: VACHAK_SLOW is not set");
        return;
    }
    let house = House::new();
    if house.trainer(&["kit", "check"]).status.code() != Some(0) {
        eprintln!("skipped: there is no Python environment; `trainer-remote kit setup` makes it");
        return;
    }
    house.teach(3);
    let (_, err) = house.expect(0, &["run", "tiny", "--from", "tokenizer", "--to", "quantize"]);
    assert!(err.contains("the contract has 30 golden prompts"), "{err}");
    let file = house.path("runs/tiny/quantize/tiny-q4_0.gguf");
    let said = trainer_remote::quantize::metadata(&file).unwrap();
    assert_eq!((said["vachak.training"].as_str(), said["vachak.layout"].as_str()), ("tiny", "slots"));
    assert_eq!(said["vachak.data_sha256"].len(), 64);
    let table: serde_json::Value =
        serde_json::from_slice(&fs::read(house.path("runs/tiny/quantize/table.json")).unwrap()).unwrap();
    assert!(table["files"][1]["imatrix"].as_bool().unwrap());
    eprintln!("{table:#}");
    let (_, err) = house.expect(0, &["run", "tiny", "--from", "tokenizer", "--to", "quantize"]);
    assert!(err.contains("all is up to date"), "{err}");
}

/// The whole chain, from matches to a report, with a real (if hopeless) model at its end.
#[test]
fn from_matches_to_an_evaluated_file_with_the_real_kit() {
    if std::env::var_os("VACHAK_SLOW").is_none() {
        eprintln!("skipped: VACHAK_SLOW is not set");
        return;
    }
    let house = House::new();
    if house.trainer(&["kit", "check"]).status.code() != Some(0) {
        eprintln!("skipped: there is no Python environment; `trainer-remote kit setup` makes it");
        return;
    }
    house.play(["2021", "2022", "2023"], 4);
    let small =
        "\n[eval]\nballs = 60\nmatches = 3\nresamples = 200\nstyle_matches = 2\ngates = { fact_clean = 0.99 }\n";
    house.say(&format!("{}{small}", TINY.replace("imatrix = true", "imatrix = false")));
    let (_, err) = house.expect(0, &["run", "tiny"]);
    for place in
        ["report/index.html", "quantize/tiny-q8_0.gguf", "eval/report.html", "eval/quantisations.json", "contract.json"]
    {
        assert!(house.path("runs/tiny").join(place).is_file(), "{place} is missing\n{err}");
    }
    let stages = manifest(&house)["stages"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let all = ["eval", "gguf", "prepare", "quantize", "report", "sft", "teach", "tokenizer"];
    assert!(all.iter().all(|stage| stages.iter().any(|done| done == stage)), "{stages:?}");
    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(house.path("runs/tiny/eval/report.json")).unwrap()).unwrap();
    let names: Vec<&str> =
        report["systems"].as_array().unwrap().iter().map(|system| system["name"].as_str().unwrap()).collect();
    for name in ["tiny-q8_0", "tiny-q4_0", "phrasebook", "empty", "constant", "shuffled"] {
        assert!(names.contains(&name), "{name} is missing from {names:?}");
    }
    assert_eq!(report["passed"], false, "twelve steps make no commentator");
    let (_, err) = house.expect(0, &["run", "tiny"]);
    assert!(err.contains("all is up to date"), "{err}");
}
