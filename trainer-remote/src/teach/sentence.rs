//! What a phrasing talks about, read from its words and slots: so that two joined ones do not say the same thing twice.

use std::collections::BTreeSet;

/// Slots that tell the same thing, a group a line; a slot of no group stands for itself.
const SAME: [&[&str]; 7] = [
    &["batter", "partner", "out", "milestone", "retired", "top"],
    &["batter_runs", "out_runs", "milestone_runs", "top_runs", "retired_runs"],
    &["batter_balls", "out_balls", "milestone_balls"],
    &["score", "runs", "wickets", "wicket"],
    &["need", "left", "target", "required", "revised", "next_target"],
    &["bowler_figures", "bowler_wickets", "best_figures"],
    &["winner", "margin"],
];

/// Words that say the same, by how they begin; a group a line.
const ALIKE: [&[&str]; 5] = [
    &["gone", "goes", "going", "depart", "leaves"],
    &["fift", "half-", "centur", "hundred"],
    &["final", "last", "wait", "relie", "drought"],
    &[
        "splend", "magnif", "marvel", "superb", "glorio", "exquis", "beaut", "lovel", "wonder", "brillian", "stupend",
        "handsome", "class", "crisp", "neat", "tidy", "sensib", "stunn", "terrif", "extraord", "effortl", "fine",
        "good", "admira", "great", "remark", "fantast", "incredib", "clean", "nicely", "super", "enormous", "massive",
        "monstro", "masterp",
    ],
    &["score", "total", "tick", "board"],
];

/// How many runs: told once.
const RUNS: [&str; 7] = ["one", "single", "two", "couple", "three", "five", "singles"];

/// Short words that may stand in both.
const SMALL: [&str; 35] = [
    "that", "this", "with", "from", "they", "them", "there", "their", "have", "been", "what", "will", "when", "just",
    "then", "than", "into", "over", "like", "very", "quite", "rather", "folks", "friends", "more", "here", "were",
    "your", "ball", "runs", "must", "does", "upon", "only", "such",
];

/// Words with which a phrasing looks ahead to more of the innings: wrong once it is over.
const AHEAD: [&str; 28] = [
    "next",
    "rebuild",
    "again",
    "another",
    "stand up",
    "new pair",
    "new face",
    "important",
    "asks for",
    "asking",
    "get going",
    "to get",
    "needed",
    "on the move",
    "not finished",
    "march on",
    "wait",
    "rotates",
    "changing",
    "eases",
    "intent",
    "feet",
    "in the mood",
    "lifts",
    "breathe easier",
    "is on",
    "stay",
    "settles",
];

/// What a phrasing talks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Topic {
    slots: BTreeSet<String>,
    words: BTreeSet<String>,
    openers: BTreeSet<String>,
    /// How many sentences it has.
    pub(super) sentences: usize,
}

impl Topic {
    /// Reads a phrasing, slots open.
    pub(super) fn of(template: &str) -> Self {
        let mut topic = Self { slots: BTreeSet::new(), words: BTreeSet::new(), openers: BTreeSet::new(), sentences: 0 };
        let mut rest = template;
        let mut plain = String::new();
        while let Some((words, after)) = rest.split_once('{') {
            let (slot, after) = after.split_once('}').unwrap_or((after, ""));
            let name = slot.split_once(' ').map_or(slot, |(name, _)| name);
            topic.slots.insert(group(name.strip_suffix("'s").unwrap_or(name)).to_owned());
            plain.push_str(words);
            // A slot counts as a word of its own, so that it can open a sentence.
            plain.push('_');
            plain.push_str(&name.replace("'s", ""));
            rest = after;
        }
        plain.push_str(rest);
        for sentence in plain.split(['.', '!', '?']) {
            let mut words = sentence.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '_' | '-')));
            let Some(first) = words.find(|word| !word.is_empty()) else { continue };
            topic.sentences += 1;
            topic.openers.insert(first.to_lowercase());
            for word in std::iter::once(first).chain(words) {
                let word = word.to_lowercase();
                if RUNS.contains(&word.as_str()) {
                    topic.words.insert(RUNS[0].to_owned());
                } else if word.chars().count() >= 4 && !word.starts_with('_') && !SMALL.contains(&word.as_str()) {
                    topic.words.insert(stem(&word));
                }
            }
        }
        topic
    }

    /// Whether another phrasing can follow: no slot, no word of weight and no opening in common.
    pub(super) fn goes_with(&self, other: &Self) -> bool {
        self.slots.is_disjoint(&other.slots)
            && self.words.is_disjoint(&other.words)
            && self.openers.is_disjoint(&other.openers)
    }

    /// Whether it has a slot of this name's group.
    pub(super) fn tells(&self, slot: &str) -> bool {
        self.slots.contains(group(slot))
    }
}

/// Whether a phrasing looks ahead to more of the innings.
pub(super) fn looks_ahead(template: &str) -> bool {
    let lower = template.to_lowercase();
    AHEAD.iter().any(|phrase| {
        lower.match_indices(phrase).any(|(at, _)| {
            let apart = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
            apart(lower[..at].chars().next_back()) && apart(lower[at + phrase.len()..].chars().next())
        })
    })
}

fn group(slot: &str) -> &str {
    SAME.iter().find(|group| group.contains(&slot)).map_or(slot, |group| group[0])
}

/// Forms of one word are one word: its first five letters stand for it, or the group of words that say the same.
fn stem(word: &str) -> String {
    let alike = ALIKE.iter().find(|group| group.iter().any(|start| word.starts_with(start)));
    if let Some(group) = alike {
        return group[0].to_owned();
    }
    word.chars().take(5).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goes(first: &str, second: &str) -> bool {
        Topic::of(first).goes_with(&Topic::of(second))
    }

    #[test]
    fn two_phrasings_go_together_when_they_tell_different_things() {
        assert!(goes("Four.", "Beautifully done."));
        assert!(goes("Bowled {out}.", "{score}."));
        assert!(!goes("Four to {batter}!", "{batter's} day, this!"), "the same slot");
        assert!(!goes("{out} is gone.", "{batter} made a few."), "the same person under two names");
        assert!(!goes("Beautiful.", "How beautifully done."), "the same word in two forms");
        assert!(!goes("Single taken!", "That'll be one!"), "the runs told twice");
        assert!(!goes("Oh, four!", "Oh, glorious!"), "the same opening");
        assert!(!goes("{score}. {need} to get.", "{target} is the sum."), "the chase told twice");
    }

    #[test]
    fn sentences_are_counted_and_slots_may_open_them() {
        assert_eq!(Topic::of("{out}, {out_runs}.").sentences, 1);
        assert_eq!(Topic::of("Oh dear. Run out! {out} goes.").sentences, 3);
    }

    #[test]
    fn what_looks_ahead_is_found_by_whole_words() {
        assert!(looks_ahead("{batting} must think again."));
        assert!(!looks_ahead("{bowler} against {batter}."));
    }
}
