//! A ball in the plain words of a scorer.

use cricket::{
    event::{Delivery, Wicket},
    score::Happening,
};

use super::{Moment, Occasion, Status};
use crate::name;

/// What the moment is about, in a few words: `4 runs, boundary`, `OUT Kohli caught Smith`, `rain stops play`.
pub(crate) fn in_words(moment: &Moment) -> String {
    match &moment.occasion {
        Occasion::Ball(ball) => {
            let mut words = ball_in_words(ball);
            for happening in &moment.happenings {
                if let Some(extra) = happening_in_words(happening) {
                    words.push_str(", ");
                    words.push_str(&extra);
                }
            }
            words
        }
        Occasion::Correction(change) => {
            let told = change.was.as_deref().map_or_else(|| "nothing".to_owned(), ball_in_words);
            match change.now.as_deref() {
                Some(now) => format!("correction: was {told}, is {}", ball_in_words(now)),
                None => format!("correction: {told} is withdrawn"),
            }
        }
        Occasion::MatchStart => "the match begins".to_owned(),
        Occasion::InningsStart => "the innings begins".to_owned(),
        Occasion::OverEnd => "end of the over".to_owned(),
        Occasion::InningsEnd => "the innings is over".to_owned(),
        Occasion::MatchEnd => "the match is over".to_owned(),
        Occasion::Status(status) => status_in_words(status),
    }
}

/// A ball's runs and wickets: `no run`, `1 run`, `wide 2`, `OUT Kohli run out Smith, 1 run`.
pub(crate) fn ball_in_words(ball: &Delivery) -> String {
    let mut parts: Vec<String> =
        ball.wickets.iter().filter(|wicket| wicket.kind.is_wicket()).map(wicket_in_words).collect();
    let extras = &ball.extras;
    for (word, runs) in [
        ("wide", extras.wides),
        ("no-ball", extras.noballs),
        ("byes", extras.byes),
        ("leg byes", extras.legbyes),
        ("penalty", extras.penalty),
    ] {
        if runs > 0 {
            parts.push(format!("{word} {runs}"));
        }
    }
    match ball.runs.bat {
        _ if ball.is_four() => parts.push("four".to_owned()),
        _ if ball.is_six() => parts.push("six".to_owned()),
        0 if parts.is_empty() => parts.push("no run".to_owned()),
        0 => {}
        1 => parts.push("1 run".to_owned()),
        runs => parts.push(format!("{runs} runs")),
    }
    parts.join(", ")
}

fn wicket_in_words(wicket: &Wicket) -> String {
    let mut words =
        format!("OUT {} {}", name::spoken(&wicket.player_out, "the batter"), name::clean(wicket.kind.name()));
    for fielder in wicket.fielders.iter().filter_map(|fielder| fielder.player.as_ref()) {
        words.push(' ');
        words.push_str(&name::spoken(fielder, "a fielder"));
    }
    words
}

fn happening_in_words(happening: &Happening) -> Option<String> {
    Some(match happening {
        Happening::BatterMilestone { player, runs, .. } => format!("{runs} for {}", name::spoken(player, "the batter")),
        Happening::BowlerMilestone { player, wickets, .. } => {
            format!("{wickets} wickets for {}", name::spoken(player, "the bowler"))
        }
        Happening::PartnershipMilestone { runs, .. } => format!("{runs} partnership"),
        Happening::HatTrick { .. } => "hat-trick".to_owned(),
        Happening::HatTrickBall { .. } => "hat-trick ball next".to_owned(),
        Happening::TargetReached => "target reached".to_owned(),
        _ => return None,
    })
}

fn status_in_words(status: &Status) -> String {
    match status {
        Status::Toss { winner, bats } => {
            format!("toss: {} will {}", name::clean(winner), if *bats { "bat" } else { "bowl" })
        }
        Status::Stopped { reason } => format!("play stopped: {}", name::clean(reason)),
        Status::Resumed => "play resumes".to_owned(),
        Status::Review { by, upheld, .. } => {
            let outcome = match upheld {
                None => "pending",
                Some(true) => "upheld",
                Some(false) => "struck down",
            };
            format!("review by {}: {outcome}", name::clean(by))
        }
        Status::TargetRevised { runs } => format!("revised target {runs}"),
        Status::Penalty { team, runs } => format!("{runs} penalty runs to {}", name::clean(team)),
        Status::Replaced { incoming, outgoing } => match outgoing {
            Some(outgoing) => {
                format!("{} replaces {}", name::spoken(incoming, "a player"), name::spoken(outgoing, "a player"))
            }
            None => format!("{} comes into the match", name::spoken(incoming, "a player")),
        },
        Status::Retired { player, runs } => format!("{} retires on {runs}", name::spoken(player, "the batter")),
        Status::WicketWithoutBall => "a wicket without a ball".to_owned(),
    }
}
