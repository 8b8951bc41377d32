//! Requests of consumers that missed something: `{"from":{"epoch":1,"seq":412},"reason":"gap"}`.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use tokio::sync::{Notify, mpsc};

use super::link::Incoming;

#[derive(Deserialize)]
struct Resync {
    from: Place,
}

#[derive(Deserialize)]
struct Place {
    epoch: u32,
    seq: u64,
}

/// What consumers have asked to be sent again.
#[derive(Default)]
pub(super) struct Missed {
    earliest: Mutex<Option<u64>>,
    /// Told of every request.
    pub(super) asked: Notify,
}

impl Missed {
    fn ask(&self, from: u64) {
        let mut earliest = self.earliest.lock().unwrap_or_else(PoisonError::into_inner);
        *earliest = Some(earliest.map_or(from, |already| already.min(from)));
        self.asked.notify_one();
    }

    /// The earliest place asked for since the last call.
    pub(super) fn take(&self) -> Option<u64> {
        self.earliest.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Keeps the earliest place anybody asked for since the last answer; never waits, so the connection never does either.
pub(super) async fn collect(mut incoming: mpsc::Receiver<Incoming>, epoch: u32, missed: Arc<Missed>) {
    while let Some(message) = incoming.recv().await {
        match serde_json::from_slice::<Resync>(&message.payload) {
            Ok(request) => {
                // Of an earlier epoch nothing is kept: it is answered with all of this one.
                let from = if request.from.epoch < epoch { 0 } else { request.from.seq };
                missed.ask(from);
            }
            Err(error) => {
                tracing::warn!(topic = message.topic, %error, "a resync request that is none; hint: {{\"from\":{{\"epoch\":1,\"seq\":412}}}}");
            }
        }
    }
}
