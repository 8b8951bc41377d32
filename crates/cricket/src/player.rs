//! People: the registry's ids and the names they go by in one match.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize};

/// Identity of a person: the Cricsheet registry id (`"ba607b88"`), or `"name:<name>"` where a feed gives none.
///
/// 168 names of the registry belong to more than one person, so nothing is ever keyed on a name alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub Arc<str>);

impl PersonId {
    /// The id used for a person of whom a feed gives nothing but a name.
    pub fn from_name(name: &str) -> Self {
        Self(format!("name:{name}").into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A player as a feed names them: who it is, and the name of this match. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PlayerRef {
    /// Identity; equal ids are the same person whatever the name says.
    pub id: PersonId,
    /// The name as written in this match, such as `"V Kohli"`.
    pub name: Arc<str>,
}

impl PlayerRef {
    /// A player with a registry id.
    pub fn new(id: impl Into<Arc<str>>, name: impl Into<Arc<str>>) -> Self {
        Self { id: PersonId(id.into()), name: name.into() }
    }

    /// A player known by name alone.
    pub fn named(name: &str) -> Self {
        Self { id: PersonId::from_name(name), name: name.into() }
    }
}

impl fmt::Display for PlayerRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// A feed may leave the id out; the name then stands for it.
impl<'de> Deserialize<'de> for PlayerRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            id: Option<Arc<str>>,
            name: Arc<str>,
        }
        let wire = Wire::deserialize(deserializer)?;
        Ok(match wire.id {
            Some(id) => Self { id: PersonId(id), name: wire.name },
            None => Self::named(&wire.name),
        })
    }
}
