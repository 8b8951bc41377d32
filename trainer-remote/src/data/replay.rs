//! Matches as moments, as the daemon would have formed them: the prefix of a match gives the same moment, whatever
//! comes after it.

use std::{path::Path, sync::Arc};

use commentary::{Moment, NoArchive, Occasion};
use cricket::{
    cricsheet::{self, CricsheetMatch},
    score::Match,
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

    /// Reads a match file.
    ///
    /// # Errors
    /// Why it is none, in words.
    pub fn read(name: &str, content: &[u8]) -> Result<Self, String> {
        let game = cricsheet::read(content).map_err(|error| error.to_string())?;
        let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
        Ok(Self { match_id: stem.as_ref().into(), game })
    }
}

/// Visits the moment of every ball, in order. Without an archive of the past, as a daemon without one.
pub fn each_ball(played: Played, mut visit: impl FnMut(&Moment)) {
    let Played { match_id, game } = played;
    let mut score = Match::new(match_id.clone());
    for event in cricsheet::into_events(match_id, game) {
        let applied = score.apply(event.clone());
        let moment = Moment::form(score.state(), &event, &applied.happenings, &NoArchive);
        if let Some(moment) = moment.filter(|moment| matches!(moment.occasion, Occasion::Ball(_))) {
            visit(&moment);
        }
    }
}
