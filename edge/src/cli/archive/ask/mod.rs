//! `vachak archive ask-raw`: any question to the archive, as a table or as JSON. `words` makes the tables, `who` finds out
//! who and which kind of cricket is meant.

mod who;
mod words;

use std::{io::Write, process::ExitCode};

use clap::{Subcommand, ValueEnum};
use cricket::player::PersonId;
use serde::Serialize;
use stats::{Archive, Day, RankingKind, Scope, Season};

pub(super) use self::who::list;
use self::{
    who::{Found, Kind},
    words::Told,
};
use super::{super::exit, Store};
pub(super) use crate::terminal::table::Table;

/// Asks the archive one question and prints the figures as they are held.
///
/// People are named by their id or by a name, such as 'V Kohli'; of several people of one name all are listed. Without
/// --format, --gender and --level the kind of cricket is the one in which the first person named has played most, or, for
/// a ground, a side or a season, the one of which most is held; where that has no answer, the next.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    store: Store,
    #[command(flatten)]
    kind: Kind,
    /// Count only matches begun before this day, such as 2024-05-31.
    #[arg(long, value_name = "DAY", global = true)]
    before: Option<Day>,
    /// As JSON; `null` where nothing is held.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    question: Question,
}

/// A ground by its name, and its city where there are several of the name.
#[derive(Debug, clap::Args)]
struct Ground {
    /// The ground, such as 'Eden Gardens'.
    venue: String,
    /// Its city, where several grounds go by the name.
    #[arg(long)]
    city: Option<String>,
}

impl Ground {
    fn name(&self) -> (&str, Option<&str>) {
        (&self.venue, self.city.as_deref())
    }
}

/// A season of a competition.
#[derive(Debug, clap::Args)]
struct Of {
    /// The competition, such as 'Indian Premier League'.
    #[arg(long)]
    event: String,
    /// The season, such as 2024 or 2023/24.
    #[arg(long)]
    season: String,
}

impl Of {
    fn season(&self) -> Season<'_> {
        Season { event: &self.event, season: &self.season }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum By {
    Runs,
    Fours,
    Sixes,
    Wickets,
    StrikeRate,
    Economy,
}

#[derive(Debug, Subcommand)]
enum Question {
    /// A batter against a bowler.
    Duel { batter: String, bowler: String },
    /// A batter's record.
    Batter { batter: String },
    /// A bowler's record.
    Bowler { bowler: String },
    /// A batter in the powerplay, the middle overs and at the death (without a limit: new ball, old ball, second new ball).
    BatterPhases { batter: String },
    /// A bowler by the same phases.
    BowlerPhases { bowler: String },
    /// A batter at a ground.
    BatterAt {
        batter: String,
        #[command(flatten)]
        ground: Ground,
    },
    /// A bowler at a ground.
    BowlerAt {
        bowler: String,
        #[command(flatten)]
        ground: Ground,
    },
    /// A batter's last five innings, against the record before them.
    BatterForm { batter: String },
    /// The last five innings that a bowler has bowled in, against the record before them.
    BowlerForm { bowler: String },
    /// A person's figures in a season of a competition.
    Season {
        person: String,
        #[command(flatten)]
        of: Of,
    },
    /// Two batters together.
    Pair { one: String, other: String },
    /// Chases at a ground.
    ChasesAt(Ground),
    /// Chases of a side, such as 'India'.
    ChasesBy { side: String },
    /// The highest and the lowest total defended at a ground.
    Defended(Ground),
    /// What a first innings has come to at a ground over the last years.
    Par {
        #[command(flatten)]
        ground: Ground,
        /// How many years back.
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..200))]
        years: u16,
    },
    /// A person's next milestones in our records.
    Milestones { person: String },
    /// Who leads a season of a competition.
    Ranking {
        /// By what.
        by: By,
        #[command(flatten)]
        of: Of,
        /// For rates: people with fewer balls are left out.
        #[arg(long, value_name = "BALLS", default_value_t = 60)]
        least: u32,
        /// How many to list.
        #[arg(long, default_value_t = 10)]
        top: usize,
    },
}

/// Answers the question.
///
/// # Errors
/// When the archive cannot be asked, or stdout cannot be written.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let archive = Archive::open_read_only(&args.store.path()?)?;
    let asking = Asking { archive: &archive, args, before: args.before.unwrap_or(Day::END) };
    asking.run()
}

struct Asking<'a> {
    archive: &'a Archive,
    args: &'a Args,
    before: Day,
}

impl Asking<'_> {
    fn run(&self) -> anyhow::Result<ExitCode> {
        let (archive, before) = (self.archive, self.before);
        match &self.args.question {
            Question::Duel { batter, bowler } => self
                .of_two(batter, bowler, |batter, bowler, scope| archive.batter_v_bowler(batter, bowler, scope, before)),
            Question::Pair { one, other } => {
                self.of_two(one, other, |one, other, scope| archive.partnership(one, other, scope, before))
            }
            Question::Batter { batter } => self.of_one(batter, |id, scope| archive.batter_record(id, scope, before)),
            Question::Bowler { bowler } => self.of_one(bowler, |id, scope| archive.bowler_record(id, scope, before)),
            Question::BatterPhases { batter } => {
                self.of_one(batter, |id, scope| archive.batter_phases(id, scope, before))
            }
            Question::BowlerPhases { bowler } => {
                self.of_one(bowler, |id, scope| archive.bowler_phases(id, scope, before))
            }
            Question::BatterAt { batter, ground } => {
                self.of_one(batter, |id, scope| archive.batter_at(id, ground.name(), scope, before))
            }
            Question::BowlerAt { bowler, ground } => {
                self.of_one(bowler, |id, scope| archive.bowler_at(id, ground.name(), scope, before))
            }
            Question::BatterForm { batter } => self.of_one(batter, |id, scope| archive.batter_form(id, scope, before)),
            Question::BowlerForm { bowler } => self.of_one(bowler, |id, scope| archive.bowler_form(id, scope, before)),
            Question::Season { person, of } => {
                self.of_one(person, |id, scope| archive.season_figures(id, of.season(), scope, before))
            }
            Question::Milestones { person } => self.of_one(person, |id, scope| {
                let next = archive.milestones(id, scope, before)?;
                Ok((!next.is_empty()).then_some(next))
            }),
            Question::ChasesAt(ground) => {
                self.of_all(&ground.venue, |scope| archive.chases_at(ground.name(), scope, before))
            }
            Question::ChasesBy { side } => self.of_all(side, |scope| archive.chases_by(side, scope, before)),
            Question::Defended(ground) => {
                self.of_all(&ground.venue, |scope| archive.defended_at(ground.name(), scope, before))
            }
            Question::Par { ground, years } => {
                self.of_all(&ground.venue, |scope| archive.par_at(ground.name(), *years, scope, before))
            }
            Question::Ranking { by, of, least, top } => {
                let kind = match by {
                    By::Runs => RankingKind::Runs,
                    By::Fours => RankingKind::Fours,
                    By::Sixes => RankingKind::Sixes,
                    By::Wickets => RankingKind::Wickets,
                    By::StrikeRate => RankingKind::StrikeRate,
                    By::Economy => RankingKind::Economy,
                };
                let what = format!("{} {}", of.event, of.season);
                self.of_all(&what, |scope| archive.ranking(kind, of.season(), scope, before, *least, *top))
            }
        }
    }

    fn of_one<T: Told + Serialize>(
        &self,
        person: &str,
        ask: impl Fn(&PersonId, Scope) -> Result<Option<T>, stats::ArchiveError>,
    ) -> anyhow::Result<ExitCode> {
        let Found::One(person) = who::find(self.archive, person)? else { return Ok(ExitCode::from(exit::USER)) };
        self.print(&person.name, &self.args.kind.of_person(&person)?, |scope| ask(&person.id, scope))
    }

    fn of_two<T: Told + Serialize>(
        &self,
        one: &str,
        other: &str,
        ask: impl Fn(&PersonId, &PersonId, Scope) -> Result<Option<T>, stats::ArchiveError>,
    ) -> anyhow::Result<ExitCode> {
        let Found::One(one) = who::find(self.archive, one)? else { return Ok(ExitCode::from(exit::USER)) };
        let Found::One(other) = who::find(self.archive, other)? else { return Ok(ExitCode::from(exit::USER)) };
        let what = format!("{} and {}", one.name, other.name);
        self.print(&what, &self.args.kind.of_person(&one)?, |scope| ask(&one.id, &other.id, scope))
    }

    fn of_all<T: Told + Serialize>(
        &self,
        what: &str,
        ask: impl Fn(Scope) -> Result<Option<T>, stats::ArchiveError>,
    ) -> anyhow::Result<ExitCode> {
        self.print(what, &self.args.kind.of_archive(self.archive)?, ask)
    }

    /// Asks of one kind of cricket after the other until there is an answer, and prints it.
    fn print<T: Told + Serialize>(
        &self,
        what: &str,
        scopes: &[Scope],
        ask: impl Fn(Scope) -> Result<Option<T>, stats::ArchiveError>,
    ) -> anyhow::Result<ExitCode> {
        let mut answer = None;
        for scope in scopes {
            answer = ask(*scope)?;
            if answer.is_some() {
                break;
            }
        }
        let mut out = anstream::stdout();
        if self.args.json {
            writeln!(out, "{}", serde_json::to_string_pretty(&answer)?)?;
        } else if let Some(answer) = answer {
            let before = self.args.before.map_or(String::new(), |day| format!(", before {day}"));
            write!(out, "{}", answer.table(&format!("{what}: "), &before))?;
        } else {
            let kinds: Vec<String> = scopes.iter().map(ToString::to_string).collect();
            writeln!(anstream::stderr(), "{what}: nothing is held of {}", kinds.join(", "))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
