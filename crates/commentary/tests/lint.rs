//! Phrasebooks are tried on a rehearsal: what would never be heard is found before anybody waits for it.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and prints its figures")]

use commentary::{
    Persona, Personas, Phrasebook,
    persona::{persona_keys, phrasebook_keys},
    phrasebook::Weight,
};

#[test]
fn everything_in_the_built_in_phrasebooks_can_be_heard() {
    let (book, personas) = (Phrasebook::builtin(), Personas::builtin());
    let mut all = Vec::new();
    for persona in personas.iter() {
        for finding in book.lint(persona) {
            eprintln!("{}: {finding:?}", persona.id);
            all.push(finding);
        }
    }
    assert!(all.is_empty(), "{} findings", all.len());
}

const PERSONA: &str = "id = \"mine\"\nname = \"Mine\"\nstyle = \"Plain.\"\n[length]\nwicket = [1, 9]\nboundary = [1, 4]\nother = [0, 9]\n";

fn findings(book: &str) -> Vec<String> {
    let persona = Persona::from_toml(PERSONA, "mine.toml").unwrap();
    let mut books = Phrasebook::builtin();
    books.add_toml(book, "mine.phrasebook.toml").unwrap();
    books.lint(&persona).into_iter().map(|finding| format!("{}: {}", finding.place, finding.what)).collect()
}

#[test]
fn what_can_never_be_heard_is_named() {
    let found = findings(
        "id = \"mine\"\n[[call]]\nsay = [\"On we go.\", \"On we go.\"]\n\
         [[call]]\non = \"four\"\nwith = [\"changed\"]\nsay = [\"Four.\"]\n\
         [[call]]\non = \"four\"\nsay = [\"Four lovely runs to {batter} there, and more to come from this.\", \"Driven for four.\", \"Four.\"]\n\
         [[over]]\non = \"over_end\"\nsay = []\n",
    );
    for part in [
        "[[call]] on = \"four\" with = [\"changed\"]: never fits: changed does not meet it",
        "words (Mine says",
        "which shot was played",
        "[[over]] on = \"over_end\": nothing is said here",
        "[[call]]: it stands here twice",
    ] {
        assert!(found.iter().any(|finding| finding.contains(part)), "{part} is not in {found:#?}");
    }
    assert_eq!(found.len(), 5, "{found:#?}");
}

#[test]
fn a_persona_without_a_phrasebook_or_without_calls_is_a_fault() {
    let persona = Persona::from_toml(&PERSONA.replace("\"mine\"", "\"lost\""), "lost.toml").unwrap();
    let found = Phrasebook::builtin().lint(&persona);
    assert!(found[0].what.contains("no phrasebook 'lost'") && found[0].weight == Weight::Fault, "{found:?}");
    let found = findings("id = \"mine\"\n[[over]]\nsay = [\"On we go.\"]\n");
    assert!(found.iter().any(|finding| finding.contains("no words for dot, single")), "{found:?}");
}

#[test]
fn every_unknown_name_is_met_with_the_nearest_known_one() {
    let text = format!("{PERSONA}summry = [1, 2]\n[tlak]\nthreshold = 0.1\n[talk]\ntreshold = 0.1\nfrobnicate = 1\n");
    let found: Vec<String> =
        persona_keys(&text).into_iter().map(|f| format!("{}: {}; {}", f.place, f.what, f.hint)).collect();
    assert_eq!(found.len(), 4, "{found:#?}");
    for part in [
        "no key 'summry'; did you mean 'summary'?",
        "'tlak'; did you mean 'talk'?",
        "talk: there is no key 'treshold'; did you mean 'threshold'?",
        "'frobnicate'; there are threshold,",
    ] {
        assert!(found.iter().any(|finding| finding.contains(part)), "{part} is not in {found:#?}");
    }
    let book = "id = \"mine\"\n[[call]]\non = \"fuor\"\nwith = [\"chaise\"]\nsaid = []\nsay = [\"{bater's} day.\"]\n";
    let hints: Vec<String> = phrasebook_keys(book).into_iter().map(|finding| finding.hint).collect();
    assert_eq!(hints, ["say", "four", "chase", "batter"].map(|name| format!("did you mean '{name}'?")));
    assert!(persona_keys(PERSONA).is_empty());
    for id in ["benaud", "greig", "doshi", "doshi-hi", "describer"] {
        assert!(persona_keys(Personas::builtin_text(id).unwrap()).is_empty(), "{id}");
        assert!(phrasebook_keys(Phrasebook::builtin_text(id).unwrap()).is_empty(), "{id}");
    }
}
