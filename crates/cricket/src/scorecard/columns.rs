//! Columns and lines of plain text: names cut to their column, lists folded at the edge.

/// Width of a card where nobody says how wide the paper is, in characters.
pub const WIDTH: usize = 100;

/// Narrower than this a card is not made; lines run over instead.
const NARROWEST: usize = 60;

/// Width of all columns of the batting table but the name and how out: five numbers and the spaces between.
const NUMBERS: usize = 1 + 1 + 4 + 1 + 4 + 1 + 3 + 1 + 3 + 1 + 7;

/// Least and most width of a name, and least of how a batter is out.
const NAME: std::ops::RangeInclusive<usize> = 16..=34;
const HOW_OUT: usize = 20;

/// How wide the name and the dismissal are in the tables of one innings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    /// The paper.
    pub(super) width: usize,
    /// Of names.
    pub(super) name: usize,
    /// Of dismissals.
    pub(super) how_out: usize,
}

impl Columns {
    /// Columns for the longest name and the longest dismissal, as far as the paper allows.
    pub(super) fn of(width: usize, longest_name: usize, longest_how_out: usize) -> Self {
        let width = width.max(NARROWEST);
        let room = width.saturating_sub(NUMBERS);
        let name = longest_name.clamp(*NAME.start(), *NAME.end()).min(room.saturating_sub(HOW_OUT));
        Self { width, name, how_out: longest_how_out.clamp(HOW_OUT, room.saturating_sub(name).max(HOW_OUT)) }
    }
}

/// Characters of a text.
pub(super) fn length(text: &str) -> usize {
    text.chars().count()
}

/// The text, its end cut off and marked where it is longer than its column.
pub(super) fn cut(text: &str, column: usize) -> String {
    if length(text) <= column {
        return text.to_owned();
    }
    text.chars().take(column.saturating_sub(1)).chain(['…']).collect()
}

/// `heading: item, item, …`, folded between items; further lines are indented. Ends with a line feed.
pub(super) fn list(heading: &str, items: &[String], width: usize) -> String {
    let mut out = format!("{heading}:");
    let mut column = length(&out);
    for (place, item) in items.iter().enumerate() {
        let last = place + 1 == items.len();
        let needed = 1 + length(item) + usize::from(!last);
        if column + needed > width && place > 0 {
            out.push_str("\n ");
            column = 1;
        }
        out.push(' ');
        out.push_str(item);
        if !last {
            out.push(',');
        }
        column += needed;
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fit_their_content_and_the_paper() {
        let wide = Columns::of(100, 20, 30);
        assert_eq!((wide.name, wide.how_out), (20, 30));
        let full = Columns::of(80, 60, 90);
        assert_eq!(full.name + full.how_out + NUMBERS, 80);
        let narrow = Columns::of(10, 60, 90);
        assert_eq!(narrow.name + narrow.how_out + NUMBERS, NARROWEST);
    }

    #[test]
    fn a_long_text_is_cut_and_a_long_list_is_folded() {
        assert_eq!(cut("Sesha", 5), "Sesha");
        assert_eq!(cut("Śeṣan Rao", 5), "Śeṣa…");
        let items: Vec<String> = ["Asha Rao", "Mina Bose", "Tara Sen"].map(str::to_owned).into();
        assert_eq!(list("Out", &items, 25), "Out: Asha Rao, Mina Bose,\n  Tara Sen\n");
        assert_eq!(list("Out", &items[..1], 3), "Out: Asha Rao\n");
    }
}
