//! The set phrases of a scorecard.

use crate::{
    event::{DismissalKind, Fielder, InningsKind},
    overs::OversBowled,
    player::PlayerRef,
    score::{Anomaly, BatterCard, BatterStatus, Dismissal, EndReason, ExtrasTally, Innings, MatchState},
};

/// How a batter's innings stands: `c Fielder b Bowler`, `run out (A/B)`, `c sub (X) b Y`, `c & b Y`, `not out`.
pub fn how_out(card: &BatterCard) -> String {
    match &card.status {
        BatterStatus::NotOut => "not out".to_owned(),
        BatterStatus::Retired { kind } => kind.name().to_owned(),
        BatterStatus::Out(dismissal) => dismissed(dismissal),
    }
}

fn dismissed(how: &Dismissal) -> String {
    dismissal(&how.kind, &how.fielders, how.bowler.as_ref())
}

/// How a batter is out, as a scorecard has it.
pub(super) fn dismissal(kind: &DismissalKind, fielders: &[Fielder], bowler: Option<&PlayerRef>) -> String {
    let bowler = bowler.map_or("?", |bowler| &*bowler.name);
    let fielder = fielders.first().map_or_else(|| "?".to_owned(), fielder);
    match kind {
        DismissalKind::Bowled => format!("b {bowler}"),
        DismissalKind::Caught => format!("c {fielder} b {bowler}"),
        DismissalKind::CaughtAndBowled => format!("c & b {bowler}"),
        DismissalKind::Lbw => format!("lbw b {bowler}"),
        DismissalKind::Stumped => format!("st {fielder} b {bowler}"),
        DismissalKind::HitWicket => format!("hit wicket b {bowler}"),
        kind if fielders.is_empty() => kind.name().to_owned(),
        kind => {
            let fielders: Vec<String> = fielders.iter().map(self::fielder).collect();
            format!("{} ({})", kind.name(), fielders.join("/"))
        }
    }
}

/// A fielder: `Name`, `sub (Name)`, or `sub` where the record does not name the substitute.
fn fielder(fielder: &Fielder) -> String {
    match (&fielder.player, fielder.substitute) {
        (Some(player), false) => player.name.to_string(),
        (Some(player), true) => format!("sub ({})", player.name),
        (None, _) => "sub".to_owned(),
    }
}

/// Extras by kind: `(b 4, lb 7, w 11, nb 1)`; empty where there are none.
pub fn extras(extras: &ExtrasTally) -> String {
    let kinds = [
        ("b", extras.byes),
        ("lb", extras.legbyes),
        ("w", extras.wides),
        ("nb", extras.noballs),
        ("pen", extras.penalty),
    ];
    let shown: Vec<String> =
        kinds.iter().filter(|(_, runs)| *runs > 0).map(|(kind, runs)| format!("{kind} {runs}")).collect();
    if shown.is_empty() { String::new() } else { format!("({})", shown.join(", ")) }
}

/// What follows a total: `(7 wkts; 20 ov; RR 8.60)`. Sets of five are told in balls, as The Hundred does.
pub fn total(innings: &Innings) -> String {
    let wickets = match (&innings.ended, innings.wickets) {
        (Some(EndReason::Declared), wickets) => format!("{} dec", wkts(wickets)),
        (Some(_), wickets) if wickets >= innings.wickets_available => "all out".to_owned(),
        (_, wickets) => wkts(wickets),
    };
    let rate = innings.run_rate().map_or_else(String::new, |rate| format!("; RR {rate:.2}"));
    format!("({wickets}; {}{rate})", bowled(innings.legal_balls, innings.balls_per_over))
}

fn wkts(wickets: u8) -> String {
    if wickets == 1 { "1 wkt".to_owned() } else { format!("{wickets} wkts") }
}

/// Balls as a scorecard tells them: `19.4 ov`, or `98 balls` in sets of five.
pub(super) fn bowled(balls: u32, balls_per_over: u16) -> String {
    if balls_per_over == 5 { format!("{balls} balls") } else { format!("{} ov", OversBowled { balls, balls_per_over }) }
}

/// The result line: as the feed recorded it, else as we compute it; `None` while undecided.
pub fn result(state: &MatchState) -> Option<String> {
    match (&state.recorded_result, &state.computed_result) {
        (Some(end), _) => Some(end.outcome.to_string()),
        (None, Some(computed)) => Some(computed.to_string()),
        (None, None) => None,
    }
}

/// A bowler's overs: `3.4`, or balls in sets of five.
pub(super) fn figure(bowled: OversBowled) -> String {
    if bowled.balls_per_over == 5 { bowled.balls.to_string() } else { bowled.to_string() }
}

/// `1 run`, `2 runs`.
pub(super) fn count(number: u32, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// `1 ball`, `12 balls`.
pub(super) fn balls(balls: u32) -> String {
    count(balls, "ball")
}

/// Whose innings: `Alpha innings`, `Alpha 2nd innings` without a limit of overs, `Alpha super over`.
pub(super) fn title(state: &MatchState, innings: &Innings) -> String {
    let earlier = state.innings.iter().filter(|other| {
        other.number < innings.number && other.batting_team == innings.batting_team && other.kind == innings.kind
    });
    let super_over = innings.kind == InningsKind::SuperOver;
    let later = state.innings.iter().filter(|other| other.kind == innings.kind).count() > 2;
    let several = if super_over { later } else { state.info.as_ref().is_some_and(|info| info.overs.is_none()) };
    let which = match earlier.count() + 1 {
        _ if !several => String::new(),
        1 => "1st ".to_owned(),
        2 => "2nd ".to_owned(),
        3 => "3rd ".to_owned(),
        number => format!("{number}th "),
    };
    format!("{} {which}{}", innings.batting_team, if super_over { "super over" } else { "innings" })
}

/// An anomaly with its place in words where its key is the contract's: `Innings 1, over 25, delivery 2: …`.
pub(super) fn anomaly(anomaly: &Anomaly) -> String {
    let text = anomaly.to_string();
    let what = text.strip_prefix(anomaly.key.as_str()).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&text);
    match place(anomaly.key.as_str()) {
        Some(place) => format!("{place}: {what}"),
        None => text,
    }
}

/// The place of a key such as `i1.o24.d2`, with the over counted from 1; `None` for keys of another kind.
fn place(key: &str) -> Option<String> {
    let mut out = String::new();
    for part in key.split('.') {
        let number = |text: &str| text.parse::<u32>().ok();
        let part = match part.split_at_checked(1)? {
            _ if part == "end" => "its end".to_owned(),
            _ if part == "target" => "its target".to_owned(),
            _ if part == "result" => "Result".to_owned(),
            ("i", rest) => format!("Innings {}", number(rest)?),
            ("o", rest) => format!("over {}", number(rest)?.checked_add(1)?),
            ("d", rest) => format!("delivery {}", number(rest)?),
            _ => return None,
        };
        out += if out.is_empty() { "" } else { ", " };
        out += &part;
    }
    Some(out)
}

/// `A and B`, `A, B and C`.
pub(super) fn and(names: &[&str]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.concat(),
    }
}
