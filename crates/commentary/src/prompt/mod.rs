//! The prompt: one renderer for the daemon, for training rows and for evaluation, so that what a model learns from is
//! byte for byte what it meets. Versioned by [`PROMPT_VERSION`].

mod chat;
mod compact;
mod moment_line;
mod slots;
mod template;

use std::str::FromStr;

use serde::{Deserialize, Serialize};
pub use template::ChatTemplate;

use crate::{line::LineKind, moment::Moment, persona::Persona};

/// Raised whenever a byte of any prompt changes.
pub const PROMPT_VERSION: u32 = 2;

/// How a prompt is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Layout {
    /// For instruction-tuned models: system text, exemplars, the moment in a line, the persona last and short.
    Chat(ChatTemplate),
    /// For small models trained on it: `style`, `match`, `over`, `need`, `bowler`, `batter`, `ball`, a line each.
    Compact,
    /// For our own small models that write slots: kind, events and situations by their names; see [`reply`](crate::reply).
    Slots,
}

impl Layout {
    /// Its name in settings and in a model's own description, such as `chatml` or `slots`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chat(template) => template.name(),
            Self::Compact => "compact",
            Self::Slots => "slots",
        }
    }

    /// All there are.
    pub const ALL: [Self; 6] = [
        Self::Chat(ChatTemplate::ChatMl),
        Self::Chat(ChatTemplate::Llama3),
        Self::Chat(ChatTemplate::Gemma),
        Self::Chat(ChatTemplate::Mistral),
        Self::Compact,
        Self::Slots,
    ];
}

impl FromStr for Layout {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|layout| layout.name() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("no layout is called '{name}'; hint: take one of {names}")
        })
    }
}

impl TryFrom<String> for Layout {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse()
    }
}

impl From<Layout> for String {
    fn from(layout: Layout) -> Self {
        layout.name().to_owned()
    }
}

/// The final bytes a model reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// The text, chat template applied.
    pub text: String,
    /// How many bytes from the start are the same for every moment and persona: what a writer may cache. 0 where nothing
    /// is worth it.
    pub fixed_len: usize,
    /// Texts that end the line.
    pub stop: Vec<String>,
    /// The most tokens a line may take.
    pub max_tokens: u32,
}

/// Renders the prompt for a line of a kind.
pub fn render(moment: &Moment, persona: &Persona, kind: LineKind, layout: Layout) -> Prompt {
    match layout {
        Layout::Chat(template) => chat::render(moment, persona, kind, template, None),
        Layout::Compact => compact::render(moment, persona),
        Layout::Slots => slots::render(moment, persona, kind),
    }
}

/// The same after a refused line: the fault is named once, so that the model can do better. The layouts of small models
/// have no place for it and stay as they were.
pub fn render_retry(
    moment: &Moment,
    persona: &Persona,
    kind: LineKind,
    layout: Layout,
    rejection: &crate::checker::Rejection,
) -> Prompt {
    match layout {
        Layout::Chat(template) => chat::render(moment, persona, kind, template, Some(rejection)),
        Layout::Compact | Layout::Slots => render(moment, persona, kind, layout),
    }
}
