//! What happened, as event words, roles and numbers.

use cricket::{
    event::{Delivery, DismissalKind, Outcome},
    score::{EndReason, Happening, Innings, MatchResult, MatchState},
};

use super::{EventFact, EventWord as Word, FactSheet, Role, Standing, TeamPart, Unit};
use crate::{
    moment::{Change, Occasion, Status},
    reading::Reading,
    scene::Scene,
};

impl FactSheet {
    pub(super) fn event(&mut self, word: Word) {
        if !self.stands(word) {
            self.events.push(EventFact { word, standing: Standing::Now });
        }
    }

    pub(super) fn happened(
        &mut self,
        state: &MatchState,
        scene: &Scene,
        reading: &Reading,
        occasion: &Occasion,
        happenings: &[Happening],
    ) {
        self.situation(scene, reading);
        match occasion {
            Occasion::Ball(ball) => self.ball(ball),
            Occasion::Correction(change) => self.correction(change),
            Occasion::Status(status) => {
                self.status(status);
                if matches!(status, Status::Stopped { .. }) {
                    self.session(state);
                }
            }
            Occasion::MatchStart => self.event(Word::MatchStart),
            Occasion::InningsStart => self.event(Word::InningsStart),
            Occasion::MatchEnd => self.result(state),
            Occasion::OverEnd | Occasion::InningsEnd => {}
        }
        for happening in happenings {
            self.happening(state, happening);
        }
    }

    fn situation(&mut self, scene: &Scene, reading: &Reading) {
        if scene.is_chase() {
            self.event(Word::Chase);
        }
        if scene.super_over {
            self.event(Word::SuperOver);
        }
        match reading.phase {
            Some(cricket::phase::Phase::Powerplay) => self.event(Word::Powerplay),
            Some(cricket::phase::Phase::Death) => self.event(Word::Death),
            _ => {}
        }
        let (limit, over) = (scene.overs_limit, scene.over.as_ref().map(|over| over.number));
        if limit.is_some() && limit == over {
            self.event(Word::LastOver);
        }
        if scene.balls_left == Some(0) {
            self.event(Word::LastBall);
        }
    }

    /// The words that a ball itself supports.
    fn ball(&mut self, ball: &Delivery) {
        for word in words_of(ball) {
            self.event(word);
        }
        self.number("ball.runs", u32::from(ball.runs.total), Unit::Runs);
        if ball.runs.bat != ball.runs.total {
            self.number("ball.runs_off_bat", u32::from(ball.runs.bat), Unit::Runs);
            self.number("ball.extras", u32::from(ball.runs.extras), Unit::Runs);
        }
        let extras = &ball.extras;
        for (id, runs) in [
            ("ball.wides", extras.wides),
            ("ball.noballs", extras.noballs),
            ("ball.byes", extras.byes),
            ("ball.legbyes", extras.legbyes),
        ] {
            if runs > 0 {
                self.number(id, u32::from(runs), Unit::Runs);
            }
        }
        for wicket in &ball.wickets {
            if wicket.kind.is_wicket() {
                self.give_role(&wicket.player_out, Role::Out);
            } else {
                self.give_role(&wicket.player_out, Role::Retired);
            }
            for fielder in wicket.fielders.iter().filter_map(|fielder| fielder.player.as_ref()) {
                self.give_role(fielder, Role::Fielder);
            }
        }
        if let Some(review) = &ball.review {
            self.review(&review.by, Some(review.decision == "upheld"), review.umpires_call);
        }
    }

    fn correction(&mut self, change: &Change) {
        self.event(Word::Correction);
        if let Some(now) = &change.now {
            self.ball(now);
        }
        if let Some(was) = &change.was {
            for word in words_of(was) {
                if !self.stands(word) {
                    self.events.push(EventFact { word, standing: Standing::Withdrawn });
                }
            }
            self.give_role(&was.batter, Role::FormerBatter);
            self.give_role(&was.bowler, Role::FormerBowler);
            for wicket in &was.wickets {
                self.give_role(&wicket.player_out, Role::FormerOut);
            }
            self.number("withdrawn.runs", u32::from(was.runs.total), Unit::Runs);
        }
    }

    /// The umpires may still change it: that may be said.
    pub(crate) fn decision_is_pending(&mut self) {
        self.event(Word::ReviewPending);
    }

    fn review(&mut self, by: &str, upheld: Option<bool>, umpires_call: bool) {
        self.event(Word::Review);
        self.team_part(by, Some(TeamPart::Reviewer));
        self.event(match upheld {
            None => Word::ReviewPending,
            Some(true) => Word::ReviewUpheld,
            Some(false) => Word::ReviewStruckDown,
        });
        if umpires_call {
            self.event(Word::UmpiresCall);
        }
    }

    fn status(&mut self, status: &Status) {
        match status {
            Status::Toss { winner, bats } => {
                self.event(Word::Toss);
                self.event(if *bats { Word::BatFirst } else { Word::BowlFirst });
                self.team_part(winner, Some(TeamPart::TossWinner));
            }
            Status::Stopped { reason } => {
                self.event(Word::Stopped);
                let lower = reason.to_lowercase();
                for (said, word) in [
                    ("rain", Word::Rain),
                    ("lunch", Word::Lunch),
                    ("tea", Word::Tea),
                    ("dinner", Word::Dinner),
                    ("stumps", Word::Stumps),
                ] {
                    if lower.split(|c: char| !c.is_alphabetic()).any(|part| part == said) {
                        self.event(word);
                    }
                }
                self.carried.push(("reason".to_owned(), crate::name::clean(reason).to_lowercase()));
            }
            Status::Resumed => self.event(Word::Resumed),
            Status::Review { by, upheld, umpires_call } => self.review(by, *upheld, *umpires_call),
            Status::TargetRevised { runs } => {
                self.event(Word::TargetRevised);
                self.number("target.revised", *runs, Unit::Runs);
                self.number("target.revised", *runs, Unit::Needed);
            }
            Status::Penalty { team, runs } => {
                self.event(Word::Penalty);
                self.team_part(team, Some(TeamPart::Awarded));
                self.number("penalty.runs", *runs, Unit::Runs);
            }
            Status::Replaced { incoming, outgoing } => {
                self.event(Word::Replaced);
                self.give_role(incoming, Role::Incoming);
                if let Some(outgoing) = outgoing {
                    self.give_role(outgoing, Role::Outgoing);
                }
            }
            Status::Retired { player, runs } => {
                self.event(Word::Retired);
                let owner = self.give_role(player, Role::Retired);
                self.own_number("retired.runs", *runs, Unit::Runs, owner);
            }
            Status::WicketWithoutBall => self.event(Word::Wicket),
        }
    }

    fn happening(&mut self, state: &MatchState, happening: &Happening) {
        match happening {
            Happening::Wicket { player, runs, balls, dismissal, wicket } => {
                self.event(Word::Wicket);
                self.event(dismissal_word(&dismissal.kind));
                let owner = self.give_role(player, Role::Out);
                self.own_number("out.runs", *runs, Unit::Runs, owner);
                self.own_number("out.balls", *balls, Unit::Balls, owner);
                self.number("wicket.number", u32::from(*wicket), Unit::WicketNumber);
            }
            Happening::Retired { player, runs } => {
                self.event(Word::Retired);
                let owner = self.give_role(player, Role::Retired);
                self.own_number("retired.runs", *runs, Unit::Runs, owner);
            }
            Happening::NewBatter { player } => {
                self.event(Word::NewBatter);
                self.give_role(player, Role::NewBatter);
            }
            Happening::NewBowler { player, .. } => {
                self.event(Word::NewBowler);
                self.give_role(player, Role::NewBowler);
            }
            Happening::BatterMilestone { player, runs, balls } => {
                self.event(match runs {
                    50 => Word::Fifty,
                    100 => Word::Century,
                    _ => Word::BigCentury,
                });
                let owner = self.give_role(player, Role::MilestoneBatter);
                // With a boundary one goes past the mark: 51 is a fifty, and not 50.
                let cards = state.current().into_iter().flat_map(|innings| &innings.batting);
                let made = cards.filter(|card| card.player.id == player.id).map(|card| card.runs).max();
                self.own_number("milestone.runs", made.map_or(*runs, |made| made.max(*runs)), Unit::Runs, owner);
                self.own_number("milestone.mark", *runs, Unit::Runs, owner);
                self.own_number("milestone.balls", *balls, Unit::Balls, owner);
            }
            Happening::BowlerMilestone { player, wickets, .. } => {
                self.event(if *wickets >= 5 { Word::FiveWickets } else { Word::BowlerMilestone });
                self.give_role(player, Role::Bowler);
            }
            Happening::PartnershipMilestone { runs, .. } => {
                self.event(Word::PartnershipMilestone);
                self.number("partnership.milestone", *runs, Unit::Runs);
            }
            Happening::TeamMilestone { runs, .. } => {
                self.event(Word::TeamMilestone);
                self.number("innings.milestone", *runs, Unit::Runs);
            }
            Happening::HatTrickBall { .. } => self.event(Word::HatTrickBall),
            Happening::HatTrick { .. } => self.event(Word::HatTrick),
            Happening::Duck { golden, diamond, .. } => {
                self.event(Word::Duck);
                if *golden {
                    self.event(Word::GoldenDuck);
                }
                if *diamond {
                    self.event(Word::DiamondDuck);
                }
            }
            Happening::OverCompleted { maiden, bowler, wickets, .. } => {
                self.event(Word::OverEnd);
                if *wickets > 0 {
                    self.event(Word::WicketInOver);
                }
                if *maiden {
                    self.event(Word::Maiden);
                }
                self.give_role(bowler, Role::Bowler);
            }
            Happening::BoundaryBurst { boundaries, deliveries } => {
                self.event(Word::BoundaryBurst);
                self.number("burst.boundaries", *boundaries, Unit::Boundaries);
                self.number("burst.balls", *deliveries, Unit::Balls);
            }
            Happening::BoundaryDrought { balls } => {
                self.event(Word::Drought);
                self.number("drought.balls", *balls, Unit::Balls);
            }
            Happening::DroughtBroken { balls } => {
                self.event(Word::DroughtBroken);
                self.number("drought.balls", *balls, Unit::Balls);
            }
            Happening::InningsEnded { innings, reason, .. } => {
                self.event(Word::InningsEnd);
                match reason {
                    EndReason::AllOut => self.event(Word::AllOut),
                    EndReason::Declared => self.event(Word::Declared),
                    _ => {}
                }
                if let Some(innings) = state.innings.iter().find(|other| other.number == *innings) {
                    self.best_of(innings);
                }
            }
            Happening::TargetReached => self.event(Word::Win),
            Happening::MatchEnded { .. } => self.result(state),
            _ => {}
        }
    }

    /// Top scorer and best bowler, for the sum of an innings.
    fn best_of(&mut self, innings: &Innings) {
        if let Some(card) = innings.batting.iter().max_by_key(|card| card.runs).filter(|card| card.runs > 0) {
            let owner = self.give_role(&card.player, Role::TopScorer);
            self.own_number("top_scorer.runs", card.runs, Unit::Runs, owner);
            self.own_number("top_scorer.balls", card.balls, Unit::Balls, owner);
        }
        let best = innings.bowling.iter().max_by_key(|card| (card.wickets, std::cmp::Reverse(card.runs)));
        if let Some(card) = best.filter(|card| card.wickets > 0) {
            let owner = self.give_role(&card.player, Role::BestBowler);
            self.own_number("best_bowler.wickets", card.wickets, Unit::Wickets, owner);
            self.own_number("best_bowler.runs", card.runs, Unit::Runs, owner);
            self.pair("best_bowler.figures", card.wickets, card.runs, Some(owner));
        }
        if innings.target.is_none() {
            self.number("next.target", innings.runs + 1, Unit::Runs);
            self.number("next.target", innings.runs + 1, Unit::Needed);
        }
    }

    /// The result: as recorded where the feed says, else as computed.
    fn result(&mut self, state: &MatchState) {
        self.event(Word::MatchEnd);
        if let Some(recorded) = &state.recorded_result {
            self.recorded(&recorded.outcome);
            return;
        }
        match &state.computed_result {
            Some(MatchResult::WonByRuns { winner, runs }) => {
                self.won(winner);
                self.number("result.runs", *runs, Unit::Runs);
            }
            Some(MatchResult::WonByWickets { winner, wickets, balls_left }) => {
                self.won(winner);
                self.number("result.wickets", u32::from(*wickets), Unit::Wickets);
                if let Some(balls) = balls_left {
                    self.number("result.balls_left", *balls, Unit::Balls);
                }
            }
            Some(MatchResult::WonByInnings { winner, runs }) => {
                self.won(winner);
                // Not `result.runs`: by so many runs alone it was not won.
                self.number("result.innings_and_runs", *runs, Unit::Runs);
            }
            Some(MatchResult::Tie { super_over_winner }) => {
                self.event(Word::Tie);
                if let Some(winner) = super_over_winner {
                    self.won(winner);
                }
            }
            None => {}
        }
    }

    fn recorded(&mut self, outcome: &Outcome) {
        if let Some(winner) = outcome.winner.as_ref().or(outcome.eliminator.as_ref()).or(outcome.bowl_out.as_ref()) {
            self.won(winner);
        }
        if let Some(by) = outcome.by {
            if let Some(runs) = by.runs {
                let id = if by.innings.is_some() { "result.innings_and_runs" } else { "result.runs" };
                self.number(id, runs, Unit::Runs);
            }
            if let Some(wickets) = by.wickets {
                self.number("result.wickets", u32::from(wickets), Unit::Wickets);
            }
        }
        match outcome.result.as_deref() {
            Some("tie") => self.event(Word::Tie),
            Some("draw") => self.event(Word::Draw),
            Some("no result") => self.event(Word::NoResult),
            _ => {}
        }
    }

    fn won(&mut self, winner: &str) {
        self.event(Word::Win);
        self.team_part(winner, Some(TeamPart::Winner));
    }
}

/// The event words that a ball supports, whatever it did to the match.
fn words_of(ball: &Delivery) -> Vec<Word> {
    let mut words = Vec::with_capacity(4);
    let extras = &ball.extras;
    for (runs, word) in [
        (extras.wides, Word::Wide),
        (extras.noballs, Word::NoBall),
        (extras.byes, Word::Bye),
        (extras.legbyes, Word::LegBye),
        (extras.penalty, Word::Penalty),
        (ball.runs.extras, Word::Extra),
        (ball.runs.total, Word::Runs),
    ] {
        if runs > 0 {
            words.push(word);
        }
    }
    match ball.runs.bat {
        _ if ball.is_four() => words.extend([Word::Four, Word::Boundary]),
        _ if ball.is_six() => words.extend([Word::Six, Word::Boundary]),
        0 if ball.runs.total == 0 => words.push(Word::Dot),
        1 => words.push(Word::Single),
        2 => words.push(Word::Two),
        3 => words.push(Word::Three),
        5 => words.push(Word::Five),
        _ => {}
    }
    if ball.free_hit {
        words.push(Word::FreeHit);
    }
    for wicket in &ball.wickets {
        if wicket.kind.is_wicket() {
            words.push(Word::Wicket);
            words.push(dismissal_word(&wicket.kind));
            if wicket.kind == DismissalKind::CaughtAndBowled {
                words.push(Word::Caught);
            }
        } else {
            words.push(Word::Retired);
        }
    }
    words
}

fn dismissal_word(kind: &DismissalKind) -> Word {
    match kind {
        DismissalKind::Bowled => Word::Bowled,
        DismissalKind::Caught => Word::Caught,
        DismissalKind::CaughtAndBowled => Word::CaughtAndBowled,
        DismissalKind::Lbw => Word::Lbw,
        DismissalKind::RunOut => Word::RunOut,
        DismissalKind::Stumped => Word::Stumped,
        DismissalKind::HitWicket => Word::HitWicket,
        _ => Word::OtherDismissal,
    }
}
