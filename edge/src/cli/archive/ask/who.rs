//! Who is meant, and which kind of cricket.

use std::{cmp::Reverse, io::Write};

use anyhow::bail;
use clap::ValueEnum;
use stats::{Archive, Class, Format, Gender, Level, Person, Scope};

/// The kind of cricket asked for.
#[derive(Debug, clap::Args)]
pub(super) struct Kind {
    /// Format.
    #[arg(long, global = true)]
    format: Option<FormatName>,
    /// Whose cricket.
    #[arg(long, global = true)]
    gender: Option<GenderName>,
    /// Between countries, or between clubs, states and counties; or both counted together.
    #[arg(long, global = true)]
    level: Option<LevelName>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatName {
    T20,
    Hundred,
    OneDay,
    LongForm,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum GenderName {
    Female,
    Male,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LevelName {
    International,
    Club,
    Both,
}

impl Kind {
    /// The kinds of those asked for that this person has played, the most played first.
    pub(super) fn of_person(&self, person: &Person) -> anyhow::Result<Vec<Scope>> {
        let played = person.matches.iter().filter_map(|held| {
            let (format, gender) = (held.scope.format, held.scope.gender);
            Some((Class { format, gender, level: held.scope.level? }, u64::from(held.matches)))
        });
        self.most(played)
    }

    /// The kinds of those asked for, those of which most is held first.
    pub(super) fn of_archive(&self, archive: &Archive) -> anyhow::Result<Vec<Scope>> {
        self.most(archive.info()?.classes.iter().map(|held| (held.class, held.matches)))
    }

    fn most(&self, held: impl Iterator<Item = (Class, u64)>) -> anyhow::Result<Vec<Scope>> {
        let format = self.format.map(|name| match name {
            FormatName::T20 => Format::T20,
            FormatName::Hundred => Format::Hundred,
            FormatName::OneDay => Format::OneDay,
            FormatName::LongForm => Format::LongForm,
        });
        let gender = self.gender.map(|name| match name {
            GenderName::Female => Gender::Female,
            GenderName::Male => Gender::Male,
        });
        let level = self.level.and_then(|name| match name {
            LevelName::International => Some(Level::International),
            LevelName::Club => Some(Level::Club),
            LevelName::Both => None,
        });
        let asked = |class: &Class| {
            format.is_none_or(|format| format == class.format)
                && gender.is_none_or(|gender| gender == class.gender)
                && level.is_none_or(|level| level == class.level)
        };
        let mut held: Vec<_> = held.filter(|(class, matches)| asked(class) && *matches > 0).collect();
        held.sort_by_key(|(_, matches)| Reverse(*matches));
        let scope = |class| if self.level == Some(LevelName::Both) { Scope::around(class) } else { Scope::of(class) };
        let scopes: Vec<Scope> = held.into_iter().map(|(class, _)| scope(class)).collect();
        if scopes.is_empty() {
            bail!("no matches of this kind are held; hint: leave out --format, --gender or --level, or ask for others")
        }
        Ok(scopes)
    }
}

/// What a name led to.
pub(super) enum Found {
    One(Box<Person>),
    /// Nobody, or several, which was said.
    Unclear,
}

/// Finds the one person of an id or a name; lists them on stderr where there are several.
pub(super) fn find(archive: &Archive, text: &str) -> anyhow::Result<Found> {
    let mut people = archive.people(text)?;
    if people.len() == 1
        && let Some(person) = people.pop()
    {
        return Ok(Found::One(Box::new(person)));
    }
    list(&people, text)?;
    Ok(Found::Unclear)
}

/// Says on stderr that nobody, or who, goes by a name.
pub(in super::super) fn list(people: &[Person], text: &str) -> Result<(), std::io::Error> {
    let mut out = anstream::stderr();
    if people.is_empty() {
        return writeln!(
            out,
            "error: nobody in the archive goes by '{text}'\nhint: names are as on scorecards, such as 'V Kohli'; part of a name finds all who have it"
        );
    }
    writeln!(out, "error: {} people go by '{text}':", people.len())?;
    for person in people {
        let years = match person.years {
            None => String::new(),
            Some((first, last)) if first == last => format!("{first}, "),
            Some((first, last)) => format!("{first}–{last}, "),
        };
        writeln!(out, "  {}  {}: {years}{}", person.id, person.name, person.sides.join(", "))?;
    }
    writeln!(out, "hint: give the id of the one who is meant")
}
