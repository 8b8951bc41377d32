//! The same match, played by others for other scores.

use std::collections::HashMap;

use cricket::cricsheet::{self, CricsheetMatch};
use serde_json::{Map, Value, json};

/// Runs that the first innings has more of.
const MORE: u64 = 7;

/// A match with every name of a side passed on to the next player, and some runs before the first ball: ball for ball
/// the same events, about other people and other totals. `None` where the file cannot be turned over.
pub fn counterfactual(file: &CricsheetMatch) -> Option<CricsheetMatch> {
    let mut value: Value = serde_json::from_str(&cricsheet::write(file)).ok()?;
    let players = value.get("info")?.get("players")?.as_object()?;
    let mut renamed: HashMap<String, String> = HashMap::new();
    for side in players.values() {
        let names: Vec<&str> = side.as_array()?.iter().filter_map(Value::as_str).collect();
        for (name, next) in names.iter().zip(names.iter().cycle().skip(1)) {
            renamed.insert((*name).to_owned(), (*next).to_owned());
        }
    }
    rename(&mut value, &renamed);
    raise(&mut value);
    cricsheet::read(value.to_string().as_bytes()).ok()
}

fn rename(value: &mut Value, names: &HashMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(name) = names.get(text.as_str()) {
                text.clone_from(name);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        Value::Object(fields) => {
            let old: Map<String, Value> = std::mem::take(fields);
            for (key, mut field) in old {
                rename(&mut field, names);
                fields.insert(names.get(&key).cloned().unwrap_or(key), field);
            }
        }
        _ => {}
    }
}

fn raise(value: &mut Value) {
    let Some(innings) = value.get_mut("innings").and_then(Value::as_array_mut) else { return };
    for (place, innings) in innings.iter_mut().enumerate() {
        let Some(innings) = innings.as_object_mut() else { continue };
        if place == 0 {
            let penalty = innings.entry("penalty_runs").or_insert_with(|| json!({}));
            let before = penalty.get("pre").and_then(Value::as_u64).unwrap_or(0);
            penalty["pre"] = (before + MORE).into();
        } else if let Some(runs) = innings.get_mut("target").and_then(|target| target.get_mut("runs")) {
            *runs = (runs.as_u64().unwrap_or(0) + MORE).into();
        }
    }
}
