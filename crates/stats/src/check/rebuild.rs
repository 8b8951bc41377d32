//! Matches read back from the store, and a store made from them.

use cricket::{
    cricsheet::{CricsheetInnings, CricsheetMatch, CricsheetOver},
    event::{Delivery, Ext, InningsEnd, InningsKind, InningsStart, MatchInfo, Runs, Target, Wicket},
    player::{PersonId, PlayerRef},
};
use rusqlite::{Connection, Row};
use serde_json::json;

use super::{Check, compare::numbered};
use crate::{
    class::{Class, Gender, Level},
    day::Day,
    keep::{Keeper, Memory},
    pack::{StoredBall, unpack},
    reader::ReadMatch,
    schema,
    source::Progress,
    tally::tally,
};

/// Penalty runs of an innings that belong to no ball, at most: the store keeps them only in the total, so that a total
/// further off is wrong.
const MOST_PENALTY_RUNS: u32 = 60;

/// Makes a scratch store from the deliveries of a store; what cannot be read is a fault.
pub(super) fn rebuild(
    store: &Connection,
    check: &mut Check,
    progress: &mut dyn FnMut(&Progress),
) -> rusqlite::Result<Connection> {
    let again = scratch(store)?;
    let total: i64 = store.query_row("SELECT count(*) FROM match", [], |row| row.get(0))?;
    let mut seen = Progress { total: u64::try_from(total).unwrap_or(0), ..Progress::default() };
    let mut memory = Memory::default();
    let mut keeper = Keeper::new(&again, &mut memory);
    let mut query = store.prepare("SELECT * FROM match ORDER BY no")?;
    let mut rows = query.query([])?;
    again.execute_batch("BEGIN")?;
    while let Some(row) = rows.next()? {
        let id: String = row.get("id")?;
        let read = match read(store, row) {
            Ok(read) => read,
            Err(reason) => {
                check.fault(Some(&id), reason);
                continue;
            }
        };
        check.matches += 1;
        check.deliveries += read.played.deliveries().count() as u64;
        match tally(&read.played) {
            Ok(tally) => {
                number_next(&again, row.get("no")?)?;
                keeper.put(&read, &tally, row.get("fingerprint")?)?;
            }
            Err(error) => check.fault(Some(&id), error.to_string()),
        }
        (seen.files, seen.done, seen.deliveries) = (check.matches, check.matches, check.deliveries);
        progress(&seen);
    }
    again.execute_batch("COMMIT")?;
    Ok(again)
}

/// An empty store that goes when it is closed, in which every name has the number that it has in the other.
fn scratch(store: &Connection) -> rusqlite::Result<Connection> {
    // No path: SQLite keeps it in its cache, and in a nameless temporary file as far as it does not fit.
    let again = schema::scratch()?;
    for table in numbered(store)? {
        let mut query = store.prepare(&format!("SELECT * FROM \"{table}\""))?;
        let width = query.column_count();
        let places: Vec<String> = (1..=width).map(|place| format!("?{place}")).collect();
        let mut put = again.prepare(&format!("INSERT INTO \"{table}\" VALUES ({})", places.join(", ")))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let values: Vec<rusqlite::types::Value> =
                (0..width).map(|column| row.get(column)).collect::<rusqlite::Result<_>>()?;
            put.execute(rusqlite::params_from_iter(values))?;
        }
    }
    Ok(again)
}

/// Has the next match put in be given this number: SQLite gives one more than the highest.
fn number_next(again: &Connection, no: i64) -> rusqlite::Result<()> {
    let highest: i64 = again.query_row("SELECT coalesce(max(no), 0) FROM match", [], |row| row.get(0))?;
    if highest + 1 < no {
        let before =
            "INSERT INTO match (no, id, class, day, match_type, balls_per_over, team1, team2, revision, fingerprint)
                      VALUES (?1 - 1, '', 0, 0, '', 6, '', '', 0, 0)";
        again.execute(before, [no])?;
        // The highest number stays known as long as its row is there: it goes once the match has come.
        again.execute_batch(
            "CREATE TEMP TRIGGER IF NOT EXISTS gap AFTER INSERT ON match WHEN new.id <> ''
             BEGIN DELETE FROM match WHERE id = ''; END",
        )?;
    }
    Ok(())
}

/// A match as it would have been read from its file, as far as the store keeps it.
fn read(store: &Connection, row: &Row<'_>) -> Result<ReadMatch, String> {
    let said = |error: rusqlite::Error| format!("cannot be read: {error}");
    let info = info(row).map_err(said)?;
    let info: MatchInfo = serde_json::from_value(info).map_err(|error| format!("its facts do not fit: {error}"))?;
    let end = end(row).map_err(said)?;
    let end = serde_json::from_value(end).map_err(|error| format!("its result does not fit: {error}"))?;
    let no: i64 = row.get("no").map_err(said)?;
    let people = people(store, no).map_err(said)?;
    let innings = innings(store, no, &people).map_err(said)?;
    for (innings, lost) in &innings {
        if *lost {
            return Err(format!("the deliveries of innings {} cannot be read back", innings.start.innings));
        }
    }
    let innings = innings.into_iter().map(|(innings, _)| innings).collect();
    Ok(ReadMatch {
        id: row.get("id").map_err(said)?,
        revision: row.get("revision").map_err(said)?,
        played: CricsheetMatch { meta: Ext::new(), info, end: Some(end), innings, ext: Ext::new() },
    })
}

fn info(row: &Row<'_>) -> rusqlite::Result<serde_json::Value> {
    let text = |column: &str| row.get::<_, Option<String>>(column);
    let class = Class::from_code(row.get("class")?);
    let gender = class.map(|class| match class.gender {
        Gender::Female => "female",
        Gender::Male => "male",
    });
    let level = class.map(|class| match class.level {
        Level::International => "international",
        Level::Club => "club",
    });
    Ok(json!({
        "teams": [text("team1")?, text("team2")?],
        "match_type": text("match_type")?,
        "gender": gender,
        "team_type": level,
        "venue": text("venue")?,
        "city": text("city")?,
        "dates": [Day::from_number(row.get("day")?).to_string()],
        "season": text("season")?,
        "event": text("event")?.map(|name| json!({ "name": name })),
        "overs": row.get::<_, Option<u16>>("overs")?,
        "balls_per_over": row.get::<_, u16>("balls_per_over")?,
    }))
}

fn end(row: &Row<'_>) -> rusqlite::Result<serde_json::Value> {
    let text = |column: &str| row.get::<_, Option<String>>(column);
    Ok(json!({ "outcome": { "winner": text("winner")?, "result": text("result")?, "method": text("method")? } }))
}

/// Who took part, by the places that packed deliveries use.
fn people(store: &Connection, no: i64) -> rusqlite::Result<Vec<PlayerRef>> {
    let sql = "SELECT p.id, a.name FROM part JOIN person p ON p.no = part.person JOIN alias a ON a.no = part.name
         WHERE part.match = ?1 ORDER BY part.place";
    store
        .prepare_cached(sql)?
        .query_map([no], |row| Ok(PlayerRef::new(row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?
        .collect()
}

/// The innings of a match, each with whether deliveries of it are lost.
fn innings(store: &Connection, no: i64, people: &[PlayerRef]) -> rusqlite::Result<Vec<(CricsheetInnings, bool)>> {
    let ids: Vec<PersonId> = people.iter().map(|player| player.id.clone()).collect();
    let sql = "SELECT number, team, super_over, target, runs, deliveries, balls FROM innings WHERE match = ?1 ORDER BY number";
    let mut query = store.prepare_cached(sql)?;
    let read = query.query_map([no], |row| {
        let (number, team): (u8, String) = (row.get("number")?, row.get("team")?);
        let kind = if row.get("super_over")? { InningsKind::SuperOver } else { InningsKind::Normal };
        let target = row.get::<_, Option<u32>>("target")?.map(|runs| Target { runs, overs: None, balls: None });
        let (runs, deliveries): (u32, u32) = (row.get("runs")?, row.get("deliveries")?);
        let balls = unpack(&row.get::<_, Vec<u8>>("balls")?, &ids);
        let lost = (balls.len() as u64) < u64::from(deliveries);
        let overs = overs(number, balls, people);
        let on_balls: u32 = overs.iter().flat_map(|over| &over.deliveries).map(|ball| u32::from(ball.runs.total)).sum();
        let penalty = runs.checked_sub(on_balls).filter(|runs| (1..=MOST_PENALTY_RUNS).contains(runs));
        let start = InningsStart {
            innings: number,
            team: team.into(),
            kind,
            target,
            penalty_pre: penalty.and_then(|runs| u16::try_from(runs).ok()),
            openers: Vec::new(),
            forfeited: false,
            follow_on: false,
            ext: Ext::new(),
        };
        let end = InningsEnd { innings: number, ..InningsEnd::default() };
        Ok((CricsheetInnings { start, powerplays: Vec::new(), overs, end }, lost))
    })?;
    read.collect()
}

fn overs(innings: u8, balls: Vec<StoredBall>, people: &[PlayerRef]) -> Vec<CricsheetOver> {
    let mut overs: Vec<CricsheetOver> = Vec::new();
    for ball in balls {
        let over = ball.over;
        let delivery = delivery(innings, ball, people);
        match overs.last_mut().filter(|last| last.over == over) {
            Some(last) => last.deliveries.push(delivery),
            None => overs.push(CricsheetOver { over, deliveries: vec![delivery], ext: Ext::new() }),
        }
    }
    overs
}

fn delivery(innings: u8, ball: StoredBall, people: &[PlayerRef]) -> Delivery {
    let named = |id: &PersonId| {
        let known = people.iter().find(|player| player.id == *id);
        known.cloned().unwrap_or_else(|| PlayerRef { id: id.clone(), name: id.0.clone() })
    };
    let extras = ball.extras;
    let more = extras.wides + extras.noballs + extras.byes + extras.legbyes + extras.penalty;
    let bat = u16::from(ball.bat);
    let wicket = |(kind, out): (cricket::event::DismissalKind, PersonId)| Wicket {
        kind,
        player_out: named(&out),
        fielders: Vec::new(),
        ext: Ext::new(),
    };
    Delivery {
        runs: Runs { bat, extras: more, total: bat + more, non_boundary: ball.non_boundary },
        extras,
        wickets: ball.wickets.into_iter().map(wicket).collect(),
        ..Delivery::dot(
            (innings, ball.over, u16::from(ball.pos)),
            named(&ball.batter),
            named(&ball.non_striker),
            named(&ball.bowler),
        )
    }
}
