//! An independent count of a match straight from its JSON: no type of the crate, no shared rule.

use std::collections::HashMap;

use serde_json::Value;

/// What a scorebook shows of one innings.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) runs: u64,
    pub(crate) wickets: u64,
    pub(crate) legal_balls: u64,
    /// Runs and balls by batter.
    pub(crate) batting: HashMap<String, (u64, u64)>,
    /// Balls, runs and wickets by bowler.
    pub(crate) bowling: HashMap<String, (u64, u64, u64)>,
}

const NOT_WICKETS: [&str; 2] = ["retired hurt", "retired not out"];
const BOWLERS: [&str; 6] = ["bowled", "caught", "caught and bowled", "lbw", "stumped", "hit wicket"];

/// Counts every innings of a file.
pub(crate) fn recount(file: &Value) -> Vec<Count> {
    file["innings"].as_array().into_iter().flatten().map(innings).collect()
}

fn innings(innings: &Value) -> Count {
    let number = |value: &Value| value.as_u64().unwrap_or(0);
    let mut count = Count::default();
    count.runs += number(&innings["penalty_runs"]["pre"]) + number(&innings["penalty_runs"]["post"]);
    for over in innings["overs"].as_array().into_iter().flatten() {
        for ball in over["deliveries"].as_array().into_iter().flatten() {
            let extras = &ball["extras"];
            let (wides, noballs) = (number(&extras["wides"]), number(&extras["noballs"]));
            let legal = u64::from(wides == 0 && noballs == 0);
            count.runs += number(&ball["runs"]["total"]);
            count.legal_balls += legal;
            let batter = count.batting.entry(text(&ball["batter"])).or_default();
            batter.0 += number(&ball["runs"]["batter"]);
            batter.1 += u64::from(wides == 0);
            let bowler = count.bowling.entry(text(&ball["bowler"])).or_default();
            bowler.0 += legal;
            bowler.1 += number(&ball["runs"]["batter"]) + wides + noballs;
            for wicket in ball["wickets"].as_array().into_iter().flatten() {
                let kind = text(&wicket["kind"]);
                count.wickets += u64::from(!NOT_WICKETS.contains(&kind.as_str()));
                bowler.2 += u64::from(BOWLERS.contains(&kind.as_str()));
            }
        }
    }
    count
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
