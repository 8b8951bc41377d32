//! The rules a match is played under, as far as the score depends on them.
//!
//! They follow from what the match says of itself: its `rules.overrides` first, then its `rules.edition`, then its date
//! and competition. Today's date plays no part, so that an old match is scored the same way for ever.

mod competition;
mod edition;
mod overrides;

pub use edition::Edition;

use crate::{event::MatchInfo, powerplay::Scheme};
pub(crate) use competition::Competition;

/// The rules of one match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rules {
    /// Edition of the Laws; `None` while neither it nor the match's date is known.
    pub edition: Option<Edition>,
    /// Which no-balls bring a free hit.
    pub free_hits: FreeHits,
    /// Whether the new batter faces after a catch, whoever crossed (Law 18.11 since October 2022; in the Indian Premier
    /// League of 2022 and in The Hundred from its start).
    pub new_batter_faces: bool,
    /// How the runs of a no-ball are booked.
    pub no_balls: NoBalls,
    /// What makes a hat-trick.
    pub hat_tricks: HatTricks,
    /// Powerplays where the match does not send its own.
    pub powerplays: Scheme,
    /// Balls of the first powerplay of a full innings, where the match says; else the scheme's.
    pub powerplay_balls: Option<u32>,
    /// The last of the middle overs of a T20, from 1.
    pub t20_middle_to: MiddleTo,
}

/// Which no-balls bring a free hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FreeHits {
    /// None, or nobody knows.
    #[default]
    Never,
    /// Those of the front foot only: limited overs from October 2007 to July 2015, and English domestic cricket since. What
    /// kind of no-ball it was is not recorded, so only the feed's word makes the next ball a free hit.
    FootFault,
    /// Every one: limited overs since 5 July 2015.
    Every,
}

/// How the runs of a no-ball are booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoBalls {
    /// What the no-ball itself costs: 1 by the Laws (21.16), 2 in English domestic cricket; `None` where the match itself
    /// must show it.
    pub runs: Option<u16>,
    /// Whether byes and leg byes off it are booked as such: since the Laws of 2017 (21.16, 23.3). Before, every run not off
    /// the bat is a no-ball extra; `None` while the edition is not known.
    pub byes_apart: Option<bool>,
}

/// What makes a hat-trick: three consecutive deliveries of a bowler with wickets credited, across overs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HatTricks {
    /// Whether the row goes on in the bowler's next innings of the match.
    pub across_innings: bool,
    /// Whether a wide between two wickets breaks it. (A stumping off a wide is a wicket and carries it on either way.)
    pub wide_breaks: bool,
}

/// As the record books count: across innings, broken by a wide. This finds the 22 of the Indian Premier League of 2008 to
/// 2023.
impl Default for HatTricks {
    fn default() -> Self {
        Self { across_innings: true, wide_breaks: true }
    }
}

/// The last of the middle overs of a T20, from 1: 15 for most broadcasters, 16 for some.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MiddleTo(pub u16);

impl Default for MiddleTo {
    fn default() -> Self {
        Self(15)
    }
}

/// Since when a no-ball of the front foot brought a free hit, and since when every no-ball does.
const FOOT_FAULTS_SINCE: &str = "2007-10-01";
const EVERY_NO_BALL_SINCE: &str = "2015-07-05";

impl Rules {
    /// The rules of a match, by what it says of itself.
    ///
    /// `rules.overrides` may hold `free_hits` (`never`, `foot_fault`, `every`), `new_batter_faces`, `no_ball_runs`,
    /// `no_ball_byes_apart`, `hat_trick_across_innings`, `hat_trick_wide_breaks`, `powerplay_balls` and `t20_middle_to`;
    /// a name or a value that is not one of these changes nothing.
    pub fn of(info: &MatchInfo) -> Self {
        let date = info.dates.first().map(String::as_str);
        let since = |day: &str| date.is_some_and(|date| date >= day);
        let competition = Competition::of(info);
        let given = info.rules.as_ref().and_then(|rules| rules.edition.as_deref()).and_then(Edition::named);
        let edition = given.or_else(|| date.map(Edition::on));
        let free_hits = match (info.overs.is_some(), competition.is_english()) {
            (true, false) if since(EVERY_NO_BALL_SINCE) => FreeHits::Every,
            (true, _) if since(FOOT_FAULTS_SINCE) => FreeHits::FootFault,
            _ => FreeHits::Never,
        };
        let byes_apart = edition.map(|edition| edition >= Edition::Code2017);
        let mut rules = Self {
            edition,
            free_hits,
            new_batter_faces: edition >= Some(Edition::Code2022) || competition.new_batter_faces_early(date),
            no_balls: NoBalls { runs: None, byes_apart },
            hat_tricks: HatTricks::default(),
            powerplays: Scheme::of(info, competition),
            powerplay_balls: None,
            t20_middle_to: MiddleTo::default(),
        };
        if let Some(given) = &info.rules {
            rules.overrule(&given.overrides);
        }
        rules
    }

    /// Legal balls of the first powerplay of an innings of `scheduled` balls; 0 where there is none. What the match says of
    /// a full innings holds for a shortened one too, as far as that goes.
    pub fn first_powerplay(&self, scheduled: u32, balls_per_over: u16) -> u32 {
        let table = self.powerplays.first(scheduled, balls_per_over);
        self.powerplay_balls.map_or(table, |balls| balls.min(scheduled))
    }
}
