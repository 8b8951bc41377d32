//! The `info` object: who, where, when, under which rules, and how it ended.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{CricsheetError, overlay};
use crate::{
    event::{BowlOutBall, EventName, Ext, MatchEnd, MatchInfo, Officials, Outcome, Registry, TextOrNumber, Toss},
    player::PersonId,
};

/// `info` as a file has it; the same shape reads and prints.
#[derive(Debug, Serialize, Deserialize)]
struct InfoFile {
    #[serde(default = "six")]
    balls_per_over: u16,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    bowl_out: Vec<BowlOutBall>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    city: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dates: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<EventName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gender: Option<String>,
    match_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    match_type_number: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    officials: Option<Officials>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    overs: Option<u16>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    player_of_match: Vec<Arc<str>>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    players: IndexMap<Arc<str>, Vec<Arc<str>>>,
    #[serde(default)]
    registry: RegistryFile,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    season: Option<TextOrNumber>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    supersubs: IndexMap<Arc<str>, Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    team_type: Option<String>,
    teams: Vec<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    toss: Option<Toss>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    venue: Option<String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct RegistryFile {
    people: IndexMap<Arc<str>, PersonId>,
}

fn six() -> u16 {
    6
}

/// Reads `info`; what the types have no place for is kept in the result's `ext`.
pub(super) fn read(original: Map<String, Value>) -> Result<(MatchInfo, Option<MatchEnd>), CricsheetError> {
    let has_end = ["outcome", "player_of_match", "bowl_out"].iter().any(|key| original.contains_key(*key));
    let value = Value::Object(original);
    let file: InfoFile = serde_path_to_error::deserialize(&value).map_err(|error| CricsheetError::Field {
        path: format!("info.{}", error.path()).trim_end_matches("..").to_owned(),
        reason: error.inner().to_string(),
        line: 0,
        column: 0,
    })?;
    let registry = Registry(file.registry.people);
    let players = file.players.into_iter().map(|(team, names)| {
        let players = names.iter().map(|name| registry.player(name)).collect();
        (team, players)
    });
    let mut info = MatchInfo {
        players: players.collect(),
        registry,
        teams: file.teams,
        match_type: file.match_type,
        match_type_number: file.match_type_number,
        gender: file.gender,
        team_type: file.team_type,
        venue: file.venue,
        city: file.city,
        dates: file.dates,
        season: file.season,
        event: file.event,
        overs: file.overs,
        balls_per_over: file.balls_per_over,
        toss: file.toss,
        officials: file.officials,
        supersubs: file.supersubs,
        rules: None,
        ext: Ext::new(),
    };
    let end = has_end.then(|| MatchEnd {
        outcome: file.outcome.unwrap_or_default(),
        player_of_match: file.player_of_match,
        bowl_out: file.bowl_out,
        ext: Ext::new(),
    });
    if let Value::Object(original) = value {
        let rest = overlay::difference(&print(&info, end.as_ref()), &original);
        overlay::keep(&mut info.ext, rest);
    }
    Ok((info, end))
}

/// `info` as the types print it, with what was kept beside them laid over it.
pub(super) fn write(info: &MatchInfo, end: Option<&MatchEnd>) -> Map<String, Value> {
    let mut printed = print(info, end);
    if let Some(rest) = overlay::of(&info.ext) {
        overlay::lay(&mut printed, rest);
    }
    printed
}

fn print(info: &MatchInfo, end: Option<&MatchEnd>) -> Map<String, Value> {
    let info = info.clone();
    let file = InfoFile {
        balls_per_over: info.balls_per_over,
        bowl_out: end.map(|end| end.bowl_out.clone()).unwrap_or_default(),
        city: info.city,
        dates: info.dates,
        event: info.event,
        gender: info.gender,
        match_type: info.match_type,
        match_type_number: info.match_type_number,
        officials: info.officials,
        outcome: end.map(|end| end.outcome.clone()),
        overs: info.overs,
        player_of_match: end.map(|end| end.player_of_match.clone()).unwrap_or_default(),
        players: info
            .players
            .into_iter()
            .map(|(team, players)| (team, players.into_iter().map(|player| player.name).collect()))
            .collect(),
        registry: RegistryFile { people: info.registry.0 },
        season: info.season,
        supersubs: info.supersubs,
        team_type: info.team_type,
        teams: info.teams,
        toss: info.toss,
        venue: info.venue,
    };
    // Everything in it has text for keys, so that it always is an object.
    match serde_json::to_value(file) {
        Ok(Value::Object(printed)) => printed,
        _ => Map::new(),
    }
}
