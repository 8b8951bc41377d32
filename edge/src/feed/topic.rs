//! Topics: what a message is about, from where it came; and where ours go.

use crate::config::Config;

/// Our topics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topics {
    cricket: String,
    node: String,
}

/// Which of a match's topics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// `events`: what happens.
    Events,
    /// `snapshot`: everything so far.
    Snapshot,
    /// `status`: whether the feed lives.
    Status,
}

/// What a topic says of its message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject<'a> {
    /// From a feed.
    Feed {
        /// The match.
        match_id: &'a str,
        /// Which of its topics.
        channel: Channel,
    },
    /// A line, most likely our own come back.
    Line,
    /// Ours or another box's; nothing to do.
    Ours,
    /// Nobody's.
    Wrong,
}

impl Topics {
    /// As configured.
    pub fn new(config: &Config) -> Self {
        Self { cricket: config.topics.cricket.clone(), node: format!("{}/{}", config.topics.vachak, config.node.name) }
    }

    /// What is listened to: every topic of a match, so that a misspelt one is noticed too; and lines, so that we know
    /// which of ours the broker has had.
    pub fn subscriptions(&self) -> Vec<String> {
        vec![format!("{}/+/+", self.cricket), format!("{}/+", self.cricket), format!("{}/+/commentary/+", self.cricket)]
    }

    /// Reads a topic.
    pub fn subject<'a>(&self, topic: &'a str) -> Subject<'a> {
        let Some(rest) = topic.strip_prefix(self.cricket.as_str()).and_then(|rest| rest.strip_prefix('/')) else {
            return Subject::Wrong;
        };
        let levels: Vec<&str> = rest.split('/').collect();
        match levels.as_slice() {
            [match_id, kind] if !match_id.is_empty() => {
                let channel = match *kind {
                    "events" => Channel::Events,
                    "snapshot" => Channel::Snapshot,
                    "status" => Channel::Status,
                    "score" | "report" | "resync" => return Subject::Ours,
                    _ => return Subject::Wrong,
                };
                Subject::Feed { match_id, channel }
            }
            [_, "commentary", _] => Subject::Line,
            [_, "commentary", ..] => Subject::Ours,
            _ => Subject::Wrong,
        }
    }

    /// What a topic should have looked like.
    pub fn remedy(&self) -> String {
        format!("publish to {0}/<match>/events, {0}/<match>/snapshot or {0}/<match>/status", self.cricket)
    }

    /// Where a persona's lines of a match go.
    pub fn line(&self, match_id: &str, persona: &str) -> String {
        format!("{}/{match_id}/commentary/{persona}", self.cricket)
    }

    /// Where the last of them is kept.
    pub fn latest(line: &str) -> String {
        format!("{line}/latest")
    }

    /// Where the score is kept.
    pub fn score(&self, match_id: &str) -> String {
        format!("{}/{match_id}/score", self.cricket)
    }

    /// Where it is kept what the writing cost and brought.
    pub fn report(&self, match_id: &str) -> String {
        format!("{}/{match_id}/report", self.cricket)
    }

    /// Where a feed is asked for what is missing.
    pub fn resync(&self, match_id: &str) -> String {
        format!("{}/{match_id}/resync", self.cricket)
    }

    /// `online`, `stopped` or `offline`.
    pub fn state(&self) -> String {
        format!("{}/state", self.node)
    }

    /// What this box is.
    pub fn info(&self) -> String {
        format!("{}/info", self.node)
    }

    /// How this box is.
    pub fn health(&self) -> String {
        format!("{}/health", self.node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_tells_match_and_channel_or_that_it_is_wrong() {
        let topics = Topics::new(&Config::default());
        let feed = |match_id, channel| Subject::Feed { match_id, channel };
        assert_eq!(topics.subject("cricket/m1/events"), feed("m1", Channel::Events));
        assert_eq!(topics.subject("cricket/m1/snapshot"), feed("m1", Channel::Snapshot));
        assert_eq!(topics.subject("cricket/m1/status"), feed("m1", Channel::Status));
        assert_eq!(topics.subject("cricket/m1/score"), Subject::Ours);
        assert_eq!(topics.subject("cricket/m1/commentary/greig"), Subject::Line);
        assert_eq!(topics.subject("cricket/m1/commentary/greig/latest"), Subject::Ours);
        for wrong in ["cricket/m1/event", "cricket/events", "cricket//events", "crickets/m1/events", "cricket"] {
            assert_eq!(topics.subject(wrong), Subject::Wrong, "{wrong}");
        }
    }
}
