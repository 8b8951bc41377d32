//! The prompt contract: golden prompts, and every way to break them.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skips")]

use std::path::{Path, PathBuf};

use commentary::{Layout, LineKind};
use tempfile::TempDir;
use trainer_remote::contract::Contract;

fn golden(layout: Layout, seed: u64) -> Contract {
    let personas = ["benaud", "greig", "doshi"].map(str::to_owned);
    Contract::golden(&personas, &[LineKind::Call, LineKind::Colour], layout, seed).unwrap()
}

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

#[test]
fn thirty_different_prompts_the_same_every_time_for_all_personas_and_kinds() {
    for layout in [Layout::Slots, Layout::Compact] {
        let contract = golden(layout, 7);
        assert_eq!(contract, golden(layout, 7));
        assert_ne!(contract.golden, golden(layout, 8).golden);
        assert_eq!(contract.golden.len(), 30);
        let mut prompts: Vec<_> = contract.golden.iter().map(|one| &one.prompt).collect();
        prompts.sort();
        prompts.dedup();
        assert_eq!(prompts.len(), 30);
        for persona in ["benaud", "greig", "doshi"] {
            assert!(prompts.iter().filter(|prompt| prompt.contains(persona)).count() >= 5, "{persona}");
        }
        assert!(contract.golden.iter().all(|one| !one.completion.is_empty()));
        assert_eq!(contract.stop, ["<|im_end|>", "\n"]);
    }
    assert!(golden(Layout::Slots, 7).golden.iter().any(|one| one.completion.contains('{')), "slots stay open");
    assert!(golden(Layout::Compact, 7).golden.iter().all(|one| !one.completion.contains('{')));
}

#[test]
fn a_voice_without_colour_does_not_end_the_contract_early() {
    let personas = ["describer", "doshi-hi"].map(str::to_owned);
    let contract = Contract::golden(&personas, &[LineKind::Call, LineKind::Colour], Layout::Slots, 7).unwrap();
    assert_eq!(contract.golden.len(), 30);
}

#[test]
fn a_changed_renderer_is_named_with_the_first_difference() {
    let ours = golden(Layout::Slots, 7);
    ours.same_prompts(&ours).unwrap();
    let mut theirs = ours.clone();
    theirs.golden[4].prompt = theirs.golden[4].prompt.replace("event", "Event");
    let error = theirs.same_prompts(&ours).unwrap_err().to_string();
    assert!(error.contains("golden prompt 5: byte ") && error.contains("Event"), "{error}");
    let mut theirs = ours.clone();
    theirs.golden[29].prompt.push(' ');
    assert!(theirs.same_prompts(&ours).unwrap_err().to_string().contains("golden prompt 30"));
    let mut theirs = ours.clone();
    theirs.prompt_version += 1;
    theirs.same_prompts(&ours).unwrap_err();
}

#[test]
fn unknown_personas_are_answered_with_those_there_are() {
    let error = Contract::golden(&["nobody".to_owned()], &[LineKind::Call], Layout::Slots, 1).unwrap_err().to_string();
    assert!(error.contains("'nobody'; hint: there are benaud, greig, doshi"), "{error}");
}

#[test]
fn a_file_that_is_no_contract_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("contract.json");
    for text in ["", "{}", "[1]", "{\"schema\":\"vachak.contract/9\"}"] {
        std::fs::write(&path, text).unwrap();
        let error = Contract::read(&path).unwrap_err().to_string();
        assert!(error.contains("contract.json") && error.contains("hint: "), "{error}");
    }
}

#[test]
fn a_model_with_other_ids_is_found_out() {
    use llama_cpp_2::model::{LlamaModel, params::LlamaModelParams};
    let Some(path) = model() else { return };
    let mut contract = golden(Layout::Compact, 7);
    assert!(contract.check_in(&path).unwrap_err().to_string().contains("golden prompt 1 has no ids"));
    let params = LlamaModelParams::default().with_vocab_only(true);
    let loaded = LlamaModel::load_from_file(llm::embedded::backend().unwrap(), &path, &params).unwrap();
    let ids = |text: &str| loaded.vocab().tokenize(text.as_bytes(), false, true).iter().map(|id| id.0).collect();
    for one in &mut contract.golden {
        one.prompt_ids = Some(ids(&one.prompt));
        one.completion_ids = Some(ids(&format!("{}<|im_end|>", one.completion)));
    }
    assert!(contract.check_in(&path).unwrap() > 1000);
    let mut other = contract.clone();
    other.golden[2].prompt_ids.as_mut().unwrap()[10] += 1;
    let error = other.check_in(&path).unwrap_err().to_string();
    assert!(error.contains("golden prompt 3: id 10 is ") && error.contains(" in training, after "), "{error}");
    let mut other = contract.clone();
    other.golden[0].completion_ids.as_mut().unwrap().pop();
    assert!(other.check_in(&path).unwrap_err().to_string().contains("nothing in training"));
    let mut other = contract.clone();
    other.golden[0].prompt_ids.as_mut().unwrap()[0] = i32::MAX;
    assert!(other.check_in(&path).is_err());
    contract.end_of_turn = "</s>".to_owned();
    assert!(contract.check_in(&path).unwrap_err().to_string().contains("is not one token that ends a turn"));
}
