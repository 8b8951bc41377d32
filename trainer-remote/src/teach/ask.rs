//! What a model is asked: the prompt of the chat layout, whole for servers that take final bytes, in two parts for those
//! that put their own template around it.

use std::fmt::Write as _;

use commentary::{
    ChatTemplate, Layout, LineKind, Moment, Persona, Rejection,
    prompt::{Prompt, render_among},
};
use sha2::{Digest, Sha256};

use super::Teaching;

/// What a request in a batch costs of the price of one by itself.
pub(super) const BATCH_SHARE: f64 = 0.5;

/// One request.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    /// Its identity in the ledger: the same question to the same model has the same one. 64 hex digits.
    pub(super) key: String,
    /// The prompt, template applied.
    pub(super) prompt: Prompt,
    /// The most it may cost by itself, in the price's currency.
    pub(super) most: f64,
}

impl Ask {
    /// The question for a moment; `refused` is what was wrong with the answer before.
    pub(super) fn of(
        settings: &Teaching,
        moment: &Moment,
        persona: &Persona,
        kind: LineKind,
        refused: Option<&Rejection>,
    ) -> Self {
        let layout = Layout::Chat(settings.template);
        let prompt = render_among(&[persona], moment, persona, kind, layout, refused);
        let mut hash = Sha256::new();
        let sampling = settings.temperature.map_or(String::new(), |value| value.to_string());
        let attempt = if refused.is_some() { "1" } else { "0" };
        let model = settings.model.as_deref().unwrap_or_default();
        for part in [settings.teacher.name(), model, &sampling, attempt, &prompt.text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let key = hash.finalize().iter().fold(String::with_capacity(64), |mut key, byte| {
            let _ = write!(key, "{byte:02x}");
            key
        });
        let most = settings.cost(tokens_in(&prompt), u64::from(prompt.max_tokens));
        Self { key, prompt, most }
    }

    /// The system's and the user's part, without any template.
    pub(super) fn parts(&self) -> (&str, &str) {
        let text = self.prompt.text.as_str();
        // Only the template of ChatML is taken apart; a teacher of this kind is never asked in another.
        let (system, user) = text.split_once("<|im_end|>\n<|im_start|>user\n").unwrap_or(("", text));
        let system = system.strip_prefix("<|im_start|>system\n").unwrap_or(system);
        (system, user.strip_suffix("<|im_end|>\n<|im_start|>assistant\n").unwrap_or(user))
    }
}

/// More tokens than the prompt has: in English a token is about four bytes.
pub(super) fn tokens_in(prompt: &Prompt) -> u64 {
    prompt.text.len() as u64 / 3 + 16
}

impl Teaching {
    /// What tokens cost in a request by itself, in the price's currency.
    pub(super) fn cost(&self, tokens_in: u64, tokens_out: u64) -> f64 {
        (tokens_in as f64 * self.price.input + tokens_out as f64 * self.price.output) / 1e6
    }

    /// The template that a teacher's prompt is put together with.
    pub(super) fn usual_template() -> ChatTemplate {
        ChatTemplate::ChatMl
    }
}

/// The line in a reply: its first line with words, without the marks that some models put around it.
pub(super) fn line_of(reply: &str) -> &str {
    let line = reply.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let quoted = line.strip_prefix(['"', '\u{201c}']).and_then(|rest| rest.strip_suffix(['"', '\u{201d}']));
    quoted.unwrap_or(line).trim()
}
