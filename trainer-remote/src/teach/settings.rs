//! The section `[teach]` of a named training.

use std::path::PathBuf;

use commentary::ChatTemplate;
use serde::{Deserialize, Serialize};

use super::Error;

/// Who writes the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Teacher {
    /// The phrasebook, here and for nothing.
    #[default]
    Phrasebook,
    /// A model on an Ollama server.
    Ollama,
    /// A model on a server that speaks `/v1/completions`.
    OpenAi,
    /// A model of Anthropic's.
    Anthropic,
}

impl Teacher {
    /// Its name in settings, such as `phrasebook`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Phrasebook => "phrasebook",
            Self::Ollama => "ollama",
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
        }
    }
}

/// What a teacher's tokens cost, in its currency for a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// For a million tokens read; 0 or more.
    #[serde(rename = "in")]
    pub input: f64,
    /// For a million tokens written; 0 or more.
    #[serde(rename = "out")]
    pub output: f64,
}

/// How the completions come about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Teaching {
    /// Who writes.
    pub teacher: Teacher,
    /// Phrasebook: the share of lines composed of two sayings where the persona's length allows it, 0 to 1.
    pub joined: f64,
    /// Phrasebook: how many different lines a prompt gets, 1 to 16.
    pub variants: u32,
    /// The model's name as its server knows it; needed by every teacher but the phrasebook.
    pub model: Option<String>,
    /// The server's address; Ollama and Anthropic have usual ones, `openai` needs it.
    pub url: Option<String>,
    /// The chat template that the model was trained with, for servers that take final bytes (`ollama`, `openai`):
    /// chatml, llama3, gemma or mistral.
    pub template: ChatTemplate,
    /// A file that holds the API key alone; else the environment's `ANTHROPIC_API_KEY` or `OPENAI_API_KEY`.
    pub api_key_file: Option<PathBuf>,
    /// Whether requests go in batches, at half the price, where the provider has them.
    pub batch: bool,
    /// How many requests are under way at once, 1 to 256.
    pub concurrency: usize,
    /// How often a request is sent again when the server is busy or the network fails, 0 to 20.
    pub retries: u32,
    /// Seconds after which a request that got no answer is given up, 1 to 3600.
    pub timeout: u64,
    /// How freely a model writes, 0 to 2; models that take no such setting are not sent it.
    pub temperature: Option<f64>,
    /// What tokens cost.
    pub price: Price,
    /// The most that the whole teaching may cost, in the price's currency; needed where a price is given.
    pub cap: Option<f64>,
}

impl Default for Teaching {
    fn default() -> Self {
        Self {
            teacher: Teacher::default(),
            joined: 0.3,
            variants: 1,
            model: None,
            url: None,
            template: Self::usual_template(),
            api_key_file: None,
            batch: false,
            concurrency: 8,
            retries: 6,
            timeout: 120,
            temperature: None,
            price: Price::default(),
            cap: None,
        }
    }
}

impl Teaching {
    /// Whether every value is within its range.
    ///
    /// # Errors
    /// [`Error::Settings`] with the key.
    pub fn validate(&self) -> Result<(), Error> {
        let refuse = |key, reason: String, hint: &str| Err(Error::Settings { key, reason, hint: hint.to_owned() });
        if !(0.0..=1.0).contains(&self.joined) {
            return refuse("teach.joined", format!("{} is no share", self.joined), "0 to 1 is allowed");
        }
        if !(1..=16).contains(&self.variants) {
            return refuse("teach.variants", format!("{} is out of range", self.variants), "1 to 16 is allowed");
        }
        if !(1..=256).contains(&self.concurrency) {
            return refuse("teach.concurrency", format!("{} is out of range", self.concurrency), "1 to 256 is allowed");
        }
        if self.retries > 20 {
            return refuse("teach.retries", format!("{} is out of range", self.retries), "0 to 20 is allowed");
        }
        if !(1..=3600).contains(&self.timeout) {
            return refuse(
                "teach.timeout",
                format!("{} is out of range", self.timeout),
                "1 to 3600 seconds are allowed",
            );
        }
        if self.temperature.is_some_and(|value| !(0.0..=2.0).contains(&value)) {
            return refuse("teach.temperature", "it is out of range".to_owned(), "0 to 2 is allowed");
        }
        let free = |price: f64| (0.0..=1e6).contains(&price);
        if !free(self.price.input) || !free(self.price.output) {
            return refuse(
                "teach.price",
                "a price is negative or no number".to_owned(),
                "write { in = 1.0, out = 5.0 }",
            );
        }
        if self.cap.is_some_and(|cap| !(cap >= 0.0 && cap.is_finite())) {
            return refuse("teach.cap", "it is negative or no number".to_owned(), "write the most that may be spent");
        }
        if self.teacher == Teacher::Phrasebook {
            return Ok(());
        }
        if self.model.as_deref().is_none_or(str::is_empty) {
            let reason = format!("{} needs a model", self.teacher.name());
            return refuse("teach.model", reason, "name it as its server knows it");
        }
        if self.variants != 1 {
            return refuse("teach.variants", "a model is asked once a prompt".to_owned(), "leave it out, or write 1");
        }
        if self.teacher == Teacher::Anthropic && self.template != Self::usual_template() {
            return refuse("teach.template", "anthropic has its own".to_owned(), "leave it out");
        }
        if self.batch && self.teacher != Teacher::Anthropic {
            return refuse("teach.batch", format!("{} has no batches", self.teacher.name()), "leave it out");
        }
        if self.teacher == Teacher::OpenAi && self.url.is_none() {
            return refuse("teach.url", "openai needs an address".to_owned(), "write http://HOST:PORT");
        }
        if (self.price.input > 0.0 || self.price.output > 0.0 || self.teacher == Teacher::Anthropic)
            && self.cap.is_none()
        {
            return refuse(
                "teach.cap",
                "a teacher that costs needs one".to_owned(),
                "write the most that may be spent",
            );
        }
        if self.teacher == Teacher::Anthropic && self.price == Price::default() {
            let hint = "write price = { in = …, out = … } as the provider lists it for a million tokens";
            return refuse("teach.price", "without it no cap can be held".to_owned(), hint);
        }
        Ok(())
    }
}
