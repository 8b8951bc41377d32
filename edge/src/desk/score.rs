//! What an overlay reads: the score of a match as one JSON object. Pure: equal matches give equal text.

use cricket::{
    event::InningsKind,
    overs::OversBowled,
    score::{BatterCard, Innings, MatchResult, MatchState},
};
use serde_json::{Value, json};

use super::game::Game;

/// Balls shown of the present and the last over.
const LAST_BALLS: usize = 12;
/// Anomalies shown.
const ANOMALIES: usize = 5;

/// The score.
pub(super) fn json(game: &Game) -> Value {
    let state = game.score.state();
    let reading = commentary::reading::read(state).unwrap_or_default();
    let (epoch, seq) = game.score.position();
    let info = state.info.as_deref();
    json!({
        "v": 1,
        "match_id": game.score.id(),
        "epoch": epoch,
        "seq": seq,
        "feed_online": game.feed_online,
        "teams": info.map(|info| &info.teams),
        "format": info.map(|info| &info.match_type),
        "venue": info.and_then(|info| info.venue.as_ref()),
        "competition": info.and_then(|info| info.event.as_ref()).map(|event| &event.name),
        "innings": state.innings.iter().map(innings).collect::<Vec<_>>(),
        "current": state.current().map(current),
        "phase": reading.phase.map(cricket::phase::Phase::name),
        "pressure": reading.pressure,
        "difficulty": reading.difficulty.map(rounded),
        "leverage": rounded(reading.leverage),
        "win_probability": reading.win_probability.map(rounded),
        "projected": reading.projected,
        "interruption": state.interruption,
        "result": result(state),
        "anomalies": state.anomalies.iter().rev().take(ANOMALIES).map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

fn innings(innings: &Innings) -> Value {
    json!({
        "number": innings.number,
        "team": innings.batting_team,
        "super_over": innings.kind == InningsKind::SuperOver,
        "runs": innings.runs,
        "wickets": innings.wickets,
        "overs": innings.overs_text().to_string(),
        "target": innings.target.map(|target| target.runs),
        "ended": innings.ended.is_some(),
        "extras": innings.extras.total(),
    })
}

fn current(innings: &Innings) -> Value {
    let bowler = innings.bowler_card().map(|card| {
        json!({
            "id": card.player.id, "name": card.player.name,
            "overs": OversBowled { balls: card.balls, balls_per_over: innings.balls_per_over }.to_string(),
            "maidens": card.maidens, "runs": card.runs, "wickets": card.wickets,
        })
    });
    let stand = innings.current_partnership().filter(|stand| !stand.ended);
    let last_wicket = innings
        .fall_of_wickets
        .last()
        .map(|fall| json!({"player": fall.player.name, "score": format!("{}/{}", fall.runs, fall.wicket)}));
    json!({
        "innings": innings.number,
        "batting": innings.batting_team,
        "bowling": innings.bowling_team,
        "striker": innings.striker_card().map(batter),
        "non_striker": innings.non_striker_card().map(batter),
        "bowler": bowler,
        "partnership": stand.map(|stand| json!({"runs": stand.runs, "balls": stand.balls})),
        "last_balls": last_balls(innings),
        "this_over": innings.current_over().map(|over| over.runs),
        "last_wicket": last_wicket,
        "free_hit": innings.free_hit_next,
        "balls_left": innings.balls_left(),
        "needed": innings.runs_needed(),
        "run_rate": innings.run_rate().map(rounded),
        "required_rate": innings.required_rate().map(rounded),
    })
}

fn batter(card: &BatterCard) -> Value {
    json!({
        "id": card.player.id, "name": card.player.name,
        "runs": card.runs, "balls": card.balls, "fours": card.fours, "sixes": card.sixes,
    })
}

/// The last balls, oldest first, as a scorer writes them; overs apart by `|`.
fn last_balls(innings: &Innings) -> Vec<String> {
    let mut balls = Vec::new();
    for (index, over) in innings.overs.iter().rev().take(3).enumerate() {
        if index > 0 {
            balls.push("|".to_owned());
        }
        balls.extend(over.balls.iter().rev().map(|ball| ball_mark(ball)));
    }
    balls.truncate(LAST_BALLS);
    if balls.last().is_some_and(|mark| mark == "|") {
        balls.pop();
    }
    balls.reverse();
    balls
}

fn ball_mark(ball: &cricket::event::Delivery) -> String {
    let extras = ball.extras;
    let kind = match () {
        () if extras.wides > 0 => "wd",
        () if extras.noballs > 0 => "nb",
        () if extras.byes > 0 => "b",
        () if extras.legbyes > 0 => "lb",
        () => "",
    };
    if ball.wickets.iter().any(|wicket| wicket.kind.is_wicket()) {
        return if ball.runs.total > 0 { format!("{}W", ball.runs.total) } else { "W".to_owned() };
    }
    match (ball.runs.total, kind) {
        (0, _) => "•".to_owned(),
        (1, "wd" | "nb") => kind.to_owned(),
        (runs, kind) => format!("{runs}{kind}"),
    }
}

/// The result in words: as the feed records it, else as we count it; `None` while undecided.
fn result(state: &MatchState) -> Option<String> {
    if let Some(recorded) = &state.recorded_result {
        let outcome = &recorded.outcome;
        let method = outcome.method.as_ref().map(|method| format!(" ({method})")).unwrap_or_default();
        if let Some(winner) = &outcome.winner {
            let margin = outcome.by.map(|by| match (by.innings, by.runs, by.wickets) {
                (Some(_), Some(runs), _) => format!(" by an innings and {}", counted(runs, "run")),
                (_, Some(runs), _) => format!(" by {}", counted(runs, "run")),
                (_, _, Some(wickets)) => format!(" by {}", counted(u32::from(wickets), "wicket")),
                _ => String::new(),
            });
            return Some(format!("{winner} won{}{method}", margin.unwrap_or_default()));
        }
        let decided = outcome.eliminator.as_ref().or(outcome.bowl_out.as_ref());
        let plain = outcome.result.clone().unwrap_or_else(|| "no result".to_owned());
        let decided = decided.map(|winner| format!("; {winner} won the decider")).unwrap_or_default();
        return Some(format!("{plain}{decided}{method}"));
    }
    Some(match state.computed_result.as_ref()? {
        MatchResult::WonByRuns { winner, runs } => format!("{winner} won by {}", counted(*runs, "run")),
        MatchResult::WonByWickets { winner, wickets, .. } => {
            format!("{winner} won by {}", counted(u32::from(*wickets), "wicket"))
        }
        MatchResult::WonByInnings { winner, runs } => {
            format!("{winner} won by an innings and {}", counted(*runs, "run"))
        }
        MatchResult::Tie { super_over_winner: None } => "tie".to_owned(),
        MatchResult::Tie { super_over_winner: Some(winner) } => format!("tie; {winner} won the super over"),
    })
}

fn counted(number: u32, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}
