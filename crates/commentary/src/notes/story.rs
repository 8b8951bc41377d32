//! Notes of the reading: what runs through the match, where the innings is heading, how much the next ball weighs.

use cricket::{
    player::PlayerRef,
    score::{Innings, MatchState},
};

use super::{
    Note,
    figures::counted,
    interest::{FEWEST, Usual},
};
use crate::{
    moment::Moment,
    reading::{Thread, ThreadKind, Threads},
};

/// Runs from which what the last overs changed is told.
const TELLING_MOMENTUM: f64 = 8.0;
/// Mean balls from which the weight of the next one is told.
const HEAVY: f64 = 2.0;

/// Notes of the moment's threads and reading; none where balls of the innings are missing, since no count is right then.
pub(super) fn notes(state: &MatchState, moment: &Moment) -> Vec<Note> {
    let scene = &moment.scene;
    let innings = state.innings.iter().find(|innings| innings.number == scene.innings);
    let Some(innings) = innings.filter(|innings| innings.is_whole() && innings.ended.is_none()) else {
        return Vec::new();
    };
    let story = Story { moment, innings, usual: Usual::of(innings.balls_limit) };
    let threads = Threads::of(state);
    let now = threads.all().iter().filter(|thread| thread.innings == innings.number || is_comeback(thread));
    let mut notes: Vec<Note> = now.filter_map(|thread| story.thread(thread)).collect();
    notes.extend([story.heading(), story.momentum(), story.weight()].into_iter().flatten());
    notes
}

fn is_comeback(thread: &Thread) -> bool {
    thread.kind == ThreadKind::Comeback
}

struct Story<'a> {
    moment: &'a Moment,
    innings: &'a Innings,
    usual: Usual,
}

impl Story<'_> {
    fn said(&self, player: &PlayerRef) -> Option<&str> {
        let people = self.moment.facts.people();
        let person = people.iter().find(|person| person.player.id == player.id && person.is_on_stage())?;
        Some(person.said.as_str()).filter(|said| !said.is_empty())
    }

    /// A thread that goes on, or a duel of two who have met before and stand there again.
    fn thread(&self, thread: &Thread) -> Option<Note> {
        let Thread { runs, balls, wickets, .. } = *thread;
        let on_stage = || thread.people.iter().map(|player| self.said(player)).collect::<Option<Vec<_>>>();
        if !thread.running && thread.kind != ThreadKind::Duel {
            return None;
        }
        let both = |runs, balls, wickets| self.usual.of_runs(runs, balls).max(self.usual.of_wickets(wickets, balls));
        let (id, interest, clause) = match thread.kind {
            ThreadKind::Comeback => return self.comeback(thread),
            ThreadKind::Duel if balls >= FEWEST => {
                let [batter, bowler] = *on_stage()?.as_slice() else { return None };
                let again = if thread.taken_up > 0 { ", and here they are again" } else { "" };
                let clause = format!(
                    "{batter} has faced {} from {bowler} today for {}{again}",
                    counted(balls, "ball"),
                    counted(runs, "run")
                );
                ("thread.duel", both(runs, balls, wickets), clause)
            }
            ThreadKind::Spell if balls >= FEWEST => {
                let [bowler] = *on_stage()?.as_slice() else { return None };
                // A first spell is the bowler's figures, and those have a note of their own.
                let mut cards = self.innings.bowling.iter();
                if cards.any(|card| card.balls == balls && thread.people.iter().any(|one| one.id == card.player.id)) {
                    return None;
                }
                let clause = format!(
                    "{bowler} in this spell: {} for {} from {}",
                    counted(wickets, "wicket"),
                    counted(runs, "run"),
                    counted(balls, "ball")
                );
                ("thread.spell", both(runs, balls, wickets), clause)
            }
            ThreadKind::Recovery if balls >= FEWEST => {
                let [one, other] = *on_stage()?.as_slice() else { return None };
                let clause =
                    format!("{one} and {other} came together in a collapse and have added {}", counted(runs, "run"));
                ("thread.recovery", self.usual.of_wickets(0, balls), clause)
            }
            ThreadKind::Collapse => {
                let clause = format!(
                    "{} have gone for {} in {}",
                    counted(wickets, "wicket"),
                    counted(runs, "run"),
                    counted(balls, "ball")
                );
                ("thread.collapse", self.usual.of_wickets(wickets, balls), clause)
            }
            ThreadKind::Squeeze => {
                let clause = format!("no boundary for {}", counted(balls, "ball"));
                ("thread.squeeze", f64::from(balls) / 100.0, clause)
            }
            ThreadKind::Reprieve => {
                let [batter] = *on_stage()?.as_slice() else { return None };
                let at = self
                    .innings
                    .batting
                    .iter()
                    .rev()
                    .find(|card| thread.people.iter().any(|one| one.id == card.player.id))?;
                let clause = format!(
                    "{batter} was given out on {}, and has added {} since the review",
                    at.runs.saturating_sub(runs),
                    counted(runs, "run")
                );
                ("thread.reprieve", self.usual.of_lead(runs, balls), clause)
            }
            ThreadKind::Reckoning => {
                let [bowler, batter] = *on_stage()?.as_slice() else { return None };
                let clause = if wickets > 0 {
                    format!("{bowler} has the wicket of {batter}, who hit {} in an earlier over", counted(runs, "run"))
                } else {
                    format!("{bowler} bowls to {batter} again, who hit {} in an earlier over", counted(runs, "run"))
                };
                ("thread.reckoning", both(runs, balls, wickets), clause)
            }
            ThreadKind::Giveaway => {
                let need = self.moment.scene.runs_needed?;
                let team = crate::name::clean(&thread.team);
                let clause =
                    format!("{team} need {need}, and gave away {} in wides and no-balls", counted(runs, "run"));
                ("thread.giveaway", f64::from(runs) / 40.0, clause)
            }
            _ => return None,
        };
        let about = thread.people.iter().map(|player| &*player.id.0).collect::<Vec<_>>().join(" ");
        Some(Note { interest, ..Note::quoting(id, about, &clause) })
    }

    /// How low a side was, and where it is now.
    fn comeback(&self, thread: &Thread) -> Option<Note> {
        let (scene, reading) = (&self.moment.scene, &self.moment.reading);
        let batting = reading.win_probability.or_else(|| reading.projection.as_ref()?.win_probability)?;
        let now = if scene.batting_team == thread.team { batting } else { 1.0 - batting };
        let [low, now] = [now - thread.strength, now].map(|chance| (chance * 100.0).round().max(0.0));
        let team = crate::name::clean(&thread.team);
        let clause = format!("{team} had a chance of {low} in 100 and have one of {now} now");
        Some(Note { interest: thread.strength, ..Note::quoting("thread.comeback", team.clone(), &clause) })
    }

    /// The projected total with its range, beside par.
    fn heading(&self) -> Option<Note> {
        let ahead = self.moment.reading.projection.as_ref().filter(|_| self.moment.scene.legal_balls >= FEWEST)?;
        let (low, high) = ahead.range();
        let [mean, low, high, par] = [ahead.mean, low.max(f64::from(self.moment.scene.runs)), high, ahead.par]
            .map(|runs| runs.round().max(0.0) as u32);
        let clause = format!("heading for {mean}, four times in five between {low} and {high}, and par is {par}");
        // It moves little from over to over: half of what a figure so far from the usual is worth.
        let interest = self.usual.of_lead(mean.abs_diff(par), self.moment.scene.legal_balls) / 2.0;
        Some(Note { interest, ..Note::quoting("reading.projection", String::new(), &clause) })
    }

    /// What the last overs changed of the projected total.
    fn momentum(&self) -> Option<Note> {
        let scene = &self.moment.scene;
        let looked_back = 3 * u32::from(scene.balls_per_over);
        let runs = self.moment.reading.momentum.filter(|_| scene.legal_balls >= looked_back)?;
        if runs.abs() < TELLING_MOMENTUM {
            return None;
        }
        let changed = counted(runs.abs().round() as u32, "run");
        let clause = if runs > 0.0 {
            format!("the last 3 overs lifted the projected total by {changed}")
        } else {
            format!("the last 3 overs cost {changed} of the projected total")
        };
        let interest = self.usual.of_lead(runs.abs().round() as u32, looked_back);
        Some(Note { interest, ..Note::quoting("reading.momentum", String::new(), &clause) })
    }

    /// How much the next ball weighs.
    fn weight(&self) -> Option<Note> {
        let index = self.moment.reading.leverage_index.filter(|index| *index >= HEAVY)?;
        let clause = format!("the next ball weighs {index:.1} times the mean ball of a chase like this");
        let clause = if self.moment.scene.is_chase() { clause } else { clause.replace(" of a chase like this", "") };
        Some(Note { interest: (index - 1.0) / 10.0, ..Note::quoting("reading.leverage", String::new(), &clause) })
    }
}
