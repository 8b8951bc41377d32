//! How many tokens a moment takes in the chat layout: the part of the prompt that is new at every ball, and that a Pi
//! reads at a few hundred tokens a second.
#![cfg(feature = "llama")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and prints its figures")]

use std::{env, fs::File, io::Read, path::PathBuf};

use commentary::{ChatTemplate, Layout, LineKind, Moment, NoArchive, Occasion, Personas, render};
use cricket::{cricsheet, score::Match};
use llama_cpp_2::{
    llama_backend::LlamaBackend,
    model::{LlamaModel, params::LlamaModelParams},
};

/// Tokens of a moment's facts that 99 of a hundred balls stay within.
const MOST: usize = 90;

/// Real matches of each format, every so many-th of the archive.
const KINDS: [(&str, usize); 3] = [("T20_male", 300), ("ODI_male", 90), ("Test_male", 30)];
const MATCHES: usize = 20;

fn shared(name: &str) -> Option<PathBuf> {
    let shared = env::var_os("VACHAK_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let file = shared.join(name);
    if !file.is_file() {
        eprintln!("skipped: {} is not there (VACHAK_SHARED names the shared folder)", file.display());
        return None;
    }
    Some(file)
}

/// The matches' ids and texts, by kind.
fn matches(archive: PathBuf) -> Vec<(usize, String, Vec<u8>)> {
    let mut unpacked = zstd::stream::read::Decoder::new(File::open(archive).unwrap()).unwrap();
    unpacked.window_log_max(27).unwrap();
    let (mut seen, mut found) = ([0usize; KINDS.len()], Vec::new());
    for entry in tar::Archive::new(unpacked).entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().into_owned();
        let Some(kind) = KINDS.iter().position(|(kind, _)| path.to_string_lossy().contains(&format!("/{kind}/")))
        else {
            continue;
        };
        seen[kind] += 1;
        if !seen[kind].is_multiple_of(KINDS[kind].1) || seen[kind] > KINDS[kind].1 * MATCHES {
            continue;
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        found.push((kind, path.file_stem().unwrap().to_string_lossy().into_owned(), bytes));
    }
    found
}

/// The line of facts in a prompt.
fn facts(text: &str) -> &str {
    text.lines().find(|line| line.starts_with("Facts: ")).unwrap()
}

#[test]
fn a_moment_takes_ninety_tokens_at_most_on_99_balls_of_a_hundred() {
    let (Some(vocabulary), Some(archive)) =
        (shared("models/ggml-vocab-qwen2.gguf"), shared("data/cricsheet-dev.tar.zst"))
    else {
        return;
    };
    let backend = LlamaBackend::init().unwrap();
    let params = LlamaModelParams::default().with_vocab_only(true);
    let model = LlamaModel::load_from_file(&backend, &vocabulary, &params).unwrap();
    let count = |text: &str| model.vocab().tokenize(text.as_bytes(), false, true).len();
    let personas = Personas::builtin();
    let persona = personas.get("greig").unwrap();
    let layout = Layout::Chat(ChatTemplate::ChatMl);
    let mut lengths: [Vec<(usize, String)>; KINDS.len()] = Default::default();
    let mut whole = Vec::new();
    for (kind, id, bytes) in matches(archive) {
        let mut game = Match::new(id.as_str());
        for event in cricsheet::to_events(id.as_str(), &cricsheet::read(&bytes).unwrap()) {
            let applied = game.apply(event.clone());
            let Some(moment) = Moment::form(game.state(), &event, &applied.happenings, &NoArchive) else { continue };
            if !matches!(moment.occasion, Occasion::Ball(_)) {
                continue;
            }
            let prompt = render(&moment, persona, LineKind::Call, layout);
            let facts = facts(&prompt.text);
            lengths[kind].push((count(facts), facts.to_owned()));
            if lengths[kind].len().is_multiple_of(50) {
                whole.push(count(&prompt.text[prompt.fixed_len..]));
            }
        }
    }
    whole.sort_unstable();
    eprintln!("facts and voice together (greig): median {} tokens", whole[whole.len() / 2]);
    for ((kind, _), lengths) in KINDS.iter().zip(&mut lengths) {
        lengths.sort();
        let at = |share: f64| lengths[((lengths.len() - 1) as f64 * share) as usize].0;
        let within = lengths.iter().filter(|(tokens, _)| *tokens <= MOST).count();
        eprintln!(
            "{kind}: {} balls, tokens of a moment: median {}, 90 % {}, 99 % {}, 99.9 % {}, most {}; {:.2} % within {MOST}",
            lengths.len(),
            at(0.5),
            at(0.9),
            at(0.99),
            at(0.999),
            at(1.0),
            100.0 * within as f64 / lengths.len() as f64,
        );
        eprintln!("  the longest: {}", lengths.last().unwrap().1);
        assert!(at(0.99) <= MOST, "{kind}: 99 % take up to {} tokens", at(0.99));
    }
}
