//! The figures that a note can be made of, at the end of an over.

use cricket::{
    player::PlayerRef,
    score::{Innings, MatchState},
};

use super::{
    Note,
    interest::{FEWEST, Usual},
};
use crate::{
    archive::Archive,
    facts::{Hundredths, NumberFact, PairFact, Unit},
    language::Language,
    moment::Moment,
    statistic,
};

/// Balls of a session from which it is told.
const SESSION_BALLS: u32 = 60;
/// Overs looked back on.
const LATELY: usize = 5;

/// Gathers notes of one moment.
pub(super) struct Figures<'a> {
    state: &'a MatchState,
    innings: &'a Innings,
    moment: &'a Moment,
    usual: Usual,
    notes: Vec<Note>,
}

impl<'a> Figures<'a> {
    pub(super) fn of(state: &'a MatchState, moment: &'a Moment) -> Option<Self> {
        let innings = state.innings.iter().find(|innings| innings.number == moment.scene.innings)?;
        // With balls missing no count is right.
        innings.is_whole().then(|| Self {
            state,
            innings,
            moment,
            usual: Usual::of(innings.balls_limit),
            notes: Vec::new(),
        })
    }

    pub(super) fn gather(mut self, archive: &dyn Archive) -> Vec<Note> {
        self.over();
        self.lately();
        self.batters();
        self.bowler();
        self.stand();
        self.session();
        self.stages();
        self.chase();
        self.past(archive);
        self.notes
    }

    fn said(&self, player: &PlayerRef) -> Option<(String, usize)> {
        let people = self.moment.facts.people();
        let index = people.iter().position(|person| person.player.id == player.id)?;
        people.get(index).map(|person| (person.said.clone(), index)).filter(|(said, _)| !said.is_empty())
    }

    fn note(&mut self, id: &'static str, about: &str, interest: f64, text: String, numbers: Vec<NumberFact>) {
        let about = about.to_owned();
        self.notes.push(Note { id, about, interest, text, numbers, pairs: Vec::new(), quoted: Vec::new() });
    }

    fn over(&mut self) {
        let Some(over) = &self.moment.scene.over else { return };
        let (runs, balls) = (over.runs, u32::from(over.legal_balls));
        let before = self.innings.legal_balls.saturating_sub(balls);
        if before < FEWEST {
            return;
        }
        let per = f64::from(self.innings.balls_per_over.max(1));
        let rate = f64::from(self.innings.runs.saturating_sub(runs)) / f64::from(before) * per;
        let said = Hundredths::rate((rate * 10.0).round() / 10.0);
        let text = format!("{} from the over, against {said} an over before it.", counted(runs, "run"));
        let interest = self.usual.of_runs(runs, balls);
        self.note("over", "", interest, text, vec![number("note.rate_before", said, Unit::Rate)]);
    }

    fn lately(&mut self) {
        let overs = &self.innings.overs;
        let Some(last) = overs.len().checked_sub(LATELY).and_then(|from| overs.get(from..)) else { return };
        let balls: u32 = last.iter().map(|over| u32::from(over.legal_balls)).sum();
        let runs: u32 = last.iter().map(|over| over.runs).sum();
        let wickets: u32 = last.iter().map(|over| u32::from(over.wickets)).sum();
        let interest = self.usual.of_runs(runs, balls).max(self.usual.of_wickets(wickets, balls));
        let text = format!("{} and {} in the last {LATELY} overs.", counted(runs, "run"), counted(wickets, "wicket"));
        let facts = vec![
            whole("note.lately.runs", runs, Unit::Runs),
            whole("note.lately.wickets", wickets, Unit::Wickets),
            whole("note.lately.overs", LATELY as u32, Unit::Overs),
        ];
        self.note("lately", "", interest, text, facts);
    }

    fn batters(&mut self) {
        for card in [self.innings.striker_card(), self.innings.non_striker_card()].into_iter().flatten() {
            let Some((name, owner)) = self.said(&card.player) else { continue };
            if card.balls < FEWEST {
                continue;
            }
            let interest = self.usual.of_runs(card.runs, card.balls);
            let mut text = format!("{name} has {} from {}", card.runs, counted(card.balls, "ball"));
            // One four is a ball just bowled, to the ear; several are a count.
            let hits = [(card.fours, "fours"), (card.sixes, "sixes")].into_iter().filter(|(count, _)| *count > 1);
            let hits: Vec<String> = hits.map(|(count, noun)| format!("{count} {noun}")).collect();
            if !hits.is_empty() {
                text.push_str(", with ");
                text.push_str(&hits.join(" and "));
            }
            text.push('.');
            let facts = vec![
                own("note.batter.runs", card.runs, Unit::Runs, owner),
                own("note.batter.balls", card.balls, Unit::Balls, owner),
                own("note.batter.fours", card.fours, Unit::Fours, owner),
                own("note.batter.sixes", card.sixes, Unit::Sixes, owner),
            ];
            self.note("batter", &card.player.id.0, interest, text, facts);
        }
    }

    fn bowler(&mut self) {
        let Some(line) = &self.moment.scene.bowler else { return };
        let Some(card) = self.innings.bowling.iter().find(|card| card.player.id == line.player.id) else { return };
        let Some((name, owner)) = self.said(&card.player) else { return };
        if card.balls < FEWEST {
            return;
        }
        let interest = self.usual.of_wickets(card.wickets, card.balls).max(self.usual.of_runs(card.runs, card.balls));
        let text = format!("{name}: {}/{} from {}.", card.wickets, card.runs, counted(card.balls, "ball"));
        let facts = vec![own("note.bowler.balls", card.balls, Unit::Balls, owner)];
        let pair = PairFact { id: "note.bowler.figures", first: card.wickets, second: card.runs, owner: Some(owner) };
        self.note("bowler", &card.player.id.0, interest, text, facts);
        if let Some(note) = self.notes.last_mut() {
            note.pairs.push(pair);
        }
    }

    fn stand(&mut self) {
        let Some(stand) = self.innings.current_partnership().filter(|stand| stand.balls >= FEWEST) else { return };
        let interest = self.usual.of_runs(stand.runs, stand.balls);
        let text = format!("The stand is worth {} from {}.", counted(stand.runs, "run"), counted(stand.balls, "ball"));
        let facts =
            vec![whole("note.stand.runs", stand.runs, Unit::Runs), whole("note.stand.balls", stand.balls, Unit::Balls)];
        self.note("stand", &stand.wicket.to_string(), interest, text, facts);
    }

    /// What the session has brought, where it began in the middle of the innings.
    fn session(&mut self) {
        let told = self.state.session_score().filter(|session| !session.since_start && session.wickets > 0);
        let Some(session) = told.filter(|session| session.overs.balls >= SESSION_BALLS) else { return };
        let (balls, overs) = (session.overs.balls, session.overs.to_string());
        let Some(said) = Hundredths::parse(&overs) else { return };
        let (runs, wickets) = (session.runs, u32::from(session.wickets));
        let interest = self.usual.of_runs(runs, balls).max(self.usual.of_wickets(wickets, balls));
        let text =
            format!("This session: {} and {} from {overs} overs.", counted(runs, "run"), counted(wickets, "wicket"));
        let facts = vec![
            whole("session.runs", runs, Unit::Runs),
            whole("session.wickets", wickets, Unit::Wickets),
            number("session.overs", said, Unit::Overs),
        ];
        self.note("session", "", interest, text, facts);
    }

    /// Where the other side was after as many overs.
    fn stages(&mut self) {
        let overs = self.innings.overs.len();
        let complete = self.innings.overs.last().is_some_and(|over| over.complete);
        let other = self.state.innings.iter().rev().find(|other| {
            other.number < self.innings.number && other.batting_team != self.innings.batting_team && other.is_whole()
        });
        let (Some(other), true) = (other.filter(|other| other.overs.len() >= overs), complete) else { return };
        let before = other.overs.iter().take(overs);
        let (runs, wickets) =
            before.fold((0, 0), |(runs, wickets), over| (runs + over.runs, wickets + u32::from(over.wickets)));
        let balls = self.innings.legal_balls;
        if balls < FEWEST || self.innings.kind != other.kind {
            return;
        }
        let team = crate::name::clean(&other.batting_team);
        let interest = self.usual.of_lead(runs.abs_diff(self.innings.runs), balls);
        let text = format!("After {overs} overs {team} had {runs}/{wickets}.");
        let facts = vec![whole("note.stage.overs", overs as u32, Unit::Overs)];
        self.note("stage", "", interest, text, facts);
        if let Some(note) = self.notes.last_mut() {
            note.pairs.push(PairFact { id: "note.stage.score", first: runs, second: wickets, owner: None });
        }
    }

    fn chase(&mut self) {
        let (reading, scene) = (&self.moment.reading, &self.moment.scene);
        let (Some(required), Some(current), Some(left)) =
            (reading.required_rate, reading.current_rate, scene.balls_left)
        else {
            return;
        };
        let per = u32::from(scene.balls_per_over.max(1));
        if self.innings.legal_balls < FEWEST || left < per {
            return;
        }
        let [required, current] = [required, current].map(|rate| Hundredths::rate((rate * 10.0).round() / 10.0));
        let gap = (required.0.abs_diff(current.0) as f64 / 100.0 / f64::from(per) * f64::from(left)).round() as u32;
        let text = format!("They need {required} an over, and have made {current}.");
        let facts = vec![number("note.required", required, Unit::Rate), number("note.current", current, Unit::Rate)];
        self.note("chase", "", self.usual.of_lead(gap, left), text, facts);
    }

    fn past(&mut self, archive: &dyn Archive) {
        let scene = &self.moment.scene;
        for told in statistic::every(scene, &self.moment.reading, self.moment.facts.people(), archive) {
            let mut note = Note::quoting(told.id, told.about.clone(), told.clause(Language::English));
            note.interest = told.interest;
            self.notes.push(note);
        }
        let Some(bowler) = &scene.bowler else { return };
        for card in [self.innings.striker_card(), self.innings.non_striker_card()].into_iter().flatten() {
            let Some((batter_name, _)) = self.said(&card.player) else { continue };
            let Some((bowler_name, _)) = self.said(&bowler.player) else { continue };
            let Some(meeting) = archive.batter_v_bowler(&card.player.id, &bowler.player.id) else { continue };
            if meeting.balls < FEWEST {
                continue;
            }
            let interest = self.usual.of_meeting(&meeting);
            let text = format!(
                "{batter_name} and {bowler_name} have met for {}: {}, {}, {} since {}.",
                counted(meeting.balls, "ball"),
                counted(meeting.runs, "run"),
                counted(meeting.dismissals, "dismissal"),
                crate::name::clean(&meeting.scope),
                meeting.since_year,
            );
            let facts = vec![
                whole("stat.head_to_head.runs", meeting.runs, Unit::Runs),
                whole("stat.head_to_head.balls", meeting.balls, Unit::Balls),
                whole("stat.head_to_head.dismissals", meeting.dismissals, Unit::Dismissals),
                whole("stat.head_to_head.since", u32::from(meeting.since_year), Unit::Year),
            ];
            self.note("meeting", &card.player.id.0, interest, text, facts);
            if let Some(note) = self.notes.last_mut() {
                note.about += &bowler.player.id.0;
            }
        }
    }
}

fn number(id: &'static str, value: Hundredths, unit: Unit) -> NumberFact {
    NumberFact { id, value, unit, owner: None }
}

fn whole(id: &'static str, value: u32, unit: Unit) -> NumberFact {
    number(id, Hundredths::whole(value), unit)
}

fn own(id: &'static str, value: u32, unit: Unit, owner: usize) -> NumberFact {
    NumberFact { owner: Some(owner), ..whole(id, value, unit) }
}

pub(super) fn counted(number: u32, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
