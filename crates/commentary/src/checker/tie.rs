//! What a name, a number or a side of a line turned out to be.

use crate::facts::{FactRef, FactSheet, NumberFact, Role, TeamPart};

/// The fact that a token rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tie {
    /// Somebody, in this part of the moment.
    Person(usize, Role),
    /// One of the sheet's numbers.
    Number(usize),
    /// One of the sheet's pairs.
    Pair(usize),
    /// A side, in this part; none where either will do.
    Team(usize, Option<TeamPart>),
}

impl Tie {
    /// The fact, as a published line names it; `None` where the sheet has no such entry.
    pub(super) fn fact(self, sheet: &FactSheet) -> Option<FactRef> {
        Some(match self {
            Self::Person(index, role) => {
                FactRef { id: role.id().to_owned(), value: sheet.people.get(index)?.full.clone() }
            }
            Self::Number(index) => number(sheet.numbers.get(index)?),
            Self::Pair(index) => {
                let pair = sheet.pairs.get(index)?;
                FactRef { id: pair.id.to_owned(), value: format!("{}/{}", pair.first, pair.second) }
            }
            Self::Team(index, part) => {
                let team = sheet.teams.get(index)?;
                match part {
                    Some(part) => FactRef { id: part.id().to_owned(), value: team.name.clone() },
                    None => team.as_ref(),
                }
            }
        })
    }
}

fn number(fact: &NumberFact) -> FactRef {
    FactRef { id: fact.id.to_owned(), value: fact.value.to_string() }
}
