//! `vachak archive person`: who goes by a name, and what the archive holds of one.

use std::{io::Write, process::ExitCode};

use serde::Serialize;
use stats::{Archive, BatterRecord, BowlerRecord, Day, Person};

use super::{
    super::exit,
    Store,
    ask::{Table, list},
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    store: Store,
    /// As JSON: all people found, with their records.
    #[arg(long)]
    json: bool,
    /// An id, a name such as 'V Kohli', or a part of one.
    name: String,
}

/// A person and the records of each kind of cricket.
#[derive(Serialize)]
struct Profile {
    #[serde(flatten)]
    person: Person,
    batting: Vec<BatterRecord>,
    bowling: Vec<BowlerRecord>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let archive = Archive::open_read_only(&args.store.path()?)?;
    let people = archive.people(&args.name)?;
    let mut out = anstream::stdout();
    if args.json {
        let found = people.into_iter().map(|person| profile(&archive, person)).collect::<anyhow::Result<Vec<_>>>()?;
        writeln!(out, "{}", serde_json::to_string_pretty(&found)?)?;
        return Ok(ExitCode::from(if found.is_empty() { exit::USER } else { 0 }));
    }
    let [person] = &people[..] else {
        list(&people, &args.name)?;
        return Ok(ExitCode::from(exit::USER));
    };
    tell(&mut out, &profile(&archive, person.clone())?)?;
    Ok(ExitCode::SUCCESS)
}

fn profile(archive: &Archive, person: Person) -> anyhow::Result<Profile> {
    let (mut batting, mut bowling) = (Vec::new(), Vec::new());
    for played in &person.matches {
        batting.extend(archive.batter_record(&person.id, played.scope, Day::END)?);
        bowling.extend(archive.bowler_record(&person.id, played.scope, Day::END)?);
    }
    Ok(Profile { person, batting, bowling })
}

fn tell(out: &mut impl Write, profile: &Profile) -> std::io::Result<()> {
    let Profile { person, batting, bowling } = profile;
    writeln!(out, "{} ({})", person.name, person.id)?;
    if person.names.len() > 1 {
        writeln!(out, "  names: {}", person.names.join(", "))?;
    }
    if let Some((first, last)) = person.years {
        writeln!(out, "  years: {first} to {last}")?;
    }
    writeln!(out, "  sides: {}", person.sides.join(", "))?;
    for played in &person.matches {
        writeln!(out, "  {:>4} {}", played.matches, played.scope)?;
    }
    let rate = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}"));
    let text = |number: u32| number.to_string();
    let batted = batting.iter().map(|record| {
        let highest = format!("{}{}", record.highest, if record.highest_not_out { "*" } else { "" });
        let (scope, since) = (record.sample.scope.to_string(), record.sample.since_year.to_string());
        let (innings, runs) = (text(record.innings), text(record.runs));
        vec![scope, since, innings, runs, rate(record.average()), rate(record.strike_rate()), highest]
    });
    let columns = vec!["<batting", "since", "inns", "runs", "ave", "SR", "HS"];
    write!(out, "{}", Table::of_many(columns, batted.collect()))?;
    let bowled = bowling.iter().map(|record| {
        let best = format!("{}/{}", record.best_wickets, record.best_runs);
        let (scope, since) = (record.sample.scope.to_string(), record.sample.since_year.to_string());
        let (innings, wickets) = (text(record.innings), text(record.wickets));
        vec![scope, since, innings, wickets, rate(record.average()), rate(record.economy()), best]
    });
    let columns = vec!["<bowling", "since", "inns", "wkts", "ave", "econ", "best"];
    write!(out, "{}", Table::of_many(columns, bowled.collect()))
}
