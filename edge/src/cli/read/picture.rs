//! The course of a match as an SVG: for each innings what its score was worth, leverage, and how hard the chase was.

use std::fmt::Write as _;

use super::course::{Course, Part, Point};
use crate::cli::svg::{FIRST, GRID, INK, SECOND, SOFT, label, line, open};

const WIDTH: f64 = 1120.0;
const LEFT: f64 = 74.0;
const RIGHT: f64 = 24.0;
const GAP: f64 = 56.0;
/// Upper edge and height of the three bands.
const MAIN: (f64, f64) = (124.0, 270.0);
const LEVERAGE: (f64, f64) = (444.0, 84.0);
const DIFFICULTY: (f64, f64) = (576.0, 84.0);

const WICKET: &str = "#c62f3b";

/// What the main band shows of an innings.
#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Chance,
    Projection,
    Runs,
}

/// An innings' place in the picture.
struct Panel<'a> {
    part: &'a Part,
    shown: Shown,
    x: f64,
    width: f64,
    /// Balls across, and the value at the top of the main band.
    balls: f64,
    top: f64,
}

impl<'a> Panel<'a> {
    fn of(part: &'a Part) -> Self {
        let has = |known: &dyn Fn(&Point) -> bool| part.points.iter().any(known);
        let shown = match () {
            () if has(&|point| point.first_side_wins.is_some()) => Shown::Chance,
            () if has(&|point| point.projected.is_some()) => Shown::Projection,
            () => Shown::Runs,
        };
        let bowled = part.points.last().map_or(0, |point| point.balls);
        let balls = f64::from(part.limit.unwrap_or(bowled).max(bowled).max(1));
        let most = part.points.iter().map(|point| match (shown, point.projected) {
            (Shown::Chance, _) => 1.0,
            (Shown::Projection, Some([_, _, high, par])) => high.max(par),
            _ => f64::from(point.runs),
        });
        let most = most.fold(1.0, f64::max);
        let top = if shown == Shown::Chance { 1.0 } else { (most / 50.0).ceil() * 50.0 };
        Self { part, shown, x: 0.0, width: 0.0, balls, top }
    }

    fn x(&self, balls: u32) -> f64 {
        self.x + self.width * f64::from(balls) / self.balls
    }

    fn value(&self, point: &Point) -> Option<f64> {
        match self.shown {
            Shown::Chance => point.first_side_wins,
            Shown::Projection => point.projected.map(|[mean, ..]| mean),
            Shown::Runs => Some(f64::from(point.runs)),
        }
    }

    fn y(&self, value: f64) -> f64 {
        MAIN.0 + MAIN.1 * (1.0 - (value / self.top).clamp(0.0, 1.0))
    }
}

/// The picture, complete in itself.
pub(super) fn svg(course: &Course) -> String {
    let mut panels: Vec<Panel<'_>> = course.innings.iter().map(Panel::of).collect();
    let room = WIDTH - LEFT - RIGHT - GAP * panels.len().saturating_sub(1) as f64;
    let balls: f64 = panels.iter().map(|panel| panel.balls).sum();
    let mut x = LEFT;
    for panel in &mut panels {
        (panel.x, panel.width) = (x, room * panel.balls / balls.max(1.0));
        x += panel.width + GAP;
    }
    let has_difficulty = course.innings.iter().any(|part| part.points.iter().any(|point| point.difficulty.is_some()));
    let below = if has_difficulty { DIFFICULTY.0 + DIFFICULTY.1 } else { LEVERAGE.0 + LEVERAGE.1 } + 44.0;
    let lines = course.turning_points.len() + course.not_available.len() + 2;
    let height = below + 20.0 * lines as f64 + 16.0;
    let mut out = open((WIDTH, height), &course.teams.join(" v "));
    label(&mut out, (LEFT, 34.0), INK, "font-size=\"20\" font-weight=\"600\"", &course.teams.join(" v "));
    let result = course.result.as_ref().map(|result| format!(" — {result}")).unwrap_or_default();
    label(&mut out, (LEFT, 56.0), SOFT, "font-size=\"13\"", &format!("{}{result}", course.about));
    for panel in &panels {
        main(&mut out, course, panel);
        band(&mut out, panel, LEVERAGE, "leverage", &|point| Some(point.leverage), "#6b4fa0");
        if has_difficulty {
            band(&mut out, panel, DIFFICULTY, "difficulty", &|point| point.difficulty, "#8a6d1b");
        }
    }
    turns(&mut out, course, &panels);
    legend(&mut out, course, below);
    out.push_str("</svg>\n");
    out
}

/// An innings' main band: grid, line, wickets.
fn main(out: &mut String, course: &Course, panel: &Panel<'_>) {
    let part = panel.part;
    let chase = part.target.map(|target| format!(" chasing {target}")).unwrap_or_default();
    let head = format!("{} {}{chase}", part.team, part.score);
    label(out, (panel.x, MAIN.0 - 26.0), INK, "font-size=\"13\" font-weight=\"600\"", &head);
    let first = course.innings.first().map_or("", |part| part.team.as_str());
    let what = match panel.shown {
        Shown::Chance => format!("chance that {first} wins"),
        Shown::Projection => "projected total, four in five between the edges of the band; dashed: par".to_owned(),
        Shown::Runs => "runs".to_owned(),
    };
    label(out, (panel.x, MAIN.0 - 10.0), SOFT, "", &what);
    let ticks = if panel.shown == Shown::Chance { 4 } else { (panel.top / 50.0).min(8.0) as u32 };
    for tick in 0..=ticks {
        let value = panel.top * f64::from(tick) / f64::from(ticks.max(1));
        let y = panel.y(value);
        line(out, (panel.x, y), (panel.x + panel.width, y), GRID, "");
        let said = if panel.shown == Shown::Chance { format!("{:.0} %", 100.0 * value) } else { format!("{value:.0}") };
        label(out, (panel.x - 8.0, y + 4.0), SOFT, "text-anchor=\"end\"", &said);
    }
    overs(out, panel, MAIN.0 + MAIN.1);
    if panel.shown == Shown::Chance {
        line(out, (panel.x, panel.y(0.5)), (panel.x + panel.width, panel.y(0.5)), SOFT, "stroke-dasharray=\"2 4\"");
    }
    if panel.shown == Shown::Projection {
        range(out, panel);
    }
    let colour = if part.number.is_multiple_of(2) && panel.shown != Shown::Chance { SECOND } else { FIRST };
    path(out, panel, &|point| panel.value(point).map(|value| panel.y(value)), colour, 2.2);
    for point in part.points.iter().filter(|point| point.fell) {
        let Some(value) = panel.value(point) else { continue };
        let _ = writeln!(
            out,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{WICKET}\" stroke=\"#fff\"><title>{} {}/{}</title></circle>",
            panel.x(point.balls),
            panel.y(value),
            point.over,
            point.runs,
            point.wickets
        );
    }
}

/// The band of a projection, and par.
fn range(out: &mut String, panel: &Panel<'_>) {
    let edge = |high: bool| {
        let at = move |point: &Point| {
            let [_, low, top, _] = point.projected?;
            Some(format!("{:.1} {:.1}", panel.x(point.balls), panel.y(if high { top } else { low })))
        };
        panel.part.points.iter().filter_map(at).collect::<Vec<_>>()
    };
    let mut edges = edge(true);
    edges.extend(edge(false).into_iter().rev());
    let _ = writeln!(out, "<path d=\"M{}Z\" fill=\"{FIRST}\" fill-opacity=\".14\"/>", edges.join("L"));
    if let Some([.., par]) = panel.part.points.first().and_then(|point| point.projected) {
        let y = panel.y(par);
        line(out, (panel.x, y), (panel.x + panel.width, y), INK, "stroke-dasharray=\"6 4\"");
    }
}

/// A band below: a filled curve between 0 and 1.
fn band(
    out: &mut String,
    panel: &Panel<'_>,
    (top, height): (f64, f64),
    name: &str,
    value: &dyn Fn(&Point) -> Option<f64>,
    colour: &str,
) {
    let foot = top + height;
    line(out, (panel.x, foot), (panel.x + panel.width, foot), GRID, "");
    label(out, (panel.x, top - 8.0), SOFT, "", name);
    let known: Vec<_> = panel.part.points.iter().filter_map(|point| Some((point, value(point)?))).collect();
    let (Some((first, _)), Some((last, _))) = (known.first(), known.last()) else {
        label(out, (panel.x, foot - 10.0), SOFT, "font-style=\"italic\"", "none: it belongs to a chase");
        return;
    };
    for share in [0.0, 0.5, 1.0] {
        let y = foot - height * share;
        line(out, (panel.x, y), (panel.x + panel.width, y), GRID, "");
        label(out, (panel.x - 8.0, y + 4.0), SOFT, "text-anchor=\"end\"", &format!("{share:.1}"));
    }
    let at = |(point, share): &(&Point, f64)| {
        format!("{:.1} {:.1}", panel.x(point.balls), foot - height * share.clamp(0.0, 1.0))
    };
    let curve = known.iter().map(at).collect::<Vec<_>>().join("L");
    let (from, to) = (panel.x(first.balls), panel.x(last.balls));
    let _ = writeln!(
        out,
        "<path d=\"M{from:.1} {foot}L{curve}L{to:.1} {foot}Z\" fill=\"{colour}\" fill-opacity=\".22\"/>\
         <path d=\"M{curve}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.4\" stroke-linejoin=\"round\"/>"
    );
    overs(out, panel, foot);
}

/// Marks of overs under a band: every fifth, every tenth in a long innings, wider still in a match without a limit.
fn overs(out: &mut String, panel: &Panel<'_>, foot: f64) {
    let balls = panel.balls as u32;
    let per_over = if panel.part.limit == Some(100) { 5 } else { 6 };
    let step = match balls {
        0..=130 => 5 * per_over,
        131..=320 => 10 * per_over,
        _ => 20 * per_over,
    };
    for mark in (0..=balls).step_by(step as usize) {
        let over = format!("{}", mark / per_over);
        label(out, (panel.x(mark), foot + 15.0), SOFT, "text-anchor=\"middle\" font-size=\"11\"", &over);
    }
}

/// Numbers at the turning points.
fn turns(out: &mut String, course: &Course, panels: &[Panel<'_>]) {
    let mut placed: Vec<(f64, f64)> = Vec::new();
    for (turn, number) in course.turning_points.iter().zip(1..) {
        let Some(panel) = panels.iter().find(|panel| panel.part.number == turn.innings) else { continue };
        let Some(point) = panel.part.points.get(turn.point) else { continue };
        let Some(value) = panel.value(point) else { continue };
        let (x, y) = (panel.x(point.balls), panel.y(value));
        // Out of the line's way, and out of one another's.
        let away = if y > MAIN.0 + MAIN.1 / 2.0 { -1.0 } else { 1.0 };
        let mut at = y + 26.0 * away;
        while placed.iter().any(|(other, height)| (other - x).abs() < 20.0 && (height - at).abs() < 20.0) {
            at += 21.0 * away;
        }
        let at = at.clamp(MAIN.0 + 10.0, MAIN.0 + MAIN.1 - 10.0);
        placed.push((x, at));
        let colour =
            if course.innings.first().is_some_and(|first| first.team == turn.gained_by) { FIRST } else { SECOND };
        line(out, (x, y), (x, at), colour, "stroke-width=\"1\"");
        let _ = writeln!(
            out,
            "<circle cx=\"{x:.1}\" cy=\"{at:.1}\" r=\"9\" fill=\"{colour}\"/>\
             <text x=\"{x:.1}\" y=\"{:.1}\" fill=\"#fff\" text-anchor=\"middle\" font-weight=\"600\">{number}</text>",
            at + 4.0
        );
    }
}

/// The turning points in words, what is missing, whose data.
fn legend(out: &mut String, course: &Course, from: f64) {
    let mut y = from;
    for (turn, number) in course.turning_points.iter().zip(1..) {
        label(out, (LEFT, y), INK, "font-size=\"13\" font-weight=\"600\"", &number.to_string());
        label(out, (LEFT + 24.0, y), SOFT, "font-size=\"13\"", &turn.over);
        label(out, (LEFT + 66.0, y), INK, "font-size=\"13\"", &turn.what);
        let gain = format!("+{:.0} % {}", 100.0 * turn.gain, turn.gained_by);
        let colour =
            if course.innings.first().is_some_and(|first| first.team == turn.gained_by) { FIRST } else { SECOND };
        label(out, (LEFT + 520.0, y), colour, "font-size=\"13\" font-weight=\"600\"", &gain);
        y += 20.0;
    }
    for missing in &course.not_available {
        label(out, (LEFT, y), SOFT, "font-style=\"italic\"", &format!("Not available: {missing}."));
        y += 20.0;
    }
    label(out, (LEFT, y), SOFT, "font-size=\"11\"", &format!("Red: wickets. {}", course.attribution));
}

/// A curve through the points that have a value; `y` is in the picture's own measure.
fn path(out: &mut String, panel: &Panel<'_>, y: &dyn Fn(&Point) -> Option<f64>, colour: &str, width: f64) {
    let at = |point: &Point| Some(format!("{:.1} {:.1}", panel.x(point.balls), y(point)?));
    let known: Vec<String> = panel.part.points.iter().filter_map(at).collect();
    if !known.is_empty() {
        let _ = writeln!(
            out,
            "<path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"/>",
            known.join("L")
        );
    }
}
