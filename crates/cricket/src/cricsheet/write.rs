//! Prints a file.

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::{Map, Value, value::RawValue};

use super::{CricsheetInnings, CricsheetMatch, CricsheetOver, EXT, info, innings::TARGET_OVERS_TEXT, overlay};
use crate::event::{Delivery, Extras, Fielder, InningsKind, MiscountedOver, Powerplay, Replacements, Review, Wicket};

/// The match as Cricsheet JSON, on one line.
pub fn write(file: &CricsheetMatch) -> String {
    // All keys are text and nothing in it can fail to print, so that an error here cannot occur.
    serde_json::to_string(file).unwrap_or_default()
}

impl Serialize for CricsheetMatch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if !self.meta.is_empty() {
            map.serialize_entry("meta", &self.meta)?;
        }
        map.serialize_entry("info", &info::write(&self.info, self.end.as_ref()))?;
        map.serialize_entry("innings", &All(&self.innings))?;
        for (key, value) in &self.ext {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

struct All<'a>(&'a [CricsheetInnings]);

impl Serialize for All<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|innings| InningsOut { innings, overs: true }))
    }
}

/// Prints an innings; without its overs to compare the rest.
pub(super) struct InningsOut<'a> {
    pub(super) innings: &'a CricsheetInnings,
    pub(super) overs: bool,
}

/// An object being printed, with an overlay.
struct Fields<'a, M> {
    map: M,
    overlay: Option<&'a Map<String, Value>>,
    printed: Vec<&'static str>,
}

impl<M: SerializeMap> Fields<'_, M> {
    fn field(&mut self, key: &'static str, value: &impl Serialize) -> Result<(), M::Error> {
        self.printed.push(key);
        match self.overlay.and_then(|overlay| overlay.get(key)) {
            None => self.map.serialize_entry(key, value),
            Some(Value::Null) => Ok(()),
            Some(Value::Object(rest)) => match serde_json::to_value(value) {
                Ok(Value::Object(mut printed)) => {
                    overlay::lay(&mut printed, rest);
                    self.map.serialize_entry(key, &printed)
                }
                _ => self.map.serialize_entry(key, rest),
            },
            Some(instead) => self.map.serialize_entry(key, instead),
        }
    }

    fn end(mut self) -> Result<M::Ok, M::Error> {
        for (key, value) in self.overlay.into_iter().flatten() {
            if !self.printed.contains(&key.as_str()) {
                self.map.serialize_entry(key, value)?;
            }
        }
        self.map.end()
    }
}

impl Serialize for InningsOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let CricsheetInnings { start, powerplays, overs, end } = self.innings;
        let map = serializer.serialize_map(None)?;
        let mut fields = Fields { map, overlay: overlay::of(&start.ext), printed: Vec::new() };
        fields.field("team", &start.team)?;
        if self.overs && !overs.is_empty() {
            fields.field("overs", &Overs(overs))?;
        }
        if !end.absent_hurt.is_empty() {
            let names: Vec<_> = end.absent_hurt.iter().map(|player| &player.name).collect();
            fields.field("absent_hurt", &names)?;
        }
        if start.penalty_pre.is_some() || end.penalty_post.is_some() {
            fields.field("penalty_runs", &Penalties { pre: start.penalty_pre, post: end.penalty_post })?;
        }
        if end.reason.as_deref() == Some("declared") {
            fields.field("declared", &true)?;
        }
        if start.forfeited {
            fields.field("forfeited", &true)?;
        }
        if !powerplays.is_empty() {
            fields.field("powerplays", &powerplays.iter().map(PowerplayOut).collect::<Vec<_>>())?;
        }
        if !end.miscounted_overs.is_empty() {
            fields.field("miscounted_overs", &Miscounted(&end.miscounted_overs))?;
        }
        if let Some(target) = &start.target {
            let overs = target.overs.map(|overs| {
                let text = start.ext.get(TARGET_OVERS_TEXT).and_then(Value::as_str);
                text.map_or_else(|| overs.to_string(), ToOwned::to_owned)
            });
            let rest = fields.overlay.and_then(|overlay| overlay.get("target")).and_then(Value::as_object);
            fields.printed.push("target");
            fields.map.serialize_entry("target", &TargetOut { runs: target.runs, overs, rest })?;
        }
        if start.kind == InningsKind::SuperOver {
            fields.field("super_over", &true)?;
        }
        fields.end()
    }
}

#[derive(Serialize)]
struct Penalties {
    #[serde(skip_serializing_if = "Option::is_none")]
    pre: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post: Option<u16>,
}

/// A target: its overs are printed digit by digit, so it is never laid over as a JSON value.
struct TargetOut<'a> {
    runs: u32,
    overs: Option<String>,
    rest: Option<&'a Map<String, Value>>,
}

impl Serialize for TargetOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(overs) = &self.overs {
            map.serialize_entry("overs", &number(overs))?;
        }
        map.serialize_entry("runs", &self.runs)?;
        for (key, value) in self.rest.into_iter().flatten().filter(|(key, _)| !matches!(key.as_str(), "overs" | "runs"))
        {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// A JSON number by its text; text that is none is printed as a string.
fn number(text: &str) -> Option<Box<RawValue>> {
    RawValue::from_string(text.to_owned()).or_else(|_| serde_json::value::to_raw_value(text)).ok()
}

struct PowerplayOut<'a>(&'a Powerplay);

impl Serialize for PowerplayOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(powerplay) = self;
        let texts = overlay::of(&powerplay.ext);
        let text = |key: &str, known: crate::overs::OverBall| {
            let kept = texts.and_then(|texts| texts.get(key)).and_then(Value::as_str);
            number(&kept.map_or_else(|| known.to_string(), ToOwned::to_owned))
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("from", &text("from", powerplay.from))?;
        map.serialize_entry("to", &text("to", powerplay.to))?;
        map.serialize_entry("type", &powerplay.kind)?;
        for (key, value) in powerplay.ext.iter().filter(|(key, _)| *key != EXT) {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

struct Miscounted<'a>(&'a [MiscountedOver]);

impl Serialize for Miscounted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Out<'a> {
            balls: &'a Value,
            #[serde(skip_serializing_if = "Option::is_none")]
            umpire: Option<&'a str>,
        }
        serializer.collect_map(
            self.0
                .iter()
                .map(|over| (over.over.to_string(), Out { balls: &over.balls, umpire: over.umpire.as_deref() })),
        )
    }
}

struct Overs<'a>(&'a [CricsheetOver]);

impl Serialize for Overs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Out<'a>(&'a CricsheetOver);
        impl Serialize for Out<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                map.serialize_entry("over", &self.0.over)?;
                map.serialize_entry("deliveries", &Deliveries(&self.0.deliveries))?;
                for (key, value) in &self.0.ext {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
        struct Deliveries<'a>(&'a [Delivery]);
        impl Serialize for Deliveries<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut seq = serializer.serialize_seq(Some(self.0.len()))?;
                for delivery in self.0 {
                    match (overlay::of(&delivery.ext), serde_json::to_value(DeliveryOut(delivery))) {
                        (Some(rest), Ok(Value::Object(mut printed))) => {
                            overlay::lay(&mut printed, rest);
                            seq.serialize_element(&printed)?;
                        }
                        _ => seq.serialize_element(&DeliveryOut(delivery))?,
                    }
                }
                seq.end()
            }
        }
        serializer.collect_seq(self.0.iter().map(Out))
    }
}

/// Prints a delivery without its overlay.
pub(super) struct DeliveryOut<'a>(pub(super) &'a Delivery);

impl Serialize for DeliveryOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct RunsOut {
            batter: u16,
            extras: u16,
            total: u16,
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            non_boundary: bool,
        }
        let Self(ball) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("batter", &ball.batter.name)?;
        map.serialize_entry("bowler", &ball.bowler.name)?;
        if ball.extras != Extras::default() {
            map.serialize_entry("extras", &ball.extras)?;
        }
        map.serialize_entry("non_striker", &ball.non_striker.name)?;
        if let Some(replacements) = &ball.replacements {
            map.serialize_entry("replacements", &ReplacementsOut(replacements))?;
        }
        if let Some(review) = &ball.review {
            map.serialize_entry("review", &ReviewOut(review))?;
        }
        let crate::event::Runs { bat, extras, total, non_boundary } = ball.runs;
        map.serialize_entry("runs", &RunsOut { batter: bat, extras, total, non_boundary })?;
        if !ball.wickets.is_empty() {
            map.serialize_entry("wickets", &ball.wickets.iter().map(WicketOut).collect::<Vec<_>>())?;
        }
        map.end()
    }
}

struct WicketOut<'a>(&'a Wicket);

impl Serialize for WicketOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct FielderOut<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            name: Option<&'a str>,
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            substitute: bool,
        }
        let out =
            |fielder: &'_ Fielder| (fielder.player.as_ref().map(|player| player.name.clone()), fielder.substitute);
        let Self(wicket) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", wicket.kind.name())?;
        map.serialize_entry("player_out", &wicket.player_out.name)?;
        if !wicket.fielders.is_empty() {
            let names: Vec<_> = wicket.fielders.iter().map(out).collect();
            let fielders: Vec<_> = names
                .iter()
                .map(|(name, substitute)| FielderOut { name: name.as_deref(), substitute: *substitute })
                .collect();
            map.serialize_entry("fielders", &fielders)?;
        }
        map.end()
    }
}

/// Prints a review.
pub(super) struct ReviewOut<'a>(pub(super) &'a Review);

impl Serialize for ReviewOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(review) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("by", &review.by)?;
        if let Some(umpire) = &review.umpire {
            map.serialize_entry("umpire", umpire)?;
        }
        map.serialize_entry("batter", &review.batter.name)?;
        map.serialize_entry("decision", &review.decision)?;
        if let Some(kind) = &review.kind {
            map.serialize_entry("type", kind)?;
        }
        if review.umpires_call {
            map.serialize_entry("umpires_call", &true)?;
        }
        map.end()
    }
}

/// Prints replacements.
pub(super) struct ReplacementsOut<'a>(pub(super) &'a Replacements);

impl Serialize for ReplacementsOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct MatchOut<'a> {
            r#in: &'a str,
            out: &'a str,
            reason: &'a str,
            team: &'a str,
        }
        #[derive(Serialize)]
        struct RoleOut<'a> {
            r#in: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            out: Option<&'a str>,
            reason: &'a str,
            role: &'a str,
        }
        let Self(replacements) = self;
        let mut map = serializer.serialize_map(None)?;
        if !replacements.players.is_empty() {
            let players = replacements.players.iter().map(|one| MatchOut {
                r#in: &one.incoming.name,
                out: &one.outgoing.name,
                reason: &one.reason,
                team: &one.team,
            });
            map.serialize_entry("match", &players.collect::<Vec<_>>())?;
        }
        if !replacements.role.is_empty() {
            let role = replacements.role.iter().map(|one| RoleOut {
                r#in: &one.incoming.name,
                out: one.outgoing.as_ref().map(|player| &*player.name),
                reason: &one.reason,
                role: &one.role,
            });
            map.serialize_entry("role", &role.collect::<Vec<_>>())?;
        }
        map.end()
    }
}
