//! What the systems are asked about: whole stretches of consecutive balls of test matches, and who would speak when.
//!
//! Who speaks, and of what, follows [`commentary::decide`]. That depends on how long a persona has been quiet, which
//! would differ between systems; so the phrasebook speaks the stretch once and fixes the turns for all.

use std::{collections::BinaryHeap, path::Path, sync::Arc};

use commentary::{LineKind, Memory, Moment, Persona, Phrasebook, checker::check_as, decide};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};
use stats::each_match;
use tokio_util::sync::CancellationToken;

use super::{Class, EvalError, Evaluation, run::Source};
use crate::{
    data::replay::{Played, each_ball},
    progress::Progress,
};

/// A persona's turn to speak of a ball.
pub(super) struct Turn {
    /// Which match, as an index into [`Script::matches`].
    pub(super) place: usize,
    /// The ball.
    pub(super) moment: Arc<Moment>,
    /// Who speaks, as an index into [`Script::personas`].
    pub(super) persona: usize,
    /// What kind of line.
    pub(super) kind: LineKind,
    /// What the ball was.
    pub(super) class: Class,
    /// Whether the system is asked; a kind that is not evaluated comes from the phrasebook, as others hear it in between.
    pub(super) asked: bool,
    /// Seed of the first reply; the same for every system.
    pub(super) seed: u32,
    /// Phrases that name what happened without a word that says so.
    phrases: Vec<String>,
}

/// All that the systems are asked about.
pub(super) struct Script {
    pub(super) matches: Vec<Arc<str>>,
    pub(super) personas: Vec<Arc<Persona>>,
    pub(super) turns: Vec<Turn>,
    /// Balls in all stretches together.
    pub(super) balls: usize,
    /// Matches for the classifier of personas, none of which is asked about where there are others.
    pub(super) lessons: Vec<Played>,
    /// Whether those are matches that are asked about.
    pub(super) lessons_overlap: bool,
}

/// A number from texts, well spread and the same on every machine.
pub(super) fn number_of(seed: u64, texts: &[&str]) -> u64 {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    for text in texts {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The files of lowest rank, as many as are wanted at most.
struct Drawn {
    most: usize,
    files: BinaryHeap<(u64, String, Vec<u8>)>,
}

impl Drawn {
    fn offer(&mut self, rank: u64, name: &str, content: &[u8]) {
        if self.files.len() >= self.most && self.files.peek().is_some_and(|(highest, _, _)| *highest <= rank) {
            return;
        }
        self.files.push((rank, name.to_owned(), content.to_vec()));
        if self.files.len() > self.most {
            self.files.pop();
        }
    }
}

impl Script {
    /// Nothing to say yet.
    pub(super) fn empty(personas: Vec<Arc<Persona>>) -> Self {
        Self { matches: Vec::new(), personas, turns: Vec::new(), balls: 0, lessons: Vec::new(), lessons_overlap: false }
    }

    /// Draws the matches, replays them and fixes the turns.
    pub(super) fn write(
        settings: &Evaluation,
        source: &Source<'_>,
        personas: Vec<Arc<Persona>>,
        seed: u64,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<Self, EvalError> {
        // Some files will be too short or unreadable.
        let spare = settings.matches + settings.matches / 2 + 8;
        let mut tests = Drawn { most: spare, files: BinaryHeap::new() };
        let mut others = Drawn { most: settings.style_matches + spare, files: BinaryHeap::new() };
        each_match(source.path, |file| {
            if cancel.is_cancelled() {
                return Err(EvalError::Cancelled);
            }
            let Ok(content) = file.content else { return Ok(()) };
            let id = Path::new(file.name).file_stem().unwrap_or_default().to_string_lossy();
            let rank = number_of(seed, &["match", &id]);
            if (source.is_test)(&id) {
                tests.offer(rank, file.name, content);
            }
            if (source.is_train)(&id) {
                others.offer(rank.reverse_bits(), file.name, content);
            }
            Ok(())
        })?;
        let mut script = Self::empty(personas);
        let book = Phrasebook::builtin();
        for (_, name, content) in tests.files.into_sorted_vec() {
            if script.matches.len() == settings.matches || cancel.is_cancelled() {
                break;
            }
            match Played::read(&name, &content) {
                Ok(played) => script.add(settings, (source.reform)(played), &book, seed),
                Err(reason) => progress.note(&format!("{name} is passed over: {reason}")),
            }
        }
        if cancel.is_cancelled() {
            return Err(EvalError::Cancelled);
        }
        if script.matches.len() < settings.matches {
            return Err(EvalError::TooFew {
                path: source.path.to_owned(),
                found: script.matches.len(),
                wanted: settings.matches,
                balls: settings.stretch(),
            });
        }
        script.take_lessons(settings, source, others);
        Ok(script)
    }

    /// Adds a stretch of a match, unless it is too short for one.
    fn add(&mut self, settings: &Evaluation, played: Played, book: &Phrasebook, seed: u64) {
        let length = settings.stretch();
        let Some(spare) = played.game.deliveries().count().checked_sub(length) else { return };
        let mut random = ChaCha8Rng::seed_from_u64(number_of(seed, &["stretch", &played.match_id]));
        let start = random.random_range(0..=spare);
        let match_id = played.match_id.clone();
        let mut moments = Vec::with_capacity(length);
        let mut at = 0;
        each_ball(played, |moment| {
            if (start..start + length).contains(&at) {
                moments.push(Arc::new(moment.clone()));
            }
            at += 1;
        });
        // Balls that the score does not count (a duplicate, a ball after the end) leave a stretch short.
        if moments.len() < length {
            return;
        }
        let place = self.matches.len();
        self.balls += moments.len();
        let mut memories = vec![Memory::new(); self.personas.len()];
        for moment in &moments {
            let class = Class::of(moment);
            for (persona, (who, memory)) in self.personas.iter().zip(&mut memories).enumerate() {
                for kind in decide(moment, who, memory).kinds {
                    book.line_on_air(kind, moment, who, memory);
                    let texts = [&*match_id, moment.key.as_str(), &who.id, kind.name()];
                    self.turns.push(Turn {
                        place,
                        moment: Arc::clone(moment),
                        persona,
                        kind,
                        class,
                        asked: settings.kinds().contains(&kind),
                        seed: number_of(seed, &texts) as u32 & 0x7FFF_FFFF,
                        phrases: phrases(book, kind, moment, who, class),
                    });
                }
            }
        }
        self.matches.push(match_id);
    }

    fn take_lessons(&mut self, settings: &Evaluation, source: &Source<'_>, others: Drawn) {
        let (asked, free): (Vec<_>, Vec<_>) = others
            .files
            .into_sorted_vec()
            .into_iter()
            .filter_map(|(_, name, content)| Played::read(&name, &content).ok())
            .partition(|played| self.matches.contains(&played.match_id));
        self.lessons_overlap = free.is_empty();
        let chosen = if free.is_empty() { asked } else { free };
        self.lessons = chosen.into_iter().take(settings.style_matches).map(|played| (source.reform)(played)).collect();
    }

    /// The turns that systems are asked for.
    pub(super) fn asked(&self) -> impl Iterator<Item = &Turn> {
        self.turns.iter().filter(|turn| turn.asked)
    }
}

/// A moment in the words of a scorer, as prompts have it.
pub(super) fn in_words(moment: &Moment, persona: &Persona) -> String {
    let layout = commentary::Layout::Chat(commentary::ChatTemplate::ChatMl);
    let prompt = commentary::render(moment, persona, moment.kind(), layout).text;
    let facts = prompt.lines().find_map(|line| line.strip_prefix("Facts: "));
    facts.unwrap_or_default().to_owned()
}

impl Turn {
    /// A turn outside any stretch, asked whatever the persona would rather do.
    pub(super) fn probe(place: usize, moment: &Arc<Moment>, persona: usize, kind: LineKind, seed: u64) -> Self {
        let texts = [&*moment.match_id, moment.key.as_str(), &persona.to_string(), kind.name()];
        Self {
            place,
            moment: Arc::clone(moment),
            persona,
            kind,
            class: Class::of(moment),
            asked: true,
            seed: number_of(seed, &texts) as u32 & 0x7FFF_FFFF,
            phrases: Vec::new(),
        }
    }

    /// Whether a line is, or begins or ends as, a phrase that the phrasebook keeps for what happened: it names the event to
    /// whoever knows the voice, as `Lovely.` does for a four.
    pub(super) fn has_phrase(&self, text: &str) -> bool {
        let joins = |rest: &str, at_start: bool| {
            rest.is_empty() || if at_start { rest.starts_with(' ') } else { rest.ends_with(' ') }
        };
        self.phrases.iter().any(|phrase| {
            text.strip_prefix(phrase.as_str()).is_some_and(|rest| joins(rest, true))
                || text.strip_suffix(phrase.as_str()).is_some_and(|rest| joins(rest, false))
        })
    }
}

/// The phrases that name what happened: those that the phrasebook keeps for an event at least as telling as any that one
/// of its phrases names in so many words.
fn phrases(book: &Phrasebook, kind: LineKind, moment: &Moment, persona: &Persona, class: Class) -> Vec<String> {
    if kind != LineKind::Call {
        return Vec::new();
    }
    let sayings = book.sayings(kind, moment, persona);
    let names = |saying: &&commentary::phrasebook::Saying| {
        check_as(kind, &saying.text, moment, persona).is_ok_and(|line| class.is_said_by_word(&line))
    };
    let last = sayings.iter().filter(names).map(|saying| saying.place).max();
    let made = sayings.into_iter().filter(|saying| last.is_some_and(|last| saying.place <= last));
    made.map(|saying| saying.text).collect()
}
