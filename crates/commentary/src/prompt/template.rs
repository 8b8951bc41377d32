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

    /// All there are.
    pub const ALL: [Self; 4] = [Self::ChatMl, Self::Llama3, Self::Gemma, Self::Mistral];

    /// The family that a model's own template belongs to, by the mark that opens its turns; `None` for one of another
    /// family. A template is a program that may quote anything, so the mark that is hardest to meet by chance counts first.
    pub fn recognise(template: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| template.contains(family.opening()))
    }

    /// The family that a model without a template was most likely trained in, by its architecture (as GGUF names it) and
    /// the marks that its vocabulary has. A base model has none of them and was trained in none.
    pub fn of_architecture(architecture: &str, has: impl Fn(&str) -> bool) -> Option<Self> {
        let own: &[Self] = match architecture {
            name if name.starts_with("qwen") => &[Self::ChatMl],
            name if name.starts_with("gemma") => &[Self::Gemma],
            name if name.starts_with("mistral") => &[Self::Mistral],
            "llama" => &[Self::Llama3, Self::ChatMl, Self::Mistral],
            _ => &Self::ALL,
        };
        own.iter().copied().find(|family| has(family.opening()) && has(family.end()))
    }

    /// The mark that opens a turn.
    pub fn opening(self) -> &'static str {
        match self {
            Self::ChatMl => "<|im_start|>",
            Self::Llama3 => "<|start_header_id|>",
            Self::Gemma => "<start_of_turn>",
            Self::Mistral => "[INST]",
        }
    }

    /// The mark that ends the model's turn.
    pub fn end(self) -> &'static str {
        match self {
            Self::ChatMl => "<|im_end|>",
            Self::Llama3 => "<|eot_id|>",
            Self::Gemma => "<end_of_turn>",
            Self::Mistral => "</s>",
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
        vec![self.end().to_owned(), "\n".to_owned()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_templates_are_told_apart() {
        for (template, family) in [
            ("{% for m in messages %}{{'<|im_start|>' + m['role'] + '\\n'}}", Some(ChatTemplate::ChatMl)),
            ("{{ '<|start_header_id|>' + role + '<|end_header_id|>' }}", Some(ChatTemplate::Llama3)),
            ("{{ '<start_of_turn>' + role + '\\n' }}", Some(ChatTemplate::Gemma)),
            ("{{ '[INST] ' + content + ' [/INST]' }}", Some(ChatTemplate::Mistral)),
            ("{{ '<|user|>\\n' + content + '<|end|>' }}", None),
        ] {
            assert_eq!(ChatTemplate::recognise(template), family, "{template}");
        }
    }

    #[test]
    fn without_a_template_the_vocabulary_must_have_the_marks() {
        let of =
            |architecture, marks: &[&str]| ChatTemplate::of_architecture(architecture, |mark| marks.contains(&mark));
        assert_eq!(of("qwen2", &["<|im_start|>", "<|im_end|>"]), Some(ChatTemplate::ChatMl));
        assert_eq!(of("llama", &["<|start_header_id|>", "<|eot_id|>"]), Some(ChatTemplate::Llama3));
        assert_eq!(of("llama", &["</s>"]), None, "a base model");
        assert_eq!(of("gemma3", &["<start_of_turn>", "<end_of_turn>"]), Some(ChatTemplate::Gemma));
        assert_eq!(of("qwen2", &["<|im_start|>"]), None, "it could not end its turn");
    }
}
