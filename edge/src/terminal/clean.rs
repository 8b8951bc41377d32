//! Foreign text on a terminal: a name from a feed must not move the cursor or turn the line around.

/// The text without control characters and without marks that change the direction of writing.
pub fn clean(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_control())
        .filter(|letter| !matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
        .collect()
}

/// The same, harmless within HTML and SVG too.
pub fn in_markup(text: &str) -> String {
    let mut out = String::new();
    for letter in clean(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_codes_and_direction_marks_are_taken_out() {
        assert_eq!(clean("\u{1b}[2JV\u{202e} Kohli\r\n"), "[2JV Kohli");
        assert_eq!(clean("Zoë Ōtāne"), "Zoë Ōtāne");
    }
}
