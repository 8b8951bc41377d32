//! The scoreboard as a moment needs it: owned values, so that a moment outlives the state it was formed from.

use std::sync::Arc;

use cricket::{
    event::{Delivery, InningsKind},
    overs::OversBowled,
    player::PlayerRef,
    score::{BatterCard, BowlerCard, Innings, MatchState},
};

/// The scoreboard after an event.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scene {
    /// The two sides, in the feed's order; empty while unknown.
    pub teams: Vec<Arc<str>>,
    /// `T20`, `ODI`, `Test`, …; empty while unknown.
    pub format: String,
    /// The ground, where known.
    pub venue: Option<String>,
    /// The competition, where known.
    pub competition: Option<String>,
    /// The innings in progress or just ended, from 1; 0 before the first.
    pub innings: u8,
    /// Whether that innings is a super over.
    pub super_over: bool,
    /// The batting side.
    pub batting_team: Arc<str>,
    /// The fielding side; empty text while unknown.
    pub bowling_team: Arc<str>,
    /// Whether balls of that innings are missing, so that no total of it may be said.
    pub has_gaps: bool,
    /// Runs.
    pub runs: u32,
    /// Wickets.
    pub wickets: u8,
    /// Wickets in hand.
    pub wickets_in_hand: u8,
    /// Overs bowled as printed, such as `15.3`.
    pub overs: String,
    /// Balls in an over.
    pub balls_per_over: u16,
    /// Legal balls bowled.
    pub legal_balls: u32,
    /// Legal balls left; `None` without a limit.
    pub balls_left: Option<u32>,
    /// Scheduled overs, where there is a limit that is whole overs.
    pub overs_limit: Option<u32>,
    /// Runs that win the match; `None` when the side sets.
    pub target: Option<u32>,
    /// Runs still needed; `None` when the side sets.
    pub runs_needed: Option<u32>,
    /// The striker of the ball, else the striker to be.
    pub batter: Option<BatterLine>,
    /// The other batter.
    pub partner: Option<BatterLine>,
    /// The bowler of the ball, else whoever bowled last.
    pub bowler: Option<BowlerLine>,
    /// The unbroken partnership, or the one just broken: runs, balls, for which wicket.
    pub partnership: Option<(u32, u32, u8)>,
    /// The over of the ball, or the last one.
    pub over: Option<OverLine>,
    /// Deliveries of the whole match so far: the clock that "not within twelve balls" is measured by.
    pub ordinal: u32,
}

/// A batter's score.
#[derive(Debug, Clone, PartialEq)]
pub struct BatterLine {
    /// Who.
    pub player: PlayerRef,
    /// Runs.
    pub runs: u32,
    /// Balls faced.
    pub balls: u32,
    /// Fours over the rope.
    pub fours: u32,
    /// Sixes over the rope.
    pub sixes: u32,
}

impl From<&BatterCard> for BatterLine {
    fn from(card: &BatterCard) -> Self {
        Self { player: card.player.clone(), runs: card.runs, balls: card.balls, fours: card.fours, sixes: card.sixes }
    }
}

/// A bowler's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct BowlerLine {
    /// Who.
    pub player: PlayerRef,
    /// Overs as printed, such as `3.4`.
    pub overs: String,
    /// Maidens.
    pub maidens: u32,
    /// Runs conceded.
    pub runs: u32,
    /// Credited wickets.
    pub wickets: u32,
}

impl BowlerLine {
    fn of(card: &BowlerCard, balls_per_over: u16) -> Self {
        Self {
            player: card.player.clone(),
            overs: OversBowled { balls: card.balls, balls_per_over }.to_string(),
            maidens: card.maidens,
            runs: card.runs,
            wickets: card.wickets,
        }
    }
}

/// An over's account.
#[derive(Debug, Clone, PartialEq)]
pub struct OverLine {
    /// From 1, as people count overs.
    pub number: u32,
    /// Runs, all extras included.
    pub runs: u32,
    /// Wickets.
    pub wickets: u8,
    /// Legal balls.
    pub legal_balls: u16,
    /// Fours and sixes off the bat.
    pub boundaries: u32,
    /// Whether the umpire has called over.
    pub complete: bool,
}

impl Scene {
    /// The scoreboard of a state; `ball` is the delivery just bowled, whose batter, partner and bowler it then shows.
    pub fn of(state: &MatchState, ball: Option<&Delivery>) -> Self {
        let mut scene = Self { balls_per_over: state.balls_per_over(), ..Self::default() };
        if let Some(info) = &state.info {
            scene.teams.clone_from(&info.teams);
            scene.format.clone_from(&info.match_type);
            scene.venue.clone_from(&info.venue);
            scene.competition = info.event.as_ref().map(|event| event.name.clone());
        }
        scene.ordinal = state.innings.iter().map(|innings| innings.deliveries).sum();
        let innings = ball
            .and_then(|ball| state.innings.iter().rev().find(|innings| innings.number == ball.innings))
            .or_else(|| state.current());
        if let Some(innings) = innings {
            scene.read_innings(innings, ball);
        }
        scene
    }

    fn read_innings(&mut self, innings: &Innings, ball: Option<&Delivery>) {
        let per = innings.balls_per_over.max(1);
        self.innings = innings.number;
        self.super_over = innings.kind == InningsKind::SuperOver;
        self.batting_team = innings.batting_team.clone();
        self.bowling_team = innings.bowling_team.clone();
        self.has_gaps = !innings.is_whole();
        self.runs = innings.runs;
        self.wickets = innings.wickets;
        self.wickets_in_hand = innings.wickets_in_hand();
        self.overs = innings.overs_text().to_string();
        self.balls_per_over = per;
        self.legal_balls = innings.legal_balls;
        self.balls_left = innings.balls_left();
        self.overs_limit =
            innings.balls_limit.filter(|limit| limit % u32::from(per) == 0).map(|limit| limit / u32::from(per));
        self.target = innings.target.map(|target| target.runs);
        self.runs_needed = innings.runs_needed();
        let batter = |player: &PlayerRef| innings.batting.iter().rev().find(|card| card.player.id == player.id);
        let (striker, partner, bowler) = match ball {
            Some(ball) => (
                batter(&ball.batter),
                batter(&ball.non_striker),
                innings.bowling.iter().find(|card| card.player.id == ball.bowler.id),
            ),
            None => (innings.striker_card(), innings.non_striker_card(), innings.bowler_card()),
        };
        self.batter = striker.map(BatterLine::from);
        self.partner = partner.map(BatterLine::from);
        self.bowler = bowler.map(|card| BowlerLine::of(card, per));
        self.partnership = innings
            .partnerships
            .iter()
            .rev()
            .find(|stand| stand.balls > 0 || stand.runs > 0)
            .map(|stand| (stand.runs, stand.balls, stand.wicket));
        let over = match ball {
            Some(ball) => innings.overs.iter().rev().find(|over| over.over == ball.over),
            None => innings.current_over(),
        };
        self.over = over.map(|over| OverLine {
            number: u32::from(over.over) + 1,
            runs: over.runs,
            wickets: over.wickets,
            legal_balls: over.legal_balls,
            boundaries: over.balls.iter().filter(|ball| ball.is_four() || ball.is_six()).count() as u32,
            complete: over.complete,
        });
    }

    /// The score as it is said, such as `148/3`.
    pub fn score(&self) -> String {
        format!("{}/{}", self.runs, self.wickets)
    }

    /// Whether the innings is counted in balls and not in overs, as in The Hundred: sets of five, with a limit.
    pub fn is_counted_in_balls(&self) -> bool {
        self.balls_per_over == 5 && self.balls_left.is_some()
    }

    /// Whether the side chases a total.
    pub fn is_chase(&self) -> bool {
        self.target.is_some()
    }
}
