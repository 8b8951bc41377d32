//! A ball's moment, its phrasebook line, and the checker that the line passes through.
#![allow(clippy::expect_used, reason = "the sample match is known to be readable")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use benches::{data, figures::Figure};
use commentary::{Memory, Moment, NoArchive, Persona, Personas, Phrasebook, check, decide};
use cricket::{
    cricsheet,
    event::Event,
    player::{PersonId, PlayerRef},
    score::{Happening, Match, MatchState},
};
use criterion::{BatchSize, Criterion};

/// Everything that a match brings: each event with the state and happenings after it.
fn played(id: &str, bytes: &[u8]) -> Vec<(Event, MatchState, Vec<Happening>)> {
    let read = cricsheet::read(bytes).expect("a sample match");
    let mut score = Match::new(id);
    cricsheet::into_events(id, read)
        .into_iter()
        .map(|event| {
            let applied = score.apply(event.clone());
            (event, score.state().clone(), applied.happenings)
        })
        .collect()
}

/// Speaks of the whole match in one persona's voice; gives the lines said.
fn speak(played: &[(Event, MatchState, Vec<Happening>)], persona: &Persona, phrasebook: &Phrasebook) -> usize {
    let (mut memory, mut lines) = (Memory::new(), 0);
    for (event, state, happenings) in played {
        let Some(moment) = Moment::form(state, event, happenings, &NoArchive) else { continue };
        if !decide(&moment, persona, &memory).is_silence() {
            lines += usize::from(black_box(phrasebook.line(&moment, persona, &mut memory)).is_some());
        }
    }
    lines
}

/// The same match with one more player in an eleven, of whom nobody has heard.
fn with_a_stranger(state: &MatchState, number: u32) -> MatchState {
    let mut state = state.clone();
    let mut info = state.info.as_deref().cloned().expect("a match file has its facts");
    let stranger = PlayerRef { id: PersonId(format!("s{number}").into()), name: format!("Q Stranger{number}").into() };
    if let Some(eleven) = info.players.values_mut().next() {
        eleven.push(stranger);
    }
    state.info = Some(info.into());
    state
}

/// The median time that the first check of a fresh moment takes, in microseconds.
fn first_check(line: &str, persona: &Persona, make: &mut dyn FnMut() -> Moment) -> f64 {
    let check_one = || {
        let fresh = make();
        let started = Instant::now();
        let _ = black_box(check(line, &fresh, persona));
        started.elapsed()
    };
    let mut took: Vec<Duration> = std::iter::repeat_with(check_one).take(2000).collect();
    took.sort_unstable();
    took.get(took.len() / 2).map_or(0.0, Duration::as_secs_f64) * 1e6
}

fn main() {
    let Some((id, bytes)) = data::ipl_match() else { return };
    let (played, personas, phrasebook) = (played(&id, &bytes), Personas::builtin(), Phrasebook::builtin());
    let persona = personas.get("greig").expect("a built-in persona");
    let mut criterion = Criterion::default()
        .sample_size(15)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let (event, state, happenings) = &played[played.len() / 2];
    let moment = || Moment::form(state, event, happenings, &NoArchive).expect("something to talk about");
    criterion.bench_function("commentary/moment", |bencher| bencher.iter(|| black_box(moment())));
    criterion.bench_function("commentary/reading", |bencher| {
        bencher.iter(|| black_box(commentary::reading::read(black_box(state))));
    });
    let ready = moment();
    criterion.bench_function("commentary/phrasebook_line", |bencher| {
        bencher.iter_batched(
            Memory::new,
            |mut memory| black_box(phrasebook.line(&ready, persona, &mut memory)),
            BatchSize::SmallInput,
        );
    });
    if let Some(line) = phrasebook.line(&ready, persona, &mut Memory::new()) {
        criterion.bench_function("commentary/check", |bencher| {
            bencher.iter(|| black_box(check(line.text(), &ready, persona)));
        });
        // The first line of a moment asks for the match's names, too; with a line-up that was never seen it gathers them,
        // as every moment did before they were kept.
        criterion.bench_function("commentary/check_first", |bencher| {
            bencher.iter_batched(moment, |fresh| black_box(check(line.text(), &fresh, persona)), BatchSize::SmallInput);
        });
        let mut strangers = 0_u32;
        let mut gathered_anew = || {
            strangers += 1;
            Moment::form(&with_a_stranger(state, strangers), event, happenings, &NoArchive)
                .expect("something to talk about")
        };
        criterion.bench_function("commentary/check_first_anew", |bencher| {
            bencher.iter_batched(
                &mut gathered_anew,
                |fresh| black_box(check(line.text(), &fresh, persona)),
                BatchSize::SmallInput,
            );
        });
        let first = |make: &mut dyn FnMut() -> Moment| first_check(line.text(), persona, make);
        let (kept, anew) = (first(&mut || moment()), first(&mut gathered_anew));
        Figure {
            what: &format!(
                "a moment's first line checked (names gathered anew: {anew:.1}, {:.1} times as long)",
                anew / kept
            ),
            measured: kept,
            unit: "microseconds",
            goal: "<= 50",
            peer: None,
        }
        .print();
    }
    // The first chase looks ahead once; that is no reading's cost.
    for (_, state, _) in &played {
        black_box(commentary::reading::read(state));
    }
    let (started, mut readings) = (Instant::now(), 0_u32);
    while started.elapsed() < Duration::from_secs(1) {
        for (_, state, _) in &played {
            readings += u32::from(black_box(commentary::reading::read(black_box(state))).is_some());
        }
    }
    Figure {
        what: "a reading, over all balls of a match",
        measured: started.elapsed().as_secs_f64() * 1e6 / f64::from(readings),
        unit: "microseconds",
        goal: "<= 2",
        peer: None,
    }
    .print();
    let (started, mut lines, mut rounds) = (Instant::now(), 0, 0_u32);
    while started.elapsed() < Duration::from_secs(2) {
        lines += speak(&played, persona, &phrasebook);
        rounds += 1;
    }
    let took = started.elapsed().as_secs_f64();
    let events = played.len() as f64 * f64::from(rounds);
    Figure {
        what: &format!(
            "moment, decision, line and check ({} lines of {} events)",
            lines / rounds as usize,
            played.len()
        ),
        measured: took * 1e6 / events,
        unit: "microseconds an event",
        goal: "a small part of the 20 ms of event in to line out",
        peer: None,
    }
    .print();
}
