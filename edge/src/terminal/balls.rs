//! Balls as a scorer writes them: `1 4 • W wd 1`.

use cricket::event::Delivery;

use super::palette::{self, paint};

/// A ball's symbol: `•` for a dot, runs off the bat, `W` for a wicket, extras as `wd`, `2wd`, `nb`, `nb4`, `3b`, `1lb`;
/// `1W` is a run-out after a run.
pub fn symbol(ball: &Delivery) -> String {
    let (bat, extras) = (ball.runs.bat, &ball.extras);
    let plain = if extras.wides > 0 {
        counted(extras.wides, "wd")
    } else if extras.noballs > 0 {
        let more = ball.runs.total.saturating_sub(extras.noballs);
        if more == 0 { counted(extras.noballs, "nb") } else { format!("nb{more}") }
    } else if extras.byes > 0 {
        format!("{}b", extras.byes)
    } else if extras.legbyes > 0 {
        format!("{}lb", extras.legbyes)
    } else if extras.penalty > 0 {
        format!("{}p", extras.penalty)
    } else if bat > 0 {
        bat.to_string()
    } else {
        String::new()
    };
    match (is_wicket(ball), plain.is_empty()) {
        (true, _) => format!("{plain}W"),
        (false, true) => "•".to_owned(),
        (false, false) => plain,
    }
}

fn counted(runs: u16, kind: &str) -> String {
    if runs == 1 { kind.to_owned() } else { format!("{runs}{kind}") }
}

/// Whether a wicket fell; retiring is none.
pub fn is_wicket(ball: &Delivery) -> bool {
    ball.wickets.iter().any(|wicket| wicket.kind.is_wicket())
}

/// The symbol in its colour.
pub fn painted(ball: &Delivery) -> String {
    let symbol = symbol(ball);
    if is_wicket(ball) {
        paint(palette::WICKET_BALL, symbol)
    } else if ball.is_six() {
        paint(palette::SIX_BALL, symbol)
    } else if ball.is_four() {
        paint(palette::FOUR_BALL, symbol)
    } else if ball.runs.extras > 0 {
        paint(palette::EXTRA, symbol)
    } else if ball.runs.total == 0 {
        paint(palette::QUIET, symbol)
    } else {
        symbol
    }
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    /// A ball from the parts of its JSON that differ.
    pub(in super::super) fn ball(parts: &str) -> Delivery {
        let json = format!(
            r#"{{"innings":1,"over":0,"pos":1,"batter":{{"name":"A Batter"}},"non_striker":{{"name":"B Batter"}},"bowler":{{"name":"C Bowler"}},{parts}}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn symbols_are_those_of_a_scorebook() {
        let cases = [
            (r#""runs":{"bat":0,"extras":0,"total":0}"#, "•"),
            (r#""runs":{"bat":1,"extras":0,"total":1}"#, "1"),
            (r#""runs":{"bat":6,"extras":0,"total":6}"#, "6"),
            (r#""runs":{"bat":0,"extras":1,"total":1},"extras":{"wides":1}"#, "wd"),
            (r#""runs":{"bat":0,"extras":5,"total":5},"extras":{"wides":5}"#, "5wd"),
            (r#""runs":{"bat":0,"extras":1,"total":1},"extras":{"noballs":1}"#, "nb"),
            (r#""runs":{"bat":4,"extras":1,"total":5},"extras":{"noballs":1}"#, "nb4"),
            (r#""runs":{"bat":0,"extras":2,"total":2},"extras":{"byes":2}"#, "2b"),
            (r#""runs":{"bat":0,"extras":1,"total":1},"extras":{"legbyes":1}"#, "1lb"),
            (
                r#""runs":{"bat":0,"extras":0,"total":0},"wickets":[{"kind":"bowled","player_out":{"name":"A Batter"}}]"#,
                "W",
            ),
            (
                r#""runs":{"bat":1,"extras":0,"total":1},"wickets":[{"kind":"run out","player_out":{"name":"A Batter"}}]"#,
                "1W",
            ),
            (
                r#""runs":{"bat":0,"extras":0,"total":0},"wickets":[{"kind":"retired hurt","player_out":{"name":"A Batter"}}]"#,
                "•",
            ),
        ];
        for (parts, expected) in cases {
            assert_eq!(symbol(&ball(parts)), expected, "{parts}");
        }
    }
}
