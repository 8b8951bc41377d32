//! Words on lines of a given width.

/// Breaks `text` at spaces into lines of at most `width` characters; a longer word stands alone on its line.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrap("Oh, that is out of the ground!", 12), ["Oh, that is", "out of the", "ground!"]);
        assert_eq!(wrap("extraordinarily so", 5), ["extraordinarily", "so"]);
        assert!(wrap("  ", 5).is_empty());
    }
}
