//! Differences in words that a listener understands.

use std::fmt;

use super::Difference;
use crate::{
    event::{Delivery, Target},
    player::PlayerRef,
    score::{BatterCard, BatterStatus, BowlerCard, Partnership},
    scorecard::how_out,
};

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Side { innings, before, after } => match (before, after) {
                (None, Some(team)) => write!(f, "innings {innings} has begun: {team} bat"),
                (Some(before), Some(after)) => write!(f, "innings {innings} is {after}'s, not {before}'s"),
                (Some(team), None) => write!(f, "innings {innings} of {team} has not begun"),
                (None, None) => Ok(()),
            },
            Self::Ball { over, pos, before, after, .. } => {
                write!(f, "ball {over}.{pos}")?;
                ball(f, before.as_deref(), after.as_deref())
            }
            Self::Dismissal { before, after, .. } => dismissal(f, before.as_ref(), after.as_ref()),
            Self::Batter { before, after, .. } => {
                write!(f, "{}", name(before.as_ref(), after.as_ref(), |card| &card.player))?;
                changed(f, before.as_ref().map(batter), after.as_ref().map(batter), "did not bat")
            }
            Self::Bowler { before, after, .. } => {
                write!(f, "{}", name(before.as_ref(), after.as_ref(), |card| &card.player))?;
                changed(f, before.as_ref().map(bowler), after.as_ref().map(bowler), "did not bowl")
            }
            Self::BatterMilestone { runs, before, after, .. } => {
                let stands = after.as_ref().is_some_and(|card| card.runs >= *runs);
                let who = name(before.as_ref(), after.as_ref(), |card| &card.player);
                let now = after.as_ref().map_or_else(|| "did not bat".to_owned(), standing);
                milestone(f, &who, &hundreds(*runs), stands, &now)
            }
            Self::BowlerMilestone { wickets, before, after, .. } => {
                let stands = after.as_ref().is_some_and(|card| card.wickets >= *wickets);
                let who = name(before.as_ref(), after.as_ref(), |card| &card.player);
                let now = after
                    .as_ref()
                    .map_or_else(|| "did not bowl".to_owned(), |card| format!("{} for {}", card.wickets, card.runs));
                milestone(f, &who, &format!("{} wicket", ordinal(*wickets)), stands, &now)
            }
            Self::PartnershipMilestone { wicket, runs, before, after, .. } => {
                let stands = after.as_ref().is_some_and(|stand| stand.runs >= *runs);
                let who = after.as_ref().or(before.as_ref()).map(pair).unwrap_or_default();
                let now = after.as_ref().map_or(0, |stand| stand.runs);
                let what = format!("stand of {runs} for the {} wicket", ordinal(u32::from(*wicket)));
                milestone(f, &who, &what, stands, &counted(now, "run"))
            }
            Self::TeamMilestone { team, runs, after, .. } => {
                milestone(f, team, &runs.to_string(), after >= runs, &after.to_string())
            }
            Self::HatTrick { bowler, after: true, .. } => write!(f, "{bowler} has a hat-trick after all"),
            Self::HatTrick { bowler, .. } => write!(f, "{bowler}'s hat-trick is withdrawn"),
            Self::HatTrickBall { over, pos, bowler, after, .. } => {
                let is = if *after { "was" } else { "was not" };
                write!(f, "{bowler} {is} on a hat-trick after ball {over}.{pos}")
            }
            Self::Maiden { over, bowler, after, .. } => {
                let is = if *after { "a maiden after all" } else { "no maiden" };
                write!(f, "{bowler}'s over, the {}, is {is}", ordinal(u32::from(*over) + 1))
            }
            Self::Total { team, before, after, .. } => write!(f, "{team} have {after}, not {before}"),
            Self::Wickets { team, before, after, .. } => {
                write!(f, "{team} have lost {}, not {before}", counted(u32::from(*after), "wicket"))
            }
            Self::Overs { team, before, after, .. } => write!(f, "{team} have faced {after} overs, not {before}"),
            Self::Extras { team, before, after, .. } => {
                let say = |extras| match crate::scorecard::extras(extras) {
                    none if none.is_empty() => "none".to_owned(),
                    some => some,
                };
                write!(f, "{team}'s extras are {}, not {}", say(after), say(before))
            }
            Self::Target { team, before, after, .. } => {
                write!(f, "{team}'s target")?;
                changed(f, before.as_ref().map(target), after.as_ref().map(target), "none")
            }
            Self::End { innings, team, before, after } => match (before, after) {
                (_, Some(_)) if before.is_none() => write!(f, "innings {innings}, {team}'s, is over"),
                (_, None) => write!(f, "innings {innings}, {team}'s, goes on"),
                (Some(before), Some(after)) => {
                    let plain = |reason: &super::EndReason| reason.to_string().replace('_', " ");
                    write!(f, "innings {innings}, {team}'s, ended otherwise: {}, not {}", plain(after), plain(before))
                }
                (None, Some(_)) => Ok(()),
            },
            Self::Result { before, after } => {
                f.write_str("the result by the score")?;
                changed(f, before.as_ref().map(ToString::to_string), after.as_ref().map(ToString::to_string), "open")
            }
            Self::Recorded { before, after } => {
                f.write_str("the result")?;
                changed(f, before.as_ref().map(ToString::to_string), after.as_ref().map(ToString::to_string), "open")
            }
        }
    }
}

fn changed(f: &mut fmt::Formatter<'_>, before: Option<String>, after: Option<String>, none: &str) -> fmt::Result {
    let after = after.unwrap_or_else(|| none.to_owned());
    match before {
        Some(before) => write!(f, ": {after}, not {before}"),
        None => write!(f, ": {after}"),
    }
}

fn milestone(f: &mut fmt::Formatter<'_>, who: &str, what: &str, stands: bool, now: &str) -> fmt::Result {
    let now_is = if stands { "is reached after all" } else { "is withdrawn" };
    let s = if who.ends_with('s') { "'" } else { "'s" };
    write!(f, "{who}{s} {what} {now_is}: {now}")
}

fn name<T>(before: Option<&T>, after: Option<&T>, player: fn(&T) -> &PlayerRef) -> String {
    after.or(before).map(|card| player(card).name.to_string()).unwrap_or_default()
}

fn ball(f: &mut fmt::Formatter<'_>, before: Option<&Delivery>, after: Option<&Delivery>) -> fmt::Result {
    let (before, after) = match (before, after) {
        (Some(before), Some(after)) => (before, after),
        (None, Some(after)) => {
            return write!(f, " is added: {} to {}, {}", after.bowler, after.batter, scored(after));
        }
        (Some(before), None) => {
            return write!(f, " is withdrawn: {} to {}, {}", before.bowler, before.batter, scored(before));
        }
        (None, None) => return Ok(()),
    };
    let mut parts = Vec::new();
    for (verb, was, is) in [
        ("bowled by", &before.bowler, &after.bowler),
        ("faced by", &before.batter, &after.batter),
        ("with, at the other end,", &before.non_striker, &after.non_striker),
    ] {
        if was.id != is.id {
            parts.push(format!("{verb} {is}, not {was}"));
        }
    }
    let (was, is) = (scored(before), scored(after));
    if was != is {
        parts.push(format!("{is}, not {was}"));
    }
    if parts.is_empty() {
        parts.push(format!("{is}, told otherwise"));
    }
    write!(f, ": {}", parts.join("; "))
}

/// What came of a ball: `no run`, `1 wide`, `4 runs and a wicket`.
fn scored(ball: &Delivery) -> String {
    let extras = ball.extras;
    let mut parts = Vec::new();
    for (runs, thing) in [
        (ball.runs.bat, "run"),
        (extras.wides, "wide"),
        (extras.noballs, "no-ball"),
        (extras.byes, "bye"),
        (extras.legbyes, "leg bye"),
        (extras.penalty, "penalty run"),
    ] {
        if runs > 0 {
            parts.push(counted(u32::from(runs), thing));
        }
    }
    if parts.is_empty() {
        parts.push("no run".to_owned());
    }
    parts.extend(ball.wickets.iter().map(|wicket| format!("{} {}", wicket.player_out, wicket.kind)));
    parts.join(" and ")
}

fn dismissal(f: &mut fmt::Formatter<'_>, before: Option<&BatterCard>, after: Option<&BatterCard>) -> fmt::Result {
    let who = name(before, after, |card| &card.player);
    let is_out = |card: Option<&BatterCard>| card.is_some_and(|card| matches!(card.status, BatterStatus::Out(_)));
    match (before.filter(|card| is_out(Some(card))), after) {
        (None, Some(after)) => write!(f, "{who} is out: {}", how_out(after)),
        (Some(before), Some(after)) if is_out(Some(after)) => {
            write!(f, "{who} is out otherwise: {}, not {}", how_out(after), how_out(before))
        }
        (before, _) => {
            write!(f, "{who} is not out")?;
            before.map_or(Ok(()), |before| write!(f, " after all, not {}", how_out(before)))
        }
    }
}

fn batter(card: &BatterCard) -> String {
    format!("{} off {}", card.runs, counted(card.balls, "ball"))
}

/// As a scorer says it: `48 not out`, `out for 48`, `48, retired hurt`.
fn standing(card: &BatterCard) -> String {
    match &card.status {
        BatterStatus::NotOut => format!("{} not out", card.runs),
        BatterStatus::Retired { kind } => format!("{}, {kind}", card.runs),
        BatterStatus::Out(_) => format!("out for {}", card.runs),
    }
}

fn bowler(card: &BowlerCard) -> String {
    let maidens = if card.maidens > 0 { format!(", {}", counted(card.maidens, "maiden")) } else { String::new() };
    format!("{} for {} in {}{maidens}", card.wickets, card.runs, counted(card.balls, "ball"))
}

fn pair(stand: &Partnership) -> String {
    stand.batters.iter().map(|player| &*player.name).collect::<Vec<_>>().join(" and ")
}

fn target(target: &Target) -> String {
    match (target.overs, target.balls) {
        (Some(overs), _) => format!("{} in {overs} overs", target.runs),
        (None, Some(balls)) => format!("{} in {}", target.runs, counted(balls, "ball")),
        (None, None) => target.runs.to_string(),
    }
}

/// As batters' milestones are called.
fn hundreds(runs: u32) -> String {
    match runs {
        50 => "fifty".to_owned(),
        100 => "hundred".to_owned(),
        200 => "double hundred".to_owned(),
        300 => "triple hundred".to_owned(),
        runs => runs.to_string(),
    }
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (1, rest) if rest != 11 => "st",
        (2, rest) if rest != 12 => "nd",
        (3, rest) if rest != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn counted(number: u32, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}
