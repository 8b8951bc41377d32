//! Files to events and events to files.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::{CricsheetInnings, CricsheetMatch, CricsheetOver, EXT, overlay};
use crate::event::{
    Delivery, Event, EventData, Ext, InningsEnd, InningsKind, InningsStart, Key, MatchEnd, MatchInfo, MiscountedOver,
    OverEnd, PenaltyRuns, PenaltySide,
};

/// The name in an innings' `ext` of its overs where their deliveries alone do not give them back.
const OVERS: &str = "cricsheet_overs";

/// The events of a file as a live feed would have sent them, in order, `seq` from 1. An over's end is sent for each
/// completed over, an innings' end for each innings, the match's end at the end.
pub fn to_events(match_id: impl Into<Arc<str>>, file: &CricsheetMatch) -> Vec<Event> {
    into_events(match_id, file.clone())
}

/// Like [`to_events`], for a file that is needed no more: nothing is copied.
pub fn into_events(match_id: impl Into<Arc<str>>, file: CricsheetMatch) -> Vec<Event> {
    let CricsheetMatch { meta, mut info, end, innings, ext } = file;
    let balls_per_over = info.balls_per_over;
    let mut kept = Map::new();
    for (name, part) in [("meta", meta), ("file", ext)] {
        if !part.is_empty() {
            kept.insert(name.to_owned(), Value::Object(part));
        }
    }
    if let Some(rest) = info.ext.shift_remove(EXT) {
        kept.insert("info".to_owned(), rest);
    }
    overlay::keep(&mut info.ext, kept);
    let balls: usize = innings.iter().flat_map(|innings| &innings.overs).map(|over| over.deliveries.len() + 1).sum();
    let mut feed = Feed { match_id: match_id.into(), events: Vec::with_capacity(balls + 16) };
    feed.send(Key::match_info(), EventData::MatchInfo(Box::new(info)));
    for one in innings {
        feed.innings(one, balls_per_over);
    }
    if let Some(end) = end {
        feed.send(Key::result(), EventData::MatchEnd(Box::new(end)));
    }
    feed.events
}

struct Feed {
    match_id: Arc<str>,
    events: Vec<Event>,
}

impl Feed {
    fn send(&mut self, key: Key, data: EventData) {
        let seq = self.events.len() as u64 + 1;
        self.events.push(Event::new(self.match_id.clone(), seq, key, data));
    }

    fn innings(&mut self, innings: CricsheetInnings, balls_per_over: u16) {
        let CricsheetInnings { mut start, powerplays, overs, end } = innings;
        let number = start.innings;
        if let Some(shapes) = shapes(&overs) {
            start.ext.insert(OVERS.to_owned(), shapes);
        }
        self.send(Key::innings(number), EventData::InningsStart(Box::new(start)));
        for (powerplay, index) in powerplays.into_iter().zip(1..) {
            self.send(Key::powerplay(number, index), EventData::Powerplay(Box::new(powerplay)));
        }
        let mut overs = overs.into_iter().peekable();
        while let Some(CricsheetOver { over, deliveries, .. }) = overs.next() {
            let legal: usize = deliveries.iter().filter(|ball| ball.is_legal()).count();
            let bowler = deliveries.last().map(|ball| ball.bowler.clone());
            for ball in deliveries {
                self.send(Key::delivery(number, over, ball.pos), EventData::Delivery(Box::new(ball)));
            }
            // Every over but the last has ended; the last has if its balls were bowled, by our count or the umpire's.
            let next = overs.peek().map(|next| next.over);
            let counted =
                end.miscounted_overs.iter().find(|known| known.over == over).and_then(MiscountedOver::ball_count);
            let full = legal >= usize::from(counted.unwrap_or(balls_per_over));
            if let Some(bowler) = bowler.filter(|_| next.map_or(full, |next| next != over)) {
                let data = OverEnd { innings: number, over, bowler, legal_balls: None, ext: Ext::new() };
                self.send(Key::over_end(number, over), EventData::OverEnd(Box::new(data)));
            }
        }
        self.send(Key::innings_end(number), EventData::InningsEnd(Box::new(end)));
    }
}

/// The overs of an innings one by one, where their deliveries do not tell: an over without any, an over in two parts,
/// an over with keys of its own.
fn shapes(overs: &[CricsheetOver]) -> Option<Value> {
    let plain = overs.iter().all(|over| over.ext.is_empty() && !over.deliveries.is_empty())
        && overs.iter().zip(overs.iter().skip(1)).all(|(over, next)| over.over < next.over);
    (!plain).then(|| {
        let shape = |over: &CricsheetOver| {
            serde_json::json!({ "over": over.over, "deliveries": over.deliveries.len(), "ext": over.ext })
        };
        Value::Array(overs.iter().map(shape).collect())
    })
}

/// The file that a match's events make. Of each key the highest revision stands, in the place of its first; retracted
/// things are left out, replaced overs stand for what was sent before them. For a feed with disorder pass
/// [`Match::live_events`](crate::score::Match::live_events).
pub fn from_events<'a>(events: impl IntoIterator<Item = &'a Event>) -> CricsheetMatch {
    let mut standing: IndexMap<&Key, &Event> = IndexMap::new();
    for event in events {
        let known = standing.entry(&event.key).or_insert(event);
        if event.rev >= known.rev {
            *known = event;
        }
    }
    let mut draft = Draft::default();
    for event in standing.into_values() {
        draft.take(event);
    }
    draft.finish()
}

/// A file in the making.
#[derive(Default)]
struct Draft {
    info: Option<MatchInfo>,
    end: Option<MatchEnd>,
    innings: Vec<InningsDraft>,
}

struct InningsDraft {
    innings: CricsheetInnings,
    balls: Vec<(u64, Delivery)>,
    replaced: HashMap<u16, u64>,
}

impl Draft {
    fn take(&mut self, event: &Event) {
        match &event.data {
            EventData::MatchInfo(info) => self.info = Some((**info).clone()),
            EventData::Toss(toss) => {
                if let Some(info) = self.info.as_mut() {
                    info.toss = Some((**toss).clone());
                }
            }
            EventData::Lineup(lineup) => {
                if let Some(info) = self.info.as_mut() {
                    info.players.insert(lineup.team.clone(), lineup.players.clone());
                }
            }
            EventData::InningsStart(start) => self.innings(start.innings).innings.start = (**start).clone(),
            EventData::Powerplay(powerplay) => {
                self.innings(powerplay.innings).innings.powerplays.push((**powerplay).clone());
            }
            EventData::Delivery(ball) => self.innings(ball.innings).balls.push((event.seq, (**ball).clone())),
            EventData::OverReplace(over) => {
                let innings = self.innings(over.innings);
                innings.replaced.insert(over.over, event.seq);
                for (ball, pos) in over.deliveries.iter().zip(1..) {
                    let ball = Delivery { innings: over.innings, over: over.over, pos, ..ball.clone() };
                    innings.balls.push((event.seq, ball));
                }
            }
            EventData::TargetRevision(revision) => {
                self.innings(revision.innings).innings.start.target = Some(revision.target);
            }
            EventData::PenaltyRuns(penalty) => self.penalty(penalty),
            EventData::Declaration(note) => {
                let number = note.innings.or_else(|| self.innings.last().map(|last| last.innings.start.innings));
                if let Some(number) = number {
                    self.innings(number).innings.end.reason = Some("declared".to_owned());
                }
            }
            EventData::InningsEnd(end) => {
                let known = &mut self.innings(end.innings).innings.end;
                let post = known.penalty_post;
                known.clone_from(end);
                known.penalty_post = sum(post, end.penalty_post);
            }
            EventData::MatchEnd(end) => self.end = Some((**end).clone()),
            _ => {}
        }
    }

    /// Penalty runs of no ball: the format books them before or after an innings.
    fn penalty(&mut self, penalty: &PenaltyRuns) {
        let runs = Some(penalty.runs);
        let current = self.innings(penalty.innings).innings.start.team.clone();
        let earlier = self
            .innings
            .iter()
            .rev()
            .find(|draft| draft.innings.start.innings < penalty.innings && draft.innings.start.team != current);
        let to = match penalty.side {
            PenaltySide::Batting => penalty.innings,
            PenaltySide::Fielding => match earlier.map(|draft| draft.innings.start.innings) {
                Some(earlier) => earlier,
                None => penalty.innings.saturating_add(1),
            },
        };
        let innings = &mut self.innings(to).innings;
        if penalty.when.as_deref() == Some("pre") || to > penalty.innings {
            innings.start.penalty_pre = sum(innings.start.penalty_pre, runs);
        } else {
            innings.end.penalty_post = sum(innings.end.penalty_post, runs);
        }
    }

    fn innings(&mut self, number: u8) -> &mut InningsDraft {
        let at = self.innings.partition_point(|draft| draft.innings.start.innings < number);
        if self.innings.get(at).is_none_or(|draft| draft.innings.start.innings != number) {
            let start = InningsStart {
                innings: number,
                team: Arc::default(),
                kind: InningsKind::Normal,
                target: None,
                penalty_pre: None,
                openers: Vec::new(),
                forfeited: false,
                follow_on: false,
                ext: Ext::new(),
            };
            let end = InningsEnd { innings: number, ..InningsEnd::default() };
            let innings = CricsheetInnings { start, powerplays: Vec::new(), overs: Vec::new(), end };
            self.innings.insert(at, InningsDraft { innings, balls: Vec::new(), replaced: HashMap::new() });
        }
        &mut self.innings[at]
    }

    fn finish(self) -> CricsheetMatch {
        let mut info = self.info.unwrap_or_else(unknown_match);
        let mut kept = match info.ext.shift_remove(EXT) {
            Some(Value::Object(kept)) => kept,
            _ => Map::new(),
        };
        let mut part = |name: &str| match kept.shift_remove(name) {
            Some(Value::Object(part)) => part,
            _ => Map::new(),
        };
        let (meta, ext, rest) = (part("meta"), part("file"), part("info"));
        overlay::keep(&mut info.ext, rest);
        let innings = self.innings.into_iter().map(InningsDraft::finish).collect();
        CricsheetMatch { meta, info, end: self.end, innings, ext }
    }
}

impl InningsDraft {
    fn finish(self) -> CricsheetInnings {
        let Self { mut innings, mut balls, replaced } = self;
        balls.retain(|(seq, ball)| replaced.get(&ball.over).is_none_or(|since| seq >= since));
        // What was sent later for a ball stands; sorting is stable, so the later one of equal places is the last.
        balls.sort_by_key(|(_, ball)| (ball.over, ball.pos));
        balls.dedup_by(|later, earlier| {
            let same = (later.1.over, later.1.pos) == (earlier.1.over, earlier.1.pos);
            if same && later.0 >= earlier.0 {
                std::mem::swap(later, earlier);
            }
            same
        });
        let mut overs: BTreeMap<u16, VecDeque<Delivery>> = BTreeMap::new();
        for (_, ball) in balls {
            overs.entry(ball.over).or_default().push_back(ball);
        }
        // Overs that do not follow from their balls alone come in the file's order, each with as many balls as it had.
        if let Some(Value::Array(shapes)) = innings.start.ext.shift_remove(OVERS) {
            for shape in shapes {
                let count = shape.get("deliveries").and_then(Value::as_u64).unwrap_or(0);
                let over = shape.get("over").and_then(Value::as_u64).and_then(|over| u16::try_from(over).ok());
                let over = over.unwrap_or(0);
                let ext = shape.get("ext").and_then(Value::as_object).cloned().unwrap_or_default();
                let known = overs.entry(over).or_default();
                let count = usize::try_from(count).unwrap_or(usize::MAX).min(known.len());
                innings.overs.push(CricsheetOver { over, deliveries: known.drain(..count).collect(), ext });
            }
        }
        let rest = overs.into_iter().filter(|(_, balls)| !balls.is_empty());
        innings.overs.extend(rest.map(|(over, balls)| CricsheetOver {
            over,
            deliveries: balls.into(),
            ext: Ext::new(),
        }));
        innings
    }
}

fn sum(one: Option<u16>, other: Option<u16>) -> Option<u16> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        (one, other) => one.or(other),
    }
}

/// The facts of a match whose feed never sent them.
fn unknown_match() -> MatchInfo {
    MatchInfo {
        teams: Vec::new(),
        players: IndexMap::new(),
        registry: crate::event::Registry::default(),
        match_type: String::new(),
        match_type_number: None,
        gender: None,
        team_type: None,
        venue: None,
        city: None,
        dates: Vec::new(),
        season: None,
        event: None,
        overs: None,
        balls_per_over: 6,
        toss: None,
        officials: None,
        supersubs: IndexMap::new(),
        rules: None,
        ext: Ext::new(),
    }
}
