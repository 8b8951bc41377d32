//! The set phrases of a scorecard.

use crate::{
    event::{DismissalKind, Fielder},
    overs::OversBowled,
    score::{BatterCard, BatterStatus, Dismissal, EndReason, ExtrasTally, Innings, MatchState},
};

/// How a batter's innings stands: `c Fielder b Bowler`, `run out (A/B)`, `c sub (X) b Y`, `c & b Y`, `not out`.
pub fn how_out(card: &BatterCard) -> String {
    match &card.status {
        BatterStatus::NotOut => "not out".to_owned(),
        BatterStatus::Retired { kind } => kind.name().to_owned(),
        BatterStatus::Out(dismissal) => dismissed(dismissal),
    }
}

fn dismissed(dismissal: &Dismissal) -> String {
    let bowler = dismissal.bowler.as_ref().map_or("?", |bowler| &*bowler.name);
    let fielder = dismissal.fielders.first().map_or_else(|| "?".to_owned(), fielder);
    match &dismissal.kind {
        DismissalKind::Bowled => format!("b {bowler}"),
        DismissalKind::Caught => format!("c {fielder} b {bowler}"),
        DismissalKind::CaughtAndBowled => format!("c & b {bowler}"),
        DismissalKind::Lbw => format!("lbw b {bowler}"),
        DismissalKind::Stumped => format!("st {fielder} b {bowler}"),
        DismissalKind::HitWicket => format!("hit wicket b {bowler}"),
        kind if dismissal.fielders.is_empty() => kind.name().to_owned(),
        kind => {
            let fielders: Vec<String> = dismissal.fielders.iter().map(self::fielder).collect();
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
        (Some(EndReason::Declared), wickets) => format!("{} dec", count(wickets)),
        (Some(_), wickets) if wickets >= innings.wickets_available => "all out".to_owned(),
        (_, wickets) => count(wickets),
    };
    let rate = innings.run_rate().map_or_else(String::new, |rate| format!("; RR {rate:.2}"));
    format!("({wickets}; {}{rate})", bowled(innings.legal_balls, innings.balls_per_over))
}

fn count(wickets: u8) -> String {
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

/// When a wicket fell: `17.3 ov`, or `88 balls` in sets of five.
pub(super) fn at(bowled: OversBowled) -> String {
    self::bowled(bowled.balls, bowled.balls_per_over)
}

/// A bowler's overs: `3.4`, or balls in sets of five.
pub(super) fn figure(bowled: OversBowled) -> String {
    if bowled.balls_per_over == 5 { bowled.balls.to_string() } else { bowled.to_string() }
}
