//! The state of a match: what a scorebook holds, nothing about how it got there.
//!
//! Indices into `batting`, `bowling` and `overs` are stable within one state and only grow as the innings goes on.

use std::{fmt, sync::Arc};

use super::anomaly::Anomaly;
use crate::{
    event::{Delivery, DismissalKind, Fielder, InningsKind, MatchEnd, MatchInfo, Powerplay, Target, WinBy},
    overs::OversBowled,
    player::PlayerRef,
    rules::Rules,
};

/// A match as it stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MatchState {
    /// The match's own facts; `None` until they arrive (a feed may start in the middle).
    pub info: Option<Arc<MatchInfo>>,
    /// The rules it is played under, from those facts.
    pub rules: Rules,
    /// All innings so far, in order, super overs included.
    pub innings: Vec<Innings>,
    /// The result as recorded by the feed.
    pub recorded_result: Option<Arc<MatchEnd>>,
    /// The result as we compute it from the score; `None` while undecided or where it cannot be known (a par score).
    pub computed_result: Option<MatchResult>,
    /// Why play has stopped (`rain`, `innings break`, …); `None` while it goes on.
    pub interruption: Option<String>,
    /// The session of the day, from 1 to 3; `None` until the feed has told of an interval (lunch, tea, dinner, stumps).
    pub session: Option<u8>,
    /// Where the session in progress began: at its first ball. From an interval on the one that it ended, until play goes
    /// on. `None` where nobody knows: in a feed joined later, one that tells of stumps alone, or where an interval before
    /// this one was not told.
    pub session_start: Option<SessionStart>,
    /// The par score of the chase as it stands, where the feed gave it since the last ball.
    pub par: Option<u32>,
    /// Players who came into the match, or took over a part, for others; in order.
    pub replacements: Vec<PlayerChange>,
    /// What does not fit together.
    pub anomalies: Vec<Anomaly>,
}

impl MatchState {
    /// The innings in progress, or the last one.
    pub fn current(&self) -> Option<&Innings> {
        self.innings.last()
    }

    /// Balls in an over; 6 until the match's facts say otherwise.
    pub fn balls_per_over(&self) -> u16 {
        self.info.as_ref().map_or(6, |info| info.balls_per_over.max(1))
    }

    /// What the session has brought so far, in the innings that it began in; `None` where the session's start is unknown,
    /// where another innings has begun since, and where balls of the innings are missing.
    pub fn session_score(&self) -> Option<SessionScore> {
        let (start, innings) = (self.session_start?, self.current().filter(|innings| innings.is_whole())?);
        let balls = innings.legal_balls.checked_sub(start.legal_balls)?;
        let longest = LONGEST_SESSION * u32::from(innings.balls_per_over);
        (start.innings == innings.number && balls <= longest).then(|| SessionScore {
            runs: innings.runs.saturating_sub(start.runs),
            wickets: innings.wickets.saturating_sub(start.wickets),
            overs: OversBowled { balls, balls_per_over: innings.balls_per_over },
            since_start: start.legal_balls == 0,
        })
    }

    /// Whether the match is decided or recorded as ended.
    pub fn is_over(&self) -> bool {
        self.recorded_result.is_some() || self.computed_result.is_some()
    }
}

/// Overs in a session at most: some thirty are usual. With more, an interval was not told.
const LONGEST_SESSION: u32 = 40;

/// The score at the first ball of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionStart {
    /// The session of the day, as [`MatchState::session`] has it.
    pub session: Option<u8>,
    /// The innings it began in, from 1.
    pub innings: u8,
    /// That innings' runs.
    pub runs: u32,
    /// Its wickets.
    pub wickets: u8,
    /// Legal balls bowled in it.
    pub legal_balls: u32,
}

/// What a session has brought so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionScore {
    /// Runs.
    pub runs: u32,
    /// Wickets fallen.
    pub wickets: u8,
    /// Overs bowled.
    pub overs: OversBowled,
    /// Whether it began with the innings, so that its score is the innings'.
    pub since_start: bool,
}

/// One player for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayerChange {
    /// Who comes in.
    pub incoming: PlayerRef,
    /// For whom, where the feed says.
    pub outgoing: Option<PlayerRef>,
    /// Why: `concussion_substitute`, `impact_player`, `injury`, `excluded - …`, …
    pub reason: String,
    /// `bowler` or `batter` where only that part is taken over; `None` where one plays on in the other's place.
    pub role: Option<String>,
}

/// How a match ended, from the score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatchResult {
    /// Won by runs.
    WonByRuns {
        /// The winner.
        winner: Arc<str>,
        /// The margin.
        runs: u32,
    },
    /// Won with wickets in hand.
    WonByWickets {
        /// The winner.
        winner: Arc<str>,
        /// Wickets in hand.
        wickets: u8,
        /// Balls to spare, where the innings had a limit.
        balls_left: Option<u32>,
    },
    /// Won without batting again.
    WonByInnings {
        /// The winner.
        winner: Arc<str>,
        /// Runs beyond the innings.
        runs: u32,
    },
    /// Scores level.
    Tie {
        /// Who won the super over, if there was one and it decided.
        super_over_winner: Option<Arc<str>>,
    },
}

/// As a follower says it: `Alpha won by 5 wickets with 3 balls left`.
impl fmt::Display for MatchResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let runs_by = |runs: u32| WinBy { runs: Some(runs), ..WinBy::default() };
        match self {
            Self::WonByRuns { winner, runs } => write!(f, "{winner} won by {}", runs_by(*runs)),
            Self::WonByInnings { winner, runs } => {
                write!(f, "{winner} won by {}", WinBy { innings: Some(1), ..runs_by(*runs) })
            }
            Self::WonByWickets { winner, wickets, balls_left } => {
                write!(f, "{winner} won by {}", WinBy { wickets: Some(*wickets), ..WinBy::default() })?;
                match balls_left {
                    Some(1) => f.write_str(" with 1 ball left"),
                    Some(balls @ 2..) => write!(f, " with {balls} balls left"),
                    _ => Ok(()),
                }
            }
            Self::Tie { super_over_winner: Some(winner) } => write!(f, "tie ({winner} won the super over)"),
            Self::Tie { super_over_winner: None } => f.write_str("tie"),
        }
    }
}

/// One innings.
#[derive(Debug, Clone, PartialEq)]
pub struct Innings {
    /// From 1, super overs included.
    pub number: u8,
    /// The batting side.
    pub batting_team: Arc<str>,
    /// The fielding side; empty text while unknown.
    pub bowling_team: Arc<str>,
    /// Normal or super over.
    pub kind: InningsKind,
    /// Balls in an over.
    pub balls_per_over: u16,
    /// Wickets that end it: 10, or 2 in a super over (fewer with a short side).
    pub wickets_available: u8,
    /// Balls it may last: from the target, else from the match's overs; `None` without a limit.
    pub balls_limit: Option<u32>,
    /// What it chases; `None` when it sets.
    pub target: Option<Target>,
    /// Runs, penalties included.
    pub runs: u32,
    /// Wickets fallen.
    pub wickets: u8,
    /// Legal balls bowled.
    pub legal_balls: u32,
    /// All deliveries bowled.
    pub deliveries: u32,
    /// Extras by kind.
    pub extras: ExtrasTally,
    /// Batters in the order they came in.
    pub batting: Vec<BatterCard>,
    /// Bowlers in the order they came on.
    pub bowling: Vec<BowlerCard>,
    /// Index into `batting` of the striker before the next ball, as far as known.
    pub striker: Option<usize>,
    /// Index into `batting` of the other batter.
    pub non_striker: Option<usize>,
    /// Index into `bowling` of whoever bowled last.
    pub bowler: Option<usize>,
    /// Fall of wickets, in order.
    pub fall_of_wickets: Vec<FallOfWicket>,
    /// Partnerships in order; the last is unbroken while the innings goes on.
    pub partnerships: Vec<Partnership>,
    /// Overs in order.
    pub overs: Vec<OverRecord>,
    /// Powerplays as the feed gives them.
    pub powerplays: Vec<Powerplay>,
    /// Why it ended; `None` while it goes on.
    pub ended: Option<EndReason>,
    /// Players who could not bat.
    pub absent_hurt: Vec<PlayerRef>,
    /// Legal balls since the last boundary off the bat.
    pub balls_since_boundary: u32,
    /// Whether the next ball is a free hit.
    pub free_hit_next: bool,
}

impl Innings {
    /// The overs bowled, as text such as `3.4`.
    pub fn overs_text(&self) -> OversBowled {
        OversBowled { balls: self.legal_balls, balls_per_over: self.balls_per_over }
    }

    /// Whether it is known from its first ball on without an over missing. Otherwise, as when a feed is joined in the
    /// middle, every total of it is too low.
    pub fn is_whole(&self) -> bool {
        let from_the_start = self.overs.first().and_then(|over| over.balls.first()).is_none_or(|ball| ball.pos == 1);
        from_the_start && self.overs.iter().zip(0..).all(|(over, number)| over.over == number)
    }

    /// Balls it was to last, overs of another length than the format's counted as whole; `None` without a limit.
    pub fn scheduled_balls(&self) -> Option<u32> {
        let (bowled, counted) = self.whole_overs();
        self.balls_limit.map(|limit| limit.saturating_add(counted).saturating_sub(bowled))
    }

    /// Legal balls of the overs that are complete, and how many they should have had.
    pub(super) fn whole_overs(&self) -> (u32, u32) {
        let complete = self.overs.iter().filter(|over| over.complete);
        complete.fold((0, 0), |(bowled, counted), over| {
            (bowled + u32::from(over.legal_balls), counted + u32::from(self.balls_per_over))
        })
    }

    /// Balls left; `None` without a limit.
    pub fn balls_left(&self) -> Option<u32> {
        self.balls_limit.map(|limit| limit.saturating_sub(self.legal_balls))
    }

    /// Runs still needed to win; `None` when it sets, 0 when the target is reached.
    pub fn runs_needed(&self) -> Option<u32> {
        self.target.map(|target| target.runs.saturating_sub(self.runs))
    }

    /// Wickets in hand.
    pub fn wickets_in_hand(&self) -> u8 {
        self.wickets_available.saturating_sub(self.wickets)
    }

    /// Runs an over so far; `None` before the first legal ball.
    pub fn run_rate(&self) -> Option<f64> {
        (self.legal_balls > 0)
            .then(|| f64::from(self.runs) * f64::from(self.balls_per_over) / f64::from(self.legal_balls))
    }

    /// Runs an over still needed; `None` when it sets, has no limit or no ball left.
    pub fn required_rate(&self) -> Option<f64> {
        let (needed, left) = (self.runs_needed()?, self.balls_left()?);
        (left > 0).then(|| f64::from(needed) * f64::from(self.balls_per_over) / f64::from(left))
    }

    /// The over in progress or just finished.
    pub fn current_over(&self) -> Option<&OverRecord> {
        self.overs.last()
    }

    /// The unbroken partnership, or the last one.
    pub fn current_partnership(&self) -> Option<&Partnership> {
        self.partnerships.last()
    }

    /// The striker before the next ball, as far as known.
    pub fn striker_card(&self) -> Option<&BatterCard> {
        self.striker.and_then(|index| self.batting.get(index))
    }

    /// The other batter.
    pub fn non_striker_card(&self) -> Option<&BatterCard> {
        self.non_striker.and_then(|index| self.batting.get(index))
    }

    /// Whoever bowled last.
    pub fn bowler_card(&self) -> Option<&BowlerCard> {
        self.bowler.and_then(|index| self.bowling.get(index))
    }
}

/// Extras of an innings, in runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExtrasTally {
    /// Wides.
    pub wides: u32,
    /// No-balls.
    pub noballs: u32,
    /// Byes.
    pub byes: u32,
    /// Leg byes.
    pub legbyes: u32,
    /// Penalty runs, on balls and apart from them.
    pub penalty: u32,
}

impl ExtrasTally {
    /// All of them.
    pub fn total(&self) -> u32 {
        self.wides + self.noballs + self.byes + self.legbyes + self.penalty
    }
}

/// A batter's innings.
#[derive(Debug, Clone, PartialEq)]
pub struct BatterCard {
    /// Who.
    pub player: PlayerRef,
    /// Runs off the bat.
    pub runs: u32,
    /// Balls faced: every delivery but wides.
    pub balls: u32,
    /// Fours over the rope.
    pub fours: u32,
    /// Sixes over the rope.
    pub sixes: u32,
    /// Dot balls faced: no run of any kind.
    pub dots: u32,
    /// How it stands.
    pub status: BatterStatus,
}

impl BatterCard {
    /// Runs a hundred balls; `None` before the first ball.
    pub fn strike_rate(&self) -> Option<f64> {
        (self.balls > 0).then(|| f64::from(self.runs) * 100.0 / f64::from(self.balls))
    }
}

/// How a batter's innings stands.
#[derive(Debug, Clone, PartialEq)]
pub enum BatterStatus {
    /// At the crease, or not out at the end.
    NotOut,
    /// Left without being dismissed; may return.
    Retired {
        /// `retired hurt` or `retired not out`.
        kind: DismissalKind,
    },
    /// Dismissed.
    Out(Dismissal),
}

/// A dismissal.
#[derive(Debug, Clone, PartialEq)]
pub struct Dismissal {
    /// How.
    pub kind: DismissalKind,
    /// The bowler of the ball, credited or not; `None` for a wicket without a delivery.
    pub bowler: Option<PlayerRef>,
    /// Who took part.
    pub fielders: Vec<Fielder>,
}

/// A bowler's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct BowlerCard {
    /// Who.
    pub player: PlayerRef,
    /// Legal balls.
    pub balls: u32,
    /// Maidens: whole overs by this bowler alone with nothing conceded.
    pub maidens: u32,
    /// Runs conceded: bat, wides and no-balls.
    pub runs: u32,
    /// Credited wickets.
    pub wickets: u32,
    /// Wides, in runs.
    pub wides: u32,
    /// No-balls, in runs.
    pub noballs: u32,
    /// Dot balls: legal balls with nothing conceded.
    pub dots: u32,
    /// Fours off the bat.
    pub fours: u32,
    /// Sixes off the bat.
    pub sixes: u32,
    /// Consecutive deliveries of this bowler in the match, up to the last, with a credited wicket.
    pub wickets_in_row: u8,
    /// Overs since this spell began, in whole overs bowled by this bowler from one end with at most one other over between.
    pub spell_overs: u16,
}

impl BowlerCard {
    /// Runs an over; `None` before the first legal ball.
    pub fn economy(&self, balls_per_over: u16) -> Option<f64> {
        (self.balls > 0).then(|| f64::from(self.runs) * f64::from(balls_per_over) / f64::from(self.balls))
    }
}

/// A wicket's place in the innings.
#[derive(Debug, Clone, PartialEq)]
pub struct FallOfWicket {
    /// Which wicket, from 1.
    pub wicket: u8,
    /// Runs on the board, those completed on that ball included.
    pub runs: u32,
    /// Who.
    pub player: PlayerRef,
    /// The over of the delivery, from 0, and its position as a legal ball in the over.
    pub over: u16,
    /// Legal balls bowled in the innings then.
    pub legal_balls: u32,
}

/// Two batters together.
#[derive(Debug, Clone, PartialEq)]
pub struct Partnership {
    /// For which wicket, from 1.
    pub wicket: u8,
    /// The pair; more than two when one retired and another came in.
    pub batters: Vec<PlayerRef>,
    /// All runs while together, extras included.
    pub runs: u32,
    /// Deliveries but wides.
    pub balls: u32,
    /// Whether it is over.
    pub ended: bool,
}

/// One over.
#[derive(Debug, Clone, PartialEq)]
pub struct OverRecord {
    /// From 0.
    pub over: u16,
    /// Index into `bowling` of everyone who bowled in it, in order.
    pub bowlers: Vec<usize>,
    /// Its deliveries, in order.
    pub balls: Vec<Arc<Delivery>>,
    /// Runs of the over, all extras included.
    pub runs: u32,
    /// Runs against the bowler.
    pub conceded: u32,
    /// Wickets.
    pub wickets: u8,
    /// Legal balls.
    pub legal_balls: u16,
    /// Whether it has its balls, or the umpire has called over.
    pub complete: bool,
}

/// Why an innings ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndReason {
    /// No wicket left.
    AllOut,
    /// No ball left.
    Overs,
    /// Target reached.
    TargetReached,
    /// Declared (Law 15).
    Declared,
    /// Forfeited (Law 15.2).
    Forfeited,
    /// The feed ended it without saying why, or with a reason of its own.
    Other(String),
}

/// As the contract's `reason` names it, such as `all_out`.
impl fmt::Display for EndReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AllOut => "all_out",
            Self::Overs => "overs",
            Self::TargetReached => "target_reached",
            Self::Declared => "declared",
            Self::Forfeited => "forfeited",
            Self::Other(reason) => reason,
        })
    }
}
