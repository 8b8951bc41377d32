//! Matches as moments, as the daemon would have formed them: the prefix of a match gives the same moment, whatever
//! comes after it.

use std::{path::Path, sync::Arc};

use commentary::{Moment, NoArchive, Occasion};
use cricket::{
    cricsheet::{self, CricsheetMatch},
    event::{Delivery, Event},
    score::{Happening, Match, MatchState},
};

/// A match of the source.
#[derive(Debug, Clone)]
pub struct Played {
    /// Its file's name without folder and ending.
    pub match_id: Arc<str>,
    /// What was played.
    pub game: CricsheetMatch,
}

impl Played {
    /// The season as the file says, such as `2023/24`; empty where it says none.
    pub fn season(&self) -> String {
        self.game.info.season.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    /// The series or competition; empty where the file names none.
    pub fn series(&self) -> &str {
        self.game.info.event.as_ref().map_or("", |event| event.name.as_str())
    }

    /// The year of the first day of play; 0 where the file does not say.
    pub fn year(&self) -> u16 {
        let first = self.game.info.dates.first().and_then(|day| day.get(..4));
        first.and_then(|year| year.parse().ok()).unwrap_or(0)
    }

    /// Reads a match file.
    ///
    /// # Errors
    /// Why it is none, in words.
    pub fn read(name: &str, content: &[u8]) -> Result<Self, String> {
        let game = cricsheet::read(content).map_err(|error| error.to_string())?;
        Ok(Self { match_id: id(name).into(), game })
    }
}

/// The id of a match by the name of its file.
pub fn id(name: &str) -> String {
    Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// A ball that was just bowled, before a moment is formed of it.
#[derive(Debug, Clone, Copy)]
pub struct Bowled<'a> {
    /// The state after it.
    pub state: &'a MatchState,
    /// The event that brought it.
    pub event: &'a Event,
    /// The ball.
    pub ball: &'a Delivery,
    /// What it brought about.
    pub happenings: &'a [Happening],
}

impl Bowled<'_> {
    /// The moment, without an archive of the past, as a daemon without one.
    pub fn moment(&self) -> Option<Moment> {
        Moment::form(self.state, self.event, self.happenings, &NoArchive)
            .filter(|moment| matches!(moment.occasion, Occasion::Ball(_)))
    }
}

/// Visits every ball, in order, without forming its moment.
pub fn each_bowled(played: Played, mut visit: impl FnMut(Bowled<'_>)) {
    let Played { match_id, game } = played;
    let mut score = Match::new(match_id.clone());
    for event in cricsheet::into_events(match_id, game) {
        let applied = score.apply(event.clone());
        let ball = applied.happenings.iter().find_map(|happening| match happening {
            Happening::Ball(ball) => Some(ball),
            _ => None,
        });
        if let Some(ball) = ball {
            visit(Bowled { state: score.state(), event: &event, ball, happenings: &applied.happenings });
        }
    }
}

/// Visits the moment of every ball, in order.
pub fn each_ball(played: Played, mut visit: impl FnMut(&Moment)) {
    each_bowled(played, |bowled| {
        if let Some(moment) = bowled.moment() {
            visit(&moment);
        }
    });
}
