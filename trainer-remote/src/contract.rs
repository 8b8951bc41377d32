//! The prompt contract: golden prompts, their completions and the ids of both, so that training and serving cannot drift
//! apart. Made by the daemon's own renderer; its ids come from the trained model's tokenizer; held against llama.cpp's
//! tokenizer in the finished file, and against the renderer of whichever program reads it.

use std::{
    io,
    path::{Path, PathBuf},
};

use commentary::{ChatTemplate, Layout, LineKind, Moment, Persona, Personas, Phrasebook, render};
use cricket::simulate::{SimulationSettings, simulate};
use llama_cpp_2::{
    model::{LlamaModel, params::LlamaModelParams},
    token::LlamaToken,
    vocab::LlamaVocab,
};
use serde::{Deserialize, Serialize};

use crate::{
    data::replay::{Played, each_ball},
    quantize::{self, QuantizeError},
};

/// The schema.
const SCHEMA: &str = "vachak.contract/1";
/// How many golden prompts there are.
const GOLDEN: usize = 30;
/// Balls among which the weightiest is taken.
const WINDOW: usize = 12;

/// What training and serving have agreed on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    schema: String,
    /// The renderer's version.
    pub prompt_version: u32,
    /// How prompts are laid out.
    pub layout: Layout,
    /// The text that ends every completion; one id, and the last.
    pub end_of_turn: String,
    /// Texts that end a line.
    pub stop: Vec<String>,
    /// Whether the tokenizer puts a beginning-of-text token before a prompt. Ours never do.
    pub add_bos: bool,
    /// Prompts and completions.
    pub golden: Vec<Golden>,
}

/// A prompt and its completion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Golden {
    /// What the model reads.
    pub prompt: String,
    /// What it might write, without the end of turn.
    pub completion: String,
    /// The prompt's ids.
    pub prompt_ids: Option<Vec<i32>>,
    /// The completion's ids, the end of turn last.
    pub completion_ids: Option<Vec<i32>>,
}

/// Why the contract does not hold.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    /// There is no such persona.
    #[error("no persona is called '{name}'; hint: {known}")]
    Persona {
        /// Who was asked for.
        name: String,
        /// Who there is.
        known: String,
    },
    /// No golden prompts could be made.
    #[error("no golden prompts could be made: {0}; hint: take other data.personas or data.kinds")]
    NoGolden(String),
    /// Its file cannot be used.
    #[error("{path}: {reason}; hint: make it anew with `gguf --force`")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Something differs.
    #[error("{place} breaks the prompt contract: {what}; hint: {hint}")]
    Broken {
        /// The file, or the program, that differs.
        place: String,
        /// The first difference.
        what: String,
        /// What to do.
        hint: &'static str,
    },
    /// The GGUF file is no model that works.
    #[error(transparent)]
    Model(#[from] QuantizeError),
}

/// What ends the model's turn in a layout.
pub fn end_of_turn(layout: Layout) -> &'static str {
    match layout {
        Layout::Chat(ChatTemplate::Llama3) => "<|eot_id|>",
        Layout::Chat(ChatTemplate::Gemma) => "<end_of_turn>",
        Layout::Chat(ChatTemplate::Mistral) => "</s>",
        Layout::Chat(ChatTemplate::ChatMl) | Layout::Compact | Layout::Slots => "<|im_end|>",
    }
}

impl Contract {
    /// Golden prompts of invented matches, for these personas and kinds in turn, the weightier moments first; the same for
    /// the same arguments. Without ids.
    ///
    /// # Errors
    /// When a persona is unknown, or no line fits.
    pub fn golden(personas: &[String], kinds: &[LineKind], layout: Layout, seed: u64) -> Result<Self, ContractError> {
        let builtin = Personas::builtin();
        let personas = personas.iter().map(|name| persona(&builtin, name)).collect::<Result<Vec<_>, _>>()?;
        let pairs: Vec<_> = kinds.iter().flat_map(|kind| personas.iter().map(move |who| (*who, *kind))).collect();
        let book = Phrasebook::builtin();
        let mut contract = Self {
            schema: SCHEMA.to_owned(),
            prompt_version: layout.version(),
            layout,
            end_of_turn: end_of_turn(layout).to_owned(),
            stop: Vec::new(),
            add_bos: false,
            golden: Vec::with_capacity(GOLDEN),
        };
        // Whose turn it is goes on even where the phrasebook has nothing for it: not every voice has every kind of line.
        let mut turn = 0;
        for number in 0..8 {
            let settings = SimulationSettings::new(seed.wrapping_add(number));
            let game = simulate(&settings).map_err(|error| ContractError::NoGolden(error.to_string()))?;
            let mut window: Vec<Moment> = Vec::with_capacity(WINDOW);
            each_ball(Played { match_id: "golden".into(), game }, |moment| {
                window.push(moment.clone());
                let Some((who, kind)) = pairs.get(turn % pairs.len().max(1)) else { return };
                if window.len() == WINDOW && contract.golden.len() < GOLDEN {
                    turn += 1;
                    window.sort_by(|one, other| other.importance.total_cmp(&one.importance));
                    let mut fitting = window.iter().filter_map(|moment| pair(moment, who, *kind, layout, &book));
                    let known = |one: &Golden| contract.golden.iter().any(|other| other.prompt == one.prompt);
                    if let Some((golden, stop)) = fitting.find(|(golden, _)| !known(golden)) {
                        contract.golden.push(golden);
                        contract.stop = stop;
                    }
                    window.clear();
                }
            });
        }
        if contract.golden.is_empty() {
            return Err(ContractError::NoGolden("the phrasebook has no line for any moment".to_owned()));
        }
        Ok(contract)
    }

    /// Reads a contract.
    ///
    /// # Errors
    /// When it cannot be read or is none.
    pub fn read(path: &Path) -> Result<Self, ContractError> {
        let failed = |reason: String| ContractError::File { path: path.to_owned(), reason };
        let read = std::fs::read(path).map_err(|error: io::Error| failed(error.to_string()))?;
        let contract: Self = serde_json::from_slice(&read).map_err(|error| failed(error.to_string()))?;
        if contract.schema == SCHEMA { Ok(contract) } else { Err(failed(format!("its schema is not '{SCHEMA}'"))) }
    }

    /// That the prompts are byte for byte those of another contract: of the renderer's, made anew.
    ///
    /// # Errors
    /// The first difference.
    pub fn same_prompts(&self, ours: &Self) -> Result<(), ContractError> {
        let broken = |what| {
            let hint = "train anew with this program, or serve with the one that trained";
            Err(ContractError::Broken { place: "this program".to_owned(), what, hint })
        };
        let head =
            |one: &Self| (one.prompt_version, one.layout, one.end_of_turn.clone(), one.stop.clone(), one.add_bos);
        if head(self) != head(ours) {
            return broken(format!("{:?} there, {:?} here", head(self), head(ours)));
        }
        if self.golden.len() != ours.golden.len() {
            return broken(format!("{} golden prompts there, {} here", self.golden.len(), ours.golden.len()));
        }
        for (number, (theirs, ours)) in (1..).zip(self.golden.iter().zip(&ours.golden)) {
            if let Some(what) = differ(&theirs.prompt, &ours.prompt) {
                return broken(format!("golden prompt {number}: {what}"));
            }
        }
        Ok(())
    }

    /// That llama.cpp's tokenizer in this file gives every id; returns how many.
    ///
    /// # Errors
    /// The first difference, with the text before it.
    pub fn check_in(&self, gguf: &Path) -> Result<u64, ContractError> {
        quantize::check(gguf)?;
        let broken = |what: String| ContractError::Broken {
            place: gguf.display().to_string(),
            what,
            hint: "its tokenizer is not the one of training: convert the model again with `gguf --force`",
        };
        let params = LlamaModelParams::default().with_vocab_only(true);
        let model = LlamaModel::load_from_file(quantize::llama()?, gguf, &params)
            .map_err(|error| broken(format!("llama.cpp does not load it ({error})")))?;
        let vocab = model.vocab();
        if vocab.should_add_bos() != self.add_bos {
            return Err(broken("it asks for a beginning-of-text token".to_owned()));
        }
        let end = vocab.tokenize(self.end_of_turn.as_bytes(), false, true);
        if !matches!(end.as_slice(), [one] if vocab.is_eog(*one)) {
            return Err(broken(format!("{} is not one token that ends a turn", self.end_of_turn)));
        }
        let mut checked = 0;
        for (number, golden) in (1..).zip(&self.golden) {
            let completion = format!("{}{}", golden.completion, self.end_of_turn);
            let both =
                [("prompt", &golden.prompt, &golden.prompt_ids), ("completion", &completion, &golden.completion_ids)];
            for (part, text, ids) in both {
                let ids = ids.as_ref().ok_or_else(|| broken(format!("golden {part} {number} has no ids")))?;
                hold(&vocab, text, ids).map_err(|what| broken(format!("golden {part} {number}: {what}")))?;
                checked += ids.len() as u64;
            }
        }
        Ok(checked)
    }
}

fn persona<'a>(builtin: &'a Personas, name: &str) -> Result<&'a Persona, ContractError> {
    builtin.get(name).ok_or_else(|| {
        let known: Vec<_> = builtin.iter().map(|persona| persona.id.as_str()).collect();
        ContractError::Persona { name: name.to_owned(), known: format!("there are {}", known.join(", ")) }
    })
}

/// The prompt of a moment, something to say there, and what ends it; `None` where the phrasebook has nothing.
fn pair(
    moment: &Moment,
    who: &Persona,
    kind: LineKind,
    layout: Layout,
    book: &Phrasebook,
) -> Option<(Golden, Vec<String>)> {
    let sayings = book.sayings(kind, moment, who);
    let saying =
        sayings.into_iter().min_by(|one, other| (one.place, &one.template).cmp(&(other.place, &other.template)))?;
    let completion = if layout == Layout::Slots { saying.template } else { saying.text };
    let prompt = render(moment, who, kind, layout);
    let golden = Golden { prompt: prompt.text, completion, prompt_ids: None, completion_ids: None };
    Some((golden, prompt.stop))
}

/// The first byte where two texts differ, with what surrounds it.
fn differ(theirs: &str, ours: &str) -> Option<String> {
    let at = theirs.bytes().zip(ours.bytes()).position(|(one, other)| one != other);
    let at = at.or_else(|| (theirs.len() != ours.len()).then(|| theirs.len().min(ours.len())))?;
    let around = |text: &str| {
        let bytes = text.as_bytes().get(at.saturating_sub(20)..(at + 20).min(text.len())).unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    };
    Some(format!("byte {at}: {:?} there, {:?} here", around(theirs), around(ours)))
}

/// That a text has these ids, and they give it back.
fn hold(vocab: &LlamaVocab, text: &str, ids: &[i32]) -> Result<(), String> {
    let here = vocab.tokenize(text.as_bytes(), false, true);
    let there: Vec<LlamaToken> = ids.iter().copied().map(LlamaToken::new).collect();
    if let Some(at) = (0..here.len().max(there.len())).find(|at| here.get(*at) != there.get(*at)) {
        let before = vocab.detokenize(here.get(at.saturating_sub(12)..at).unwrap_or_default(), false, true);
        let known = |token: &&LlamaToken| (0..vocab.n_tokens()).contains(&token.0);
        let shown = |token: Option<&LlamaToken>| match token.filter(known) {
            Some(token) => {
                format!("{} {:?}", token.0, String::from_utf8_lossy(&vocab.token_to_piece(*token, true, None)))
            }
            None => token.map_or_else(|| "nothing".to_owned(), |token| token.0.to_string()),
        };
        let before = String::from_utf8_lossy(&before).into_owned();
        return Err(format!(
            "id {at} is {} here, {} in training, after {before:?}",
            shown(here.get(at)),
            shown(there.get(at))
        ));
    }
    let back = vocab.detokenize(&here, false, true);
    let back = String::from_utf8_lossy(&back);
    differ(&back, text).map_or(Ok(()), |what| Err(format!("its ids do not give the text back, {what}")))
}
