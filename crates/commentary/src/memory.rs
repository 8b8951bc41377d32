//! What a persona said lately, so that it does not say it again.

use std::collections::{HashMap, VecDeque};

use crate::{moment::Moment, name, phrasebook::fnv};

/// For how many balls a line and its opening words are not said again.
pub const REPEAT_BALLS: u32 = 12;

/// For how many balls a line of more than [`SHORT_WORDS`] is not said again: a whole T20, extras and a super over with it.
pub const REST_BALLS: u32 = 400;

/// A line of so many words at most may come again sooner: there is only one way to say `Dot ball.`
pub const SHORT_WORDS: usize = 2;

/// How many lines are remembered at most: more than can be said in [`REPEAT_BALLS`] by the most talkative persona.
const MAX_LINES: usize = 256;

/// How many lines are remembered by their words alone: more than the most talkative persona says in [`REST_BALLS`].
const MAX_RESTING: usize = 4096;

/// What one persona said in one match. The caller keeps one for each pair.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    lines: VecDeque<Said>,
    /// When each line was last said, by the hash of its folded words.
    told: HashMap<u64, u32>,
    last: Option<u32>,
}

#[derive(Debug, Clone)]
struct Said {
    at: u32,
    text: String,
    opener: String,
    /// The first word as it was written.
    opening: String,
    phrasing: Option<u64>,
}

impl Memory {
    /// Nothing said yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a line that is going on the air, whoever wrote it.
    pub fn remember(&mut self, moment: &Moment, text: &str) {
        self.note(moment.scene.ordinal, text, None);
    }

    /// Notes a line that somebody else said in the same box: it is not said again, but it is no word of one's own.
    pub fn heard(&mut self, moment: &Moment, text: &str) {
        let last = self.last;
        self.note(moment.scene.ordinal, text, None);
        self.last = last;
    }

    pub(crate) fn note(&mut self, at: u32, text: &str, phrasing: Option<u64>) {
        if self.lines.len() == MAX_LINES {
            self.lines.pop_front();
        }
        let opening = text.split_whitespace().next().unwrap_or_default().to_owned();
        let text = folded(text);
        if self.told.len() >= MAX_RESTING {
            self.told.retain(|_, said| at.saturating_sub(*said) < REST_BALLS);
        }
        if self.told.len() < MAX_RESTING {
            self.told.insert(fnv(&[&text]), at);
        }
        self.lines.push_back(Said { at, opener: opener(&text), opening, text, phrasing });
        self.last = Some(at);
    }

    /// Balls since this persona last spoke; `None` before its first line.
    pub fn balls_since_last(&self, moment: &Moment) -> Option<u32> {
        self.last.map(|last| moment.scene.ordinal.saturating_sub(last))
    }

    /// Whether this very line was said within [`REPEAT_BALLS`], or, if it has more than [`SHORT_WORDS`], within
    /// [`REST_BALLS`].
    pub fn said_lately(&self, moment: &Moment, text: &str) -> bool {
        let (text, now) = (folded(text), moment.scene.ordinal);
        let rests = text.split(' ').count() > SHORT_WORDS
            && self.told.get(&fnv(&[&text])).is_some_and(|said| now.saturating_sub(*said) < REST_BALLS);
        rests || self.recent(now).any(|said| said.text == text)
    }

    /// Whether this very line was said within [`REPEAT_BALLS`].
    pub(crate) fn just_said(&self, moment: &Moment, text: &str) -> bool {
        let text = folded(text);
        self.recent(moment.scene.ordinal).any(|said| said.text == text)
    }

    /// Whether a line holds a figure, such as `50/1`, that a line about the same ball has told.
    pub(crate) fn tells_again(&self, moment: &Moment, text: &str) -> bool {
        let is_figure = |word: &str| word.contains(|c: char| c.is_ascii_digit());
        let figures: Vec<String> = words(text).filter(|word| is_figure(word)).collect();
        let told = self.lines.iter().rev().take_while(|said| said.at == moment.scene.ordinal);
        told.flat_map(|said| said.text.split(' ')).any(|word| figures.iter().any(|figure| figure == word))
    }

    /// Whether a line with the same opening words was said within [`REPEAT_BALLS`].
    pub fn opened_lately(&self, moment: &Moment, text: &str) -> bool {
        let opener = opener(text);
        self.recent(moment.scene.ordinal).any(|said| said.opener == opener)
    }

    /// The first words, as they were written, of the lines that were said within [`REPEAT_BALLS`], the newest first.
    pub fn openings(&self, moment: &Moment) -> Vec<String> {
        let mut openings: Vec<String> = Vec::new();
        for said in self.recent(moment.scene.ordinal) {
            if !openings.contains(&said.opening) {
                openings.push(said.opening.clone());
            }
        }
        openings
    }

    /// When a phrasing was last used, in deliveries of the match; `None` when not in memory.
    pub(crate) fn last_use(&self, phrasing: u64) -> Option<u32> {
        self.lines.iter().rev().find(|said| said.phrasing == Some(phrasing)).map(|said| said.at)
    }

    /// Whether this very line was ever said, as far back as memory goes.
    pub(crate) fn said_before(&self, text: &str) -> bool {
        self.told.contains_key(&fnv(&[&folded(text)]))
    }

    fn recent(&self, now: u32) -> impl Iterator<Item = &Said> {
        self.lines.iter().rev().take_while(move |said| now.saturating_sub(said.at) < REPEAT_BALLS)
    }
}

/// A line without its case and punctuation: `Four!` and `Four.` are the same to the ear.
fn folded(text: &str) -> String {
    words(text).collect::<Vec<_>>().join(" ")
}

/// The first two words: what the ear notices when a line begins like the last one.
fn opener(text: &str) -> String {
    words(text).take(2).collect::<Vec<_>>().join(" ")
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !(name::is_letter(c) || c == '\'' || c == '/'))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}
