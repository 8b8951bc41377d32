//! The course of a match in a terminal.

use std::fmt::Write as _;

use super::course::{Course, Part, Point};
use crate::terminal::{
    clean::clean,
    palette::{self, paint},
};

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Cells of a sparkline at most.
const CELLS: usize = 60;

pub(super) fn tell(course: &Course) -> String {
    let mut out = paint(palette::SCORE, clean(&course.teams.join(" v "))) + "\n";
    for line in std::iter::once(&course.about).chain(&course.result).filter(|line| !line.is_empty()) {
        out += &clean(line);
        out.push('\n');
    }
    for part in &course.innings {
        out += &innings(course, part);
    }
    if !course.turning_points.is_empty() {
        let _ = writeln!(out, "\n{}", paint(palette::SCORE, "Turning points"));
    }
    for turn in &course.turning_points {
        let gain = format!("+{:.0} % {}", 100.0 * turn.gain, clean(&turn.gained_by));
        let _ = writeln!(out, "  {}, {}: {}", turn.over, clean(&turn.what), paint(palette::MILESTONE, gain));
    }
    if !course.not_available.is_empty() {
        let _ = writeln!(out, "\n{}", paint(palette::SCORE, "Not available"));
    }
    for line in &course.not_available {
        let _ = writeln!(out, "  {line}");
    }
    out
}

fn innings(course: &Course, part: &Part) -> String {
    let chase = part.target.map(|target| format!(", chasing {target}")).unwrap_or_default();
    let mut out = format!("\n{} {}{chase}\n", paint(palette::SCORE, clean(&part.team)), part.score);
    let first = course.innings.first().map_or("the first side", |first| first.team.as_str());
    let mut line = |name: &str, values: Vec<Option<f64>>, ends: String| {
        if values.iter().any(Option::is_some) {
            let _ = writeln!(out, "  {name:<11} {}  {ends}", sparkline(&values));
        }
    };
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let chances: Vec<_> = part.points.iter().map(|point| point.first_side_wins).collect();
    let mut told = chances.iter().flatten();
    let from_to = match (told.next(), told.next_back()) {
        (Some(from), Some(to)) => format!("{} wins: {} to {}", clean(first), percent(*from), percent(*to)),
        _ => String::new(),
    };
    let is_told = chances.iter().any(Option::is_some);
    line("win", chances, from_to);
    if !is_told {
        // Half of a bar is par.
        let share = |point: &Point| point.projected.map(|[mean, .., par]| mean / par.max(1.0) / 2.0);
        let ends = match part.points.first().and_then(|point| point.projected) {
            Some([mean, .., par]) => format!("projected {mean:.0} (par {par:.0}), made {}", part.score),
            None => String::new(),
        };
        line("projected", part.points.iter().map(share).collect(), ends);
    }
    let highest = highest(part.points.iter().map(|point| point.leverage));
    line("leverage", part.points.iter().map(|point| Some(point.leverage)).collect(), format!("highest {highest:.2}"));
    line("difficulty", part.points.iter().map(|point| point.difficulty).collect(), "beside other chases".to_owned());
    out
}

fn highest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::max)
}

/// A row of bars, each the mean of its stretch; a dot where nothing can be told.
fn sparkline(values: &[Option<f64>]) -> String {
    let cells = values.len().clamp(1, CELLS);
    let cell = |place: usize| {
        let stretch = values.get(place * values.len() / cells..(place + 1) * values.len() / cells).unwrap_or(&[]);
        let known: Vec<f64> = stretch.iter().flatten().copied().collect();
        if known.is_empty() {
            return '·';
        }
        let mean = known.iter().sum::<f64>() / known.len() as f64;
        let step = (mean.clamp(0.0, 1.0) * BARS.len() as f64) as usize;
        BARS.get(step.min(BARS.len() - 1)).copied().unwrap_or('·')
    };
    (0..cells).map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sparkline_rises_with_its_values_and_shows_where_nothing_is_told() {
        assert_eq!(sparkline(&[None, Some(0.0), Some(0.5), Some(1.0)]), "·▁▅█");
        assert_eq!(sparkline(&vec![Some(1.0); 600]).chars().count(), CELLS);
        assert_eq!(sparkline(&[]), "·");
    }
}
