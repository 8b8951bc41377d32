//! Overlays: the difference between a file's JSON and what the types would print, small enough to carry along.
//!
//! An overlay of an object holds the keys that differ: objects recursively, anything else as it came. `null` for a key
//! that the types print means that the file does not have it (what they always print is never `null` in a file), and
//! for a key that they do not print, that the file says `null`.

use serde_json::{Map, Value};

/// What must be laid over `printed` to make it `original`; empty when they are equal.
pub(super) fn difference(printed: &Map<String, Value>, original: &Map<String, Value>) -> Map<String, Value> {
    let mut found = Map::new();
    for (key, value) in original {
        match (printed.get(key), value) {
            (Some(known), value) if known == value => {}
            (Some(Value::Object(known)), Value::Object(value)) => {
                let inner = difference(known, value);
                if !inner.is_empty() {
                    found.insert(key.clone(), Value::Object(inner));
                }
            }
            (_, value) => {
                found.insert(key.clone(), value.clone());
            }
        }
    }
    for key in printed.keys().filter(|key| !original.contains_key(*key)) {
        found.insert(key.clone(), Value::Null);
    }
    found
}

/// Lays an overlay over what the types print.
pub(super) fn lay(printed: &mut Map<String, Value>, overlay: &Map<String, Value>) {
    for (key, value) in overlay {
        match (printed.get_mut(key), value) {
            (Some(_), Value::Null) => {
                printed.shift_remove(key);
            }
            (Some(Value::Object(known)), Value::Object(value)) => lay(known, value),
            (_, value) => {
                printed.insert(key.clone(), value.clone());
            }
        }
    }
}

/// Keeps an overlay with what it belongs to, if there is any.
pub(super) fn keep(ext: &mut Map<String, Value>, overlay: Map<String, Value>) {
    if !overlay.is_empty() {
        ext.insert(super::EXT.to_owned(), Value::Object(overlay));
    }
}

/// The overlay kept with a thing, if there is one.
pub(super) fn of(ext: &Map<String, Value>) -> Option<&Map<String, Value>> {
    ext.get(super::EXT).and_then(Value::as_object)
}
