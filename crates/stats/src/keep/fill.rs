//! The figures of a store of an earlier version, made from the deliveries it holds: nobody needs the files again.

use std::borrow::Cow;

use rusqlite::{Connection, OptionalExtension, Row};

use super::{Filed, Keeper, Memory};
use crate::{class::Class, facts::Facts, figures::Figures, tally::InningsTally};

/// Makes the figures of every match from its packed deliveries, in the order of days. The tables of figures are empty.
pub(crate) fn fill(store: &Connection) -> rusqlite::Result<()> {
    let matches: Vec<i64> = store
        .prepare("SELECT no FROM match ORDER BY day, no")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut memory = Memory::default();
    let mut keeper = Keeper::new(store, &mut memory);
    for no in matches {
        let facts = store
            .prepare_cached(
                "SELECT class, day, overs, balls_per_over, season, event, venue, city, team1, team2, winner, result, method
                 FROM match WHERE no = ?1",
            )?
            .query_row([no], facts)
            .optional()?
            .flatten();
        // A class that no program has written: only a damaged store has it, and no question asks for it.
        let Some(facts) = facts else { continue };
        let (ground, contest) = keeper.places(&facts)?;
        store
            .prepare_cached("UPDATE match SET ground = ?2, contest = ?3 WHERE no = ?1")?
            .execute((no, ground, contest))?;
        let people = store
            .prepare_cached("SELECT person FROM part WHERE match = ?1 ORDER BY place")?
            .query_map([no], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let innings = store
            .prepare_cached(
                "SELECT number, team, super_over, target, runs, wickets, legal_balls, deliveries, balls FROM innings
                 WHERE match = ?1 ORDER BY number",
            )?
            .query_map([no], innings)?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let filed = Filed { no, class: facts.class.code(), day: facts.day, ground, contest, people };
        keeper.figures(&filed, &facts, &innings, &Figures::of(facts.cuts(), &innings))?;
    }
    Ok(())
}

fn facts(row: &Row<'_>) -> rusqlite::Result<Option<Facts<'static>>> {
    let text = |at| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(at)?.map(Cow::Owned));
    let Some(class) = Class::from_code(row.get(0)?) else { return Ok(None) };
    Ok(Some(Facts {
        class,
        day: row.get(1)?,
        overs: row.get(2)?,
        balls_per_over: row.get(3)?,
        season: text(4)?,
        event: text(5)?,
        venue: text(6)?,
        city: text(7)?,
        sides: [Cow::Owned(row.get(8)?), Cow::Owned(row.get(9)?)],
        winner: text(10)?,
        result: text(11)?,
        method: text(12)?,
    }))
}

fn innings(row: &Row<'_>) -> rusqlite::Result<InningsTally> {
    Ok(InningsTally {
        number: row.get(0)?,
        team: row.get::<_, String>(1)?.into(),
        super_over: row.get(2)?,
        target: row.get(3)?,
        runs: row.get(4)?,
        wickets: row.get(5)?,
        legal_balls: row.get(6)?,
        deliveries: row.get(7)?,
        packed: row.get(8)?,
    })
}
