//! What the writing costs and brings, by match and persona: what only the daemon knows, for its report.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use commentary::Origin;
use llm::Usage;
use serde::{Deserialize, Serialize};

/// Matches remembered; those told of last stay.
const MATCHES: usize = 32;

/// What one persona's lines cost and brought in one match.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// Lines said.
    pub lines: Lines,
    /// Tokens of the writer.
    pub tokens: Tokens,
    /// What became of a writer's lines at their first attempt.
    pub first: Checks,
    /// And at later ones.
    pub retry: Checks,
    /// Lines that lay ready and did not hold, or would have repeated something, when their ball came.
    pub ready_refused: u64,
}

impl Account {
    /// Both together.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        for (sum, more) in [
            (&mut self.lines.ready, other.lines.ready),
            (&mut self.lines.live, other.lines.live),
            (&mut self.lines.phrasebook, other.lines.phrasebook),
            (&mut self.tokens.prompt, other.tokens.prompt),
            (&mut self.tokens.reused, other.tokens.reused),
            (&mut self.tokens.written, other.tokens.written),
            (&mut self.tokens.wasted, other.tokens.wasted),
            (&mut self.first.passed, other.first.passed),
            (&mut self.first.refused, other.first.refused),
            (&mut self.first.repeated, other.first.repeated),
            (&mut self.retry.passed, other.retry.passed),
            (&mut self.retry.refused, other.retry.refused),
            (&mut self.retry.repeated, other.retry.repeated),
            (&mut self.ready_refused, other.ready_refused),
        ] {
            *sum += more;
        }
        self
    }
}

/// Lines said, by who wrote them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lines {
    /// A model, before the ball was bowled.
    pub ready: u64,
    /// A model, after it.
    pub live: u64,
    /// The phrasebook.
    pub phrasebook: u64,
}

/// Tokens, as far as the writer tells them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tokens {
    /// In prompts.
    pub prompt: u64,
    /// Those of them that needed no work, because another prompt had begun alike.
    pub reused: u64,
    /// Written.
    pub written: u64,
    /// Those of them that nobody heard: refused, too late, or for balls that did not come.
    pub wasted: u64,
}

/// What became of lines that a writer wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Checks {
    /// Every claim held.
    pub passed: u64,
    /// A claim did not hold.
    pub refused: u64,
    /// True, but said a moment ago.
    pub repeated: u64,
}

/// What became of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Every claim held.
    Passed,
    /// A claim did not hold.
    Refused,
    /// True, but said a moment ago.
    Repeated,
}

/// Accounts of a match.
type ByPersona = BTreeMap<String, Account>;

/// The accounts of all matches. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    matches: Arc<Mutex<BTreeMap<Arc<str>, ByPersona>>>,
}

impl Accounts {
    /// The accounts of a match, by persona.
    pub fn of(&self, match_id: &str) -> ByPersona {
        let matches = self.matches.lock().unwrap_or_else(PoisonError::into_inner);
        matches.get(match_id).cloned().unwrap_or_default()
    }

    /// Forgets a match.
    pub fn forget(&self, match_id: &str) {
        self.matches.lock().unwrap_or_else(PoisonError::into_inner).remove(match_id);
    }

    /// A line was said.
    pub fn said(&self, match_id: &Arc<str>, persona: &str, origin: Origin) {
        self.change(match_id, persona, |account| match origin {
            Origin::Ready => account.lines.ready += 1,
            Origin::Live => account.lines.live += 1,
            Origin::Phrasebook => account.lines.phrasebook += 1,
        });
    }

    /// A writer wrote a line, or as much of one.
    pub fn wrote(&self, match_id: &Arc<str>, persona: &str, usage: &Usage) {
        self.change(match_id, persona, |account| {
            account.tokens.prompt += u64::from(usage.prompt_tokens.unwrap_or(0));
            account.tokens.reused += u64::from(usage.reused_tokens.unwrap_or(0));
            account.tokens.written += u64::from(usage.written_tokens.unwrap_or(0));
        });
    }

    /// Tokens were written that nobody will hear.
    pub fn wasted(&self, match_id: &Arc<str>, persona: &str, tokens: u32) {
        self.change(match_id, persona, |account| account.tokens.wasted += u64::from(tokens));
    }

    /// A line was judged; `attempt` is from 0.
    pub fn judged(&self, match_id: &Arc<str>, persona: &str, attempt: u32, check: Check) {
        self.change(match_id, persona, |account| {
            let checks = if attempt == 0 { &mut account.first } else { &mut account.retry };
            match check {
                Check::Passed => checks.passed += 1,
                Check::Refused => checks.refused += 1,
                Check::Repeated => checks.repeated += 1,
            }
        });
    }

    /// A line that lay ready could not be said.
    pub fn ready_refused(&self, match_id: &Arc<str>, persona: &str) {
        self.change(match_id, persona, |account| account.ready_refused += 1);
    }

    fn change(&self, match_id: &Arc<str>, persona: &str, change: impl FnOnce(&mut Account)) {
        let mut matches = self.matches.lock().unwrap_or_else(PoisonError::into_inner);
        if matches.len() >= MATCHES && !matches.contains_key(match_id) {
            matches.pop_first();
        }
        let personas = matches.entry(match_id.clone()).or_default();
        if let Some(account) = personas.get_mut(persona) {
            change(account);
        } else {
            change(personas.entry(persona.to_owned()).or_default());
        }
    }
}
