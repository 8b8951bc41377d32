//! Trainings as the command line meets them: listed, shown, planned, and refused with the place that is wrong.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

use support::{House, TINY};
use trainer_remote::training::Training;

#[test]
fn every_training_of_the_repository_is_sound() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models");
    let mut seen = 0;
    for folder in std::fs::read_dir(models).unwrap() {
        let path = folder.unwrap().path().join("training.toml");
        if path.exists() {
            let name = path.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
            Training::read(&path, &name).unwrap();
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[test]
fn trainings_are_listed_shown_and_planned() {
    let house = House::new();
    assert_eq!(house.expect(0, &["list"]).0, "tiny  for tests\n");
    let (shown, _) = house.expect(0, &["show", "tiny"]);
    let read = Training::parse(&shown, Path::new("shown")).unwrap();
    assert_eq!(read, Training::parse(TINY, Path::new("tiny")).unwrap(), "what is shown is the training itself");
    assert!(shown.contains("weight_decay = 0.0"), "defaults are filled in");
    let (plan, _) = house.expect(0, &["plan", "tiny"]);
    for words in [
        "prepare    run           it has not run yet",
        "merge      not needed    full training makes a whole model",
        "quantize   run           teach runs before",
        "rows: 400 wanted",
        "teaching costs nothing",
    ] {
        assert!(plan.contains(words), "{words}\n{plan}");
    }
    assert!(!house.path("runs").exists(), "a plan writes nothing");
    let (_, err) = house.expect(1, &["show", "tinny"]);
    assert!(err.contains("no training is called 'tinny'\nhint: there are tiny"), "{err}");
    house.expect(1, &["show", "../tiny"]);
    let (_, err) = house.expect(1, &["list", "--models", "nowhere"]);
    assert!(err.contains("there is no folder of trainings at nowhere"), "{err}");
}

#[test]
fn what_is_wrong_with_a_training_is_named_with_line_and_remedy() {
    let house = House::new();
    for (from, to, line, words) in [
        ("learning_rate", "lerning_rate", 30, "unknown key 'lerning_rate'\nhint: did you mean 'learning_rate'?"),
        ("rows = 400", "rows = 400\nzzz = 1", 14, "unknown key 'zzz'\nhint: known here: source, layout"),
        ("kind = \"scratch\"", "", 15, "the key 'kind' is missing"),
        ("layers = 2", "layers = 0", 19, "base.layers = 0 is out of range\nhint: allowed is 1 to 128"),
        ("hidden = 64", "hidden = 65", 18, "base.hidden = 65 is no multiple of 32"),
        ("kv_heads = 2", "kv_heads = 3", 20, "base.heads = 4 is no multiple of 3"),
        ("max_length = 256", "max_length = 257", 33, "257 tokens do not fit base.context = 256"),
        ("learning_rate = 1e-3", "learning_rate = 2", 30, "sft.learning_rate = 2 is out of range"),
        ("save_steps = 6", "method = \"lora\"", 34, "an adapter needs a model that can do something already"),
        ("ship = \"q8_0\"", "ship = \"f16\"", 39, "quantize.ship = 'f16' is not among quantize.types"),
        ("[\"q8_0\", \"q4_0\"]", "[\"q8_0\", \"q8_0\"]", 37, "names q8_0 twice"),
        ("[\"q8_0\", \"q4_0\"]", "[\"q3\"]", 37, "unknown variant `q3`"),
        ("\"slots\"", "\"morse\"", 10, "no layout is called 'morse'\nhint: take one of chatml"),
        ("training/1", "training/2", 2, "'vachak.training/2' is not 'vachak.training/1'"),
        ("name = \"tiny\"", "name = \"huge\"", 3, "is 'huge', its folder 'tiny'"),
        ("seed = 3", "seed = ", 6, ""),
    ] {
        assert!(TINY.contains(from), "{from}");
        house.say(&TINY.replacen(from, to, 1));
        let (_, err) = house.expect(78, &["plan", "tiny"]);
        assert!(err.contains(&format!("training.toml, line {line}: ")) && err.contains(words), "{from} -> {to}: {err}");
        assert!(err.contains("\nhint: "), "{err}");
    }
    let (list, _) = house.expect(0, &["list"]);
    assert!(list.contains("tiny") && list.contains("line 6"), "a broken training is listed with its fault: {list}");
}

#[test]
fn wrong_usage_is_answered_with_64() {
    let house = House::new();
    for args in [&["plan"][..], &["run", "tiny", "--from", "lunch"], &["kit"], &["sft", "tiny", "--to", "eval"]] {
        house.expect(64, args);
    }
}
