//! Lines written, or being written, for what may come next. Pure: it holds no clock and starts nothing.
//!
//! Invariant: what lies here is wanted for the newest state of the match; whatever is not is dropped at
//! [`Shelf::renew`], and its writing cancelled. A line leaves the shelf when it is taken, so none is said twice.

use std::sync::Arc;

use commentary::LineKind;
use llm::WriteError;
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{prospect::Foreseen, wish::Wish};
use crate::booth::Seat;

/// What a writer answered: its words, and the tokens they took.
pub type Answer = Result<(String, u32), WriteError>;

/// Lines that wait for what they were written for, of one match.
#[derive(Debug, Default)]
pub struct Shelf {
    entries: Vec<Entry>,
    next: u64,
    /// The ball that comes next, and the tokens of the lines begun for it.
    ball: Option<(u8, u16, u16)>,
    spent: u32,
}

#[derive(Debug)]
struct Entry {
    id: u64,
    wish: Wish,
    /// Tokens it was thought to take.
    cost: u32,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Nobody has begun.
    Waiting,
    /// Somebody writes.
    Writing(CancellationToken),
    /// Somebody writes, and the ball it is for has come.
    Taken(oneshot::Sender<Answer>),
    /// The writer's words, as they came, and the tokens they took.
    Ready(String, u32),
}

/// A line that was begun before its ball came. Dropped, the writing is cancelled.
#[derive(Debug)]
pub struct Begun {
    /// Who writes it.
    pub seat: Arc<Seat>,
    /// The writer's words, when they are all there.
    pub answer: oneshot::Receiver<Answer>,
    /// Cancels the writing when it goes.
    pub cancel: DropGuard,
}

/// Something to write.
#[derive(Debug)]
pub struct Work {
    /// Names it.
    pub id: u64,
    /// What for.
    pub wish: Wish,
    /// Cancelled when nobody wants it any more.
    pub cancel: CancellationToken,
}

/// Written tokens that nobody will hear, of the persona at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waste {
    /// The place at the microphone.
    pub place: usize,
    /// Tokens.
    pub tokens: u32,
}

impl Shelf {
    /// Keeps what is still wished for and drops the rest; of the new wishes those that the ball's budget holds are put up
    /// for writing, the most valuable first. `cost` says how many tokens a line takes; gives what was written in vain.
    pub fn renew(&mut self, wishes: Vec<Wish>, mut budget: u32, cost: impl Fn(&Wish) -> u32) -> Vec<Waste> {
        // What may still be decided is about the ball before it.
        let ball = wishes.iter().flat_map(|wish| &wish.foreseen).filter_map(Foreseen::ball).max();
        if ball != self.ball {
            (self.ball, self.spent) = (ball, 0);
        }
        budget = budget.saturating_sub(self.spent);
        let mut waste = Vec::new();
        let mut wishes: Vec<Option<Wish>> = wishes.into_iter().map(Some).collect();
        self.entries.retain_mut(|entry| {
            let same = |wish: &&mut Option<Wish>| wish.as_ref().is_some_and(|wish| is_same(wish, &entry.wish));
            if let State::Taken(_) = entry.state {
                return true;
            }
            match (wishes.iter_mut().find(same).and_then(Option::take), &entry.state) {
                // Put up for writing again below, if it is still worth it.
                (Some(wish), State::Waiting) => {
                    wishes.push(Some(wish));
                    false
                }
                (Some(wish), _) => {
                    entry.wish = wish;
                    true
                }
                (None, state) => {
                    match state {
                        // Who writes counts what was written so far.
                        State::Writing(cancel) => cancel.cancel(),
                        State::Ready(_, tokens) => waste.push(Waste { place: entry.wish.place, tokens: *tokens }),
                        State::Waiting | State::Taken(_) => {}
                    }
                    false
                }
            }
        });
        let mut wishes: Vec<Wish> = wishes.into_iter().flatten().collect();
        wishes.sort_by(|a, b| b.worth.total_cmp(&a.worth));
        for wish in wishes {
            let cost = cost(&wish);
            let Some(left) = budget.checked_sub(cost) else { break };
            budget = left;
            self.next += 1;
            self.entries.push(Entry { id: self.next, wish, cost, state: State::Waiting });
        }
        waste.retain(|waste| waste.tokens > 0);
        waste
    }

    /// How much the most valuable line that nobody has begun is worth.
    pub fn next_worth(&self) -> Option<f64> {
        self.waiting().map(|entry| entry.wish.worth)
    }

    fn waiting(&self) -> Option<&Entry> {
        let waiting = self.entries.iter().filter(|entry| matches!(entry.state, State::Waiting));
        waiting.max_by(|a, b| a.wish.worth.total_cmp(&b.wish.worth))
    }

    /// The most valuable line that nobody has begun, to be written now.
    pub fn begin(&mut self) -> Option<Work> {
        let id = self.waiting()?.id;
        let entry = self.entries.iter_mut().find(|entry| entry.id == id)?;
        let cancel = CancellationToken::new();
        entry.state = State::Writing(cancel.clone());
        self.spent = self.spent.saturating_add(entry.cost);
        Some(Work { id, wish: entry.wish.clone(), cancel })
    }

    /// Whether the ball has come and somebody waits for this line.
    pub fn is_taken(&self, id: u64) -> bool {
        self.entries.iter().any(|entry| entry.id == id && matches!(entry.state, State::Taken(_)))
    }

    /// A line is written, or will not be. Who waits for it hears of it; else a good one lies ready. False when nobody
    /// wants it any more.
    pub fn finish(&mut self, id: u64, answer: Answer) -> bool {
        let Some(at) = self.entries.iter().position(|entry| entry.id == id) else { return false };
        if matches!(self.entries[at].state, State::Taken(_)) || answer.is_err() {
            if let State::Taken(waits) = self.entries.swap_remove(at).state {
                // Who waited may have gone on without it.
                return waits.send(answer).is_ok();
            }
            return false;
        }
        if let (Some(entry), Ok((text, tokens))) = (self.entries.get_mut(at), answer) {
            entry.state = State::Ready(text, tokens);
        }
        true
    }

    /// A line written for what came: one for the very same prompt, else one for such as was foreseen. With the tokens it
    /// took, and who wrote it.
    pub fn take(
        &mut self,
        place: usize,
        kind: LineKind,
        prompt: &str,
        came: &Foreseen,
    ) -> Option<(String, u32, Arc<Seat>)> {
        let at = self.find(place, kind, prompt, came, |state| matches!(state, State::Ready(..)))?;
        let entry = self.entries.swap_remove(at);
        match entry.state {
            State::Ready(text, tokens) => Some((text, tokens, entry.wish.seat)),
            _ => None,
        }
    }

    /// A line that is being written for what came: from now on it is written for whoever asks here.
    pub fn take_begun(&mut self, place: usize, kind: LineKind, prompt: &str, came: &Foreseen) -> Option<Begun> {
        let at = self.find(place, kind, prompt, came, |state| matches!(state, State::Writing(_)))?;
        let entry = self.entries.get_mut(at)?;
        let (waits, answer) = oneshot::channel();
        let seat = entry.wish.seat.clone();
        match std::mem::replace(&mut entry.state, State::Taken(waits)) {
            State::Writing(cancel) => Some(Begun { seat, answer, cancel: cancel.drop_guard() }),
            _ => None,
        }
    }

    fn find(
        &self,
        place: usize,
        kind: LineKind,
        prompt: &str,
        came: &Foreseen,
        is: impl Fn(&State) -> bool,
    ) -> Option<usize> {
        let mine = |entry: &Entry| entry.wish.place == place && entry.wish.kind == kind && is(&entry.state);
        let exact = self.entries.iter().position(|entry| mine(entry) && entry.wish.prompt.text == prompt);
        exact.or_else(|| self.entries.iter().position(|entry| mine(entry) && entry.wish.foreseen.contains(came)))
    }
}

/// Whether a wish is for the same line as another: the writer reads the same for both.
fn is_same(wish: &Wish, other: &Wish) -> bool {
    (wish.place, wish.kind) == (other.place, other.kind) && wish.prompt.text == other.prompt.text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use commentary::{Layout, Memory, NoArchive, Personas};
    use cricket::{
        outlook::NoRecords,
        score::Match,
        simulate::{SimulationSettings, simulate_events},
    };

    use super::*;
    use crate::{
        booth::{
            Exchange, Voices,
            ahead::{
                prospect::{Prospect, prospects},
                wish::wishes,
            },
            writers::Model,
        },
        config::Config,
    };

    /// The wishes of somebody who speaks of every ball, after so many events of an invented match; and what may come.
    fn wished(events: usize) -> (Vec<Wish>, Vec<Prospect>) {
        let mut config = Config::default();
        config.booth.personas = vec!["describer".to_owned()];
        let voices = Voices::build(&config).unwrap();
        let all = simulate_events(&SimulationSettings::new(3)).unwrap();
        let score = Match::from_events(all[0].match_id.clone(), all[..events].to_vec());
        let may_come = prospects(&score.lookahead(), None, &NoRecords, &NoArchive);
        assert!(Personas::house().get("describer").is_some());
        let server = llm::OpenAiConfig { url: "http://127.0.0.1:1".to_owned(), model: "m".to_owned(), api_key: None };
        let model = Model {
            writer: Arc::new(llm::OpenAiWriter::new(server).unwrap()),
            layout: Layout::Chat(commentary::ChatTemplate::ChatMl),
            sampling: llm::Sampling::default(),
            made_for_layout: false,
            file: None,
            grounded: true,
        };
        let seat = Exchange::new(Some(model)).seat().unwrap();
        (wishes(&may_come, &voices, &[Memory::new().into()], &seat), may_come)
    }

    fn renewed(wishes: Vec<Wish>, budget: u32) -> Shelf {
        let mut shelf = Shelf::default();
        assert!(shelf.renew(wishes, budget, |_| 10).is_empty());
        shelf
    }

    #[test]
    fn the_most_valuable_come_first_and_no_more_than_the_budget_holds() {
        let (wishes, _) = wished(40);
        let best = wishes[0].prompt.text.clone();
        let mut shelf = renewed(wishes, 35);
        let work: Vec<Work> = std::iter::from_fn(|| shelf.begin()).collect();
        assert_eq!((work.len(), work[0].wish.prompt.text == best), (3, true));
        assert!(work.windows(2).all(|pair| pair[0].wish.worth >= pair[1].wish.worth));
        assert!(renewed(wished(40).0, 9).begin().is_none(), "no budget, no work");
        // Another look at the same ball brings no more.
        shelf.renew(wished(40).0, 35, |_| 10);
        assert!(shelf.begin().is_none(), "the ball's budget is spent");
    }

    #[test]
    fn a_line_is_taken_once_by_its_prompt_or_by_its_ball() {
        let (wishes, _) = wished(40);
        let (place, kind) = (wishes[0].place, wishes[0].kind);
        let (prompt, ball) = (wishes[0].prompt.text.clone(), wishes[0].foreseen[0].clone());
        let other = wished(80).0[0].foreseen[0].clone();
        for (asked, of) in [(prompt.as_str(), &other), ("another prompt", &ball)] {
            let mut shelf = renewed(wishes.clone(), 10);
            let work = shelf.begin().unwrap();
            assert!(shelf.take(place, kind, asked, of).is_none(), "it is not written yet");
            assert!(shelf.finish(work.id, Ok(("Four!".to_owned(), 2))));
            assert!(shelf.take(place + 1, kind, asked, of).is_none(), "somebody else's");
            assert!(shelf.take(place, kind, "another prompt", &other).is_none(), "another ball");
            assert_eq!(
                shelf.take(place, kind, asked, of).map(|(text, tokens, _)| (text, tokens)),
                Some(("Four!".to_owned(), 2))
            );
            assert!(shelf.take(place, kind, asked, of).is_none(), "nothing is said twice");
        }
    }

    #[test]
    fn what_is_not_wished_for_any_more_is_cancelled_and_counted() {
        let mut shelf = renewed(wished(40).0, 20);
        let (written, under_way) = (shelf.begin().unwrap(), shelf.begin().unwrap());
        shelf.finish(written.id, Ok(("A line".to_owned(), 7)));
        assert!(shelf.renew(wished(40).0, 20, |_| 10).is_empty(), "still wished for");
        assert!(!under_way.cancel.is_cancelled());
        // The next ball is another ball.
        let waste = shelf.renew(wished(80).0, 20, |_| 10);
        assert_eq!(waste.iter().map(|waste| waste.tokens).sum::<u32>(), 7, "whoever writes counts the rest");
        assert!(under_way.cancel.is_cancelled());
        assert!(!shelf.finish(under_way.id, Ok(("Too late".to_owned(), 3))), "nobody wants it");
    }

    #[test]
    fn a_line_under_way_is_kept_for_whoever_takes_it() {
        let (wishes, _) = wished(40);
        let (place, kind, ball) = (wishes[0].place, wishes[0].kind, wishes[0].foreseen[0].clone());
        let mut shelf = renewed(wishes, 10);
        let work = shelf.begin().unwrap();
        let mut begun = shelf.take_begun(place, kind, "", &ball).unwrap();
        assert!(shelf.is_taken(work.id) && shelf.take_begun(place, kind, "", &ball).is_none());
        shelf.renew(Vec::new(), 0, |_| 10);
        assert!(!work.cancel.is_cancelled(), "it is wanted, whatever is wished for now");
        assert!(shelf.finish(work.id, Ok(("Gone!".to_owned(), 2))));
        assert_eq!(begun.answer.try_recv().unwrap().unwrap().0, "Gone!");
        // Let go, its writing is cancelled.
        let mut shelf = renewed(wished(40).0, 10);
        let work = shelf.begin().unwrap();
        drop(shelf.take_begun(place, kind, "", &ball).unwrap());
        assert!(work.cancel.is_cancelled());
    }

    #[test]
    fn what_may_come_is_what_the_desk_would_form() {
        let all = simulate_events(&SimulationSettings::new(3)).unwrap();
        let (_, may_come) = wished(60);
        let score = Match::from_events(all[0].match_id.clone(), all[..60].to_vec());
        for prospect in &may_come {
            let mut tried = score.clone();
            let ball = prospect.moment.ball().unwrap();
            let data = cricket::event::EventData::Delivery(Box::new(ball.as_ref().clone()));
            let (epoch, seq) = score.position();
            let event = cricket::event::Event::new(score.id().clone(), seq + 1, prospect.moment.key.clone(), data);
            let event = cricket::event::Event { epoch, ..event };
            let applied = tried.apply(event.clone());
            let formed = commentary::Moment::form(tried.state(), &event, &applied.happenings, &NoArchive).unwrap();
            assert_eq!(formed.scene, prospect.moment.scene);
            assert_eq!(formed.happenings, prospect.moment.happenings);
            assert_eq!(format!("{:?}", formed.facts), format!("{:?}", prospect.moment.facts));
        }
        assert!(may_come.len() > 8);
    }
}
