//! The course of a match: its readings, ball by ball, and the balls that turned it.

use commentary::reading::{self, Model, Reading};
use cricket::{
    cricsheet::{self, CricsheetMatch},
    event::{Delivery, InningsKind},
    overs::OversBowled,
    score::{Happening, Innings, Match, MatchState},
};
use serde::Serialize;

/// Turning points named.
const TURNS: usize = 5;
/// A ball that moves the chance by less turns nothing.
const LEAST_TURN: f64 = 0.03;

/// How a match went.
#[derive(Debug, Serialize)]
pub(super) struct Course {
    /// The sides.
    pub(super) teams: Vec<String>,
    /// Format, competition, ground and day, as far as known.
    pub(super) about: String,
    /// The result; `None` while there is none.
    pub(super) result: Option<String>,
    /// Innings in order, super overs left out.
    pub(super) innings: Vec<Part>,
    /// The balls that changed the chance most, the largest first.
    pub(super) turning_points: Vec<Turn>,
    /// What cannot be said of this match, and why.
    pub(super) not_available: Vec<String>,
    /// Whose data the model was fitted to.
    pub(super) attribution: String,
}

/// An innings.
#[derive(Debug, Serialize)]
pub(super) struct Part {
    /// From 1.
    pub(super) number: u8,
    /// The batting side.
    pub(super) team: String,
    /// The score at its end, such as `181/5`.
    pub(super) score: String,
    /// What it chased.
    pub(super) target: Option<u32>,
    /// Balls it might last; `None` without a limit.
    pub(super) limit: Option<u32>,
    /// Before the first ball and after each.
    pub(super) points: Vec<Point>,
}

/// What held after a ball.
#[derive(Debug, Serialize)]
pub(super) struct Point {
    /// Overs as printed.
    pub(super) over: String,
    /// Legal balls bowled.
    pub(super) balls: u32,
    /// Runs.
    pub(super) runs: u32,
    /// Wickets.
    pub(super) wickets: u8,
    /// Whether one fell on this ball.
    pub(super) fell: bool,
    /// The chance that the side wins which batted first, 0 to 1, where it can be told.
    pub(super) first_side_wins: Option<f64>,
    /// The projected total of a side that sets: its mean, the range of four in five, and par.
    pub(super) projected: Option<[f64; 4]>,
    /// How much the next ball can move the match, 0 to 1.
    pub(super) leverage: f64,
    /// How hard the chase is beside others in the same phase, 0 to 1.
    pub(super) difficulty: Option<f64>,
    /// The label.
    pub(super) pressure: reading::Pressure,
}

/// A ball that turned the match.
#[derive(Debug, Serialize)]
pub(super) struct Turn {
    /// The innings, from 1.
    pub(super) innings: u8,
    /// The place of its point in the innings.
    pub(super) point: usize,
    /// Over and ball.
    pub(super) over: String,
    /// What happened, such as `R Menon to T Okafor, six`.
    pub(super) what: String,
    /// The side that gained.
    pub(super) gained_by: String,
    /// By how much its chance rose, 0 to 1.
    pub(super) gain: f64,
}

impl Course {
    /// Plays a match through.
    pub(super) fn of(match_id: &str, record: CricsheetMatch) -> Self {
        let mut score = Match::new(match_id);
        let mut course = Self {
            teams: Vec::new(),
            about: String::new(),
            result: None,
            innings: Vec::new(),
            turning_points: Vec::new(),
            not_available: Vec::new(),
            attribution: Model::current().provenance.attribution.clone(),
        };
        let mut super_overs = 0;
        for event in cricsheet::into_events(match_id, record) {
            let happenings = score.apply(event).happenings;
            let state = score.state();
            let Some(innings) = state.current() else { continue };
            for happening in &happenings {
                match happening {
                    Happening::InningsStarted { kind: InningsKind::SuperOver, .. } => super_overs += 1,
                    Happening::InningsStarted { .. } => course.begin(state, innings),
                    Happening::Ball(ball) if innings.kind == InningsKind::Normal => course.add(state, innings, ball),
                    _ => {}
                }
            }
        }
        course.close(score.state(), super_overs);
        course
    }

    fn begin(&mut self, state: &MatchState, innings: &Innings) {
        self.innings.push(Part {
            number: innings.number,
            team: innings.batting_team.to_string(),
            score: String::new(),
            target: innings.target.map(|target| target.runs),
            limit: innings.balls_limit,
            points: vec![point(state, innings, false)],
        });
    }

    fn add(&mut self, state: &MatchState, innings: &Innings, ball: &Delivery) {
        let fell = ball.wickets.iter().any(|wicket| wicket.kind.is_wicket());
        let new = point(state, innings, fell);
        let sides = [state.innings.first().map(|first| &first.batting_team), second_side(state)];
        let Some(part) = self.innings.last_mut() else { return };
        let before = part.points.last().and_then(|point| point.first_side_wins);
        if let (Some(before), Some(after), [Some(first), Some(second)]) = (before, new.first_side_wins, sides) {
            let change = after - before;
            self.turning_points.push(Turn {
                innings: part.number,
                point: part.points.len(),
                over: printed(innings, ball),
                what: what(ball),
                gained_by: if change > 0.0 { first.to_string() } else { second.to_string() },
                gain: change.abs(),
            });
        }
        part.points.push(new);
    }

    fn close(&mut self, state: &MatchState, super_overs: u32) {
        if let Some(info) = &state.info {
            self.teams = info.teams.iter().map(ToString::to_string).collect();
            let event = info.event.as_ref().map(|event| event.name.clone());
            let day = info.dates.first().cloned();
            let parts = [Some(info.match_type.clone()), event, info.venue.clone(), day];
            self.about = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        }
        let recorded = state.recorded_result.as_ref().map(|end| end.outcome.to_string());
        self.result = recorded.or_else(|| state.computed_result.as_ref().map(ToString::to_string));
        for part in &mut self.innings {
            if let Some(innings) = state.innings.iter().find(|innings| innings.number == part.number) {
                part.score = format!("{}/{}", innings.runs, innings.wickets);
            }
        }
        self.turning_points.retain(|turn| turn.gain >= LEAST_TURN);
        self.turning_points.sort_by(|a, b| b.gain.total_cmp(&a.gain));
        self.turning_points.truncate(TURNS);
        self.say_what_is_missing(super_overs);
    }

    fn say_what_is_missing(&mut self, super_overs: u32) {
        let missing = &mut self.not_available;
        let told = |part: &Part| part.points.iter().any(|point| point.first_side_wins.is_some());
        if self.innings.is_empty() {
            missing.push("nothing can be read: no innings has begun".to_owned());
        } else if self.innings.iter().all(|part| part.limit.is_none()) {
            missing.push(
                "win probability, projected totals and turning points: the model knows matches with a limit of overs only"
                    .to_owned(),
            );
            missing.push("difficulty: it needs a limit of overs; leverage is a rough rule here".to_owned());
        } else {
            if self.innings.first().is_some_and(|part| !told(part)) {
                missing.push(
                    "win probability in the first innings: for this kind of match it is not calibrated; the projected \
                     total stands in its place"
                        .to_owned(),
                );
            }
            if self.innings.len() < 2 {
                missing.push("win probability and difficulty of the chase: there was none".to_owned());
            }
        }
        if super_overs > 0 {
            missing.push("super overs are left out".to_owned());
        }
    }
}

/// The side that bats second, known from the first innings' bowling side or the second innings.
fn second_side(state: &MatchState) -> Option<&std::sync::Arc<str>> {
    let second = state.innings.get(1).map(|innings| &innings.batting_team);
    second.or_else(|| state.innings.first().map(|innings| &innings.bowling_team)).filter(|team| !team.is_empty())
}

fn point(state: &MatchState, innings: &Innings, fell: bool) -> Point {
    let reading = reading::read(state).unwrap_or_default();
    let Reading { win_probability, projection, .. } = reading;
    let setting = projection.and_then(|ahead| ahead.win_probability);
    Point {
        over: innings.overs_text().to_string(),
        balls: innings.legal_balls,
        runs: innings.runs,
        wickets: innings.wickets,
        fell,
        first_side_wins: win_probability.map(|chance| 1.0 - chance).or(setting),
        projected: projection.map(|ahead| {
            let (low, high) = ahead.range();
            [ahead.mean, low, high, ahead.par]
        }),
        leverage: reading.leverage,
        difficulty: reading.difficulty_percentile,
        pressure: reading.pressure,
    }
}

/// A ball's place as it is said: the over counted from 0 and the legal ball in it, such as `17.3`.
fn printed(innings: &Innings, ball: &Delivery) -> String {
    let legal = innings.overs.last().map_or(0, |over| u32::from(over.legal_balls));
    let per = innings.balls_per_over;
    let whole = OversBowled { balls: u32::from(ball.over) * u32::from(per), balls_per_over: per };
    format!("{whole}.{}", legal.max(1))
}

fn what(ball: &Delivery) -> String {
    let (bowler, batter) = (&ball.bowler.name, &ball.batter.name);
    if let Some(wicket) = ball.wickets.iter().find(|wicket| wicket.kind.is_wicket()) {
        return format!("{bowler} to {batter}, {} {}", wicket.player_out.name, wicket.kind.name());
    }
    let runs = |runs: u16| format!("{runs} run{}", if runs == 1 { "" } else { "s" });
    let brought = match () {
        () if ball.is_six() => "six".to_owned(),
        () if ball.is_four() => "four".to_owned(),
        () if ball.extras.wides > 0 => format!("wide, {}", runs(ball.runs.total)),
        () if ball.extras.noballs > 0 => format!("no-ball, {}", runs(ball.runs.total)),
        () if ball.runs.total == 0 => "no run".to_owned(),
        () => runs(ball.runs.total),
    };
    format!("{bowler} to {batter}, {brought}")
}
