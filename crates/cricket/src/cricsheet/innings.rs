//! Reads innings and overs.

use std::{fmt, str::FromStr, sync::Arc};

use indexmap::IndexMap;
use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

use super::{
    CricsheetInnings, CricsheetOver, EXT,
    delivery::{DeliverySeed, seed},
    names::{Context, keys},
};
use crate::{
    event::{Delivery, Ext, InningsEnd, InningsKind, InningsStart, MiscountedOver, Powerplay, Target},
    overs::OverBall,
};

/// The name in an innings' `ext` of its target's overs where the number's text says more than the type (`20.0`).
pub(super) const TARGET_OVERS_TEXT: &str = "cricsheet_target_overs";

/// Reads all innings of a file.
pub(super) struct AllInnings<'a>(pub(super) &'a Context);

seed!(AllInnings => Vec<CricsheetInnings>, deserialize_seq);

impl<'de> Visitor<'de> for AllInnings<'_> {
    type Value = Vec<CricsheetInnings>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of innings")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::with_capacity(4);
        loop {
            let number = u8::try_from(all.len() + 1).map_err(|_| A::Error::custom("more than 255 innings"))?;
            match seq.next_element_seed(InningsSeed { context: self.0, number })? {
                Some(innings) => all.push(innings),
                None => return Ok(all),
            }
        }
    }
}

struct InningsSeed<'a> {
    context: &'a Context,
    number: u8,
}

keys!(InningsKey {
    Team = "team",
    Overs = "overs",
    Powerplays = "powerplays",
    Target = "target",
    SuperOver = "super_over",
    Declared = "declared",
    Forfeited = "forfeited",
    AbsentHurt = "absent_hurt",
    PenaltyRuns = "penalty_runs",
    MiscountedOvers = "miscounted_overs",
});

seed!(InningsSeed => CricsheetInnings, deserialize_map);

impl<'de> Visitor<'de> for InningsSeed<'_> {
    type Value = CricsheetInnings;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an innings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CricsheetInnings, A::Error> {
        let Self { context, number } = self;
        let mut team = None;
        let mut read = CricsheetInnings {
            start: InningsStart {
                innings: number,
                team: Arc::default(),
                kind: InningsKind::Normal,
                target: None,
                penalty_pre: None,
                openers: Vec::new(),
                forfeited: false,
                follow_on: false,
                ext: Ext::new(),
            },
            powerplays: Vec::new(),
            overs: Vec::new(),
            end: InningsEnd { innings: number, ..InningsEnd::default() },
        };
        let note_unless = |fine: bool| {
            if !fine {
                context.note_odd();
            }
        };
        while let Some(key) = map.next_key()? {
            match key {
                InningsKey::Team => team = Some(context.team(&map.next_value::<String>()?)),
                InningsKey::Overs => {
                    read.overs = map.next_value_seed(OversSeed { context, number })?;
                    note_unless(!read.overs.is_empty());
                }
                InningsKey::Powerplays => {
                    let raw: Vec<IndexMap<String, &RawValue>> = map.next_value()?;
                    note_unless(!raw.is_empty());
                    read.powerplays = raw.into_iter().map(|raw| powerplay(number, raw)).collect::<Result<_, _>>()?;
                }
                InningsKey::Target => target(&map.next_value()?, &mut read.start, context)?,
                InningsKey::SuperOver => {
                    let super_over: bool = map.next_value()?;
                    note_unless(super_over);
                    read.start.kind = if super_over { InningsKind::SuperOver } else { InningsKind::Normal };
                }
                InningsKey::Declared => {
                    let declared: bool = map.next_value()?;
                    note_unless(declared);
                    read.end.reason = declared.then(|| "declared".to_owned());
                }
                InningsKey::Forfeited => {
                    read.start.forfeited = map.next_value()?;
                    note_unless(read.start.forfeited);
                }
                InningsKey::AbsentHurt => {
                    let names: Vec<String> = map.next_value()?;
                    note_unless(!names.is_empty());
                    read.end.absent_hurt = names.iter().map(|name| context.player(name)).collect();
                }
                InningsKey::PenaltyRuns => penalties(map.next_value()?, &mut read, context)?,
                InningsKey::MiscountedOvers => {
                    read.end.miscounted_overs = miscounted(map.next_value()?, context)?;
                }
                InningsKey::Other => {
                    map.next_value::<IgnoredAny>()?;
                    context.note_odd();
                }
            }
        }
        read.start.team = team.ok_or_else(|| A::Error::missing_field("team"))?;
        Ok(read)
    }
}

/// An over.ball by the text of a JSON number (or of a JSON string).
fn over_ball<E: Error>(key: &str, raw: Option<&&RawValue>) -> Result<OverBall, E> {
    let text = raw.ok_or_else(|| E::custom(format!("missing field `{key}`")))?.get();
    OverBall::from_str(text.trim_matches('"')).map_err(|error| E::custom(format!("{key}: {error}")))
}

fn powerplay<E: Error>(innings: u8, mut raw: IndexMap<String, &RawValue>) -> Result<Powerplay, E> {
    let (from, to) = (over_ball("powerplays.from", raw.get("from"))?, over_ball("powerplays.to", raw.get("to"))?);
    let kind: String = read_raw("type", raw.swap_remove("type"))?;
    let mut ext = Ext::new();
    let mut texts = Ext::new();
    for (key, value) in raw {
        match key.as_str() {
            "from" | "to" => {
                let known = if key == "from" { from } else { to };
                if known.to_string() != value.get() {
                    texts.insert(key, Value::String(value.get().to_owned()));
                }
            }
            _ => {
                ext.insert(key.clone(), read_raw(&key, Some(value))?);
            }
        }
    }
    if !texts.is_empty() {
        ext.insert(EXT.to_owned(), Value::Object(texts));
    }
    Ok(Powerplay { innings, kind, from, to, ext })
}

fn read_raw<'de, T: Deserialize<'de>, E: Error>(key: &str, raw: Option<&'de RawValue>) -> Result<T, E> {
    let raw = raw.ok_or_else(|| E::custom(format!("missing field `{key}`")))?;
    serde_json::from_str(raw.get()).map_err(|error| E::custom(format!("{key}: {error}")))
}

fn target<E: Error>(raw: &IndexMap<String, &RawValue>, start: &mut InningsStart, context: &Context) -> Result<(), E> {
    let runs = read_raw("target.runs", raw.get("runs").copied())?;
    let overs = raw.get("overs").map(|text| over_ball("target.overs", Some(text))).transpose()?;
    if let (Some(known), Some(text)) = (overs, raw.get("overs").map(|raw| raw.get()))
        && known.to_string() != text
    {
        start.ext.insert(TARGET_OVERS_TEXT.to_owned(), Value::String(text.to_owned()));
    }
    if raw.keys().any(|key| !matches!(key.as_str(), "runs" | "overs")) {
        context.note_odd();
    }
    start.target = Some(Target { runs, overs, balls: None });
    Ok(())
}

fn penalties<E: Error>(value: Value, read: &mut CricsheetInnings, context: &Context) -> Result<(), E> {
    #[derive(Deserialize)]
    struct File {
        pre: Option<u16>,
        post: Option<u16>,
    }
    let plain = value.as_object().is_some_and(|map| {
        !map.is_empty() && map.iter().all(|(key, value)| matches!(key.as_str(), "pre" | "post") && !value.is_null())
    });
    if !plain {
        context.note_odd();
    }
    let file = File::deserialize(value).map_err(|error| E::custom(format!("penalty_runs: {error}")))?;
    (read.start.penalty_pre, read.end.penalty_post) = (file.pre, file.post);
    Ok(())
}

fn miscounted<E: Error>(value: Value, context: &Context) -> Result<Vec<MiscountedOver>, E> {
    #[derive(Deserialize)]
    struct File {
        balls: Value,
        umpire: Option<Arc<str>>,
    }
    let bad = |error: &dyn fmt::Display| E::custom(format!("miscounted_overs: {error}"));
    let known = |key: &str| matches!(key, "balls" | "umpire");
    let file = IndexMap::<String, Value>::deserialize(value).map_err(|error| bad(&error))?;
    if file.is_empty() {
        context.note_odd();
    }
    file.into_iter()
        .map(|(key, value)| {
            let over: u16 = key.parse().map_err(|_| bad(&format!("'{key}' is not the number of an over")))?;
            let odd = value.as_object().is_none_or(|map| map.iter().any(|(key, value)| !known(key) || value.is_null()));
            if odd || over.to_string() != key {
                context.note_odd();
            }
            let File { balls, umpire } = File::deserialize(value).map_err(|error| bad(&error))?;
            Ok(MiscountedOver { over, balls, umpire })
        })
        .collect()
}

struct OversSeed<'a> {
    context: &'a Context,
    number: u8,
}

seed!(OversSeed => Vec<CricsheetOver>, deserialize_seq);

impl<'de> Visitor<'de> for OversSeed<'_> {
    type Value = Vec<CricsheetOver>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the overs of an innings")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut overs: Vec<CricsheetOver> = Vec::with_capacity(20);
        while let Some(mut over) = seq.next_element_seed(OverSeed { context: self.context, number: self.number })? {
            // An over in two parts: its balls are counted on, so that each has a key of its own.
            let earlier: usize =
                overs.iter().rev().filter(|known| known.over == over.over).map(|known| known.deliveries.len()).sum();
            for (ball, pos) in over.deliveries.iter_mut().zip(earlier + 1..) {
                ball.over = over.over;
                ball.pos =
                    u16::try_from(pos).map_err(|_| A::Error::custom("more than 65,535 deliveries in an over"))?;
            }
            overs.push(over);
        }
        Ok(overs)
    }
}

struct OverSeed<'a> {
    context: &'a Context,
    number: u8,
}

keys!(keep OverKey { Over = "over", Deliveries = "deliveries", });

seed!(OverSeed => CricsheetOver, deserialize_map);

impl<'de> Visitor<'de> for OverSeed<'_> {
    type Value = CricsheetOver;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an over")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CricsheetOver, A::Error> {
        let (mut over, mut deliveries, mut ext) = (None, None, Ext::new());
        while let Some(key) = map.next_key()? {
            match key {
                OverKey::Over => over = Some(map.next_value()?),
                OverKey::Deliveries => {
                    deliveries =
                        Some(map.next_value_seed(DeliveriesSeed { context: self.context, number: self.number })?);
                }
                OverKey::Other(key) => {
                    ext.insert(key, map.next_value()?);
                }
            }
        }
        Ok(CricsheetOver {
            over: over.ok_or_else(|| A::Error::missing_field("over"))?,
            deliveries: deliveries.ok_or_else(|| A::Error::missing_field("deliveries"))?,
            ext,
        })
    }
}

struct DeliveriesSeed<'a> {
    context: &'a Context,
    number: u8,
}

seed!(DeliveriesSeed => Vec<Delivery>, deserialize_seq);

impl<'de> Visitor<'de> for DeliveriesSeed<'_> {
    type Value = Vec<Delivery>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the deliveries of an over")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<Delivery>, A::Error> {
        let mut deliveries = Vec::with_capacity(6);
        let Self { context, number: innings } = self;
        while seq.next_element_seed(DeliverySeed { context, innings, into: &mut deliveries })?.is_some() {}
        Ok(deliveries)
    }
}
