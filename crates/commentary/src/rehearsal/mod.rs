//! A rehearsal: moments of invented matches in which everything happens that can, so that a phrasebook can be tried
//! before it goes on the air.
//!
//! `script` holds what may happen; [`rehearse`] plays invented matches and, every few balls and at the last one, looks at
//! what each of those would have brought instead.

mod script;

use cricket::{
    event::{Event, EventData, decode_payload},
    player::PersonId,
    score::{Happening, Match},
    simulate::{Finish, Format, Gender, SimulationSettings, simulate_events},
};
use serde_json::{Value, json};

use crate::{
    archive::{Answer, Archive, BatterRecord, BowlerRecord, HeadToHead, Question, Told},
    moment::Moment,
};

/// The match's id.
const NAME: &str = "rehearsal";

/// Every so many balls of a match, everything that can happen is tried.
const EVERY: usize = 29;

/// Every so many-th of the balls that can happen is tried as a correction: each takes a replay of the match.
const CORRECTED: usize = 4;

/// Shows every moment of the rehearsal, some ten thousand: whole matches, and beside them what else may happen. The
/// same each time. Takes a second or two.
pub fn rehearse(see: &mut dyn FnMut(&Moment)) {
    for settings in matches() {
        let events = played(&settings);
        let last = events.iter().rposition(|event| matches!(event.data, EventData::Delivery(_)));
        let mut game = Match::new(NAME);
        for (index, event) in events.iter().enumerate() {
            // The last ball too: with it a match is won in every way.
            if index % EVERY == 0 || Some(index) == last {
                Stage { game: &game, events: &events[index..] }.everything(see);
            }
            show(&mut game, event, see);
        }
        Stage { game: &game, events: &[] }.everything(see);
    }
    given_away(see);
    sessions(see);
    unknown_sides(see);
}

/// A match's events under the rehearsal's name; none where it cannot be played.
fn played(settings: &SimulationSettings) -> Vec<Event> {
    let mut events = simulate_events(settings).unwrap_or_default();
    for event in &mut events {
        event.match_id = NAME.into();
    }
    events
}

fn matches() -> [SimulationSettings; 3] {
    let first = SimulationSettings::new(7);
    let close = SimulationSettings { gender: Gender::Female, finish: Finish::LastOver, ..SimulationSettings::new(11) };
    let long = SimulationSettings { format: Format::Odi, ..SimulationSettings::new(3) };
    [first, close, long]
}

/// A chase lost by less than the side had given away in wides and no-balls.
fn given_away(see: &mut dyn FnMut(&Moment)) {
    let mut game = Match::new(NAME);
    for event in played(&SimulationSettings { finish: Finish::LastOver, ..SimulationSettings::new(372) }) {
        show(&mut game, &event, see);
    }
}

/// A match without a limit of overs, with an interval now and then.
fn sessions(see: &mut dyn FnMut(&Moment)) {
    let mut game = Match::new(NAME);
    let (mut seq, mut balls, mut intervals) = (0, 0, script::INTERVALS.iter().cycle());
    let mut play = |game: &mut Match, mut event: Event| {
        seq += 1;
        event.seq = seq;
        show(game, &event, see);
    };
    for mut played in played(&SimulationSettings { format: Format::Odi, ..SimulationSettings::new(3) }) {
        if let EventData::MatchInfo(info) = &mut played.data {
            info.overs = None;
        }
        balls += usize::from(matches!(played.data, EventData::Delivery(_)));
        play(&mut game, played);
        if balls < EVERY {
            continue;
        }
        balls = 0;
        let Some(reason) = intervals.next() else { return };
        for (kind, key) in [("interruption", "stop"), ("resume_play", "resume")] {
            let key = format!("{key}-{}", game.position().1);
            if let Some(stop) = event(&json!({"type": kind, "key": key, "data": {"reason": reason}})) {
                play(&mut game, stop);
            }
        }
    }
}

/// A match that begins without its sides being known, and one that was joined late.
fn unknown_sides(see: &mut dyn FnMut(&Moment)) {
    let mut game = Match::new(NAME);
    if let Some(event) =
        event(&json!({"type": "match_info", "key": "match", "data": {"teams": [], "match_type": "T20"}}))
    {
        show(&mut game, &event, see);
    }
    let events = played(&SimulationSettings::new(5));
    let mut game = Match::new(NAME);
    for event in events.into_iter().filter(|event| !event.key.as_str().starts_with("i1.o0.d")) {
        show(&mut game, &event, see);
    }
}

/// Plays an event and shows its moment; says whether somebody reached something with it.
fn show(game: &mut Match, event: &Event, see: &mut dyn FnMut(&Moment)) -> bool {
    let applied = game.apply(event.clone());
    if let Some(moment) = Moment::form(game.state(), event, &applied.happenings, &Meetings) {
        see(&moment);
    }
    applied.happenings.iter().any(|happening| {
        matches!(
            happening,
            Happening::BatterMilestone { .. }
                | Happening::HatTrick { .. }
                | Happening::HatTrickBall { .. }
                | Happening::OverCompleted { maiden: true, .. }
        )
    })
}

/// Corrects a ball: lays something over it, or takes it out.
fn withdraw(game: &mut Match, ball: &Event, overlay: &str, see: &mut dyn FnMut(&Moment)) {
    let data = match (&ball.data, overlay) {
        (EventData::Delivery(delivery), overlay) if overlay != "retract" => {
            let laid = serde_json::to_value(delivery).ok().zip(serde_json::from_str::<Value>(overlay).ok());
            let Some((mut data, laid)) = laid else { return };
            for (field, value) in laid.as_object().into_iter().flatten() {
                data[field] = value.clone();
            }
            match serde_json::from_value(data) {
                Ok(delivery) => EventData::Delivery(delivery),
                Err(_) => return,
            }
        }
        _ => EventData::Retract,
    };
    let revised = ball.revised(1, game.position().1 + 1, data);
    let applied = game.apply(revised.clone());
    if let Some(moment) = Moment::correction(game.state(), &revised, &applied) {
        see(&moment);
    }
}

/// An event of the rehearsal from its type, key and data.
fn event(parts: &Value) -> Option<Event> {
    let mut wire = json!({"v": 1, "match_id": NAME, "epoch": 1, "seq": 1});
    for (field, value) in parts.as_object()? {
        wire[field] = value.clone();
    }
    decode_payload(wire.to_string().as_bytes()).ok()?.into_iter().next()?.ok()
}

/// A point of a match, with what comes next in it.
struct Stage<'a> {
    game: &'a Match,
    events: &'a [Event],
}

impl Stage<'_> {
    fn everything(&self, see: &mut dyn FnMut(&Moment)) {
        let ball = self.events.iter().find(|event| matches!(event.data, EventData::Delivery(_)));
        if let Some(ball) = ball {
            for (number, overlay) in script::BALLS.iter().enumerate() {
                for status in ["confirmed", "provisional"] {
                    self.instead(ball, overlay, status, see);
                }
                if number % CORRECTED == 0 {
                    self.corrected(ball, overlay, see);
                }
            }
            self.corrected(ball, "retract", see);
            for (overlays, balls) in script::STRETCHES {
                self.stretch(overlays, *balls, see);
            }
        }
        if ball.is_none() {
            // Long after: the chase was for a run too many.
            let early = self
                .game
                .live_events()
                .find(|event| matches!(&event.data, EventData::Delivery(ball) if ball.runs.total > 0));
            if let Some(early) = early.cloned() {
                withdraw(&mut self.game.clone(), &early, script::PLAIN, see);
            }
        }
        for aside in script::ASIDES {
            let mut game = self.game.clone();
            let filled = script::fill(aside, game.state(), ball);
            let parts = match serde_json::from_str::<Value>(&filled) {
                Ok(Value::Array(parts)) => parts,
                Ok(parts) => vec![parts],
                Err(_) => continue,
            };
            for (number, mut parts) in parts.into_iter().enumerate() {
                parts["seq"] = json!(game.position().1 + 1);
                if parts.get("key").is_none() {
                    parts["key"] = json!(format!("aside-{number}"));
                }
                if let Some(event) = event(&parts) {
                    show(&mut game, &event, see);
                }
            }
        }
    }

    /// The ball as it might have gone.
    fn altered(&self, ball: &Event, overlay: &str) -> Option<Event> {
        let EventData::Delivery(delivery) = &ball.data else { return None };
        let mut data = serde_json::to_value(delivery).ok()?;
        for (field, value) in serde_json::from_str::<Value>(script::PLAIN).ok()?.as_object()? {
            data[field] = value.clone();
        }
        let filled = script::fill(overlay, self.game.state(), Some(ball));
        for (field, value) in serde_json::from_str::<Value>(&filled).ok()?.as_object()? {
            data[field] = value.clone();
        }
        event(&json!({"type": "delivery", "key": ball.key.as_str(), "seq": ball.seq, "data": data}))
    }

    fn instead(&self, ball: &Event, overlay: &str, status: &str, see: &mut dyn FnMut(&Moment)) {
        let Some(mut altered) = self.altered(ball, overlay) else { return };
        if status == "provisional" {
            altered.status = cricket::event::EventStatus::Provisional;
        }
        show(&mut self.game.clone(), &altered, see);
    }

    fn corrected(&self, ball: &Event, overlay: &str, see: &mut dyn FnMut(&Moment)) {
        let data = match overlay {
            "retract" => EventData::Retract,
            overlay => match self.altered(ball, overlay) {
                Some(altered) => altered.data,
                None => return,
            },
        };
        let mut game = self.game.clone();
        game.apply(ball.clone());
        let revised = ball.revised(1, ball.seq + 1, data);
        let applied = game.apply(revised.clone());
        if let Some(moment) = Moment::correction(game.state(), &revised, &applied) {
            see(&moment);
        }
    }

    /// The next balls, all going as the overlays say, each so often in a row, in turn.
    fn stretch(&self, overlays: &[(&str, usize)], balls: usize, see: &mut dyn FnMut(&Moment)) {
        let mut game = self.game.clone();
        let in_turn = overlays.iter().flat_map(|(overlay, times)| std::iter::repeat_n(*overlay, *times)).cycle();
        for (next, overlay) in self.events.iter().take(balls).zip(in_turn) {
            let next = self.altered(next, overlay).unwrap_or_else(|| next.clone());
            if show(&mut game, &next, see) {
                // What was reached with this ball falls with it.
                withdraw(&mut game.clone(), &next, script::PLAIN, see);
                withdraw(&mut game.clone(), &next, "retract", see);
            }
        }
    }
}

/// Past meetings of every pair, and the ground's past.
struct Meetings;

impl Archive for Meetings {
    fn batter_v_bowler(&self, _: &PersonId, _: &PersonId) -> Option<HeadToHead> {
        Some(HeadToHead { balls: 31, runs: 44, dismissals: 2, scope: "T20s".to_owned(), since_year: 2019 })
    }

    fn batter_record(&self, _: &PersonId) -> Option<BatterRecord> {
        None
    }

    fn bowler_record(&self, _: &PersonId) -> Option<BowlerRecord> {
        None
    }

    fn ask(&self, question: &Question) -> Option<Answer> {
        let told = match question {
            Question::BatterHere(_) => Told::Batting { innings: 9, runs: 312, balls: 240 },
            Question::BowlerHere(_) => Told::Bowling { innings: 11, balls: 220, runs: 301, wickets: 14 },
            Question::ChasesHere => Told::Chases { decided: 40, won: 23, highest: Some(188) },
            Question::ParHere => Told::Par { innings: 31, par: 171, usual: 160 },
            _ => return None,
        };
        Some(Answer { scope: "men's league T20s".to_owned(), since_year: 2008, surprise: 0.3, told })
    }
}
