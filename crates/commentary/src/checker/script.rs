//! One spelling for what Devanagari writes in several ways: the checker compares words, not keyboards.
//!
//! Hindi is written with and without the nukta (`ज़रूरत`, `जरूरत`), with chandrabindu or anusvara (`पाँच`, `पांच`) and with
//! a nasal letter or anusvara before a stop (`स्टम्पिंग`, `स्टंपिंग`). No two words of commentary differ in these alone.

const NUKTA: char = '\u{093c}';
const VIRAMA: char = '\u{094d}';
const ANUSVARA: char = '\u{0902}';

/// The text in the spelling that the checker compares. Other scripts stay as they are.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().filter(|c| *c != NUKTA).map(letter).collect();
    let mut folded = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        if let [nasal, VIRAMA, stop, ..] = letters[at..]
            && is_homorganic(nasal, stop)
        {
            folded.push(ANUSVARA);
            at += 2;
        } else {
            folded.push(letters[at]);
            at += 1;
        }
    }
    folded
}

/// A digit of Devanagari as the one of the feed; any other character as it is.
pub(super) fn digit(c: char) -> char {
    match c {
        '\u{0966}'..='\u{096f}' => char::from(b'0' + (c as u32 - 0x0966) as u8),
        c => c,
    }
}

/// A letter without its nukta, chandrabindu as anusvara, visarga as `ह` (`छः`, `छह`).
fn letter(c: char) -> char {
    match c {
        '\u{0958}' => 'क',
        '\u{0959}' => 'ख',
        '\u{095a}' => 'ग',
        '\u{095b}' => 'ज',
        '\u{095c}' => 'ड',
        '\u{095d}' => 'ढ',
        '\u{095e}' => 'फ',
        '\u{095f}' => 'य',
        '\u{0929}' => 'न',
        '\u{0931}' => 'र',
        '\u{0934}' => 'ळ',
        '\u{0901}' => ANUSVARA,
        '\u{0903}' => 'ह',
        c => c,
    }
}

/// Whether a nasal is the one of a stop's own place, so that anusvara writes the same sound.
fn is_homorganic(nasal: char, stop: char) -> bool {
    match nasal {
        'ङ' => matches!(stop, 'क'..='घ'),
        'ञ' => matches!(stop, 'च'..='झ'),
        'ण' => matches!(stop, 'ट'..='ढ'),
        'न' => matches!(stop, 'त'..='ध' | 'ट'..='ढ' | 'च'..='झ'),
        'म' => matches!(stop, 'प'..='भ'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{digit, fold};

    #[test]
    fn spellings_of_one_word_fold_to_one() {
        for (one, other) in [
            ("ज़रूरत", "जरूरत"),
            ("बल्लेबा\u{095b}", "बल्लेबाज"),
            ("पाँच", "पांच"),
            ("स्टम्पिंग", "स्टंपिंग"),
            ("सेन्चुरी", "सेंचुरी"),
            ("छः", "छह"),
            ("बाउण्ड्री", "बाउंड्री"),
        ] {
            assert_eq!(fold(one), fold(other), "{one}, {other}");
        }
        for (one, other) in [("चौका", "चौके"), ("बॉल", "बाल"), ("दो", "दौ"), ("नन्ना", "नना")]
        {
            assert_ne!(fold(one), fold(other), "{one}, {other}");
        }
        assert_eq!(fold("Kohli's"), "Kohli's");
    }

    #[test]
    fn digits_of_devanagari_are_the_feeds() {
        assert_eq!("१४८/३".chars().map(digit).collect::<String>(), "148/3");
    }
}
