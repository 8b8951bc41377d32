//! Who did what to whom, and what each number counts: attribution, not only presence.
//!
//! Every name, every side and every number whose meaning depends on its neighbours must be in a pattern that is true of
//! the moment; a pattern that binds and is not true refuses the line.

use super::{
    Findings, Why,
    lexicon::Lexicon,
    names,
    pattern::{Doer, MAX_FILLERS, Part, Pattern, WordId},
    tie::Tie,
    token::{Kind, Number, Token},
};
use crate::facts::{EventWord, FactSheet, Hundredths, NumberFact, Role, TeamPart, Unit};

pub(super) fn check(tokens: &mut [Token], sheet: &FactSheet, lexicon: &Lexicon, findings: &mut Findings) {
    let ids: Vec<WordId> = tokens.iter().map(|token| lexicon.word_id(&token.lower)).collect();
    let mut ties = Vec::new();
    for at in 0..tokens.len() {
        for pattern in lexicon.patterns().starting(tokens, &ids, at) {
            ties.clear();
            let line = Line { tokens, ids: &ids, sheet, lexicon };
            match line.fits(pattern, at, &mut ties) {
                None => {}
                Some(Fit { wrong: None, .. }) => {
                    for (place, tie) in &ties {
                        tokens[*place].tie.get_or_insert(*tie);
                    }
                }
                Some(Fit { end, wrong: Some(reason) }) if pattern.binds => {
                    let claim: Vec<&str> = tokens[at..end].iter().map(|token| token.text.as_str()).collect();
                    findings.refuse_at(at, Why::Contradicted, claim.join(" "), reason.1);
                    for token in &mut tokens[at..end] {
                        token.refused = true;
                    }
                }
                // Another pattern may tie it; if none does, this is what is wrong.
                Some(Fit { wrong: Some(reason), .. }) => {
                    tokens[reason.0].doubt.get_or_insert(reason.1);
                }
            }
        }
    }
}

/// A pattern that fits: where it ends, and what in it is not true.
struct Fit {
    end: usize,
    /// The token, and what is wrong with it.
    wrong: Option<(usize, &'static str)>,
}

struct Line<'a> {
    tokens: &'a [Token],
    ids: &'a [WordId],
    sheet: &'a FactSheet,
    lexicon: &'a Lexicon,
}

impl Line<'_> {
    /// `None` where the pattern does not fit the tokens from `at`; what it ties to facts goes to `ties`.
    fn fits(&self, pattern: &Pattern, start: usize, ties: &mut Vec<(usize, Tie)>) -> Option<Fit> {
        if pattern.opens && !self.opens(start) {
            return None;
        }
        let mut at = start;
        let mut wrong: Option<(usize, &'static str)> = None;
        let mut person: Option<(usize, &[usize])> = None;
        for (place, part) in pattern.parts.iter().enumerate() {
            if let Part::Fillers = part {
                at += self.fillers(at, pattern.parts.get(place + 1));
                continue;
            }
            if let Part::End = part {
                if self.tokens.get(at).is_some_and(|token| !ends_sentence(token)) {
                    return None;
                }
                continue;
            }
            if let Part::Words(words) = part {
                let token = self.tokens.get(at)?;
                let is_name = match token.kind {
                    // Somebody's name may be the word that opens a sentence: `Down to 44`.
                    Kind::Person(_) => !names::is_everyday(token, self.lexicon),
                    Kind::Team(_) => true,
                    _ => false,
                };
                let id = self.ids.get(at).copied().unwrap_or(0);
                if id == 0 || is_name || !words.contains(&id) {
                    return None;
                }
                at += 1;
                continue;
            }
            if matches!(part, Part::Team(_) | Part::AnySide) && self.ids.get(at) == Some(&self.lexicon.article()) {
                at += 1;
            }
            let token = self.tokens.get(at)?;
            match (part, &token.kind) {
                (Part::Person(doer, possessive), Kind::Person(people)) => {
                    if token.possessive != *possessive {
                        return None;
                    }
                    person = Some((at, people));
                    match people.iter().find_map(|index| Some((*index, self.role(*index, *doer)?))) {
                        Some((index, role)) => ties.push((at, Tie::Person(index, role))),
                        None => wrong = wrong.or(Some((at, part_name(*doer)))),
                    }
                }
                (Part::Anybody, Kind::Person(people)) => person = Some((at, people)),
                (Part::AnyNumber, Kind::Number(_)) => {}
                (Part::Own(unit), Kind::Number(number)) => {
                    let (place, people) = person?;
                    match self.own(people, *number, unit.or(token.unit), is_spelled(token)) {
                        Some((index, tie)) => {
                            let role = self.sheet.people.get(index).and_then(|person| person.roles.first().copied());
                            ties.extend(role.map(|role| (place, Tie::Person(index, role))));
                            ties.push((at, tie));
                        }
                        None => wrong = wrong.or(Some((at, "not that player's number"))),
                    }
                }
                // An ordinal is what its noun says.
                (Part::Fact(..), Kind::Number(Number::Ordinal(_))) => ties.extend(token.tie.map(|tie| (at, tie))),
                (Part::Fact(ids, counted), Kind::Number(number)) if !counted || token.unit == Some(Unit::Runs) => {
                    match self.fact(ids, *number, token.unit) {
                        Some(tie) => ties.push((at, tie)),
                        None => wrong = wrong.or(Some((at, "not the number that this counts"))),
                    }
                }
                (Part::Team(part), Kind::Team(index)) => {
                    if self.sheet.teams.get(*index).is_some_and(|team| team.parts.contains(part)) {
                        ties.push((at, Tie::Team(*index, Some(*part))));
                    } else {
                        wrong = wrong.or(Some((at, side_name(*part))));
                    }
                }
                (Part::AnySide, Kind::Team(index)) => ties.push((at, Tie::Team(*index, None))),
                _ => return None,
            }
            at += 1;
            if token.is_number() {
                at += usize::from(self.is_own_noun(at, pattern.parts.get(place + 1)));
            }
        }
        Some(Fit { end: at, wrong })
    }

    /// Whether a sentence begins here.
    fn opens(&self, at: usize) -> bool {
        at.checked_sub(1).and_then(|before| self.tokens.get(before)).is_none_or(ends_sentence)
    }

    /// How many words of little weight stand here, short of what comes next in the pattern.
    fn fillers(&self, at: usize, next: Option<&Part>) -> usize {
        let wanted = |id: &WordId| matches!(next, Some(Part::Words(words)) if words.contains(id));
        let rest = self.tokens.iter().zip(self.ids).skip(at).take(MAX_FILLERS);
        rest.take_while(|(token, id)| {
            token.kind == Kind::Word && **id != 0 && self.lexicon.is_filler(**id) && !wanted(id)
        })
        .count()
    }

    /// Whether the noun that the number before counts stands here, and the pattern does not ask for it.
    fn is_own_noun(&self, at: usize, next: Option<&Part>) -> bool {
        let is_asked = matches!((next, self.ids.get(at)), (Some(Part::Words(words)), Some(id)) if words.contains(id));
        self.tokens.get(at).is_some_and(|token| token.is_noun) && !is_asked
    }

    /// The role that makes a person the doer.
    fn role(&self, index: usize, doer: Doer) -> Option<Role> {
        let roles = &self.sheet.people.get(index)?.roles;
        match doer {
            Doer::One(wanted) => wanted.iter().copied().find(|role| roles.contains(role)),
            Doer::Catcher if roles.contains(&Role::Fielder) => Some(Role::Fielder),
            Doer::Catcher => {
                let own = roles.contains(&Role::Bowler) && self.sheet.stands(EventWord::CaughtAndBowled);
                own.then_some(Role::Bowler)
            }
        }
    }

    /// The number of one of these people that this is. What no word tells the unit of is runs, or a bowler's wickets.
    /// A mark that was passed may be said in words: a fifty is a fifty with 51.
    fn own(&self, people: &[usize], number: Number, unit: Option<Unit>, spelled: bool) -> Option<(usize, Tie)> {
        let is_theirs = |owner: Option<usize>| owner.filter(|owner| people.contains(owner));
        let counts = |own: Unit| match unit {
            Some(unit) => own == unit,
            None => matches!(own, Unit::Runs | Unit::Wickets),
        };
        let mut numbers = self.sheet.numbers.iter().enumerate();
        let mut plain = |value: Hundredths| {
            numbers.find_map(|(place, fact)| {
                let owner = is_theirs(fact.owner)?;
                // Runs that somebody conceded are not runs that somebody has.
                let is_made =
                    !matches!(fact.id, "bowler.runs" | "best_bowler.runs") && (spelled || fact.id != "milestone.mark");
                (fact.value == value && counts(fact.unit) && is_made).then_some((owner, Tie::Number(place)))
            })
        };
        match number {
            Number::Plain(value) => plain(value),
            Number::Ordinal(value) => plain(Hundredths::whole(value)),
            Number::Pair(first, second) => self.sheet.pairs.iter().enumerate().find_map(|(place, pair)| {
                let owner = is_theirs(pair.owner)?;
                ((pair.first, pair.second) == (first, second)).then_some((owner, Tie::Pair(place)))
            }),
        }
    }

    /// Which of some facts a number is, counting what its noun says; without one, what the first of them counts.
    fn fact(&self, ids: &[&str], number: Number, unit: Option<Unit>) -> Option<Tie> {
        let runs = |unit: Unit| if unit == Unit::Needed { Unit::Runs } else { unit };
        let first = || ids.iter().find_map(|id| self.sheet.numbers.iter().find(|fact| fact.id == *id));
        let unit = unit.or_else(|| first().map(|fact| fact.unit));
        let counts = |own: Unit| unit.is_none_or(|unit| runs(unit) == runs(own));
        let plain = |value: Hundredths| {
            let mut numbers = self.sheet.numbers.iter();
            let is_it = |fact: &NumberFact| fact.value == value && ids.contains(&fact.id) && counts(fact.unit);
            numbers.position(is_it).map(Tie::Number)
        };
        match number {
            Number::Plain(value) => plain(value),
            Number::Ordinal(value) => plain(Hundredths::whole(value)),
            Number::Pair(first, second) => {
                let mut pairs = self.sheet.pairs.iter();
                pairs
                    .position(|pair| (pair.first, pair.second) == (first, second) && ids.contains(&pair.id))
                    .map(Tie::Pair)
            }
        }
    }
}

fn is_spelled(token: &Token) -> bool {
    !token.text.starts_with(|c: char| c.is_ascii_digit())
}

fn ends_sentence(token: &Token) -> bool {
    matches!(token.kind, Kind::Mark('.' | '!' | '?' | ':' | ';' | '\u{2014}' | '\u{2013}' | '\u{2026}' | '\u{0964}'))
}

fn part_name(doer: Doer) -> &'static str {
    match doer {
        Doer::Catcher => "not who held the catch",
        Doer::One(roles) => match roles.first() {
            Some(Role::Bowler) => "not the bowler of this moment",
            Some(Role::Batter) if roles.contains(&Role::Partner) => "not at the crease in this moment",
            Some(Role::Batter) => "not the batter of this moment",
            Some(Role::Partner) => "not the batter at the other end",
            Some(Role::Out) => "not who is out",
            Some(Role::Fielder) => "not the fielder of this moment",
            Some(Role::MilestoneBatter) => "not who reached the milestone",
            Some(Role::NewBatter) => "not the new batter",
            Some(Role::Incoming) => "not who comes in",
            Some(Role::Outgoing) => "not who is replaced",
            Some(Role::TopScorer) => "not the top scorer",
            Some(Role::BestBowler) => "not the best bowler",
            Some(Role::Retired) => "not who retires",
            Some(Role::Reprieved) => "not who came back by review",
            _ => "not who did this",
        },
    }
}

fn side_name(part: TeamPart) -> &'static str {
    match part {
        TeamPart::Batting => "not the batting side",
        TeamPart::Fielding => "not the fielding side",
        TeamPart::Winner => "not the winner",
        TeamPart::TossWinner => "did not win the toss",
        TeamPart::Reviewer => "did not ask for the review",
        TeamPart::Awarded => "was not awarded the runs",
    }
}
