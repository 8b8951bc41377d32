//! The prompt: one renderer for the daemon, for training rows and for evaluation, so that what a model learns from is
//! byte for byte what it meets. Each layout has its [version](Layout::version).

mod chat;
mod compact;
mod moment_line;
mod slots;
mod template;

use std::str::FromStr;

use serde::{Deserialize, Serialize};
pub use template::ChatTemplate;

use crate::{checker::Rejection, line::LineKind, moment::Moment, persona::Persona};

/// How a prompt is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Layout {
    /// For instruction-tuned models: rules and voices, which stay the same; the moment in a line; whose line, last and short.
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

    /// Raised whenever a byte of its prompts changes: a model and the rows it learned from belong to one version.
    pub const fn version(self) -> u32 {
        match self {
            Self::Chat(_) => 4,
            Self::Compact | Self::Slots => 2,
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
    /// What kind of line it asks for.
    pub kind: LineKind,
    /// The text, chat template applied.
    pub text: String,
    /// How many bytes from the start are the same for every moment, and for every persona of the cast: what a writer may
    /// cache. 0 where nothing is worth it.
    pub fixed_len: usize,
    /// Texts that end the line.
    pub stop: Vec<String>,
    /// The most tokens a line may take.
    pub max_tokens: u32,
}

/// Renders the prompt for a line of a kind, with no voice described in it but the persona's own.
pub fn render(moment: &Moment, persona: &Persona, kind: LineKind, layout: Layout) -> Prompt {
    render_among(&[persona], moment, persona, kind, layout, None)
}

/// Renders the prompt for one of several personas who speak of the same moments: where the layout describes voices, the
/// fixed part has those of the whole `cast`, in its order, so that all of them share it. After a refused line the fault is
/// named, so that the model can do better. The layouts of small models have no place for either.
pub fn render_among(
    cast: &[&Persona],
    moment: &Moment,
    persona: &Persona,
    kind: LineKind,
    layout: Layout,
    refused: Option<&Rejection>,
) -> Prompt {
    match layout {
        Layout::Chat(template) => chat::render(cast, moment, persona, kind, template, refused),
        Layout::Compact => compact::render(moment, persona, kind),
        Layout::Slots => slots::render(moment, persona, kind),
    }
}
