//! A file's outcome read straight from its JSON: what it records, and why that may not follow from its balls.

use serde_json::Value;

/// The recorded result in a form of its own: `Alpha by 5 wickets`, `tie`, `draw`, …
pub(crate) fn recorded(file: &Value) -> String {
    let outcome = &file["info"]["outcome"];
    let by = &outcome["by"];
    let Some(winner) = outcome["winner"].as_str() else {
        return outcome["result"].as_str().unwrap_or("nothing recorded").to_owned();
    };
    match (by["innings"].as_u64(), by["runs"].as_u64(), by["wickets"].as_u64()) {
        (Some(_), Some(runs), _) => format!("{winner} by an innings and {runs}"),
        (None, Some(runs), _) => format!("{winner} by {runs} runs"),
        (_, _, Some(wickets)) => format!("{winner} by {wickets} wickets"),
        _ => format!("{winner}, no margin"),
    }
}

/// Why the balls alone do not give the result; `None` where they should.
pub(crate) fn why_not_computable(file: &Value) -> Option<&'static str> {
    let outcome = &file["info"]["outcome"];
    match outcome["result"].as_str() {
        Some("no result") => return Some("no result"),
        Some("draw") => return Some("draw"),
        _ => {}
    }
    let last = file["innings"].as_array().into_iter().flatten().rfind(|innings| innings["super_over"] != true)?;
    let method = outcome["method"].as_str();
    if method == Some("Awarded") || (outcome["winner"].is_string() && outcome["by"].is_null()) {
        return Some("awarded or conceded");
    }
    if method.is_some() && last["target"]["overs"].is_null() {
        return Some("rain rule, and neither par nor target in the file");
    }
    let batted_last = outcome["winner"] == last["team"];
    let by_runs = outcome["by"]["runs"].is_u64();
    if method.is_some() && batted_last && by_runs {
        return Some("rain rule, ahead of a par not in the file");
    }
    (by_runs && !batted_last && stops_short(&file["info"], last))
        .then_some("the last innings stops short, and the file does not say why")
}

/// Whether an innings has wickets and balls left.
fn stops_short(info: &Value, innings: &Value) -> bool {
    let balls = || {
        let overs = innings["overs"].as_array().into_iter().flatten();
        overs.flat_map(|over| over["deliveries"].as_array().into_iter().flatten())
    };
    let wickets = balls().flat_map(|ball| ball["wickets"].as_array().into_iter().flatten()).count();
    let absent = innings["absent_hurt"].as_array().map_or(0, Vec::len);
    let legal = balls().filter(|ball| ball["extras"]["wides"].is_null() && ball["extras"]["noballs"].is_null()).count();
    let per_over = info["balls_per_over"].as_u64().unwrap_or(6);
    let limit = innings["target"]["overs"].as_u64().or(info["overs"].as_u64()).map(|overs| overs * per_over);
    wickets + absent < 10 && limit.is_none_or(|limit| (legal as u64) < limit)
}
