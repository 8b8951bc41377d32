//! What a writer replied, made into a line or refused: slots filled, claims checked, repeats noticed. The daemon and the
//! evaluation judge a model with this same code.

use crate::{
    checker::{CheckedLine, Fault, Rejection, Why, check_as},
    language::Language,
    line::LineKind,
    memory::Memory,
    moment::Moment,
    persona::Persona,
    phrasebook::Template,
    prompt::Layout,
};

/// Replies that a model is asked for in all, after refusals and repeats, before the phrasebook speaks.
pub const TRIES: u32 = 3;

/// A reply after judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It may go on the air.
    Line(CheckedLine),
    /// True, but this persona said it, or began like it, a moment ago.
    Repeat(CheckedLine),
    /// It may not.
    Refused(Rejection),
}

/// The words of a reply: its slots filled where the layout has them, without what surrounds the line.
///
/// # Errors
/// [`Rejection`] that names a slot which does not exist, or which this moment does not fill.
pub fn words(reply: &str, moment: &Moment, persona: &Persona, layout: Layout) -> Result<String, Rejection> {
    let reply = reply.trim();
    if layout != Layout::Slots {
        return Ok(reply.to_owned());
    }
    let refuse = |claim: String, reason: &str| Rejection {
        text: crate::checker::showable(reply),
        faults: vec![Fault { claim, why: Why::Unfit, reason: reason.to_owned() }],
        claims: Vec::new(),
    };
    let language = Language::of(&persona.language);
    let template =
        Template::parse(reply, language).map_err(|reason| refuse(crate::checker::showable(reply), &reason))?;
    template.fill(moment).map_err(|slot| refuse(format!("{{{slot}}}"), "nothing fills this slot here"))
}

/// Judges a reply. `memory` is what the persona said lately.
pub fn judge(
    reply: &str,
    kind: LineKind,
    moment: &Moment,
    persona: &Persona,
    layout: Layout,
    memory: &Memory,
) -> Reply {
    match words(reply, moment, persona, layout).and_then(|text| check_as(kind, &text, moment, persona)) {
        Err(rejection) => Reply::Refused(rejection),
        Ok(line) if memory.said_lately(moment, line.text()) || memory.opened_lately(moment, line.text()) => {
            Reply::Repeat(line)
        }
        Ok(line) => Reply::Line(line),
    }
}
