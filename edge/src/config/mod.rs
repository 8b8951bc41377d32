//! The configuration: one struct tree that is file, environment and flags at once.
//!
//! Invariants: every key has a default, so an empty file runs; an unknown key is refused, never ignored; a value is in
//! its range once it is in the tree; no secret can be printed. `load` merges, `error` words what is wrong, `bounded`
//! and `secret` are the two kinds of values with rules of their own.

pub mod bounded;
pub mod error;
pub mod load;
pub mod place;
pub mod secret;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use commentary::Layout;
use serde::{Deserialize, Serialize};

pub use bounded::{Bounded, Scale};
pub use error::ConfigError;
pub use load::{Sources, load};
pub use secret::Secret;

use crate::booth::ahead::When;

/// Everything that can be set.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// This box.
    pub node: Node,
    /// The broker that carries events in and lines out.
    pub broker: Broker,
    /// First levels of all topics.
    pub topics: Topics,
    /// The store of events and lines.
    pub journal: Journal,
    /// The web page and what machines ask for.
    pub http: Http,
    /// Who speaks, and how.
    pub booth: Booth,
    /// The language model, if any.
    pub model: Model,
    /// Past matches.
    pub archive: Archive,
    /// How a match is read.
    pub reading: Reading,
    /// What is logged.
    pub log: Log,
}

/// This box.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Node {
    /// Its name on the broker: one topic level, no `/`, `+`, `#` or space.
    #[serde(deserialize_with = "bounded::topic_level")]
    pub name: String,
}

impl Default for Node {
    fn default() -> Self {
        Self { name: "box".to_owned() }
    }
}

/// The broker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Broker {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: Bounded<1, 65_535>,
    /// The MQTT client id; `vachak-<node>` when absent. Must be this box's alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// User name, where the broker wants one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Password; better kept in a file of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// File whose first line is the password. Without either, systemd's credential `broker-password` is used if given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
    /// Seconds without traffic after which the broker takes us for dead.
    pub keep_alive_seconds: Bounded<5, 3600>,
    /// Largest message taken, in bytes; a larger one breaks the connection.
    pub max_packet_bytes: Bounded<65_536, 268_435_455>,
}

impl Default for Broker {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: Bounded::of(1883),
            client_id: None,
            username: None,
            password: None,
            password_file: None,
            keep_alive_seconds: Bounded::of(30),
            max_packet_bytes: Bounded::of(9 * 1024 * 1024),
        }
    }
}

/// First levels of all topics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Topics {
    /// Before the match: `cricket/<match>/events`.
    #[serde(deserialize_with = "bounded::topic")]
    pub cricket: String,
    /// Before the box: `vachak/<node>/state`.
    #[serde(deserialize_with = "bounded::topic")]
    pub vachak: String,
}

impl Default for Topics {
    fn default() -> Self {
        Self { cricket: "cricket".to_owned(), vachak: "vachak".to_owned() }
    }
}

/// The store of events and lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Journal {
    /// Its directory; systemd's state directory, else the user's data directory, when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory: Option<PathBuf>,
    /// Days after which a match that no event touched is forgotten.
    pub keep_days: Bounded<1, 3650>,
}

impl Default for Journal {
    fn default() -> Self {
        Self { directory: None, keep_days: Bounded::of(30) }
    }
}

/// The web page and what machines ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Whether there is one.
    pub enabled: bool,
    /// Address and port; on loopback nobody else on the network can read it. Port 0 takes any free one.
    pub listen: SocketAddr,
}

impl Default for Http {
    fn default() -> Self {
        Self { enabled: true, listen: SocketAddr::from(([127, 0, 0, 1], 8787)) }
    }
}

/// Who speaks, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Booth {
    /// Personas at the microphone, in the order in which they speak.
    pub personas: Vec<String>,
    /// Directory of persona files (`*.toml`) beyond the built-in ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub persona_directory: Option<PathBuf>,
    /// Boxes that two personas share: one calls, the other colours. None by default: each persona speaks for itself.
    #[serde(rename = "box", skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<SharedBox>,
    /// Seconds after its ball for which a line is worth saying; then it is dropped.
    pub line_seconds: Bounded<1, 300>,
}

/// Two personas in one box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedBox {
    /// Who calls the balls, sums up overs and innings.
    pub call: String,
    /// Who answers with colour and statistics, when there is time before the next ball and something new to say.
    pub colour: String,
}

impl Booth {
    /// How long a line is worth saying.
    pub fn line_lasts(&self) -> Duration {
        Duration::from_secs(self.line_seconds.get())
    }
}

impl Default for Booth {
    fn default() -> Self {
        Self {
            personas: vec!["benaud".to_owned()],
            persona_directory: None,
            boxes: Vec::new(),
            line_seconds: Bounded::of(20),
        }
    }
}

/// Where lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelBackend {
    /// Nowhere: the phrasebook speaks.
    #[cfg_attr(not(feature = "llama"), default)]
    None,
    /// llama.cpp in this process.
    #[cfg_attr(feature = "llama", default)]
    Embedded,
    /// An Ollama server.
    Ollama,
    /// A server that speaks OpenAI's `/v1/completions`.
    OpenAi,
}

/// Who writes where the model cannot, or has not in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fallback {
    /// No other model: the phrasebook speaks.
    #[cfg_attr(not(feature = "llama"), default)]
    None,
    /// The program's own model.
    #[cfg_attr(feature = "llama", default)]
    BuiltIn,
}

/// The language model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Model {
    /// Where lines are written.
    pub backend: ModelBackend,
    /// The GGUF file of the embedded model; the program's own when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// The model's name at its server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The server's address; for Ollama `OLLAMA_HOST`, else port 11434 of this machine, when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The server's key; better kept in a file of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<Secret>,
    /// File whose first line is the key. Without either, systemd's credential `model-api-key` is used if given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key_file: Option<PathBuf>,
    /// How a prompt is laid out: `chatml`, `llama3`, `gemma`, `mistral`, `compact` or `slots`. When absent, as the embedded
    /// model's file says, else `chatml`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<Layout>,
    /// A LoRA adapter's GGUF file, laid over the embedded model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adapter: Option<PathBuf>,
    /// How strongly the adapter acts: 1 as it was trained.
    pub adapter_scale: Scale,
    /// Context in tokens, shared by all lines that are written at once; for the embedded model what fits into memory, at
    /// most 4096, and for Ollama 2048, when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Bounded<256, 131_072>>,
    /// Lines that are written at once: 8 by the embedded model and one by Ollama, whose `OLLAMA_NUM_PARALLEL` it is, when
    /// absent. Other servers take what comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel: Option<Bounded<1, 64>>,
    /// Threads of the embedded model; one per core, four at most, when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<Bounded<1, 64>>,
    /// Milliseconds after its ball by which a model's line must be there, else the phrasebook speaks.
    pub deadline_ms: Bounded<100, 60_000>,
    /// Who writes where the model cannot, or has not in time, before the phrasebook speaks: `built-in`, the program's own
    /// model where the first is another, or `none`.
    pub fallback: Fallback,
    /// Whether lines are written before their ball: `auto`, `always` or `off`.
    pub ahead: When,
    /// Tokens a ball that are spent on it, read and written; by the model's measured speed when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ahead_tokens: Option<Bounded<1, 1_000_000>>,
    /// Whether the embedded model is held, while it writes, to the names, numbers and events of the moment. The checker
    /// looks at every line in any case; this spares it refusals.
    pub grounded: bool,
    /// How the next token is chosen.
    pub sampling: llm::Sampling,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            backend: ModelBackend::default(),
            path: None,
            name: None,
            url: None,
            api_key: None,
            api_key_file: None,
            layout: None,
            adapter: None,
            adapter_scale: Scale::default(),
            context: None,
            parallel: None,
            threads: None,
            deadline_ms: Bounded::of(8000),
            fallback: Fallback::default(),
            ahead: When::default(),
            ahead_tokens: None,
            grounded: true,
            sampling: llm::Sampling::default(),
        }
    }
}

/// Past matches.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Archive {
    /// The archive's file, as `vachak archive add` makes it; without it nothing is said about the past.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
}

/// How a match is read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reading {
    /// The file of chances and projections, as `trainer-remote reading fit` makes it; the built-in one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<PathBuf>,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Something was lost, or a person is needed.
    Error,
    /// Also what went wrong and was put right.
    Warn,
    /// Also the course of things.
    #[default]
    Info,
    /// Also how decisions are made.
    Debug,
    /// Everything.
    Trace,
}

/// What is logged.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// How much.
    pub level: LogLevel,
}
