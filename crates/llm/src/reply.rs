//! A server's streamed reply, line by line, whatever the protocol: what a line means is the protocol's own business.

use futures_util::{Stream, StreamExt};
use reqwest::Response;

use crate::error::{WriteError, excerpt};
use crate::http::{Endpoint, causes, most_bytes};
use crate::lines::Lines;
use crate::usage::Usage;
use crate::writer::Piece;

/// What a line means.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Read {
    /// Text that it carries; empty for a line between.
    pub(crate) text: String,
    /// What the line took, where it tells.
    pub(crate) usage: Option<Usage>,
    /// Whether it says that the reply is whole.
    pub(crate) done: bool,
}

/// The reply's pieces; ends without error only after a line that said so (`end` is its name in the error).
pub(crate) fn pieces(
    response: Response,
    endpoint: Endpoint,
    max_tokens: u32,
    read: impl Fn(&[u8], &Endpoint) -> Result<Read, WriteError>,
    end: &'static str,
) -> impl Stream<Item = Result<Piece, WriteError>> {
    async_stream::try_stream! {
        let mut lines = Lines::default();
        let mut received = 0;
        let mut told = Usage::default();
        let mut run = Run::default();
        let mut bytes = response.bytes_stream();
        loop {
            let more = bytes.next().await;
            let ended = more.is_none();
            match more {
                Some(Ok(more)) => lines
                    .push(&more)
                    .map_err(|_| endpoint.bad_reply("a line without end", &more))?,
                Some(Err(error)) => Err(WriteError::Truncated(format!(
                    "the connection broke after {received} bytes of text ({})",
                    causes(&error)
                )))?,
                None => {}
            }
            while let Some(line) = lines.next(ended) {
                let Read { text, usage, done } = read(line, &endpoint)?;
                received += text.len();
                if received > most_bytes(max_tokens) {
                    Err(endpoint.too_much())?;
                }
                if !text.is_empty() {
                    run.push(&text);
                    yield Piece::Text(text);
                }
                told = usage.unwrap_or(told);
                if done {
                    yield Piece::End(told);
                    return;
                }
            }
            if ended {
                Err(WriteError::Truncated(match run.long() {
                    Some(text) => format!("the model repeated `{}` until the server stopped it", excerpt(text)),
                    None => format!("the server ended it after {received} bytes of text without {end}"),
                }))?;
            }
        }
    }
}

/// Equal pieces in a row: Ollama ends a reply of some thirty equal tokens without saying that it is done.
#[derive(Default)]
struct Run {
    text: String,
    times: u32,
}

impl Run {
    /// So many in a row are no accident.
    const LONG: u32 = 20;

    fn push(&mut self, text: &str) {
        if self.text == text {
            self.times += 1;
        } else {
            text.clone_into(&mut self.text);
            self.times = 1;
        }
    }

    /// What was repeated, if the reply ended in nothing else.
    fn long(&self) -> Option<&str> {
        (self.times >= Self::LONG).then_some(&self.text)
    }
}

/// A line that is cut inside its JSON, or not JSON at all. Whole lines are never cut, so a cut one is the last: the
/// server died, it did not speak nonsense.
pub(crate) fn not_json(error: &serde_json::Error, endpoint: &Endpoint, what: &str, line: &[u8]) -> WriteError {
    if error.is_eof() {
        WriteError::Truncated("it ended inside a line".to_owned())
    } else {
        endpoint.bad_reply(what, line)
    }
}
