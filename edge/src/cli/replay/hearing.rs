//! What is heard of the booth while a match is played: its lines, and its own account of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use commentary::Line;
use cricket::event::{Event, EventData};
use serde::Deserialize;
use tokio::{sync::mpsc, task::JoinHandle};

use super::{page, report::Report};
use crate::{
    booth::Account,
    replay::{
        BrokerUrl,
        link::{Incoming, Link, LinkSettings},
    },
};

/// Lines that are still on their way after the last event are waited for as long as one comes so soon after another.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// The booth's lines of one match.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// In the order of coming.
    pub(super) lines: Vec<Line>,
    /// What the writing cost and brought, by persona, as the daemon told last.
    pub(super) accounts: BTreeMap<String, Account>,
}

/// Somebody who listens.
pub(super) struct Hearing {
    file: PathBuf,
    match_id: String,
    link: Link,
    listening: JoinHandle<Heard>,
    /// Keys of the balls that were bowled.
    balls: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    personas: BTreeMap<String, Account>,
}

impl Hearing {
    /// Begins to listen; `file` is where the report goes.
    ///
    /// # Errors
    /// When the file cannot be written, which is better known now than after the match, or the broker cannot be reached.
    pub(super) async fn begin(file: &Path, broker: BrokerUrl, base: &str, match_id: &str) -> anyhow::Result<Self> {
        write(file, "")?;
        let settings = LinkSettings {
            broker,
            client_id: format!("vachak-report-{}", std::process::id()),
            last_will: None,
            subscriptions: vec![format!("{base}/{match_id}/commentary/+"), format!("{base}/{match_id}/report")],
        };
        let (link, incoming) = Link::connect(settings).await?;
        let listening = tokio::spawn(listen(incoming));
        Ok(Self { file: file.to_owned(), match_id: match_id.to_owned(), link, listening, balls: BTreeSet::new() })
    }

    /// Notes an event that was sent.
    pub(super) fn sent(&mut self, event: &Event) {
        match event.data {
            EventData::Delivery(_) => {
                self.balls.insert(event.key.to_string());
            }
            EventData::Retract => {
                self.balls.remove(event.key.as_str());
            }
            _ => {}
        }
    }

    /// Writes the report: JSON where the file's name ends so, else a page.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) async fn end(self) -> anyhow::Result<Report> {
        tokio::time::sleep(LAST_WORDS).await;
        self.link.close().await;
        let heard = self.listening.await?;
        let report = Report::of(&self.match_id, &self.balls, &heard);
        let is_json = self.file.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
        let text = if is_json { serde_json::to_string_pretty(&report)? } else { page::html(&report) };
        write(&self.file, &text)?;
        Ok(report)
    }
}

fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(file, text)
        .with_context(|| format!("{} cannot be written; hint: check the folder and the disk", file.display()))
}

async fn listen(mut incoming: mpsc::Receiver<Incoming>) -> Heard {
    let mut heard = Heard::default();
    while let Some(message) = incoming.recv().await {
        if message.topic.ends_with("/report") {
            if let Ok(told) = serde_json::from_slice::<Told>(&message.payload) {
                heard.accounts = told.personas;
            }
        } else if let Ok(line) = serde_json::from_slice::<Line>(&message.payload) {
            // Sent again after a lost connection, it is the same line.
            if !heard.lines.iter().any(|known| known.line_id == line.line_id) {
                heard.lines.push(line);
            }
        }
    }
    heard
}
