//! Attribution patterns: `<bowler> to <batter>`, `<out> को जाना होगा`; how they are written is told in `roles.toml`.

use super::script::fold;
use crate::facts::{Role, TeamPart};

/// The most words that fillers stand for.
pub(super) const MAX_FILLERS: usize = 4;

/// A part of an attribution pattern.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// One of these words; the flag marks one that may be absent.
    Words(Vec<String>, bool),
    /// Somebody with one of these roles; the flag asks for the possessive.
    Person(Vec<Role>, bool),
    /// Anybody of the match; the numbers after it must be theirs.
    Anybody,
    /// A number that belongs to the person before.
    Own,
    /// Any number.
    AnyNumber,
    /// A number, or pair, that is one of these facts.
    Fact(&'static [&'static str]),
    /// Words of little weight, up to [`MAX_FILLERS`] of them; may be absent.
    Fillers,
    /// A side with this part.
    Team(TeamPart),
}

/// Reads a pattern.
///
/// # Errors
/// Says which role there is none of.
pub(super) fn read(text: &str) -> Result<Vec<Part>, String> {
    text.split_whitespace()
        .map(|word| {
            if word == ".." {
                return Ok(Part::Fillers);
            }
            let Some(role) = word.strip_prefix('<') else {
                let (words, optional) = word.strip_suffix('?').map_or((word, false), |word| (word, true));
                return Ok(Part::Words(words.split('|').map(fold).collect(), optional));
            };
            let (role, possessive) =
                role.strip_suffix(">'s").map_or((role.trim_end_matches('>'), false), |role| (role, true));
            Ok(match role {
                "bowler" => {
                    Part::Person(vec![Role::Bowler, Role::NewBowler, Role::FormerBowler, Role::BestBowler], possessive)
                }
                "batter" => Part::Person(vec![Role::Batter, Role::FormerBatter], possessive),
                "crease" => Part::Person(
                    vec![
                        Role::Batter,
                        Role::Partner,
                        Role::NewBatter,
                        Role::Out,
                        Role::FormerBatter,
                        Role::Retired,
                        Role::TopScorer,
                    ],
                    possessive,
                ),
                "out" => Part::Person(vec![Role::Out, Role::FormerOut], possessive),
                "fielder" => Part::Person(vec![Role::Fielder], possessive),
                "catcher" => Part::Person(vec![Role::Fielder, Role::Bowler], possessive),
                "milestone" => Part::Person(vec![Role::MilestoneBatter], possessive),
                "new" => Part::Person(vec![Role::NewBatter], possessive),
                "incoming" => Part::Person(vec![Role::Incoming], possessive),
                "outgoing" => Part::Person(vec![Role::Outgoing], possessive),
                "top" => Part::Person(vec![Role::TopScorer], possessive),
                "best" => Part::Person(vec![Role::BestBowler], possessive),
                "retired" => Part::Person(vec![Role::Retired], possessive),
                "person" => Part::Anybody,
                "own" => Part::Own,
                "num" => Part::AnyNumber,
                "total" => Part::Fact(&["innings.score", "innings.runs"]),
                "target" => Part::Fact(&["innings.target", "next.target", "target.revised"]),
                "stand" => Part::Fact(&["partnership.runs", "partnership.milestone"]),
                "over" => Part::Fact(&["over.runs"]),
                "fallen" => Part::Fact(&["innings.wickets", "over.wickets"]),
                "in_hand" => Part::Fact(&["innings.wickets_in_hand"]),
                "margin" => Part::Fact(&["result.runs", "result.wickets", "result.innings"]),
                "batting" => Part::Team(TeamPart::Batting),
                "fielding" => Part::Team(TeamPart::Fielding),
                "winner" => Part::Team(TeamPart::Winner),
                "toss" => Part::Team(TeamPart::TossWinner),
                "reviewer" => Part::Team(TeamPart::Reviewer),
                "awarded" => Part::Team(TeamPart::Awarded),
                _ => return Err(format!("roles.toml: '{text}': no such role: {role}")),
            })
        })
        .collect()
}
