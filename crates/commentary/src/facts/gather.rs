//! From the state, the happenings and the reading to the sheet: people, sides, places; then the rest.

use cricket::{
    event::Delivery,
    player::PlayerRef,
    score::{Happening, MatchState},
};
use serde_json::Value;

use super::{FactSheet, Person, Role, TeamFact, TeamPart};
use crate::{archive::Archive, moment::Occasion, name, reading::Reading, scene::Scene};

/// Fields outside the contract's core that a feed may carry; what they say may be said.
const CARRIED: [&str; 8] = ["shot", "line", "length", "speed_kmh", "zone", "field", "weather", "bowling_style"];

impl FactSheet {
    pub(crate) fn gather(
        state: &MatchState,
        scene: &Scene,
        reading: &Reading,
        occasion: &Occasion,
        happenings: &[Happening],
        archive: &dyn Archive,
    ) -> Self {
        let mut sheet = Self::default();
        sheet.elevens(state);
        sheet.sides(scene);
        sheet.stage(scene, occasion);
        sheet.scoreboard(scene, reading);
        sheet.happened(state, scene, reading, occasion, happenings);
        if let Occasion::Ball(ball) = occasion {
            sheet.carry(ball);
            sheet.debts(state, ball, happenings);
        }
        if matches!(occasion, Occasion::Ball(_) | Occasion::OverEnd | Occasion::InningsEnd) {
            sheet.giveaway(state);
        }
        sheet.tell_namesakes_apart();
        sheet.ask(scene, reading, occasion, happenings, archive);
        if scene.has_gaps {
            sheet.withhold_counts();
        }
        sheet
    }

    /// Takes back whatever follows from counting an innings: with balls missing the count is wrong, the ball itself is not.
    fn withhold_counts(&mut self) {
        self.numbers.clear();
        self.pairs.clear();
        self.events.retain(|fact| !fact.word.is_counted());
    }

    /// Everybody who may be named at all.
    fn elevens(&mut self, state: &MatchState) {
        if let Some(info) = &state.info {
            for player in info.players.values().flatten() {
                self.person_index(player);
            }
        }
        if let Some(innings) = state.current() {
            for card in &innings.batting {
                self.person_index(&card.player);
            }
            for card in &innings.bowling {
                self.person_index(&card.player);
            }
        }
    }

    fn sides(&mut self, scene: &Scene) {
        for team in &scene.teams {
            self.team_part(team, None);
        }
        if scene.innings > 0 {
            self.team_part(&scene.batting_team, Some(TeamPart::Batting));
            self.team_part(&scene.bowling_team, Some(TeamPart::Fielding));
        }
        for (id, place) in [("venue", &scene.venue), ("competition", &scene.competition)] {
            if let Some(place) = place.as_deref().map(name::clean).filter(|place| !place.is_empty()) {
                self.places.push((id, place));
            }
        }
    }

    /// Who is at the crease, who bowls.
    fn stage(&mut self, scene: &Scene, occasion: &Occasion) {
        if let Some(batter) = &scene.batter {
            self.give_role(&batter.player, Role::Batter);
        }
        if let Some(partner) = &scene.partner {
            self.give_role(&partner.player, Role::Partner);
        }
        if let Some(bowler) = &scene.bowler {
            self.give_role(&bowler.player, Role::Bowler);
        }
        // A delivery names its people even where the scoreboard does not know them yet.
        if let Occasion::Ball(ball) = occasion {
            self.give_role(&ball.batter, Role::Batter);
            self.give_role(&ball.non_striker, Role::Partner);
            self.give_role(&ball.bowler, Role::Bowler);
        }
    }

    fn carry(&mut self, ball: &Delivery) {
        for field in CARRIED {
            let value = match ball.extra_field(field) {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Number(number)) => number.to_string(),
                _ => continue,
            };
            self.carried.push((field.to_owned(), name::clean(&value).to_lowercase()));
        }
    }

    pub(super) fn person_index(&mut self, player: &PlayerRef) -> usize {
        self.people.iter().position(|person| person.player.id == player.id).unwrap_or_else(|| {
            self.people.push(Person::new(player));
            self.people.len() - 1
        })
    }

    pub(super) fn give_role(&mut self, player: &PlayerRef, role: Role) -> usize {
        let index = self.person_index(player);
        let roles = &mut self.people[index].roles;
        if !roles.contains(&role) {
            roles.push(role);
        }
        index
    }

    pub(super) fn team_part(&mut self, team: &str, part: Option<TeamPart>) {
        let name = name::clean(team);
        if name.is_empty() {
            return;
        }
        let index = self.teams.iter().position(|team| team.name == name).unwrap_or_else(|| {
            self.teams.push(TeamFact { name, parts: Vec::new() });
            self.teams.len() - 1
        });
        if let Some(part) = part
            && !self.teams[index].parts.contains(&part)
        {
            self.teams[index].parts.push(part);
        }
    }

    /// Somebody whose short name could be another player of the match is called by the full one.
    fn tell_namesakes_apart(&mut self) {
        let last = |person: &super::Person| {
            person.full.rsplit(' ').next().map(str::to_lowercase).filter(|last| !last.is_empty())
        };
        let shared: Vec<usize> = (0..self.people.len())
            .filter(|index| {
                let said = self.people[*index].said.to_lowercase();
                let mut others = self.people.iter().enumerate().filter(|(other, _)| other != index);
                others.any(|(_, person)| {
                    person.said.to_lowercase() == said || last(person).is_some_and(|last| last == said)
                })
            })
            .collect();
        for index in shared {
            let person = &mut self.people[index];
            person.said.clone_from(&person.full);
        }
    }
}
