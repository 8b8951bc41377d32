//! A scorer who changes their mind, and knows what the final word is: the deeds as events, and the truth without them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use std::collections::BTreeMap;

use cricket::event::{Delivery, Event, EventData, EventStatus, Ext, Extras, Key, OverReplace, Runs};
use proptest::sample::Index;

/// What a scorer may do to what was sent.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    /// Other runs for a ball.
    Correct(Index, u16),
    /// The same, said as provisional first and confirmed after.
    LookAgain(Index, u16),
    /// A ball never was.
    Retract(Index),
    /// It was after all, as first sent.
    Restore(Index),
    /// The over of a ball anew: these runs, ball by ball.
    ReplaceOver(Index, Vec<u16>),
    /// The over of a ball was right as it was.
    RetractReplacement(Index),
    /// Everything that stands once more, under a new epoch.
    Resend,
}

type Over = (u8, u16);

/// The events sent, and what they come to.
pub(crate) struct Scorer {
    original: Vec<Event>,
    pub(crate) sent: Vec<Event>,
    /// The last word on each ball, `None` where it never was, with the number of the message.
    balls: BTreeMap<(Over, u16), (Option<Delivery>, usize)>,
    /// The last word on each replaced over.
    overs: BTreeMap<Over, (Option<Vec<Delivery>>, usize)>,
    latest: BTreeMap<Key, Event>,
    epoch: (u32, u64),
}

impl Scorer {
    pub(crate) fn new(events: &[Event]) -> Self {
        let mut scorer = Self {
            original: events.to_vec(),
            sent: Vec::new(),
            balls: BTreeMap::new(),
            overs: BTreeMap::new(),
            latest: BTreeMap::new(),
            epoch: (1, 0),
        };
        for event in events {
            scorer.say(event.clone());
        }
        scorer
    }

    pub(crate) fn does(&mut self, deed: &Deed) {
        let balls: Vec<Event> =
            self.original.iter().filter(|event| matches!(event.data, EventData::Delivery(_))).cloned().collect();
        let pick = |which: &Index| (!balls.is_empty()).then(|| balls[which.index(balls.len())].clone());
        match deed {
            Deed::Correct(which, bat) => {
                if let Some(event) = pick(which) {
                    self.revise(&event.key, scored(&event, *bat), EventStatus::Confirmed);
                }
            }
            Deed::LookAgain(which, bat) => {
                if let Some(event) = pick(which) {
                    self.revise(&event.key, scored(&event, *bat), EventStatus::Provisional);
                    self.revise(&event.key, scored(&event, *bat), EventStatus::Confirmed);
                }
            }
            Deed::Retract(which) => {
                if let Some(event) = pick(which) {
                    self.revise(&event.key, EventData::Retract, EventStatus::Confirmed);
                }
            }
            Deed::Restore(which) => {
                if let Some(event) = pick(which) {
                    self.revise(&event.key, event.data.clone(), EventStatus::Confirmed);
                }
            }
            Deed::ReplaceOver(which, runs) => {
                if let Some(event) = pick(which) {
                    self.replace_over(&event, runs);
                }
            }
            Deed::RetractReplacement(which) => {
                let key = pick(which).map(|event| over_key(&event));
                if let Some(key) = key.filter(|key| self.latest.contains_key(key)) {
                    self.revise(&key, EventData::Retract, EventStatus::Confirmed);
                }
            }
            Deed::Resend => self.resend(),
        }
    }

    fn revise(&mut self, key: &Key, data: EventData, status: EventStatus) {
        let next = self.latest[key].revised(1, 0, data);
        self.say(Event { status, ..next });
    }

    fn replace_over(&mut self, event: &Event, runs: &[u16]) {
        let (key, ball) = (over_key(event), ball_of(event).unwrap());
        let deliveries = runs.iter().zip(1..).map(|(bat, pos)| Delivery { pos, ..with_runs(ball, *bat) }).collect();
        let data = OverReplace { innings: ball.innings, over: ball.over, deliveries, ext: Ext::new() };
        let data = EventData::OverReplace(Box::new(data));
        if self.latest.contains_key(&key) {
            self.revise(&key, data, EventStatus::Confirmed);
        } else {
            self.say(Event::new(event.match_id.clone(), 0, key, data));
        }
    }

    fn resend(&mut self) {
        self.epoch = (self.epoch.0 + 1, 0);
        let mut standing: Vec<Event> = self.latest.values().cloned().collect();
        standing.sort_by_key(|event| (event.epoch, event.seq));
        for mut event in standing {
            self.stamp(&mut event);
            self.sent.push(event);
        }
    }

    fn stamp(&mut self, event: &mut Event) {
        self.epoch.1 += 1;
        (event.epoch, event.seq) = self.epoch;
    }

    fn say(&mut self, mut event: Event) {
        self.stamp(&mut event);
        let number = self.sent.len();
        match (&event.data, self.latest.get(&event.key).map(|known| &known.data)) {
            (EventData::Delivery(ball), _) => {
                self.balls.insert(place(ball), (Some((**ball).clone()), number));
            }
            (EventData::OverReplace(over), _) => {
                self.overs.insert((over.innings, over.over), (Some(over.deliveries.clone()), number));
            }
            (EventData::Retract, Some(EventData::Retract)) => {
                // Said once more, later: it counts from now.
                for (at, word) in &mut self.balls {
                    if ball_key(*at) == event.key {
                        *word = (None, number);
                    }
                }
            }
            (EventData::Retract, Some(EventData::Delivery(ball))) => {
                self.balls.insert(place(ball), (None, number));
            }
            (EventData::Retract, Some(EventData::OverReplace(over))) => {
                self.overs.insert((over.innings, over.over), (None, number));
            }
            _ => {}
        }
        self.latest.insert(event.key.clone(), event.clone());
        self.sent.push(event);
    }

    /// The events of a feed that had it right from the start.
    pub(crate) fn truth(&self) -> Vec<Event> {
        let mut balls: BTreeMap<Over, BTreeMap<u16, Delivery>> = BTreeMap::new();
        for (over, (replaced, _)) in &self.overs {
            for ball in replaced.iter().flatten() {
                balls.entry(*over).or_default().insert(ball.pos, ball.clone());
            }
        }
        for ((over, pos), (word, when)) in &self.balls {
            let since = self.overs.get(over).filter(|(replaced, _)| replaced.is_some()).map(|(_, since)| *since);
            if since.is_some_and(|since| *when < since) {
                continue;
            }
            let over = balls.entry(*over).or_default();
            match word {
                Some(ball) => drop(over.insert(*pos, ball.clone())),
                None => drop(over.remove(pos)),
            }
        }
        let mut truth: Vec<Event> = Vec::new();
        for event in &self.original {
            let Some(ball) = ball_of(event) else {
                truth.push(event.clone());
                continue;
            };
            // With the first ball of an over come all of it.
            for ball in balls.remove(&(ball.innings, ball.over)).into_iter().flatten().map(|(_, ball)| ball) {
                let key = Key::delivery(ball.innings, ball.over, ball.pos);
                truth.push(Event::new(event.match_id.clone(), 0, key, EventData::Delivery(Box::new(ball))));
            }
        }
        for (event, seq) in truth.iter_mut().zip(1..) {
            (event.epoch, event.seq) = (1, seq);
        }
        truth
    }
}

fn ball_of(event: &Event) -> Option<&Delivery> {
    match &event.data {
        EventData::Delivery(ball) => Some(ball),
        _ => None,
    }
}

fn place(ball: &Delivery) -> (Over, u16) {
    ((ball.innings, ball.over), ball.pos)
}

fn ball_key(((innings, over), pos): (Over, u16)) -> Key {
    Key::delivery(innings, over, pos)
}

fn over_key(event: &Event) -> Key {
    let ball = ball_of(event).unwrap();
    Key::over(ball.innings, ball.over)
}

fn with_runs(ball: &Delivery, bat: u16) -> Delivery {
    let runs = Runs { bat, extras: 0, total: bat, non_boundary: false };
    Delivery { runs, extras: Extras::default(), wickets: Vec::new(), ..ball.clone() }
}

fn scored(event: &Event, bat: u16) -> EventData {
    EventData::Delivery(Box::new(with_runs(ball_of(event).unwrap(), bat)))
}
