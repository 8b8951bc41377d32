//! A match's figures, added up from its deliveries: what the store keeps of it.
//!
//! Sums only, no Laws beyond what a delivery says of itself; super overs are kept as innings but counted in no figure.

use std::{collections::BTreeMap, sync::Arc};

use cricket::{
    cricsheet::CricsheetMatch,
    event::{Delivery, InningsKind, InningsStart, MatchEnd, MatchInfo},
    player::{PersonId, PlayerRef},
};
use indexmap::IndexMap;

use crate::{
    class::{Class, ClassError},
    day::{Day, DayError},
    pack::{PackError, pack},
};

/// Why a match cannot be kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TallyError {
    /// Its kind is not known.
    #[error(transparent)]
    Class(#[from] ClassError),
    /// No day of play.
    #[error("info.dates: {0}")]
    Day(#[from] DayError),
    /// A delivery out of all bounds.
    #[error(transparent)]
    Pack(#[from] PackError),
}

/// A match added up.
pub(crate) struct MatchTally<'a> {
    pub(crate) info: &'a MatchInfo,
    pub(crate) end: Option<&'a MatchEnd>,
    pub(crate) class: Class,
    pub(crate) day: Day,
    /// Everybody who batted, bowled or was out, by the places that packed deliveries use, with the name of this match.
    pub(crate) people: IndexMap<PersonId, Arc<str>>,
    pub(crate) innings: Vec<InningsTally<'a>>,
    /// By person's place and innings.
    pub(crate) batting: BTreeMap<(u8, u8), BattingTally>,
    /// By person's place and innings.
    pub(crate) bowling: BTreeMap<(u8, u8), BowlingTally>,
    /// By places of batter and bowler.
    pub(crate) duels: BTreeMap<(u8, u8), DuelTally>,
}

pub(crate) struct InningsTally<'a> {
    pub(crate) start: &'a InningsStart,
    pub(crate) runs: u32,
    pub(crate) wickets: u32,
    pub(crate) legal_balls: u32,
    pub(crate) deliveries: u32,
    pub(crate) packed: Vec<u8>,
}

#[derive(Default)]
pub(crate) struct BattingTally {
    /// Place in the order of coming in, from 1.
    pub(crate) position: u8,
    pub(crate) runs: u32,
    pub(crate) balls: u32,
    pub(crate) fours: u32,
    pub(crate) sixes: u32,
    pub(crate) dots: u32,
    pub(crate) out: bool,
}

#[derive(Default)]
pub(crate) struct BowlingTally {
    pub(crate) balls: u32,
    pub(crate) runs: u32,
    pub(crate) wickets: u32,
    pub(crate) dots: u32,
}

#[derive(Default)]
pub(crate) struct DuelTally {
    pub(crate) balls: u32,
    pub(crate) runs: u32,
    pub(crate) dots: u32,
    pub(crate) fours: u32,
    pub(crate) sixes: u32,
    pub(crate) dismissals: u32,
}

/// Adds up a match.
pub(crate) fn tally(played: &CricsheetMatch) -> Result<MatchTally<'_>, TallyError> {
    let info = &played.info;
    let mut tally = MatchTally {
        info,
        end: played.end.as_ref(),
        class: Class::of(info)?,
        day: info.dates.first().map_or("", String::as_str).parse()?,
        people: IndexMap::new(),
        innings: Vec::with_capacity(played.innings.len()),
        batting: BTreeMap::new(),
        bowling: BTreeMap::new(),
        duels: BTreeMap::new(),
    };
    for innings in &played.innings {
        let mut sums = InningsTally {
            start: &innings.start,
            runs: u32::from(innings.start.penalty_pre.unwrap_or_default())
                + u32::from(innings.end.penalty_post.unwrap_or_default()),
            wickets: 0,
            legal_balls: 0,
            deliveries: 0,
            packed: Vec::new(),
        };
        for ball in innings.overs.iter().flat_map(|over| &over.deliveries) {
            tally.ball(&mut sums, ball)?;
        }
        tally.innings.push(sums);
    }
    Ok(tally)
}

/// The place of a person in the match's list; `None` beyond 255.
fn place(people: &mut IndexMap<PersonId, Arc<str>>, player: &PlayerRef) -> Option<u8> {
    let place = match people.get_index_of(&player.id) {
        Some(place) => place,
        None => people.insert_full(player.id.clone(), player.name.clone()).0,
    };
    u8::try_from(place).ok()
}

impl MatchTally<'_> {
    fn ball(&mut self, innings: &mut InningsTally<'_>, ball: &Delivery) -> Result<(), PackError> {
        for player in [&ball.batter, &ball.non_striker, &ball.bowler]
            .into_iter()
            .chain(ball.wickets.iter().map(|wicket| &wicket.player_out))
        {
            place(&mut self.people, player);
        }
        let people = &self.people;
        let place = |person: &PersonId| people.get_index_of(person).and_then(|place| u8::try_from(place).ok());
        pack(&mut innings.packed, ball, place)?;
        innings.runs += u32::from(ball.runs.total);
        innings.wickets += ball.wickets.iter().filter(|wicket| wicket.kind.is_wicket()).count() as u32;
        innings.legal_balls += u32::from(ball.is_legal());
        innings.deliveries += 1;
        let (Some(batter), Some(non_striker), Some(bowler)) =
            (place(&ball.batter.id), place(&ball.non_striker.id), place(&ball.bowler.id))
        else {
            return Ok(());
        };
        if innings.start.kind == InningsKind::SuperOver {
            return Ok(());
        }
        let outs: Vec<_> =
            ball.wickets.iter().filter_map(|wicket| Some((wicket, place(&wicket.player_out.id)?))).collect();
        let number = ball.innings;
        for person in [batter, non_striker].into_iter().chain(outs.iter().map(|(_, out)| *out)) {
            self.comes_in(number, person);
        }
        let faced = u32::from(ball.is_faced());
        let (bat, four, six) = (u32::from(ball.runs.bat), u32::from(ball.is_four()), u32::from(ball.is_six()));
        let dot = u32::from(ball.is_faced() && ball.runs.total == 0);
        let batting = self.batting.entry((batter, number)).or_default();
        batting.runs += bat;
        batting.balls += faced;
        batting.fours += four;
        batting.sixes += six;
        batting.dots += dot;
        let bowling = self.bowling.entry((bowler, number)).or_default();
        bowling.balls += u32::from(ball.is_legal());
        bowling.runs += u32::from(ball.conceded());
        bowling.dots += u32::from(ball.is_legal() && ball.conceded() == 0);
        let duel = self.duels.entry((batter, bowler)).or_default();
        duel.balls += faced;
        duel.runs += bat;
        duel.dots += dot;
        duel.fours += four;
        duel.sixes += six;
        for (wicket, out) in outs {
            if wicket.kind.is_wicket() {
                self.batting.entry((out, number)).or_default().out = true;
            }
            if wicket.kind.is_bowlers() {
                self.bowling.entry((bowler, number)).or_default().wickets += 1;
                self.duels.entry((out, bowler)).or_default().dismissals += 1;
            }
        }
        Ok(())
    }

    fn comes_in(&mut self, innings: u8, person: u8) {
        if !self.batting.contains_key(&(person, innings)) {
            let before = self.batting.keys().filter(|(_, other)| *other == innings).count();
            let position = u8::try_from(before + 1).unwrap_or(u8::MAX);
            self.batting.insert((person, innings), BattingTally { position, ..BattingTally::default() });
        }
    }
}
