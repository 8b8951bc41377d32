//! An independent count of a match straight from its JSON: no type of the crate, no shared rule, the plainest code.

use std::collections::BTreeMap;

use serde_json::Value;

/// What a scorebook shows of one innings; people by registry id, so that nobody is taken for a namesake.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) runs: u64,
    pub(crate) wickets: u64,
    pub(crate) legal_balls: u64,
    /// Wides, no-balls, byes, leg byes, penalty runs.
    pub(crate) extras: [u64; 5],
    pub(crate) batting: BTreeMap<String, Batter>,
    pub(crate) bowling: BTreeMap<String, Bowler>,
    pub(crate) falls: Vec<Fall>,
}

/// A batter's line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Batter {
    pub(crate) runs: u64,
    pub(crate) balls: u64,
    pub(crate) fours: u64,
    pub(crate) sixes: u64,
    /// Empty for not out, else the kind and, where a ball brought it, the id of who bowled it.
    pub(crate) out: String,
}

/// A bowler's line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Bowler {
    pub(crate) balls: u64,
    pub(crate) maidens: u64,
    pub(crate) runs: u64,
    pub(crate) wickets: u64,
    pub(crate) wides: u64,
    pub(crate) noballs: u64,
}

/// The fall of a wicket: which, at what total, who, in which over (from 0), after how many legal balls.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fall {
    pub(crate) wicket: u64,
    pub(crate) runs: u64,
    pub(crate) player: String,
    pub(crate) over: u64,
    pub(crate) legal_balls: u64,
}

const NOT_WICKETS: [&str; 2] = ["retired hurt", "retired not out"];
const BOWLERS: [&str; 6] = ["bowled", "caught", "caught and bowled", "lbw", "stumped", "hit wicket"];
const BETWEEN_BALLS: [&str; 2] = ["timed out", "retired out"];

/// Counts every innings of a file.
pub(crate) fn recount(file: &Value) -> Vec<Count> {
    file["innings"].as_array().into_iter().flatten().map(|innings| count(&file["info"], innings)).collect()
}

fn count(info: &Value, innings: &Value) -> Count {
    let mut count = Count::default();
    let before = number(&innings["penalty_runs"]["pre"]);
    count.runs += before;
    count.extras[4] += before;
    let overs: Vec<&Value> = innings["overs"].as_array().into_iter().flatten().collect();
    for (index, over) in overs.iter().enumerate() {
        let balls: Vec<&Value> = over["deliveries"].as_array().into_iter().flatten().collect();
        for ball in &balls {
            count_ball(&mut count, info, number(&over["over"]), ball);
        }
        let ended = index + 1 < overs.len() || has_its_balls(info, innings, over, &balls);
        if let Some(bowler) = maiden_of(&balls).filter(|_| ended) {
            count.bowling.get_mut(&id(info, bowler)).unwrap().maidens += 1;
        }
    }
    let after = number(&innings["penalty_runs"]["post"]);
    count.runs += after;
    count.extras[4] += after;
    count
}

fn count_ball(count: &mut Count, info: &Value, over: u64, ball: &Value) {
    let extras = &ball["extras"];
    let (wides, noballs, bat) = (number(&extras["wides"]), number(&extras["noballs"]), number(&ball["runs"]["batter"]));
    let legal = u64::from(is_legal(ball));
    count.runs += number(&ball["runs"]["total"]);
    count.legal_balls += legal;
    for (tally, kind) in count.extras.iter_mut().zip(["wides", "noballs", "byes", "legbyes", "penalty"]) {
        *tally += number(&extras[kind]);
    }
    for there in ["non_striker", "batter"] {
        let batter = count.batting.entry(id(info, &ball[there])).or_default();
        if NOT_WICKETS.contains(&batter.out.as_str()) {
            batter.out.clear();
        }
    }
    let rope = ball["runs"]["non_boundary"] != Value::Bool(true);
    let batter = count.batting.entry(id(info, &ball["batter"])).or_default();
    batter.runs += bat;
    batter.balls += u64::from(wides == 0);
    batter.fours += u64::from(rope && bat == 4);
    batter.sixes += u64::from(rope && bat == 6);
    let bowler_id = id(info, &ball["bowler"]);
    let bowler = count.bowling.entry(bowler_id.clone()).or_default();
    bowler.balls += legal;
    bowler.runs += bat + wides + noballs;
    bowler.wides += wides;
    bowler.noballs += noballs;
    for wicket in ball["wickets"].as_array().into_iter().flatten() {
        let kind = wicket["kind"].as_str().unwrap_or_default();
        let player = id(info, &wicket["player_out"]);
        bowler.wickets += u64::from(BOWLERS.contains(&kind));
        let batter = count.batting.entry(player.clone()).or_default();
        let unbowled = NOT_WICKETS.contains(&kind) || BETWEEN_BALLS.contains(&kind);
        batter.out = if unbowled { kind.to_owned() } else { format!("{kind} b {bowler_id}") };
        if !NOT_WICKETS.contains(&kind) {
            count.wickets += 1;
            let (wicket, runs, legal_balls) = (count.wickets, count.runs, count.legal_balls);
            count.falls.push(Fall { wicket, runs, player, over, legal_balls });
        }
    }
}

/// Whether the last over of an innings has its balls, by the format or as the umpire counted them.
fn has_its_balls(info: &Value, innings: &Value, over: &Value, balls: &[&Value]) -> bool {
    let miscounted = &innings["miscounted_overs"][over["over"].to_string()]["balls"];
    let counted = miscounted.as_u64().or_else(|| miscounted.as_str().and_then(|text| text.parse().ok()));
    let due = counted.or(info["balls_per_over"].as_u64()).unwrap_or(6);
    balls.iter().filter(|ball| is_legal(ball)).count() as u64 >= due
}

/// The one bowler of an over against whom nothing was scored.
fn maiden_of<'a>(balls: &[&'a Value]) -> Option<&'a Value> {
    let bowler = &balls.first()?["bowler"];
    let nothing = |ball: &&Value| {
        let against = [&ball["runs"]["batter"], &ball["extras"]["wides"], &ball["extras"]["noballs"]];
        ball["bowler"] == *bowler && against.into_iter().all(|runs| number(runs) == 0)
    };
    balls.iter().all(nothing).then_some(bowler)
}

fn is_legal(ball: &Value) -> bool {
    number(&ball["extras"]["wides"]) == 0 && number(&ball["extras"]["noballs"]) == 0
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or(0)
}

/// The registry's id of a name.
fn id(info: &Value, name: &Value) -> String {
    let name = name.as_str().unwrap_or_default();
    info["registry"]["people"][name].as_str().map_or_else(|| format!("name:{name}"), str::to_owned)
}
