//! A match's figures, added up from its packed deliveries: what questions are answered from.
//!
//! Sums only, no Laws beyond what a delivery says of itself; super overs are in no figure. Made from what the store
//! keeps, so that the figures of a match held can be made again at any time.

use std::collections::BTreeMap;

use crate::{
    pack::{PackedBall, balls},
    part::Cuts,
    tally::InningsTally,
};

/// The figures of a match; people are places in its list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// By person and innings.
    pub(crate) batting: BTreeMap<(u8, u8), BattingTally>,
    /// By person and innings.
    pub(crate) bowling: BTreeMap<(u8, u8), BowlingTally>,
    /// By batter and bowler.
    pub(crate) duels: BTreeMap<(u8, u8), DuelTally>,
    /// In the order of play.
    pub(crate) stands: Vec<StandTally>,
}

/// A batter's innings.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct BattingTally {
    /// Place in the order of coming in, from 1.
    pub(crate) position: u8,
    pub(crate) out: bool,
    /// Whether a bowler was credited with the wicket.
    pub(crate) credited: bool,
    /// By part of the innings.
    pub(crate) parts: [BattingPart; 3],
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BattingPart {
    pub(crate) balls: u32,
    pub(crate) runs: u32,
    pub(crate) dots: u32,
    pub(crate) fours: u32,
    pub(crate) sixes: u32,
    pub(crate) outs: u32,
}

impl BattingTally {
    pub(crate) fn sum(&self, of: impl Fn(&BattingPart) -> u32) -> u32 {
        self.parts.iter().map(of).sum()
    }
}

/// A bowler's innings.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct BowlingTally {
    /// Balls that batters faced.
    pub(crate) faced: u32,
    /// Runs off the bat.
    pub(crate) bat: u32,
    /// By part of the innings.
    pub(crate) parts: [BowlingPart; 3],
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BowlingPart {
    pub(crate) balls: u32,
    pub(crate) runs: u32,
    pub(crate) wickets: u32,
    pub(crate) dots: u32,
}

impl BowlingTally {
    pub(crate) fn sum(&self, of: impl Fn(&BowlingPart) -> u32) -> u32 {
        self.parts.iter().map(of).sum()
    }
}

/// A batter against a bowler.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct DuelTally {
    pub(crate) balls: u32,
    pub(crate) runs: u32,
    pub(crate) dots: u32,
    pub(crate) fours: u32,
    pub(crate) sixes: u32,
    pub(crate) dismissals: u32,
}

/// Two batters together without a break.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StandTally {
    pub(crate) innings: u8,
    pub(crate) pair: (u8, u8),
    /// All runs, extras included.
    pub(crate) runs: u32,
    /// Deliveries but wides.
    pub(crate) balls: u32,
}

impl Figures {
    /// Adds up the innings of a match.
    pub(crate) fn of(cuts: Cuts, innings: &[InningsTally]) -> Self {
        let mut figures = Self::default();
        for innings in innings.iter().filter(|innings| !innings.super_over) {
            let mut pair = None;
            let mut coming_in = 0;
            for ball in balls(&innings.packed) {
                let now = (ball.batter.min(ball.non_striker), ball.batter.max(ball.non_striker));
                if pair != Some(now) {
                    pair = Some(now);
                    figures.stands.push(StandTally { innings: innings.number, pair: now, runs: 0, balls: 0 });
                }
                figures.ball(innings.number, cuts.part(ball.over), &ball, &mut coming_in);
            }
        }
        figures
    }

    fn ball(&mut self, innings: u8, part: usize, ball: &PackedBall, coming_in: &mut u8) {
        for person in [ball.batter, ball.non_striker].into_iter().chain(ball.wickets.iter().map(|wicket| wicket.out)) {
            self.batting.entry((person, innings)).or_insert_with(|| {
                *coming_in = coming_in.saturating_add(1);
                BattingTally { position: *coming_in, ..BattingTally::default() }
            });
        }
        let faced = u32::from(ball.is_faced());
        let bat = u32::from(ball.bat);
        let (four, six) = (u32::from(bat == 4 && !ball.non_boundary), u32::from(bat == 6 && !ball.non_boundary));
        let dot = u32::from(ball.is_faced() && ball.total() == 0);
        if let Some(stand) = self.stands.last_mut() {
            stand.runs += ball.total();
            stand.balls += faced;
        }
        if let Some(sums) = self.batting.entry((ball.batter, innings)).or_default().parts.get_mut(part) {
            sums.balls += faced;
            sums.runs += bat;
            sums.dots += dot;
            sums.fours += four;
            sums.sixes += six;
        }
        let bowling = self.bowling.entry((ball.bowler, innings)).or_default();
        bowling.faced += faced;
        bowling.bat += bat;
        let credited = ball.wickets.iter().filter(|wicket| wicket.is_bowlers()).count() as u32;
        if let Some(sums) = bowling.parts.get_mut(part) {
            sums.balls += u32::from(ball.is_legal());
            sums.runs += ball.conceded();
            sums.dots += u32::from(ball.is_legal() && ball.conceded() == 0);
            sums.wickets += credited;
        }
        let duel = self.duels.entry((ball.batter, ball.bowler)).or_default();
        duel.balls += faced;
        duel.runs += bat;
        duel.dots += dot;
        duel.fours += four;
        duel.sixes += six;
        for wicket in &ball.wickets {
            let batting = self.batting.entry((wicket.out, innings)).or_default();
            if wicket.is_wicket() && !batting.out {
                batting.out = true;
                if let Some(sums) = batting.parts.get_mut(part) {
                    sums.outs += 1;
                }
            }
            if wicket.is_bowlers() {
                batting.credited = true;
                self.duels.entry((wicket.out, ball.bowler)).or_default().dismissals += 1;
            }
        }
    }
}
