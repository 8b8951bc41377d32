//! Matches as rows for fitting and measuring: what stood before each ball, and how it came out.

use std::path::Path;

use commentary::reading::{Class, FirstInnings, NextBall, Position, difficulty};
use cricket::{
    cricsheet,
    event::{Delivery, EventData, InningsKind},
    phase::{self, Phase},
    score::{Innings, Match, MatchState},
};
use stats::{Day, SourceError, each_match};

use super::baseline;
use crate::progress::Progress;

/// A decided match with a limit of balls.
#[derive(Debug, Clone)]
pub struct Game {
    /// Its kind.
    pub class: Class,
    /// Its first day.
    pub day: Day,
    /// The competition; empty where the file names none.
    pub event: String,
    /// The ground; empty where the file names none.
    pub venue: String,
    /// How the chase ended.
    pub ending: Ending,
    /// The first innings' total.
    pub total: u32,
    /// Balls of a whole innings, of the first and of the second.
    pub limits: [u32; 2],
    /// Runs that win.
    pub target: u32,
    /// What stood before each ball of the first innings, and of the chase.
    pub balls: [Vec<Ball>; 2],
}

/// How a chase ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The chasing side won.
    Chased,
    /// Scores level.
    Tie,
    /// The side that set won.
    Defended,
}

/// What stood before a ball, and what it brought.
#[derive(Debug, Clone, Copy)]
pub struct Ball {
    /// Runs made.
    pub runs: u16,
    /// Runs needed; 0 in a first innings.
    pub needed: u16,
    /// Balls left.
    pub left: u16,
    /// Wickets in hand.
    pub wickets: u8,
    /// Phase.
    pub phase: Option<Phase>,
    /// What it brought; see [`NextBall::outcome`].
    pub outcome: u8,
    /// Bhattacharjee and Lemmer's index; 0 in a first innings.
    pub difficulty: f32,
    /// The mixed heuristic that others use; see `baseline`.
    pub peer: f32,
}

impl Game {
    /// The first day's year.
    pub fn year(&self) -> u16 {
        self.day.year()
    }

    /// Whether both innings were to be of the full length.
    pub fn is_full(&self) -> bool {
        self.limits.iter().all(|limit| *limit == self.class.balls())
    }

    /// A ball of the chase as the model takes it.
    pub fn position(&self, ball: &Ball) -> Position {
        Position {
            limit: self.limits[1],
            left: u32::from(ball.left),
            wickets: ball.wickets,
            needed: u32::from(ball.needed),
            target: self.target,
        }
    }

    /// A ball of the first innings as the model takes it.
    pub fn first(&self, ball: &Ball) -> FirstInnings {
        FirstInnings {
            limit: self.limits[0],
            left: u32::from(ball.left),
            wickets: ball.wickets,
            runs: u32::from(ball.runs),
        }
    }
}

/// What was read of a source.
#[derive(Debug, Default)]
pub struct Games {
    /// The matches, in the source's order.
    pub games: Vec<Game>,
    /// Files that could not be read.
    pub bad: u64,
    /// Matches left out: without a limit of balls, without two innings, decided by a rain rule or not at all.
    pub left_out: u64,
}

impl Games {
    /// Reads the matches of a path: a `.json` file, a folder, a `.tar.zst`.
    ///
    /// # Errors
    /// The path cannot be read.
    pub fn read(path: &Path, progress: &dyn Progress) -> Result<Self, SourceError> {
        let mut all = Self::default();
        let mut done = 0;
        each_match(path, |file| {
            progress.total(file.total, "");
            progress.advance(file.done.saturating_sub(done));
            done = file.done;
            match file.content.ok().and_then(|bytes| cricsheet::read(bytes).ok()) {
                None => all.bad += 1,
                Some(read) => match game(read) {
                    Some(game) => all.games.push(game),
                    None => all.left_out += 1,
                },
            }
            Ok(())
        })
        .map(|()| all)
    }
}

fn game(read: cricsheet::CricsheetMatch) -> Option<Game> {
    let outcome = &read.end.as_ref()?.outcome;
    if outcome.method.is_some() || read.info.overs.is_none() {
        return None;
    }
    let (winner, tie) = (outcome.winner.clone(), outcome.result.as_deref() == Some("tie"));
    let day: Day = read.info.dates.first()?.parse().ok()?;
    let event = read.info.event.as_ref().map(|event| event.name.clone()).unwrap_or_default();
    let venue = read.info.venue.clone().unwrap_or_default();
    let mut score = Match::new("match");
    let mut balls = [Vec::new(), Vec::new()];
    for event in cricsheet::into_events("match", read) {
        if let EventData::Delivery(ball) = &event.data
            && let Some((place, row)) = before(score.state(), ball)
            && let Some(rows) = balls.get_mut(place)
        {
            rows.push(row);
        }
        score.apply(event);
    }
    let state = score.state();
    let [first, second, ..] = state.innings.as_slice() else { return None };
    let limited = |innings: &Innings| innings.balls_limit.filter(|limit| (1..=600).contains(limit));
    let class = Class::of(state.info.as_deref(), first)?;
    let ending = match winner {
        Some(winner) if winner == second.batting_team => Ending::Chased,
        Some(_) => Ending::Defended,
        None if tie => Ending::Tie,
        None => return None,
    };
    let target = second.target?.runs;
    // A file that contradicts itself teaches nothing.
    let fits = target == first.runs + 1 && (second.runs >= target) == (ending == Ending::Chased);
    fits.then_some(Game {
        class,
        day,
        event,
        venue,
        ending,
        total: first.runs,
        limits: [limited(first)?, limited(second)?],
        target,
        balls,
    })
}

/// The innings, from 0, and what stands before a ball of it.
fn before(state: &MatchState, ball: &Delivery) -> Option<(usize, Ball)> {
    let innings = state.current().filter(|innings| innings.number == ball.innings)?;
    let counts = innings.kind == InningsKind::Normal && innings.ended.is_none();
    let place = usize::from(innings.number.checked_sub(1).filter(|place| *place < 2 && counts)?);
    let left = innings.balls_left().filter(|left| *left > 0)?;
    let wicket = ball.wickets.iter().any(|wicket| wicket.kind.is_wicket());
    let row = Ball {
        runs: innings.runs as u16,
        needed: innings.runs_needed().unwrap_or(0) as u16,
        left: left as u16,
        wickets: innings.wickets_in_hand(),
        phase: phase::of(state, innings),
        outcome: NextBall::outcome(u32::from(ball.runs.total), wicket, ball.is_legal()) as u8,
        difficulty: difficulty::index(innings).unwrap_or(0.0) as f32,
        peer: baseline::pressure(state, innings) as f32,
    };
    (row.wickets > 0 && (place == 0 || row.needed > 0)).then_some((place, row))
}
