//! A small feed for tests of single Laws: two invented sides, one ball after another.
//!
//! Each test target uses part of it.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, reason = "shared by several test targets")]

use std::sync::Arc;

use cricket::{
    event::{
        Delivery, DismissalKind, Event, EventData, Ext, Extras, InningsKind, InningsStart, Key, MatchInfo, Registry,
        Runs, Target, Wicket,
    },
    player::PlayerRef,
    score::{Applied, Innings, Match},
};
use serde_json::json;

pub(crate) const ID: &str = "test-match";

/// A player of an invented side: `a1` to `a11` bat first, `b1` to `b11` bowl first.
pub(crate) fn player(name: &str) -> PlayerRef {
    PlayerRef::new(format!("id-{name}"), name)
}

/// A match of twenty overs between the sides `A` and `B`, on the given day.
pub(crate) fn info(date: &str) -> MatchInfo {
    let side = |side: &str| -> Vec<PlayerRef> { (1..=11).map(|number| player(&format!("{side}{number}"))).collect() };
    let mut info: MatchInfo = serde_json::from_value(json!({
        "teams": ["A", "B"], "match_type": "T20", "overs": 20, "dates": [date]
    }))
    .expect("a match");
    info.players.insert("A".into(), side("a"));
    info.players.insert("B".into(), side("b"));
    info.registry = Registry::default();
    info
}

/// Sends events in order and follows over and position.
pub(crate) struct Feed {
    pub(crate) game: Match,
    pub(crate) sent: Vec<Event>,
    pub(crate) innings: u8,
    pub(crate) over: u16,
    pub(crate) pos: u16,
    pub(crate) last: Option<Applied>,
}

impl Feed {
    pub(crate) fn new() -> Self {
        Self::on("2024-06-01")
    }

    pub(crate) fn on(date: &str) -> Self {
        Self::of(info(date))
    }

    pub(crate) fn of(info: MatchInfo) -> Self {
        let mut feed = Self { game: Match::new(ID), sent: Vec::new(), innings: 0, over: 0, pos: 0, last: None };
        feed.send(Key::match_info(), EventData::MatchInfo(Box::new(info)));
        feed.start("A", None);
        feed
    }

    pub(crate) fn start(&mut self, team: &str, target: Option<Target>) -> &Applied {
        self.start_kind(team, target, InningsKind::Normal)
    }

    pub(crate) fn start_kind(&mut self, team: &str, target: Option<Target>, kind: InningsKind) -> &Applied {
        (self.innings, self.over, self.pos) = (self.innings + 1, 0, 0);
        let start = InningsStart {
            innings: self.innings,
            team: team.into(),
            kind,
            target,
            penalty_pre: None,
            openers: Vec::new(),
            forfeited: false,
            follow_on: false,
            ext: Ext::new(),
        };
        self.send(Key::innings(self.innings), EventData::InningsStart(Box::new(start)))
    }

    pub(crate) fn send(&mut self, key: Key, data: EventData) -> &Applied {
        let event = Event::new(ID, self.sent.len() as u64 + 1, key, data);
        self.sent.push(event.clone());
        self.last.insert(self.game.apply(event))
    }

    /// A delivery, before it is sent.
    pub(crate) fn draft(&self, batter: &str, non_striker: &str, bowler: &str, bat: u16) -> Delivery {
        Delivery {
            runs: Runs { bat, extras: 0, total: bat, non_boundary: false },
            ..Delivery::dot(
                (self.innings, self.over, self.pos + 1),
                player(batter),
                player(non_striker),
                player(bowler),
            )
        }
    }

    pub(crate) fn bowl(&mut self, ball: Delivery) -> &Applied {
        self.pos = ball.pos;
        let key = Key::delivery(ball.innings, ball.over, ball.pos);
        self.send(key, EventData::Delivery(Box::new(ball)))
    }

    /// A ball with runs off the bat and nothing else.
    pub(crate) fn ball(&mut self, batter: &str, non_striker: &str, bowler: &str, bat: u16) -> &Applied {
        let ball = self.draft(batter, non_striker, bowler, bat);
        self.bowl(ball)
    }

    /// A ball with extras of one kind or several.
    pub(crate) fn extra(
        &mut self,
        batter: &str,
        non_striker: &str,
        bowler: &str,
        bat: u16,
        extras: Extras,
    ) -> &Applied {
        let mut ball = self.draft(batter, non_striker, bowler, bat);
        let sum = extras.wides + extras.noballs + extras.byes + extras.legbyes + extras.penalty;
        ball.runs = Runs { bat, extras: sum, total: bat + sum, non_boundary: false };
        ball.extras = extras;
        self.bowl(ball)
    }

    /// A ball with a wicket.
    pub(crate) fn wicket(&mut self, batter: &str, non_striker: &str, bowler: &str, kind: DismissalKind) -> &Applied {
        let mut ball = self.draft(batter, non_striker, bowler, 0);
        ball.wickets.push(out(kind, batter));
        self.bowl(ball)
    }

    pub(crate) fn next_over(&mut self) {
        (self.over, self.pos) = (self.over + 1, 0);
    }

    pub(crate) fn now(&self) -> &Innings {
        self.game.state().current().expect("an innings")
    }

    pub(crate) fn anomalies(&self) -> Vec<String> {
        self.game.state().anomalies.iter().map(ToString::to_string).collect()
    }
}

pub(crate) fn out(kind: DismissalKind, who: &str) -> Wicket {
    Wicket { kind, player_out: player(who), fielders: Vec::new(), ext: Ext::new() }
}

pub(crate) fn team(name: &str) -> Arc<str> {
    name.into()
}
