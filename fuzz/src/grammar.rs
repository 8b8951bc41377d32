//! Events from bytes: every byte means something, so that small changes make other matches and not broken ones.

use serde_json::{Value, json};

/// Events made at most of one input; each may cost a replay of all before it.
const MOST: usize = 48;

/// Dismissals, an unknown one among them.
const KINDS: [&str; 16] = [
    "bowled",
    "caught",
    "caught and bowled",
    "lbw",
    "run out",
    "stumped",
    "hit wicket",
    "hit the ball twice",
    "obstructing the field",
    "handled the ball",
    "timed out",
    "retired out",
    "retired hurt",
    "retired not out",
    "bowled",
    "struck by lightning",
];

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A number below `end`; 0 once the bytes are used up.
    fn below(&mut self, end: u8) -> u8 {
        self.next().unwrap_or(0) % end
    }

    fn is(&mut self, one_in: u8) -> bool {
        self.below(one_in) == one_in - 1
    }

    /// Mostly small; now and then as large as the contract lets it be.
    fn runs(&mut self) -> u16 {
        match self.next().unwrap_or(0) {
            255 => u16::MAX,
            254 => 50,
            byte => u16::from(byte % 8),
        }
    }

    fn player(&mut self) -> Value {
        let number = self.below(15);
        let side = if number < 9 { "a" } else { "b" };
        if number == 4 {
            json!({"name": "Namesake"})
        } else {
            json!({"id": format!("{side}{number}"), "name": format!("{side} {number}")})
        }
    }

    fn team(&mut self) -> &'static str {
        ["Alpha", "Bravo", "Alpha", "Bravo", ""][usize::from(self.below(5))]
    }
}

/// What the events so far have come to.
struct Feed<'a> {
    bytes: Bytes<'a>,
    match_id: &'a str,
    seq: u64,
    place: (u8, u16, u16),
    sent: Vec<Value>,
}

/// The payloads that some bytes stand for.
pub(crate) fn payloads(bytes: &[u8], match_id: &str) -> Vec<Vec<u8>> {
    let mut feed = Feed { bytes: Bytes(bytes), match_id, seq: 0, place: (1, 0, 0), sent: Vec::new() };
    while feed.sent.len() < MOST {
        let Some(what) = feed.bytes.next() else { break };
        let event = feed.event(what);
        feed.sent.push(event);
    }
    feed.sent.iter().map(|event| event.to_string().into_bytes()).collect()
}

impl Feed<'_> {
    fn event(&mut self, what: u8) -> Value {
        // Half of everything is balls in order; the rest is all that may come between them.
        if what < 128 {
            return self.next_ball(what);
        }
        let innings = 1 + self.bytes.below(4);
        let over = u16::from(self.bytes.below(4));
        let own = format!("x{}", self.bytes.below(12));
        match what % 24 {
            0 => {
                let data = self.info();
                self.send("match", "match_info", data)
            }
            1 | 2 => {
                let data = self.start(innings);
                self.place = (innings, 0, 0);
                self.send(&format!("i{innings}"), "innings_start", data)
            }
            3 | 4 => self.revision(),
            5 | 6 => self.again(),
            7 => self.send(
                &format!("i{innings}.o{over}.end"),
                "over_end",
                json!({
                    "innings": innings, "over": over, "bowler": {"name": "b 9"}, "legal_balls": 6
                }),
            ),
            8 => {
                let balls: Vec<Value> =
                    (0..self.bytes.below(8)).map(|pos| self.ball((innings, over, pos.into()), 7)).collect();
                self.send(
                    &format!("i{innings}.o{over}"),
                    "over_replace",
                    json!({"innings": innings, "over": over, "deliveries": balls}),
                )
            }
            9 => {
                let (runs, side) = (self.bytes.runs(), if self.bytes.is(2) { "batting" } else { "fielding" });
                self.send(&own, "penalty_runs", json!({"side": side, "runs": runs, "innings": innings}))
            }
            10 => {
                let (kind, who) = (KINDS[usize::from(self.bytes.below(16))], self.bytes.player());
                self.send(&own, "dismissal_no_ball", json!({"innings": innings, "kind": kind, "player_out": who}))
            }
            11 => {
                let data = json!({"innings": innings, "player": self.bytes.player(), "reason": "hurt"});
                self.send(&own, "retirement", data)
            }
            12 => {
                let data = json!({"innings": innings, "player": self.bytes.player()});
                self.send(&own, "batter_in", data)
            }
            13 => {
                let to = format!("{over}.{}", self.bytes.below(9));
                self.send(&own, "powerplay", json!({"innings": innings, "type": "mandatory", "from": "0.1", "to": to}))
            }
            14 => self.send(&own, "review", json!({"innings": innings, "by": "Alpha", "result": "upheld"})),
            15 => {
                let data = json!({"in": self.bytes.player(), "out": self.bytes.player(), "reason": "impact"});
                self.send(&own, "replacement", data)
            }
            16 => self.send(&own, "interruption", json!({"reason": "rain", "overs_lost": over})),
            17 => {
                let data =
                    json!({"innings": innings, "runs": u32::from(self.bytes.runs()), "overs": format!("{over}.2")});
                self.send(&format!("i{innings}.target"), "target_revision", data)
            }
            18 => self.send(&own, "declaration", json!({"innings": innings})),
            19 => {
                let absent: Vec<Value> = (0..self.bytes.below(3)).map(|_| self.bytes.player()).collect();
                let reason = ["all_out", "overs", "declared", "forfeited", "other"][usize::from(self.bytes.below(5))];
                let data = json!({"innings": innings, "reason": reason, "absent_hurt": absent, "penalty_post": self.bytes.runs()});
                self.send(&format!("i{innings}.end"), "innings_end", data)
            }
            20 => {
                let (winner, runs) = (self.bytes.team(), self.bytes.runs());
                self.send("result", "match_end", json!({"outcome": {"winner": winner, "by": {"runs": runs}}}))
            }
            21 => self.snapshot(),
            22 => self.send(&own, "resume_play", json!({})),
            _ => self.send(&own, "a_type_of_tomorrow", json!({"innings": innings})),
        }
    }

    fn next_ball(&mut self, what: u8) -> Value {
        let (innings, over, pos) = self.place;
        self.place = if pos >= 6 && !what.is_multiple_of(4) {
            (innings, over.saturating_add(1), 1)
        } else {
            (innings, over, pos + 1)
        };
        let (innings, over, pos) = self.place;
        let ball = self.ball(self.place, what);
        self.send(&format!("i{innings}.o{over}.d{pos}"), "delivery", ball)
    }

    fn ball(&mut self, (innings, over, pos): (u8, u16, u16), what: u8) -> Value {
        let (batter, non_striker, bowler) = (self.bytes.player(), self.bytes.player(), self.bytes.player());
        let bat = self.bytes.runs();
        let extra = if what % 8 == 1 { self.bytes.runs() } else { 0 };
        let kind = ["wides", "noballs", "byes", "legbyes", "penalty"][usize::from(self.bytes.below(5))];
        let wickets: Vec<Value> = (0..u8::from(what % 16 == 2) + u8::from(what % 64 == 2))
            .map(|_| json!({"kind": KINDS[usize::from(self.bytes.below(16))], "player_out": self.bytes.player()}))
            .collect();
        json!({
            "innings": innings, "over": over, "pos": pos, "batter": batter, "non_striker": non_striker, "bowler": bowler,
            "runs": {"bat": bat, "extras": extra, "total": bat.saturating_add(extra)}, "extras": {kind: extra},
            "free_hit": what % 32 == 5, "wickets": wickets,
        })
    }

    fn info(&mut self) -> Value {
        let overs =
            [Value::from(20), Value::Null, Value::from(1), Value::from(2)][usize::from(self.bytes.below(4))].clone();
        let date = ["2024-05-01", "2008-05-01"][usize::from(self.bytes.below(2))];
        let balls_per_over = [6, 5, 8, 1][usize::from(self.bytes.below(4))];
        json!({
            "teams": ["Alpha", "Bravo"], "match_type": "T20", "overs": overs, "dates": [date],
            "balls_per_over": balls_per_over,
            "players": {"Alpha": [{"id": "a0", "name": "a 0"}, {"id": "a1", "name": "a 1"}], "Bravo": [{"id": "b9", "name": "b 9"}]},
        })
    }

    fn start(&mut self, innings: u8) -> Value {
        let kind = if self.bytes.is(5) { "super_over" } else { "normal" };
        let target = self.bytes.is(3).then(|| json!({"runs": self.bytes.runs(), "balls": self.bytes.below(20)}));
        json!({
            "innings": innings, "team": self.bytes.team(), "kind": kind, "target": target,
            "penalty_pre": self.bytes.is(6).then(|| self.bytes.runs()), "forfeited": self.bytes.is(9),
        })
    }

    /// What a feed says again of something: otherwise, retracted, or restored.
    fn revision(&mut self) -> Value {
        let Some(mut event) = self.pick() else { return self.next_ball(0) };
        let more = u64::from(1 + self.bytes.below(2));
        event["rev"] = (event["rev"].as_u64().unwrap_or(0) + more).into();
        match self.bytes.below(3) {
            0 => event["type"] = "retract".into(),
            1 if event["type"] == "delivery" => event["data"]["runs"] = json!({"bat": 4, "extras": 0, "total": 4}),
            _ => {}
        }
        self.stamp(&mut event);
        event
    }

    /// A duplicate, or the same under a later epoch.
    fn again(&mut self) -> Value {
        let Some(mut event) = self.pick() else { return self.next_ball(0) };
        if self.bytes.is(3) {
            event["epoch"] = 2.into();
        }
        if self.bytes.is(4) {
            event["event_id"] = format!("id{}", self.bytes.below(6)).into();
        }
        event
    }

    fn snapshot(&mut self) -> Value {
        let skip = usize::from(self.bytes.below(8)) + 2;
        let parts = self.sent.iter().filter(|event| event["type"] != "snapshot");
        let events: Vec<Value> =
            parts.enumerate().filter(|(index, _)| index % skip != 1).map(|(_, event)| event.clone()).collect();
        self.send("snapshot", "snapshot", json!({"events": events}))
    }

    fn pick(&mut self) -> Option<Value> {
        let back = usize::from(self.bytes.next()?);
        self.sent.iter().rev().nth(back % self.sent.len().max(1)).cloned()
    }

    fn send(&mut self, key: &str, kind: &str, data: Value) -> Value {
        let mut event = json!({"v": 1, "type": kind, "match_id": self.match_id, "key": key, "rev": 0});
        event["data"] = data;
        self.stamp(&mut event);
        event
    }

    fn stamp(&mut self, event: &mut Value) {
        self.seq += 1;
        // One in thirty-two comes out of turn.
        let late = if self.bytes.is(32) { u64::from(self.bytes.below(9)) } else { 0 };
        event["epoch"] = (1 + u64::from(self.seq > 36)).into();
        event["seq"] = (self.seq + 4 - late.min(self.seq)).into();
    }
}
