//! Attribution patterns: `<bowler> to <batter>`, `<out> को जाना होगा`; how they are written is told in `roles.toml`.

use std::collections::HashMap;

use super::script::fold;
use crate::facts::{Role, TeamPart, Unit};

/// The most words that fillers stand for.
pub(super) const MAX_FILLERS: usize = 4;

/// A word of patterns as a number: comparing lines with patterns is comparing numbers. 0 is a word of no pattern.
pub(super) type WordId = u32;

/// Words as numbers.
#[derive(Debug, Default)]
pub(super) struct Words {
    ids: HashMap<String, WordId>,
}

impl Words {
    /// The number of a word in the checker's spelling; 0 where no pattern has it.
    pub(super) fn id(&self, word: &str) -> WordId {
        self.ids.get(word).copied().unwrap_or(0)
    }

    /// The number of a word of the data, given on first sight.
    pub(super) fn learn(&mut self, word: &str) -> WordId {
        let next = self.ids.len() as WordId + 1;
        *self.ids.entry(fold(word)).or_insert(next)
    }
}

/// A part of an attribution pattern.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// One of these words.
    Words(Vec<WordId>),
    /// Somebody who did this; the flag asks for the possessive.
    Person(Doer, bool),
    /// Anybody of the match; the numbers after it must be theirs.
    Anybody,
    /// A number of the person before, counting this; `None` leaves it to the words around it. Runs are those made.
    Own(Option<Unit>),
    /// Any number.
    AnyNumber,
    /// A number, or pair, that is one of these facts; the flag asks for the noun that it counts.
    Fact(&'static [&'static str], bool),
    /// Words of little weight, up to [`MAX_FILLERS`] of them; may be absent.
    Fillers,
    /// A side with this part.
    Team(TeamPart),
    /// Either side.
    AnySide,
    /// The end of the line or of a sentence.
    End,
}

/// Who a pattern says did something.
#[derive(Debug, Clone, Copy)]
pub(super) enum Doer {
    /// Somebody with one of these roles, the first naming the part.
    One(&'static [Role]),
    /// Whoever held the catch: a fielder, or the bowler of a ball caught and bowled.
    Catcher,
}

/// A pattern ready to be held against a line.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    /// Whether it begins where a sentence begins.
    pub(super) opens: bool,
    /// Whether a fit that is not true refuses the line; else it only supports.
    pub(super) binds: bool,
    /// Its parts, in order; never empty.
    pub(super) parts: Vec<Part>,
}

/// Lists of words that patterns name with `@`.
pub(super) type Classes = HashMap<String, String>;

/// Reads a pattern: one for each choice of the words that may be absent.
///
/// # Errors
/// Says which role or list of words there is none of.
pub(super) fn read(text: &str, binds: bool, classes: &Classes, words: &mut Words) -> Result<Vec<Pattern>, String> {
    let mut patterns = vec![Pattern { opens: false, binds, parts: Vec::new() }];
    for (place, item) in text.split_whitespace().enumerate() {
        if item == "^" && place == 0 {
            for pattern in &mut patterns {
                pattern.opens = true;
            }
            continue;
        }
        let (item, optional) = match item.strip_suffix('?') {
            Some(item) if !item.is_empty() => (item, true),
            _ => (item, false),
        };
        let part = read_part(item, classes, words).map_err(|reason| format!("roles.toml: '{text}': {reason}"))?;
        let without = if optional { patterns.clone() } else { Vec::new() };
        for pattern in &mut patterns {
            pattern.parts.push(part.clone());
        }
        patterns.extend(without);
    }
    if patterns.iter().any(|pattern| pattern.parts.is_empty()) {
        return Err(format!("roles.toml: '{text}': a pattern that may be empty"));
    }
    Ok(patterns)
}

fn read_part(item: &str, classes: &Classes, words: &mut Words) -> Result<Part, String> {
    match item {
        ".." => return Ok(Part::Fillers),
        "$" => return Ok(Part::End),
        _ => {}
    }
    let Some(role) = item.strip_prefix('<') else {
        let mut ids = Vec::new();
        for word in item.split('|') {
            match word.strip_prefix('@') {
                Some(class) => {
                    let list = classes.get(class).ok_or_else(|| format!("no such list of words: {class}"))?;
                    ids.extend(list.split_whitespace().map(|word| words.learn(word)));
                }
                None => ids.push(words.learn(word)),
            }
        }
        ids.sort_unstable();
        ids.dedup();
        return Ok(Part::Words(ids));
    };
    let (role, possessive) = role.strip_suffix(">'s").map_or((role.trim_end_matches('>'), false), |role| (role, true));
    if let Some(doer) = doer(role) {
        return Ok(Part::Person(doer, possessive));
    }
    Ok(match role {
        "person" => Part::Anybody,
        "own" => Part::Own(None),
        "own_runs" => Part::Own(Some(Unit::Runs)),
        "own_balls" => Part::Own(Some(Unit::Balls)),
        "own_wickets" => Part::Own(Some(Unit::Wickets)),
        "conceded" => Part::Fact(&["bowler.runs", "best_bowler.runs"], false),
        "ball" => Part::Fact(&["ball.runs", "ball.runs_off_bat"], true),
        "num" => Part::AnyNumber,
        "side" => Part::AnySide,
        "batting" => Part::Team(TeamPart::Batting),
        "fielding" => Part::Team(TeamPart::Fielding),
        "winner" => Part::Team(TeamPart::Winner),
        "toss" => Part::Team(TeamPart::TossWinner),
        "reviewer" => Part::Team(TeamPart::Reviewer),
        "awarded" => Part::Team(TeamPart::Awarded),
        _ => Part::Fact(facts(role).ok_or_else(|| format!("no such role: {role}"))?, false),
    })
}

fn doer(role: &str) -> Option<Doer> {
    use Role as R;
    Some(Doer::One(match role {
        "bowler" => &[R::Bowler, R::NewBowler, R::FormerBowler],
        "batter" => &[R::Batter, R::FormerBatter],
        "partner" => &[R::Partner],
        "crease" => &[
            R::Batter,
            R::Partner,
            R::NewBatter,
            R::Out,
            R::FormerBatter,
            R::Retired,
            R::TopScorer,
            R::MilestoneBatter,
        ],
        "out" => &[R::Out, R::FormerOut],
        "fielder" => &[R::Fielder],
        "catcher" => return Some(Doer::Catcher),
        "milestone" => &[R::MilestoneBatter],
        "new" => &[R::NewBatter],
        "incoming" => &[R::Incoming],
        "outgoing" => &[R::Outgoing],
        "top" => &[R::TopScorer],
        "best" => &[R::BestBowler],
        "retired" => &[R::Retired],
        "reprieved" => &[R::Reprieved],
        _ => return None,
    }))
}

/// The facts that a number may be, by what patterns call it.
fn facts(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "total" => &["innings.score", "innings.runs"],
        "target" => &["innings.target", "next.target", "target.revised"],
        "need" => &["innings.runs_needed", "next.target", "target.revised"],
        "needed" => &["innings.runs_needed", "target.revised"],
        "next" => &["next.target"],
        "left" => &["innings.balls_left", "result.balls_left"],
        "overs" => &["innings.overs"],
        "overs_left" => &["innings.overs_left"],
        "length" => &["innings.overs_limit"],
        "over_number" => &["over.number"],
        "stand" => &["partnership.runs", "note.stand.runs"],
        "stand_balls" => &["partnership.balls", "note.stand.balls"],
        "over" => &["over.runs"],
        "extras" => &["ball.extras", "ball.wides", "ball.noballs", "ball.byes", "ball.legbyes"],
        "drought" => &["drought.balls"],
        "burst_balls" => &["burst.balls"],
        "fallen" => &["innings.wickets"],
        "over_wickets" => &["over.wickets"],
        "in_hand" => &["innings.wickets_in_hand"],
        "margin" => &["result.runs", "result.wickets"],
        "innings_margin" => &["result.innings_and_runs"],
        "figures" => &["bowler.figures", "best_bowler.figures", "note.bowler.figures"],
        "batter_runs" => &["batter.runs", "milestone.runs", "out.runs", "retired.runs"],
        "batter_balls" => &["batter.balls", "milestone.balls", "out.balls"],
        "out_runs" => &["out.runs", "retired.runs"],
        "out_balls" => &["out.balls"],
        "milestone_runs" => &["milestone.runs", "milestone.mark", "partnership.milestone", "innings.milestone"],
        "milestone_balls" => &["milestone.balls"],
        "bowler_wickets" => &["bowler.wickets"],
        "penalty" => &["penalty.runs"],
        "rate" => &["innings.rate"],
        "required" => &["innings.required_rate", "note.required"],
        "met_balls" => &["stat.head_to_head.balls"],
        "met_runs" => &["stat.head_to_head.runs"],
        "rate_before" => &["note.rate_before"],
        "lately_runs" => &["note.lately.runs"],
        "lately_wickets" => &["note.lately.wickets"],
        "lately_overs" => &["note.lately.overs"],
        "stage_overs" => &["note.stage.overs"],
        "stage_score" => &["note.stage.score"],
        "current" => &["note.current"],
        "was" => &["withdrawn.runs"],
        "reprieve_at" => &["reprieve.at"],
        "reprieve_runs" => &["reprieve.runs"],
        "reckoning_runs" => &["reckoning.runs"],
        "giveaway_runs" => &["giveaway.runs"],
        "session" => &["session.runs", "session.wickets", "session.overs"],
        _ => return None,
    })
}
