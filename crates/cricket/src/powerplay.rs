//! Powerplays by format and era, for matches that do not send their own.
//!
//! Sources: the playing conditions of the International Cricket Council (one-day matches from July 2005, October 2008,
//! October 2011, October 2012 and July 2015; T20 by whole overs, by ball since July 2025), of The Hundred and of the Big
//! Bash League. The tables for shortened innings were held against what the matches of 2005 to 2025 record.

use crate::{event::MatchInfo, rules::Competition};

/// Which powerplays an innings has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// None: no limit of overs, or the kind of match is not known.
    #[default]
    None,
    /// Six of twenty overs; three in ten of a shortened innings, to the nearest over.
    T20,
    /// The same to the nearest ball: July 2025, English domestic matches since 2018.
    T20ByBall,
    /// Four of twenty overs at the start, two more when the batting side likes after the tenth: the Big Bash League since
    /// December 2020, the women's since October 2022.
    Surge,
    /// The first 25 of a hundred balls; a quarter of a shortened innings, to the nearest set.
    Hundred,
    /// The first fifteen of fifty overs, to July 2005.
    OdiFifteen,
    /// Ten overs, then twice five when the fielding side likes: July 2005 to September 2008.
    OdiFielding,
    /// Ten overs, then five for either side: October 2008 to September 2011.
    OdiEither,
    /// The same, but the ten overs lie between 16 and 40: October 2011 to October 2012.
    OdiEitherBetween,
    /// Ten overs, then five for the batting side before over 41: October 2012 to July 2015, women's matches to 2021.
    OdiBatting,
    /// Overs 1 to 10, 11 to 40, 41 to 50: since July 2015.
    OdiThree,
    /// Ten overs and no more: women's one-day matches since 2022.
    OdiTen,
}

/// A powerplay after the first, of a full innings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Further {
    /// `mandatory`, `batting` or `fielding`.
    pub kind: &'static str,
    /// Its overs.
    pub overs: u16,
    /// The first over in which it may begin, from 1.
    pub from: u16,
    /// The last over in which it may end, from 1.
    pub to: u16,
}

const fn further(kind: &'static str, overs: u16, from: u16, to: u16) -> Further {
    Further { kind, overs, from, to }
}

/// Eras of one-day powerplays, latest first.
const ODI: [(&str, Scheme); 6] = [
    ("2015-07-05", Scheme::OdiThree),
    ("2012-10-30", Scheme::OdiBatting),
    ("2011-10-01", Scheme::OdiEitherBetween),
    ("2008-10-01", Scheme::OdiEither),
    ("2005-07-07", Scheme::OdiFielding),
    ("", Scheme::OdiFifteen),
];

/// T20 powerplays to the nearest ball: everywhere, and in English domestic cricket.
const BY_BALL_SINCE: &str = "2025-07-01";
const ENGLISH_BY_BALL_SINCE: &str = "2018-01-01";

/// The surge of the Big Bash League, men's and women's.
const SURGE_SINCE: &str = "2020-12-01";
const WOMENS_SURGE_SINCE: &str = "2022-10-01";

/// Women's one-day matches without a batting powerplay.
const WOMENS_TEN_SINCE: &str = "2022-01-01";

/// Matches of more overs than this are one-day matches; a T20 or a T10 has fewer.
const SHORT_GAME_OVERS: u16 = 35;

impl Scheme {
    /// The powerplays of a match, by its format, date and competition.
    pub(crate) fn of(info: &MatchInfo, competition: Competition) -> Self {
        let date = info.dates.first().map_or("", String::as_str);
        let women = info.gender.as_deref() == Some("female");
        match (info.overs, competition) {
            (None, _) => Self::None,
            (Some(_), Competition::Hundred) => Self::Hundred,
            (Some(0..=SHORT_GAME_OVERS), _) => {
                let surge = if women { WOMENS_SURGE_SINCE } else { SURGE_SINCE };
                let by_ball = if competition.is_english() { ENGLISH_BY_BALL_SINCE } else { BY_BALL_SINCE };
                match competition {
                    Competition::BigBash if date >= surge => Self::Surge,
                    _ if date >= by_ball => Self::T20ByBall,
                    _ => Self::T20,
                }
            }
            (Some(_), _) => {
                let era = ODI.iter().find(|(since, _)| date >= *since).map_or(Self::OdiFifteen, |(_, scheme)| *scheme);
                match era {
                    Self::OdiThree if women && date >= WOMENS_TEN_SINCE => Self::OdiTen,
                    Self::OdiThree if women => Self::OdiBatting,
                    era => era,
                }
            }
        }
    }

    /// Legal balls of the first powerplay of an innings of `scheduled` balls; 0 where there is none.
    pub fn first(self, scheduled: u32, balls_per_over: u16) -> u32 {
        let per_over = u32::from(balls_per_over.max(1));
        // A share of the innings in tenths, to the nearest over.
        let overs = |tenths: u32| (tenths * scheduled + 5 * per_over) / (10 * per_over) * per_over;
        match self {
            Self::None => 0,
            Self::T20 | Self::OdiFifteen => overs(3),
            Self::T20ByBall => (3 * scheduled + 5) / 10,
            Self::Surge | Self::OdiFielding | Self::OdiEither | Self::OdiEitherBetween | Self::OdiBatting => overs(2),
            Self::Hundred => (scheduled + 2 * per_over) / (4 * per_over) * per_over,
            // A fifth, in favour of the batting side: 22 overs have 5, 27 have 6.
            Self::OdiThree | Self::OdiTen => (scheduled / per_over + 3) / 5 * per_over,
        }
    }

    /// Legal balls before the last powerplay, where the overs at the end are one (one-day matches since July 2015).
    pub fn before_last(self, scheduled: u32, balls_per_over: u16) -> Option<u32> {
        let per_over = u32::from(balls_per_over.max(1));
        // A fifth, in favour of the fielding side: 23 overs have 4, 24 have 5.
        let last = (scheduled / per_over + 1) / 5 * per_over;
        (self == Self::OdiThree).then(|| scheduled.saturating_sub(last))
    }

    /// The powerplays after the first, in a full innings.
    pub fn later(self) -> &'static [Further] {
        const SURGE: [Further; 1] = [further("batting", 2, 11, 20)];
        const FIELDING: [Further; 2] = [further("fielding", 5, 11, 50), further("fielding", 5, 11, 50)];
        const EITHER: [Further; 2] = [further("fielding", 5, 11, 50), further("batting", 5, 11, 50)];
        const BETWEEN: [Further; 2] = [further("fielding", 5, 16, 40), further("batting", 5, 16, 40)];
        const BATTING: [Further; 1] = [further("batting", 5, 11, 40)];
        const THREE: [Further; 2] = [further("mandatory", 30, 11, 40), further("mandatory", 10, 41, 50)];
        match self {
            Self::None | Self::T20 | Self::T20ByBall | Self::Hundred | Self::OdiFifteen | Self::OdiTen => &[],
            Self::Surge => &SURGE,
            Self::OdiFielding => &FIELDING,
            Self::OdiEither => &EITHER,
            Self::OdiEitherBetween => &BETWEEN,
            Self::OdiBatting => &BATTING,
            Self::OdiThree => &THREE,
        }
    }
}
