//! Names: whose they are, and whether they may be said now.

use std::collections::{HashMap, HashSet};

use super::{
    Findings, Why,
    cast::Named,
    lexicon::Lexicon,
    token::{Kind, Token, cut},
};
use crate::{
    facts::{FactRef, FactSheet},
    name,
    persona::Persona,
};

/// Joins the tokens of each name into one, longest name first.
pub(super) fn merge(tokens: &mut Vec<Token>, sheet: &FactSheet) {
    let named = sheet.names.get_or_init(|| Named::of(sheet));
    let mut at = 0;
    while at < tokens.len() {
        // What may be said as it stands begins with a name, and goes before it.
        let quoted = named.quoted.as_ref().and_then(|quoted| quoted.longest(&tokens[at..]));
        if let Some((length, kind)) = quoted.or_else(|| named.cast.longest(&tokens[at..])) {
            let text: Vec<&str> = tokens[at..at + length].iter().map(|token| token.text.as_str()).collect();
            let text = text.join(" ");
            let joined = Token {
                opens: tokens[at].opens,
                possessive: tokens[at + length - 1].possessive,
                known: true,
                ..Token::new(text.clone(), text.to_lowercase(), kind.clone())
            };
            tokens.splice(at..at + length, [joined]);
        }
        at += 1;
    }
}

/// Every way of saying every name of a sheet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    /// By the first word, in lower case.
    forms: HashMap<String, Vec<Form>>,
}

/// One way of saying a name.
#[derive(Debug, Clone)]
struct Form {
    /// Its words, in lower case.
    words: Vec<String>,
    /// Whether it is written with a capital.
    capital: bool,
    /// Whether it begins with initials, which have capitals of their own: `IS Sodhi` is not in `it is Sodhi`.
    initials: bool,
    /// Whose it is.
    kind: Kind,
}

impl Names {
    pub(super) fn of(sheet: &FactSheet) -> Self {
        let mut names = Self::default();
        for (index, person) in sheet.people().iter().enumerate() {
            for name in [&person.said, &person.full] {
                let initials = name.split_once(' ').is_some_and(|(first, _)| name::is_initials(first));
                names.add_person(words(name), initials, index);
            }
        }
        // Shorter ways of saying a name are nobody's where they are somebody else's own.
        let own: HashSet<Vec<String>> = names.forms.values().flatten().map(|form| form.words.clone()).collect();
        for (index, person) in sheet.people().iter().enumerate() {
            let mut parts = words(&person.full);
            parts.retain(|word| word.chars().any(char::is_alphabetic));
            // `Rashid Khan` is also `Rashid`; initials are not a name.
            let first = parts.first().filter(|first| parts.len() > 1 && first.chars().count() > 3).cloned();
            let last = parts.last().cloned();
            let short = [first, last].into_iter().flatten().map(|word| vec![word]);
            for form in short.chain([parts]).filter(|form| !own.contains(form)) {
                names.add_person(form, false, index);
            }
        }
        let sides: Vec<Vec<String>> = sheet.teams.iter().map(|team| words(&team.name)).collect();
        for (index, full) in sides.iter().enumerate() {
            let is_shared =
                |word: &String| sides.iter().enumerate().any(|(other, words)| other != index && words.contains(word));
            for word in full.iter().filter(|word| word.chars().count() > 3 && !is_shared(word)) {
                names.add(vec![word.clone()], Kind::Team(index));
            }
            names.add(full.clone(), Kind::Team(index));
        }
        for (index, (_, place)) in sheet.places.iter().enumerate().filter(|(_, (id, _))| !is_quoted(id)) {
            names.add(words(place), Kind::Place(index));
        }
        names
    }

    /// Words that may be said as they stand: they have no capital of their own.
    pub(super) fn quoted(sheet: &FactSheet) -> Self {
        let mut names = Self::default();
        for (index, (_, place)) in sheet.places.iter().enumerate().filter(|(_, (id, _))| is_quoted(id)) {
            names.push(Form { words: words(place), capital: false, initials: false, kind: Kind::Place(index) });
        }
        names
    }

    fn add(&mut self, words: Vec<String>, kind: Kind) {
        self.push(Form { words, capital: true, initials: false, kind });
    }

    fn push(&mut self, form: Form) {
        if let Some(first) = form.words.first().cloned() {
            self.forms.entry(first).or_default().push(form);
        }
    }

    fn add_person(&mut self, words: Vec<String>, initials: bool, index: usize) {
        let Some(first) = words.first().cloned() else { return };
        let forms = self.forms.entry(first).or_default();
        for form in forms.iter_mut() {
            if let Kind::Person(people) = &mut form.kind
                && form.words == words
            {
                if !people.contains(&index) {
                    people.push(index);
                }
                return;
            }
        }
        let capital = words.iter().all(|word| word.is_ascii()) && words.iter().any(|word| word.len() > 1);
        forms.push(Form { words, capital, initials, kind: Kind::Person(vec![index]) });
    }

    fn longest(&self, tokens: &[Token]) -> Option<(usize, &Kind)> {
        let fits = |form: &&Form| {
            form.words.len() <= tokens.len()
                && form.words.iter().zip(tokens).all(|(word, token)| token.lower == *word)
                && (!form.initials || tokens.first().is_some_and(|token| token.text.starts_with(char::is_uppercase)))
                // A name is written with a capital somewhere; `root` in small letters is a root.
                && (!form.capital
                    || tokens.iter().take(form.words.len()).any(|token| token.text.starts_with(char::is_uppercase)))
        };
        self.forms
            .get(&tokens.first()?.lower)?
            .iter()
            .filter(fits)
            .max_by_key(|form| (form.words.len(), matches!(form.kind, Kind::Person(_))))
            .map(|form| (form.words.len(), &form.kind))
    }
}

/// Whether a place of the sheet is words that may be said as they stand, and no name.
pub(super) fn is_quoted(id: &str) -> bool {
    ["stat.", "thread.", "reading."].iter().any(|kind| id.starts_with(kind))
}

fn words(name: &str) -> Vec<String> {
    cut(name).into_iter().map(|token| token.lower).collect()
}

/// Refuses people who play no part in the moment or whose part the line leaves open, numbers and sides that are tied to
/// nothing, words with a capital that are no name of the match, and words that are not in the vocabulary.
pub(super) fn check(
    tokens: &[Token],
    sheet: &FactSheet,
    persona: &Persona,
    lexicon: &Lexicon,
    findings: &mut Findings,
) {
    for (at, token) in tokens.iter().enumerate() {
        match &token.kind {
            Kind::Person(_) if is_everyday(token, lexicon) => {}
            Kind::Person(people) => person(at, token, people, sheet, findings),
            Kind::Team(_) | Kind::Number(_) => tied(at, token, sheet, findings),
            Kind::Place(index) => {
                if let Some((id, place)) = sheet.places.get(*index) {
                    findings.support(at, &token.text, FactRef { id: (*id).to_owned(), value: place.clone() });
                }
            }
            Kind::Word if token.known => {}
            Kind::Word if !token.text.starts_with(char::is_uppercase) => {
                if persona.uses(&token.text) {
                    continue;
                }
                if !lexicon.language().writes(&token.text) {
                    findings.refuse_at(at, Why::NotCheckable, &token.text, "not a word of this persona's language");
                } else if !lexicon.knows(&token.lower) {
                    findings.refuse_at(at, Why::NotCheckable, &token.text, "not a word whose meaning can be checked");
                }
            }
            Kind::Word if lexicon.is_plain_word(&token.lower, token.opens || is_shouted(&token.text)) => {}
            Kind::Word => findings.refuse_at(at, Why::NotCheckable, &token.text, "no name of this match"),
            Kind::Mark(_) => {}
        }
    }
}

/// `Down to 26`, in a match that somebody called Down plays in: a word that opens a sentence, and that nothing is said of.
pub(super) fn is_everyday(token: &Token, lexicon: &Lexicon) -> bool {
    let is_used = token.refused || token.possessive || token.tie.is_some() || token.doubt.is_some();
    token.opens && !is_used && lexicon.is_plain_word(&token.lower, true)
}

fn person(at: usize, token: &Token, people: &[usize], sheet: &FactSheet, findings: &mut Findings) {
    let named: Vec<_> = people.iter().filter_map(|index| sheet.people.get(*index)).collect();
    if !named.iter().any(|person| person.is_on_stage()) {
        findings.refuse_at(at, Why::Contradicted, &token.text, "plays no part in this moment");
    } else if named.windows(2).any(|pair| pair[0].full != pair[1].full) {
        findings.refuse_at(at, Why::NotCheckable, &token.text, "several players have this name: say the full name");
    } else {
        tied(at, token, sheet, findings);
    }
}

/// What nothing in the line ties to a fact may be true by chance only.
fn tied(at: usize, token: &Token, sheet: &FactSheet, findings: &mut Findings) {
    if token.refused {
        return;
    }
    if let Some(fact) = token.tie.and_then(|tie| tie.fact(sheet)) {
        findings.support(at, &token.text, fact);
        return;
    }
    if let Some(reason) = token.doubt {
        // Beside words that nobody can check, a reading that fails may not be what the line means.
        let why = if findings.is_uncheckable() { Why::NotCheckable } else { Why::Contradicted };
        findings.refuse_at(at, why, &token.text, reason);
        return;
    }
    let reason = match token.kind {
        Kind::Number(_) => "unclear what it counts",
        Kind::Team(_) => "unclear attribution: say what this side did",
        _ => "unclear attribution: say who bowled, who batted, who is out",
    };
    findings.refuse_at(at, Why::NotCheckable, &token.text, reason);
}

/// `FOUR`, `GONE`: capitals for loudness, not for a name.
fn is_shouted(text: &str) -> bool {
    text.chars().count() > 1 && text.chars().all(|c| !c.is_lowercase())
}
