//! A match's figures into their tables.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::{
    Filed, Keeper,
    so_far::{self, BATTING_SQL, BOWLING_SQL},
};
use crate::{
    facts::{Chase, Facts},
    figures::Figures,
    tally::InningsTally,
};

/// The ground, in `at_ground`, of a match whose file names none.
pub(super) const NO_GROUND: i64 = 0;

impl Filed {
    /// The number of the person at a place.
    fn person(&self, place: u8) -> Option<i64> {
        self.people.get(usize::from(place)).copied()
    }
}

/// The team that bats in an innings.
fn batting_side(innings: &[InningsTally], number: u8) -> &str {
    innings.iter().find(|innings| innings.number == number).map_or("", |innings| &innings.team)
}

impl Keeper<'_> {
    pub(super) fn batting_rows(
        &mut self,
        filed: &Filed,
        facts: &Facts<'_>,
        innings: &[InningsTally],
        figures: &Figures,
    ) -> rusqlite::Result<()> {
        let mut sums: BTreeMap<i64, [u32; 24]> = BTreeMap::new();
        for ((place, number), batting) in &figures.batting {
            let Some(person) = filed.person(*place) else { continue };
            let own = so_far::batting(batting);
            let team = batting_side(innings, *number);
            let (side, against) = (
                self.memory.numbers.side(self.store, team)?,
                self.memory.numbers.side(self.store, facts.against(team))?,
            );
            let [early, _, late] = &batting.parts;
            let [_, _, runs, balls, fours, sixes, dots, ..] = own;
            self.store
                .prepare_cached(
                    "INSERT INTO batting VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
                     ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29)",
                )?
                .execute(params![
                    person,
                    filed.class,
                    filed.day,
                    filed.no,
                    number,
                    batting.position,
                    runs,
                    balls,
                    fours,
                    sixes,
                    dots,
                    batting.out,
                    batting.credited,
                    side,
                    against,
                    filed.ground,
                    filed.contest,
                    early.balls,
                    early.runs,
                    early.dots,
                    early.fours,
                    early.sixes,
                    early.outs,
                    late.balls,
                    late.runs,
                    late.dots,
                    late.fours,
                    late.sixes,
                    late.outs,
                ])?;
            sums.entry(person).and_modify(|sums| so_far::add_innings(sums, &own)).or_insert(own);
        }
        for (person, own) in sums {
            self.memory.batting.add(self.store, &BATTING_SQL, person, filed.class, filed.day, &own)?;
        }
        Ok(())
    }

    pub(super) fn bowling_rows(
        &mut self,
        filed: &Filed,
        facts: &Facts<'_>,
        innings: &[InningsTally],
        figures: &Figures,
    ) -> rusqlite::Result<()> {
        let mut sums: BTreeMap<i64, [u32; 19]> = BTreeMap::new();
        for ((place, number), bowling) in &figures.bowling {
            let Some(person) = filed.person(*place) else { continue };
            let own = so_far::bowling(bowling);
            let team = batting_side(innings, *number);
            let (side, against) = (
                self.memory.numbers.side(self.store, facts.against(team))?,
                self.memory.numbers.side(self.store, team)?,
            );
            let [early, _, late] = &bowling.parts;
            let [_, _, balls, runs, wickets, dots, faced, bat, ..] = own;
            self.store
                .prepare_cached(
                    "INSERT INTO bowling VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
                     ?17, ?18, ?19, ?20, ?21, ?22, ?23)",
                )?
                .execute(params![
                    person,
                    filed.class,
                    filed.day,
                    filed.no,
                    number,
                    balls,
                    runs,
                    wickets,
                    dots,
                    faced,
                    bat,
                    side,
                    against,
                    filed.ground,
                    filed.contest,
                    early.balls,
                    early.runs,
                    early.wickets,
                    early.dots,
                    late.balls,
                    late.runs,
                    late.wickets,
                    late.dots,
                ])?;
            sums.entry(person).and_modify(|sums| so_far::add_innings(sums, &own)).or_insert(own);
        }
        for (person, own) in sums {
            self.memory.bowling.add(self.store, &BOWLING_SQL, person, filed.class, filed.day, &own)?;
        }
        Ok(())
    }

    /// How the match went at its ground, in its era, and for the side that chased.
    pub(super) fn course(
        &mut self,
        filed: &Filed,
        facts: &Facts<'_>,
        innings: &[InningsTally],
    ) -> rusqlite::Result<()> {
        let Some(course) = facts.course(innings) else { return Ok(()) };
        let (setter, chaser) = (
            self.memory.numbers.side(self.store, course.setter)?,
            self.memory.numbers.side(self.store, course.chaser)?,
        );
        let (class, day, no) = (filed.class, filed.day, filed.no);
        self.store
            .prepare_cached("INSERT INTO at_ground VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")?
            .execute(params![
                filed.ground.unwrap_or(NO_GROUND),
                class,
                day,
                no,
                course.first,
                setter,
                chaser,
                course.target,
                course.made,
                course.made_wickets,
                course.chase as u8,
                course.ruled,
            ])?;
        if let Some(first) = course.first {
            for (sql, time) in [
                (
                    "INSERT INTO first_innings VALUES (?1, ?2, 1, ?3)
                     ON CONFLICT DO UPDATE SET innings = innings + 1, runs = runs + excluded.runs",
                    day,
                ),
                (
                    "INSERT INTO first_innings_month VALUES (?1, ?2, 1, ?3)
                     ON CONFLICT DO UPDATE SET innings = innings + 1, runs = runs + excluded.runs",
                    day / 100,
                ),
            ] {
                self.store.prepare_cached(sql)?.execute((class, time, first))?;
            }
        }
        if let (Some(target), Some(made), Some(wickets)) = (course.target, course.made, course.made_wickets)
            && course.chase != Chase::Open
        {
            self.store.prepare_cached("INSERT INTO chase VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?.execute(
                params![chaser, class, day, no, setter, target, made, wickets, course.chase as u8, course.ruled],
            )?;
        }
        Ok(())
    }
}

pub(super) fn duels(store: &Connection, filed: &Filed, figures: &Figures) -> rusqlite::Result<()> {
    let mut insert = store.prepare_cached("INSERT INTO duel VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?;
    for ((batter, bowler), sums) in &figures.duels {
        insert.execute(params![
            filed.person(*batter),
            filed.person(*bowler),
            filed.class,
            filed.day,
            filed.no,
            sums.balls,
            sums.runs,
            sums.dots,
            sums.fours,
            sums.sixes,
            sums.dismissals
        ])?;
    }
    Ok(())
}

pub(super) fn stands(store: &Connection, filed: &Filed, figures: &Figures) -> rusqlite::Result<()> {
    let mut insert = store.prepare_cached("INSERT INTO stand VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
    let mut counted = (0, 0_u32);
    for stand in &figures.stands {
        counted = (stand.innings, if counted.0 == stand.innings { counted.1 + 1 } else { 1 });
        let (Some(one), Some(other)) = (filed.person(stand.pair.0), filed.person(stand.pair.1)) else { continue };
        insert.execute(params![
            one.min(other),
            one.max(other),
            filed.class,
            filed.day,
            filed.no,
            stand.innings,
            counted.1,
            stand.runs,
            stand.balls
        ])?;
    }
    Ok(())
}
