//! A line without its topic, as single words, pairs of words and marks.

use std::collections::BTreeSet;

use commentary::Moment;

/// What a ball can be, in words: they follow from the ball and not from the voice.
const EVENTS: &str = "four fours six sixes boundary boundaries maximum dot single singles two twos couple brace three five run runs \
    wide wides no-ball bye byes leg extra extras wicket wickets out gone bowled caught catch lbw stumped stumping duck hat-trick \
    maiden fifty hundred century half-century ball balls over overs off score stand partnership together target need needed \
    needs required win won falls dismissed departs strikes review free hit";

/// Numbers in words.
const NUMBERS: &str = "one two three four five six seven eight nine ten eleven twelve first second third fourth fifth sixth \
    seventh eighth ninth tenth nought zero double";

/// The features of a line.
pub(super) fn features(text: &str, moment: &Moment) -> Vec<String> {
    let names = names(moment);
    let mut tokens: Vec<String> = vec!["^".to_owned()];
    for token in cut(text) {
        let masked = mask(&token, &names);
        // A name of several words is one name.
        if masked != Some("<name>") || tokens.last().map(String::as_str) != Some("<name>") {
            tokens.push(masked.map_or(token, str::to_owned));
        }
    }
    if tokens.len() == 1 {
        return Vec::new();
    }
    tokens.push("$".to_owned());
    let pairs = tokens.windows(2).map(|pair| pair.join(" ")).collect::<Vec<_>>();
    let singles = tokens.into_iter().filter(|token| !matches!(token.as_str(), "^" | "$"));
    singles.chain(pairs).collect()
}

fn mask(token: &str, names: &BTreeSet<String>) -> Option<&'static str> {
    let bare = token.strip_suffix("'s").unwrap_or(token);
    if token.starts_with(|c: char| c.is_ascii_digit()) {
        Some("<number>")
    } else if names.contains(bare) {
        Some("<name>")
    } else if EVENTS.split_whitespace().any(|word| word == bare) {
        Some("<event>")
    } else if NUMBERS.split_whitespace().any(|word| word == bare) {
        Some("<number>")
    } else {
        None
    }
}

/// Words in small letters, and marks one by one.
fn cut(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}' | '-' | '/') {
            word.push(if c == '\u{2019}' { '\'' } else { c });
            continue;
        }
        if !word.is_empty() {
            tokens.push(std::mem::take(&mut word));
        }
        if !c.is_whitespace() {
            tokens.push(c.to_string());
        }
    }
    if !word.is_empty() {
        tokens.push(word);
    }
    tokens
}

/// Every word of every name of the match.
fn names(moment: &Moment) -> BTreeSet<String> {
    let scene = &moment.scene;
    let sides = scene.teams.iter().map(|team| &**team).chain([&*scene.batting_team, &*scene.bowling_team]);
    let places = scene.venue.as_deref().into_iter().chain(scene.competition.as_deref());
    let people = moment.facts.people().iter().map(|person| person.full.as_str());
    people.chain(sides).chain(places).flat_map(cut).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::data::replay::{Played, each_ball};

    const MATCH: &[u8] =
        br#"{"meta":{"data_version":"1.1.0","created":"2024-01-01","revision":1},"info":{"balls_per_over":6,
        "dates":["2024-01-01"],"gender":"male","match_type":"T20","overs":20,"outcome":{"winner":"Harbour"},
        "players":{"Harbour":["T Okafor","L Brandt"],"Hilltown":["R de la Menon"]},"team_type":"club",
        "teams":["Harbour","Hilltown"],"toss":{"decision":"bat","winner":"Harbour"},"registry":{"people":{}}},
        "innings":[{"team":"Harbour","overs":[{"over":0,"deliveries":[{"batter":"T Okafor","bowler":"R de la Menon",
        "non_striker":"L Brandt","runs":{"batter":4,"extras":0,"total":4}}]}]}]}"#;

    #[test]
    fn names_numbers_and_events_are_all_the_same_to_it() {
        let mut seen = 0;
        each_ball(Played::read("m.json", MATCH).unwrap(), |moment| {
            seen += 1;
            let one = features("What a four from Okafor, 14 off 9!", moment);
            assert_eq!(one, features("What a six from de la Menon, 2 off 30!", moment));
            assert!(one.contains(&"what a".to_owned()) && one.contains(&"! $".to_owned()), "{one:?}");
            assert!(one.iter().all(|feature| !feature.contains("okafor") && !feature.contains("14")), "{one:?}");
            assert_ne!(one, features("What a four from Okafor, 14 off 9.", moment));
            assert!(features(" ", moment).is_empty());
        });
        assert_eq!(seen, 1);
    }
}
