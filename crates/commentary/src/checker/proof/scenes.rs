//! Moments of invented matches, each described in a few words: a seed, a ball's key, and what came on top of it.

use cricket::{
    event::{Event, EventStatus, decode_payload},
    player::PersonId,
    score::Match,
    simulate::{self, Finish, SimulationSettings},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    archive::{Archive, BatterRecord, BowlerRecord, HeadToHead, NoArchive},
    moment::Moment,
};

/// A moment as the data describes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scene {
    /// What lines call it.
    pub(super) id: String,
    /// The invented match.
    seed: u64,
    /// Whether the match is one decided in its last over.
    #[serde(default)]
    last_over: bool,
    /// The event's key.
    key: String,
    /// Whether the umpires may still change it.
    #[serde(default)]
    provisional: bool,
    /// Fields laid over the ball.
    #[serde(default)]
    carries: Option<toml::Table>,
    /// The ball as it is corrected afterwards: fields laid over it.
    #[serde(default)]
    corrected: Option<toml::Table>,
    /// An event after the ball: its type and data.
    #[serde(default)]
    then: Option<Then>,
    /// What the archive says of the two who meet.
    #[serde(default)]
    met: Option<Met>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Then {
    kind: String,
    data: toml::Table,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Met {
    balls: u32,
    runs: u32,
    dismissals: u32,
    scope: String,
    since: u16,
}

impl Archive for Met {
    fn batter_v_bowler(&self, _: &PersonId, _: &PersonId) -> Option<HeadToHead> {
        Some(HeadToHead {
            balls: self.balls,
            runs: self.runs,
            dismissals: self.dismissals,
            scope: self.scope.clone(),
            since_year: self.since,
        })
    }

    fn batter_record(&self, _: &PersonId) -> Option<BatterRecord> {
        None
    }

    fn bowler_record(&self, _: &PersonId) -> Option<BowlerRecord> {
        None
    }
}

impl Scene {
    /// Plays the match up to the moment.
    ///
    /// # Errors
    /// Says what of the scene does not fit.
    pub(super) fn moment(&self) -> Result<Moment, String> {
        let mut settings = SimulationSettings::new(self.seed);
        if self.last_over {
            settings.finish = Finish::LastOver;
        }
        let events = simulate::simulate_events(&settings).map_err(|error| error.to_string())?;
        let match_id = events.first().map(|event| event.match_id.clone()).unwrap_or_default();
        let mut game = Match::new(match_id);
        for mut event in events {
            let is_it = event.key.as_str() == self.key;
            if is_it {
                event = self.dressed(&event)?;
            }
            let applied = game.apply(event.clone());
            if !is_it {
                continue;
            }
            let missing = || format!("{}: there is nothing to say at {}", self.id, self.key);
            if let Some(table) = &self.corrected {
                let applied = game.apply(laid_over(&event, table, event.rev + 1)?);
                let correction = laid_over(&event, table, event.rev + 1)?;
                return Moment::correction(game.state(), &correction, &applied).ok_or_else(missing);
            }
            if let Some(then) = &self.then {
                let after = then.event(&event)?;
                let applied = game.apply(after.clone());
                return Moment::form(game.state(), &after, &applied.happenings, &NoArchive).ok_or_else(missing);
            }
            let archive: &dyn Archive = self.met.as_ref().map_or(&NoArchive as &dyn Archive, |met| met);
            return Moment::form(game.state(), &event, &applied.happenings, archive).ok_or_else(missing);
        }
        Err(format!("{}: the match of seed {} has no {}", self.id, self.seed, self.key))
    }

    /// The ball with what it carries beside the plain.
    fn dressed(&self, event: &Event) -> Result<Event, String> {
        let mut event = match &self.carries {
            Some(table) => laid_over(event, table, event.rev)?,
            None => event.clone(),
        };
        if self.provisional {
            event.status = EventStatus::Provisional;
        }
        Ok(event)
    }
}

impl Then {
    fn event(&self, before: &Event) -> Result<Event, String> {
        let data = serde_json::to_value(&self.data).map_err(|error| error.to_string())?;
        let wire = json!({"v": 1, "type": self.kind, "match_id": &*before.match_id, "epoch": before.epoch, "seq": before.seq + 1,
                          "key": "afterwards", "rev": 0, "status": "confirmed", "data": data});
        read(&wire)
    }
}

/// An event with fields of its data replaced, as another revision.
fn laid_over(event: &Event, table: &toml::Table, rev: u32) -> Result<Event, String> {
    let text = |error: serde_json::Error| error.to_string();
    let mut wire = serde_json::to_value(event).map_err(text)?;
    let fields = serde_json::to_value(table).map_err(text)?;
    wire["rev"] = rev.into();
    wire["event_id"] = Value::String(format!("{}-{rev}", event.key));
    for (field, value) in fields.as_object().into_iter().flatten() {
        wire["data"][field] = value.clone();
    }
    read(&wire)
}

fn read(wire: &Value) -> Result<Event, String> {
    let events = decode_payload(wire.to_string().as_bytes()).map_err(|error| error.to_string())?;
    let event = events.into_iter().next().ok_or_else(|| "no event".to_owned())?;
    event.map_err(|error| error.to_string())
}
