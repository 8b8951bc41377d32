//! Cricsheet files: odd ones come back as they were, broken ones are refused in words that help.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use cricket::{
    cricsheet::{self, CricsheetError},
    event::{Event, decode_payload},
    score::Match,
};
use serde_json::{Value, json};

/// A small file with everything odd that files are known to have, and more.
fn odd_file() -> String {
    r#"{"meta":{"data_version":"1.1.0","created":"2024-01-02","revision":2,"by":"hand"},
"info":{"balls_per_over":6,"city":null,"dates":["2024-01-01"],"event":{"name":"Cup","group":4,"sub_name":"East","x":[1]},
 "gender":"female","match_type":"T20","missing":["umpires",{"powerplays":{"2":["batting"]}}],
 "outcome":{"winner":"Beta","by":{"wickets":10}},"overs":20,"player_of_match":[],
 "players":{"Beta":["B One","B Two"],"Alpha":["A One","A Two"]},
 "registry":{"people":{"B Two":"b2","A One":"a1","B One":"b1","A Two":"a2"},"more":true},
 "season":2024,"supersubs":{"Beta":"B Sub","Alpha":"A Sub"},"team_type":"club","teams":["Alpha","Beta"],
 "toss":{"winner":"Alpha","decision":"bat","uncontested":false,"coin":"euro"},"venue":"The Green"},
"innings":[
 {"team":"Alpha","overs":[
   {"over":0,"deliveries":[
     {"batter":"A One","bowler":"B One","non_striker":"A Two","non_striker":"A Two","over":0,
      "runs":{"batter":0,"extras":0,"total":0,"non_boundary":false},"extras":{"wides":0}},
     {"batter":"A One","bowler":"B One","non_striker":"A Two","runs":{"batter":0,"extras":2,"total":2,"short":1},
      "extras":{"noballs":1,"byes":1},"wickets":[],
      "review":{"by":"Alpha","batter":"A One","decision":"upheld","umpires_call":false,"score":7}},
     {"batter":"A Two","bowler":"B One","non_striker":"A One","runs":{"batter":0,"extras":0,"total":0},
      "wickets":[{"kind":"caught","player_out":"A Two","fielders":[{"substitute":true},{"name":"B Two","substitute":false}],"how":"well"}],
      "replacements":{"match":[],"role":[{"in":"B Two","reason":"injury","role":"bowler"}]}}],"stray":1},
   {"over":2,"deliveries":[]}],
  "powerplays":[{"from":0.1,"to":5.10,"type":"mandatory","why":"law"},{"from":15.1,"to":36.0,"type":"batting"}],
  "miscounted_overs":{"3":{"balls":"5","umpire":"U"},"1":{"balls":7}},"absent_hurt":["A Three"],"penalty_runs":{"post":5},"declared":false},
 {"team":"Beta","target":{"overs":9.2,"runs":8,"par":5},"penalty_runs":{"pre":8},"forfeited":true,"overs":[]}],
"colour":"red"}"#
        .to_owned()
}

fn through_events(text: &str) -> Vec<u8> {
    let file = cricsheet::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    let sent: Vec<Event> = cricsheet::to_events("odd", &file)
        .iter()
        .map(|event| decode_payload(&serde_json::to_vec(event).unwrap()).unwrap().remove(0).unwrap())
        .collect();
    cricsheet::write(&cricsheet::from_events(&sent)).into_bytes()
}

#[test]
fn an_odd_file_comes_back_as_it_was() {
    let text = odd_file();
    let back = through_events(&text);
    let (theirs, ours): (Value, Value) = (serde_json::from_str(&text).unwrap(), serde_json::from_slice(&back).unwrap());
    assert_eq!(ours, theirs);
    let back = String::from_utf8(back).unwrap();
    assert!(back.contains(r#""to":5.10,"#) && back.contains(r#""to":36.0,"#), "numbers keep their text: {back}");
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for path in ["/info/players", "/info/registry/people", "/info/supersubs", "/innings/0/miscounted_overs"] {
        assert_eq!(keys(ours.pointer(path).unwrap()), keys(theirs.pointer(path).unwrap()), "{path}");
    }
}

#[test]
fn info_may_come_last_and_may_leave_things_out() {
    let ball =
        json!({"batter": "A", "bowler": "C", "non_striker": "B", "runs": {"batter": 1, "extras": 0, "total": 1}});
    let innings = json!([{"team": "X", "overs": [{"deliveries": [ball], "over": 3}]}]);
    let text = format!(
        r#"{{"innings":{innings},"info":{{"match_type":"ODI","teams":["X","Y"],"registry":{{"people":{{"A":"id-a"}}}}}}}}"#
    );
    let file = cricsheet::read(text.as_bytes()).unwrap();
    let ball = file.deliveries().next().unwrap();
    assert_eq!((ball.over, ball.pos, ball.batter.id.as_str(), ball.bowler.id.as_str()), (3, 1, "id-a", "name:C"));
    assert_eq!(
        serde_json::from_slice::<Value>(&through_events(&text)).unwrap(),
        serde_json::from_str::<Value>(&text).unwrap()
    );
}

#[test]
fn an_over_in_two_parts_has_a_key_for_each_ball() {
    let ball =
        json!({"batter": "A", "bowler": "C", "non_striker": "B", "runs": {"batter": 1, "extras": 0, "total": 1}});
    let over = json!({"over": 0, "deliveries": [ball, ball]});
    let text = json!({"info": {"match_type": "T20", "teams": []}, "innings": [{"team": "X", "overs": [over, over]}]})
        .to_string();
    let file = cricsheet::read(text.as_bytes()).unwrap();
    assert_eq!(file.deliveries().map(|ball| ball.pos).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(
        serde_json::from_slice::<Value>(&through_events(&text)).unwrap(),
        serde_json::from_str::<Value>(&text).unwrap()
    );
    let mut game = Match::new("odd");
    for event in cricsheet::into_events("odd", file) {
        game.apply(event);
    }
    assert_eq!(game.state().innings[0].runs, 4);
}

#[test]
fn overs_out_of_order_come_back_in_the_files_order() {
    let ball = |bat: u8| json!({"batter": "A", "bowler": "C", "non_striker": "B", "runs": {"batter": bat, "extras": 0, "total": bat}});
    let overs = json!([
        {"over": 5, "deliveries": [ball(1), ball(2)]}, {"over": 2, "deliveries": [ball(3)]},
        {"over": 5, "deliveries": [ball(4)]}
    ]);
    let text =
        json!({"info": {"match_type": "T20", "teams": []}, "innings": [{"team": "X", "overs": overs}]}).to_string();
    assert_eq!(
        serde_json::from_slice::<Value>(&through_events(&text)).unwrap(),
        serde_json::from_str::<Value>(&text).unwrap()
    );
}

fn refused(text: &str) -> String {
    cricsheet::read(text.as_bytes()).expect_err("refused").to_string()
}

#[test]
fn what_is_no_match_is_refused_with_what_to_do() {
    assert_eq!(refused(" \n"), "the file is empty; hint: download it again from https://cricsheet.org/downloads/");
    assert_eq!(
        refused("meta:\n  data_version: 0.9"),
        "not JSON: expected value (line 1, column 1); hint: a Cricsheet match is a .json file of https://cricsheet.org/downloads/ (not .yaml, .csv or .zip)"
    );
    let hint = "hint: expected a JSON object with \"meta\", \"info\" and \"innings\", as described at https://cricsheet.org/format/json/";
    assert_eq!(refused("{\"name\": \"package\"}"), format!("not a Cricsheet match: it has no \"info\"; {hint}"));
    assert_eq!(
        refused("[1, 2]"),
        format!("not a Cricsheet match: invalid type: sequence, expected a JSON object; {hint}")
    );
}

#[test]
fn half_a_file_is_refused_at_every_length() {
    let text = odd_file();
    for length in (1..text.len()).filter(|length| text.is_char_boundary(*length)) {
        let half = &text[..length];
        let error = cricsheet::read(half.as_bytes()).expect_err("half a file");
        let expected = matches!(error, CricsheetError::CutOff { .. });
        // A number or a word cut in two may look like a mistake of its own.
        assert!(expected || matches!(error, CricsheetError::NotJson { .. }), "{length}: {error}");
    }
    let at_line_3 = text.lines().take(3).collect::<Vec<_>>().join("\n");
    assert_eq!(
        refused(&at_line_3),
        "the file ends in the middle, at line 3, column 93; hint: it was cut off, download it again"
    );
}

#[test]
fn a_wrong_field_is_named_with_its_place() {
    assert_eq!(
        cricsheet::read(b"{\n \"\xff\": 1}").expect_err("refused").to_string().split(';').next(),
        Some("not JSON: bytes that are not UTF-8 text (line 2, column 3)")
    );
    let hint = "; hint: compare with https://cricsheet.org/format/json/, or download the file again";
    let wrong = |from: &str, to: &str| {
        let text = odd_file();
        assert!(text.contains(from), "{from}");
        refused(&text.replacen(from, to, 1))
    };
    assert_eq!(
        wrong(r#""noballs":1"#, r#""noballs":"one""#),
        format!(
            "innings[0].overs[0].deliveries[1].extras.noballs: invalid type: string \"one\", expected u16 (line 15, column 31){hint}"
        )
    );
    assert_eq!(
        wrong(r#""bowler":"B One","#, ""),
        format!("innings[0].overs[0].deliveries[0]: missing field `bowler` (line 13, column 89){hint}")
    );
    assert_eq!(
        wrong(r#""teams":["Alpha","Beta"]"#, r#""teams":"Alpha""#),
        format!("info.teams: invalid type: string \"Alpha\", expected a sequence{hint}")
    );
    assert_eq!(
        wrong(r#""to":5.10"#, r#""to":true"#),
        format!(
            "innings[0]: powerplays.to: 'true' is not over.ball, such as \"15.1\" or \"20\" (line 21, column 111){hint}"
        )
    );
}
