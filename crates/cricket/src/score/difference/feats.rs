//! Maidens and hat-tricks, which a state holds only as its balls.

use std::collections::{BTreeMap, HashMap};

use super::{Difference, pairs};
use crate::{
    event::InningsKind,
    player::{PersonId, PlayerRef},
    score::{MatchState, OverRecord},
};

/// What a bowler achieved with one ball, or one over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Feat {
    HatTrickBall(u16),
    HatTrick(u16),
    Maiden,
}

/// The innings, the over, the feat, whose.
type Place = (u8, u16, Feat, PersonId);

/// The feats that only one of two states has, each with its innings, in order.
pub(super) fn feats(before: &MatchState, after: &MatchState) -> Vec<(u8, Difference)> {
    let differ = |(place, before, after): (Place, Option<&PlayerRef>, Option<&PlayerRef>)| {
        let bowler = match (before, after) {
            (Some(bowler), None) | (None, Some(bowler)) => bowler.clone(),
            _ => return None,
        };
        let (innings, over, feat, _) = place;
        let (before, after) = (before.is_some(), after.is_some());
        let difference = match feat {
            Feat::HatTrickBall(pos) => Difference::HatTrickBall { innings, over, pos, bowler, before, after },
            Feat::HatTrick(pos) => Difference::HatTrick { innings, over, pos, bowler, before, after },
            Feat::Maiden => Difference::Maiden { innings, over, bowler, before, after },
        };
        Some((innings, difference))
    };
    pairs(feats_of(before), feats_of(after)).into_iter().filter_map(differ).collect()
}

fn feats_of(state: &MatchState) -> BTreeMap<Place, &PlayerRef> {
    let mut found = BTreeMap::new();
    // Wickets with a bowler's last consecutive deliveries, carried over from innings to innings.
    let mut in_row: HashMap<&PersonId, u32> = HashMap::new();
    let rule = state.rules.hat_tricks;
    for innings in &state.innings {
        if !rule.across_innings || innings.kind == InningsKind::SuperOver {
            in_row.clear();
        }
        for over in &innings.overs {
            for ball in &over.balls {
                let row = in_row.entry(&ball.bowler.id).or_default();
                if !ball.wickets.iter().any(|wicket| wicket.kind.is_bowlers()) {
                    if rule.wide_breaks || ball.extras.wides == 0 {
                        *row = 0;
                    }
                    continue;
                }
                *row = row.saturating_add(1);
                let feat = match *row {
                    0 | 1 => continue,
                    2 => Feat::HatTrickBall(ball.pos),
                    _ => Feat::HatTrick(ball.pos),
                };
                found.insert((innings.number, over.over, feat, ball.bowler.id.clone()), &ball.bowler);
            }
            if let Some(bowler) = maiden_of(over) {
                found.insert((innings.number, over.over, Feat::Maiden, bowler.id.clone()), bowler);
            }
        }
    }
    found
}

/// The bowler of a whole over against whom nothing was scored.
fn maiden_of(over: &OverRecord) -> Option<&PlayerRef> {
    let alone = over.bowlers.len() == 1;
    over.balls.last().filter(|_| over.complete && alone && over.conceded == 0).map(|ball| &ball.bowler)
}
