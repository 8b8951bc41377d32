//! The event contract: every type through its JSON, and what is said of payloads that do not fit.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use cricket::event::{EventData, EventStatus, Fielder, decode_payload};
use serde_json::{Value, json};

/// One event of each type of the contract, `data` as the contract writes it, with a field of tomorrow in each.
fn every_type() -> Vec<(&'static str, Value)> {
    let player = json!({"id": "aa11", "name": "P One"});
    let ball = json!({
        "innings": 2, "over": 15, "pos": 3, "batter": player, "non_striker": {"name": "P Two"}, "bowler": {"id": "bb22", "name": "Q"},
        "runs": {"bat": 4, "extras": 0, "total": 4, "non_boundary": true}, "extras": {"wides": 0, "noballs": 0},
        "free_hit": true, "shot": "cover drive", "speed_kmh": 141.5,
        "wickets": [{"kind": "caught", "player_out": player, "fielders": [{"name": "X", "substitute": true}, {"substitute": true}]}],
        "review": {"by": "A", "batter": player, "decision": "struck down", "umpires_call": true, "type": "wicket"},
        "replacements": {"match": [{"in": player, "out": player, "reason": "impact_player", "team": "A"}],
                         "role": [{"in": player, "reason": "injury", "role": "bowler"}]},
        "score_after": {"runs": 156, "wickets": 3}, "ext": {"x": 1}
    });
    vec![
        (
            "match_info",
            json!({"teams": ["A", "B"], "match_type": "T20", "overs": 20, "balls_per_over": 8, "season": 2024, "players": {"A": [player]},
            "registry": {"P One": "aa11"}, "event": {"name": "Cup", "group": 3}, "rules": {"edition": "2017", "power": 2},
            "toss": {"winner": "A", "decision": "bat", "uncontested": true}, "officials": {"umpires": ["U"]}}),
        ),
        ("lineup", json!({"team": "A", "players": [player], "captain": player, "tomorrow": true})),
        ("toss", json!({"winner": "A", "decision": "field"})),
        (
            "innings_start",
            json!({"innings": 2, "team": "A", "kind": "super_over", "target": {"runs": 157, "overs": "9.2", "balls": 56},
            "penalty_pre": 5, "openers": [player], "forfeited": true, "follow_on": true}),
        ),
        ("delivery", ball.clone()),
        ("over_end", json!({"innings": 1, "over": 3, "bowler": player, "legal_balls": 6})),
        ("over_replace", json!({"innings": 2, "over": 15, "deliveries": [ball]})),
        ("penalty_runs", json!({"side": "fielding", "runs": 5, "innings": 1, "when": "post", "law": "41.3"})),
        ("dismissal_no_ball", json!({"innings": 1, "kind": "timed out", "player_out": player})),
        ("retirement", json!({"innings": 1, "player": player, "reason": "hurt"})),
        ("resume_batter", json!({"innings": 1, "player": player, "end": "striker"})),
        ("batter_in", json!({"innings": 1, "player": player})),
        ("bowler_change", json!({"innings": 1, "player": player, "end": "River End", "reason": "injury"})),
        ("powerplay", json!({"innings": 1, "type": "batting", "from": "15.1", "to": "5.10"})),
        ("review", json!({"innings": 1, "by": "A", "batter": player, "result": "upheld", "remaining": 1})),
        ("replacement", json!({"in": player, "out": player, "reason": "concussion", "team": "A"})),
        ("interruption", json!({"innings": 1, "reason": "rain", "overs_lost": 3})),
        ("resume_play", json!({"overs_lost": 3})),
        ("target_revision", json!({"innings": 2, "runs": 120, "overs": "14", "method": "D/L", "par": 80})),
        ("dead_ball", json!({"reason": "dog on the field"})),
        ("ball_change", json!({})),
        ("new_ball", json!({"innings": 1})),
        ("declaration", json!({"innings": 3})),
        ("follow_on", json!({"innings": 3})),
        (
            "innings_end",
            json!({"innings": 1, "reason": "all_out", "absent_hurt": [player], "penalty_post": 6,
            "miscounted_overs": [{"over": 4, "balls": "5", "umpire": "U"}, {"over": 9, "balls": 7}]}),
        ),
        (
            "match_end",
            json!({"outcome": {"winner": "A", "by": {"wickets": 3}, "method": "D/L"}, "player_of_match": ["P One"],
            "bowl_out": [{"bowler": "P One", "outcome": "hit"}]}),
        ),
        ("heartbeat", json!({})),
        ("note", json!({"text": "anything"})),
        ("retract", json!({})),
        ("crowd_noise", json!({"decibels": [98.5, null]})),
    ]
}

fn envelope(kind: &str, data: &Value) -> Value {
    json!({"v": 1, "type": kind, "match_id": "m", "epoch": 2, "seq": 7, "event_id": "e-1", "key": "k", "rev": 3,
           "status": "provisional", "ts": "2026-05-29T16:02:11.250Z", "sent_at": "2026-05-29T16:02:12Z",
           "source": {"system": "scorer", "id": "8842193"}, "data": data, "ext": {"tomorrow": 1}})
}

/// What a type need not repeat: zeros and falses.
fn without_defaults(value: &mut Value) {
    if let Some(extras) = value.pointer_mut("/data/extras").and_then(Value::as_object_mut) {
        extras.clear();
    }
    for ball in value.pointer_mut("/data/deliveries").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(extras) = ball.get_mut("extras").and_then(Value::as_object_mut) {
            extras.clear();
        }
    }
}

#[test]
fn every_type_comes_back_equal_with_what_it_does_not_know() {
    for (kind, mut data) in every_type() {
        data["of_tomorrow"] = json!({"deep": [1, "two"]});
        if matches!(kind, "retract" | "toss") {
            data.as_object_mut().unwrap().remove("of_tomorrow");
        }
        let mut sent = envelope(kind, &data);
        let event = decode_payload(sent.to_string().as_bytes())
            .unwrap()
            .remove(0)
            .unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(event.data.kind(), kind);
        assert_eq!(matches!(event.data, EventData::Unknown { .. }), kind == "crowd_noise", "{kind}");
        assert_eq!((event.epoch, event.seq, event.rev, event.status), (2, 7, 3, EventStatus::Provisional));
        let json = serde_json::to_value(&event).unwrap();
        let again = decode_payload(json.to_string().as_bytes()).unwrap().remove(0).unwrap();
        assert_eq!(again, event, "{kind}");
        fill_names(&mut sent);
        without_defaults(&mut sent);
        assert_eq!(json, sent, "{kind}");
    }
}

/// A player without an id gets one from the name.
fn fill_names(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let name = map.get("name").and_then(Value::as_str).map(ToOwned::to_owned);
            let is_player = name.is_some() && !map.contains_key("id") && !map.contains_key("group");
            if let (true, Some(name)) = (is_player, name) {
                map.insert("id".to_owned(), json!(format!("name:{name}")));
            }
            map.values_mut().for_each(fill_names);
        }
        Value::Array(all) => all.iter_mut().for_each(fill_names),
        _ => {}
    }
}

#[test]
fn a_snapshot_carries_whole_events() {
    let inner: Vec<Value> = every_type().iter().map(|(kind, data)| envelope(kind, data)).collect();
    let payload = envelope("snapshot", &json!({"events": inner}));
    let event = decode_payload(payload.to_string().as_bytes()).unwrap().remove(0).unwrap();
    let EventData::Snapshot(snapshot) = &event.data else { panic!("a snapshot") };
    assert_eq!(snapshot.events.len(), every_type().len());
    let again = decode_payload(&serde_json::to_vec(&event).unwrap()).unwrap().remove(0).unwrap();
    assert_eq!(again, event);
}

#[test]
fn the_plainest_envelope_is_enough_and_an_array_keeps_its_good_events() {
    let payload = br#" [{"v":1,"type":"heartbeat","match_id":"m","seq":4,"key":"h"},
        {"v":1,"type":"delivery","match_id":"m","seq":5,"key":"i1.o0.d1","data":{"innings":1}},
        {"v":2,"type":"toss","match_id":"m","seq":6,"key":"toss"},
        {"v":1,"type":"toss","match_id":"m","seq":6,"key":"toss","data":{"winner":"A","decision":"bat"}}]"#;
    let read = decode_payload(payload).unwrap();
    let first = read[0].as_ref().unwrap();
    assert_eq!((first.epoch, first.rev, first.status, &*first.event_id), (1, 0, EventStatus::Confirmed, "m/h/0"));
    assert_eq!(
        read[1].as_ref().unwrap_err().to_string(),
        "delivery event i1.o0.d1: data: missing field `over`; hint: compare with the delivery row of the event contract"
    );
    assert_eq!(
        read[2].as_ref().unwrap_err().to_string(),
        "contract version 2 is not readable by this version, which reads 1; hint: update Vachak, or have the feed publish \"v\":1"
    );
    assert!(read[3].is_ok());
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    let refused = |payload: &[u8]| match decode_payload(payload) {
        Err(error) => error.to_string(),
        Ok(mut items) => items.remove(0).expect_err("refused").to_string(),
    };
    let hint = "; hint: send one JSON object, or an array of them, as in cricket.event/1";
    assert_eq!(refused(b""), format!("not an event: EOF while parsing a value (line 1, column 0){hint}"));
    assert_eq!(refused(b"hello"), format!("not an event: expected value (line 1, column 1){hint}"));
    assert_eq!(refused(b"{\"v\":1,"), format!("not an event: EOF while parsing an object (line 1, column 7){hint}"));
    assert_eq!(refused(b"{\"v\":1}"), format!("not an event: missing field `type` (line 1, column 7){hint}"));
    assert_eq!(
        refused(b"[3]"),
        format!("not an event: invalid type: integer `3`, expected an event object (line 1, column 1){hint}")
    );
    let mut data = every_type().remove(4).1;
    data["runs"]["bat"] = json!(-1);
    assert_eq!(
        refused(envelope("delivery", &data).to_string().as_bytes()),
        "delivery event k: data.runs.bat: invalid value: integer `-1`, expected u16; hint: compare with the delivery row of the event contract"
    );
    let power = envelope("powerplay", &json!({"innings": 1, "type": "batting", "from": "15", "to": "fifteen"}));
    assert_eq!(
        refused(power.to_string().as_bytes()),
        "powerplay event k: data.to: 'fifteen' is not over.ball, such as \"15.1\" or \"20\"; hint: compare with the powerplay row of the event contract"
    );
    let large = vec![b' '; cricket::event::decode::MAX_PAYLOAD + 1];
    assert!(refused(&large).contains("is over the limit of 8388608"));
}

#[test]
fn an_unnamed_substitute_is_nobody() {
    let fielder: Fielder = serde_json::from_value(json!({"substitute": true})).unwrap();
    assert_eq!((fielder.player, fielder.substitute), (None, true));
    let named: Fielder = serde_json::from_value(json!({"name": "X"})).unwrap();
    assert_eq!(named.player.unwrap().id.as_str(), "name:X");
}
