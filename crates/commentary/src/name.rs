//! Names as they are spoken and written into prompts: cleaned, and never able to act as anything but a name.

use cricket::player::PlayerRef;

/// The longest name that is spoken, in characters; longer ones are cut at a word.
pub const MAX_NAME_CHARS: usize = 40;

/// A feed's name made harmless: letters, digits, spaces and the marks that names really have (`.`, `-`, `'`, `(`, `)`,
/// `&`); no markup, line breaks, control or direction characters, no prompt markers. Empty when nothing is left.
pub fn clean(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        let c = match c {
            '\u{2019}' | '\u{02bc}' => '\'',
            '\u{2010}' | '\u{2011}' | '\u{2013}' => '-',
            c if c.is_alphanumeric() || is_mark(c) || matches!(c, '.' | '-' | '\'' | '(' | ')' | '&') => c,
            c if is_invisible(c) => continue,
            _ => ' ',
        };
        if c == ' ' && (out.is_empty() || out.ends_with(' ')) {
            continue;
        }
        out.push(c);
    }
    shorten(out.trim_end())
}

/// Whether a character is a letter, a digit or a part of one: what words are made of in any script.
pub(crate) fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

/// Vowel signs of Indian scripts and combining accents: parts of letters, not characters of their own.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{0900}'..='\u{0903}' | '\u{093a}'..='\u{094f}' | '\u{0951}'..='\u{0957}'
        | '\u{0980}'..='\u{0983}' | '\u{09bc}'..='\u{09cd}' | '\u{0b82}' | '\u{0bbe}'..='\u{0bcd}'
        | '\u{0c00}'..='\u{0c03}' | '\u{0c3e}'..='\u{0c4d}' | '\u{0d3e}'..='\u{0d4d}')
}

/// Characters that draw nothing, or turn the direction of writing: dropped without leaving a gap.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn shorten(name: &str) -> String {
    if name.chars().count() <= MAX_NAME_CHARS {
        return name.to_owned();
    }
    let cut: String = name.chars().take(MAX_NAME_CHARS).collect();
    cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head).trim_end().to_owned()
}

/// The name as it is said: `V Kohli` is `Kohli`, `Mohammed Siraj` stays whole. The cleaned full name where that is all
/// there is, `fallback` (such as `the bowler`) where nothing is left.
pub fn spoken(player: &PlayerRef, fallback: &str) -> String {
    let full = clean(&player.name);
    let full = without_number(&full);
    if full.is_empty() {
        return fallback.to_owned();
    }
    match full.split_once(' ') {
        Some((first, rest)) if is_initials(first) && !rest.is_empty() => rest.to_owned(),
        _ => full.to_owned(),
    }
}

/// `Mohammad Nawaz (3)`: an archive's way of telling namesakes apart is no part of the name.
fn without_number(name: &str) -> &str {
    let cut = name.strip_suffix(')').and_then(|name| name.rsplit_once(" ("));
    cut.filter(|(_, number)| number.bytes().all(|b| b.is_ascii_digit())).map_or(name, |(name, _)| name)
}

/// Whether a word is initials: `V`, `MS`, `A.B.`, `PVD`.
pub(crate) fn is_initials(word: &str) -> bool {
    let letters = word.chars().filter(|c| *c != '.').count();
    (1..=5).contains(&letters) && word.chars().all(|c| c == '.' || c.is_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_plain_words() {
        assert_eq!(clean("<script>alert(1)</script>"), "script alert(1) script");
        assert_eq!(clean("A\nB\r\n<|im_end|>\t C"), "A B im end C");
        assert_eq!(clean("\u{202e}live\u{202c} Ev\u{200b}il"), "live Evil");
        assert_eq!(clean("O\u{2019}Brien [INST] {x}"), "O'Brien INST x");
        assert_eq!(clean(" \u{0}\u{7} "), "");
        assert!(clean(&"word ".repeat(50)).chars().count() <= MAX_NAME_CHARS);
        assert_eq!(clean("विराट कोहली"), "विराट कोहली");
    }

    #[test]
    fn initials_are_not_said() {
        let said = |name: &str| spoken(&PlayerRef::named(name), "the bowler");
        assert_eq!(said("V Kohli"), "Kohli");
        assert_eq!(said("AB de Villiers"), "de Villiers");
        assert_eq!(said("Mohammed Siraj"), "Mohammed Siraj");
        assert_eq!(said("Mohammad Nawaz (3)"), "Mohammad Nawaz");
        assert_eq!(said("Imran Khan (Jr)"), "Imran Khan (Jr)");
        assert_eq!(said("Naveen-ul-Haq"), "Naveen-ul-Haq");
        assert_eq!(said("\u{200b}"), "the bowler");
    }
}
