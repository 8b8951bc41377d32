//! The sides: who bats where, who bowls, who keeps wicket.

use std::sync::Arc;

use super::SimulationError;
use crate::player::PlayerRef;

/// What a player is in the side for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Bats.
    Batter,
    /// Keeps wicket, and bats.
    Keeper,
    /// Bats and bowls.
    AllRounder,
    /// Bowls.
    Bowler,
}

/// One of the eleven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Player {
    /// Name on the scorecard.
    pub name: Arc<str>,
    /// Part in the side.
    pub role: Role,
}

impl Player {
    /// A player of this name and part.
    pub fn new(name: &str, role: Role) -> Self {
        Self { name: name.into(), role }
    }

    /// The player with an id made from the name: `x` and seven hexadecimal digits, which no real id begins with.
    pub fn reference(&self) -> PlayerRef {
        PlayerRef::new(invented_id(&self.name), self.name.clone())
    }
}

/// An id for an invented name (FNV-1a, cut to 28 bits).
pub(super) fn invented_id(name: &str) -> Arc<str> {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("x{:07x}", hash >> 4).into()
}

/// A side of eleven in batting order, with one keeper and six bowlers or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamSheet {
    name: Arc<str>,
    players: Vec<Player>,
}

/// A side that cannot play.
#[derive(Debug, thiserror::Error)]
pub enum TeamSheetError {
    /// Not eleven.
    #[error("{team} has {players} players; hint: name eleven, in batting order")]
    NotEleven {
        /// The side.
        team: Arc<str>,
        /// How many it has.
        players: usize,
    },
    /// Not one keeper.
    #[error("{team} has {keepers} wicket-keepers; hint: name one")]
    NotOneKeeper {
        /// The side.
        team: Arc<str>,
        /// How many it has.
        keepers: usize,
    },
    /// Too few to bowl the overs, each at most a fifth of them and none two in a row.
    #[error("{team} has {bowlers} players who bowl; hint: name six or more as bowlers and all-rounders")]
    TooFewBowlers {
        /// The side.
        team: Arc<str>,
        /// How many it has.
        bowlers: usize,
    },
}

impl TeamSheet {
    /// A side, its players in batting order.
    ///
    /// # Errors
    /// Another number than eleven, another number of keepers than one, fewer than six who bowl.
    pub fn new(name: impl Into<Arc<str>>, players: Vec<Player>) -> Result<Self, TeamSheetError> {
        let team = name.into();
        if players.len() != 11 {
            return Err(TeamSheetError::NotEleven { team, players: players.len() });
        }
        let count = |wanted: &[Role]| players.iter().filter(|player| wanted.contains(&player.role)).count();
        let keepers = count(&[Role::Keeper]);
        if keepers != 1 {
            return Err(TeamSheetError::NotOneKeeper { team, keepers });
        }
        let bowlers = count(&[Role::Bowler, Role::AllRounder]);
        if bowlers < 6 {
            return Err(TeamSheetError::TooFewBowlers { team, bowlers });
        }
        Ok(Self { name: team, players })
    }

    /// The Saltmarsh Herons: an invented side of invented players.
    pub fn herons() -> Self {
        Self::invented(
            "Saltmarsh Herons",
            [
                "K Ravenscar",
                "DM Iyengarsamy",
                "T Whakarau",
                "S Thistlewood",
                "YQ Karimzada",
                "N Mbekwana",
                "J van Rensdorp",
                "RL Pennyfeather",
                "AV Solkarni",
                "C Okwuosa",
                "B Lindqvist",
            ],
        )
    }

    /// The Amberfort Lancers: an invented side of invented players.
    pub fn lancers() -> Self {
        Self::invented(
            "Amberfort Lancers",
            [
                "P Samarawansa",
                "MC Castellane",
                "F Dilawari",
                "E Mokgatle",
                "AK Nandakishor",
                "TJ Blackwater",
                "HR Duneagle",
                "LF Perpetuo",
                "Z Daruwalla-Shaw",
                "KO Abimbola",
                "W Kowhaitara",
            ],
        )
    }

    fn invented(name: &str, players: [&str; 11]) -> Self {
        let players = players
            .iter()
            .enumerate()
            .map(|(place, name)| {
                let role = match place {
                    4 => Role::Keeper,
                    5 | 6 => Role::AllRounder,
                    7.. => Role::Bowler,
                    _ => Role::Batter,
                };
                Player::new(name, role)
            })
            .collect();
        Self { name: name.into(), players }
    }

    /// The same players under another name.
    #[must_use]
    pub fn renamed(self, name: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// The side's name.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The eleven, in batting order.
    pub fn players(&self) -> &[Player] {
        &self.players
    }
}

/// Refuses sides whose names, or players' names, are the same.
pub(super) fn tell_apart(teams: &[TeamSheet; 2]) -> Result<(), SimulationError> {
    let mut names: Vec<_> = teams.iter().flat_map(TeamSheet::players).map(|player| &player.name).collect();
    names.extend(teams.iter().map(TeamSheet::name));
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(SimulationError::SharedName(pair[0].to_string())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_invented_sides_pass_the_rules_for_sides() {
        for side in [TeamSheet::herons(), TeamSheet::lancers()] {
            TeamSheet::new(side.name, side.players).unwrap();
        }
    }

    #[test]
    fn a_side_of_ten_is_refused_with_a_remedy() {
        let mut side = TeamSheet::herons();
        side.players.pop();
        let error = TeamSheet::new(side.name, side.players).unwrap_err().to_string();
        assert_eq!(error, "Saltmarsh Herons has 10 players; hint: name eleven, in batting order");
    }

    #[test]
    fn no_two_invented_players_share_an_id() {
        let ids: std::collections::BTreeSet<_> = [TeamSheet::herons(), TeamSheet::lancers()]
            .iter()
            .flat_map(TeamSheet::players)
            .map(|player| player.reference().id)
            .collect();
        assert_eq!(ids.len(), 22);
    }
}
