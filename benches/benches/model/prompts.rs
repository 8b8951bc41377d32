//! The prompts: moments of an invented match, and what else the next ball might have brought.

use commentary::{ChatTemplate, Layout, LineKind, Moment, NoArchive, Persona, Personas, Prompt, prompt::render_among};
use cricket::{
    event::{Event, EventData},
    score::Match,
    simulate::{SimulationSettings, simulate_events},
};
use serde_json::{Value, json};

/// Who speaks.
pub(super) const CAST: [&str; 3] = ["benaud", "greig", "doshi"];
/// What a ball may bring: no run, one, two, three, four, six, a wide, a batter bowled.
pub(super) const OUTCOMES: usize = 8;
/// Between two moments there are so many balls, so that most that can change has changed.
const APART: usize = 5;

/// Points of a match, each with the ball that came next.
pub(super) struct Moments {
    points: Vec<(Match, Event)>,
    personas: Personas,
}

impl Moments {
    pub(super) fn play() -> Self {
        let events = simulate_events(&SimulationSettings::new(1)).expect("an invented match");
        let mut game = Match::new(events.first().expect("an event").match_id.clone());
        let mut points = Vec::new();
        let mut balls = 0;
        for event in events {
            if matches!(event.data, EventData::Delivery(_)) {
                balls += 1;
                if balls % APART == 0 {
                    points.push((game.clone(), event.clone()));
                }
            }
            game.apply(event);
        }
        Self { points, personas: Personas::builtin() }
    }

    /// The line that a persona is asked for after what really happened.
    pub(super) fn of_persona(&self, moment: usize, persona: usize) -> Prompt {
        let (game, ball) = self.point(moment);
        self.prompt(game, ball, persona)
    }

    /// The first persona's line after each outcome; the order is that of [`OUTCOMES`].
    pub(super) fn of_outcomes(&self, moment: usize) -> Vec<Prompt> {
        let (game, ball) = self.point(moment);
        outcomes(ball).iter().map(|outcome| self.prompt(game, outcome, 0)).collect()
    }

    fn point(&self, moment: usize) -> &(Match, Event) {
        &self.points[moment % self.points.len()]
    }

    /// The prompt after a ball, whatever it brought: it is bowled in a copy of the match.
    fn prompt(&self, game: &Match, ball: &Event, persona: usize) -> Prompt {
        let cast: Vec<&Persona> = CAST.iter().filter_map(|id| self.personas.get(id)).collect();
        let mut game = game.clone();
        let applied = game.apply(ball.clone());
        let moment = Moment::form(game.state(), ball, &applied.happenings, &NoArchive).expect("a ball is a moment");
        let layout = Layout::Chat(ChatTemplate::ChatMl);
        render_among(&cast, &moment, cast[persona], LineKind::Call, layout, None)
    }
}

/// The ball as it might have gone.
fn outcomes(ball: &Event) -> Vec<Event> {
    let EventData::Delivery(delivery) = &ball.data else { return Vec::new() };
    let bat = |runs: u8| json!({"runs": {"bat": runs, "extras": 0, "total": runs}});
    let mut overlays: Vec<Value> = [0, 1, 2, 3, 4, 6].map(bat).to_vec();
    overlays.push(json!({"runs": {"bat": 0, "extras": 1, "total": 1}, "extras": {"wides": 1}}));
    overlays.push(json!({"wickets": [{"kind": "bowled", "player_out": delivery.batter}]}));
    let plain = json!({"runs": {"bat": 0, "extras": 0, "total": 0}, "extras": {}, "wickets": [], "free_hit": false,
        "review": null, "score_after": null});
    let altered = |overlay: &Value| {
        let mut data = serde_json::to_value(delivery).expect("a delivery is JSON");
        for (field, value) in [&plain, overlay].into_iter().filter_map(Value::as_object).flatten() {
            data[field] = value.clone();
        }
        let data = serde_json::from_value(data).expect("an outcome is a delivery");
        Event { data: EventData::Delivery(data), ..ball.clone() }
    };
    overlays.iter().map(altered).collect()
}
