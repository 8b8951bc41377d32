//! The writers: whatever turns a finished prompt into a line of text.
//!
//! One trait, [`Writer`], with three implementations: [`embedded`] (llama.cpp in this process), [`ollama`] and
//! [`openai`] (any server that speaks `/v1/completions`). All three are given the same final prompt bytes and the
//! same sampling settings, and all three answer with a stream of text that ends, always, by the request's deadline.
//!
//! - [`request`] what is asked; [`writer`] the trait; [`collect()`] a whole line with deadline and cancel enforced;
//!   [`error`] what can go wrong and what to do about it.
//! - [`gguf`] a model file looked over before it is loaded; [`memory`] what it takes of the machine's.
//! - [`guard`] what a text must hold to while it is written; [`usage`] what it took.
//! - `limit`, `stop`, `utf8`, `lines`, `reply`, `http`, `gauge`, `lane`: the parts the three share.
//! - [`synthetic`]: models of a real one's exact shape with random weights, for measuring; [`bandwidth`]: how fast this
//!   machine's memory is, which no model can outrun.
//! - `fake` (feature `fake`): a model server that misbehaves on demand.

pub mod bandwidth;
pub mod collect;
#[cfg(feature = "llama")]
pub mod embedded;
pub mod error;
#[cfg(feature = "fake")]
pub mod fake;
mod gauge;
pub mod gguf;
pub mod guard;
mod http;
mod lane;
mod limit;
mod lines;
pub mod memory;
pub mod ollama;
pub mod openai;
mod reply;
pub mod request;
pub mod secret;
mod stop;
#[cfg(feature = "llama")]
pub mod synthetic;
pub mod usage;
#[cfg(feature = "llama")]
mod utf8;
pub mod writer;

pub use collect::{Written, collect};
#[cfg(feature = "llama")]
pub use embedded::{Adapter, EmbeddedConfig, EmbeddedWriter};
pub use error::WriteError;
pub use gguf::ModelFile;
pub use guard::{Allow, Guard, Part};
pub use ollama::{OllamaConfig, OllamaWriter};
pub use openai::{OpenAiConfig, OpenAiWriter};
pub use request::{Sampling, Urgency, WriteRequest};
pub use secret::Secret;
pub use usage::{Meter, Usage};
pub use writer::{Backend, Piece, TextStream, Writer, WriterInfo};
