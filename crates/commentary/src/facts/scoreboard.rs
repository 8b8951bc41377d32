//! The numbers of the scoreboard and of the reading.

use super::{FactSheet, Hundredths, NumberFact, PairFact, Role, Unit};
use crate::{
    reading::Reading,
    scene::{BatterLine, BowlerLine, Scene},
};

impl FactSheet {
    pub(super) fn number(&mut self, id: &'static str, value: u32, unit: Unit) {
        self.numbers.push(NumberFact { id, value: Hundredths::whole(value), unit, owner: None });
    }

    pub(super) fn own_number(&mut self, id: &'static str, value: u32, unit: Unit, owner: usize) {
        self.numbers.push(NumberFact { id, value: Hundredths::whole(value), unit, owner: Some(owner) });
    }

    pub(super) fn pair(&mut self, id: &'static str, first: u32, second: u32, owner: Option<usize>) {
        self.pairs.push(PairFact { id, first, second, owner });
    }

    pub(super) fn scoreboard(&mut self, scene: &Scene, reading: &Reading) {
        if scene.innings == 0 {
            return;
        }
        self.side(scene);
        if let Some(batter) = &scene.batter {
            self.batter(["batter.runs", "batter.balls", "batter.fours", "batter.sixes"], batter, Role::Batter);
        }
        if let Some(partner) = &scene.partner {
            self.batter(["partner.runs", "partner.balls", "partner.fours", "partner.sixes"], partner, Role::Partner);
        }
        if let Some(bowler) = &scene.bowler {
            self.bowler(bowler);
        }
        self.rates(reading);
    }

    fn side(&mut self, scene: &Scene) {
        self.number("innings.runs", scene.runs, Unit::Runs);
        self.number("innings.wickets", u32::from(scene.wickets), Unit::Wickets);
        self.number("innings.wickets_in_hand", u32::from(scene.wickets_in_hand), Unit::Wickets);
        self.number("innings.number", u32::from(scene.innings), Unit::InningsNumber);
        self.pair("innings.score", scene.runs, u32::from(scene.wickets), None);
        if let Some(overs) = Hundredths::parse(&scene.overs) {
            self.numbers.push(NumberFact { id: "innings.overs", value: overs, unit: Unit::Overs, owner: None });
        }
        self.number("innings.balls", scene.legal_balls, Unit::Balls);
        if let Some(left) = scene.balls_left {
            let per = u32::from(scene.balls_per_over.max(1));
            self.number("innings.balls_left", left, Unit::Balls);
            if left % per == 0 {
                self.number("innings.overs_left", left / per, Unit::Overs);
            }
        }
        if let Some(limit) = scene.overs_limit {
            self.number("innings.overs_limit", limit, Unit::Overs);
        }
        if let Some(target) = scene.target {
            self.number("innings.target", target, Unit::Runs);
        }
        if let Some(needed) = scene.runs_needed {
            self.number("innings.runs_needed", needed, Unit::Runs);
            self.number("innings.runs_needed", needed, Unit::Needed);
            if scene.balls_left == Some(needed) {
                self.event(super::EventWord::RunABall);
            }
        }
        if let Some((runs, balls, wicket)) = scene.partnership {
            self.number("partnership.runs", runs, Unit::Runs);
            self.number("partnership.balls", balls, Unit::Balls);
            self.number("partnership.wicket", u32::from(wicket), Unit::WicketNumber);
        }
        if let Some(over) = &scene.over {
            self.number("over.number", over.number, Unit::OverNumber);
            self.number("over.runs", over.runs, Unit::Runs);
            self.number("over.wickets", u32::from(over.wickets), Unit::Wickets);
            self.number("over.balls", u32::from(over.legal_balls), Unit::BallNumber);
            self.number("over.boundaries", over.boundaries, Unit::Boundaries);
        }
    }

    fn batter(&mut self, ids: [&'static str; 4], batter: &BatterLine, role: Role) {
        let owner = self.give_role(&batter.player, role);
        let counts = [
            (batter.runs, Unit::Runs),
            (batter.balls, Unit::Balls),
            (batter.fours, Unit::Fours),
            (batter.sixes, Unit::Sixes),
        ];
        for (id, (value, unit)) in ids.into_iter().zip(counts) {
            self.own_number(id, value, unit, owner);
        }
    }

    fn bowler(&mut self, bowler: &BowlerLine) {
        let owner = self.give_role(&bowler.player, Role::Bowler);
        self.own_number("bowler.runs", bowler.runs, Unit::Runs, owner);
        self.own_number("bowler.wickets", bowler.wickets, Unit::Wickets, owner);
        self.own_number("bowler.maidens", bowler.maidens, Unit::Maidens, owner);
        self.pair("bowler.figures", bowler.wickets, bowler.runs, Some(owner));
        if let Some(overs) = Hundredths::parse(&bowler.overs) {
            self.numbers.push(NumberFact { id: "bowler.overs", value: overs, unit: Unit::Overs, owner: Some(owner) });
        }
    }

    fn rates(&mut self, reading: &Reading) {
        for (id, rate) in [("innings.rate", reading.current_rate), ("innings.required_rate", reading.required_rate)] {
            let Some(rate) = rate else { continue };
            // To two places, to one, and to a whole number where it is as good as one.
            let mut said = vec![Hundredths::rate(rate), Hundredths::rate((rate * 10.0).round() / 10.0)];
            if (rate - rate.round()).abs() <= 0.1 {
                said.push(Hundredths::rate(rate.round()));
            }
            said.dedup();
            self.numbers.extend(said.into_iter().map(|value| NumberFact { id, value, unit: Unit::Rate, owner: None }));
        }
        if let Some(chance) = reading.win_probability {
            self.number("reading.win_probability", (chance * 100.0).round() as u32, Unit::Percent);
        }
    }
}
