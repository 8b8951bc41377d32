//! A whole line from a writer, whatever the writer does.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::Instant;

use crate::error::WriteError;
use crate::limit::{Limits, limited};
use crate::request::WriteRequest;
use crate::usage::Usage;
use crate::writer::{Piece, Writer};

/// A finished line and how long it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The line, without the text it stopped at. As the model wrote it: not trimmed of spaces, perhaps empty.
    pub text: String,
    /// From the request to the first piece of text; `None` when nothing was written.
    pub first_text: Option<Duration>,
    /// From the request to the end of the line.
    pub total: Duration,
    /// What it took, as far as the writer tells.
    pub usage: Usage,
}

/// Has a line written, and returns by the request's deadline, at once when it is cancelled, and no later than the first
/// of its stop texts: it holds to these itself, so that a writer that neglects them does no harm.
///
/// # Errors
/// Whatever the writer reports; [`WriteError::DeadlinePassed`] and [`WriteError::Cancelled`] from here too. What had
/// been written until then is dropped: half a line is no line.
pub async fn collect(writer: &dyn Writer, request: WriteRequest) -> Result<Written, WriteError> {
    let started = Instant::now();
    let limits = Limits::of(&request);
    let meter = request.meter.clone();
    let mut pieces = limited(writer.write(request), limits);
    let mut text = String::new();
    let mut first_text = None;
    let mut usage = Usage::default();
    while let Some(piece) = pieces.next().await {
        match piece? {
            Piece::Text(piece) => {
                meter.piece();
                first_text.get_or_insert_with(|| started.elapsed());
                text.push_str(&piece);
            }
            Piece::End(told) => usage = told,
        }
    }
    Ok(Written { text, first_text, total: started.elapsed(), usage })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use futures_util::future::BoxFuture;
    use futures_util::stream;

    use super::*;
    use crate::writer::{Backend, TextStream, WriterInfo};

    /// A writer that heeds nothing: it yields its pieces and then never ends.
    struct Heedless(&'static [&'static str]);

    impl Writer for Heedless {
        fn info(&self) -> WriterInfo {
            WriterInfo { backend: Backend::Embedded, model: "heedless".to_owned() }
        }
        fn write(&self, _: WriteRequest) -> TextStream {
            let pieces: Vec<_> = self.0.iter().map(|piece| Ok(Piece::Text((*piece).to_owned()))).collect();
            stream::iter(pieces).chain(stream::pending()).boxed()
        }
        fn probe(&self, _: Instant) -> BoxFuture<'_, Result<(), WriteError>> {
            Box::pin(async { Ok(()) })
        }
    }

    fn request(stop: &[&str]) -> WriteRequest {
        let stop = stop.iter().map(|text| (*text).to_owned()).collect();
        WriteRequest { stop, ..WriteRequest::new("a prompt", Instant::now() + Duration::from_millis(50)) }
    }

    #[tokio::test]
    async fn a_heedless_writer_is_cut_at_the_stop_text() {
        let written = collect(&Heedless(&["Four", " runs.<|im", "_end|> and on"]), request(&["<|im_end|>"]));
        let written = written.await.unwrap();
        assert_eq!(written.text, "Four runs.");
        assert!(written.first_text.unwrap() <= written.total);
    }

    #[tokio::test]
    async fn a_heedless_writer_is_left_at_the_deadline() {
        let late = collect(&Heedless(&["Four"]), request(&[])).await;
        assert_eq!(late, Err(WriteError::DeadlinePassed));
    }

    #[tokio::test]
    async fn a_heedless_writer_is_left_when_cancelled() {
        let mut request = request(&[]);
        request.deadline += Duration::from_secs(60);
        let (cancel, meter) = (request.cancel.clone(), request.meter.clone());
        let line = tokio::spawn(async move { collect(&Heedless(&["Four"]), request).await });
        tokio::task::yield_now().await;
        cancel.cancel();
        assert_eq!(line.await.unwrap(), Err(WriteError::Cancelled));
        let told = meter.usage();
        assert_eq!((told.written_tokens, told.prompt_tokens), (Some(1), None), "as far as it can be seen from here");
    }
}
