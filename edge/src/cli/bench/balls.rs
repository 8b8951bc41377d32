//! What is asked of each model: the prompts of an invented match's balls, as the daemon would make them.

use anyhow::{Context, ensure};
use commentary::{Layout, LineKind, Moment, NoArchive, Occasion, Persona, Personas, Prompt, prompt::render_among};
use cricket::{
    score::Match,
    simulate::{SimulationSettings, simulate_events},
};

/// Who speaks: always the same three of the built-in ones, so that figures of two machines can be compared.
pub(super) const CAST: [&str; 3] = ["benaud", "greig", "doshi"];
/// What each of them can be asked for of one moment.
const KINDS: [LineKind; 3] = [LineKind::Call, LineKind::Colour, LineKind::Over];
/// Lines that can be asked for of one moment at most.
pub(super) const MOST_LINES: usize = CAST.len() * KINDS.len();

/// A ball, and the lines that may be asked for of it: first the call of the first persona, then those of the others, then
/// their other lines.
pub(super) struct Ball {
    /// The prompts, [`MOST_LINES`] of them.
    pub(super) lines: Vec<Prompt>,
}

/// The balls of invented matches, one after another, as many as asked for; the same each time.
pub(super) fn play(count: usize, layout: Layout) -> anyhow::Result<Vec<Ball>> {
    let personas = Personas::builtin();
    let cast: Vec<&Persona> = CAST.iter().filter_map(|id| personas.get(id)).collect();
    let mut balls = Vec::with_capacity(count);
    for seed in 1.. {
        let events = simulate_events(&SimulationSettings::new(seed)).context("no match can be invented")?;
        let id = events.first().map(|event| event.match_id.clone()).context("an invented match is empty")?;
        let (mut game, before) = (Match::new(id), balls.len());
        for event in events {
            if balls.len() == count {
                return Ok(balls);
            }
            let applied = game.apply(event.clone());
            let moment = Moment::form(game.state(), &event, &applied.happenings, &NoArchive);
            let Some(moment) = moment.filter(|moment| matches!(moment.occasion, Occasion::Ball(_))) else { continue };
            let voices = KINDS.iter().flat_map(|kind| cast.iter().map(|persona| (*persona, *kind)));
            let prompt = |(persona, kind)| render_among(&cast, &moment, persona, kind, layout, None);
            balls.push(Ball { lines: voices.map(prompt).collect() });
        }
        ensure!(balls.len() > before || balls.len() == count, "an invented match has no ball to speak of");
    }
    Ok(balls)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use commentary::ChatTemplate;

    use super::*;

    #[test]
    fn there_are_as_many_balls_as_asked_for_each_with_different_lines() {
        // More than a single match has.
        let balls = play(300, Layout::Chat(ChatTemplate::ChatMl)).unwrap();
        assert_eq!(balls.len(), 300);
        for ball in &balls {
            assert_eq!(ball.lines.len(), MOST_LINES);
            let distinct: std::collections::HashSet<&str> = ball.lines.iter().map(|line| line.text.as_str()).collect();
            assert_eq!(distinct.len(), MOST_LINES);
        }
        let fixed = |ball: &Ball| ball.lines[0].text[..ball.lines[0].fixed_len].to_owned();
        assert_eq!(fixed(&balls[0]), fixed(&balls[299]));
        assert!(!fixed(&balls[0]).is_empty());
    }
}
