//! The matches that the cases name, from the shared archive; streamed once for all tests.

use std::{collections::HashMap, sync::OnceLock};

use cricket::{
    cricsheet,
    event::Key,
    score::{Happening, Innings, Match},
};

use crate::support;

/// Every match that a test of this target names.
const NAMED: [&str; 42] = [
    // Strike, wickets, bowling.
    "1216500", "1082617", "733979", "1237180", "336025", "392212", "980955", "804251", "1384429", "1208093", "1444780",
    "1391336", "460058", "1160514", "1297839", "1068326", "1334913", "1359534", "1229824", "1130677",
    // Penalties and results.
    "335988", "1127532", "980997", "980943", "336022", "501245", "829813", "1178424", "1216517", "1410315", "1187017",
    "1130690", // The groups of two tournaments: India, Pakistan, South Africa, Sri Lanka 2017.
    "1022351", "1022353", "1022359", "1022361", "1022367", "1022369", // Powerplays.
    "829737", "1226854", "1299161", "1443566",
];

/// A match of the archive, played to its end.
pub(crate) struct Played {
    pub(crate) game: Match,
    told: Vec<(Key, Vec<Happening>)>,
}

impl Played {
    /// What an event brought about.
    pub(crate) fn at(&self, key: &str) -> &[Happening] {
        let found = self.told.iter().find(|(known, _)| known.as_str() == key);
        &found.unwrap_or_else(|| panic!("no event {key}")).1
    }

    /// All that was told, in order.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Happening> {
        self.told.iter().flat_map(|(_, happenings)| happenings)
    }

    pub(crate) fn innings(&self, number: usize) -> &Innings {
        &self.game.state().innings[number - 1]
    }

    pub(crate) fn anomalies(&self) -> Vec<String> {
        self.game.state().anomalies.iter().map(ToString::to_string).collect()
    }
}

/// Plays a named match; `None`, with a word why, where the archive is not at hand.
pub(crate) fn play(id: &str) -> Option<Played> {
    static MATCHES: OnceLock<Option<HashMap<String, Vec<u8>>>> = OnceLock::new();
    assert!(NAMED.contains(&id), "{id} is not streamed");
    let matches = MATCHES.get_or_init(|| {
        let mut found = HashMap::new();
        let streamed = support::stream_archive(|_, id, bytes| {
            if NAMED.contains(&id.as_str()) {
                found.insert(id, bytes);
            }
        });
        streamed.then_some(found)
    });
    let Some(matches) = matches else {
        eprintln!("skipped: match {id} without the archive");
        return None;
    };
    let file = cricsheet::read(&matches[id]).unwrap();
    let mut played = Played { game: Match::new(id), told: Vec::new() };
    for event in cricsheet::into_events(id, file) {
        let key = event.key.clone();
        let happenings = played.game.apply(event).happenings;
        played.told.push((key, happenings));
    }
    Some(played)
}
