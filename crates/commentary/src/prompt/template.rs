//! Chat templates, pinned: how each family of models marks turns.

use serde::{Deserialize, Serialize};

/// A family's way of marking turns. The strings are those of the families' published templates; tests pin them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatTemplate {
    /// Qwen2, Qwen2.5 and others: `<|im_start|>`.
    #[serde(rename = "chatml")]
    ChatMl,
    /// Llama 3, 3.1, 3.2: `<|start_header_id|>`. The writer adds the leading `<|begin_of_text|>` as its tokenizer does.
    Llama3,
    /// Gemma 1 to 3: `<start_of_turn>`; it has no system turn, so the system text opens the user's.
    Gemma,
    /// Mistral and Mixtral instruct: `[INST]`; the system text opens the first turn.
    Mistral,
}

impl ChatTemplate {
    /// Its name in settings, such as `chatml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::ChatMl => "chatml",
            Self::Llama3 => "llama3",
            Self::Gemma => "gemma",
            Self::Mistral => "mistral",
        }
    }

    /// What opens the conversation, with the system text.
    pub(super) fn open(self, system: &str) -> String {
        match self {
            Self::ChatMl => format!("<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n"),
            Self::Llama3 => format!(
                "<|start_header_id|>system<|end_header_id|>\n\n{system}<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n"
            ),
            Self::Gemma => format!("<start_of_turn>user\n{system}\n\n"),
            Self::Mistral => format!("[INST] {system}\n\n"),
        }
    }

    /// What stands between the user's turn and the point where the model continues.
    pub(super) fn close(self) -> &'static str {
        match self {
            Self::ChatMl => "<|im_end|>\n<|im_start|>assistant\n",
            Self::Llama3 => "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
            Self::Gemma => "<end_of_turn>\n<start_of_turn>model\n",
            Self::Mistral => " [/INST]",
        }
    }

    /// What ends the model's turn; the caller stops there, and at a line break, since a line is one line.
    pub(super) fn stop(self) -> Vec<String> {
        let end = match self {
            Self::ChatMl => "<|im_end|>",
            Self::Llama3 => "<|eot_id|>",
            Self::Gemma => "<end_of_turn>",
            Self::Mistral => "</s>",
        };
        vec![end.to_owned(), "\n".to_owned()]
    }
}
