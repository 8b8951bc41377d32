//! Which published lines no longer hold after the score was rebuilt: each is held against its own moment, formed anew.

use std::collections::{HashMap, HashSet};

use cricket::{
    event::{Delivery, Event, EventData, EventStatus, Key},
    score::{Happening, Match, MatchState},
};

use crate::{
    archive::Archive,
    checker::check_as,
    facts::FactRef,
    line::LineKind,
    moment::{Moment, audible},
    notes,
    persona::Persona,
    phrasebook::fnv,
};

/// A claim of a published line, as a number: a fact's id and value.
pub fn claim(fact: &FactRef) -> u64 {
    fnv(&[&fact.id, &fact.value])
}

/// A published line.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The event that it is about.
    pub key: &'a Key,
    /// Its kind.
    pub kind: LineKind,
    /// Who said it.
    pub persona: &'a Persona,
    /// The words.
    pub text: &'a str,
    /// Its claims, each as [`claim`] has it.
    pub claims: &'a [u64],
}

/// What a rebuild changed.
#[derive(Debug, Clone, Default)]
pub struct Changed {
    /// Places of balls that were told otherwise: innings, over, position.
    balls: HashSet<(u8, u16, u16)>,
    /// Innings in which anything differs; `None` where that is not known.
    innings: Option<HashSet<u8>>,
}

impl Changed {
    /// From what is no longer true and what newly is; `before` and `after` are the states, where the earlier one is known.
    pub fn of(
        withdrawn: &[Happening],
        happenings: &[Happening],
        before: Option<&MatchState>,
        after: &MatchState,
    ) -> Self {
        let fresh: HashMap<_, _> = happenings.iter().filter_map(ball).map(|ball| (place(ball), ball)).collect();
        let same = |ball: &Delivery| fresh.get(&place(ball)).is_some_and(|now| audible(now) == audible(ball));
        let balls = withdrawn.iter().filter_map(ball).filter(|ball| !same(ball)).map(place).collect();
        Self { balls, innings: before.map(|before| differing(before, after)) }
    }

    fn touches(&self, innings: u8) -> bool {
        self.innings.as_ref().is_none_or(|touched| touched.contains(&innings))
    }
}

fn ball(happening: &Happening) -> Option<&Delivery> {
    match happening {
        Happening::Ball(ball) => Some(ball),
        _ => None,
    }
}

fn place(ball: &Delivery) -> (u8, u16, u16) {
    (ball.innings, ball.over, ball.pos)
}

/// Innings that are not the same in both; where only the result differs, the last one.
fn differing(before: &MatchState, after: &MatchState) -> HashSet<u8> {
    let numbers = before.innings.iter().chain(&after.innings).map(|innings| innings.number);
    let find = |state: &'_ MatchState, number: u8| state.innings.iter().position(|innings| innings.number == number);
    let mut found: HashSet<u8> = numbers
        .filter(|number| {
            let [was, is] = [
                find(before, *number).map(|at| &before.innings[at]),
                find(after, *number).map(|at| &after.innings[at]),
            ];
            was != is
        })
        .collect();
    if before.info != after.info {
        found.extend(after.innings.iter().map(|innings| innings.number).chain([0]));
    }
    if (&before.computed_result, &before.recorded_result) != (&after.computed_result, &after.recorded_result) {
        found.extend(after.innings.last().map(|innings| innings.number));
    }
    found
}

/// For each line whether it has fallen: its ball was told otherwise, its event is gone, or its moment, formed anew from
/// the match as it stands, does not hold one of its claims. A correction falls with the next change that touches its
/// innings, since what it was said against is gone. Takes one replay of the match, and of the moments only those of
/// innings that changed and were spoken of.
pub fn fallen(game: &Match, changed: &Changed, told: &[Told<'_>], archive: &dyn Archive) -> Vec<bool> {
    let mut by_key: HashMap<&Key, Vec<usize>> = HashMap::new();
    for (index, line) in told.iter().enumerate() {
        by_key.entry(line.key).or_default().push(index);
    }
    // What is not met on the way has lost its event.
    let mut fallen = vec![true; told.len()];
    let mut again = Match::new(game.id().clone());
    for mut event in played(game) {
        let key = event.key.clone();
        let lines = by_key.get(&key);
        if lines.is_some_and(|lines| lines.iter().any(|line| is_pending(told, *line))) {
            event.status = EventStatus::Provisional;
        }
        let applied = again.apply(event.clone());
        let Some(lines) = lines else { continue };
        let state = again.state();
        let innings = match &event.data {
            EventData::Delivery(ball) => ball.innings,
            _ => state.current().map_or(0, |innings| innings.number),
        };
        if !changed.touches(innings) {
            for line in lines {
                keep(&mut fallen, *line, true);
            }
            continue;
        }
        let otherwise = matches!(&event.data, EventData::Delivery(ball) if changed.balls.contains(&place(ball)));
        let moment = Moment::form(state, &event, &applied.happenings, archive);
        let facts: HashSet<u64> =
            moment.iter().flat_map(|moment| moment.facts.list()).map(|fact| claim(&fact)).collect();
        for line in lines {
            let holds = !otherwise
                && told
                    .get(*line)
                    .zip(moment.as_ref())
                    .is_some_and(|(told, moment)| holds(told, state, moment, &facts, archive));
            keep(&mut fallen, *line, holds);
        }
    }
    fallen
}

fn keep(fallen: &mut [bool], line: usize, holds: bool) {
    if let Some(fallen) = fallen.get_mut(line) {
        *fallen = !holds;
    }
}

/// Whether a line was said while the umpires were looking, and said so: it is held to that.
fn is_pending(told: &[Told<'_>], line: usize) -> bool {
    let pending = claim(&FactRef { id: "event.review_pending".to_owned(), value: "review pending".to_owned() });
    told.get(line).is_some_and(|told| told.kind != LineKind::Status && told.claims.contains(&pending))
}

fn holds(told: &Told<'_>, state: &MatchState, moment: &Moment, facts: &HashSet<u64>, archive: &dyn Archive) -> bool {
    if told.kind == LineKind::Correction || !moment.kinds().contains(&told.kind) {
        return false;
    }
    if told.persona.notes > 0 {
        return notes::holds(told.text, state, moment, archive);
    }
    told.claims.iter().all(|claim| facts.contains(claim))
        && check_as(told.kind, told.text, moment, told.persona).is_ok()
}

/// The match's events as they stand, in order of play and numbered anew, balls of a replaced over in place of those first
/// sent for it.
fn played(game: &Match) -> Vec<Event> {
    let live: Vec<&Event> = game.live_events().collect();
    let mut replaced: Vec<(u8, u16)> = live
        .iter()
        .filter_map(|event| match &event.data {
            EventData::OverReplace(over) => Some((over.innings, over.over)),
            _ => None,
        })
        .collect();
    replaced.sort_unstable();
    replaced.dedup();
    let overs: HashSet<(u8, u16)> = replaced.iter().copied().collect();
    let keys: HashMap<(u8, u16, u16), &Key> = live
        .iter()
        .filter_map(|event| match &event.data {
            EventData::Delivery(ball) => Some((place(ball), &event.key)),
            _ => None,
        })
        .collect();
    let mut due = replaced.into_iter().peekable();
    let mut found = Vec::with_capacity(live.len());
    for event in live {
        let reached = match &event.data {
            EventData::Delivery(ball) => Some((ball.innings, ball.over)),
            EventData::OverEnd(end) => Some((end.innings, end.over)),
            EventData::InningsEnd(end) => Some((end.innings, u16::MAX)),
            EventData::InningsStart(start) => Some((start.innings.saturating_sub(1), u16::MAX)),
            _ => None,
        };
        while let Some(over) = due.next_if(|over| reached.is_some_and(|reached| *over <= reached)) {
            balls_of(game, over, &keys, &mut found);
        }
        let is_replaced =
            matches!(&event.data, EventData::Delivery(ball) if overs.contains(&(ball.innings, ball.over)));
        if !is_replaced && !matches!(event.data, EventData::OverReplace(_)) {
            found.push(event.clone());
        }
    }
    for over in due {
        balls_of(game, over, &keys, &mut found);
    }
    for (event, seq) in found.iter_mut().zip(1..) {
        (event.epoch, event.seq, event.rev) = (1, seq, 0);
        event.event_id = Event::derived_id(&event.match_id, &event.key, 0);
    }
    found
}

/// The balls of an over as the score has them.
fn balls_of(game: &Match, over: (u8, u16), keys: &HashMap<(u8, u16, u16), &Key>, found: &mut Vec<Event>) {
    let innings = game.state().innings.iter().find(|innings| innings.number == over.0);
    let record = innings.and_then(|innings| innings.overs.iter().find(|record| record.over == over.1));
    for ball in record.into_iter().flat_map(|record| &record.balls) {
        let key = keys
            .get(&place(ball))
            .map_or_else(|| Key::delivery(ball.innings, ball.over, ball.pos), |key| (*key).clone());
        found.push(Event::new(game.id().clone(), 0, key, EventData::Delivery(Box::new(Delivery::clone(ball)))));
    }
}
