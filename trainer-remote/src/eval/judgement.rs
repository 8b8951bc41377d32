//! One reply on its own, before anything is done about it: what a model is worth without second tries and without the
//! phrasebook behind it.

use commentary::{
    CheckedLine, Layout, LineKind, Moment, Persona, Rejection,
    checker::{Why, check_as},
    reply,
};

use super::moments::Turn;

/// A first reply, judged.
#[expect(clippy::struct_excessive_bools, reason = "each is a finding of its own; they combine freely")]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Judgement {
    /// The words, slots filled; none where there are none or a slot cannot be filled.
    pub(super) text: Option<String>,
    /// How many.
    pub(super) words: u32,
    /// Whether there is no letter or digit in it.
    pub(super) is_empty: bool,
    /// One line, a whole sentence, within the persona's length and vocabulary, every slot filled.
    pub(super) is_well_formed: bool,
    /// Claims that the facts deny.
    pub(super) contradicted: u32,
    /// Claims that nothing supports.
    pub(super) not_checkable: u32,
    /// Whether its claims were understood at all: an unreadable line has none that could be right.
    pub(super) was_checked: bool,
    /// A call that rests on no fact and on no phrase for what happened: nothing was got wrong, and nothing right.
    pub(super) is_idle: bool,
    /// Whether it may be said.
    pub(super) is_publishable: bool,
    /// Whether it names what happened; `None` where it need not.
    pub(super) names_event: Option<bool>,
    /// What is wrong with it, in words.
    pub(super) faults: Vec<String>,
}

impl Judgement {
    /// Judges a reply.
    pub(super) fn of(text: &str, turn: &Turn, persona: &Persona, layout: Layout) -> Self {
        let is_call = turn.kind == LineKind::Call;
        let mut judged = Self { is_empty: !text.chars().any(char::is_alphanumeric), ..Self::default() };
        if is_call {
            judged.names_event = Some(false);
        }
        let text = match reply::words(text, &turn.moment, persona, layout) {
            Ok(text) => text,
            Err(rejection) => {
                judged.take_faults(&rejection);
                return judged;
            }
        };
        judged.words = text.split_whitespace().count() as u32;
        match check_as(turn.kind, &text, &turn.moment, persona) {
            Ok(line) => {
                judged.is_well_formed = true;
                judged.is_publishable = true;
                judged.was_checked = true;
                judged.take_line(turn, &line);
            }
            Err(rejection) => {
                judged.is_well_formed = rejection.faults.iter().all(|fault| fault.why != Why::Unfit);
                judged.take_faults(&rejection);
                if !judged.is_empty && !judged.was_checked {
                    judged.read_leniently(&text, turn, persona);
                }
            }
        }
        judged.text = Some(text).filter(|_| !judged.is_empty);
        judged
    }

    /// Whether no claim of it is false or beyond checking, and it claims something. The rate of these is over all
    /// that was asked: an empty reply is not clean.
    pub(super) fn is_fact_clean(&self) -> bool {
        !self.is_empty && self.was_checked && !self.is_idle && self.contradicted + self.not_checkable == 0
    }

    fn take_line(&mut self, turn: &Turn, line: &CheckedLine) {
        if turn.kind != LineKind::Call {
            return;
        }
        let phrase = turn.has_phrase(line.text());
        self.is_idle = line.facts().is_empty() && !phrase;
        if self.is_publishable {
            self.names_event = Some(phrase || turn.class.is_said_by(line, &turn.moment));
        }
    }

    fn take_faults(&mut self, rejection: &Rejection) {
        for fault in &rejection.faults {
            match fault.why {
                Why::Contradicted => self.contradicted += 1,
                Why::NotCheckable => self.not_checkable += 1,
                Why::Unfit => continue,
            }
            self.was_checked = true;
        }
        self.faults.extend(rejection.faults.iter().map(ToString::to_string));
    }

    /// The checker does not look at the claims of a line that cannot be spoken, and length is a fault of form alone. So
    /// that facts are judged apart from form, the line is read again as one of a persona that forbids nothing, with the
    /// full stop that it may lack.
    fn read_leniently(&mut self, text: &str, turn: &Turn, persona: &Persona) {
        let mut free = persona.clone();
        free.words.avoid.clear();
        let any = [0, u16::MAX];
        (free.length.wicket, free.length.boundary, free.length.other, free.length.summary) = (any, any, any, any);
        let whole = if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") };
        match check_as(turn.kind, &whole, &turn.moment, &free) {
            Ok(line) => {
                self.was_checked = true;
                self.take_line(turn, &line);
            }
            Err(rejection) => {
                let count = |why| rejection.faults.iter().filter(|fault| fault.why == why).count() as u32;
                (self.contradicted, self.not_checkable) = (count(Why::Contradicted), count(Why::NotCheckable));
                self.was_checked = self.contradicted + self.not_checkable > 0;
                let claims = rejection.faults.iter().filter(|fault| fault.why != Why::Unfit);
                self.faults.extend(claims.map(ToString::to_string));
            }
        }
    }
}

/// Whether a line that went on the air passes the checker once more; always, or the checker was gone round.
pub(super) fn still_passes(line: &CheckedLine, kind: LineKind, moment: &Moment, persona: &Persona) -> bool {
    check_as(kind, line.text(), moment, persona).is_ok()
}
