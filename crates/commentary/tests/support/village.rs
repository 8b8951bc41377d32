//! A small invented match, built event by event, for tests that need to know every number.
#![allow(dead_code, clippy::unwrap_used, reason = "shared by several test programs; a test fails by panicking")]

use commentary::{Moment, NoArchive};
use cricket::{
    event::{Event, decode_payload},
    score::{Applied, Match},
};
use serde_json::{Value, json};

/// Hilltown chase 30 in two overs against Harbour.
pub(crate) struct Village {
    pub(crate) game: Match,
    names: [String; 3],
    seq: u64,
    balls: u16,
}

impl Village {
    pub(crate) fn new() -> Self {
        Self::with_names("T Okafor", "L Brandt", "R Menon")
    }

    /// The same with other names for striker, partner and bowler.
    pub(crate) fn with_names(striker: &str, partner: &str, bowler: &str) -> Self {
        Self::playing(striker, partner, bowler, &json!({}), &json!({"target": {"runs": 30, "overs": "2"}}))
    }

    /// Another kind of match: `format` is laid over what is known of it, `start` over how the innings begins; `null` takes
    /// a field away.
    pub(crate) fn of(format: &Value, start: &Value) -> Self {
        Self::playing("T Okafor", "L Brandt", "R Menon", format, start)
    }

    fn playing(striker: &str, partner: &str, bowler: &str, format: &Value, start: &Value) -> Self {
        let names = [striker, partner, bowler].map(str::to_owned);
        let mut village = Self { game: Match::new("village"), names, seq: 0, balls: 0 };
        let player = |name: &str| json!({"id": name, "name": name});
        let mut info = json!({
            "teams": ["Harbour", "Hilltown"], "match_type": "T20", "overs": 2, "balls_per_over": 6, "venue": "Mill Lane",
            "players": {"Harbour": [player(bowler), player("S Iqbal"), player("P Novak")],
                        "Hilltown": [player(striker), player(partner), player("J Castellano")]},
        });
        lay_over(&mut info, format);
        village.send("match_info", "match", 0, "confirmed", &info);
        let mut innings = json!({"innings": 1, "team": "Hilltown"});
        lay_over(&mut innings, start);
        village.send("innings_start", "i1", 0, "confirmed", &innings);
        village
    }

    /// Sends one event.
    pub(crate) fn send(&mut self, kind: &str, key: &str, rev: u32, status: &str, data: &Value) -> (Event, Applied) {
        self.seq += 1;
        let wire = json!({"v": 1, "type": kind, "match_id": "village", "seq": self.seq, "key": key, "rev": rev,
                          "status": status, "data": data});
        let event = decode_payload(wire.to_string().as_bytes()).unwrap().remove(0).unwrap();
        let applied = self.game.apply(event.clone());
        (event, applied)
    }

    /// A delivery's data: the striker faces, `more` is laid over it.
    pub(crate) fn delivery(&self, pos: u16, bat: u16, more: &Value) -> Value {
        let player = |name: &String| json!({"id": name, "name": name});
        let [striker, partner, bowler] = &self.names;
        let mut data = json!({"innings": 1, "over": 0, "pos": pos, "batter": player(striker), "non_striker": player(partner),
                              "bowler": player(bowler), "runs": {"bat": bat, "extras": 0, "total": bat}});
        lay_over(&mut data, more);
        data
    }

    /// Bowls a ball and forms its moment.
    pub(crate) fn ball(&mut self, bat: u16, more: &Value) -> Moment {
        self.ball_with_status(bat, more, "confirmed")
    }

    pub(crate) fn ball_with_status(&mut self, bat: u16, more: &Value, status: &str) -> Moment {
        self.balls += 1;
        let data = self.delivery(self.balls, bat, more);
        let (event, applied) = self.send("delivery", &format!("i1.o0.d{}", self.balls), 0, status, &data);
        Moment::form(self.game.state(), &event, &applied.happenings, &NoArchive).unwrap()
    }

    /// The striker caught by `S Iqbal`.
    pub(crate) fn caught(&self) -> Value {
        let player = |name: &str| json!({"id": name, "name": name});
        json!({"wickets": [{"kind": "caught", "player_out": player(&self.names[0]), "fielders": [player("S Iqbal")]}]})
    }

    /// Corrects the last ball: to `bat` runs, or away altogether.
    pub(crate) fn correct(&mut self, bat: Option<u16>) -> Option<Moment> {
        let key = format!("i1.o0.d{}", self.balls);
        let (kind, data) = match bat {
            Some(bat) => ("delivery", self.delivery(self.balls, bat, &json!({}))),
            None => ("retract", json!({})),
        };
        let (event, applied) = self.send(kind, &key, 1, "confirmed", &data);
        Moment::correction(self.game.state(), &event, &applied)
    }
}

fn lay_over(data: &mut Value, more: &Value) {
    for (field, value) in more.as_object().unwrap() {
        data[field] = value.clone();
    }
    data.as_object_mut().unwrap().retain(|_, value| !value.is_null());
}
