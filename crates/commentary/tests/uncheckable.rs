//! What no feed tells: every entry of the checker's data is put into a line about a real ball, and is refused as not
//! checkable; the everyday phrases that hold such a word are not refused for it.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and prints its figures")]

mod support;
#[path = "support/village.rs"]
mod village;

use commentary::{
    LineKind, Moment, Persona,
    checker::{Fault, Why, check_as},
};
use serde::Deserialize;
use serde_json::json;
use village::Village;

/// Each language with its data and the line that an entry completes.
const DATA: [(&str, &str, [&str; 2]); 2] = [
    ("en", include_str!("../data/checker/en/uncheckable.toml"), ["Four, and ", " there."]),
    ("hi", include_str!("../data/checker/hi/uncheckable.toml"), ["चौका, और ", " भी।"]),
];

#[derive(Deserialize)]
struct Data {
    category: Vec<Category>,
}

#[derive(Deserialize)]
struct Category {
    reason: String,
    words: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
}

/// A four of a real match; one of an invented match, said aloud, where the files are absent.
fn four() -> Moment {
    let is_four = |moment: &Moment| moment.ball().is_some_and(|ball| ball.is_four()) && moment.kinds().len() == 2;
    support::sample("1359534").into_iter().find(is_four).unwrap_or_else(|| {
        eprintln!("a four of an invented match instead");
        Village::new().ball(4, &json!({}))
    })
}

/// Speaks at any length, so that nothing is refused for that.
fn speaker(language: &str) -> Persona {
    let file = format!(
        "id = \"mine\"\nname = \"Mine\"\nstyle = \"Plain.\"\nlanguage = \"{language}\"\n[length]\nwicket = [1, 40]\n\
         boundary = [1, 40]\nother = [1, 40]\n"
    );
    Persona::from_toml(&file, "mine.toml").unwrap()
}

fn faults(line: &str, moment: &Moment, persona: &Persona) -> Vec<Fault> {
    check_as(LineKind::Call, line, moment, persona).err().map_or_else(Vec::new, |rejection| rejection.faults)
}

#[test]
fn every_entry_is_refused_as_not_checkable_and_no_exception_is() {
    let moment = four();
    let (mut wrong, mut entries, mut exceptions) = (Vec::new(), 0, 0);
    for (language, data, [before, after]) in DATA {
        let persona = speaker(language);
        let data: Data = toml::from_str(data).unwrap();
        let reasons: Vec<&str> = data.category.iter().map(|category| category.reason.as_str()).collect();
        let plain = faults(&format!("{}{after}", before.trim_end()), &moment, &persona);
        assert_eq!(plain, [], "the line itself is true");
        for category in &data.category {
            for word in &category.words {
                entries += 1;
                let line = format!("{before}{word}{after}");
                let found = faults(&line, &moment, &persona);
                let refused =
                    |fault: &Fault| fault.why == Why::NotCheckable && reasons.contains(&fault.reason.as_str());
                if !found.iter().any(refused) || found.iter().any(|fault| fault.why == Why::Contradicted) {
                    wrong.push(format!("{line} {found:?}"));
                }
            }
            for phrase in &category.except {
                exceptions += 1;
                let line = format!("{before}{phrase}{after}");
                let found = faults(&line, &moment, &persona);
                if found.iter().any(|fault| reasons.contains(&fault.reason.as_str())) {
                    wrong.push(format!("{line} {found:?}"));
                }
            }
        }
    }
    eprintln!("{entries} entries, {exceptions} exceptions");
    assert!(entries > 700 && exceptions > 100, "{entries} entries, {exceptions} exceptions");
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
}
