//! What stands behind the demo's curtain: the daemon's configuration, its log, and the wait until it listens.

use std::{
    io::IsTerminal,
    net::{SocketAddr, TcpListener},
    path::Path,
    time::Duration,
};

use anyhow::Context;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

use super::Args;
use crate::{
    config::{Bounded, Config, ModelBackend, Node},
    replay::{
        BrokerUrl,
        link::{Link, LinkSettings},
    },
};

/// The demo's name among boxes.
const NODE: &str = "demo";
/// How long the daemon may take to come up; a large model takes its time.
const START_LIMIT: Duration = Duration::from_secs(180);

/// The daemon's configuration: everything on loopback, the journal in a directory that goes with the demo.
pub(super) fn config(args: &Args, broker: SocketAddr, journal: &Path) -> Config {
    let mut config = Config { node: Node { name: NODE.to_owned() }, ..Config::default() };
    config.broker.host = broker.ip().to_string();
    config.broker.port = Bounded::of(u64::from(broker.port()));
    config.journal.directory = Some(journal.to_owned());
    config.http.listen = page_address(args.port);
    config.booth.personas = args.personas.iter().map(|id| id.trim().to_owned()).collect();
    if args.phrasebook {
        config.model.backend = ModelBackend::None;
    } else if let Some(model) = &args.model {
        config.model.backend = ModelBackend::Embedded;
        config.model.path = Some(model.clone());
        config.model.layout = args.layout;
    }
    config
}

/// Only what went wrong, on stderr: the terminal belongs to the match. rumqttd calls every goodbye an error.
pub(super) fn start_log() {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colour).with_target(false);
    let filter = EnvFilter::new("error,rumqttd=off");
    // Already started in a test: the first log stays.
    drop(tracing_subscriber::registry().with(layer.with_filter(filter)).try_init());
}

/// The asked port where it is free, else any: a demo must not fail because a daemon is running.
fn page_address(port: u16) -> SocketAddr {
    let asked = SocketAddr::from(([127, 0, 0, 1], port));
    match TcpListener::bind(asked) {
        Ok(_) => asked,
        Err(_) => SocketAddr::from(([127, 0, 0, 1], 0)),
    }
}

/// Waits until the daemon says that it listens.
pub(super) async fn until_online(url: &BrokerUrl, stop: &CancellationToken) -> anyhow::Result<()> {
    let settings = LinkSettings {
        broker: url.clone(),
        client_id: "vachak-demo-start".to_owned(),
        last_will: None,
        subscriptions: vec![format!("vachak/{NODE}/state")],
    };
    let (link, mut incoming) = Link::connect(settings).await?;
    let online = async {
        while let Some(message) = incoming.recv().await {
            if message.payload == b"online" {
                return;
            }
        }
    };
    tokio::select! {
        online = tokio::time::timeout(START_LIMIT, online) => {
            online.context("the daemon does not come online on the demo's broker; hint: start the demo again")?;
        }
        () = stop.cancelled() => {}
    }
    link.close().await;
    Ok(())
}
