//! Hindi in every word order: lines written by hand apart from the phrasebook, true ones and false ones.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/village.rs"]
mod village;

use commentary::{Moment, Personas, check};
use serde_json::json;
use village::Village;

fn all_pass(lines: &str, moment: &Moment) {
    let personas = Personas::builtin();
    let mut refused = Vec::new();
    for line in lines.split('|').map(str::trim) {
        if let Err(rejection) = check(line, moment, personas.get("doshi-hi").unwrap()) {
            refused.push(rejection.to_string());
        }
    }
    assert!(refused.is_empty(), "should pass: {refused:#?}");
}

/// Refused for whatever reason.
fn all_held_back(lines: &str, moment: &Moment) {
    let personas = Personas::builtin();
    for line in lines.split('|').map(str::trim) {
        assert!(check(line, moment, personas.get("doshi-hi").unwrap()).is_err(), "should be refused: {line}");
    }
}

/// Okafor, 4 off 1, has hit Menon for four; Hilltown need 26 off 11 against Harbour.
#[test]
fn a_four_is_told_in_many_ways() {
    let moment = Village::new().ball(4, &json!({}));
    all_pass(
        "Okafor ने शानदार चौका लगाया। | क्या चौका मारा है Okafor ने! | Menon की गेंद पर Okafor का शानदार चौका। | \
        Okafor का बढ़िया चौका, स्कोर 4/0। | चौका! Okafor ने खोला खाता। | बहुत ख़ूब Okafor, चौका। | चौका मिला Okafor को। | \
        Okafor के बल्ले से निकला चौका। | चार रन Okafor के खाते में। | Hilltown को जीत के लिए 26 रन और चाहिए। | \
        अब 11 गेंदों में 26 रन चाहिए। | Menon को चौका पड़ा। | Hilltown की शानदार शुरुआत, चौका। | \
        लक्ष्य 30 रन का है, Hilltown 4/0। | आख़िर चौका आया, दोस्तो! | Okafor ने Menon को चौका लगाया। | Okafor 1 गेंद में 4। | \
        Okafor ने आसानी से चौका लगाया। | पहली गेंद पर चौका!",
        &moment,
    );
    all_held_back(
        "Menon के बल्ले से चौका। | चौका लगाया Brandt ने। | शानदार चौका Brandt के बल्ले से। | Brandt ने शानदार चौका लगाया। | \
        Brandt ने सुंदर चौका मारा! | Brandt का शानदार चौका। | क्या चौका मारा है Brandt ने! | Brandt, चौका! | चौका! Brandt कमाल! | \
        चौका! क्या बल्लेबाज़ी Brandt की। | Menon ने लगाया चौका! | Okafor ने गेंदबाज़ी की, चौका। | गेंदबाज़ Okafor, चौका। | \
        बल्लेबाज़ Menon, चौका। | Okafor की गेंद, चौका। | Okafor के ओवर में चौका। | Okafor की ख़राब गेंद, चौका। | Okafor को चौका पड़ा। | \
        Brandt के चार रन। | Brandt के नाम चौका। | Menon के खाते में चार रन। | Harbour के खाते में चार रन। | Harbour को चार रन। | \
        Harbour का चौका। | Harbour का स्कोर 4/0। | Hilltown की गेंदबाज़ी ढीली, चौका। | Okafor अब 26 पर। | \
        Okafor ने 4 गेंदों में 1 बनाए। | Hilltown को 26 गेंदों में 11 रन चाहिए। | 11 रन चाहिए, 26 गेंदें बाकी। | लक्ष्य 26। | \
        लक्ष्य अब 26 रन। | Hilltown 26/0। | जीत से 30 रन दूर। | स्कोर 30। | 4 विकेट गिरे। | 1 विकेट गिरा। | ओवर 2 में चौका। | \
        रन रेट 4। | दो चौके। | तीन गेंदें बाकी। | Okafor का शतक! | Hilltown की जीत! | मैच टाई। | साझेदारी 26 रन की। | \
        हैट्रिक पर Menon। | फ़्री हिट। | Novak के पास से चौका। | चौके के साथ Brandt 4 पर। | चार रन Menon को। | चौके पर चौका। | \
        एक और चौका, Okafor का दूसरा। | चौका मारा Menon को Brandt ने। | Menon की गेंद पर Brandt का चौका। | \
        Menon की गेंद पर Brandt ने चौका लगाया। | Brandt ने Menon को चौका लगाया। | Brandt ने Menon की गेंद पर चार रन बटोरे। | \
        Brandt ने आसानी से चौका लगाया। | Brandt ने पूरे आत्मविश्वास से चौका लगाया।",
        &moment,
    );
}

#[test]
fn a_six_is_told_in_many_ways() {
    let moment = Village::new().ball(6, &json!({}));
    all_pass(
        "Okafor ने Menon को छक्का जड़ा। | छक्का जड़ा Okafor ने। | Okafor ने खाता खोला छक्के से। | Menon को छक्का पड़ा। | \
        Okafor 6 पर, Hilltown 6/0। | 11 गेंदों में 24 रन चाहिए, Hilltown को। | Hilltown को अब 24 और चाहिए। | लक्ष्य 30 रन। | \
        वाह Okafor, क्या छक्का है! | Okafor के बल्ले से शानदार छक्का। | Menon के आंकड़े 0/6। | इस ओवर में 6 रन। | \
        Menon की गेंद, Okafor का छक्का। | Okafor छक्का लगाकर ख़ुश। | छक्का! अब जीत से 24 रन दूर। | \
        गेंद सीमा रेखा के पार, छह रन। | छक्का, Menon के ओवर में।",
        &moment,
    );
    all_held_back(
        "Brandt ने छक्का जड़ा। | Okafor ने चौका लगाया। | गेंद सीमा रेखा के पार, चार रन। | Okafor का स्कोर 16। | \
        Harbour को 24 रन चाहिए। | Hilltown को 24 गेंदों में 11 रन चाहिए। | 24 रन बाकी, गेंदें 12। | Hilltown 6/1। | \
        Hilltown का स्कोर 60। | Menon का छक्का। | छक्का जड़ा Menon ने। | Brandt को छह रन। | Brandt के लिए छह रन। | \
        Brandt की ओर से छक्का। | Brandt छक्का लगाकर ख़ुश। | Brandt ने फिर छक्का लगाया। | Brandt ने खाता खोला छक्के से। | \
        Okafor के ओवर में छक्का पड़ा। | Okafor को छक्का पड़ा। | Iqbal की गेंद पर छक्का। | Castellano ने छक्का लगाया। | एक रन और। | \
        दो छक्के। | तीसरा छक्का। | लगातार दूसरा छक्का। | छक्का, और अर्धशतक पूरा। | छक्का, और मैच खत्म। | \
        छक्का और Hilltown की जीत। | जीत के लिए 18 रन। | 24 का लक्ष्य। | साझेदारी 16 रन की। | दूसरे ओवर में छक्का। | \
        छक्का, पर Okafor आउट। | वाइड गेंद पर छक्का। | नो बॉल पर छक्का। | रन रेट अब 9। | Okafor ने 2 गेंदों में 6 बनाए। | \
        Hilltown 1 विकेट पर 6। | ज़रूरी रन रेट 24। | इस ओवर में 12 रन। | ओवर से 12 रन। | Menon के ओवर में 16 रन। | \
        Menon 1/6। | Menon के आंकड़े 6/0।",
        &moment,
    );
}

/// Okafor is caught by Iqbal off Menon, first ball.
#[test]
fn a_catch_is_told_in_many_ways() {
    let mut village = Village::new();
    let caught = village.caught();
    let moment = village.ball(0, &caught);
    all_pass(
        "Okafor का विकेट गिरा। | विकेट! Okafor को जाना होगा। | Menon को मिली सफलता, Okafor आउट। | कैच! Iqbal ने लपका, Okafor आउट। | \
        Okafor पहली ही गेंद पर आउट। | गोल्डन डक, Okafor का। | Iqbal का कैच, Menon की गेंद। | Harbour को सफलता, Hilltown 0/1। | \
        Hilltown को झटका, Okafor आउट। | Iqbal का शानदार कैच, Okafor आउट। | Harbour ने विकेट लिया। | \
        Menon ने Okafor का विकेट लिया। | Okafor बिना खाता खोले आउट।",
        &moment,
    );
    all_held_back(
        "Menon कैच आउट, Iqbal को विकेट। | Brandt कैच आउट। | Brandt को पवेलियन लौटना होगा। | आउट! Brandt गए। | विकेट! Menon को जाना होगा। | \
        Iqbal का विकेट गिरा। | विकेट Iqbal के नाम। | Iqbal को मिला विकेट। | Iqbal की शानदार गेंद, आउट। | Novak का शानदार कैच, Okafor आउट। | \
        कैच Novak का, Okafor आउट। | Novak ने शानदार कैच लिया। | Okafor का शानदार कैच। | Okafor ने कैच लिया। | Okafor ने विकेट लिया। | \
        Okafor को मिली सफलता। | Okafor क्लीन बोल्ड। | Menon ने Okafor को बोल्ड किया। | Menon ने Brandt का विकेट लिया। | Hilltown को सफलता। | \
        Hilltown ने विकेट लिया। | Harbour को झटका, आउट। | Harbour 0/1। | Hilltown 1/0। | Okafor 1 पर आउट। | Okafor 10 रन बनाकर आउट। | \
        दूसरा झटका, Okafor आउट। | दो विकेट गिरे। | Brandt का विकेट Menon को। | Brandt, कैच Iqbal, गेंद Menon। | \
        कैच आउट! Brandt को अफ़सोस। | शून्य पर आउट Brandt। | Menon बिना खाता खोले आउट। | पगबाधा Okafor। | गोल्डन डक Brandt का। | \
        Menon का गोल्डन डक।",
        &moment,
    );
}

/// Okafor, 2 off 2, is bowled by Menon.
#[test]
fn a_batter_bowled_is_told_in_many_ways() {
    let mut village = Village::new();
    village.ball(2, &json!({}));
    let player = json!({"id": "T Okafor", "name": "T Okafor"});
    let moment = village.ball(0, &json!({"wickets": [{"kind": "bowled", "player_out": player}]}));
    all_pass(
        "Menon ने Okafor को बोल्ड किया। | Okafor बोल्ड, 2 पर। | Okafor ने 2 गेंदों में 2 बनाए। | विकेट मिला Menon को। | \
        Harbour को सफलता, Hilltown 2/1। | बोल्ड! Okafor की विदाई। | क्लीन बोल्ड Okafor। | Okafor 2 रन बनाकर बोल्ड। | \
        Menon की शानदार गेंद, Okafor बोल्ड। | Okafor को लौटना होगा पवेलियन। | Okafor की गिल्लियां उड़ीं। | Hilltown 1 विकेट पर 2। | \
        Menon को विकेट, Okafor बोल्ड।",
        &moment,
    );
    all_held_back(
        "Okafor कैच आउट। | Okafor पगबाधा। | Okafor स्टंप आउट। | Okafor शून्य पर आउट। | Brandt बोल्ड। | Menon बोल्ड। | \
        Menon को Okafor ने बोल्ड किया। | Okafor ने Menon को बोल्ड किया। | Brandt के डंडे बिखर गए। | Menon की गिल्लियां उड़ीं। | \
        Okafor 3 पर बोल्ड। | Okafor ने 3 गेंदों में 2 बनाए। | Hilltown 2/2। | Hilltown 1/2। | Harbour का विकेट गिरा। | Harbour 2/1। | \
        Hilltown की कामयाबी, बोल्ड। | Brandt की विदाई, बोल्ड। | Iqbal की गेंद पर बोल्ड। | विकेट मिला Iqbal को। | Okafor को विकेट मिला। | \
        Menon का विकेट गिरा। | दो रन पर आउट Brandt। | तीसरा विकेट गिरा। | 9 विकेट गिरे। | Menon की हैट्रिक। | कैच लिया Menon ने। | \
        रन आउट Okafor। | चौका और फिर बोल्ड। | Brandt को लौटना होगा पवेलियन। | Okafor की शानदार गेंद, बोल्ड।",
        &moment,
    );
}

#[test]
fn a_single_is_told_in_many_ways() {
    let moment = Village::new().ball(1, &json!({}));
    all_pass(
        "Okafor ने एक रन लिया। | Okafor 1 पर। | Menon की गेंद पर एक रन। | 29 चाहिए अब 11 गेंदों में। | \
        Hilltown को 11 गेंदों में 29 चाहिए। | Okafor ने लिया एक रन। | सिंगल Okafor का।",
        &moment,
    );
    all_held_back(
        "Brandt ने एक रन लिया। | दो रन लिए Okafor ने। | Brandt ने स्ट्राइक बदली। | Menon ने एक रन लिया। | तीन रन दौड़े। | चार रन। | \
        एक चौका। | वाइड से एक रन। | लेग बाई से एक रन। | खाली गेंद। | 28 चाहिए। | Hilltown को 30 चाहिए। | Brandt 1 पर।",
        &moment,
    );
}
