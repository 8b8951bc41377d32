//! What the session in progress, or just ended, has brought.

use cricket::score::MatchState;

use super::{FactSheet, Hundredths, NumberFact, Unit};

impl FactSheet {
    /// Runs, wickets and overs of the session, where it began in the middle of the innings: elsewhere they are the score.
    /// None of a session of less than an over.
    pub(super) fn session(&mut self, state: &MatchState) {
        let Some(session) = state.session_score().filter(|session| !session.since_start) else { return };
        if session.overs.balls < u32::from(session.overs.balls_per_over) {
            return;
        }
        self.number("session.runs", session.runs, Unit::Runs);
        self.number("session.wickets", u32::from(session.wickets), Unit::Wickets);
        if let Some(overs) = Hundredths::parse(&session.overs.to_string()) {
            self.numbers.push(NumberFact { id: "session.overs", value: overs, unit: Unit::Overs, owner: None });
        }
    }
}
