//! The prompt: one renderer for the daemon, for training rows and for evaluation, so that what a model learns from is
//! byte for byte what it meets. Versioned by [`PROMPT_VERSION`].

mod chat;
mod compact;
mod moment_line;
mod template;

pub use template::ChatTemplate;

use crate::{moment::Moment, persona::Persona};

/// Raised whenever a byte of any prompt changes.
pub const PROMPT_VERSION: u32 = 1;

/// How a prompt is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// For instruction-tuned models: system text, exemplars, the moment in a line, the persona last and short.
    Chat(ChatTemplate),
    /// For small models trained on it: `style`, `match`, `over`, `need`, `bowler`, `batter`, `ball`, a line each.
    Compact,
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

/// Renders the prompt of a moment for a persona.
pub fn render(moment: &Moment, persona: &Persona, layout: &Layout) -> Prompt {
    match layout {
        Layout::Chat(template) => chat::render(moment, persona, *template, None),
        Layout::Compact => compact::render(moment, persona),
    }
}

/// The same after a refused line: the fault is named once, so that the model can do better. The compact layout has no
/// place for it and stays as it was.
pub fn render_retry(
    moment: &Moment,
    persona: &Persona,
    layout: &Layout,
    rejection: &crate::checker::Rejection,
) -> Prompt {
    match layout {
        Layout::Chat(template) => chat::render(moment, persona, *template, Some(rejection)),
        Layout::Compact => compact::render(moment, persona),
    }
}
