//! The blocks between the balls: header, innings and over.

use cricket::{
    event::{Delivery, InningsKind},
    score::{EndReason, Innings, OverRecord},
};

use super::{
    balls,
    bar::win_bar,
    clean::clean,
    palette::{self, paint},
    score_text,
};

/// What the header tells.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// The two sides and the game, such as `Herons v Lancers, T20 at Ferry Road`.
    pub title: String,
    /// The page's address, if there is a page.
    pub page: Option<String>,
    /// Where the broker listens.
    pub broker: String,
    /// Who is at the microphone.
    pub voices: Vec<String>,
}

/// The block at the top.
pub fn header(header: &Header, width: usize) -> String {
    let title = paint(palette::SCORE, clean(&header.title));
    let page = header.page.as_ref().map(|page| format!("  page    {}\n", paint(palette::ADDRESS, page)));
    let voices: Vec<String> = header.voices.iter().map(|voice| clean(voice)).collect();
    format!(
        "\n  {}  {title}\n{}  broker  {}\n  voices  {}\n{}",
        paint(palette::MILESTONE, "VACHAK"),
        page.unwrap_or_default(),
        header.broker,
        voices.join(", "),
        rule("", width),
    )
}

/// A line across, with a title.
pub fn rule(title: &str, width: usize) -> String {
    let used = if title.is_empty() { 2 } else { title.chars().count() + 6 };
    let tail = "─".repeat(width.saturating_sub(used));
    if title.is_empty() {
        format!("  {}\n", paint(palette::RULE, tail))
    } else {
        format!("  {} {} {}\n", paint(palette::RULE, "──"), paint(palette::SCORE, title), paint(palette::RULE, tail))
    }
}

/// An innings begins.
pub fn innings_start(team: &str, kind: InningsKind, target: Option<u32>, width: usize) -> String {
    let kind = if kind == InningsKind::SuperOver { ", super over" } else { "" };
    let target = target.map(|runs| format!(", {runs} to win")).unwrap_or_default();
    format!("\n{}", rule(&format!("{} bat{kind}{target}", clean(team)), width))
}

/// An innings is over.
pub fn innings_end(innings: &Innings, width: usize) -> String {
    let why = match &innings.ended {
        Some(EndReason::Declared) => ", declared",
        Some(EndReason::Forfeited) => ", forfeited",
        _ => "",
    };
    rule(&format!("end of innings: {}{why}", score_text::with_overs(innings)), width)
}

/// The line above an over: who bowls to whom. Figures are those before its first ball.
pub fn over_start(ball: &Delivery, innings: Option<&Innings>) -> String {
    let card = |id: &cricket::player::PersonId| {
        innings.and_then(|innings| innings.batting.iter().find(|card| card.player.id == *id))
    };
    let batter = |player: &cricket::player::PlayerRef| {
        card(&player.id).map_or_else(|| format!("{} 0* (0)", clean(&player.name)), score_text::batter)
    };
    let text = format!(
        "over {}  {} to {}, with {}",
        ball.over + 1,
        clean(&ball.bowler.name),
        batter(&ball.batter),
        batter(&ball.non_striker),
    );
    format!("\n  {}\n", paint(palette::QUIET, text))
}

/// The block after an over: its balls, the score, the pair, the bowler; in a chase what is needed and how likely it is.
pub fn over_end(innings: &Innings, over: &OverRecord, win_probability: Option<f64>, width: usize) -> String {
    let strip: Vec<String> = over.balls.iter().map(|ball| balls::painted(ball)).collect();
    let mut score = vec![paint(palette::SCORE, score_text::with_overs(innings))];
    score.extend([innings.striker_card(), innings.non_striker_card()].into_iter().flatten().map(score_text::batter));
    let bowler = over.bowlers.last().and_then(|index| innings.bowling.get(*index));
    score.extend(bowler.map(|card| score_text::bowler(card, innings.balls_per_over)));
    let mut lines = vec![format!("{}  {}", strip.join(" "), paint(palette::QUIET, format!("({})", sum(over))))];
    let whole = score.join("  ");
    if anstream::adapter::strip_str(&whole).to_string().chars().count() + 4 <= width {
        lines.push(whole);
    } else {
        lines.extend(score.chunks(2).map(|parts| parts.join("  ")));
    }
    if let Some(need) = score_text::need(innings) {
        lines.push(need);
        lines.extend(win_probability.map(|it| win_bar(&innings.batting_team, &innings.bowling_team, it)));
    }
    lines.iter().map(|line| ["    ", line, "\n"].concat()).collect()
}

/// An over in short: `7 runs, 1 wicket`, `0 runs, maiden`.
fn sum(over: &OverRecord) -> String {
    let mut parts = vec![format!("{} run{}", over.runs, if over.runs == 1 { "" } else { "s" })];
    match over.wickets {
        0 => {}
        1 => parts.push("1 wicket".to_owned()),
        wickets => parts.push(format!("{wickets} wickets")),
    }
    if over.conceded == 0 && over.complete && over.bowlers.len() == 1 {
        parts.push("maiden".to_owned());
    }
    parts.join(", ")
}
