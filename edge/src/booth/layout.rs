//! How prompts are laid out for a model file: what the configuration says, else the file, else its chat template, else
//! its architecture and vocabulary, else not at all.

use commentary::{ChatTemplate, Layout};
use llm::{ModelFile, WriteError};

/// A layout and where it is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Laid {
    /// The layout.
    pub layout: Layout,
    /// Where it is known from.
    pub from: Source,
}

/// Where a layout is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The configuration, or the command line.
    Setting,
    /// The file's own `vachak.layout`.
    File,
    /// The file's chat template.
    Template,
    /// The architecture and the marks in the vocabulary.
    Architecture,
}

impl Source {
    /// In words, after "as".
    pub fn words(self) -> &'static str {
        match self {
            Self::Setting => "model.layout says",
            Self::File => "its file says",
            Self::Template => "its chat template says",
            Self::Architecture => "its architecture and vocabulary suggest",
        }
    }
}

/// The layout for a model file.
///
/// # Errors
/// [`WriteError::Model`] where nothing tells, with what to do.
pub fn of(file: &ModelFile, setting: Option<Layout>) -> Result<Laid, WriteError> {
    let laid = |layout, from| Ok(Laid { layout, from });
    if let Some(layout) = setting {
        return laid(layout, Source::Setting);
    }
    let names = Layout::ALL.map(Layout::name).join(", ");
    let refuse = |reason: String, hint: String| Err(WriteError::Model { path: file.path.clone(), reason, hint });
    if let Some(name) = &file.layout {
        return match name.parse() {
            Ok(layout) => laid(layout, Source::File),
            Err(_) => refuse(
                format!("it wants its prompts laid out as `{}`, which is not known here", short(name)),
                format!("take a newer Vachak, or set model.layout to one of {names}"),
            ),
        };
    }
    if let Some(template) = &file.chat_template {
        return match ChatTemplate::recognise(template) {
            Some(family) => laid(Layout::Chat(family), Source::Template),
            None => refuse(
                "its chat template is of no family that is known here".to_owned(),
                format!("set model.layout to the nearest of {names}, or take another model"),
            ),
        };
    }
    let has = |mark: &str| file.markers.contains(&mark);
    match ChatTemplate::of_architecture(file.architecture.as_deref().unwrap_or_default(), has) {
        Some(family) => laid(Layout::Chat(family), Source::Architecture),
        None => refuse(
            "it has no chat template, and its vocabulary none of the marks of one: a base model, which answers nobody"
                .to_owned(),
            format!("take the model's instruct (chat) version, or set model.layout to one of {names}"),
        ),
    }
}

/// The mark by which a model ends its line in a layout, unless its vocabulary lacks it: then a line ends at a line break,
/// or where it has become as long as it may.
pub fn missing_stop(file: &ModelFile, layout: Layout) -> Option<&'static str> {
    let end = stop(layout);
    (!file.markers.contains(&end)).then_some(end)
}

/// The mark by which a model ends its line in a layout.
pub fn stop(layout: Layout) -> &'static str {
    match layout {
        Layout::Chat(family) => family.end(),
        // Both are trained in ChatML's turns.
        Layout::Compact | Layout::Slots => ChatTemplate::ChatMl.end(),
    }
}

/// What a file says, fit for a message.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use llm::gguf::MARKERS;

    use super::*;

    #[test]
    fn every_layouts_stop_is_a_marker_that_is_looked_for() {
        for layout in Layout::ALL {
            assert!(MARKERS.contains(&stop(layout)), "{}", layout.name());
        }
        for family in ChatTemplate::ALL {
            assert!(MARKERS.contains(&family.opening()) && MARKERS.contains(&family.end()), "{}", family.name());
        }
    }
}
