//! The score in words: `Saltmarsh Herons 61/2 (5.0)`, what is needed, how it ended.

use cricket::{
    event::InningsKind,
    score::{BatterCard, BatterStatus, BowlerCard, Innings, MatchState},
    scorecard,
};

use super::clean::clean;

/// Side, runs, wickets and overs.
pub fn with_overs(innings: &Innings) -> String {
    let kind = if innings.kind == InningsKind::SuperOver { ", super over" } else { "" };
    format!("{} {} ({} ov{kind})", clean(&innings.batting_team), runs_and_wickets(innings), innings.overs_text())
}

/// `61/2`, or `187` when all are out.
pub fn runs_and_wickets(innings: &Innings) -> String {
    if innings.wickets >= innings.wickets_available {
        format!("{} all out", innings.runs)
    } else {
        format!("{}/{}", innings.runs, innings.wickets)
    }
}

/// What the chasing side still needs; `None` while a side sets, or once nothing more can be needed.
pub fn need(innings: &Innings) -> Option<String> {
    let runs = innings.runs_needed().filter(|runs| *runs > 0)?;
    if innings.ended.is_some() {
        return None;
    }
    let runs_word = if runs == 1 { "run" } else { "runs" };
    let Some(balls) = innings.balls_left() else { return Some(format!("need {runs} {runs_word} to win")) };
    let balls_word = if balls == 1 { "ball" } else { "balls" };
    let rate = innings.required_rate().map(|rate| format!(" ({rate:.2} an over)")).unwrap_or_default();
    Some(format!("need {runs} {runs_word} from {balls} {balls_word}{rate}"))
}

/// `Lindqvist 31* (18)`.
pub fn batter(card: &BatterCard) -> String {
    let star = if card.status == BatterStatus::NotOut { "*" } else { "" };
    format!("{} {}{star} ({})", clean(&card.player.name), card.runs, card.balls)
}

/// `Okwuosa 2.3-0-14-1`: overs, maidens, runs, wickets.
pub fn bowler(card: &BowlerCard, balls_per_over: u16) -> String {
    let overs = cricket::overs::OversBowled { balls: card.balls, balls_per_over };
    format!("{} {overs}-{}-{}-{}", clean(&card.player.name), card.maidens, card.runs, card.wickets)
}

/// How the match ended, as recorded by the feed, else as computed; `None` while it goes on.
pub fn result(state: &MatchState) -> Option<String> {
    scorecard::result(state).map(|text| clean(&text))
}
