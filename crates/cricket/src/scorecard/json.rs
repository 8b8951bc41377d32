//! The scorecard as JSON, for overlays and other programs.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::{figures, words};
use crate::{
    event::{InningsKind, Toss},
    overs::OversBowled,
    player::PlayerRef,
    score::{Innings, MatchState, Partnership},
};

/// The match as JSON:
///
/// ```json
/// {"teams":["Alpha","Beta"],"match_type":"T20","event":"…","venue":"…","city":"…","dates":["2026-05-29"],
///  "toss":{"winner":"Alpha","decision":"bat"},"is_over":false,
///  "result":null,"computed_result":null,"player_of_match":[],"interruption":null,
///  "innings":[{"number":1,"team":"Alpha","kind":"normal","runs":156,"wickets":3,"overs":"17.4","balls":106,
///    "balls_limit":120,"target":null,"needed":null,"run_rate":8.83,"required_rate":null,"ended":null,
///    "extras":{"byes":0,"legbyes":2,"wides":5,"noballs":1,"penalty":0,"total":8},
///    "batting":[{"id":"…","name":"…","runs":50,"balls":31,"fours":4,"sixes":2,"strike_rate":161.29,
///      "how_out":"not out","out":false,"on_strike":true}],
///    "bowling":[{"id":"…","name":"…","overs":"3.4","balls":22,"maidens":0,"runs":31,"wickets":1,"economy":8.45,
///      "wides":2,"noballs":0,"dots":9}],
///    "did_not_bat":["…"],"absent_hurt":[],
///    "fall_of_wickets":[{"wicket":1,"runs":23,"id":"…","name":"…","overs":"2.5"}],
///    "partnership":{"wicket":4,"runs":40,"balls":22,"unbroken":true,"batters":["…","…"]},
///    "partnerships":[{"wicket":1,"runs":23,"balls":17,"unbroken":false,"batters":["…","…"]}],
///    "powerplays":[{"type":"mandatory","span":"overs 1-6","runs":45,"wickets":1}],
///    "this_over":["1","4","W","wd"]}],
///  "anomalies":["…"]}
/// ```
///
/// Overs are text (`"3.4"`), because as a number `5.10` would become `5.1`. A rate is `null` before the first legal
/// ball, `required_rate` also without a target or a limit. Readers shall ignore keys they do not know.
pub fn json(state: &MatchState) -> Value {
    let info = state.info.as_deref();
    let out = MatchOut {
        teams: info.map(|info| info.teams.iter().map(|team| &**team).collect()).unwrap_or_default(),
        match_type: info.map(|info| info.match_type.as_str()),
        event: info.and_then(|info| info.event.as_ref()).map(|event| event.name.as_str()),
        venue: info.and_then(|info| info.venue.as_deref()),
        city: info.and_then(|info| info.city.as_deref()),
        dates: info.map(|info| info.dates.as_slice()).unwrap_or_default(),
        toss: info.and_then(|info| info.toss.as_ref()),
        is_over: state.is_over(),
        result: state.recorded_result.as_ref().map(|end| end.outcome.to_string()),
        computed_result: state.computed_result.as_ref().map(ToString::to_string),
        player_of_match: state.recorded_result.as_ref().map(|end| end.player_of_match.as_slice()).unwrap_or_default(),
        interruption: state.interruption.as_deref(),
        innings: state.innings.iter().map(|innings| innings_out(state, innings)).collect(),
        anomalies: state.anomalies.iter().map(ToString::to_string).collect(),
    };
    // Text keys and plain values throughout: this cannot fail.
    serde_json::to_value(out).unwrap_or_default()
}

#[derive(Serialize)]
struct MatchOut<'a> {
    teams: Vec<&'a str>,
    match_type: Option<&'a str>,
    event: Option<&'a str>,
    venue: Option<&'a str>,
    city: Option<&'a str>,
    dates: &'a [String],
    toss: Option<&'a Toss>,
    is_over: bool,
    result: Option<String>,
    computed_result: Option<String>,
    player_of_match: &'a [Arc<str>],
    interruption: Option<&'a str>,
    innings: Vec<InningsOut<'a>>,
    anomalies: Vec<String>,
}

#[derive(Serialize)]
struct InningsOut<'a> {
    number: u8,
    team: &'a str,
    kind: InningsKind,
    runs: u32,
    wickets: u8,
    overs: String,
    balls: u32,
    balls_limit: Option<u32>,
    target: Option<u32>,
    needed: Option<u32>,
    run_rate: Option<f64>,
    required_rate: Option<f64>,
    ended: Option<String>,
    extras: ExtrasOut,
    batting: Vec<BatterOut<'a>>,
    bowling: Vec<BowlerOut<'a>>,
    fall_of_wickets: Vec<FallOut<'a>>,
    did_not_bat: Vec<&'a str>,
    absent_hurt: Vec<&'a str>,
    partnership: Option<PartnershipOut<'a>>,
    partnerships: Vec<PartnershipOut<'a>>,
    powerplays: Vec<PowerplayOut<'a>>,
    this_over: Vec<String>,
}

#[derive(Serialize)]
struct ExtrasOut {
    byes: u32,
    legbyes: u32,
    wides: u32,
    noballs: u32,
    penalty: u32,
    total: u32,
}

#[derive(Serialize)]
struct BatterOut<'a> {
    id: &'a str,
    name: &'a str,
    runs: u32,
    balls: u32,
    fours: u32,
    sixes: u32,
    strike_rate: Option<f64>,
    how_out: String,
    out: bool,
    on_strike: bool,
}

#[derive(Serialize)]
struct BowlerOut<'a> {
    id: &'a str,
    name: &'a str,
    overs: String,
    balls: u32,
    maidens: u32,
    runs: u32,
    wickets: u32,
    economy: Option<f64>,
    wides: u32,
    noballs: u32,
    dots: u32,
}

#[derive(Serialize)]
struct PowerplayOut<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    span: String,
    runs: u32,
    wickets: u32,
}

#[derive(Serialize)]
struct FallOut<'a> {
    wicket: u8,
    runs: u32,
    id: &'a str,
    name: &'a str,
    overs: String,
}

#[derive(Serialize)]
struct PartnershipOut<'a> {
    wicket: u8,
    runs: u32,
    balls: u32,
    unbroken: bool,
    batters: Vec<&'a str>,
}

fn innings_out<'a>(state: &'a MatchState, innings: &'a Innings) -> InningsOut<'a> {
    let per = innings.balls_per_over;
    let overs = |balls: u32| OversBowled { balls, balls_per_over: per }.to_string();
    let extras = innings.extras;
    InningsOut {
        number: innings.number,
        team: &innings.batting_team,
        kind: innings.kind,
        runs: innings.runs,
        wickets: innings.wickets,
        overs: overs(innings.legal_balls),
        balls: innings.legal_balls,
        balls_limit: innings.balls_limit,
        target: innings.target.map(|target| target.runs),
        needed: innings.runs_needed(),
        run_rate: innings.run_rate().map(two_places),
        required_rate: innings.required_rate().map(two_places),
        ended: innings.ended.as_ref().map(ToString::to_string),
        extras: ExtrasOut {
            byes: extras.byes,
            legbyes: extras.legbyes,
            wides: extras.wides,
            noballs: extras.noballs,
            penalty: extras.penalty,
            total: extras.total(),
        },
        batting: batting(innings),
        bowling: innings
            .bowling
            .iter()
            .map(|card| BowlerOut {
                id: card.player.id.as_str(),
                name: &card.player.name,
                overs: overs(card.balls),
                balls: card.balls,
                maidens: card.maidens,
                runs: card.runs,
                wickets: card.wickets,
                economy: card.economy(per).map(two_places),
                wides: card.wides,
                noballs: card.noballs,
                dots: card.dots,
            })
            .collect(),
        fall_of_wickets: innings
            .fall_of_wickets
            .iter()
            .map(|fall| FallOut {
                wicket: fall.wicket,
                runs: fall.runs,
                id: fall.player.id.as_str(),
                name: &fall.player.name,
                overs: overs(fall.legal_balls),
            })
            .collect(),
        did_not_bat: match innings.kind {
            InningsKind::Normal => figures::yet_to_bat(state, innings).into_iter().map(named).collect(),
            InningsKind::SuperOver => Vec::new(),
        },
        absent_hurt: innings.absent_hurt.iter().map(named).collect(),
        partnership: innings.current_partnership().filter(|pair| !pair.ended).map(partnership_out),
        partnerships: innings.partnerships.iter().map(partnership_out).collect(),
        powerplays: figures::powerplays(innings)
            .into_iter()
            .map(|play| PowerplayOut { kind: play.kind, span: play.span, runs: play.runs, wickets: play.wickets })
            .collect(),
        this_over: innings
            .current_over()
            .map(|over| over.balls.iter().map(|ball| ball.symbol()).collect())
            .unwrap_or_default(),
    }
}

fn partnership_out(pair: &Partnership) -> PartnershipOut<'_> {
    PartnershipOut {
        wicket: pair.wicket,
        runs: pair.runs,
        balls: pair.balls,
        unbroken: !pair.ended,
        batters: pair.batters.iter().map(named).collect(),
    }
}

fn batting(innings: &Innings) -> Vec<BatterOut<'_>> {
    let striker = innings.striker.filter(|_| innings.ended.is_none());
    innings
        .batting
        .iter()
        .enumerate()
        .map(|(index, card)| BatterOut {
            id: card.player.id.as_str(),
            name: &card.player.name,
            runs: card.runs,
            balls: card.balls,
            fours: card.fours,
            sixes: card.sixes,
            strike_rate: card.strike_rate().map(two_places),
            how_out: words::how_out(card),
            out: matches!(card.status, crate::score::BatterStatus::Out(_)),
            on_strike: striker == Some(index),
        })
        .collect()
}

fn named(player: &PlayerRef) -> &str {
    &player.name
}

/// As a scorecard shows a rate.
fn two_places(rate: f64) -> f64 {
    (rate * 100.0).round() / 100.0
}
