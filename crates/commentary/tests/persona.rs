//! Persona files: the built-in ones are whole, a wrong one is refused in words its writer can act on.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use commentary::{Persona, Personas, Phrasebook};

const GOOD: &str = "id = \"mine\"\nname = \"Mine\"\nstyle = \"Plain.\"\nphrasebook = \"doshi\"\n[length]\nwicket = [1, 9]\nboundary = [1, 9]\nother = [0, 9]\n";

fn refusal(text: &str) -> String {
    Persona::from_toml(text, "mine.toml").unwrap_err().to_string()
}

#[test]
fn the_built_in_personas_are_all_there() {
    let ids: Vec<String> = Personas::builtin().iter().map(|persona| persona.id.clone()).collect();
    assert_eq!(ids, ["benaud", "greig", "doshi", "doshi-hi", "describer"]);
    assert!(Personas::builtin().get("nobody").is_none());
}

#[test]
fn a_persona_of_ones_own_joins_the_others() {
    let mut personas = Personas::builtin();
    personas.add(Persona::from_toml(GOOD, "mine.toml").unwrap());
    assert_eq!(personas.get("mine").unwrap().phrasebook_id(), "doshi");
}

#[test]
fn a_wrong_file_is_refused_with_file_key_value_and_remedy() {
    let unknown = refusal(&format!("{GOOD}shout = [1, 2]\n"));
    for part in ["mine.toml", "line 9", "shout", "hint:"] {
        assert!(unknown.contains(part), "{part} is missing from: {unknown}");
    }
    assert_eq!(
        refusal(&GOOD.replace("[1, 9]", "[9, 1]")),
        "mine.toml: length.wicket is [9, 1], but [least, most] words with 0 <= least <= most and 1 <= most <= 40 are allowed"
    );
    assert_eq!(
        refusal(&GOOD.replace("\"mine\"", "\"My Voice\"")),
        "mine.toml: id is 'My Voice', but 1 to 32 of a-z, 0-9, '-' and '_' are allowed"
    );
    assert!(refusal(&format!("{GOOD}[talk]\nthreshold = 7.0\n")).contains("talk.threshold is 7"));
    assert!(refusal(&format!("{GOOD}[voice]\nrate = 9.0\n")).contains("0.5 to 2"));
    assert!(refusal("id = ").contains("mine.toml"));
}

#[test]
fn a_phrasing_that_its_occasion_cannot_fill_is_refused() {
    let mut book = Phrasebook::builtin();
    let refuse = |book: &mut Phrasebook, text: &str| book.add_toml(text, "mine.toml").unwrap_err().to_string();
    let text = refuse(&mut book, "id = \"mine\"\n[[call]]\non = \"four\"\nsay = [\"Gone, {out}.\"]\n");
    assert_eq!(
        text,
        "mine.toml: \"Gone, {out}.\": {out} may be empty here; hint: ask for one of wicket, reckoning in on or with"
    );
    assert!(
        refuse(&mut book, "id = \"mine\"\n[[call]]\non = \"four\"\nsay = [\"{hat}\"]\n")
            .contains("there is no slot 'hat'")
    );
    assert!(refuse(&mut book, "id = \"mine\"\n[[call]]\non = \"fore\"\nsay = [\"x\"]\n").contains("fore"));
    book.add_toml("id = \"mine\"\n[[call]]\non = \"four\"\nsay = [\"Four, {batter}.\"]\n", "mine.toml").unwrap();
}
