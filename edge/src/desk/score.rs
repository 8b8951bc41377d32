//! What an overlay reads: the score of a match as one JSON object. Pure: equal matches give equal text, however they came
//! about.

use commentary::reading::{Form, Projection, Thread, Threads};
use cricket::{
    event::InningsKind,
    overs::OversBowled,
    player::PlayerRef,
    score::{BatterCard, Innings, MatchResult, MatchState},
};
use serde_json::{Value, json};

use super::game::Game;

/// Balls shown of the present and the last over.
const LAST_BALLS: usize = 12;
/// Anomalies shown.
const ANOMALIES: usize = 5;
/// Threads shown that go on, and that rest.
const THREADS: usize = 5;

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
        "leverage_index": reading.leverage_index.map(rounded),
        "win_probability": reading.win_probability.map(rounded),
        "projected": reading.projected,
        "projection": reading.projection.as_ref().map(projection),
        "momentum": reading.momentum.map(rounded),
        "form": form(&reading.form),
        "threads": threads(&Threads::of(state)),
        "interruption": state.interruption,
        "result": result(state),
        "anomalies": state.anomalies.iter().rev().take(ANOMALIES).map(ToString::to_string).collect::<Vec<_>>(),
    })
}

/// Where the side that sets is heading: four innings of five end between `low` and `high`.
fn projection(ahead: &Projection) -> Value {
    let (low, high) = ahead.range();
    let [mean, low, high, par] = [ahead.mean, low, high, ahead.par].map(f64::round);
    json!({
        "mean": mean, "low": low, "high": high, "par": par,
        "win_probability": ahead.win_probability.map(rounded),
    })
}

fn form(form: &Form) -> Value {
    let collapse = form.collapse.map(|fall| json!({"wickets": fall.wickets, "runs": fall.runs, "balls": fall.balls}));
    let near = form.near.iter().flatten();
    let near =
        near.map(|near| json!({"player": player(&near.player), "milestone": near.milestone, "short": near.short}));
    json!({
        "drought": form.drought,
        "collapse": collapse,
        "near": near.collect::<Vec<_>>(),
        "hat_trick_ball": form.hat_trick_ball.as_ref().map(player),
    })
}

/// What runs through the match: what goes on, the strongest first, then what rests, the latest first.
fn threads(threads: &Threads) -> Vec<Value> {
    let running = threads.running().into_iter().take(THREADS);
    running.chain(threads.resting().into_iter().take(THREADS)).map(thread).collect()
}

fn thread(thread: &Thread) -> Value {
    json!({
        "kind": thread.kind,
        "innings": thread.innings,
        "team": thread.team,
        "people": thread.people.iter().map(player).collect::<Vec<_>>(),
        "since": thread.since,
        "last": thread.last,
        "running": thread.running,
        "taken_up": thread.taken_up,
        "strength": rounded(thread.strength),
        "runs": thread.runs,
        "balls": thread.balls,
        "wickets": thread.wickets,
    })
}

fn player(player: &PlayerRef) -> Value {
    json!({"id": player.id, "name": player.name})
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use cricket::simulate::{SimulationSettings, simulate_events};

    use super::*;

    /// A simulated match after so many events, told as it was played or read from a journal.
    fn shown(events: usize, restored: bool) -> Value {
        let all = simulate_events(&SimulationSettings::new(7)).unwrap();
        let id = all.first().unwrap().match_id.clone();
        let played: Vec<_> = all.into_iter().take(events).collect();
        if restored {
            return json(&Game::restored(&id, played, &[], 1));
        }
        let mut game = Game::new(&id, 1);
        for event in played {
            game.apply(event);
        }
        json(&game)
    }

    #[test]
    fn the_reading_is_shown_and_a_restart_changes_nothing_of_it() {
        for events in [60, 130, 230] {
            let score = shown(events, false);
            assert_eq!(score, shown(events, true), "{events} events");
            let threads = score["threads"].as_array().unwrap();
            assert!(!threads.is_empty() && threads.len() <= 2 * THREADS, "{events}: {threads:#?}");
            assert!(
                threads.iter().all(|thread| thread["kind"].is_string() && thread["since"].is_u64()),
                "{threads:#?}"
            );
            assert!(score["momentum"].is_f64() && score["leverage_index"].is_f64(), "{score:#}");
        }
        let setting = shown(60, false);
        let ahead = |key: &str| setting["projection"][key].as_f64().unwrap();
        assert!(ahead("low") < ahead("mean") && ahead("mean") < ahead("high") && ahead("par") > 0.0);
        assert!(shown(230, false)["projection"].is_null(), "a chase has a win probability instead");
    }
}
