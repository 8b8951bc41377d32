//! Answers as tables.

use stats::{
    BatterAtGround, BatterForm, BatterPhases, BatterRecord, BowlerAtGround, BowlerForm, BowlerPhases, BowlerRecord,
    Chase, ChaseRecord, DefendedTotals, Estimate, HeadToHead, Milestone, MilestoneKind, PRIOR_BALLS, PRIOR_INNINGS,
    Par, Partnership, Ranking, RankingKind, Sample, SeasonFigures, Trend,
};

use super::Table;

/// An answer that can be told as a table. `what` comes before the scope in the caption, `before` after the sample.
pub(super) trait Told {
    fn table(&self, what: &str, before: &str) -> Table;
}

fn caption(what: &str, sample: Sample, before: &str) -> String {
    let matches = if sample.matches == 1 { "match" } else { "matches" };
    format!("{what}{}, {} {matches}{before}; in our records since {}", sample.scope, sample.matches, sample.since_year)
}

fn rate(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}"))
}

fn estimate(what: &str, estimate: Option<Estimate>) -> Vec<String> {
    let told = |estimate: Estimate| {
        let (difference, expected) = (estimate.difference(), estimate.expected);
        let prior = format!("the expectation is worth {PRIOR_BALLS} balls");
        format!("{what}: {:.1} where {expected:.1} was to be expected ({difference:+.1}; {prior})", estimate.estimate)
    };
    estimate.map(told).into_iter().collect()
}

fn texts<const N: usize>(numbers: [u32; N]) -> Vec<String> {
    numbers.iter().map(ToString::to_string).collect()
}

impl Told for HeadToHead {
    fn table(&self, what: &str, before: &str) -> Table {
        let mut row = texts([self.balls, self.runs, self.dots, self.fours, self.sixes, self.dismissals]);
        row.push(rate(self.strike_rate()));
        let mut notes = estimate("runs per hundred balls", self.run_rate);
        notes.extend(estimate("dismissals per hundred balls", self.dismissal_rate));
        if self.bowler_owns() {
            notes.push("the bowler has the better of it".to_owned());
        }
        let columns = vec!["balls", "runs", "dots", "4s", "6s", "out", "SR"];
        Table::of_one(caption(what, self.sample, before), columns, row, notes)
    }
}

impl Told for BatterRecord {
    fn table(&self, what: &str, before: &str) -> Table {
        let mut row = texts([self.innings, self.runs, self.balls, self.dismissals]);
        row.extend([rate(self.average()), rate(self.strike_rate())]);
        row.push(format!("{}{}", self.highest, if self.highest_not_out { "*" } else { "" }));
        row.extend(texts([self.hundreds, self.fifties, self.fours, self.sixes]));
        let columns = vec!["inns", "runs", "balls", "out", "ave", "SR", "HS", "100", "50", "4s", "6s"];
        Table::of_one(caption(what, self.sample, before), columns, row, Vec::new())
    }
}

impl Told for BowlerRecord {
    fn table(&self, what: &str, before: &str) -> Table {
        let mut row = texts([self.innings, self.balls, self.runs, self.wickets]);
        row.extend([rate(self.average()), rate(self.economy()), rate(self.strike_rate())]);
        row.push(format!("{}/{}", self.best_wickets, self.best_runs));
        row.extend(texts([self.four_fors, self.five_fors, self.dots]));
        let columns = vec!["inns", "balls", "runs", "wkts", "ave", "econ", "SR", "best", "4w", "5w", "dots"];
        Table::of_one(caption(what, self.sample, before), columns, row, Vec::new())
    }
}

impl Told for BatterPhases {
    fn table(&self, what: &str, before: &str) -> Table {
        let rows = self.phases.iter().map(|phase| {
            let mut row = vec![phase.phase.to_string()];
            row.extend(texts([phase.balls, phase.runs, phase.dots, phase.fours, phase.sixes, phase.dismissals]));
            row.extend([rate(phase.strike_rate()), rate(phase.run_rate.map(|rate| rate.estimate))]);
            row
        });
        Table {
            caption: caption(what, self.sample, before),
            columns: vec!["<phase", "balls", "runs", "dots", "4s", "6s", "out", "SR", "SR est"],
            rows: rows.collect(),
            notes: Vec::new(),
        }
    }
}

impl Told for BowlerPhases {
    fn table(&self, what: &str, before: &str) -> Table {
        let rows = self.phases.iter().map(|phase| {
            let mut row = vec![phase.phase.to_string()];
            row.extend(texts([phase.balls, phase.runs, phase.wickets, phase.dots]));
            row.extend([rate(phase.economy()), rate(phase.run_rate.map(|rate| rate.estimate * 0.06))]);
            row
        });
        Table {
            caption: caption(what, self.sample, before),
            columns: vec!["<phase", "balls", "runs", "wkts", "dots", "econ", "econ est"],
            rows: rows.collect(),
            notes: Vec::new(),
        }
    }
}

impl Told for BatterAtGround {
    fn table(&self, what: &str, before: &str) -> Table {
        let mut row =
            texts([self.innings, self.runs, self.balls, self.dismissals, self.highest, self.fours, self.sixes]);
        row.push(rate(self.strike_rate()));
        let columns = vec!["inns", "runs", "balls", "out", "HS", "4s", "6s", "SR"];
        let notes = estimate("runs per hundred balls", self.run_rate);
        Table::of_one(caption(what, self.sample, before), columns, row, notes)
    }
}

impl Told for BowlerAtGround {
    fn table(&self, what: &str, before: &str) -> Table {
        let mut row = texts([self.innings, self.balls, self.runs, self.wickets]);
        row.push(rate(self.economy()));
        let notes = estimate("runs conceded per hundred balls", self.run_rate);
        let columns = vec!["inns", "balls", "runs", "wkts", "econ"];
        Table::of_one(caption(what, self.sample, before), columns, row, notes)
    }
}

fn trend(what: &str, trend: Option<Trend>) -> Vec<String> {
    let Some(trend) = trend else { return Vec::new() };
    let mut notes = estimate("runs per hundred balls", trend.run_rate);
    let Estimate { expected, estimate } = trend.per_innings;
    let prior = format!("over {} innings; worth {PRIOR_INNINGS} innings", trend.innings_before);
    notes.push(format!("{what} an innings: {estimate:.1}, before it was {expected:.1} ({prior})"));
    notes
}

impl Told for BatterForm {
    fn table(&self, what: &str, before: &str) -> Table {
        let rows = self.recent.iter().map(|innings| {
            let score = format!("{}{}", innings.runs, if innings.out { "" } else { "*" });
            vec![innings.day.clone(), innings.against.clone(), score, innings.balls.to_string()]
        });
        Table {
            caption: caption(what, self.sample, before),
            columns: vec!["<day", "<against", "runs", "balls"],
            rows: rows.collect(),
            notes: trend("runs", self.trend),
        }
    }
}

impl Told for BowlerForm {
    fn table(&self, what: &str, before: &str) -> Table {
        let rows = self.recent.iter().map(|innings| {
            let figures = format!("{}/{}", innings.wickets, innings.runs);
            vec![innings.day.clone(), innings.against.clone(), figures, innings.balls.to_string()]
        });
        Table {
            caption: caption(what, self.sample, before),
            columns: vec!["<day", "<against", "figures", "balls"],
            rows: rows.collect(),
            notes: trend("wickets", self.trend),
        }
    }
}

impl Told for SeasonFigures {
    fn table(&self, what: &str, before: &str) -> Table {
        let mut row = texts([self.batting_innings, self.runs, self.faced, self.dismissals, self.fours, self.sixes]);
        row.push(rate(self.strike_rate()));
        row.extend(texts([self.bowling_innings, self.balls, self.conceded, self.wickets]));
        row.push(rate(self.economy()));
        let columns =
            vec!["batted", "runs", "faced", "out", "4s", "6s", "SR", "bowled", "balls", "conceded", "wkts", "econ"];
        Table::of_one(caption(what, self.sample, before), columns, row, Vec::new())
    }
}

impl Told for Partnership {
    fn table(&self, what: &str, before: &str) -> Table {
        let mut row = texts([self.innings, self.stands, self.runs, self.balls]);
        row.push(rate(self.run_rate()));
        row.extend(texts([self.highest, self.hundreds, self.fifties]));
        let columns = vec!["inns", "stands", "runs", "balls", "per 100", "highest", "100", "50"];
        Table::of_one(caption(what, self.sample, before), columns, row, Vec::new())
    }
}

impl Told for ChaseRecord {
    fn table(&self, what: &str, before: &str) -> Table {
        let told = |name: &str, chase: &Option<Chase>| {
            chase.as_ref().map(|chase| {
                let Chase { target, runs, wickets, side, against, day } = chase;
                format!("{name}: {target}; {side} made {runs}/{wickets} against {against}, {day}")
            })
        };
        let highest = told("highest target reached", &self.highest_won);
        let lowest = told("lowest target not reached", &self.lowest_lost);
        let row = texts([self.won, self.lost, self.tied]);
        let notes = highest.into_iter().chain(lowest).collect();
        Table::of_one(caption(what, self.sample, before), vec!["won", "lost", "tied"], row, notes)
    }
}

impl Told for DefendedTotals {
    fn table(&self, what: &str, before: &str) -> Table {
        let rows = [("highest", &self.highest), ("lowest", &self.lowest)].map(|(name, total)| {
            vec![name.to_owned(), total.runs.to_string(), total.side.clone(), total.against.clone(), total.day.clone()]
        });
        Table {
            caption: caption(what, self.sample, before),
            columns: vec!["<defended", "total", "<by", "<against", "<day"],
            rows: rows.into(),
            notes: Vec::new(),
        }
    }
}

impl Told for Par {
    fn table(&self, what: &str, before: &str) -> Table {
        let mut row = vec![format!("{:.1}", self.mean)];
        row.extend(texts(self.quartiles));
        row.push(format!("{:.1}", self.par.estimate));
        let everywhere = format!("{:.1} over {} innings", self.par.expected, self.innings_everywhere);
        let notes = vec![format!(
            "first innings since {}; everywhere {everywhere}, which is worth {PRIOR_INNINGS} innings in par",
            self.from
        )];
        let columns = vec!["mean", "quarter", "median", "three quarters", "par"];
        Table::of_one(caption(what, self.sample, before), columns, row, notes)
    }
}

impl Told for Vec<Milestone> {
    fn table(&self, what: &str, before: &str) -> Table {
        let rows = self.iter().map(|milestone| {
            let kind = match milestone.kind {
                MilestoneKind::Runs => "runs",
                MilestoneKind::Wickets => "wickets",
                MilestoneKind::Hundreds => "hundreds",
            };
            let mut row = vec![kind.to_owned()];
            row.extend(texts([milestone.now, milestone.next, milestone.needed(), milestone.sample.matches]));
            row
        });
        Table {
            caption: self.first().map_or(what.to_owned(), |first| caption(what, first.sample, before)),
            columns: vec!["<of", "now", "next", "needed", "matches"],
            rows: rows.collect(),
            notes: Vec::new(),
        }
    }
}

impl Told for Ranking {
    fn table(&self, what: &str, before: &str) -> Table {
        let kind = match self.kind {
            RankingKind::Runs => "runs",
            RankingKind::Fours => "fours",
            RankingKind::Sixes => "sixes",
            RankingKind::Wickets => "wickets",
            RankingKind::StrikeRate => "SR",
            RankingKind::Economy => "econ",
        };
        let is_rate = self.least_balls > 0;
        let rows = self.first.iter().map(|one| {
            let value = if is_rate { format!("{:.2}", one.value) } else { format!("{:.0}", one.value) };
            vec![one.place.to_string(), one.name.clone(), value, one.innings.to_string(), one.balls.to_string()]
        });
        let least = if is_rate { format!(" with {} balls and more", self.least_balls) } else { String::new() };
        Table {
            caption: caption(what, self.sample, before),
            columns: vec!["", "<name", kind, "inns", "balls"],
            rows: rows.collect(),
            notes: vec![format!("{} people ranked{least}", self.people)],
        }
    }
}
