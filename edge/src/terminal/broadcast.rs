//! The broadcast: events and lines in, text out.
//!
//! Balls worth a row get one at once; the others show in the strip after their over, or when somebody speaks about
//! them. The block after an over waits for the next ball (or [`Broadcast::flush`]), so that what is said about the
//! over's last ball stands above it.

use std::{collections::HashMap, sync::Arc};

use commentary::{Line, LineKind};
use cricket::{
    event::{Delivery, Event, EventData},
    score::{Effect, Happening, Match, MatchState},
};
use serde_json::Value;

use super::{
    balls,
    clean::clean,
    headline::headline,
    palette::{self, paint},
    panel, score_text,
    wrap::wrap,
};

/// Columns to the left of a ball's words.
const INDENT: usize = 14;

/// A ball's row.
struct Row {
    /// Over and ball as said on air, such as `4.3`.
    number: String,
    ball: Arc<Delivery>,
    headline: String,
    score: String,
}

/// One match on a terminal.
pub struct Broadcast {
    score: Match,
    width: usize,
    /// Ids and names of the personas, in the order of the microphone.
    voices: Vec<(String, String)>,
    rows: HashMap<String, Row>,
    /// The ball whose row stands last on the screen.
    current: Option<String>,
    /// The over whose first line stands on the screen: innings and over.
    over: Option<(u8, u16)>,
    /// Blocks to show before the next ball.
    pending: String,
    /// What was said about an over whose block is still to come.
    held: String,
    /// Innings whose end has been told.
    ended: Vec<u8>,
    /// The over summed up last: innings and over.
    summed: Option<(u8, u16)>,
    win_probability: Option<f64>,
}

impl Broadcast {
    /// A broadcast of a match, `width` columns wide; `voices` are ids and names of the personas.
    pub fn new(match_id: impl Into<Arc<str>>, width: usize, voices: Vec<(String, String)>) -> Self {
        Self {
            score: Match::new(match_id),
            width: width.clamp(48, 110),
            voices,
            rows: HashMap::new(),
            current: None,
            over: None,
            pending: String::new(),
            held: String::new(),
            ended: Vec::new(),
            summed: None,
            win_probability: None,
        }
    }

    /// The match as heard so far.
    pub fn state(&self) -> &MatchState {
        self.score.state()
    }

    /// Takes an event; what to print for it.
    pub fn event(&mut self, event: Event) -> String {
        match event.data.clone() {
            EventData::Delivery(ball) => self.ball(event, *ball),
            EventData::OverEnd(over) => {
                if self.apply(event).0 {
                    self.sum_up(over.innings, over.over);
                }
                String::new()
            }
            EventData::InningsStart(start) => {
                if !self.apply(event).0 {
                    return String::new();
                }
                self.innings_ends();
                self.win_probability = None;
                let target = start.target.map(|target| target.runs);
                self.flush() + &panel::innings_start(&start.team, start.kind, target, self.width)
            }
            EventData::Retract => {
                let row = self.rows.remove(event.key.as_str());
                let fresh = self.apply(event).0;
                match row {
                    Some(row) if fresh => self.correction(&format!("scorer: ball {} never was", row.number)),
                    _ => String::new(),
                }
            }
            _ => {
                self.apply(event);
                self.innings_ends();
                String::new()
            }
        }
    }

    /// Takes the score as the daemon publishes it: the win probability comes from there.
    pub fn score(&mut self, score: &Value) {
        self.win_probability = score.get("win_probability").and_then(Value::as_f64);
    }

    /// Takes a line; what to print for it.
    pub fn line(&mut self, line: &Line) -> String {
        let sum = matches!(line.kind, LineKind::Over | LineKind::Innings);
        if sum && self.over > self.summed {
            // It sums up what the feed has not closed yet.
            self.held += &self.spoken(line);
            return String::new();
        }
        let mut text = String::new();
        if sum || line.kind == LineKind::Status {
            text += &self.flush();
        } else if self.current.as_deref() != Some(line.key.as_str())
            && let Some(row) = self.rows.get(&line.key)
        {
            text += &self.row(row);
            self.current = Some(line.key.clone());
        }
        text + &self.spoken(line)
    }

    /// What was held back for the next ball.
    pub fn flush(&mut self) -> String {
        std::mem::take(&mut self.pending) + &std::mem::take(&mut self.held)
    }

    /// Whether anything is held back.
    pub fn holds_back(&self) -> bool {
        !self.pending.is_empty() || !self.held.is_empty()
    }

    /// The score on one line, for the foot of the screen.
    pub fn foot(&self) -> String {
        let Some(innings) = self.state().current() else { return String::new() };
        let mut parts = vec![score_text::with_overs(innings)];
        parts.extend(score_text::need(innings));
        parts.extend(innings.striker_card().map(score_text::batter));
        parts.extend(innings.bowler_card().map(|card| score_text::bowler(card, innings.balls_per_over)));
        let text: String = parts.join("  ").chars().take(self.width.saturating_sub(4)).collect();
        format!("  {}", paint(palette::QUIET, text))
    }

    fn ball(&mut self, event: Event, ball: Delivery) -> String {
        let (key, rev) = (event.key.to_string(), event.rev);
        let place = (ball.innings, ball.over);
        let before = self.innings(ball.innings);
        let heading = (self.over != Some(place)).then(|| panel::over_start(&ball, before));
        let (fresh, happenings) = self.apply(event);
        if !fresh {
            return String::new();
        }
        let row = self.row_of(ball, &happenings);
        if let Some(old) = self.rows.get(&key).filter(|_| rev > 0) {
            let text = format!(
                "scorer: ball {} was {}, not {}",
                row.number,
                balls::symbol(&row.ball),
                balls::symbol(&old.ball)
            );
            self.rows.insert(key, row);
            return self.correction(&text);
        }
        let mut text = String::new();
        if let Some(heading) = heading {
            text += &self.flush();
            text += &heading;
            self.over = Some(place);
        }
        if !row.headline.is_empty() {
            text += &self.row(&row);
            self.current = Some(key.clone());
        }
        self.rows.insert(key, row);
        text
    }

    fn row_of(&self, ball: Delivery, happenings: &[Happening]) -> Row {
        let innings = self.innings(ball.innings);
        let record = innings.and_then(|innings| innings.overs.iter().find(|record| record.over == ball.over));
        let legal = record
            .map_or(0, |record| record.balls.iter().filter(|other| other.pos <= ball.pos && other.is_legal()).count());
        // A wide is announced with the number of the ball that is still to be bowled.
        let number = if ball.is_legal() { legal } else { legal + 1 };
        Row {
            number: format!("{}.{number}", ball.over),
            headline: headline(happenings, innings),
            score: innings.map(score_text::runs_and_wickets).unwrap_or_default(),
            ball: Arc::new(ball),
        }
    }

    fn row(&self, row: &Row) -> String {
        let symbol = balls::symbol(&row.ball);
        let gap = " ".repeat(4usize.saturating_sub(symbol.chars().count()));
        let left = format!("  {:>5}  {}{gap} {}", row.number, balls::painted(&row.ball), row.headline);
        let used = anstream::adapter::strip_str(&left).to_string().chars().count();
        let room = self.width.saturating_sub(used + row.score.chars().count());
        format!("{left}{}{}\n", " ".repeat(room.max(2)), paint(palette::SCORE, &row.score))
    }

    fn spoken(&self, line: &Line) -> String {
        let index = self.voices.iter().position(|(id, _)| *id == line.persona);
        let name =
            index.and_then(|index| self.voices.get(index)).map_or(line.persona.as_str(), |(_, name)| name.as_str());
        let column = self.voices.iter().map(|(_, name)| name.chars().count()).max().unwrap_or(0).clamp(4, 16);
        let name: String = clean(name).chars().take(column).collect();
        let room = self.width.saturating_sub(INDENT + column + 2).max(20);
        let mut name = paint(palette::voice(index.unwrap_or(0)), format!("{name:column$}"));
        let mut text = String::new();
        for words in wrap(&clean(&line.text), room) {
            let words = if line.kind == LineKind::Correction { paint(palette::CORRECTION, words) } else { words };
            text += &[" ".repeat(INDENT).as_str(), &name, "  ", &words, "\n"].concat();
            name = " ".repeat(column);
        }
        text
    }

    fn correction(&mut self, text: &str) -> String {
        self.current = None;
        format!("  {}\n", paint(palette::CORRECTION, text))
    }

    /// Whether the event was new, and what it brought.
    fn apply(&mut self, event: Event) -> (bool, Vec<Happening>) {
        let applied = self.score.apply(event);
        (matches!(applied.effect, Effect::Applied | Effect::Rebuilt), applied.happenings)
    }

    fn innings(&self, number: u8) -> Option<&cricket::score::Innings> {
        self.state().innings.iter().find(|innings| innings.number == number)
    }

    /// Holds back the block of an over.
    fn sum_up(&mut self, innings: u8, over: u16) {
        if self.summed >= Some((innings, over)) {
            return;
        }
        let Some(found) = self.innings(innings) else { return };
        let Some(record) = found.overs.iter().find(|record| record.over == over) else { return };
        let block = panel::over_end(found, record, found.target.and(self.win_probability), self.width);
        self.pending += &block;
        self.summed = Some((innings, over));
    }

    /// Holds back a line for each innings that has ended, once each; an over cut short is summed up before it.
    fn innings_ends(&mut self) {
        let ended: Vec<(u8, Option<u16>)> = self
            .state()
            .innings
            .iter()
            .filter(|innings| innings.ended.is_some() && !self.ended.contains(&innings.number))
            .map(|innings| (innings.number, innings.current_over().map(|over| over.over)))
            .collect();
        for (number, last) in ended {
            if let Some(over) = last {
                self.sum_up(number, over);
            }
            if let Some(innings) = self.innings(number) {
                let block = panel::innings_end(innings, self.width);
                self.pending += &block;
            }
            self.ended.push(number);
        }
    }
}

#[cfg(test)]
#[path = "broadcast_tests.rs"]
mod tests;
