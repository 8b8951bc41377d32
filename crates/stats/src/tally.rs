//! A match as the store keeps it: its facts, its people, its innings packed, its figures.

use std::sync::Arc;

use cricket::{
    cricsheet::CricsheetMatch,
    event::{Delivery, InningsKind, MatchEnd, MatchInfo},
    player::{PersonId, PlayerRef},
};
use indexmap::IndexMap;

use crate::{
    class::{Class, ClassError},
    day::{Day, DayError},
    facts::Facts,
    figures::Figures,
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
    pub(crate) innings: Vec<InningsTally>,
    pub(crate) figures: Figures,
}

/// An innings: its sums and its deliveries, packed.
pub(crate) struct InningsTally {
    pub(crate) number: u8,
    pub(crate) team: Arc<str>,
    pub(crate) super_over: bool,
    /// Runs to win, where the file says.
    pub(crate) target: Option<u32>,
    pub(crate) runs: u32,
    pub(crate) wickets: u32,
    pub(crate) legal_balls: u32,
    pub(crate) deliveries: u32,
    pub(crate) packed: Vec<u8>,
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
        figures: Figures::default(),
    };
    for innings in &played.innings {
        let mut sums = InningsTally {
            number: innings.start.innings,
            team: innings.start.team.clone(),
            super_over: innings.start.kind == InningsKind::SuperOver,
            target: innings.start.target.map(|target| target.runs),
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
    tally.figures = Figures::of(Facts::of(&tally).cuts(), &tally.innings);
    Ok(tally)
}

/// The place of a person in the match's list; made if new.
fn place(people: &mut IndexMap<PersonId, Arc<str>>, player: &PlayerRef) {
    if !people.contains_key(&player.id) {
        people.insert(player.id.clone(), player.name.clone());
    }
}

impl MatchTally<'_> {
    fn ball(&mut self, innings: &mut InningsTally, ball: &Delivery) -> Result<(), PackError> {
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
        Ok(())
    }
}
