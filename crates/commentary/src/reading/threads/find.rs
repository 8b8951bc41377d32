//! The threads that a state shows.

use std::sync::Arc;

use cricket::{
    event::Delivery,
    player::PlayerRef,
    score::{Innings, MatchState, Partnership},
};

use super::{Thread, ThreadKind, debt};
use crate::reading::Reading;

const DUEL_BALLS: u32 = 6;
const SPELL_WICKETS: u32 = 2;
const SPELL_OVERS: u16 = 2;
/// A tight spell goes for less than this part of the innings' rate.
const TIGHT: f64 = 0.6;
const PARTNERSHIP_RUNS: u32 = 30;
/// Deliveries after a collapse in which a partnership that begins counts as its recovery.
const AFTER_COLLAPSE: u32 = 6;

/// All but comebacks and recoveries, which need memory, and debts.
pub(super) fn in_innings(innings: &Innings, reading: &Reading, now: u32) -> Vec<Thread> {
    if innings.ended.is_some() {
        return Vec::new();
    }
    let thread = |kind, people, counts, strength| thread(innings, kind, people, counts, strength, now);
    let mut found = Vec::new();
    found.extend(duel(innings, now));
    found.extend(spell(innings, now));
    if let Some(stand) = stand(innings) {
        let counts = (stand.runs, stand.balls, 0);
        found.push(thread(ThreadKind::Partnership, stand.batters.clone(), counts, f64::from(stand.runs) / 120.0));
    }
    if let Some(fall) = reading.form.collapse {
        let counts = (fall.runs, fall.balls, u32::from(fall.wickets));
        found.push(thread(ThreadKind::Collapse, Vec::new(), counts, f64::from(fall.wickets) / 6.0));
    }
    if let Some(balls) = reading.form.drought {
        found.push(thread(ThreadKind::Squeeze, Vec::new(), (0, balls, 0), f64::from(balls) / 48.0));
    }
    for near in reading.form.near.iter().flatten() {
        let strength = 1.0 - f64::from(near.short) / 20.0;
        found.push(thread(ThreadKind::MilestoneNear, vec![near.player.clone()], (near.short, 0, 0), strength));
    }
    found
}

/// The partnership that began in a collapse of the same innings.
pub(super) fn recovery(innings: &Innings, now: u32, known: &[Thread]) -> Option<Thread> {
    let stand = stand(innings).filter(|_| innings.ended.is_none())?;
    let began = now.saturating_sub(stand.balls);
    let fell = |thread: &&Thread| {
        thread.kind == ThreadKind::Collapse
            && thread.innings == innings.number
            && thread.since <= began
            && thread.last + AFTER_COLLAPSE >= began
    };
    known.iter().rev().find(fell)?;
    let counts = (stand.runs, stand.balls, 0);
    Some(thread(innings, ThreadKind::Recovery, stand.batters.clone(), counts, f64::from(stand.runs) / 100.0, now))
}

/// Debts to an earlier event; of a chase that is lost, what was given away is one more.
pub(super) fn debts(state: &MatchState, innings: &Innings, now: u32) -> Vec<Thread> {
    let before = now.saturating_sub(innings.deliveries);
    let mut found = Vec::new();
    if innings.ended.is_none() {
        for card in [innings.striker_card(), innings.non_striker_card()].into_iter().flatten() {
            let Some(reprieve) = debt::reprieve(innings, &card.player.id) else { continue };
            let counts = (reprieve.added, reprieve.balls, 0);
            let strength = f64::from(reprieve.added) / 60.0;
            let thread = thread(innings, ThreadKind::Reprieve, vec![card.player.clone()], counts, strength, now);
            found.push(Thread { since: before + reprieve.since, ..thread });
        }
    }
    if let Some(reckoning) = debt::reckoning(innings) {
        let wickets = u32::from(reckoning.settled);
        let strength = f64::from(reckoning.runs) / 40.0 + f64::from(wickets) * 0.4;
        let counts = (reckoning.runs, reckoning.balls, wickets);
        let people = vec![reckoning.bowler, reckoning.batter];
        let thread = thread(innings, ThreadKind::Reckoning, people, counts, strength, now);
        found.push(Thread { since: before + reckoning.since, ..thread });
    }
    if let Some(giveaway) = debt::giveaway(state) {
        let strength = f64::from(giveaway.runs) / 30.0;
        let counts = (giveaway.runs, 0, 0);
        found.push(Thread { since: 0, ..thread(innings, ThreadKind::Giveaway, Vec::new(), counts, strength, now) });
    }
    found
}

fn thread(
    innings: &Innings,
    kind: ThreadKind,
    people: Vec<PlayerRef>,
    (runs, balls, wickets): (u32, u32, u32),
    strength: f64,
    now: u32,
) -> Thread {
    let is_fielding = matches!(kind, ThreadKind::Spell | ThreadKind::Reckoning);
    let team: &Arc<str> = if is_fielding { &innings.bowling_team } else { &innings.batting_team };
    Thread {
        kind,
        innings: innings.number,
        team: team.clone(),
        people,
        since: now.saturating_sub(balls),
        last: now,
        strength: strength.clamp(0.0, 1.0),
        runs,
        balls,
        wickets,
        running: true,
        taken_up: 0,
    }
}

fn stand(innings: &Innings) -> Option<&Partnership> {
    innings.current_partnership().filter(|stand| !stand.ended && stand.runs >= PARTNERSHIP_RUNS)
}

/// The two who just met, with all that was between them in this innings.
fn duel(innings: &Innings, now: u32) -> Option<Thread> {
    let last = innings.overs.last()?.balls.last()?;
    let between = |ball: &&&Arc<Delivery>| ball.batter.id == last.batter.id && ball.bowler.id == last.bowler.id;
    let meetings: Vec<_> = innings.overs.iter().flat_map(|over| &over.balls).collect();
    let (mut runs, mut balls, mut wickets) = (0, 0, 0);
    for ball in meetings.iter().filter(between) {
        runs += u32::from(ball.runs.bat);
        balls += u32::from(ball.is_faced());
        let out = |wicket: &&cricket::event::Wicket| wicket.kind.is_bowlers() && wicket.player_out.id == last.batter.id;
        wickets += ball.wickets.iter().filter(out).count() as u32;
    }
    let first = meetings.iter().position(|ball| between(&ball))?;
    let strength = f64::from(balls) / 30.0 + f64::from(wickets) * 0.4;
    let people = vec![last.batter.clone(), last.bowler.clone()];
    let mut found = thread(innings, ThreadKind::Duel, people, (runs, balls, wickets), strength, now);
    found.since = now.saturating_sub((meetings.len() - first) as u32);
    (balls >= DUEL_BALLS).then_some(found)
}

/// The spell of whoever bowled last.
fn spell(innings: &Innings, now: u32) -> Option<Thread> {
    let card = innings.bowler_card()?;
    let mine = |ball: &&Arc<Delivery>| ball.bowler.id == card.player.id;
    let overs = innings.overs.iter().rev().filter(|over| over.balls.iter().any(|ball| mine(&ball)));
    let overs: Vec<_> = overs.take(usize::from(card.spell_overs.max(1))).collect();
    let (mut runs, mut balls, mut wickets) = (0, 0, 0);
    for ball in overs.iter().flat_map(|over| &over.balls).filter(mine) {
        runs += u32::from(ball.conceded());
        balls += u32::from(ball.is_legal());
        wickets += ball.wickets.iter().filter(|wicket| wicket.kind.is_bowlers()).count() as u32;
    }
    let rate = f64::from(innings.runs) / f64::from(innings.legal_balls.max(1));
    let whole = u32::from(SPELL_OVERS) * u32::from(innings.balls_per_over);
    let tight = balls >= whole && f64::from(runs) < TIGHT * rate * f64::from(balls);
    let strength = f64::from(wickets) * 0.25 + if tight { f64::from(balls) / 60.0 } else { 0.0 };
    let mut found =
        thread(innings, ThreadKind::Spell, vec![card.player.clone()], (runs, balls, wickets), strength, now);
    let began = overs.last().map(|over| over.over)?;
    let after = innings.overs.iter().filter(|over| over.over >= began).map(|over| over.balls.len() as u32).sum();
    found.since = now.saturating_sub(after);
    (wickets >= SPELL_WICKETS || tight).then_some(found)
}
