//! A match on a terminal: the broadcast that `vachak demo` shows.
//!
//! [`broadcast`] turns events and lines into text and knows nothing of where they come from or go to; [`client`] brings
//! them in over MQTT and writes the text out. Colours are always in the text; on the way out they are taken off where
//! there is no terminal or the user wants none.

pub mod balls;
pub mod bar;
pub mod broadcast;
pub mod clean;
pub mod client;
pub mod headline;
pub mod palette;
pub mod panel;
pub mod score_text;
pub(crate) mod table;
pub mod wrap;
