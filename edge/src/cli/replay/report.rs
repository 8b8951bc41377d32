//! How the booth did in a match that was played: who wrote its lines, how soon they came, what they cost.

use std::collections::{BTreeMap, BTreeSet};

use commentary::{Line, LineKind, Origin};
use serde::Serialize;

use super::hearing::Heard;
use crate::booth::Account;

/// The report's major version.
const VERSION: u32 = 1;

/// Who may have written a line, in the order of the ladder.
pub(super) const ORIGINS: [Origin; 3] = [Origin::Ready, Origin::Live, Origin::Phrasebook];

/// A match's report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Report {
    v: u32,
    /// The match.
    pub(super) match_id: String,
    /// Balls bowled.
    pub(super) balls: usize,
    /// All personas together.
    pub(super) all: Part,
    /// Each by itself.
    pub(super) personas: BTreeMap<String, Part>,
}

/// A part of the report.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct Part {
    /// Balls that a line was spoken of, by each persona.
    pub(super) spoken_balls: usize,
    /// By who wrote the first line of the ball: `ready`, `live`, `phrasebook`.
    pub(super) by_origin: BTreeMap<&'static str, ByOrigin>,
    /// What the writing cost and brought, as the daemon tells; nothing where none listens or no model writes.
    pub(super) account: Account,
}

/// Lines of one origin.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct ByOrigin {
    /// Balls whose first line it wrote.
    pub(super) balls: usize,
    /// Their part of all spoken balls, 0 to 1.
    pub(super) share: f64,
    /// Lines of all kinds.
    pub(super) lines: usize,
    /// Milliseconds from the ball's arrival to its first line, half of the balls and 95 of 100; absent without any.
    pub(super) latency_ms_p50: Option<u64>,
    /// See above.
    pub(super) latency_ms_p95: Option<u64>,
}

impl Report {
    /// Reads what was heard; `balls` are the keys of the balls that were bowled.
    pub(super) fn of(match_id: &str, balls: &BTreeSet<String>, heard: &Heard) -> Self {
        let names: BTreeSet<&String> =
            heard.lines.iter().map(|line| &line.persona).chain(heard.accounts.keys()).collect();
        let personas: BTreeMap<String, Part> = names
            .into_iter()
            .map(|name| {
                let own = |line: &&Line| line.persona == *name;
                let account = heard.accounts.get(name).copied().unwrap_or_default();
                (name.clone(), Part::of(balls, heard.lines.iter().filter(own), account))
            })
            .collect();
        let account = heard.accounts.values().fold(Account::default(), Account::plus);
        let all = Part::of(balls, heard.lines.iter(), account);
        Self { v: VERSION, match_id: match_id.to_owned(), balls: balls.len(), all, personas }
    }
}

impl Part {
    fn of<'a>(balls: &BTreeSet<String>, lines: impl Iterator<Item = &'a Line>, account: Account) -> Self {
        let mut part = Self { account, ..Self::default() };
        let mut waits: BTreeMap<&'static str, Vec<u64>> = BTreeMap::new();
        let mut spoken: BTreeSet<(&str, &str)> = BTreeSet::new();
        for origin in ORIGINS {
            part.by_origin.insert(origin.name(), ByOrigin::default());
        }
        for line in lines {
            let of = part.by_origin.entry(line.origin.name()).or_default();
            of.lines += 1;
            let of_the_ball = matches!(line.kind, LineKind::Call | LineKind::Colour) && balls.contains(&line.key);
            if of_the_ball && spoken.insert((&line.persona, &line.key)) {
                of.balls += 1;
                waits.entry(line.origin.name()).or_default().extend(line.latency_ms);
            }
        }
        part.spoken_balls = spoken.len();
        for (origin, of) in &mut part.by_origin {
            of.share = of.balls as f64 / part.spoken_balls.max(1) as f64;
            if let Some(waits) = waits.get_mut(origin) {
                waits.sort_unstable();
                of.latency_ms_p50 = percentile(waits, 0.5);
                of.latency_ms_p95 = percentile(waits, 0.95);
            }
        }
        part
    }
}

/// The value below which a share (0 to 1) of sorted values lies.
fn percentile(sorted: &[u64], share: f64) -> Option<u64> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get((last as f64 * share).round() as usize).copied()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn line(key: &str, persona: &str, kind: &str, origin: &str, latency: u64) -> Line {
        let json = serde_json::json!({
            "v": 1, "line_id": format!("{key}.{persona}.{kind}"), "match_id": "m", "key": key, "rev": 0,
            "persona": persona, "lang": "en", "kind": kind, "text": "Four!", "importance": 0.5, "leverage": 0.5,
            "facts": [], "origin": origin, "checked": true, "latency_ms": latency, "seq": 1,
        });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_ball_counts_for_whoever_spoke_of_it_first() {
        let balls: BTreeSet<String> = ["i1.o0.d1", "i1.o0.d2", "i1.o0.d3"].map(str::to_owned).into();
        let heard = Heard {
            lines: vec![
                line("i1.o0.d1", "greig", "call", "ready", 4),
                line("i1.o0.d1", "greig", "colour", "live", 5000),
                line("i1.o0.d2", "greig", "call", "ready", 6),
                line("i1.o0.d2", "benaud", "call", "phrasebook", 8),
                line("i1.o0.end", "greig", "over", "phrasebook", 2),
            ],
            accounts: BTreeMap::new(),
        };
        let report = Report::of("m", &balls, &heard);
        assert_eq!((report.balls, report.all.spoken_balls), (3, 3));
        let ready = &report.all.by_origin["ready"];
        assert_eq!((ready.balls, ready.lines, ready.latency_ms_p50, ready.latency_ms_p95), (2, 2, Some(6), Some(6)));
        assert!((ready.share - 2.0 / 3.0).abs() < 1e-9);
        assert_eq!(report.all.by_origin["live"], ByOrigin { lines: 1, ..ByOrigin::default() });
        assert_eq!(report.personas["benaud"].by_origin["phrasebook"].balls, 1);
    }
}
