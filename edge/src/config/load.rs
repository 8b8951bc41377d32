//! File, then environment, then flags: the later wins.

use std::path::{Path, PathBuf};

use super::{
    Config, ConfigError,
    error::{is_secret_key, one_line},
};

/// Where the configuration comes from.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The file, if any.
    pub file: Option<PathBuf>,
    /// Environment variables, by name; of those only `VACHAK_<SECTION>_<KEY>` of a known section count.
    pub environment: Vec<(String, String)>,
    /// Flags: `section.key=value`.
    pub flags: Vec<String>,
}

impl Sources {
    /// A file and flags, with this process's environment.
    pub fn with_environment(file: Option<PathBuf>, flags: Vec<String>) -> Self {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self { file, environment, flags }
    }
}

/// Reads the file, and lays environment and flags over it.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn load(sources: &Sources) -> Result<Config, ConfigError> {
    let mut config = match &sources.file {
        Some(path) => read(path)?,
        None => Config::default(),
    };
    for (name, value) in &sources.environment {
        let Some((section, key)) = split_variable(name) else { continue };
        config = set(&config, &section, &key, value)
            .map_err(|what| ConfigError::Origin { origin: format!("environment variable {name}"), what })?;
    }
    for flag in &sources.flags {
        let origin = || format!("flag --set {}", shown(flag));
        let split = flag.split_once('=').and_then(|(key, value)| Some((key.split_once('.')?, value)));
        let Some(((section, key), value)) = split else {
            return Err(ConfigError::Origin {
                origin: origin(),
                what: "allowed is SECTION.KEY=VALUE, such as broker.port=1884".to_owned(),
            });
        };
        config = set(&config, section, key, value).map_err(|what| ConfigError::Origin { origin: origin(), what })?;
    }
    check(&config)?;
    Ok(config)
}

/// A flag without a secret it may carry.
fn shown(flag: &str) -> String {
    match flag.split_once('=') {
        Some((key, _)) if is_secret_key(key.rsplit('.').next().unwrap_or_default()) => format!("{key}=***"),
        _ => flag.to_owned(),
    }
}

fn read(path: &Path) -> Result<Config, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::File { path: path.to_owned(), reason: error.to_string() })?;
    toml::from_str(&text).map_err(|error| ConfigError::toml(path.to_owned(), &text, &error))
}

const SECTIONS: [&str; 9] = ["node", "broker", "topics", "journal", "http", "booth", "model", "archive", "log"];

/// `VACHAK_BROKER_KEEP_ALIVE_SECONDS` is `broker.keep_alive_seconds`; variables of other sections are not ours.
fn split_variable(name: &str) -> Option<(String, String)> {
    let (section, key) = name.strip_prefix("VACHAK_")?.split_once('_')?;
    let section = section.to_ascii_lowercase();
    SECTIONS.contains(&section.as_str()).then(|| (section, key.to_ascii_lowercase()))
}

/// The configuration with one key set, all rules of the file applied to it.
fn set(config: &Config, section: &str, key: &str, value: &str) -> Result<Config, String> {
    let mut refused = None;
    for value in readings(value) {
        let mut keys = toml::Table::new();
        keys.insert(key.to_owned(), value.clone());
        let mut alone = toml::Table::new();
        alone.insert(section.to_owned(), toml::Value::Table(keys));
        match alone.try_into::<Config>() {
            Ok(_) => return merged(config, section, key, value),
            Err(error) => {
                refused.get_or_insert_with(|| format!("{section}.{key}: {}", one_line(error.message())));
            }
        }
    }
    Err(refused.unwrap_or_else(|| format!("{section}.{key}: no value")))
}

/// What the text of a variable or flag may mean, likeliest first: a TOML value (number, boolean, list), text, a list
/// written without brackets.
fn readings(value: &str) -> Vec<toml::Value> {
    let single = !value.contains('\n');
    let literal = toml::from_str::<toml::Table>(&format!("v = {value}")).ok().filter(|_| single);
    let list = value.split(',').map(|item| toml::Value::String(item.trim().to_owned())).collect();
    literal
        .and_then(|mut table| table.remove("v"))
        .into_iter()
        .chain([toml::Value::String(value.to_owned()), toml::Value::Array(list)])
        .collect()
}

fn merged(config: &Config, section: &str, key: &str, value: toml::Value) -> Result<Config, String> {
    // Serialising hides secrets, so they are carried over by hand.
    let (password, api_key) = (config.broker.password.clone(), config.model.api_key.clone());
    let mut whole = toml::Table::try_from(config).map_err(|error| error.to_string())?;
    if let Some(toml::Value::Table(keys)) = whole.get_mut(section) {
        keys.insert(key.to_owned(), value);
    }
    let mut merged: Config = whole.try_into().map_err(|error: toml::de::Error| one_line(error.message()))?;
    if (section, key) != ("broker", "password") {
        merged.broker.password = password;
    }
    if (section, key) != ("model", "api_key") {
        merged.model.api_key = api_key;
    }
    Ok(merged)
}

/// Rules that span several keys.
fn check(config: &Config) -> Result<(), ConfigError> {
    let model = &config.model;
    let backend = || format!("{:?}", model.backend).to_lowercase();
    match model.backend {
        super::ModelBackend::Ollama | super::ModelBackend::OpenAi if model.name.is_none() => Err(ConfigError::value(
            "model.backend",
            backend(),
            "no model is named",
            "set model.name to a model that the server has",
        )),
        super::ModelBackend::OpenAi if model.url.is_none() => Err(ConfigError::value(
            "model.backend",
            backend(),
            "no server is named",
            "set model.url to its address, such as http://127.0.0.1:8080",
        )),
        _ if config.broker.password.is_some() && config.broker.password_file.is_some() => Err(ConfigError::value(
            "broker.password_file",
            config.broker.password_file.as_ref().map(|path| path.display().to_string()).unwrap_or_default(),
            "broker.password is set too",
            "keep one of the two",
        )),
        _ if config.booth.personas.is_empty() => Err(ConfigError::value(
            "booth.personas",
            "[]",
            "nobody is at the microphone",
            "name at least one persona, such as \"benaud\"",
        )),
        _ => Ok(()),
    }
}
