//! Bytes to events and back. A payload is one event or a JSON array of events; what cannot be read is refused with
//! the place and the reason, never guessed.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;

use super::{CONTRACT_VERSION, Event, EventData, EventStatus, Ext, Key, Source};

/// The largest payload that is read, in bytes: a snapshot of a five-day match with room to spare.
pub const MAX_PAYLOAD: usize = 8 * 1024 * 1024;

/// Why a payload was refused.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// Not JSON, or not one event or an array of them.
    #[error(
        "not an event: {reason} (line {line}, column {column}); hint: send one JSON object, or an array of them, as in cricket.event/1"
    )]
    NotAnEvent {
        /// What the JSON reader said.
        reason: String,
        /// Line of the payload, from 1.
        line: usize,
        /// Column of the line, from 1.
        column: usize,
    },
    /// A major version this build does not read.
    #[error(
        "contract version {version} is not readable by this version, which reads {CONTRACT_VERSION}; hint: update Vachak, or have the feed publish \"v\":{CONTRACT_VERSION}"
    )]
    Version {
        /// The version as it came.
        version: u32,
    },
    /// A field of `data` that does not fit the type.
    #[error("{kind} event {key}: {path}: {reason}; hint: compare with the {kind} row of the event contract")]
    Data {
        /// The event's type.
        kind: String,
        /// The event's key.
        key: Key,
        /// Place in the event, such as `data.runs.bat`.
        path: String,
        /// What is wrong there.
        reason: String,
    },
    /// The payload is larger than [`MAX_PAYLOAD`].
    #[error("payload of {bytes} bytes is over the limit of {MAX_PAYLOAD}; hint: send fewer events in one message")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
}

impl DecodeError {
    fn json(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let reason = text.split(" at line ").next().unwrap_or(&text).to_owned();
        Self::NotAnEvent { reason, line: error.line(), column: error.column() }
    }
}

/// Reads a payload: one event or an array of events, in the order sent. An item that cannot be read does not spoil
/// its neighbours: each has its own result.
///
/// # Errors
/// [`DecodeError::TooLarge`] and [`DecodeError::NotAnEvent`] for the payload as a whole.
pub fn decode_payload(payload: &[u8]) -> Result<Vec<Result<Event, DecodeError>>, DecodeError> {
    if payload.len() > MAX_PAYLOAD {
        return Err(DecodeError::TooLarge { bytes: payload.len() });
    }
    let first = payload.iter().find(|byte| !byte.is_ascii_whitespace());
    let items: Vec<&RawValue> = if first == Some(&b'[') {
        serde_json::from_slice(payload).map_err(|error| DecodeError::json(&error))?
    } else {
        vec![serde_json::from_slice(payload).map_err(|error| DecodeError::json(&error))?]
    };
    Ok(items.into_iter().map(|item| decode_event(item.get())).collect())
}

/// Reads one event.
///
/// # Errors
/// Every [`DecodeError`] but the one for size.
pub fn decode_event(json: &str) -> Result<Event, DecodeError> {
    let wire: Wire<'_> = serde_json::from_str(json).map_err(|error| DecodeError::json(&error))?;
    if wire.v != CONTRACT_VERSION {
        return Err(DecodeError::Version { version: wire.v });
    }
    let data = wire.data.map_or(Cow::Borrowed("{}"), |data| Cow::Borrowed(data.get()));
    let raw: &RawValue = serde_json::from_str(&data).map_err(|error| DecodeError::json(&error))?;
    let data = EventData::read(&wire.kind, raw).map_err(|error| {
        let text = error.inner().to_string();
        DecodeError::Data {
            kind: wire.kind.clone().into_owned(),
            key: wire.key.clone(),
            path: match error.path().to_string().as_str() {
                "." => "data".to_owned(),
                path => format!("data.{path}"),
            },
            reason: text.split(" at line ").next().unwrap_or(&text).to_owned(),
        }
    })?;
    let event_id = wire.event_id.unwrap_or_else(|| Event::derived_id(&wire.match_id, &wire.key, wire.rev));
    Ok(Event {
        match_id: wire.match_id,
        epoch: wire.epoch,
        seq: wire.seq,
        event_id,
        key: wire.key,
        rev: wire.rev,
        status: wire.status,
        ts: wire.ts,
        sent_at: wire.sent_at,
        source: wire.source,
        data,
        ext: wire.ext.unwrap_or_default(),
    })
}

#[derive(Deserialize)]
#[serde(expecting = "an event object")]
struct Wire<'a> {
    v: u32,
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    match_id: Arc<str>,
    #[serde(default = "one")]
    epoch: u32,
    seq: u64,
    event_id: Option<Arc<str>>,
    key: Key,
    #[serde(default)]
    rev: u32,
    #[serde(default)]
    status: EventStatus,
    ts: Option<String>,
    sent_at: Option<String>,
    source: Option<Source>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    ext: Option<Ext>,
}

fn one() -> u32 {
    1
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Data<'a>(&'a EventData);
        impl Serialize for Data<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.write(serializer)
            }
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("v", &CONTRACT_VERSION)?;
        map.serialize_entry("type", self.data.kind())?;
        map.serialize_entry("match_id", &self.match_id)?;
        map.serialize_entry("epoch", &self.epoch)?;
        map.serialize_entry("seq", &self.seq)?;
        map.serialize_entry("event_id", &self.event_id)?;
        map.serialize_entry("key", &self.key)?;
        map.serialize_entry("rev", &self.rev)?;
        map.serialize_entry("status", &self.status)?;
        if let Some(ts) = &self.ts {
            map.serialize_entry("ts", ts)?;
        }
        if let Some(sent_at) = &self.sent_at {
            map.serialize_entry("sent_at", sent_at)?;
        }
        if let Some(source) = &self.source {
            map.serialize_entry("source", source)?;
        }
        map.serialize_entry("data", &Data(&self.data))?;
        if !self.ext.is_empty() {
            map.serialize_entry("ext", &self.ext)?;
        }
        map.end()
    }
}

/// Inside a snapshot; a payload of its own goes through [`decode_event`], whose errors say more.
impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        decode_event(&value.to_string()).map_err(serde::de::Error::custom)
    }
}
