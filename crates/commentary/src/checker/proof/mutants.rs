//! True lines made false: one change each.

use crate::{facts::Role, moment::Moment, name};

/// A line with one thing changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// What was changed.
    pub kind: &'static str,
    /// The line after it.
    pub text: String,
}

/// Words of one kind that are exchanged for each other, in English and Hindi: every spelling of the first for the same
/// place in the second. Counts in digits are no kind of their own: any number is made larger and smaller.
const WORDS: [(&str, &[(&str, &str)]); 5] = [
    (
        "four for six",
        &[
            ("Four", "Six"),
            ("four", "six"),
            ("Six", "Four"),
            ("six", "four"),
            ("चौका", "छक्का"),
            ("छक्का", "चौका"),
            ("चौके", "छक्के"),
            ("छक्के", "चौके"),
            ("चार", "छह"),
            ("छह", "चार"),
        ],
    ),
    (
        "another count of runs",
        &[
            ("Single", "Two"),
            ("A single", "Three"),
            ("a single", "three"),
            ("two", "three"),
            ("Two", "Three"),
            ("three", "two"),
            ("Three", "Two"),
            ("one run", "two runs"),
            ("One run", "Two runs"),
            ("सिंगल", "डबल"),
            ("एक रन", "दो रन"),
            ("दो रन", "तीन रन"),
            ("तीन रन", "दो रन"),
        ],
    ),
    (
        "another way of being out",
        &[
            ("Caught", "Bowled"),
            ("caught", "bowled"),
            ("Clean bowled", "Stumped"),
            ("Bowled", "Stumped"),
            ("is bowled", "is caught"),
            ("Lbw", "Bowled"),
            ("lbw", "caught"),
            ("Leg before", "Bowled"),
            ("leg before", "stumped"),
            ("Run out", "Stumped"),
            ("run out", "stumped"),
            ("Stumped", "Run out"),
            ("stumped", "run out"),
            ("कैच आउट", "बोल्ड"),
            ("बोल्ड", "पगबाधा"),
            ("पगबाधा", "बोल्ड"),
            ("रन आउट", "स्टंप आउट"),
            ("स्टंप आउट", "रन आउट"),
        ],
    ),
    (
        "another milestone",
        &[
            ("Fifty", "Hundred"),
            ("fifty", "hundred"),
            ("Half-century", "Century"),
            ("half-century", "century"),
            ("Century", "Half-century"),
            ("century", "half-century"),
            ("Hundred", "Fifty"),
            ("hundred", "fifty"),
            ("अर्धशतक", "शतक"),
            ("शतक", "अर्धशतक"),
        ],
    ),
    (
        "another place in an order",
        &[
            ("first", "second"),
            ("second", "third"),
            ("third", "second"),
            ("fourth", "third"),
            ("fifth", "sixth"),
            ("sixth", "fifth"),
            ("seventh", "eighth"),
            ("eighth", "seventh"),
            ("पहला", "दूसरा"),
            ("दूसरा", "तीसरा"),
            ("तीसरा", "चौथा"),
            ("चौथा", "तीसरा"),
            ("पांचवां", "छठा"),
            ("छठा", "पांचवां"),
        ],
    ),
];

/// What no feed tells, added at the end, in English and in Hindi.
const ADDED: [(&str, &str, &str); 4] = [
    ("a shot added", "Driven.", "कवर ड्राइव।"),
    ("a field position added", "Past mid-off.", "मिड ऑफ़ के पास से।"),
    ("a record added", "A new record.", "नया रिकॉर्ड।"),
    ("a crowd added", "The crowd roars.", "दर्शक झूम उठे।"),
];

/// Every change that a line of the moment allows. `seed` chooses where there is more than one way.
pub fn mutants(text: &str, moment: &Moment, seed: u64) -> Vec<Mutant> {
    let mut made = Vec::new();
    let mut add = |kind: &'static str, mutant: Option<String>| {
        made.extend(mutant.filter(|mutant| mutant != text).map(|text| Mutant { kind, text }));
    };
    for (kind, one, other) in [
        ("bowler for batter", Role::Bowler, Role::Batter),
        ("batter for partner", Role::Batter, Role::Partner),
        ("bowler for partner", Role::Bowler, Role::Partner),
        ("fielder for bowler", Role::Fielder, Role::Bowler),
        ("who is out for who is not", Role::Out, Role::Partner),
    ] {
        add(kind, pair(moment, one, other).and_then(|(one, other)| swap(text, &one, &other)));
    }
    add("somebody who plays no part", stranger(text, moment, seed));
    if let [one, other] = moment.scene.teams.as_slice() {
        add("one side for the other", swap(text, &name::clean(one), &name::clean(other)));
    }
    for (kind, pairs) in WORDS {
        add(kind, pairs.iter().find_map(|(from, to)| replace_word(text, from, to)));
    }
    let numbers = numbers(text);
    if let Some((start, end)) = numbers.get(usize::try_from(seed).unwrap_or(0) % numbers.len().max(1)).copied() {
        let put = |number: String| format!("{}{number}{}", &text[..start], &text[end..]);
        let value = text[start..end].parse::<u32>().ok();
        add("a number one larger", value.map(|value| put((value + 1).to_string())));
        add("a number one smaller", value.and_then(|value| value.checked_sub(1)).map(|value| put(value.to_string())));
        add("digits exchanged", turned(&text[start..end]).map(put));
        let others = moment.facts.list();
        let others: Vec<&str> = others
            .iter()
            .map(|fact| fact.value.as_str())
            .filter(|other| other.parse::<u32>().is_ok_and(|other| Some(other) != value))
            .collect();
        let chosen = others.get(usize::try_from(seed / 7).unwrap_or(0) % others.len().max(1));
        add("the number of something else", chosen.map(|other| put((*other).to_owned())));
    }
    let is_hindi = text.ends_with('।');
    let stem = text.trim_end_matches(['.', '!', '।']);
    for (kind, english, hindi) in ADDED {
        add(kind, Some(if is_hindi { format!("{stem}। {hindi}") } else { format!("{stem}. {english}") }));
    }
    made
}

/// How two people of the moment are said, where one name is not part of the other.
fn pair(moment: &Moment, one: Role, other: Role) -> Option<(String, String)> {
    let said = |role: Role| moment.facts.person(role).map(|person| person.said.clone()).filter(|said| !said.is_empty());
    let (one, other) = (said(one)?, said(other)?);
    (!one.contains(other.as_str()) && !other.contains(one.as_str())).then_some((one, other))
}

/// Exchanges two texts in a line; `None` where neither is in it.
fn swap(text: &str, one: &str, other: &str) -> Option<String> {
    let swapped = text.replace(one, "\u{1}").replace(other, one).replace('\u{1}', other);
    (swapped != text).then_some(swapped)
}

/// Puts a player who has no part in the moment in the place of the first who has.
fn stranger(text: &str, moment: &Moment, seed: u64) -> Option<String> {
    let people = moment.facts.people();
    let named =
        people.iter().find(|person| person.is_on_stage() && !person.said.is_empty() && text.contains(&person.said))?;
    let idle: Vec<&str> = people
        .iter()
        .filter(|person| !person.is_on_stage() && person.said.chars().count() > 2 && !text.contains(&person.said))
        .map(|person| person.said.as_str())
        .collect();
    let chosen = idle.get(usize::try_from(seed / 3).unwrap_or(0) % idle.len().max(1))?;
    Some(text.replacen(&named.said, chosen, 1))
}

/// Replaces a whole word or phrase where it first stands.
fn replace_word(text: &str, from: &str, to: &str) -> Option<String> {
    text.match_indices(from).find_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + from.len()..].chars().next();
        let inside = |c: Option<char>| c.is_some_and(|c| name::is_letter(c) || c == '-');
        (!inside(before) && !inside(after)).then(|| format!("{}{to}{}", &text[..at], &text[at + from.len()..]))
    })
}

/// Where digits stand.
fn numbers(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..bytes.len())
        .filter(|at| is_digit(*at) && !at.checked_sub(1).is_some_and(is_digit))
        .map(|start| (start, (start..=bytes.len()).find(|end| !is_digit(*end)).unwrap_or(bytes.len())))
        .collect()
}

/// The first two different digits exchanged: 45 for 54.
fn turned(number: &str) -> Option<String> {
    let mut digits: Vec<char> = number.chars().collect();
    let at = digits.windows(2).position(|pair| pair[0] != pair[1])?;
    digits.swap(at, at + 1);
    Some(digits.into_iter().collect()).filter(|turned: &String| !turned.starts_with('0'))
}
