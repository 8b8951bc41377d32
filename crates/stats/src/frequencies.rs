//! How often each outcome follows each situation, counted from match files: what the match simulator plays by.

use std::path::Path;

use cricket::{
    cricsheet::CricsheetMatch,
    event::{Delivery, InningsKind},
    simulate::{Cell, Format, Frequencies, Gender, Outcome, Situation},
};

use crate::{
    day::Day,
    reader,
    source::{BadFile, Progress, SourceError, each_match},
};

/// What was counted, and what was not.
#[derive(Debug, Default)]
pub struct Measured {
    /// The table.
    pub frequencies: Frequencies,
    /// Matches counted.
    pub matches: u64,
    /// Matches left out by the rules of [`Measured::add`].
    pub left_out: u64,
    /// Files that could not be read.
    pub bad: Vec<BadFile>,
}

impl Measured {
    /// Counts the match files of a path: a `.json` file, a folder, a `.tar.zst`.
    ///
    /// # Errors
    /// The path cannot be read.
    pub fn add_path(
        &mut self,
        path: &Path,
        since: Day,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(), SourceError> {
        let mut seen = Progress::default();
        each_match(path, |item| {
            seen.files += 1;
            (seen.done, seen.total) = (item.done, item.total);
            let read = item.content.and_then(|bytes| {
                let id = reader::match_id(item.name).map_err(|error| error.to_string())?;
                reader::read(id, bytes).map_err(|error| error.to_string())
            });
            match read {
                Ok(read) => seen.deliveries += self.add(&read.played, since),
                Err(reason) => self.bad.push(BadFile { name: item.name.to_owned(), reason }),
            }
            progress(&seen);
            Ok(())
        })
    }

    /// Counts one match, if it is of the kind that is simulated: begun on the day or later, six balls an over, of the
    /// full number of overs, decided by the score alone (no D/L or the like), a T20 between clubs or a fifty-over match.
    /// Gives the deliveries counted.
    pub fn add(&mut self, played: &CricsheetMatch, since: Day) -> u64 {
        let Some((format, gender, day)) = kind(played, since) else {
            self.left_out += 1;
            return 0;
        };
        self.matches += 1;
        let table = self.frequencies.entry(format, gender);
        table.add_match(day);
        // What the side that sets has made, for files that give no target.
        let mut set = 0;
        let mut counted = 0;
        for innings in played.innings.iter().filter(|innings| innings.start.kind == InningsKind::Normal).take(2) {
            let start = &innings.start;
            let mut now = Innings {
                format,
                target: (start.innings > 1).then(|| start.target.map_or(set + 1, |target| target.runs)),
                runs: u32::from(start.penalty_pre.unwrap_or_default()),
                wickets: 0,
                legal_balls: 0,
            };
            let shortened = start
                .target
                .and_then(|target| target.overs)
                .is_some_and(|overs| overs.as_balls(6) != u32::from(format.overs()) * 6);
            for ball in innings.overs.iter().flat_map(|over| &over.deliveries) {
                if let Some(cell) = now.cell(ball.over).filter(|_| !shortened) {
                    table.add_ball(cell, Outcome::of(ball));
                    counted += 1;
                }
                now.apply(ball);
            }
            set = now.runs + u32::from(innings.end.penalty_post.unwrap_or_default());
        }
        counted
    }
}

/// The part of an innings that situations need.
struct Innings {
    format: Format,
    /// Runs to win, in a chase.
    target: Option<u32>,
    runs: u32,
    wickets: u8,
    legal_balls: u32,
}

impl Innings {
    /// The cell of the next ball; `None` where there is none to come by the count.
    fn cell(&self, over: u16) -> Option<Cell> {
        let needed = self.target.map(|target| target.saturating_sub(self.runs));
        Cell::of(&Situation { format: self.format, over, legal_balls: self.legal_balls, wickets: self.wickets, needed })
    }

    fn apply(&mut self, ball: &Delivery) {
        self.runs += u32::from(ball.runs.total);
        self.legal_balls += u32::from(ball.is_legal());
        let wickets = ball.wickets.iter().filter(|wicket| wicket.kind.is_wicket()).count();
        self.wickets = self.wickets.saturating_add(u8::try_from(wickets).unwrap_or(u8::MAX));
    }
}

/// Format, gender and day of a match that counts.
fn kind(played: &CricsheetMatch, since: Day) -> Option<(Format, Gender, &str)> {
    let info = &played.info;
    let format = match (info.match_type.as_str(), info.team_type.as_deref()) {
        ("T20", Some("club")) => Format::T20,
        ("ODI" | "ODM", _) => Format::Odi,
        _ => return None,
    };
    let gender = match info.gender.as_deref()? {
        "female" => Gender::Female,
        "male" => Gender::Male,
        _ => return None,
    };
    let day = info.dates.first()?;
    let counts = played.end.as_ref().is_some_and(|end| end.outcome.method.is_none())
        && info.balls_per_over == 6
        && info.overs == Some(format.overs())
        && day.parse::<Day>().is_ok_and(|day| day >= since);
    counts.then_some((format, gender, day))
}
