//! The states that a match went through, from its state alone.

use std::sync::Arc;

use cricket::{
    event::{Delivery, Event, EventData, Ext, InningsStart, Key},
    score::{Innings, Match, MatchState},
};

/// Shows the state after each ball, as if the match had been played as it stands. Innings without a limit of balls are
/// long, and nothing runs through more than one of them: only the last is shown.
pub(super) fn each_ball(state: &MatchState, mut see: impl FnMut(&MatchState)) {
    let id: Arc<str> = "replay".into();
    let mut again = Match::new(id.clone());
    let mut seq = 0;
    let mut play = |again: &mut Match, key: Key, data: EventData| {
        seq += 1;
        again.apply(Event::new(id.clone(), seq, key, data));
    };
    if let Some(info) = &state.info {
        play(&mut again, Key::match_info(), EventData::MatchInfo(Box::new(info.as_ref().clone())));
    }
    let last = state.innings.len().saturating_sub(1);
    for (place, innings) in state.innings.iter().enumerate() {
        if innings.balls_limit.is_none() && place != last {
            continue;
        }
        play(&mut again, Key::innings(innings.number), EventData::InningsStart(Box::new(start(innings))));
        for ball in innings.overs.iter().flat_map(|over| &over.balls) {
            let key = Key::delivery(ball.innings, ball.over, ball.pos);
            play(&mut again, key, EventData::Delivery(Box::new(Delivery::clone(ball))));
            see(again.state());
        }
    }
}

fn start(innings: &Innings) -> InningsStart {
    InningsStart {
        innings: innings.number,
        team: innings.batting_team.clone(),
        kind: innings.kind,
        target: innings.target,
        penalty_pre: None,
        openers: Vec::new(),
        forfeited: false,
        follow_on: false,
        ext: Ext::new(),
    }
}
