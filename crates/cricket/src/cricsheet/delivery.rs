//! Reads deliveries. Written by hand for speed and patience: a key may occur twice (the last one counts, as in every
//! JSON reader that builds a map), and unknown keys are noted, not refused.

use std::fmt;

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

use super::{
    names::{Context, Player, keys},
    write::{ReplacementsOut, ReviewOut},
};
use crate::event::{
    Delivery, DismissalKind, Ext, Extras, Fielder, MatchReplacement, Replacements, Review, RoleReplacement, Runs,
    Wicket,
};

/// Reads one delivery. Its over and position are left at 0: the over's number may come after its deliveries.
pub(super) struct DeliverySeed<'a> {
    pub(super) context: &'a Context,
    pub(super) innings: u8,
    /// Where the delivery goes, so that it need not be moved on its way up.
    pub(super) into: &'a mut Vec<Delivery>,
}

keys!(DeliveryKey {
    Batter = "batter",
    Bowler = "bowler",
    Extras = "extras",
    NonStriker = "non_striker",
    Replacements = "replacements",
    Review = "review",
    Runs = "runs",
    Wickets = "wickets",
});

/// Implements a seed that reads an object or an array with its own visitor.
macro_rules! seed {
    ($name:ident => $value:ty, $method:ident) => {
        impl<'de> DeserializeSeed<'de> for $name<'_> {
            type Value = $value;
            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<$value, D::Error> {
                deserializer.$method(self)
            }
        }
    };
}
pub(super) use seed;

seed!(DeliverySeed => (), deserialize_map);

impl<'de> Visitor<'de> for DeliverySeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a delivery")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let context = self.context;
        let (mut batter, mut bowler, mut non_striker, mut runs) = (None, None, None, None);
        let (mut extras, mut wickets, mut review, mut replacements) = (Extras::default(), Vec::new(), None, None);
        while let Some(key) = map.next_key()? {
            match key {
                DeliveryKey::Batter => batter = Some(map.next_value_seed(Player(context))?),
                DeliveryKey::Bowler => bowler = Some(map.next_value_seed(Player(context))?),
                DeliveryKey::NonStriker => non_striker = Some(map.next_value_seed(Player(context))?),
                DeliveryKey::Runs => runs = Some(map.next_value_seed(RunsSeed(context))?),
                DeliveryKey::Extras => extras = map.next_value_seed(ExtrasSeed(context))?,
                DeliveryKey::Wickets => wickets = map.next_value_seed(WicketsSeed(context))?,
                DeliveryKey::Review => review = Some(Box::new(read_review(&map.next_value()?, context)?)),
                DeliveryKey::Replacements => {
                    replacements = Some(Box::new(read_replacements(&map.next_value()?, context)?));
                }
                DeliveryKey::Other => {
                    map.next_value::<IgnoredAny>()?;
                    context.note_odd();
                }
            }
        }
        self.into.push(Delivery {
            innings: self.innings,
            over: 0,
            pos: 0,
            batter: batter.ok_or_else(|| A::Error::missing_field("batter"))?,
            non_striker: non_striker.ok_or_else(|| A::Error::missing_field("non_striker"))?,
            bowler: bowler.ok_or_else(|| A::Error::missing_field("bowler"))?,
            runs: runs.ok_or_else(|| A::Error::missing_field("runs"))?,
            extras,
            free_hit: false,
            wickets,
            review,
            replacements,
            score_after: None,
            ext: Ext::new(),
        });
        Ok(())
    }
}

struct RunsSeed<'a>(&'a Context);

keys!(RunsKey { Batter = "batter", Extras = "extras", Total = "total", NonBoundary = "non_boundary", });

seed!(RunsSeed => Runs, deserialize_map);

impl<'de> Visitor<'de> for RunsSeed<'_> {
    type Value = Runs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the runs of a delivery")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Runs, A::Error> {
        let (mut bat, mut extras, mut total, mut non_boundary) = (None, None, None, false);
        while let Some(key) = map.next_key()? {
            match key {
                RunsKey::Batter => bat = Some(map.next_value()?),
                RunsKey::Extras => extras = Some(map.next_value()?),
                RunsKey::Total => total = Some(map.next_value()?),
                RunsKey::NonBoundary => {
                    non_boundary = map.next_value()?;
                    if !non_boundary {
                        self.0.note_odd();
                    }
                }
                RunsKey::Other => {
                    map.next_value::<IgnoredAny>()?;
                    self.0.note_odd();
                }
            }
        }
        Ok(Runs {
            bat: bat.ok_or_else(|| A::Error::missing_field("batter"))?,
            extras: extras.ok_or_else(|| A::Error::missing_field("extras"))?,
            total: total.ok_or_else(|| A::Error::missing_field("total"))?,
            non_boundary,
        })
    }
}

struct ExtrasSeed<'a>(&'a Context);

keys!(ExtrasKey {
    Byes = "byes",
    Legbyes = "legbyes",
    Noballs = "noballs",
    Penalty = "penalty",
    Wides = "wides",
});

seed!(ExtrasSeed => Extras, deserialize_map);

impl<'de> Visitor<'de> for ExtrasSeed<'_> {
    type Value = Extras;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the extras of a delivery")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Extras, A::Error> {
        let mut extras = Extras::default();
        while let Some(key) = map.next_key()? {
            let kind = match key {
                ExtrasKey::Byes => &mut extras.byes,
                ExtrasKey::Legbyes => &mut extras.legbyes,
                ExtrasKey::Noballs => &mut extras.noballs,
                ExtrasKey::Penalty => &mut extras.penalty,
                ExtrasKey::Wides => &mut extras.wides,
                ExtrasKey::Other => {
                    map.next_value::<IgnoredAny>()?;
                    self.0.note_odd();
                    continue;
                }
            };
            *kind = map.next_value()?;
            if *kind == 0 {
                self.0.note_odd();
            }
        }
        if extras == Extras::default() {
            self.0.note_odd();
        }
        Ok(extras)
    }
}

struct WicketsSeed<'a>(&'a Context);

seed!(WicketsSeed => Vec<Wicket>, deserialize_seq);

impl<'de> Visitor<'de> for WicketsSeed<'_> {
    type Value = Vec<Wicket>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the wickets of a delivery")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<Wicket>, A::Error> {
        let mut wickets = Vec::with_capacity(1);
        while let Some(wicket) = seq.next_element_seed(WicketSeed(self.0))? {
            wickets.push(wicket);
        }
        if wickets.is_empty() {
            self.0.note_odd();
        }
        Ok(wickets)
    }
}

struct WicketSeed<'a>(&'a Context);

keys!(WicketKey { Kind = "kind", PlayerOut = "player_out", Fielders = "fielders", });

seed!(WicketSeed => Wicket, deserialize_map);

impl<'de> Visitor<'de> for WicketSeed<'_> {
    type Value = Wicket;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a wicket")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Wicket, A::Error> {
        let (mut kind, mut player_out, mut fielders) = (None::<DismissalKind>, None, Vec::new());
        while let Some(key) = map.next_key()? {
            match key {
                WicketKey::Kind => kind = Some(map.next_value()?),
                WicketKey::PlayerOut => player_out = Some(map.next_value_seed(Player(self.0))?),
                WicketKey::Fielders => {
                    let files: Vec<FielderFile> = map.next_value()?;
                    if files.is_empty() || files.iter().any(|file| file.odd) {
                        self.0.note_odd();
                    }
                    fielders = files.into_iter().map(|file| file.fielder(self.0)).collect();
                }
                WicketKey::Other => {
                    map.next_value::<IgnoredAny>()?;
                    self.0.note_odd();
                }
            }
        }
        Ok(Wicket {
            kind: kind.ok_or_else(|| A::Error::missing_field("kind"))?,
            player_out: player_out.ok_or_else(|| A::Error::missing_field("player_out"))?,
            fielders,
            ext: Ext::new(),
        })
    }
}

/// A fielder as the file has one.
struct FielderFile {
    name: Option<String>,
    substitute: bool,
    odd: bool,
}

keys!(FielderKey { Name = "name", Substitute = "substitute", });

impl<'de> Deserialize<'de> for FielderFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = FielderFile;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a fielder")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FielderFile, A::Error> {
                let mut file = FielderFile { name: None, substitute: false, odd: false };
                while let Some(key) = map.next_key()? {
                    match key {
                        FielderKey::Name => file.name = Some(map.next_value()?),
                        FielderKey::Substitute => {
                            file.substitute = map.next_value()?;
                            file.odd |= !file.substitute;
                        }
                        FielderKey::Other => {
                            map.next_value::<IgnoredAny>()?;
                            file.odd = true;
                        }
                    }
                }
                Ok(file)
            }
        }
        deserializer.deserialize_map(Visit)
    }
}

impl FielderFile {
    fn fielder(self, context: &Context) -> Fielder {
        Fielder { player: self.name.map(|name| context.player(&name)), substitute: self.substitute }
    }
}

fn read_review<E: Error>(value: &Value, context: &Context) -> Result<Review, E> {
    #[derive(Deserialize)]
    struct File {
        by: String,
        batter: String,
        decision: String,
        umpire: Option<String>,
        r#type: Option<String>,
        #[serde(default)]
        umpires_call: bool,
    }
    let file = File::deserialize(value).map_err(|error| E::custom(format!("review: {error}")))?;
    let review = Review {
        by: context.team(&file.by),
        batter: context.player(&file.batter),
        decision: file.decision,
        umpire: file.umpire.map(Into::into),
        kind: file.r#type,
        umpires_call: file.umpires_call,
        ext: Ext::new(),
    };
    note_unless_printed(value, &ReviewOut(&review), context);
    Ok(review)
}

fn read_replacements<E: Error>(value: &Value, context: &Context) -> Result<Replacements, E> {
    #[derive(Deserialize)]
    struct File {
        #[serde(rename = "match", default)]
        players: Vec<MatchFile>,
        #[serde(default)]
        role: Vec<RoleFile>,
    }
    #[derive(Deserialize)]
    struct MatchFile {
        r#in: String,
        out: String,
        reason: String,
        team: String,
    }
    #[derive(Deserialize)]
    struct RoleFile {
        r#in: String,
        out: Option<String>,
        reason: String,
        role: String,
    }
    let file = File::deserialize(value).map_err(|error| E::custom(format!("replacements: {error}")))?;
    let players = file.players.into_iter().map(|one| MatchReplacement {
        incoming: context.player(&one.r#in),
        outgoing: context.player(&one.out),
        reason: one.reason,
        team: context.team(&one.team),
    });
    let role = file.role.into_iter().map(|one| RoleReplacement {
        incoming: context.player(&one.r#in),
        outgoing: one.out.map(|name| context.player(&name)),
        reason: one.reason,
        role: one.role,
    });
    let replacements = Replacements { players: players.collect(), role: role.collect(), ext: Ext::new() };
    note_unless_printed(value, &ReplacementsOut(&replacements), context);
    Ok(replacements)
}

/// Notes an oddity where printing what was read does not give the file's own JSON.
fn note_unless_printed(value: &Value, printed: &impl serde::Serialize, context: &Context) {
    if serde_json::to_value(printed).ok().as_ref() != Some(value) {
        context.note_odd();
    }
}
