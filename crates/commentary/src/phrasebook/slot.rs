//! Slots: `{batter}`, `{batter's}`, `{need run}` (a number and its noun, in the plural where it must be), `{wicket th}`
//! (an ordinal in words). `{left गेंद|गेंदों}` gives the noun's other number itself. What a form writes is the book's
//! language's matter.

use super::{
    form::{change, effect, margin, ordinal, ordinal_endings, plural},
    situation::Situation,
};
use crate::{
    facts::{EventWord, Person, Role, TeamPart},
    language::Language,
    moment::Moment,
    name,
};

/// A piece of a phrasing.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    /// Words as they are.
    Words(String),
    /// A slot.
    Slot(Slot),
}

impl Piece {
    pub(super) fn slot(&self) -> Option<&Slot> {
        match self {
            Self::Words(_) => None,
            Self::Slot(slot) => Some(slot),
        }
    }
}

/// A slot and how it is written out.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    name: &'static str,
    form: Form,
    language: Language,
}

#[derive(Debug, Clone)]
enum Form {
    Plain,
    Possessive,
    /// Which of the language's forms: an index into its endings.
    Ordinal(usize),
    /// For one, and for any other number.
    Noun(String, String),
}

/// Every slot, and the events or situations one of which it needs; none for those that any ball or over fills.
const SLOTS: [(&str, &[&str]); 47] = [
    ("batter", &[]),
    ("partner", &[]),
    ("bowler", &[]),
    ("batting", &[]),
    ("fielding", &[]),
    ("score", &[]),
    ("runs", &[]),
    ("wickets", &[]),
    ("overs", &[]),
    ("batter_runs", &[]),
    ("batter_balls", &[]),
    ("partner_runs", &[]),
    ("bowler_figures", &[]),
    ("bowler_wickets", &[]),
    ("bowler_runs", &[]),
    ("over", &[]),
    ("over_runs", &[]),
    ("stand", &["big_stand", "partnership_milestone"]),
    ("stand_balls", &["big_stand", "partnership_milestone"]),
    ("need", &["chase"]),
    ("left", &["chase"]),
    ("target", &["chase"]),
    ("required", &["required_rate"]),
    ("ball_runs", &[]),
    ("out", &["wicket", "reckoning"]),
    ("out_runs", &["wicket", "reckoning"]),
    ("out_balls", &["wicket", "reckoning"]),
    ("wicket", &["wicket"]),
    ("fielder", &["fielder"]),
    ("milestone", &["fifty", "century", "big_century"]),
    ("milestone_runs", &["fifty", "century", "big_century"]),
    ("milestone_balls", &["fifty", "century", "big_century"]),
    ("drought", &["drought_broken", "drought"]),
    ("venue", &["venue"]),
    ("first_side", &["two_sides"]),
    ("second_side", &["two_sides"]),
    ("winner", &["win", "super_over", "won"]),
    ("margin", &["margin"]),
    ("top", &["innings_end"]),
    ("top_runs", &["innings_end"]),
    ("best", &["best_bowler"]),
    ("best_figures", &["best_bowler"]),
    ("best_wickets", &["best_bowler"]),
    ("best_runs", &["best_bowler"]),
    ("next_target", &["leaves_target"]),
    ("was", &["changed", "withdrawn"]),
    ("now", &["changed"]),
];

/// Slots of status lines and statistics, with the event or situation that fills them.
const MORE: [(&str, &[&str]); 29] = [
    ("effect", &["effect"]),
    ("toss_winner", &["toss", "bat_first", "bowl_first"]),
    ("reviewer", &["review", "review_upheld", "review_struck_down", "review_pending"]),
    ("revised", &["target_revised"]),
    ("penalty", &["penalty"]),
    ("awarded", &["penalty"]),
    ("incoming", &["replaced"]),
    ("outgoing", &["outgoing"]),
    ("retired", &["retired"]),
    ("retired_runs", &["retired"]),
    ("meeting_balls", &["meeting"]),
    ("meeting_runs", &["meeting"]),
    ("meeting_outs", &["meeting"]),
    ("meeting_scope", &["meeting"]),
    ("meeting_since", &["meeting"]),
    ("statistic", &["statistic"]),
    ("batter_fours", &[]),
    ("batter_sixes", &[]),
    ("bowler_maidens", &[]),
    ("burst", &["boundary_burst"]),
    ("burst_balls", &["boundary_burst"]),
    ("reprieved", &["reprieve"]),
    ("reprieve_at", &["reprieve"]),
    ("reprieve_runs", &["reprieve"]),
    ("reckoning_runs", &["reckoning"]),
    ("giveaway_runs", &["giveaway"]),
    ("session_runs", &["session"]),
    ("session_wickets", &["session"]),
    ("session_overs", &["session"]),
];

/// The names of all slots.
pub(crate) fn names() -> Vec<&'static str> {
    SLOTS.iter().chain(&MORE).map(|(slot, _)| *slot).collect()
}

/// Cuts a phrasing into words and slots.
pub(super) fn parse(text: &str, language: Language) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, after)) = rest.split_once('{') {
        let (slot, after) = after.split_once('}').ok_or("a slot is not closed; write {batter}")?;
        if !words.is_empty() {
            pieces.push(Piece::Words(words.to_owned()));
        }
        pieces.push(Piece::Slot(Slot::parse(slot, language)?));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    Ok(pieces)
}

impl Slot {
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    fn parse(text: &str, language: Language) -> Result<Self, String> {
        let (name, form) = match text.split_once(' ') {
            Some((name, noun)) => {
                let (one, many) = noun.split_once('|').map_or((noun, None), |(one, many)| (one, Some(many)));
                let form = match ordinal_endings(language).iter().position(|ending| *ending == noun) {
                    Some(index) => Form::Ordinal(index),
                    None => Form::Noun(one.to_owned(), many.map_or_else(|| plural(one, language), str::to_owned)),
                };
                (name, form)
            }
            None => match text.strip_suffix("'s") {
                Some(name) if language == Language::English => (name, Form::Possessive),
                Some(name) => return Err(format!("'s is English; hint: write {{{name}}} and its postposition")),
                None => (text, Form::Plain),
            },
        };
        let known = SLOTS.iter().chain(&MORE).find(|(slot, _)| *slot == name);
        let (name, _) =
            known.ok_or_else(|| format!("there is no slot '{name}'; hint: there are {}", names().join(", ")))?;
        Ok(Self { name, form, language })
    }

    /// Whether an occasion always fills this slot; else what to add.
    pub(super) fn is_filled_by(&self, on: Option<EventWord>, with: &[Situation]) -> Result<(), String> {
        let needs = SLOTS.iter().chain(&MORE).find(|(slot, _)| *slot == self.name).map_or(&[][..], |(_, needs)| needs);
        let mut has: Vec<&str> = with.iter().map(|situation| situation.id()).collect();
        has.extend(on.map(EventWord::id));
        if on.is_some_and(EventWord::is_dismissal) {
            has.push("wicket");
        }
        if needs.is_empty() || needs.iter().any(|need| has.contains(need)) {
            return Ok(());
        }
        Err(format!("{{{}}} may be empty here; hint: ask for one of {} in on or with", self.name, needs.join(", ")))
    }

    /// The words for a moment; `None` where the moment does not fill the slot.
    pub(super) fn fill(&self, moment: &Moment) -> Option<String> {
        let value = value(self.name, moment, self.language)?;
        match &self.form {
            Form::Plain => Some(value),
            Form::Possessive => Some(if value.ends_with('s') { format!("{value}'") } else { format!("{value}'s") }),
            Form::Ordinal(ending) => ordinal(value.parse().ok()?, *ending, self.language),
            Form::Noun(one, many) => Some(format!("{value} {}", if value == "1" { one } else { many })),
        }
    }
}

fn value(slot: &str, moment: &Moment, language: Language) -> Option<String> {
    let scene = &moment.scene;
    let person = |role: Role| moment.facts.person(role).and_then(said);
    // Somebody without a name is called by the part that they play.
    let named = |person: &Person, part: &str| said(person).unwrap_or_else(|| part.to_owned());
    let player = |player: Option<&cricket::player::PlayerRef>, part: &str| {
        let id = &player?.id;
        moment.facts.people().iter().find(|person| person.player.id == *id).map(|person| named(person, part))
    };
    let batter = scene.batter.as_ref();
    let bowler = scene.bowler.as_ref();
    let text = |value: Option<u32>| value.map(|value| value.to_string());
    let number = |id: &str| moment.facts.numbers.iter().find(|fact| fact.id == id).map(|fact| fact.value.to_string());
    match slot {
        "batter" => player(batter.map(|batter| &batter.player), "the batter"),
        "partner" => player(scene.partner.as_ref().map(|partner| &partner.player), "the other batter"),
        "bowler" => player(bowler.map(|bowler| &bowler.player), "the bowler"),
        "batting" => Some(name::clean(&scene.batting_team)).filter(|team| !team.is_empty()),
        "fielding" => Some(name::clean(&scene.bowling_team)).filter(|team| !team.is_empty()),
        "score" => Some(scene.score()),
        "runs" => Some(scene.runs.to_string()),
        // With the last wicket a side is all out, and not so many for ten.
        "wickets" => {
            text(Some(u32::from(scene.wickets)).filter(|_| !(moment.is_wicket() && scene.wickets_in_hand == 0)))
        }
        "overs" => Some(scene.overs.clone()),
        "batter_runs" => text(batter.map(|batter| batter.runs)),
        "batter_balls" => text(batter.map(|batter| batter.balls)),
        "partner_runs" => text(scene.partner.as_ref().map(|partner| partner.runs)),
        "bowler_figures" => bowler.map(|bowler| format!("{}/{}", bowler.wickets, bowler.runs)),
        "bowler_wickets" => text(bowler.map(|bowler| bowler.wickets)),
        "bowler_runs" => text(bowler.map(|bowler| bowler.runs)),
        "over" => text(scene.over.as_ref().map(|over| over.number)),
        "over_runs" => text(scene.over.as_ref().map(|over| over.runs)),
        "stand" => text(scene.partnership.map(|(runs, _, _)| runs)),
        "stand_balls" => text(scene.partnership.map(|(_, balls, _)| balls)),
        "need" => text(scene.runs_needed),
        "left" => text(scene.balls_left),
        "target" => text(scene.target),
        "required" => rate(moment),
        "ball_runs" => text(moment.ball().map(|ball| u32::from(ball.runs.total))),
        "out" => moment.facts.person(Role::Out).map(|person| named(person, "the batter")),
        "out_runs" => number("out.runs"),
        "out_balls" => number("out.balls"),
        "wicket" => number("wicket.number"),
        "fielder" => person(Role::Fielder),
        "milestone" => moment.facts.person(Role::MilestoneBatter).map(|person| named(person, "the batter")),
        "milestone_runs" => number("milestone.runs"),
        "milestone_balls" => number("milestone.balls"),
        "drought" => number("drought.balls"),
        "venue" => scene.venue.as_deref().map(name::clean).filter(|venue| !venue.is_empty()),
        "first_side" => scene.teams.first().map(|team| name::clean(team)),
        "second_side" => scene.teams.get(1).map(|team| name::clean(team)),
        "winner" => team(moment, TeamPart::Winner),
        "margin" => margin(moment, language),
        "top" => person(Role::TopScorer),
        "top_runs" => number("top_scorer.runs"),
        "best" => person(Role::BestBowler),
        "best_figures" => moment
            .facts
            .pairs
            .iter()
            .find(|pair| pair.id == "best_bowler.figures")
            .map(|pair| format!("{}/{}", pair.first, pair.second)),
        "best_wickets" => number("best_bowler.wickets"),
        "best_runs" => number("best_bowler.runs"),
        "next_target" => number("next.target"),
        "was" => change(moment, false, language),
        "now" => change(moment, true, language),
        "effect" => effect(moment, language),
        "toss_winner" => team(moment, TeamPart::TossWinner),
        "reviewer" => team(moment, TeamPart::Reviewer),
        "awarded" => team(moment, TeamPart::Awarded),
        "revised" => number("target.revised"),
        "penalty" => number("penalty.runs"),
        "incoming" => person(Role::Incoming),
        "outgoing" => person(Role::Outgoing),
        "retired" => person(Role::Retired),
        "retired_runs" => number("retired.runs"),
        "meeting_balls" => number("stat.head_to_head.balls"),
        "meeting_runs" => number("stat.head_to_head.runs"),
        "meeting_since" => number("stat.head_to_head.since"),
        "meeting_scope" => meeting_scope(moment, language),
        // A first one is no count worth telling.
        "batter_fours" => text(batter.map(|batter| batter.fours).filter(|fours| *fours > 1)),
        "batter_sixes" => text(batter.map(|batter| batter.sixes).filter(|sixes| *sixes > 1)),
        "bowler_maidens" => text(bowler.map(|bowler| bowler.maidens)),
        "burst" => number("burst.boundaries"),
        "burst_balls" => number("burst.balls"),
        "statistic" => moment.facts.statistic.as_ref().map(|statistic| statistic.clause(language).to_owned()),
        "meeting_outs" => number("stat.head_to_head.dismissals"),
        "reprieved" => moment.facts.person(Role::Reprieved).map(|person| named(person, "the batter")),
        "reprieve_at" => number("reprieve.at"),
        "reprieve_runs" => number("reprieve.runs"),
        "reckoning_runs" => number("reckoning.runs"),
        "giveaway_runs" => number("giveaway.runs"),
        // Of none nothing is said.
        "session_runs" => number("session.runs").filter(|runs| runs != "0"),
        "session_wickets" => number("session.wickets").filter(|wickets| wickets != "0"),
        "session_overs" => number("session.overs"),
        _ => None,
    }
}

/// In what the two who meet have met before: the facts have it in Hindi first, then as the archive says it.
fn meeting_scope(moment: &Moment, language: Language) -> Option<String> {
    let mut scopes = moment.facts.places.iter().filter(|(id, _)| *id == "stat.head_to_head.scope");
    let scope = if language == Language::Hindi { scopes.next() } else { scopes.next_back() };
    scope.map(|(_, scope)| scope.clone()).filter(|scope| !scope.is_empty())
}

fn said(person: &Person) -> Option<String> {
    Some(person.said.clone()).filter(|said| !said.is_empty())
}

fn team(moment: &Moment, part: TeamPart) -> Option<String> {
    moment.facts.teams.iter().find(|team| team.parts.contains(&part)).map(|team| team.name.clone())
}

/// The required rate to one place, as it is said.
fn rate(moment: &Moment) -> Option<String> {
    moment.reading.required_rate.map(|rate| format!("{:.1}", (rate * 10.0).round() / 10.0))
}
