//! A model as teacher: each row is asked, checked, and asked once more with the fault named. Every answer is in the
//! ledger before it is used, so that a run which stops goes on where it was.

use std::{sync::Arc, time::Duration};

use commentary::{Layout, Moment, Persona, Rejection, checker::check_as};
use futures_util::StreamExt as _;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use super::{
    Error, Inputs, Summary, Teaching,
    anthropic::Anthropic,
    ask::{Ask, BATCH_SHARE, line_of},
    ledger::{Answer, Ledger},
    model::{Failure, Model, again},
    offline::{personas, refused},
    outcome::{Line, Outcome, Outputs, Refusal},
    stream::{Job, each_batch, in_parallel, still_holds},
};
use crate::row::Row;

/// So many requests go into one batch.
const BATCH: usize = 1000;
/// How long batches are left alone between two looks.
const LOOK: Duration = Duration::from_secs(20);

struct Class<'a> {
    settings: &'a Teaching,
    inputs: &'a Inputs<'a>,
    model: Model,
    ledger: Ledger,
    /// Set at the first error.
    halt: CancellationToken,
}

/// A row that a line is wanted for, with its moment; or why it has none.
type Seat<'a> = (usize, &'a Row, Result<(Arc<Moment>, &'a Persona), Outcome>);

/// Fills all rows.
pub(super) fn run(settings: &Teaching, inputs: &Inputs<'_>) -> Result<Summary, Error> {
    let model = Model::new(settings)?;
    let ledger = Ledger::open(inputs.out, settings.cap)?;
    let class = Class { settings, inputs, model, ledger, halt: CancellationToken::new() };
    let runtime = Runtime::new().map_err(|error| Error::write(inputs.out, error))?;
    if let (Model::Anthropic(anthropic), true) = (&class.model, settings.batch) {
        // First tries, then second ones; the pass after them finds every answer in the ledger.
        runtime.block_on(class.collect(anthropic))?;
        for _ in 0..2 {
            class.send_batches(anthropic, &runtime)?;
            runtime.block_on(class.collect(anthropic))?;
        }
    }
    let mut outputs = Outputs::create(inputs.out)?;
    class.each_seats(|seats| {
        let told = class.teach_all(seats, &runtime)?;
        for ((split, row, _), outcome) in seats.iter().zip(&told) {
            outputs.keep(*split, row, 0, outcome)?;
        }
        Ok(())
    })?;
    outputs.finish(inputs.out, settings.teacher.name(), class.ledger.spent())
}

impl Class<'_> {
    /// Visits all rows with their moments, a bounded number at a time, in order.
    fn each_seats(&self, mut visit: impl FnMut(&[Seat<'_>]) -> Result<(), Error>) -> Result<(), Error> {
        each_batch(self.inputs, |jobs| {
            if jobs.iter().flat_map(|job| &job.rows).any(|row| row.layout == Layout::Slots) {
                return Err(Error::Slots);
            }
            let personas = personas(&jobs, self.inputs)?;
            let moments = in_parallel(&jobs, self.inputs.threads(), |job| self.moments(job, &personas));
            let mut seats: Vec<Seat<'_>> = Vec::new();
            for (job, moments) in jobs.iter().zip(moments) {
                seats.extend(job.rows.iter().zip(moments).map(|(row, seat)| {
                    let persona = personas.get(&row.persona).copied();
                    let nobody = || refused("nobody speaks it", "");
                    (job.split, row, seat.and_then(|moment| Ok((moment, persona.ok_or_else(nobody)?))))
                }));
            }
            visit(&seats)
        })
    }

    fn moments(
        &self,
        job: &Job,
        personas: &std::collections::HashMap<String, &Persona>,
    ) -> Vec<Result<Arc<Moment>, Outcome>> {
        let absent = || Err(refused("its ball is not in the match", ""));
        let mut moments: Vec<Result<Arc<Moment>, Outcome>> = job.rows.iter().map(|_| absent()).collect();
        let mut last: Option<Arc<Moment>> = None;
        let read = job.each_moment(self.inputs.reform, |index, row, moment| {
            let Some(persona) = personas.get(&row.persona) else { return };
            // The rows of a ball share its moment.
            let shared = match &last {
                Some(shared) if shared.key == moment.key => Arc::clone(shared),
                _ => Arc::new(moment.clone()),
            };
            last = Some(Arc::clone(&shared));
            moments[index] = still_holds(row, moment, persona).map(|()| shared).map_err(|why| refused(why, ""));
        });
        if let Err(reason) = read {
            moments.fill_with(|| Err(refused("its match cannot be read", &reason)));
        }
        moments
    }

    /// What becomes of rows, in their order. After an error nothing more is asked, but what is under way is waited for:
    /// it is paid for.
    fn teach_all(&self, seats: &[Seat<'_>], runtime: &Runtime) -> Result<Vec<Outcome>, Error> {
        let asked = futures_util::stream::iter(seats.iter().map(|(_, row, seat)| async {
            let told = self.teach(row, seat).await;
            if told.is_err() {
                self.halt.cancel();
            }
            told
        }));
        let told: Vec<Result<Outcome, Error>> = runtime.block_on(asked.buffered(self.settings.concurrency).collect());
        let (told, mut errors): (Vec<_>, Vec<_>) = told.into_iter().partition(Result::is_ok);
        // The first error is the reason; the others only say that they were stopped.
        errors.sort_by_key(|error| matches!(error, Err(Error::Cancelled)));
        errors.into_iter().chain(told).collect()
    }

    /// What becomes of a row.
    async fn teach(&self, row: &Row, seat: &Result<(Arc<Moment>, &Persona), Outcome>) -> Result<Outcome, Error> {
        let (moment, persona) = match seat {
            Ok(seat) => seat,
            Err(outcome) => return Ok(outcome.clone()),
        };
        let mut rejection = None;
        for _ in 0..2 {
            let ask = Ask::of(self.settings, moment, persona, row.kind, rejection.as_ref());
            let answer = match self.ledger.answer(&ask.key) {
                Some(answer) => answer,
                None => match self.ask(&ask).await? {
                    Ok(answer) => answer,
                    Err(why) => return Ok(refused("the teacher gave no answer", &why)),
                },
            };
            match judged(&answer, row, moment, persona) {
                Err(outcome) => return Ok(outcome),
                Ok(Ok(line)) => return Ok(Outcome::Filled(Line { completion: line, joined: false })),
                Ok(Err(refused)) => rejection = Some(refused),
            }
        }
        Ok(rejection.map_or_else(|| refused("the teacher gave no answer", ""), |rejection| faulty(&rejection)))
    }

    /// Asks, with the money set aside before and settled after.
    async fn ask(&self, ask: &Ask) -> Result<Result<Answer, String>, Error> {
        if self.inputs.cancel.is_cancelled() || self.halt.is_cancelled() {
            return Err(Error::Cancelled);
        }
        self.ledger.reserve(&[(ask.key.clone(), ask.most)])?;
        match self.model.answer(ask, self.settings, self.inputs.cancel).await {
            Ok(answer) => {
                let cost = self.settings.cost(answer.tokens_in, answer.tokens_out);
                self.ledger.settle(&ask.key, cost, answer.clone())?;
                Ok(Ok(answer))
            }
            Err(Failure::Row(why)) => {
                self.ledger.release(std::slice::from_ref(&ask.key), &why)?;
                Ok(Err(why))
            }
            Err(failure @ Failure::Passing { lost: true, .. }) => {
                self.ledger.lose(&ask.key)?;
                Err(self.stopped(failure))
            }
            Err(failure) => {
                self.ledger.release(std::slice::from_ref(&ask.key), "no answer")?;
                Err(self.stopped(failure))
            }
        }
    }

    fn stopped(&self, failure: Failure) -> Error {
        if self.inputs.cancel.is_cancelled() {
            return Error::Cancelled;
        }
        let (what, hint) = match failure {
            Failure::Fatal(what, hint) => (what, hint),
            Failure::Passing { what, .. } => (what, "see whether the server is up and reachable".to_owned()),
            Failure::Row(what) => (what, "see what the server says".to_owned()),
        };
        Error::Teacher { teacher: self.settings.teacher.name(), what, answers: self.ledger.answers(), hint }
    }

    /// Sends everything that has no answer yet, a batch at a time.
    fn send_batches(&self, anthropic: &Anthropic, runtime: &Runtime) -> Result<(), Error> {
        let mut waiting: Vec<Ask> = Vec::new();
        self.each_seats(|seats| {
            for (_, row, seat) in seats {
                let Ok((moment, persona)) = seat else { continue };
                let Some(ask) = self.next_ask(row, moment, persona) else { continue };
                if !waiting.iter().any(|other| other.key == ask.key) {
                    waiting.push(ask);
                }
                if waiting.len() == BATCH {
                    runtime.block_on(self.send_batch(anthropic, std::mem::take(&mut waiting)))?;
                }
            }
            Ok(())
        })?;
        if waiting.is_empty() { Ok(()) } else { runtime.block_on(self.send_batch(anthropic, waiting)) }
    }

    /// The question that a row needs answered next, if any.
    fn next_ask(&self, row: &Row, moment: &Moment, persona: &Persona) -> Option<Ask> {
        let mut rejection = None;
        for _ in 0..2 {
            let ask = Ask::of(self.settings, moment, persona, row.kind, rejection.as_ref());
            let Some(answer) = self.ledger.answer(&ask.key) else {
                return (!self.ledger.is_pending(&ask.key)).then_some(ask);
            };
            match judged(&answer, row, moment, persona) {
                Ok(Err(refused)) => rejection = Some(refused),
                _ => return None,
            }
        }
        None
    }

    async fn send_batch(&self, anthropic: &Anthropic, asks: Vec<Ask>) -> Result<(), Error> {
        let reserved: Vec<(String, f64)> = asks.iter().map(|ask| (ask.key.clone(), ask.most * BATCH_SHARE)).collect();
        if let Err(full) = self.ledger.reserve(&reserved) {
            // What is under way is paid for: it is waited for before the run ends.
            self.collect(anthropic).await?;
            return Err(full);
        }
        let keys: Vec<String> = reserved.into_iter().map(|(key, _)| key).collect();
        match again(self.settings.retries, self.inputs.cancel, || anthropic.send_batch(&asks)).await {
            Ok(id) => self.ledger.sent(&id, keys),
            Err(failure) => {
                self.ledger.release(&keys, "the batch was not taken")?;
                Err(self.stopped(failure))
            }
        }
    }

    /// Waits for the batches that are under way and notes their answers.
    async fn collect(&self, anthropic: &Anthropic) -> Result<(), Error> {
        for id in self.ledger.batches() {
            self.inputs.progress.note(&format!("waiting for the batch {id}"));
            loop {
                let looked = again(self.settings.retries, self.inputs.cancel, || anthropic.results(&id)).await;
                if let Some(results) = looked.map_err(|failure| self.stopped(failure))? {
                    for result in results {
                        if let Ok(answer) = result.answer {
                            let cost = BATCH_SHARE * self.settings.cost(answer.tokens_in, answer.tokens_out);
                            self.ledger.settle(&result.key, cost, answer)?;
                        }
                    }
                    self.ledger.ended(&id)?;
                    break;
                }
                let look = LOOK.min(Duration::from_secs(self.settings.timeout));
                if self.inputs.cancel.run_until_cancelled(tokio::time::sleep(look)).await.is_none() {
                    return Err(Error::Cancelled);
                }
            }
        }
        Ok(())
    }
}

/// The line in an answer, or what the checker holds against it; an outcome where there is nothing to check.
fn judged(
    answer: &Answer,
    row: &Row,
    moment: &Moment,
    persona: &Persona,
) -> Result<Result<String, Rejection>, Outcome> {
    if answer.declined {
        return Err(refused("the teacher declined", &answer.text));
    }
    let checked = check_as(row.kind, line_of(&answer.text), moment, persona);
    Ok(checked.map(|line| line.text().to_owned()))
}

fn faulty(rejection: &Rejection) -> Outcome {
    let reason = rejection.faults.first().map_or("refused", |fault| super::compose::reason(fault.why));
    Outcome::Refused(Refusal { reason: reason.to_owned(), detail: rejection.in_brief(), text: rejection.text.clone() })
}
