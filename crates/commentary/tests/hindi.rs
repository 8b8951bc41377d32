//! Hindi lines: what is true passes, what is false or cannot be known does not.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/village.rs"]
mod village;

use commentary::{Moment, Personas, check, checker::Why};
use serde_json::json;
use village::Village;

/// The kinds of fault of a line; none when it passes.
fn faults(text: &str, moment: &Moment) -> Vec<Why> {
    let personas = Personas::builtin();
    match check(text, moment, personas.get("doshi-hi").unwrap()) {
        Ok(_) => Vec::new(),
        Err(rejection) => rejection.faults.iter().map(|fault| fault.why).collect(),
    }
}

fn all_pass(lines: &[&str], moment: &Moment) {
    let personas = Personas::builtin();
    let mut refused = Vec::new();
    for line in lines {
        if let Err(rejection) = check(line, moment, personas.get("doshi-hi").unwrap()) {
            refused.push(rejection.to_string());
        }
    }
    assert!(refused.is_empty(), "should pass: {refused:#?}");
}

fn all_refused(lines: &[&str], moment: &Moment, why: Why) {
    for line in lines {
        let faults = faults(line, moment);
        assert!(faults.contains(&why), "\"{line}\" should be {why:?}, is {faults:?}");
    }
}

/// Okafor, 4 off 1, has just hit Menon for four; Hilltown need 26 off 11 against Harbour.
fn four() -> Moment {
    Village::new().ball(4, &json!({}))
}

/// Okafor is caught by Iqbal off Menon for 0.
fn caught() -> Moment {
    let mut village = Village::new();
    let caught = village.caught();
    village.ball(0, &caught)
}

#[test]
fn true_lines_pass() {
    let lines = [
        "चौका! Okafor के बल्ले से।",
        "Okafor ने चौका लगाया!",
        "Okafor ने Menon की गेंद पर चौका लगाया।",
        "चार रन, और Okafor 4 पर।",
        "Hilltown को 11 गेंदों में 26 रन चाहिए।",
        "Hilltown को ग्यारह गेंदों में छब्बीस चाहिए।",
        "जीत के लिए 26 और, 11 गेंदें बाकी।",
        "११ गेंदों में २६ रन की ज़रूरत।",
        "११ गेंदों में २६ रन की जरूरत।",
        "स्कोर 4/0, लक्ष्य 30।",
        "बाउंड्री, और जीत से 26 रन दूर।",
        "पहले ओवर में चौका!",
        "T Okafor का चौका!",
    ];
    all_pass(&lines, &four());
    let lines = [
        "Okafor आउट!",
        "Menon की गेंद पर Okafor कैच आउट।",
        "Okafor का कैच Iqbal ने लिया।",
        "Iqbal ने कैच लिया, Menon को विकेट मिला।",
        "Menon ने Okafor को आउट किया।",
        "शून्य पर आउट Okafor, Hilltown 0/1।",
        "बिना खाता खोले Okafor को जाना होगा।",
        "पहला विकेट गिरा, Okafor आउट।",
    ];
    all_pass(&lines, &caught());
}

#[test]
fn false_events_and_numbers_are_contradicted() {
    let lines = [
        "छक्का! Okafor का छक्का!",
        "Okafor ने छक्का लगाया।",
        "छह रन, शानदार!",
        "आउट! Okafor को जाना होगा।",
        "विकेट गिरा!",
        "Okafor बोल्ड!",
        "खाली गेंद।",
        "कोई रन नहीं।",
        "एक रन।",
        "दो रन, अच्छी दौड़।",
        "यह वाइड है।",
        "नो बॉल!",
        "लेग बाई।",
        "अर्धशतक Okafor का!",
        "मेडन ओवर।",
        "चौका नहीं मिला।",
        "Hilltown को 12 गेंदों में 26 रन चाहिए।",
        "Hilltown को 11 गेंदों में 62 रन चाहिए।",
        "Hilltown को सत्ताईस रन चाहिए।",
        "११ गेंदों में २७ रन चाहिए।",
        "जीत के लिए 62 और।",
        "Okafor 6 पर।",
        "Brandt 4 पर।",
        "स्कोर 4/1।",
        "1 विकेट पर 4 रन।",
        "लक्ष्य 31।",
        "एक सौ छब्बीस रन चाहिए।",
        "तीसरे ओवर में चौका!",
    ];
    all_refused(&lines, &four(), Why::Contradicted);
    let lines = ["पगबाधा! Okafor आउट।", "Okafor रन आउट।", "स्टम्पिंग, Okafor आउट।", "दूसरा विकेट गिरा।", "Okafor 4 पर आउट।"];
    all_refused(&lines, &caught(), Why::Contradicted);
}

#[test]
fn wrong_attributions_are_contradicted() {
    let lines = [
        "Menon ने चौका लगाया।",
        "Brandt के बल्ले से चौका।",
        "Okafor की गेंद पर चौका।",
        "Okafor की गेंद पर Menon का चौका।",
        "चौका Brandt का!",
        "Harbour को 11 गेंदों में 26 रन चाहिए।",
        "Harbour 4/0।",
        "Menon 4 पर।",
        "Castellano का चौका!",
    ];
    all_refused(&lines, &four(), Why::Contradicted);
    let lines = [
        "Brandt आउट!",
        "Menon आउट, कैच Iqbal का।",
        "Okafor का कैच Novak ने लिया।",
        "Okafor ने Menon को आउट किया।",
        "Iqbal की गेंद पर Okafor कैच आउट।",
        "Okafor को विकेट मिला।",
        "Hilltown को मेहनत का फल, विकेट।",
    ];
    all_refused(&lines, &caught(), Why::Contradicted);
}

#[test]
fn what_no_feed_tells_is_refused_as_such() {
    let lines = [
        "कवर ड्राइव, चौका!",
        "Okafor का पुल शॉट, चौका।",
        "मिडविकेट की ओर चौका।",
        "फ़ुल टॉस पर चौका।",
        "यॉर्कर, फिर भी चौका।",
        "तेज़ गेंद पर चौका।",
        "दर्शक झूम उठे, चौका!",
        "धूप में चौका।",
        "यह रिकॉर्ड चौका है।",
        "पहली बार चौका।",
        "सट्टा बाज़ार हैरान, चौका।",
        "कैच छूटा, और चौका।",
        "स्पिन पर चौका।",
        "Okafor hits four।",
        "Zimmermann का चौका।",
        "अटपटांग चौका।",
    ];
    all_refused(&lines, &four(), Why::NotCheckable);
    assert!(faults("कवर ड्राइव, चौका!", &Village::new().ball(4, &json!({"shot": "कवर ड्राइव"}))).is_empty());
}

#[test]
fn invisible_joiners_and_broken_lines_are_unfit() {
    let lines = ["चौ\u{200d}का!", "चौ\u{200c}का!", "\u{202e}चौका!", "चौका", "चौका।छक्का।", "चौका! धुनाई।", "।"];
    all_refused(&lines, &four(), Why::Unfit);
}

#[test]
fn a_provisional_wicket_and_a_correction_are_told_as_such() {
    let mut village = Village::new();
    let out = village.caught();
    let moment = village.ball_with_status(0, &out, "provisional");
    all_refused(&["Okafor कैच आउट।"], &moment, Why::Contradicted);
    all_pass(&["Okafor को आउट दिया गया, रिव्यू हो सकता है।"], &moment);
    let mut village = Village::new();
    village.ball(4, &json!({}));
    let moment = village.correct(Some(6)).unwrap();
    all_pass(&["सुधार: चौका नहीं, छक्का है।", "सुधार: चौके की जगह छक्का।"], &moment);
    all_refused(&["सुधार: छक्का नहीं, चौका है।", "सुधार: छक्के की जगह चौका।", "चौका!"], &moment, Why::Contradicted);
}

#[test]
fn spellings_of_one_word_are_one_word() {
    all_pass(&["बाउण्ड्री, और ज़रूरत 26 की।", "बाउंड्री, और जरूरत 26 की।"], &four());
}

#[test]
fn the_two_languages_of_one_moment_do_not_mix() {
    let personas = Personas::builtin();
    let moment = four();
    assert!(check("Four to Okafor!", &moment, personas.get("doshi-hi").unwrap()).is_err());
    assert!(check("Okafor का चौका!", &moment, personas.get("doshi").unwrap()).is_err());
}
