//! Names of one file, each made a player once.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    fmt,
    sync::Arc,
};

use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};

use crate::{
    event::{MatchInfo, Registry},
    player::PlayerRef,
};

/// How many names in use are looked at before the whole table: the two batters, and two bowlers in turn.
const IN_USE: usize = 4;

/// What the reader of a file's innings needs to know besides the bytes.
pub(super) struct Context {
    teams: Vec<Arc<str>>,
    players: RefCell<HashMap<Arc<str>, PlayerRef>>,
    in_use: RefCell<(usize, [Option<PlayerRef>; IN_USE])>,
    odd: Cell<bool>,
}

impl Context {
    pub(super) fn new(info: &MatchInfo) -> Self {
        let Registry(people) = &info.registry;
        let registered = people.keys().map(|name| (name.clone(), info.registry.player(name)));
        Self {
            teams: info.teams.clone(),
            players: RefCell::new(registered.collect()),
            in_use: RefCell::default(),
            odd: Cell::new(false),
        }
    }

    /// The player of a name.
    pub(super) fn player(&self, name: &str) -> PlayerRef {
        let mut in_use = self.in_use.borrow_mut();
        if let Some(player) = in_use.1.iter().flatten().find(|player| *player.name == *name) {
            return player.clone();
        }
        let mut players = self.players.borrow_mut();
        let player = players.get(name).cloned().unwrap_or_else(|| {
            let player = PlayerRef::named(name);
            players.insert(player.name.clone(), player.clone());
            player
        });
        let next = in_use.0 % IN_USE;
        in_use.0 = next + 1;
        if let Some(place) = in_use.1.get_mut(next) {
            *place = Some(player.clone());
        }
        player
    }

    /// The side of a name.
    pub(super) fn team(&self, name: &str) -> Arc<str> {
        self.teams.iter().find(|team| ***team == *name).cloned().unwrap_or_else(|| name.into())
    }

    /// Notes that the file says something in a way that the types do not keep.
    pub(super) fn note_odd(&self) {
        self.odd.set(true);
    }

    pub(super) fn is_odd(&self) -> bool {
        self.odd.get()
    }
}

/// Reads a player's name.
pub(super) struct Player<'a>(pub(super) &'a Context);

impl<'de> DeserializeSeed<'de> for Player<'_> {
    type Value = PlayerRef;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<PlayerRef, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Player<'_> {
    type Value = PlayerRef;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a player's name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<PlayerRef, E> {
        Ok(self.0.player(name))
    }
}

/// The keys of one kind of object, and any other key; `keep` where that one's name is wanted.
macro_rules! keys {
    ($name:ident { $($variant:ident = $text:literal,)* }) => {
        enum $name { $($variant,)* Other }
        crate::cricsheet::names::keys!(@read $name { $($variant = $text,)* } |_other| $name::Other);
    };
    (keep $name:ident { $($variant:ident = $text:literal,)* }) => {
        enum $name { $($variant,)* Other(String) }
        crate::cricsheet::names::keys!(@read $name { $($variant = $text,)* } |other| $name::Other(other.to_owned()));
    };
    (@read $name:ident { $($variant:ident = $text:literal,)* } |$other:ident| $result:expr) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visit;
                impl serde::de::Visitor<'_> for Visit {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a key")
                    }
                    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<$name, E> {
                        Ok(match key { $($text => $name::$variant,)* $other => $result })
                    }
                }
                deserializer.deserialize_identifier(Visit)
            }
        }
    };
}
pub(super) use keys;
