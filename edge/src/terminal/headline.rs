//! What happened on a ball, in the few words beside its symbol.

use cricket::{
    score::{Happening, Innings},
    scorecard,
};

use super::{
    clean::clean,
    palette::{self, paint},
};

/// The words for what is worth telling of a ball of `innings`, in colour; empty for an ordinary one.
pub fn headline(happenings: &[Happening], innings: Option<&Innings>) -> String {
    let parts: Vec<String> = happenings.iter().filter_map(|happening| words(happening, innings)).collect();
    parts.join("  ")
}

fn words(happening: &Happening, innings: Option<&Innings>) -> Option<String> {
    Some(match happening {
        Happening::Four => paint(palette::FOUR, "FOUR"),
        Happening::Six => paint(palette::SIX, "SIX"),
        Happening::Wicket { player, runs, balls, .. } => {
            let card = innings.and_then(|innings| innings.batting.iter().find(|card| card.player.id == player.id));
            let how = card.map(|card| clean(&scorecard::how_out(card))).unwrap_or_default();
            format!("{} {} {runs} ({balls}) {how}", paint(palette::WICKET, "OUT"), clean(&player.name))
        }
        Happening::Retired { player, runs } => {
            paint(palette::QUIET, format!("{} retires on {runs}", clean(&player.name)))
        }
        Happening::BatterMilestone { player, runs, balls } => {
            let name = match runs {
                50 => "FIFTY".to_owned(),
                100 => "HUNDRED".to_owned(),
                more => more.to_string(),
            };
            paint(palette::MILESTONE, format!("{name} for {} ({balls} balls)", clean(&player.name)))
        }
        Happening::BowlerMilestone { player, wickets, runs } => {
            paint(palette::MILESTONE, format!("{wickets} wickets for {} ({wickets}-{runs})", clean(&player.name)))
        }
        Happening::PartnershipMilestone { runs, .. } => paint(palette::QUIET, format!("{runs} partnership")),
        Happening::TeamMilestone { team, runs } => paint(palette::QUIET, format!("{runs} up for {}", clean(team))),
        Happening::HatTrickBall { .. } => paint(palette::MILESTONE, "hat-trick ball next"),
        Happening::HatTrick { player } => paint(palette::MILESTONE, format!("HAT-TRICK for {}", clean(&player.name))),
        Happening::Reviewed { by, decision, .. } => {
            let decision = decision.as_deref().map(|decision| format!(", {}", clean(decision))).unwrap_or_default();
            paint(palette::QUIET, format!("review by {}{decision}", clean(by)))
        }
        Happening::Penalty { team, runs } => paint(palette::EXTRA, format!("{runs} penalty runs to {}", clean(team))),
        _ => return None,
    })
}
