//! What a model is worth on seasons later than those it was fitted to.

use std::{collections::BTreeMap, fmt::Write as _};

use commentary::{
    Pressure,
    reading::{Class, Format, Gender, Kind, Level, Model},
};
use serde::Serialize;
use stats::Day;

use super::{
    fit::{here, scores},
    games::{Ball, Ending, Game, Games},
    measure::{ByMatch, Calibration, Sampling, auc, required, spearman},
    svg,
};

/// Balls over which a real change is measured.
const AHEAD: usize = 6;
/// The competition that has a row of its own beside its kind.
const OWN_ROW: &str = "Indian Premier League";

/// The figures of all kinds of match.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whose data, under which licence.
    pub attribution: String,
    /// The last day that the model was fitted to.
    pub fitted_until: String,
    /// Matches after this day were measured.
    pub after: String,
    /// By kind of match.
    pub rows: Vec<Row>,
}

/// The figures of a kind of match.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The kind, or the competition.
    pub name: String,
    /// Matches.
    pub matches: u64,
    /// Balls of chases.
    pub balls: u64,
    /// Share of the matches that the chasing side won; and the standard error of such a share.
    pub chased: [f64; 2],
    /// The fitted chance.
    pub model: Figures,
    /// The chance by the required rate alone, fitted to the same matches.
    pub by_rate: Figures,
    /// By how much the model's Brier score is the better one, as a share.
    pub better_by: f64,
    /// Rank correlation of leverage with the change of the chance over the next six balls.
    pub leverage: Option<f64>,
    /// The same of the mixed heuristic that others use.
    pub peer: Option<f64>,
    /// How well leverage tells, of the balls of the last over of a chase, those after which the chance moved more than it
    /// does after half of them (area under the curve).
    pub last_over: Option<f64>,
    /// The same of the mixed heuristic.
    pub peer_last_over: Option<f64>,
    /// First innings: mean absolute error of the projected total, with par by year and ground, and with year alone.
    pub projection_error: [f64; 2],
    /// First innings: share of totals within the range in which four of five are said to be, in the first, second and
    /// last third of the innings.
    pub within_range: [f64; 3],
    /// First innings: the chance, where it is told; `None` where it never is.
    pub first: Option<Figures>,
    /// Of all balls, the share of each step of pressure, from calm to critical.
    pub pressure: [f64; 5],
    /// The diagram's dots: balls, mean chance, share that won.
    pub reliability: Vec<(u64, f64, f64)>,
    /// The goals of the kind, where it has any, and whether they are reached.
    pub goals: Vec<Goal>,
}

/// Figures of predicted chances.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// Mean squared error.
    pub brier: f64,
    /// Log loss.
    pub log_loss: f64,
    /// Expected calibration error over ten bins.
    pub calibration: f64,
    /// What of it is the luck of who won.
    pub sampling: Sampling,
}

/// A goal.
#[derive(Debug, Serialize)]
pub struct Goal {
    /// Of what.
    pub what: &'static str,
    /// The figure.
    pub found: f64,
    /// What was wanted.
    pub wanted: f64,
    /// Whether it is reached.
    pub reached: bool,
    /// Of a calibration error, what of it is the luck of who won.
    pub sampling: Option<Sampling>,
}

impl Figures {
    fn of(sum: &Calibration, by_match: &ByMatch) -> Self {
        Self { brier: sum.brier(), log_loss: sum.log_loss(), calibration: sum.error(), sampling: by_match.sampling() }
    }
}

/// Measures a model on the matches after a day, and up to another if one is given.
pub fn eval(games: &Games, model: &Model, after: Day, until: Option<Day>) -> Report {
    let mut groups: BTreeMap<(u8, Class), Vec<&Game>> = BTreeMap::new();
    for game in games.games.iter().filter(|game| game.day > after && until.is_none_or(|until| game.day <= until)) {
        groups.entry((0, game.class)).or_default().push(game);
        if game.event == OWN_ROW {
            groups.entry((1, game.class)).or_default().push(game);
        }
    }
    let rows = groups.into_iter().filter_map(|((own, class), games)| {
        let name = if own == 1 { OWN_ROW.to_owned() } else { class.to_string() };
        model.kind(class).map(|kind| row(name, class, kind, &games))
    });
    Report {
        attribution: model.provenance.attribution.clone(),
        fitted_until: model.provenance.until.clone(),
        after: after.to_string(),
        rows: rows.collect(),
    }
}

/// What is summed over the chases of a kind.
#[derive(Default)]
struct Chases {
    model: Calibration,
    model_by_match: ByMatch,
    by_rate: Calibration,
    rate_by_match: ByMatch,
    leverage: Vec<(f64, f64)>,
    peer: Vec<(f64, f64)>,
    last_over: Vec<(f64, f64, f64)>,
}

impl Chases {
    fn add(&mut self, kind: &Kind, game: &Game) {
        let [a, b] = kind.by_rate_alone;
        let won = game.ending == Ending::Chased;
        let [_, balls] = &game.balls;
        let chances: Vec<f64> = balls.iter().map(|ball| kind.chance(&game.position(ball))).collect();
        let by_rate = |ball: &Ball| 1.0 / (1.0 + (-(a + b * required(ball))).exp());
        self.model_by_match.add(chances.iter().copied(), won);
        self.rate_by_match.add(balls.iter().map(by_rate), won);
        let end = f64::from(u8::from(won));
        for (place, (ball, chance)) in balls.iter().zip(&chances).enumerate() {
            self.model.add(*chance, won);
            self.by_rate.add(by_rate(ball), won);
            let change = |ahead: usize| (chances.get(place + ahead).copied().unwrap_or(end) - chance).abs();
            let leverage = kind.leverage(kind.chase_movement(&game.position(ball)));
            self.leverage.push((leverage, change(AHEAD)));
            self.peer.push((f64::from(ball.peer), change(AHEAD)));
            if ball.left <= 6 {
                self.last_over.push((leverage, f64::from(ball.peer), change(1)));
            }
        }
    }

    fn tells(&self, value: impl Fn(&(f64, f64, f64)) -> f64) -> Option<f64> {
        let mut changes: Vec<f64> = self.last_over.iter().map(|(.., change)| *change).collect();
        changes.sort_unstable_by(f64::total_cmp);
        let middle = super::measure::quantile(&changes, 0.5);
        auc(&self.last_over.iter().map(|it| (value(it), it.2 > middle)).collect::<Vec<_>>())
    }
}

fn row(name: String, class: Class, kind: &Kind, games: &[&Game]) -> Row {
    let mut chases = Chases::default();
    let mut first = First::default();
    let mut pressure = [0_u64; 5];
    for game in games {
        chases.add(kind, game);
        first.add(kind, game);
        for score in scores(kind, game) {
            if let Some(count) = pressure.get_mut(Pressure::of(score, &kind.pressure) as usize) {
                *count += 1;
            }
        }
    }
    let model = Figures::of(&chases.model, &chases.model_by_match);
    let by_rate = Figures::of(&chases.by_rate, &chases.rate_by_match);
    let matches = games.len() as f64;
    let share = games.iter().filter(|game| game.ending == Ending::Chased).count() as f64 / matches.max(1.0);
    let all = pressure.iter().sum::<u64>().max(1) as f64;
    let better_by = 1.0 - model.brier / by_rate.brier;
    let leverage = spearman(&chases.leverage);
    Row {
        matches: games.len() as u64,
        balls: chases.model.count(),
        chased: [share, (share * (1.0 - share) / matches.max(1.0)).sqrt()],
        goals: goals(class, &model, better_by, leverage),
        model,
        by_rate,
        better_by,
        leverage,
        peer: spearman(&chases.peer),
        last_over: chases.tells(|it| it.0),
        peer_last_over: chases.tells(|it| it.1),
        projection_error: first.errors(),
        within_range: first.within.map(|(all, within)| within as f64 / all.max(1) as f64),
        first: (first.told.count() > 0).then(|| Figures::of(&first.told, &first.told_by_match)),
        pressure: pressure.map(|count| count as f64 / all),
        reliability: chases.model.bins(),
        name,
    }
}

/// What is summed over first innings.
#[derive(Default)]
struct First {
    balls: u64,
    off: [f64; 2],
    within: [(u64, u64); 3],
    told: Calibration,
    told_by_match: ByMatch,
}

impl First {
    fn add(&mut self, kind: &Kind, game: &Game) {
        let here = here(&kind.setting, game);
        let anywhere = kind.setting.circumstances_of(Some(game.year()), None);
        let [balls, _] = &game.balls;
        let mut told = Vec::new();
        for ball in balls {
            let at = game.first(ball);
            let ahead = kind.setting.project(&at, kind.balls, &here);
            let total = f64::from(game.total);
            let (low, high) = ahead.range();
            self.balls += 1;
            let part = (at.limit - at.left) as usize * self.within.len() / at.limit as usize;
            if let Some((all, within)) = self.within.get_mut(part) {
                *all += 1;
                *within += u64::from(low <= total && total <= high);
            }
            self.off[0] += (ahead.mean - total).abs();
            self.off[1] += (kind.setting.project(&at, kind.balls, &anywhere).mean - total).abs();
            if let Some(chance) = ahead.win_probability.filter(|_| game.ending != Ending::Tie) {
                self.told.add(chance, game.ending == Ending::Defended);
                told.push(chance);
            }
        }
        if !told.is_empty() {
            self.told_by_match.add(told.into_iter(), game.ending == Ending::Defended);
        }
    }

    fn errors(&self) -> [f64; 2] {
        self.off.map(|off| off / self.balls.max(1) as f64)
    }
}

/// The goals of men's T20 leagues (IPL-like), men's T20 internationals and men's one-day internationals.
fn goals(class: Class, model: &Figures, better_by: f64, leverage: Option<f64>) -> Vec<Goal> {
    let [brier, log_loss, calibration, better] = match (class.format, class.gender, class.level) {
        (Format::T20, Gender::Male, Level::Club) => [0.145, 0.44, 0.03, 0.10],
        (Format::T20, Gender::Male, Level::International) => [0.115, 0.355, 0.04, 0.15],
        (Format::OneDay, Gender::Male, Level::International) => [0.121, 0.375, 0.02, 0.22],
        _ => return Vec::new(),
    };
    let most = |what, found, wanted| Goal { what, found, wanted, reached: found <= wanted, sampling: None };
    let least = |what, found, wanted| Goal { reached: found >= wanted, ..most(what, found, wanted) };
    vec![
        most("Brier", model.brier, brier),
        most("log loss", model.log_loss, log_loss),
        Goal { sampling: Some(model.sampling), ..most("calibration error", model.calibration, calibration) },
        least("better than required rate alone", better_by, better),
        least("leverage and the next six balls", leverage.unwrap_or(0.0), 0.6),
    ]
}

impl Report {
    /// The tables, for a terminal and for Markdown.
    pub fn table(&self) -> String {
        let mut out = format!(
            "Fitted to matches up to {}, measured on those after {}. {}\n\n",
            self.fitted_until, self.after, self.attribution
        );
        out += "| chases | matches | Brier | log loss | calibration | rate alone: Brier | log loss | calibration | better by |\n";
        out += "|---|---:|---:|---:|---:|---:|---:|---:|---:|\n";
        for row in &self.rows {
            let _ = writeln!(
                out,
                "| {} | {} | {:.4} | {:.4} | {:.3} | {:.4} | {:.4} | {:.3} | {:.0} % |",
                row.name,
                row.matches,
                row.model.brier,
                row.model.log_loss,
                row.model.calibration,
                row.by_rate.brier,
                row.by_rate.log_loss,
                row.by_rate.calibration,
                100.0 * row.better_by
            );
        }
        let dash = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.2}"));
        out += "\n| leverage | next six balls | heuristic | last over | heuristic | won by the chase | calm, building, tense, intense, critical |\n";
        out += "|---|---:|---:|---:|---:|---:|---|\n";
        for row in &self.rows {
            let shares: Vec<String> = row.pressure.iter().map(|share| format!("{:.0}", 100.0 * share)).collect();
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} | {:.1} ± {:.1} % | {} % |",
                row.name,
                dash(row.leverage),
                dash(row.peer),
                dash(row.last_over),
                dash(row.peer_last_over),
                100.0 * row.chased[0],
                100.0 * row.chased[1],
                shares.join(", ")
            );
        }
        out += "\n| first innings | off by, runs | without grounds | within 80 % range, by third | chance: Brier | log loss | calibration |\n";
        out += "|---|---:|---:|---:|---:|---:|---:|\n";
        for row in &self.rows {
            let told = row.first.as_ref().map_or("not told | – | –".to_owned(), |first| {
                format!("{:.4} | {:.4} | {:.3}", first.brier, first.log_loss, first.calibration)
            });
            let _ = writeln!(
                out,
                "| {} | {:.1} | {:.1} | {:.0}, {:.0}, {:.0} % | {told} |",
                row.name,
                row.projection_error[0],
                row.projection_error[1],
                100.0 * row.within_range[0],
                100.0 * row.within_range[1],
                100.0 * row.within_range[2]
            );
        }
        out += "\n| goal | | found | wanted | | standard error | luck alone, mean | one in twenty |\n|---|---|---:|---:|---|---:|---:|---:|\n";
        for (row, goal) in self.rows.iter().flat_map(|row| row.goals.iter().map(move |goal| (row, goal))) {
            let mark = if goal.reached { "reached" } else { "missed" };
            let sampling = goal.sampling.map_or("| | ".to_owned(), |it| {
                format!("{:.3} | {:.3} | {:.3}", it.standard_error, it.by_luck, it.by_luck_at_most)
            });
            let _ = writeln!(
                out,
                "| {} | {} | {:.3} | {:.3} | {mark} | {sampling} |",
                row.name, goal.what, goal.found, goal.wanted
            );
        }
        out
    }

    /// A reliability diagram for each kind: a name for its file, and the SVG.
    pub fn diagrams(&self) -> Vec<(String, String)> {
        let name = |row: &Row| -> String {
            let plain = row.name.to_lowercase().replace('\'', "");
            plain.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
        };
        let diagram = |row: &Row| {
            let notes = format!(
                "{} matches after {}; calibration error {:.3}, Brier {:.3}",
                row.matches, self.after, row.model.calibration, row.model.brier
            );
            svg::reliability(&format!("Chases: {}", row.name), &row.reliability, &notes)
        };
        self.rows.iter().map(|row| (format!("reliability-{}.svg", name(row)), diagram(row))).collect()
    }
}

/// The cut points of pressure, and how frequent each step is on the matches given: by kind.
pub fn pressure(model: &Model, report: Option<&Report>) -> String {
    let mut out =
        String::from("| kind | cuts of the score: building, tense, intense, critical | wanted |\n|---|---|---|\n");
    let wanted: Vec<String> = commentary::reading::SHARES.iter().map(ToString::to_string).collect();
    for kind in &model.kinds {
        let cuts: Vec<String> = kind.pressure.iter().map(|cut| format!("{cut:.3}")).collect();
        let _ = writeln!(out, "| {} | {} | {} % |", kind.name, cuts.join(", "), wanted.join(", "));
    }
    if let Some(report) = report {
        let _ = writeln!(out, "\n| balls after {} | calm | building | tense | intense | critical |", report.after);
        out += "|---|---:|---:|---:|---:|---:|\n";
        for row in &report.rows {
            let shares: Vec<String> = row.pressure.iter().map(|share| format!("{:.1} %", 100.0 * share)).collect();
            let _ = writeln!(out, "| {} | {} |", row.name, shares.join(" | "));
        }
    }
    out
}
