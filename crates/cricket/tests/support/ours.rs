//! Our score in the shape of the independent count, so that the two can be compared.

use cricket::score::{BatterCard, BatterStatus, Innings};

use super::recount::{Batter, Bowler, Count, Fall};

/// What our state says of an innings.
pub(crate) fn count(innings: &Innings) -> Count {
    let extras = innings.extras;
    Count {
        runs: innings.runs.into(),
        wickets: innings.wickets.into(),
        legal_balls: innings.legal_balls.into(),
        extras: [extras.wides, extras.noballs, extras.byes, extras.legbyes, extras.penalty].map(u64::from),
        batting: innings.batting.iter().map(|card| (card.player.id.to_string(), batter(card))).collect(),
        bowling: innings
            .bowling
            .iter()
            .map(|card| {
                let figures = Bowler {
                    balls: card.balls.into(),
                    maidens: card.maidens.into(),
                    runs: card.runs.into(),
                    wickets: card.wickets.into(),
                    wides: card.wides.into(),
                    noballs: card.noballs.into(),
                };
                (card.player.id.to_string(), figures)
            })
            .collect(),
        falls: innings
            .fall_of_wickets
            .iter()
            .map(|fall| Fall {
                wicket: fall.wicket.into(),
                runs: fall.runs.into(),
                player: fall.player.id.to_string(),
                over: fall.over.into(),
                legal_balls: fall.legal_balls.into(),
            })
            .collect(),
    }
}

fn batter(card: &BatterCard) -> Batter {
    let out = match &card.status {
        BatterStatus::NotOut => String::new(),
        BatterStatus::Retired { kind } => kind.to_string(),
        BatterStatus::Out(out) => {
            out.bowler.as_ref().map_or_else(|| out.kind.to_string(), |by| format!("{} b {}", out.kind, by.id))
        }
    };
    Batter { runs: card.runs.into(), balls: card.balls.into(), fours: card.fours.into(), sixes: card.sixes.into(), out }
}

/// Where two counts first differ, in words; `None` where they are equal.
pub(crate) fn first_difference(ours: &Count, theirs: &Count) -> Option<String> {
    let totals = |count: &Count| (count.runs, count.wickets, count.legal_balls, count.extras);
    if totals(ours) != totals(theirs) {
        return Some(format!("totals {:?}, counted {:?}", totals(ours), totals(theirs)));
    }
    let batters =
        ours.batting.keys().chain(theirs.batting.keys()).find(|id| ours.batting.get(*id) != theirs.batting.get(*id));
    if let Some(id) = batters {
        return Some(format!("batter {id}: {:?}, counted {:?}", ours.batting.get(id), theirs.batting.get(id)));
    }
    let bowlers =
        ours.bowling.keys().chain(theirs.bowling.keys()).find(|id| ours.bowling.get(*id) != theirs.bowling.get(*id));
    if let Some(id) = bowlers {
        return Some(format!("bowler {id}: {:?}, counted {:?}", ours.bowling.get(id), theirs.bowling.get(id)));
    }
    (ours != theirs).then(|| format!("falls {:?}, counted {:?}", ours.falls, theirs.falls))
}
