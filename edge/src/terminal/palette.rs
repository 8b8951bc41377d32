//! Colours, all from the terminal's own sixteen, so that they suit its theme.

use anstyle::{AnsiColor, Color, Effects, Style};

const fn on(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(colour)))
}

const fn badge(colour: AnsiColor) -> Style {
    Style::new()
        .fg_color(Some(Color::Ansi(AnsiColor::Black)))
        .bg_color(Some(Color::Ansi(colour)))
        .effects(Effects::BOLD)
}

/// A wicket.
pub const WICKET: Style = on(AnsiColor::BrightRed).effects(Effects::BOLD);
/// A wicket's ball.
pub const WICKET_BALL: Style = badge(AnsiColor::BrightRed);
/// A four.
pub const FOUR: Style = on(AnsiColor::BrightGreen).effects(Effects::BOLD);
/// A four's ball.
pub const FOUR_BALL: Style = badge(AnsiColor::BrightGreen);
/// A six.
pub const SIX: Style = on(AnsiColor::BrightMagenta).effects(Effects::BOLD);
/// A six's ball.
pub const SIX_BALL: Style = badge(AnsiColor::BrightMagenta);
/// Extras.
pub const EXTRA: Style = on(AnsiColor::Yellow);
/// Fifties, hat-tricks and their like.
pub const MILESTONE: Style = on(AnsiColor::BrightYellow).effects(Effects::BOLD);
/// The score.
pub const SCORE: Style = Style::new().effects(Effects::BOLD);
/// What is there for orientation.
pub const QUIET: Style = Style::new().effects(Effects::DIMMED);
/// Rules between overs and innings.
pub const RULE: Style = on(AnsiColor::BrightBlue);
/// The page's address.
pub const ADDRESS: Style = on(AnsiColor::BrightCyan).effects(Effects::UNDERLINE);
/// Something taken back.
pub const CORRECTION: Style = on(AnsiColor::BrightYellow);

/// Names at the microphone, told apart by colour.
const VOICES: [Style; 5] = [
    on(AnsiColor::BrightCyan),
    on(AnsiColor::BrightYellow),
    on(AnsiColor::BrightBlue),
    on(AnsiColor::Green),
    on(AnsiColor::Magenta),
];

/// The colour of the n-th persona.
pub fn voice(index: usize) -> Style {
    VOICES[index % VOICES.len()].effects(Effects::BOLD)
}

/// `text` in a style.
pub fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}
