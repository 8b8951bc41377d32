//! An invented Twenty20 match as a feed would publish it, the same every time.

use std::sync::Arc;

use cricket::{
    event::{
        Delivery, DismissalKind, Event, EventData, Ext, InningsEnd, InningsKind, InningsStart, Key, MatchInfo, OverEnd,
        Target, Wicket,
    },
    player::PlayerRef,
};

const SIDES: [&str; 2] = ["Harbour Herons", "Quarry Kites"];

fn eleven(side: usize) -> Vec<PlayerRef> {
    let names = [
        [
            "A Marlow",
            "B Teague",
            "C Okafor",
            "D Lindqvist",
            "E Rao",
            "F Castellan",
            "G Whitlock",
            "H Nakamura",
            "I Farouk",
            "J Penrose",
            "K Silva",
        ],
        [
            "L Ashdown",
            "M Verma",
            "N Brightwater",
            "O Dlamini",
            "P Kovacs",
            "Q Hartnell",
            "R Mensah",
            "S Ito",
            "T Galloway",
            "U Petrov",
            "V Samarasinghe",
        ],
    ];
    names[side].iter().enumerate().map(|(at, name)| PlayerRef::new(format!("p{side}{at:02}"), *name)).collect()
}

/// The match's events, in order, without envelopes' times.
pub fn events(match_id: &str) -> Vec<Event> {
    let mut feed = Feed { match_id: match_id.into(), events: Vec::new(), dice: 12345 };
    feed.send(Key::match_info(), info());
    let first = feed.innings(1, 0, None);
    feed.innings(2, 1, Some(first + 1));
    feed.events
}

fn info() -> EventData {
    let json = serde_json::json!({
        "teams": SIDES, "match_type": "T20", "overs": 20, "balls_per_over": 6, "venue": "Saltmarsh Park",
        "players": {SIDES[0]: eleven(0), SIDES[1]: eleven(1)},
    });
    EventData::MatchInfo(Box::new(serde_json::from_value::<MatchInfo>(json).unwrap()))
}

struct Feed {
    match_id: Arc<str>,
    events: Vec<Event>,
    dice: u64,
}

impl Feed {
    fn send(&mut self, key: Key, data: EventData) {
        let seq = self.events.len() as u64 + 1;
        self.events.push(Event::new(self.match_id.clone(), seq, key, data));
    }

    fn roll(&mut self) -> u64 {
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.dice >> 33) % 100
    }

    fn innings(&mut self, innings: u8, side: usize, target: Option<u32>) -> u32 {
        let (batters, bowlers) = (eleven(side), eleven(1 - side));
        let start = InningsStart {
            innings,
            team: SIDES[side].into(),
            kind: InningsKind::Normal,
            target: target.map(|runs| Target { runs, overs: Some("20".parse().unwrap()), balls: None }),
            ..serde_json::from_value(serde_json::json!({"innings": innings, "team": SIDES[side]})).unwrap()
        };
        self.send(Key::innings(innings), EventData::InningsStart(Box::new(start)));
        let (mut striker, mut other, mut next, mut runs, mut wickets) = (0, 1, 2, 0_u32, 0_u8);
        'innings: for over in 0..20_u16 {
            let bowler = bowlers[6 + usize::from(over % 5)].clone();
            let (mut pos, mut legal) = (0_u16, 0_u16);
            while legal < 6 {
                pos += 1;
                let roll = self.roll();
                let mut ball = Delivery::dot(
                    (innings, over, pos),
                    batters[striker].clone(),
                    batters[other].clone(),
                    bowler.clone(),
                );
                match roll {
                    0..=33 => {}
                    34..=68 => ball.runs.bat = 1,
                    69..=75 => ball.runs.bat = 2,
                    76..=86 => ball.runs.bat = 4,
                    87..=91 => ball.runs.bat = 6,
                    92..=94 => (ball.extras.wides, ball.runs.extras) = (1, 1),
                    _ => ball.wickets.push(Wicket {
                        kind: if roll < 98 { DismissalKind::Bowled } else { DismissalKind::Lbw },
                        player_out: batters[striker].clone(),
                        fielders: Vec::new(),
                        ext: Ext::new(),
                    }),
                }
                ball.runs.total = ball.runs.bat + ball.runs.extras;
                runs += u32::from(ball.runs.total);
                legal += u16::from(ball.is_legal());
                let (out, odd) = (!ball.wickets.is_empty(), ball.runs.bat % 2 == 1);
                self.send(Key::delivery(innings, over, pos), EventData::Delivery(Box::new(ball)));
                if out {
                    wickets += 1;
                    if wickets == 10 {
                        break 'innings;
                    }
                    (striker, next) = (next, next + 1);
                } else if odd {
                    (striker, other) = (other, striker);
                }
                if target.is_some_and(|target| runs >= target) {
                    break 'innings;
                }
            }
            (striker, other) = (other, striker);
            let end = OverEnd { innings, over, bowler, legal_balls: Some(6), ext: Ext::new() };
            self.send(Key::over_end(innings, over), EventData::OverEnd(Box::new(end)));
        }
        self.send(
            Key::innings_end(innings),
            EventData::InningsEnd(Box::new(InningsEnd { innings, ..InningsEnd::default() })),
        );
        runs
    }
}
