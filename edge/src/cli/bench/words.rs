//! The words that a model of random weights knows as single tokens: those of commentary, and of the prompt's fixed part.

use commentary::{ChatTemplate, Layout, checker};

use super::balls;

/// Texts that hold them.
pub(super) fn texts() -> anyhow::Result<Vec<String>> {
    let mut texts = vec![checker::english_words().to_owned()];
    let balls = balls::play(1, Layout::Chat(ChatTemplate::ChatMl))?;
    let fixed = balls.first().and_then(|ball| ball.lines.first()).map(|line| &line.text[..line.fixed_len]);
    texts.extend(fixed.map(str::to_owned));
    Ok(texts)
}
