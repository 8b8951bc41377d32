//! One match at the desk: its score, its stream, what was said in it.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use commentary::{
    Archive, CheckedLine, Line, LineKind, Memory, Moment, NoArchive,
    standing::{self, Changed, Told},
};
use cricket::{
    event::{Event, EventData, Key},
    score::{Applied, Match, MatchState, Sequencer},
};
use tokio_util::sync::CancellationToken;

use crate::{booth::Voices, feed::intake::FeedStatus, journal::LineRecord, past::PastOf};

/// How long a missing event is waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);
/// A gap that lasts so long is asked about; shorter ones are mere disorder.
pub(super) const ASK_AFTER: Duration = Duration::from_millis(400);
/// How long until the same match is asked about again.
pub(super) const ASK_AGAIN: Duration = Duration::from_secs(10);

/// A line that was said about an event.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) line_id: String,
    pub(super) persona: Arc<str>,
    pub(super) kind: LineKind,
    /// Its number among the persona's lines.
    seq: u64,
    /// The words; none where a line was only taken back.
    pub(super) text: Box<str>,
    /// Its claims, as [`standing::claim`] has them.
    pub(super) claims: Box<[u64]>,
    /// Whether a later line has replaced it or taken it back.
    pub(super) gone: bool,
}

impl Said {
    pub(super) fn of(line: &Line) -> Self {
        Self {
            line_id: line.line_id.clone(),
            persona: line.persona.as_str().into(),
            kind: line.kind,
            seq: line.seq,
            text: line.text.as_str().into(),
            claims: line.facts.iter().map(standing::claim).collect(),
            // What only takes back can itself not be taken back.
            gone: line.text.is_empty(),
        }
    }
}

/// A line that holds no longer.
#[derive(Debug, Clone)]
pub(super) struct Fallen {
    pub(super) key: Key,
    pub(super) line_id: String,
    pub(super) persona: Arc<str>,
}

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
    pub(super) past: Option<PastOf>,
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

/// How fast the balls come, as they arrive.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tempo {
    last: Option<Instant>,
    /// The pause between balls, newer ones weighing more.
    pause: Option<Duration>,
}

/// Words of speech a second.
const WORDS_A_SECOND: f64 = 2.6;

impl Tempo {
    /// A ball arrived.
    pub(super) fn ball(&mut self, at: Instant) {
        if let Some(last) = self.last.replace(at) {
            let pause = at.saturating_duration_since(last);
            self.pause = Some(self.pause.map_or(pause, |known| (known * 2 + pause) / 3));
        }
    }

    /// Whether a text can be said before the next ball is due; while nothing is known of the tempo it can.
    pub(super) fn has_room(&self, text: &str, ball: Instant) -> bool {
        let takes = Duration::from_secs_f64(text.split_whitespace().count() as f64 / WORDS_A_SECOND);
        self.pause.is_none_or(|pause| ball.elapsed() + takes < pause)
    }
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

    /// Finds the lines that the rebuilt score no longer bears out, and notes them as gone; see [`standing::fallen`].
    pub(super) fn find_fallen(&mut self, applied: &Applied, before: Option<&MatchState>, voices: &Voices) {
        let changed = Changed::of(&applied.withdrawn, &applied.happenings, before, self.score.state());
        let mut lines: Vec<(&Key, &Said)> = Vec::new();
        for (key, said) in &self.said {
            lines.extend(said.iter().filter(|said| !said.gone).map(|said| (key, said)));
        }
        // In the order of saying, so that the newest are the last.
        lines.sort_unstable_by_key(|(_, said)| said.seq);
        let speaker = |id: &str| voices.personas.iter().find(|persona| persona.id == id).or(voices.personas.first());
        let told: Vec<Told<'_>> = lines
            .iter()
            .filter_map(|(key, said)| {
                let persona = speaker(&said.persona)?;
                Some(Told { key, kind: said.kind, persona, text: &said.text, claims: &said.claims })
            })
            .collect();
        let past: &dyn Archive = self.past.as_ref().map_or(&NoArchive, |past| past);
        let verdicts = standing::fallen(&self.score, &changed, &told, past);
        let fallen: Vec<Fallen> = lines
            .into_iter()
            .zip(verdicts)
            .filter(|(_, fallen)| *fallen)
            .map(|((key, said), _)| Fallen {
                key: key.clone(),
                line_id: said.line_id.clone(),
                persona: said.persona.clone(),
            })
            .collect();
        for line in &fallen {
            let said = self.said.get_mut(&line.key).into_iter().flatten();
            said.filter(|said| said.line_id == line.line_id).for_each(|said| said.gone = true);
        }
        self.fallen.extend(fallen);
    }

    /// The fallen line that a persona's correction replaces: one about the corrected event itself, else the last.
    pub(super) fn take_fallen(&mut self, persona: &str, key: &Key) -> Option<Fallen> {
        let own = |line: &Fallen| *line.persona == *persona;
        let at = self
            .fallen
            .iter()
            .rposition(|line| own(line) && line.key == *key)
            .or_else(|| self.fallen.iter().rposition(own))?;
        Some(self.fallen.remove(at))
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

    /// Whether a line says something that the caller has not, and can be said before the next ball.
    pub(super) fn is_an_answer(&self, moment: &Moment, caller: &str, line: &CheckedLine, at: Instant) -> bool {
        let said = self.said.get(&moment.key).into_iter().flatten().filter(|said| *said.persona == *caller);
        let called: Vec<u64> = said.flat_map(|said| said.claims.iter().copied()).collect();
        let again = !line.facts().is_empty() && line.facts().iter().all(|fact| called.contains(&standing::claim(fact)));
        !again && self.tempo.has_room(line.text(), at)
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
