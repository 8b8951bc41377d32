//! What several tests need: a repository with a training, rows as a teacher would leave them, a Python that is none.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and takes what it needs"
)]

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    process::{Command, Output},
    sync::Mutex,
};

use commentary::{Layout, LineKind, Personas, Phrasebook, render};
use cricket::{
    cricsheet,
    simulate::{SimulationSettings, simulate},
};
use tempfile::TempDir;
use trainer_remote::{
    data::replay::{Played, each_ball},
    progress::Progress,
    run::RunFolder,
};

/// A training of a model that trains in seconds.
pub const TINY: &str = r#"
schema = "vachak.training/1"
name = "tiny"
task = "commentary"
description = "for tests"
seed = 3

[data]
source = "matches"
layout = "slots"
personas = ["benaud", "greig"]
kinds = ["call", "colour"]
rows = 400

[base]
kind = "scratch"
architecture = "llama"
hidden = 64
layers = 2
heads = 4
kv_heads = 2
feed_forward = 128
context = 256
tied = true

[tokenizer]
vocab = 1024

[sft]
learning_rate = 1e-3
max_steps = 12
batch = 8
max_length = 256
save_steps = 6

[quantize]
types = ["q8_0", "q4_0"]
imatrix = true
ship = "q8_0"
perplexity_rows = 20
"#;

/// A repository with the training `tiny`, and its run.
pub struct House {
    pub folder: TempDir,
}

impl House {
    pub fn new() -> Self {
        let house = Self { folder: TempDir::new().unwrap() };
        house.say(TINY);
        fs::create_dir_all(house.path("matches")).unwrap();
        fs::write(house.path("matches/one.json"), "{}").unwrap();
        house
    }

    pub fn path(&self, place: &str) -> PathBuf {
        self.folder.path().join(place)
    }

    /// Sets the training's file.
    pub fn say(&self, training: &str) {
        fs::create_dir_all(self.path("models/tiny")).unwrap();
        fs::write(self.path("models/tiny/training.toml"), training).unwrap();
    }

    pub fn run(&self) -> RunFolder {
        RunFolder::new(&self.path("runs"), "tiny")
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trainer-remote"));
        command.args(args).current_dir(self.folder.path()).env_remove("VACHAK_KIT");
        command
    }

    pub fn trainer(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs and expects this exit code; returns stdout and stderr.
    pub fn expect(&self, code: i32, args: &[&str]) -> (String, String) {
        let done = self.trainer(args);
        let (out, err) = (String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap());
        assert_eq!(done.status.code(), Some(code), "{args:?}\n{out}\n{err}");
        (out, err)
    }

    /// Invented matches in `matches`, so many of each season, each season a series.
    pub fn play(&self, seasons: [&str; 3], each: u64) {
        fs::remove_file(self.path("matches/one.json")).unwrap();
        for (place, season) in seasons.into_iter().enumerate() {
            for number in 0..each {
                let seed = place as u64 * 100 + number;
                let date = format!("{season}-05-{:02}", number + 1);
                let game = simulate(&SimulationSettings { date, ..SimulationSettings::new(seed) }).unwrap();
                let text = cricsheet::write(&game);
                fs::write(self.path(&format!("matches/{seed}.json")), text).unwrap();
            }
        }
    }

    /// Rows with completions, as the stage `teach` leaves them.
    pub fn teach(&self, matches: u64) {
        let folder = self.path("runs/tiny/teach");
        fs::create_dir_all(&folder).unwrap();
        let (personas, book) = (Personas::builtin(), Phrasebook::builtin());
        for (split, seed) in [("train", 10), ("valid", 900), ("test", 950)] {
            let file = fs::File::create(folder.join(format!("{split}.jsonl.zst"))).unwrap();
            let mut file = zstd::Encoder::new(file, 3).unwrap();
            for number in 0..matches {
                let game = simulate(&SimulationSettings::new(seed + number)).unwrap();
                each_ball(Played { match_id: "invented".into(), game }, |moment| {
                    for persona in ["benaud", "greig"] {
                        let who = personas.get(persona).unwrap();
                        let sayings = book.sayings(LineKind::Call, moment, who);
                        let Some(saying) = sayings.get(moment.scene.ordinal as usize % sayings.len().max(1)) else {
                            return;
                        };
                        let prompt = render(moment, who, LineKind::Call, Layout::Slots).text;
                        let row = serde_json::json!({"prompt": prompt, "completion": saying.template});
                        writeln!(file, "{row}").unwrap();
                    }
                });
            }
            file.finish().unwrap();
        }
    }

    /// A program that answers like a Python with the kit's packages, and runs `script` for every program but the check:
    /// a shell script that finds `$task`, `$out`, `$events` and `say EVENT` there.
    pub fn python(&self, script: &str) -> PathBuf {
        let path = self.path("python");
        let check = r#"{"python":"3.12.0","packages":{"torch":"2.0","transformers":"5.0","trl":"1.0","datasets":"5.0","tokenizers":"0.22","safetensors":"0.6","numpy":"2.0"},"gpus":[],"problem":null}"#;
        let text = format!(
            r#"#!/bin/sh
task=$(basename "$1" .py)
if [ "$task" = check ]; then echo '{check}'; exit 0; fi
value() {{ sed -n "s/^  \"$1\": \"\(.*\)\",*$/\1/p" "$settings"; }}
settings=$2
out=$(value out)
events=$(value events)
say() {{ printf '%s\n' "$1" >>"$events"; }}
{script}
"#
        );
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }
}

/// A script that does what the tokenizer and training would leave.
pub const WORKS: &str = r#"
echo "$task" >>"$out/../calls"
say '{"seq":1,"event":"started","pid":1}'
case $task in
  tokenizer) echo "{}" >"$out/tokenizer.json"; echo "{}" >"$out/tokenizer_config.json" ;;
  sft)
    mkdir -p "$out/model" "$out/checkpoints"
    say '{"event":"progress","step":6,"of":12,"loss":2.5}'
    say '{"event":"checkpoint","step":6,"path":"x/checkpoint-6"}'
    say '{"event":"progress","step":12,"of":12,"loss":1.5}'
    echo weights >"$out/model/model.safetensors"
    echo '{"step":12,"loss":1.5}' >"$out/curve.jsonl" ;;
esac
say '{"event":"done","artefacts":{"model":"model"},"figures":{"loss":1.5}}'
"#;

/// Keeps what it is told.
#[derive(Default)]
pub struct Told {
    pub notes: Mutex<Vec<String>>,
    pub done: Mutex<u64>,
    pub total: Mutex<u64>,
}

impl Progress for Told {
    fn total(&self, total: u64, _unit: &str) {
        *self.total.lock().unwrap() = total;
    }
    fn advance(&self, done: u64) {
        *self.done.lock().unwrap() += done;
    }
    fn note(&self, text: &str) {
        self.notes.lock().unwrap().push(text.to_owned());
    }
}
