//! What of an event is news, by what was said before: the moment that it is spoken of as, if any. The desk asks when the
//! event comes, and whoever writes ahead when it may come; so both mean the same moment.

use commentary::{Archive, Moment, NoArchive, Occasion};
use cricket::{
    event::{Event, EventData},
    outlook::is_undecided,
    score::{Applied, Effect, Happening, Match},
};

/// What was said before that has to do with an event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// Something was said of its earlier revision that still holds.
    pub stands: bool,
    /// Something that was said does not hold any longer, because of it.
    pub fell: bool,
    /// The umpires were still looking at its earlier revision.
    pub undecided: bool,
}

/// The moment as which an event that was just applied to `score` is spoken of. `None` where it is no news: what was told
/// still holds; or it is late, and about something before the newest: the score has it, the air has moved on.
pub fn moment(
    score: &mut Match,
    event: &Event,
    applied: &Applied,
    told: Told,
    archive: &dyn Archive,
) -> Option<Moment> {
    if applied.effect == Effect::Rebuilt
        && told.undecided
        && let Some(decided) = decided(score, event, told, archive)
    {
        return Some(decided);
    }
    let is_newest =
        applied.effect != Effect::Rebuilt || score.live_events().last().is_some_and(|newest| newest.key == event.key);
    let correction =
        (applied.effect == Effect::Rebuilt).then(|| Moment::correction(score.state(), event, applied)).flatten();
    let is_heard_of = told.stands || told.fell || !matches!(event.data, EventData::Retract);
    if !is_heard_of {
        // What nobody was told of is not taken back.
        None
    } else if told.fell || (!is_newest && correction.as_ref().is_some_and(is_weighty)) {
        correction
    } else if told.stands || !is_newest || (event.epoch, event.seq) < score.position() {
        None
    } else {
        Moment::form(score.state(), event, &applied.happenings, archive)
    }
}

/// Whether a correction is of something that nobody should miss.
pub fn is_weighty(moment: &Moment) -> bool {
    matches!(&moment.occasion, Occasion::Correction(change) if change.is_weighty())
}

/// The moment of a decision about the newest ball that makes nothing untrue of what was told: a review is answered; a ball
/// nobody has spoken of yet is told as it stands; a wicket, which could only be told as one that may not last, falls. Any
/// other ball was told in full while they looked.
fn decided(score: &mut Match, event: &Event, told: Told, archive: &dyn Archive) -> Option<Moment> {
    if is_undecided(event) || !is_newest_in_play(score, event) {
        return None;
    }
    match &event.data {
        EventData::Review(_) => as_it_stands(score, event, |_| true, archive),
        EventData::Delivery(_) if !told.fell && !told.stands => as_it_stands(score, event, |_| true, archive),
        EventData::Delivery(ball) if !told.fell && ball.wickets.iter().any(|wicket| wicket.kind.is_wicket()) => {
            // The over was summed up, and who comes in was told, with the ball.
            as_it_stands(score, event, |happening| !is_told_once(happening), &NoArchive)
        }
        _ => None,
    }
}

/// The moment of an event that stands, told of the score as it is now, with those of its happenings that are `wanted`. Only
/// of an event that nothing has followed that changes what it is told with. Takes a replay of the match.
pub fn as_it_stands(
    score: &mut Match,
    event: &Event,
    wanted: impl Fn(&Happening) -> bool,
    archive: &dyn Archive,
) -> Option<Moment> {
    let mut happenings = score.happenings_of(&event.key);
    happenings.retain(wanted);
    Moment::form(score.state(), event, &happenings, archive)
}

fn is_told_once(happening: &Happening) -> bool {
    use Happening::{InningsEnded, MatchEnded, NewBatter, NewBowler, OverCompleted};
    matches!(
        happening,
        OverCompleted { .. } | InningsEnded { .. } | MatchEnded { .. } | NewBatter { .. } | NewBowler { .. }
    )
}

/// Whether nothing but reviews has come since an event.
fn is_newest_in_play(score: &Match, event: &Event) -> bool {
    let mut since = score.live_events().skip_while(|live| live.key != event.key);
    since.next().is_some() && since.all(|live| matches!(live.data, EventData::Review(_)))
}
