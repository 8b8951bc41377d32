//! Deadline, cancel and stop texts, held to around any stream of text.

use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::error::WriteError;
use crate::request::WriteRequest;
use crate::stop::StopScan;
use crate::usage::Usage;
use crate::writer::{Piece, TextStream};

/// What ends a line from outside the model.
pub(crate) struct Limits {
    pub(crate) stop: Vec<String>,
    pub(crate) deadline: Instant,
    pub(crate) cancel: CancellationToken,
}

impl Limits {
    pub(crate) fn of(request: &WriteRequest) -> Self {
        Self { stop: request.stop.clone(), deadline: request.deadline, cancel: request.cancel.clone() }
    }
}

/// The same text, ended by the first stop text, the deadline or the cancel, and by the first error. A stop text that the
/// writer itself ran past leaves what the line took untold, and so does a text that ends without an end.
pub(crate) fn limited(
    text: impl Stream<Item = Result<Piece, WriteError>> + Send + 'static,
    limits: Limits,
) -> TextStream {
    async_stream::stream! {
        let Limits { stop, deadline, cancel } = limits;
        let mut text = std::pin::pin!(text);
        let mut timer = std::pin::pin!(sleep_until(deadline));
        let mut scan = StopScan::new(stop);
        loop {
            // In this order, so that a model that always has text ready cannot outrun its deadline.
            let next = tokio::select! {
                biased;
                () = cancel.cancelled() => Some(Err(WriteError::Cancelled)),
                () = &mut timer => Some(Err(WriteError::DeadlinePassed)),
                next = text.next() => next,
            };
            match next {
                Some(Ok(Piece::Text(piece))) => {
                    let (free, stopped) = scan.push(&piece);
                    if !free.is_empty() {
                        yield Ok(Piece::Text(free));
                    }
                    if stopped {
                        yield Ok(Piece::End(Usage::default()));
                        return;
                    }
                }
                Some(Err(error)) => {
                    yield Err(error);
                    return;
                }
                Some(Ok(Piece::End(_))) | None => {
                    let rest = scan.finish();
                    if !rest.is_empty() {
                        yield Ok(Piece::Text(rest));
                    }
                    let usage = match next {
                        Some(Ok(Piece::End(usage))) => usage,
                        _ => Usage::default(),
                    };
                    yield Ok(Piece::End(usage));
                    return;
                }
            }
        }
    }
    .boxed()
}
