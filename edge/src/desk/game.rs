//! One match at the desk: its score, its stream, what was said in it.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use commentary::{Line, LineKind, Memory, Moment};
use cricket::{
    event::{Event, EventData, Key},
    outlook::is_undecided,
    player::PlayerRef,
    score::{Applied, Match, Sequencer},
};
use tokio_util::sync::CancellationToken;

use super::{
    tempo::Tempo,
    told::{Fallen, Said},
};
use crate::{feed::intake::FeedStatus, journal::LineRecord, past::PastOf};

/// How long a missing event is waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);
/// A gap that lasts so long is asked about; shorter ones are mere disorder.
pub(super) const ASK_AFTER: Duration = Duration::from_millis(400);
/// How long until the same match is asked about again.
pub(super) const ASK_AGAIN: Duration = Duration::from_secs(10);

/// Lines asked of the model for the newest moment.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) job: u64,
    pub(super) moment: Arc<Moment>,
    pub(super) at: Instant,
    pub(super) cancel: CancellationToken,
    /// By place at the microphone: kind, whether the phrasebook steps in, what follows.
    pub(super) open: Vec<(usize, crate::booth::Ask)>,
    /// Colour of those who share a box with a caller whose line is still being written.
    pub(super) answers: Vec<(usize, LineKind)>,
}

/// One match.
#[derive(Debug)]
pub(super) struct Game {
    pub(super) score: Match,
    stream: Sequencer,
    /// What each persona said lately, by place at the microphone.
    pub(super) memories: Vec<Memory>,
    /// What was said about each event.
    pub(super) said: HashMap<Key, Vec<Said>>,
    /// Lines that fell with the newest correction and are not yet replaced or taken back.
    pub(super) fallen: Vec<Fallen>,
    /// How fast the balls come.
    pub(super) tempo: Tempo,
    /// The last line's number, by persona.
    numbers: HashMap<Arc<str>, u64>,
    pub(super) asked: Option<Asked>,
    /// Past matches as seen from this one, once its facts are known.
    pub(super) past: Option<Arc<PastOf>>,
    /// Who is said to bowl the next ball, since the last one.
    pub(super) next_bowler: Option<PlayerRef>,
    gap_since: Option<Instant>,
    /// A stretch that the stream went on without, because too much was held behind it.
    skipped: Option<(u32, u64)>,
    asked_again: Option<Instant>,
    /// The feed has published up to here, by its own word.
    announced: Option<(u32, u64)>,
    pub(super) feed_online: bool,
    pub(super) touched: Instant,
    pub(super) ended: bool,
}

/// What is to be done about a stretch that has not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// Nothing.
    Nothing,
    /// Ask the feed for everything from here.
    Ask((u32, u64)),
    /// Go on without it.
    GiveUp((u32, u64)),
}

impl Game {
    pub(super) fn new(match_id: &Arc<str>, personas: usize) -> Self {
        Self::on(Match::new(match_id.clone()), personas)
    }

    fn on(score: Match, personas: usize) -> Self {
        Self {
            stream: Sequencer::after(score.position()),
            score,
            memories: vec![Memory::new(); personas],
            said: HashMap::new(),
            fallen: Vec::new(),
            tempo: Tempo::default(),
            numbers: HashMap::new(),
            asked: None,
            past: None,
            next_bowler: None,
            gap_since: None,
            skipped: None,
            asked_again: None,
            announced: None,
            feed_online: true,
            touched: Instant::now(),
            ended: false,
        }
    }

    /// A match as the journal has it.
    pub(super) fn restored(match_id: &Arc<str>, events: Vec<Event>, lines: &[LineRecord], personas: usize) -> Self {
        let mut game = Self::on(Match::from_events(match_id.clone(), events), personas);
        game.ended = game.score.state().is_over();
        for line in lines {
            let last = game.numbers.entry(line.persona.clone()).or_default();
            *last = line.seq.max(*last);
            match serde_json::from_str::<Line>(&line.payload) {
                Ok(told) => game.note(&line.key, Said::of(&told)),
                Err(error) => tracing::error!(line = %line.line_id, "a line of the journal cannot be read: {error}"),
            }
        }
        let gone: std::collections::HashSet<String> =
            lines.iter().filter_map(|line| taken_back(&line.payload)).collect();
        for said in game.said.values_mut().flatten() {
            said.gone |= gone.contains(&said.line_id);
        }
        game
    }

    /// Puts an event into the stream; those that are due come out, and whether something is missing before them because
    /// no more could be held.
    pub(super) fn push(&mut self, event: Event) -> (Vec<Event>, bool) {
        self.touched = Instant::now();
        let missing = self.stream.gap().map(|gap| gap.from);
        let due = self.stream.push(event);
        let whole = due.iter().any(|event| {
            matches!(event.data, EventData::Snapshot(_)) || missing.is_none_or(|from| (event.epoch, event.seq) <= from)
        });
        let skipped = missing.filter(|_| !due.is_empty() && !whole);
        self.skipped = skipped.or(self.skipped);
        self.watch_gap();
        (due, skipped.is_some())
    }

    /// Goes on without what is missing.
    pub(super) fn give_up_waiting(&mut self) -> Vec<Event> {
        self.gap_since = None;
        self.announced = None;
        self.stream.release_all()
    }

    /// The score with one more event; with the keys that a snapshot took out of it.
    pub(super) fn apply(&mut self, event: Event) -> (Applied, Vec<Key>) {
        if !matches!(event.data, EventData::Snapshot(_)) {
            return (self.score.apply(event), Vec::new());
        }
        let keys = |score: &Match| score.live_events().map(|event| event.key.clone()).collect::<Vec<_>>();
        let before = keys(&self.score);
        let applied = self.score.apply(event);
        let after: std::collections::HashSet<Key> = keys(&self.score).into_iter().collect();
        (applied, before.into_iter().filter(|key| !after.contains(key)).collect())
    }

    /// What the feed says of itself. True when it went away or came back.
    pub(super) fn heard_status(&mut self, status: FeedStatus) -> bool {
        if let (Some(epoch), Some(seq)) = (status.epoch, status.seq) {
            self.announced = Some((epoch, seq));
            self.watch_gap();
        }
        std::mem::replace(&mut self.feed_online, status.online) != status.online
    }

    fn missing_from(&self) -> Option<(u32, u64)> {
        if let Some(gap) = self.stream.gap() {
            return Some(gap.from);
        }
        let (epoch, seq) = self.score.position();
        self.announced.filter(|announced| *announced > (epoch, seq)).map(|_| (epoch, seq + 1))
    }

    fn watch_gap(&mut self) {
        self.gap_since = match self.missing_from() {
            None => None,
            Some(_) => self.gap_since.or_else(|| Some(Instant::now())),
        };
    }

    /// What to do about a missing stretch now.
    pub(super) fn missing(&mut self, now: Instant) -> Missing {
        if let Some(from) = self.skipped.take() {
            self.asked_again = Some(now);
            return Missing::Ask(from);
        }
        self.watch_gap();
        let (Some(from), Some(since)) = (self.missing_from(), self.gap_since) else { return Missing::Nothing };
        let waited = now.duration_since(since);
        let asked = self.asked_again.is_some_and(|asked| now.duration_since(asked) < ASK_AGAIN);
        if waited >= ASK_AFTER && !asked {
            self.asked_again = Some(now);
            return Missing::Ask(from);
        }
        if waited >= PATIENCE { Missing::GiveUp(from) } else { Missing::Nothing }
    }

    /// The next line's number for a persona.
    pub(super) fn next_number(&mut self, persona: &Arc<str>) -> u64 {
        let last = self.numbers.entry(persona.clone()).or_default();
        *last += 1;
        *last
    }

    /// Remembers what was said about an event.
    pub(super) fn note(&mut self, key: &Key, said: Said) {
        self.said.entry(key.clone()).or_default().push(said);
    }

    /// Whether something was said about an event that still holds.
    pub(super) fn is_told_of(&self, key: &Key) -> bool {
        self.said.get(key).is_some_and(|said| said.iter().any(|said| !said.gone))
    }

    /// Whether the umpires may still change what stands of an event.
    pub(super) fn is_undecided(&self, key: &Key) -> bool {
        self.score.live_events().find(|event| event.key == *key).is_some_and(is_undecided)
    }

    /// Whether a line was said, in this run or an earlier one.
    pub(super) fn was_said(&self, key: &Key, line_id: &str) -> bool {
        self.said.get(key).is_some_and(|said| said.iter().any(|said| said.line_id == line_id))
    }
}

/// The line that a stored line replaced or took back.
fn taken_back(payload: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Correction {
        supersedes: Option<String>,
        retracts: Option<String>,
    }
    let correction: Correction = serde_json::from_str(payload).ok()?;
    correction.supersedes.or(correction.retracts)
}

/// The identity of a line: the same moment, persona and kind always have the same, so nothing is said twice.
pub(super) fn line_id(moment: &Moment, persona: &str, kind: LineKind) -> String {
    format!("{}.{}.r{}.{persona}.{}", moment.match_id, moment.key, moment.rev, kind.name())
}
