//! How many rows each ball is worth, so that the rows wanted come out: one factor for all balls, times the weight of
//! their cell, with caps on dots and singles.

use std::collections::BTreeMap;

use commentary::facts::EventWord;

use super::{
    DataError,
    counts::{CELLS, Cell, Counts},
    recipe::Recipe,
    told,
};

/// Balls whose event is rarer than this share of all balls are rare.
const RARE_BELOW: f64 = 0.01;

/// A cap is aimed at a little below, so that chance does not cross it.
const BELOW_CAP: f64 = 0.985;

/// Expected rows a ball, by format and cell; a cell's ball brings at most one row a persona.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rates {
    formats: BTreeMap<String, Vec<f64>>,
    /// Rows that these rates bring on average.
    pub(super) expected: f64,
}

impl Rates {
    /// The rates that bring what the recipe wants; as much as there is, where that is less.
    pub(super) fn solve(recipe: &Recipe, counts: &Counts) -> Result<Self, DataError> {
        if let Some(wanted) = recipe.formats.keys().find(|format| !counts.formats.contains_key(*format)) {
            let known: Vec<&str> = counts.formats.keys().map(String::as_str).collect();
            return Err(DataError::NoSuchFormat { wanted: wanted.clone(), known: known.join(", ") });
        }
        let weights = weights(recipe, counts);
        let mut rates = Self { formats: BTreeMap::new(), expected: 0.0 };
        let mut left = 1.0;
        for (format, share) in &recipe.formats {
            left -= share;
            rates.group(recipe, counts, &weights, &[format], share * recipe.rows as f64);
        }
        let rest: Vec<&String> = counts.formats.keys().filter(|name| !recipe.formats.contains_key(*name)).collect();
        rates.group(recipe, counts, &weights, &rest, left.max(0.0) * recipe.rows as f64);
        Ok(rates)
    }

    /// The rates of a format's cells.
    pub(super) fn of(&self, format: &str) -> Option<&[f64]> {
        self.formats.get(format).map(Vec::as_slice)
    }

    /// Adds formats that share a number of rows as their balls come.
    fn group(&mut self, recipe: &Recipe, counts: &Counts, weights: &[f64], formats: &[&String], wanted: f64) {
        let mut balls = vec![0.0; CELLS];
        for cells in formats.iter().filter_map(|format| counts.formats.get(*format)) {
            for (sum, cell) in balls.iter_mut().zip(cells) {
                *sum += *cell as f64;
            }
        }
        let group = Group { balls: &balls, weights, most: recipe.personas.len() as f64 };
        // With little to draw from, a cap's share is of what can be had: each step lowers what is aimed at, to where it fits.
        let mut aim = wanted;
        let mut solved = (vec![0.0; CELLS], 0.0);
        for _ in 0..200 {
            solved = group.rates(recipe, aim);
            if solved.1 > aim - 0.5 {
                break;
            }
            aim = solved.1;
        }
        self.expected += solved.1;
        for format in formats {
            self.formats.insert((*format).clone(), solved.0.clone());
        }
    }
}

struct Group<'a> {
    balls: &'a [f64],
    weights: &'a [f64],
    most: f64,
}

impl Group<'_> {
    /// Rates for a number of rows, and the rows they bring.
    fn rates(&self, recipe: &Recipe, wanted: f64) -> (Vec<f64>, f64) {
        let (mut low, mut high) = (0.0, 1.0);
        while high < 1e12 && self.at(recipe, wanted, high).1 < wanted {
            high *= 2.0;
        }
        for _ in 0..80 {
            let middle = f64::midpoint(low, high);
            if self.at(recipe, wanted, middle).1 < wanted {
                low = middle;
            } else {
                high = middle;
            }
        }
        self.at(recipe, wanted, high)
    }

    /// The rates at a factor, dots and singles capped.
    fn at(&self, recipe: &Recipe, wanted: f64, factor: f64) -> (Vec<f64>, f64) {
        let mut rates: Vec<f64> = self.weights.iter().map(|weight| (weight * factor).min(self.most)).collect();
        for (word, share) in [(EventWord::Dot, recipe.dots), (EventWord::Single, recipe.singles)] {
            let is_capped = |place: usize| told::event(Cell::at(place).event) == word;
            let rows: f64 = (0..CELLS).filter(|place| is_capped(*place)).map(|at| rates[at] * self.balls[at]).sum();
            let cap = if share < 1.0 { share * wanted * BELOW_CAP } else { f64::INFINITY };
            if rows > cap {
                (0..CELLS).filter(|place| is_capped(*place)).for_each(|place| rates[place] *= cap / rows);
            }
        }
        let rows = rates.iter().zip(self.balls).map(|(rate, balls)| rate * balls).sum();
        (rates, rows)
    }
}

/// What a cell's balls weigh in the draw; 0 for kinds that are not wanted.
fn weights(recipe: &Recipe, counts: &Counts) -> Vec<f64> {
    let mut by_event = vec![0_u64; told::EVENTS];
    for (place, balls) in counts.formats.values().flat_map(|cells| cells.iter().enumerate()) {
        let cell = Cell::at(place);
        // Every ball brings a call, so calls count balls.
        if cell.kind == commentary::LineKind::Call {
            by_event[cell.event] += balls;
        }
    }
    let all = by_event.iter().sum::<u64>() as f64;
    (0..CELLS)
        .map(|place| {
            let cell = Cell::at(place);
            if !recipe.kinds.contains(&cell.kind) {
                return 0.0;
            }
            let rare = (by_event[cell.event] as f64) < all * RARE_BELOW;
            let weight = if rare { recipe.rare } else { 1.0 };
            weight * recipe.pressure.get(&cell.pressure).copied().unwrap_or(1.0)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use commentary::{LineKind, Pressure};

    use super::*;

    fn place(event: &str, kind: LineKind) -> usize {
        Cell { event: told::place(event).unwrap(), pressure: Pressure::Calm, kind }.place()
    }

    fn counts(balls: &[(&str, u64)]) -> Counts {
        let mut cells = vec![0; CELLS];
        for (event, number) in balls {
            cells[place(event, LineKind::Call)] = *number;
            cells[place(event, LineKind::Colour)] = *number;
        }
        Counts { matches: Vec::new(), formats: [("T20".to_owned(), cells)].into(), bad: Vec::new() }
    }

    fn recipe(rows: u64) -> Recipe {
        Recipe { rows, ..Recipe::new("m") }
    }

    #[test]
    fn the_rows_wanted_come_out_with_dots_and_singles_capped_and_rare_events_weighed() {
        let counts =
            counts(&[("dot", 400_000), ("single", 400_000), ("four", 100_000), ("two", 95_000), ("caught", 5_000)]);
        let rates = Rates::solve(&recipe(10_000), &counts).unwrap();
        assert!((rates.expected - 10_000.0).abs() < 1.0, "{}", rates.expected);
        let cells = rates.of("T20").unwrap();
        let rows = |event: &str| {
            [LineKind::Call, LineKind::Colour]
                .map(|kind| cells[place(event, kind)] * counts.formats["T20"][place(event, kind)] as f64)
        };
        let dots: f64 = rows("dot").iter().sum();
        assert!(dots <= 2_000.0 && dots > 1_900.0, "{dots}");
        let call = |event| cells[place(event, LineKind::Call)];
        assert!((call("caught") / call("four") - 4.0).abs() < 1e-6);
        assert!(cells[place("four", LineKind::Over)] <= 0.0);
    }

    #[test]
    fn a_small_source_gives_what_it_has_and_the_caps_hold_of_that() {
        let rates = Rates::solve(&recipe(1_000_000), &counts(&[("dot", 900), ("four", 100)])).unwrap();
        let personas = recipe(1).personas.len() as f64;
        // 100 fours, two kinds, every persona: the dots fill a fifth of the whole.
        let fours = 200.0 * personas;
        assert!((rates.expected - fours / 0.8).abs() < fours * 0.02, "{}", rates.expected);
    }

    #[test]
    fn a_format_that_is_not_there_is_named_with_those_that_are() {
        let recipe = Recipe { formats: [("Test".to_owned(), 0.5)].into(), ..recipe(10) };
        let error = Rates::solve(&recipe, &counts(&[("dot", 9)])).unwrap_err().to_string();
        assert!(error.contains("no match of format Test") && error.contains("there are T20"), "{error}");
    }
}
