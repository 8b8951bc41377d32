//! Reads a whole file.

use std::{cell::RefCell, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::{
    CricsheetError, CricsheetInnings, CricsheetMatch, info,
    innings::AllInnings,
    names::{Context, keys},
    overlay::{difference, keep},
    write::{DeliveryOut, InningsOut},
};
use crate::event::{Ext, MatchEnd, MatchInfo};

/// Reads a Cricsheet match. Unknown keys are kept, a key that occurs twice has its last value.
///
/// # Errors
/// [`CricsheetError`]: each says what is wrong, where, and what to do.
pub fn read(bytes: &[u8]) -> Result<CricsheetMatch, CricsheetError> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(CricsheetError::Empty);
    }
    // Checked once as a whole, which is much faster than text by text.
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let lines = || before.split(|byte| *byte == b'\n');
        CricsheetError::NotJson {
            reason: "bytes that are not UTF-8 text".to_owned(),
            line: lines().count(),
            column: lines().next_back().map_or(0, <[u8]>::len) + 1,
        }
    })?;
    let mut parts = read_parts(text, None)?;
    if parts.innings.is_none() && parts.innings_came_first {
        parts = read_parts(text, parts.info)?;
    }
    let missing = |key: &str| CricsheetError::NotCricsheet { reason: format!("it has no \"{key}\"") };
    let (info, end) = parts.info.ok_or_else(|| missing("info"))?;
    let innings = parts.innings.ok_or_else(|| missing("innings"))?;
    let mut read = CricsheetMatch { meta: parts.meta, info, end, innings, ext: parts.ext };
    if parts.odd {
        keep_oddities(text, &mut read.innings);
    }
    Ok(read)
}

type Info = (MatchInfo, Option<MatchEnd>);

/// The top level of a file.
#[derive(Default)]
struct Parts {
    meta: Ext,
    info: Option<Info>,
    innings: Option<Vec<CricsheetInnings>>,
    ext: Ext,
    innings_came_first: bool,
    odd: bool,
}

fn read_parts(text: &str, known: Option<Info>) -> Result<Parts, CricsheetError> {
    let trouble = RefCell::new(None);
    let mut json = serde_json::Deserializer::from_str(text);
    let seed = TopLevel { known: known.clone(), trouble: &trouble };
    let read = seed.deserialize(&mut json).and_then(|parts| json.end().map(|()| parts));
    read.map_err(|error| {
        if let Some(error) = trouble.take() {
            return error;
        }
        if error.classify() != serde_json::error::Category::Data {
            return CricsheetError::json(&error, ".");
        }
        // Read once more, slower, to know the place.
        let mut track = serde_path_to_error::Track::new();
        let mut json = serde_json::Deserializer::from_str(text);
        let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
        let again = TopLevel { known, trouble: &trouble }.deserialize(tracked);
        CricsheetError::json(again.err().as_ref().unwrap_or(&error), &track.path().to_string())
    })
}

struct TopLevel<'a> {
    /// `info`, where it came after the innings and is known from a first reading.
    known: Option<Info>,
    /// A better error than the JSON reader can carry.
    trouble: &'a RefCell<Option<CricsheetError>>,
}

keys!(keep TopKey { Meta = "meta", Info = "info", Innings = "innings", });

impl<'de> DeserializeSeed<'de> for TopLevel<'_> {
    type Value = Parts;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Parts, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for TopLevel<'_> {
    type Value = Parts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Parts, A::Error> {
        let mut parts = Parts { info: self.known, ..Parts::default() };
        while let Some(key) = map.next_key()? {
            match key {
                TopKey::Meta => parts.meta = map.next_value()?,
                TopKey::Info => {
                    let original: Map<String, Value> = map.next_value()?;
                    parts.info = Some(info::read(original).map_err(|error| {
                        let text = error.to_string();
                        *self.trouble.borrow_mut() = Some(error);
                        A::Error::custom(text)
                    })?);
                }
                TopKey::Innings => {
                    if let Some((info, _)) = &parts.info {
                        let context = Context::new(info);
                        parts.innings = Some(map.next_value_seed(AllInnings(&context))?);
                        parts.odd = context.is_odd();
                    } else {
                        map.next_value::<IgnoredAny>()?;
                        parts.innings_came_first = true;
                    }
                }
                TopKey::Other(key) => {
                    parts.ext.insert(key, map.next_value()?);
                }
            }
        }
        Ok(parts)
    }
}

/// Keeps with each innings and delivery what its file says in a way that the types do not.
fn keep_oddities(text: &str, all: &mut [CricsheetInnings]) {
    let Ok(Value::Object(mut file)) = serde_json::from_str(text) else { return };
    let Some(Value::Array(originals)) = file.remove("innings") else { return };
    for (innings, original) in all.iter_mut().zip(originals) {
        let Value::Object(mut original) = original else { continue };
        let overs = match original.remove("overs") {
            Some(Value::Array(overs)) if overs.is_empty() => {
                original.insert("overs".to_owned(), Value::Array(overs));
                Vec::new()
            }
            Some(Value::Array(overs)) => overs,
            _ => Vec::new(),
        };
        if let Some(mut printed) = object(&InningsOut { innings, overs: false }) {
            // Powerplays are complete in their own `ext`.
            if !innings.powerplays.is_empty() {
                original.remove("powerplays");
                printed.remove("powerplays");
            }
            let rest = difference(&printed, &original);
            keep(&mut innings.start.ext, rest);
        }
        for (over, original) in innings.overs.iter_mut().zip(overs) {
            let deliveries = original.get("deliveries").and_then(Value::as_array);
            for (delivery, original) in over.deliveries.iter_mut().zip(deliveries.into_iter().flatten()) {
                if let (Some(printed), Some(original)) = (object(&DeliveryOut(delivery)), original.as_object()) {
                    keep(&mut delivery.ext, difference(&printed, original));
                }
            }
        }
    }
}

fn object(printed: &impl serde::Serialize) -> Option<Map<String, Value>> {
    match serde_json::to_value(printed) {
        Ok(Value::Object(map)) => Some(map),
        _ => None,
    }
}
