//! Corrections at any earlier place: no line is left standing that the final score contradicts, and nothing is corrected
//! that nobody heard change.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use commentary::{
    FactRef, LineKind, Memory, Moment, NoArchive, Personas, Phrasebook, decide,
    standing::{Changed, Told, claim, fallen},
};
use cricket::{
    event::{Delivery, Event, EventData, Key, OverReplace},
    score::{Effect, Match},
    simulate::{SimulationSettings, simulate_events},
};
use proptest::prelude::*;

/// A line as a listener has it.
#[derive(Debug)]
struct Line {
    persona: usize,
    key: Key,
    kind: LineKind,
    text: String,
    facts: Vec<FactRef>,
    claims: Vec<u64>,
    gone: bool,
}

/// A box with every voice, that says all it can from the phrasebook.
struct Listener {
    game: Match,
    personas: Personas,
    book: Phrasebook,
    memories: Vec<Memory>,
    lines: Vec<Line>,
    seq: u64,
}

impl Listener {
    fn new(match_id: &str) -> Self {
        let personas = Personas::builtin();
        let memories = personas.iter().map(|_| Memory::new()).collect();
        Self { game: Match::new(match_id), personas, book: Phrasebook::builtin(), memories, lines: Vec::new(), seq: 0 }
    }

    fn say(&mut self, moment: &Moment, key: &Key, only: Option<&[usize]>) {
        for (place, persona) in self.personas.iter().enumerate() {
            if only.is_some_and(|only| !only.contains(&place)) {
                continue;
            }
            for kind in decide(moment, persona, &self.memories[place]).kinds {
                let Some(line) = self.book.line_on_air(kind, moment, persona, &mut self.memories[place]) else {
                    continue;
                };
                let (text, facts) = line.into_parts();
                let claims = facts.iter().map(claim).collect();
                self.lines.push(Line { persona: place, key: key.clone(), kind, text, facts, claims, gone: false });
            }
        }
    }

    /// Hears an event; says how many voices corrected themselves.
    fn hear(&mut self, mut event: Event) -> usize {
        self.seq += 1;
        event.seq = self.seq;
        let before = self.game.state().clone();
        let applied = self.game.apply(event.clone());
        if applied.effect != Effect::Rebuilt {
            if let Some(moment) = Moment::form(self.game.state(), &event, &applied.happenings, &NoArchive) {
                self.say(&moment, &event.key, None);
            }
            return 0;
        }
        let changed = Changed::of(&applied.withdrawn, &applied.happenings, Some(&before), self.game.state());
        let standing: Vec<usize> = (0..self.lines.len()).filter(|line| !self.lines[*line].gone).collect();
        let personas: Vec<_> = self.personas.iter().collect();
        let told: Vec<Told<'_>> = standing
            .iter()
            .map(|line| &self.lines[*line])
            .map(|line| Told {
                key: &line.key,
                kind: line.kind,
                persona: personas[line.persona],
                text: &line.text,
                claims: &line.claims,
            })
            .collect();
        let verdicts = fallen(&self.game, &changed, &told, &NoArchive);
        let mut who = Vec::new();
        for (line, _) in standing.into_iter().zip(verdicts).filter(|(_, fallen)| *fallen) {
            self.lines[line].gone = true;
            who.push(self.lines[line].persona);
        }
        who.sort_unstable();
        who.dedup();
        match Moment::correction(self.game.state(), &event, &applied) {
            Some(moment) if !who.is_empty() => {
                let spoken = self.lines.len();
                self.say(&moment, &event.key, Some(&who));
                self.lines.len() - spoken
            }
            _ => 0,
        }
    }

    fn balls(&self) -> Vec<Event> {
        self.game.live_events().filter(|event| matches!(event.data, EventData::Delivery(_))).cloned().collect()
    }

    /// Every standing line of a ball against a recount of the balls that the score holds.
    fn contradiction(&self) -> Option<String> {
        for line in self.lines.iter().filter(|line| !line.gone && line.kind != LineKind::Correction) {
            let Some((innings, over, pos)) = place(&line.key) else { continue };
            let innings = self.game.state().innings.iter().find(|other| other.number == innings)?;
            let balls: Vec<&Delivery> = innings.overs.iter().flat_map(|over| &over.balls).map(|ball| &**ball).collect();
            let Some(at) = balls.iter().position(|ball| (ball.over, ball.pos) == (over, pos)) else {
                return Some(format!("{line:?}: there is no such ball"));
            };
            let runs: u32 = balls[..=at].iter().map(|ball| u32::from(ball.runs.total)).sum();
            let out = |ball: &&Delivery| ball.wickets.iter().filter(|wicket| wicket.kind.is_wicket()).count();
            let wickets: usize = balls[..=at].iter().map(out).sum();
            let batter: u32 = balls[..=at]
                .iter()
                .filter(|ball| ball.batter.id == balls[at].batter.id)
                .map(|ball| u32::from(ball.runs.bat))
                .sum();
            for fact in &line.facts {
                let is = match fact.id.as_str() {
                    "innings.score" => format!("{runs}/{wickets}"),
                    "innings.runs" => runs.to_string(),
                    "innings.wickets" => wickets.to_string(),
                    "batter.runs" => batter.to_string(),
                    "over.runs" => balls[..=at]
                        .iter()
                        .filter(|ball| ball.over == over)
                        .map(|ball| u32::from(ball.runs.total))
                        .sum::<u32>()
                        .to_string(),
                    "batter" => balls[at].batter.name.to_string(),
                    "bowler" if line.kind == LineKind::Call => balls[at].bowler.name.to_string(),
                    "event.four" if !balls[at].is_four() => "no four".to_owned(),
                    "event.six" if !balls[at].is_six() => "no six".to_owned(),
                    "event.dot" if balls[at].runs.total > 0 => "no dot".to_owned(),
                    "event.wicket" if out(&balls[at]) == 0 => "no wicket".to_owned(),
                    _ => continue,
                };
                if is != fact.value {
                    return Some(format!(
                        "{} stands with {} = {}, but it is {is}: {line:?}",
                        line.key, fact.id, fact.value
                    ));
                }
            }
        }
        None
    }
}

fn place(key: &Key) -> Option<(u8, u16, u16)> {
    let mut parts = key.as_str().split('.');
    let mut number = |sign: char| parts.next()?.strip_prefix(sign)?.parse::<u16>().ok();
    Some((u8::try_from(number('i')?).ok()?, number('o')?, number('d')?))
}

/// What is done to an earlier ball.
#[derive(Debug, Clone)]
enum Wrong {
    Runs(u16),
    Wicket,
    NoWicket,
    Swap,
    Retract,
    Restore,
    Over(u16),
    Inaudible,
}

fn wrong() -> impl Strategy<Value = Wrong> {
    prop_oneof![
        (0..7u16).prop_map(Wrong::Runs),
        Just(Wrong::Wicket),
        Just(Wrong::NoWicket),
        Just(Wrong::Swap),
        Just(Wrong::Retract),
        Just(Wrong::Restore),
        (0..5u16).prop_map(Wrong::Over),
        Just(Wrong::Inaudible),
    ]
}

/// Does a wrong to the ball; says how many voices corrected themselves.
fn commit(listener: &mut Listener, at: usize, wrong: &Wrong, retracted: &mut Vec<Event>) -> usize {
    let balls = listener.balls();
    let Some(event) = balls.get(at % balls.len().max(1)) else { return 0 };
    let EventData::Delivery(ball) = &event.data else { return 0 };
    let mut ball = ball.clone();
    match wrong {
        Wrong::Runs(runs) => (ball.runs.bat, ball.runs.total) = (*runs, *runs + ball.runs.extras),
        Wrong::Wicket => {
            let wicket = serde_json::json!({"kind": "bowled", "player_out": ball.batter});
            ball.wickets = vec![serde_json::from_value(wicket).unwrap()];
        }
        Wrong::NoWicket => ball.wickets.clear(),
        Wrong::Swap => {
            let (batter, partner) = (ball.non_striker.clone(), ball.batter.clone());
            (ball.batter, ball.non_striker) = (batter, partner);
        }
        Wrong::Retract => {
            retracted.push(event.clone());
            return listener.hear(event.revised(1, 0, EventData::Retract));
        }
        Wrong::Restore => {
            let Some(event) = retracted.pop() else { return 0 };
            let again = event.revised(1, 0, EventData::Retract).revised(1, 0, event.data.clone());
            return listener.hear(again);
        }
        Wrong::Over(runs) => {
            let (innings, over) = (ball.innings, ball.over);
            let mut deliveries: Vec<Delivery> = balls
                .iter()
                .filter_map(|event| match &event.data {
                    EventData::Delivery(ball) if (ball.innings, ball.over) == (innings, over) => {
                        Some(Delivery::clone(ball))
                    }
                    _ => None,
                })
                .collect();
            if let Some(first) = deliveries.first_mut() {
                (first.runs.bat, first.runs.total) = (*runs, *runs + first.runs.extras);
            }
            let data = OverReplace { innings, over, deliveries, ext: serde_json::Map::new().into_iter().collect() };
            let key = Key(format!("i{innings}.o{over}.again{}", listener.seq).into());
            let event = Event::new(listener.game.id().clone(), 0, key, EventData::OverReplace(Box::new(data)));
            return listener.hear(event);
        }
        Wrong::Inaudible => {
            ball.ext.insert("note".to_owned(), serde_json::json!(listener.seq));
        }
    }
    listener.hear(event.revised(1, 0, EventData::Delivery(ball)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_line_is_left_that_the_final_score_contradicts(
        seed in 1..500u64,
        plan in prop::collection::vec((30..140usize, 0..1000usize, wrong()), 1..7),
    ) {
        let events = simulate_events(&SimulationSettings::new(seed)).unwrap();
        let mut listener = Listener::new(&events[0].match_id);
        let mut retracted = Vec::new();
        let mut plan = plan;
        plan.sort_by_key(|(when, ..)| *when);
        let mut plan = plan.into_iter().peekable();
        for (number, event) in events.into_iter().take(150).enumerate() {
            listener.hear(event);
            while let Some((_, at, wrong)) = plan.next_if(|(when, ..)| *when <= number) {
                let corrected = commit(&mut listener, at, &wrong, &mut retracted);
                if matches!(wrong, Wrong::Inaudible) {
                    prop_assert_eq!(corrected, 0, "nothing audible changed");
                }
                prop_assert_eq!(listener.contradiction(), None, "after {:?}", wrong);
            }
        }
        prop_assert_eq!(listener.contradiction(), None);
        prop_assert!(listener.lines.iter().filter(|line| !line.gone).count() > 100, "what holds is left standing");
    }
}

#[test]
fn a_fifty_that_was_none_is_named() {
    let events = simulate_events(&SimulationSettings::new(7)).unwrap();
    let mut listener = Listener::new(&events[0].match_id);
    let mut fifty = None;
    for event in events {
        let before = listener.lines.len();
        listener.hear(event.clone());
        let told = listener.lines[before..].iter().any(|line| line.facts.iter().any(|fact| fact.id == "event.fifty"));
        if told && fifty.is_none() {
            fifty = Some(event);
        }
    }
    let fifty = fifty.unwrap();
    let before = listener.lines.len();
    // The fifty goes with its ball, long after it was told.
    listener.hear(fifty.revised(1, 0, EventData::Retract));
    let spoken: Vec<&Line> = listener.lines[before..].iter().collect();
    assert!(!spoken.is_empty() && spoken.iter().all(|line| line.kind == LineKind::Correction), "{spoken:?}");
    let english: Vec<&&Line> = spoken.iter().filter(|line| line.text.is_ascii()).collect();
    assert!(english.iter().all(|line| line.facts.iter().any(|fact| fact.id.starts_with("withdrawn."))), "{english:?}");
    assert_eq!(listener.contradiction(), None);
}
