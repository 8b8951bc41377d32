//! Names: whose they are, and whether they may be said now.

use super::{
    Findings, Why,
    lexicon::Lexicon,
    token::{Kind, Token, cut},
};
use crate::{facts::FactSheet, persona::Persona};

/// Joins the tokens of each name into one, longest name first.
pub(super) fn merge(tokens: &[Token], sheet: &FactSheet) -> Vec<Token> {
    let names = Names::of(sheet);
    let mut merged = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if let Some((length, kind)) = names.longest(&tokens[at..]) {
            let last = &tokens[at + length - 1];
            let text: Vec<&str> = tokens[at..at + length].iter().map(|token| token.text.as_str()).collect();
            let text = text.join(" ");
            merged.push(Token {
                lower: text.to_lowercase(),
                text,
                kind,
                opens: tokens[at].opens,
                possessive: last.possessive,
                known: true,
            });
            at += length;
        } else {
            merged.push(tokens[at].clone());
            at += 1;
        }
    }
    merged
}

/// Every way of saying every name of the sheet.
struct Names {
    /// Lower-case words, whether the name is written with a capital, and whose it is.
    forms: Vec<(Vec<String>, bool, Kind)>,
}

impl Names {
    fn of(sheet: &FactSheet) -> Self {
        let mut forms: Vec<(Vec<String>, bool, Kind)> = Vec::new();
        for (index, person) in sheet.people().iter().enumerate() {
            let full = words(&person.full);
            for form in
                [words(&person.said), full.iter().skip(full.len().saturating_sub(1)).cloned().collect(), full.clone()]
            {
                Self::add_person(&mut forms, form, index);
            }
            // `Rashid Khan` is also `Rashid`; initials are not a name.
            if let Some(first) = full.first().filter(|first| full.len() > 1 && first.chars().count() > 3) {
                Self::add_person(&mut forms, vec![first.clone()], index);
            }
        }
        for (index, team) in sheet.teams.iter().enumerate() {
            let full = words(&team.name);
            for word in full.iter().filter(|word| word.chars().count() > 3) {
                let shared = sheet
                    .teams
                    .iter()
                    .enumerate()
                    .any(|(other, team)| other != index && words(&team.name).contains(word));
                if !shared {
                    forms.push((vec![word.clone()], true, Kind::Team(index)));
                }
            }
            forms.push((full, true, Kind::Team(index)));
        }
        for (index, (_, place)) in sheet.places.iter().enumerate() {
            forms.push((words(place), true, Kind::Place(index)));
        }
        forms.retain(|(words, _, _)| !words.is_empty());
        Self { forms }
    }

    fn add_person(forms: &mut Vec<(Vec<String>, bool, Kind)>, form: Vec<String>, index: usize) {
        if form.is_empty() {
            return;
        }
        for (words, _, kind) in forms.iter_mut() {
            if let Kind::Person(people) = kind
                && *words == form
            {
                if !people.contains(&index) {
                    people.push(index);
                }
                return;
            }
        }
        let capital = form.iter().all(|word| word.chars().next().is_some_and(|c| c.is_alphabetic() && c.is_ascii()));
        forms.push((form, capital, Kind::Person(vec![index])));
    }

    fn longest(&self, tokens: &[Token]) -> Option<(usize, Kind)> {
        let fits = |words: &[String], capital: bool| {
            words.len() <= tokens.len()
                && words.iter().zip(tokens).all(|(word, token)| token.lower == *word)
                // A name is written with a capital somewhere; `root` in small letters is a root.
                && (!capital || tokens[..words.len()].iter().any(|token| token.text.starts_with(char::is_uppercase)))
        };
        self.forms
            .iter()
            .filter(|(words, capital, _)| fits(words, *capital))
            .max_by_key(|(words, _, kind)| (words.len(), matches!(kind, Kind::Person(_))))
            .map(|(words, _, kind)| (words.len(), kind.clone()))
    }
}

fn words(name: &str) -> Vec<String> {
    cut(name).into_iter().filter(|token| !matches!(token.kind, Kind::Mark(_))).map(|token| token.lower).collect()
}

/// Refuses people who play no part in the moment, words with a capital that are no name of the match, and words that are
/// not in the vocabulary.
pub(super) fn check(
    tokens: &[Token],
    sheet: &FactSheet,
    persona: &Persona,
    lexicon: &Lexicon,
    findings: &mut Findings,
) {
    for token in tokens {
        match &token.kind {
            Kind::Person(people) => {
                match people.iter().map(|index| &sheet.people()[*index]).find(|person| person.is_on_stage()) {
                    Some(person) => findings.facts.push(person.as_ref()),
                    None => findings.refuse(Why::Contradicted, &token.text, "plays no part in this moment"),
                }
            }
            Kind::Team(index) => findings.facts.push(sheet.teams[*index].as_ref()),
            Kind::Place(index) => {
                let (id, place) = &sheet.places[*index];
                findings.facts.push(crate::facts::FactRef { id: (*id).to_owned(), value: place.clone() });
            }
            Kind::Word if token.known => {}
            Kind::Word if !token.text.starts_with(char::is_uppercase) => {
                if persona.uses(&token.text) {
                    continue;
                }
                if !lexicon.language().writes(&token.text) {
                    findings.refuse(Why::NotCheckable, &token.text, "not a word of this persona's language");
                } else if !lexicon.knows(&token.lower) {
                    findings.refuse(Why::NotCheckable, &token.text, "not a word whose meaning can be checked");
                }
            }
            Kind::Word if lexicon.is_plain_word(&token.lower, token.opens || is_shouted(&token.text)) => {}
            Kind::Word => findings.refuse(Why::NotCheckable, &token.text, "no name of this match"),
            Kind::Mark(_) | Kind::Number(_) => {}
        }
    }
}

/// `FOUR`, `GONE`: capitals for loudness, not for a name.
fn is_shouted(text: &str) -> bool {
    text.chars().count() > 1 && text.chars().all(|c| !c.is_lowercase())
}
