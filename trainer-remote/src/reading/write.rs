//! The model's file: TOML that a person can read, the same bytes for the same numbers.

use std::fmt::Write as _;

use commentary::reading::{
    Class, Format, Gender, Kind, Level, Model, NextBall, Scoring,
    next_ball::{HANDS, RATES, Shares},
};

/// Significant digits that are kept.
const DIGITS: i32 = 5;

/// The text of a model's file.
pub fn toml(model: &Model) -> String {
    let provenance = &model.provenance;
    let mut out = format!(
        "# How a match is read: chances, projections, difficulty and leverage by kind of match.\n\
         # Made by `trainer-remote reading fit`; what each number means stands in crates/commentary/src/reading.\n\
         # {}\n\
         version = {}\n\n[provenance]\nattribution = {}\n",
        provenance.attribution,
        quoted(&model.version),
        quoted(&provenance.attribution)
    );
    if let Some(since) = &provenance.since {
        let _ = writeln!(out, "since = {}", quoted(since));
    }
    let _ = writeln!(
        out,
        "until = {}\nmatches = {}\ndeliveries = {}",
        quoted(&provenance.until),
        provenance.matches,
        provenance.deliveries
    );
    for one in &model.kinds {
        kind(&mut out, one);
    }
    out
}

fn kind(out: &mut String, kind: &Kind) {
    let _ = write!(
        out,
        "\n[[kind]]\nname = {}\ncovers = {}\nfitted_to = {}\nballs = {}\nmatches = {}\ndeliveries = {}\n",
        quoted(&kind.name),
        classes(&kind.covers),
        classes(&kind.fitted_to),
        kind.balls,
        kind.matches,
        kind.deliveries
    );
    if let Some(years) = kind.half_life {
        let _ = writeln!(out, "half_life = {}", number(years));
    }
    let _ = write!(
        out,
        "usual_movement = {}\nby_rate_alone = {}\npressure = {}\n",
        number(kind.usual_movement),
        numbers(&kind.by_rate_alone),
        numbers(&kind.pressure)
    );
    let table = &kind.difficulty;
    let _ = write!(
        out,
        "\n[kind.difficulty]\npowerplay = {}\nmiddle = {}\ndeath = {}\n",
        numbers(&table.powerplay),
        numbers(&table.middle),
        numbers(&table.death)
    );
    let _ = write!(out, "\n[kind.chase]\nusual_target = {}\n", number(kind.chase.usual_target));
    scoring(out, "chase", &kind.chase.scoring);
    setting(out, kind);
    next_ball(out, &kind.next_ball);
}

fn scoring(out: &mut String, of: &str, scoring: &Scoring) {
    let _ = write!(
        out,
        "\n[kind.{of}.scoring]\nrate = {}\nreach = {}\npull = {}\nfloor = {}\ngrowth = {}\n",
        number(scoring.rate),
        numbers(&scoring.reach),
        number(scoring.pull),
        number(scoring.floor),
        number(scoring.growth)
    );
}

fn setting(out: &mut String, kind: &Kind) {
    let set = &kind.setting;
    let eras: Vec<String> = set.eras.iter().map(|(year, par)| format!("[{year}, {}]", number(*par))).collect();
    let _ = write!(
        out,
        "\n[kind.setting]\neven = {}\nslope = {}\nflattening = {}\n",
        number(set.even),
        number(set.slope),
        number(set.flattening)
    );
    if let Some(balls) = set.told_from {
        let _ = writeln!(out, "told_from = {balls}");
    }
    let range: Vec<String> = set.range.iter().map(|ends| numbers(ends)).collect();
    let _ = writeln!(out, "range = [{}]", range.join(", "));
    let _ = writeln!(out, "eras = [{}]", eras.join(", "));
    out.push_str("venues = [\n");
    for (name, runs, matches) in &set.venues {
        let _ = writeln!(out, "  [{}, {}, {matches}],", quoted(name), number(*runs));
    }
    out.push_str("]\n");
    scoring(out, "setting", &set.scoring);
}

fn next_ball(out: &mut String, next: &NextBall) {
    let _ = write!(
        out,
        "\n# Columns: 0, 1, 2, 3, 4, 6, wicket, wide or no-ball; in ten-thousandths.\n\
         [kind.next_ball]\nstages = {:?}\nrates = {}\nsetting = [\n",
        next.stages,
        numbers(&next.rates)
    );
    for (place, shares) in next.setting.iter().enumerate() {
        let _ = writeln!(out, "  {}, # {}", row(shares), cell(place));
    }
    out.push_str("]\nchasing = [\n");
    for (place, shares) in next.chasing.iter().enumerate() {
        let _ = writeln!(out, "  {}, # {}, rate step {}", row(shares), cell(place / RATES), place % RATES + 1);
    }
    out.push_str("]\n");
}

fn row(shares: &Shares) -> String {
    let shares: Vec<String> = shares.iter().map(ToString::to_string).collect();
    format!("[{}]", shares.join(", "))
}

fn cell(place: usize) -> String {
    let stage = ["powerplay", "middle", "death", "last over"].get(place / HANDS).copied().unwrap_or_default();
    let hand = ["1 or 2", "3 or 4", "5 to 7", "8 to 10"].get(place % HANDS).copied().unwrap_or_default();
    format!("{stage}, {hand} wickets in hand")
}

fn classes(classes: &[Class]) -> String {
    let one = |class: &Class| {
        let format = match class.format {
            Format::T20 => "t20",
            Format::Hundred => "hundred",
            Format::OneDay => "one_day",
        };
        let gender = if class.gender == Gender::Female { "female" } else { "male" };
        let level = if class.level == Level::International { "international" } else { "club" };
        format!("{{ format = \"{format}\", gender = \"{gender}\", level = \"{level}\" }}")
    };
    format!("[{}]", classes.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// Text as TOML's basic string; JSON's escapes are a part of TOML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn numbers(numbers: &[f64]) -> String {
    format!("[{}]", numbers.iter().map(|it| number(*it)).collect::<Vec<_>>().join(", "))
}

/// A float that TOML reads as one.
fn number(number: f64) -> String {
    format!("{:?}", rounded(number))
}

fn rounded(number: f64) -> f64 {
    if number == 0.0 || !number.is_finite() {
        return number;
    }
    let text = format!("{number:.*e}", (DIGITS - 1) as usize);
    text.parse().unwrap_or(number)
}

/// Rounds the numbers of a kind as its file will hold them, so that what is computed from them is computed from the same.
pub(super) fn round(kind: &mut Kind) {
    let each = |numbers: &mut [f64]| numbers.iter_mut().for_each(|number| *number = rounded(*number));
    for scoring in [&mut kind.chase.scoring, &mut kind.setting.scoring] {
        each(&mut scoring.reach);
        for number in [&mut scoring.rate, &mut scoring.pull, &mut scoring.floor, &mut scoring.growth] {
            *number = rounded(*number);
        }
    }
    let set = &mut kind.setting;
    for number in
        [&mut kind.chase.usual_target, &mut set.even, &mut set.slope, &mut set.flattening, &mut kind.usual_movement]
    {
        *number = rounded(*number);
    }
    each(kind.setting.range.as_flattened_mut());
    each(&mut kind.by_rate_alone);
    each(&mut kind.pressure);
    for table in [&mut kind.difficulty.powerplay, &mut kind.difficulty.middle, &mut kind.difficulty.death] {
        each(table);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_built_in_model_is_written_as_it_stands_in_its_file() {
        let file = include_str!("../../../models/reading/reading.toml");
        assert_eq!(toml(&Model::parse(file).unwrap()), file);
    }

    #[test]
    fn numbers_keep_five_digits_and_stay_floats() {
        for (value, text) in [(0.0, "0.0"), (3.0, "3.0"), (0.123_456_789, "0.12346"), (-1234.567, "-1234.6")] {
            assert_eq!(number(value), text);
        }
    }
}
