//! The life of the daemon: configuration → build → addresses → tasks → a signal → a clean end.
//!
//! [`start`] does everything but logging and signals, so that `vachak demo` and the tests run the very same daemon.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use sd_notify::NotifyState;
use serde_json::json;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc,
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::{
    booth::{
        Accounts, Ahead, Exchange, Scribe, Voices,
        ahead::{self, When, author},
        changeover::{self, Changeover},
        writers,
    },
    cli::exit,
    clock,
    config::{Config, ConfigError, Fallback, ModelBackend, place, secret},
    desk::{Desk, Rules, Tools},
    feed::{Link, LinkConfig, Topics},
    journal::{self, Journal, JournalError},
    past::Past,
    telemetry::{self, Life, Metrics, heat::Heat},
    web::{self, Board, Page},
};

/// Answers of the model that may wait for the desk.
const WRITTEN: usize = 32;
/// How long a stop may take in all.
const STOP: Duration = Duration::from_secs(10);

/// Why the daemon did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The page's address.
    #[error(
        "the page cannot be served on {address}: {source}; hint: another program has the port, or the address is not this machine's: set http.listen, or http.enabled = false"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// A task ended before it began.
    #[error("the daemon could not start: {0}")]
    Task(#[from] tokio::task::JoinError),
}

/// A running daemon.
#[derive(Debug)]
pub struct Running {
    /// Where the page is, if there is one.
    pub page: Option<SocketAddr>,
    /// Signs of life of its parts.
    pub life: Life,
    stop: CancellationToken,
    hang_up: CancellationToken,
    desk: JoinHandle<()>,
    link: JoinHandle<()>,
    web: Option<JoinHandle<()>>,
}

impl Running {
    /// Stops cleanly: what is on its way leaves, `stopped` is published, the journal is closed. True when all of it was
    /// done within ten seconds.
    pub async fn shutdown(mut self) -> bool {
        self.stop.cancel();
        let orderly = async {
            let desk = (&mut self.desk).await.is_ok();
            self.hang_up.cancel();
            let link = (&mut self.link).await.is_ok();
            if let Some(web) = &mut self.web {
                return desk && link && web.await.is_ok();
            }
            desk && link
        };
        timeout(STOP, orderly).await.unwrap_or(false)
    }

    /// Waits until the daemon ends by itself, which it does only when something in it broke.
    pub async fn broken(&mut self) {
        tokio::select! {
            _ = &mut self.desk => {}
            _ = &mut self.link => {}
        }
    }
}

/// Whether a configuration can be used: everything that [`start`] needs, without starting it or loading a model. What it
/// would do without (a model or an archive that is not there) comes back as warnings.
///
/// # Errors
/// What is wrong.
pub fn check(config: &Config) -> Result<Vec<String>, ConfigError> {
    Voices::build(config)?;
    login(config)?;
    place::journal_directory(config)?;
    writers::check(config)?;
    reading_model(config)?;
    let missing = |key: &str, path: &Option<PathBuf>, so: &str| {
        let path = path.as_ref().filter(|path| !path.is_file())?;
        Some(format!("{key} = \"{}\": there is no such file; {so}", path.display()))
    };
    let embedded = (config.model.backend == ModelBackend::Embedded).then(|| {
        let so = match config.model.fallback {
            Fallback::BuiltIn if config.model.path.is_some() => "the program's own model will write",
            _ => "the phrasebook will speak",
        };
        [missing("model.path", &config.model.path, so), missing("model.adapter", &config.model.adapter, so)]
    });
    let model = embedded.into_iter().flatten().flatten();
    let archive = missing("archive.path", &config.archive.path, "nothing will be said about past matches");
    Ok(model.chain(archive).collect())
}

/// The configured model by which matches are read; `None` where the built-in one is to be used.
fn reading_model(config: &Config) -> Result<Option<commentary::reading::Model>, ConfigError> {
    let Some(path) = &config.reading.model else { return Ok(None) };
    let refused = |reason: String| {
        let (reason, hint) = reason.split_once("; hint: ").unwrap_or((&reason, "check the path and who may read it"));
        ConfigError::value("reading.model", path.display().to_string(), reason, hint)
    };
    let text = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
    commentary::reading::Model::parse(&text).map(Some).map_err(|error| refused(error.to_string()))
}

/// Starts the daemon with a configuration. The broker need not be there yet.
///
/// # Errors
/// When it cannot start.
pub async fn start(config: Config) -> Result<Running, StartError> {
    start_all(config, None).await
}

/// The same with whoever sits in this seat, whatever the configuration says of a model.
///
/// # Errors
/// When it cannot start.
pub async fn start_with(config: Config, exchange: Exchange) -> Result<Running, StartError> {
    start_all(config, Some(exchange)).await
}

async fn start_all(config: Config, own: Option<Exchange>) -> Result<Running, StartError> {
    let voices = Voices::build(&config)?;
    if let Some(model) = reading_model(&config)?
        && commentary::reading::install(model).is_err()
    {
        tracing::warn!("reading.model is not used: this program has read a match by another model already");
    }
    let login = login(&config)?;
    let (directory, models) = (place::journal_directory(&config)?, place::model_directory(&config)?);
    let topics = Topics::new(&config);
    let life = Life::default();
    let (metrics, registry) = Metrics::new();
    let begun = if own.is_none() { Some(load_model(&config, &models).await?) } else { None };
    let past = config.archive.path.as_ref().and_then(|path| match Past::open(path) {
        Ok(past) => Some(past),
        Err(error) => {
            tracing::error!("there is no archive, nothing is said about past matches: {error}");
            None
        }
    });

    let keep_days = config.journal.keep_days.get();
    let (opened, recovered) = tokio::task::spawn_blocking(move || {
        let mut opened = journal::open(&directory, &clock::text(clock::now_ms()))?;
        let recovered = journal::recover::recover(&mut opened.connection, clock::now_ms(), keep_days)?;
        Ok::<_, JournalError>((opened, recovered))
    })
    .await??;
    for remark in &opened.remarks {
        tracing::error!("{remark}");
    }
    let journal = Journal::start(opened, life.journal.clone())?;

    let listener = if config.http.enabled {
        let address = config.http.listen;
        Some(web::bind(address).await.map_err(|source| StartError::Listen { address, source })?)
    } else {
        None
    };
    let page = listener.as_ref().and_then(|listener| listener.local_addr().ok());

    let (stop, hang_up) = (CancellationToken::new(), CancellationToken::new());
    let (written, answers) = mpsc::channel(WRITTEN);
    let accounts = Accounts::default();
    let configured = begun.filter(|_| config.model.backend != ModelBackend::None).map(|mut begun| {
        let exchange = Exchange::new(begun.model.take()).with_second(begun.second.take());
        let watch = Changeover::new(config.clone(), models, exchange.clone(), begun);
        tokio::spawn(watch.run(stop.clone()));
        exchange
    });
    let exchange = own.or(configured);
    let scribe = exchange.clone().map(|exchange| {
        Scribe::start(exchange, voices.clone(), written, accounts.clone(), metrics.clone(), stop.clone())
    });
    let ahead = exchange.zip(scribe.clone()).filter(|_| config.model.ahead != When::Off).map(|(exchange, scribe)| {
        let tools = author::Tools {
            exchange,
            voices: voices.clone(),
            scribe,
            rules: ahead_rules(&config),
            heat: Heat::default(),
            accounts: accounts.clone(),
            metrics: metrics.clone(),
        };
        Ahead::start(tools, stop.clone())
    });
    let info = info(&config, &voices, page);
    let board = Arc::new(Board::default());
    let link = Link::start(link_config(&config, &topics, login), life.link.clone(), hang_up.clone());
    let tools = Tools {
        journal,
        out: link.out,
        inbox: link.inbox,
        voices,
        scribe,
        ahead,
        accounts,
        past,
        written: answers,
        board: board.clone(),
        topics,
        metrics: metrics.clone(),
        ticks: life.desk.clone(),
    };
    let rules = Rules {
        line_lasts: config.booth.line_lasts(),
        model_deadline: Duration::from_millis(config.model.deadline_ms.get()),
        info,
    };
    let desk = tokio::spawn(Desk::new(tools, rules, recovered).run(stop.clone()));
    let web = listener.map(|listener| {
        web::serve(
            listener,
            Page { board, life: life.clone(), metrics, registry: Arc::new(registry), stop: stop.clone() },
        )
    });
    Ok(Running { page, life, stop, hang_up, desk, link: link.task, web })
}

/// Runs the daemon until SIGTERM or SIGINT.
///
/// # Errors
/// When it cannot start.
pub async fn run_daemon(config: Config) -> anyhow::Result<ExitCode> {
    telemetry::log::start(&config);
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let broker = format!("{}:{}", config.broker.host, config.broker.port.get());
    let mut running = start(config).await?;
    let page = running.page.map_or_else(|| "no page".to_owned(), |page| format!("page http://{page}/"));
    tracing::info!("vachak {}: broker {broker}, {page}", env!("CARGO_PKG_VERSION"));
    notify(&[NotifyState::Ready]);
    let watchdog = tokio::spawn(feed_watchdog(running.life.clone()));
    let by_itself = tokio::select! {
        _ = terminate.recv() => false,
        _ = interrupt.recv() => false,
        () = running.broken() => true,
    };
    notify(&[NotifyState::Stopping]);
    watchdog.abort();
    if by_itself {
        tracing::error!("a part of the daemon has ended by itself; stopping, so that it can be started anew");
        return Ok(ExitCode::from(exit::OURS));
    }
    tracing::info!("stopping");
    if running.shutdown().await {
        tracing::info!("stopped");
        return Ok(ExitCode::SUCCESS);
    }
    tracing::error!(
        "the stop took longer than {} s; what was not finished is carried on at the next start",
        STOP.as_secs()
    );
    Ok(ExitCode::from(exit::OURS))
}

/// Feeds systemd's watchdog, as long as every part shows signs of life.
async fn feed_watchdog(life: Life) {
    let Some(limit) = sd_notify::watchdog_enabled() else { return };
    let mut clock = tokio::time::interval(limit / 4);
    loop {
        clock.tick().await;
        let silent = life.silent(limit / 2);
        if silent.is_empty() {
            notify(&[NotifyState::Watchdog]);
        } else {
            tracing::error!("no sign of life from {}; the watchdog is not fed", silent.join(", "));
        }
    }
}

/// Tells systemd, where it listens.
fn notify(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!("systemd was not told: {error}");
    }
}

fn login(config: &Config) -> Result<Option<(String, secret::Secret)>, ConfigError> {
    let broker = &config.broker;
    let password =
        secret::find("broker.password", broker.password.as_ref(), broker.password_file.as_deref(), "broker-password")?;
    match (&broker.username, password) {
        (Some(user), Some(password)) => Ok(Some((user.clone(), password))),
        (Some(user), None) => Err(ConfigError::value(
            "broker.username",
            user.clone(),
            "there is no password for it",
            "set broker.password_file, or give systemd's credential broker-password",
        )),
        // A credential may lie ready for a broker that lets everybody in.
        (None, _) => Ok(None),
    }
}

async fn load_model(config: &Config, models: &Path) -> Result<changeover::Begun, StartError> {
    let (config, models) = (config.clone(), models.to_owned());
    Ok(tokio::task::spawn_blocking(move || changeover::begin(&config, &models)).await??)
}

fn link_config(config: &Config, topics: &Topics, login: Option<(String, secret::Secret)>) -> LinkConfig {
    let broker = &config.broker;
    LinkConfig {
        host: broker.host.clone(),
        port: u16::try_from(broker.port.get()).unwrap_or(1883),
        client_id: broker.client_id.clone().unwrap_or_else(|| format!("vachak-{}", config.node.name)),
        login,
        keep_alive: Duration::from_secs(broker.keep_alive_seconds.get()),
        max_packet: usize::try_from(broker.max_packet_bytes.get()).unwrap_or(usize::MAX),
        subscriptions: topics.subscriptions(),
        last_will: (topics.state(), "offline"),
    }
}

fn ahead_rules(config: &Config) -> ahead::Rules {
    let tokens = config.model.ahead_tokens.and_then(|tokens| u32::try_from(tokens.get()).ok());
    ahead::Rules { when: config.model.ahead, tokens: tokens.and_then(std::num::NonZeroU32::new) }
}

/// What this box is, for its `info` topic; who writes is the desk's to say.
fn info(config: &Config, voices: &Voices, page: Option<SocketAddr>) -> serde_json::Value {
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "event_contract": "cricket.event/1",
        "personas": voices.personas.iter().map(|persona| persona.id.as_str()).collect::<Vec<_>>(),
        "model": null,
        "second_model": null,
        "page": page.map(|page| format!("http://{page}/")),
        "config": config,
    })
}
