//! The event contract `cricket.event/1` as types: what a scorer or feed publishes, one event at a time.
//!
//! Invariants: the identity of a thing described is its [`Key`]; of two events with one key the higher `rev` stands;
//! `(epoch, seq)` orders events; `event_id` makes delivery idempotent. Decoding is in [`mod@decode`].

pub mod decode;
pub mod delivery;
pub mod key;
pub mod match_info;
pub mod play;
mod text;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use decode::{DecodeError, decode_payload};
pub use delivery::{
    Delivery, DismissalKind, Extras, Fielder, MatchReplacement, Replacements, Review, RoleReplacement, Runs,
    ScoreAfter, Wicket,
};
pub use key::Key;
pub use match_info::{
    BowlOutBall, EventName, Lineup, MatchEnd, MatchInfo, Officials, Outcome, Registry, Rules, TextOrNumber, Toss, WinBy,
};
pub use play::{
    BatterIn, BowlerChange, DismissalNoBall, InningsEnd, InningsKind, InningsStart, Interruption, MiscountedOver, Note,
    OverEnd, OverReplace, PenaltyRuns, PenaltySide, Powerplay, ReplacementEvent, Retirement, ReviewEvent, Snapshot,
    Target, TargetRevision,
};

/// Fields this version does not know, kept where they came (the contract's own `ext` object among them).
pub type Ext = Map<String, Value>;

/// The contract's major version that this crate reads and writes.
pub const CONTRACT_VERSION: u32 = 1;

/// Whether the umpires may still change what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventStatus {
    /// The third umpire is still looking.
    Provisional,
    /// It stands.
    #[default]
    Confirmed,
}

/// Where an event came from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Source {
    /// The producing system, such as `"scorer"`.
    pub system: Arc<str>,
    /// The producer's own id of the thing, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// One event: the envelope and what it carries.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The match it belongs to; equals the topic's match level.
    pub match_id: Arc<str>,
    /// Raised when the producer restarts or resends everything; from 1.
    pub epoch: u32,
    /// One more per event inside an epoch; from 1.
    pub seq: u64,
    /// Idempotency key; see [`Event::derived_id`] for producers without ids.
    pub event_id: Arc<str>,
    /// Identity of the thing described.
    pub key: Key,
    /// Revision of that thing; 0 is the first, the highest stands.
    pub rev: u32,
    /// Provisional or confirmed.
    pub status: EventStatus,
    /// When it happened, RFC 3339; kept as text, this crate has no clock.
    pub ts: Option<String>,
    /// When the producer sent it, RFC 3339.
    pub sent_at: Option<String>,
    /// Who produced it.
    pub source: Option<Source>,
    /// What happened.
    pub data: EventData,
    /// Envelope fields this version does not know.
    pub ext: Ext,
}

impl Event {
    /// An event with the plainest envelope: epoch 1, revision 0, confirmed, id derived from match, key and revision.
    pub fn new(match_id: impl Into<Arc<str>>, seq: u64, key: Key, data: EventData) -> Self {
        let match_id = match_id.into();
        let event_id = Self::derived_id(&match_id, &key, 0);
        Self {
            match_id,
            epoch: 1,
            seq,
            event_id,
            key,
            rev: 0,
            status: EventStatus::Confirmed,
            ts: None,
            sent_at: None,
            source: None,
            data,
            ext: Ext::new(),
        }
    }

    /// The id of an event whose producer gives none: match, key and revision, joined.
    pub fn derived_id(match_id: &str, key: &Key, rev: u32) -> Arc<str> {
        let mut text = text::ShortText::default();
        for part in [match_id, "/", key.as_str(), "/"] {
            text.push(part);
        }
        text.push_number(rev);
        text.as_str().into()
    }

    /// Whether the producer's id says no more than match, key and revision do.
    pub(crate) fn has_derived_id(&self) -> bool {
        let rest = self.event_id.strip_prefix(&*self.match_id).and_then(|rest| rest.strip_prefix('/'));
        let rest = rest.and_then(|rest| rest.strip_prefix(self.key.as_str())).and_then(|rest| rest.strip_prefix('/'));
        match (rest, self.rev) {
            (Some("0"), 0) => true,
            (Some(rest), 1..) => rest == self.rev.to_string(),
            _ => false,
        }
    }

    /// The next revision of this event, carrying other data (or [`EventData::Retract`]) and its own place in the stream.
    #[must_use]
    pub fn revised(&self, epoch: u32, seq: u64, data: EventData) -> Self {
        let rev = self.rev.saturating_add(1);
        Self { epoch, seq, rev, event_id: Self::derived_id(&self.match_id, &self.key, rev), data, ..self.clone() }
    }
}

macro_rules! event_data {
    ($($(#[$doc:meta])* $variant:ident($payload:ty) = $name:literal,)*) => {
        /// What an event carries; the variant is the contract's `type`.
        #[derive(Debug, Clone, PartialEq)]
        pub enum EventData {
            $($(#[$doc])* $variant(Box<$payload>),)*
            /// `retract`: the thing with this key never was (until a later revision restores it).
            Retract,
            /// A type this version does not know: kept, logged once, skipped.
            Unknown {
                /// The `type` as it came.
                kind: String,
                /// The `data` as it came.
                data: Value,
            },
        }

        impl EventData {
            /// The contract's `type`.
            pub fn kind(&self) -> &str {
                match self {
                    $(Self::$variant(_) => $name,)*
                    Self::Retract => "retract",
                    Self::Unknown { kind, .. } => kind,
                }
            }

            /// Reads `data` for a `type`.
            ///
            /// # Errors
            /// The JSON path and reason where `data` does not fit the type.
            pub(crate) fn read(kind: &str, data: &serde_json::value::RawValue)
                -> Result<Self, serde_path_to_error::Error<serde_json::Error>>
            {
                let mut json = serde_json::Deserializer::from_str(data.get());
                Ok(match kind {
                    $($name => Self::$variant(serde_path_to_error::deserialize(&mut json)?),)*
                    "retract" => Self::Retract,
                    _ => Self::Unknown { kind: kind.to_owned(), data: serde_path_to_error::deserialize(&mut json)? },
                })
            }

            /// The payload as the contract's `data`.
            pub(crate) fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(data) => data.serialize(serializer),)*
                    Self::Retract => Map::new().serialize(serializer),
                    Self::Unknown { data, .. } => data.serialize(serializer),
                }
            }
        }
    };
}

event_data! {
    /// Who plays, where, when, under which rules.
    MatchInfo(MatchInfo) = "match_info",
    /// The eleven of one side.
    Lineup(Lineup) = "lineup",
    /// The toss.
    Toss(Toss) = "toss",
    /// An innings begins.
    InningsStart(InningsStart) = "innings_start",
    /// A ball.
    Delivery(Delivery) = "delivery",
    /// The umpire has called over.
    OverEnd(OverEnd) = "over_end",
    /// An over's complete deliveries, in place of what was sent.
    OverReplace(OverReplace) = "over_replace",
    /// Penalty runs that belong to no ball.
    PenaltyRuns(PenaltyRuns) = "penalty_runs",
    /// A wicket without a delivery.
    DismissalNoBall(DismissalNoBall) = "dismissal_no_ball",
    /// A batter leaves without being dismissed.
    Retirement(Retirement) = "retirement",
    /// A retired batter returns.
    ResumeBatter(BatterIn) = "resume_batter",
    /// A new batter comes in.
    BatterIn(BatterIn) = "batter_in",
    /// A new bowler, or a new end.
    BowlerChange(BowlerChange) = "bowler_change",
    /// A powerplay's bounds.
    Powerplay(Powerplay) = "powerplay",
    /// A review by players or umpires.
    Review(ReviewEvent) = "review",
    /// One player for another.
    Replacement(ReplacementEvent) = "replacement",
    /// Play stops.
    Interruption(Interruption) = "interruption",
    /// Play goes on.
    ResumePlay(Interruption) = "resume_play",
    /// A new target.
    TargetRevision(TargetRevision) = "target_revision",
    /// A ball that does not count.
    DeadBall(Note) = "dead_ball",
    /// The ball was changed.
    BallChange(Note) = "ball_change",
    /// A new ball was taken.
    NewBall(Note) = "new_ball",
    /// The captain declares.
    Declaration(Note) = "declaration",
    /// The follow-on is enforced.
    FollowOn(Note) = "follow_on",
    /// An innings is over.
    InningsEnd(InningsEnd) = "innings_end",
    /// The match is over.
    MatchEnd(MatchEnd) = "match_end",
    /// Every live event of the match at one point of the stream.
    Snapshot(Snapshot) = "snapshot",
    /// The producer is alive.
    Heartbeat(Note) = "heartbeat",
    /// Anything a scorer wants to say.
    Note(Note) = "note",
}
