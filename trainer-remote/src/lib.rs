//! The rooms of `trainer-remote`: data, training and evaluation of commentary models.
//!
//! A named [`training`] (`models/<name>/training.toml`) is everything a run needs; [`stages`] runs it, each stage in a
//! folder of its own under the [`run`]'s folder. [`data`] makes rows from matches with the daemon's own code, [`teach`] has
//! their lines written, [`kit`] drives the Python programs that train, [`contract`] and [`quantize`] make of the model
//! what the daemon loads, [`eval`] measures what came of it. [`reading`] fits and measures the model by which a match is read.

pub mod contract;
pub mod data;
pub mod eval;
mod html;
pub mod kit;
pub mod progress;
pub mod quantize;
pub mod reading;
pub mod row;
pub mod run;
pub mod stages;
pub mod teach;
pub mod training;
