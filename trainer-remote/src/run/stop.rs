//! Being asked to stop: Ctrl-C, or a polite kill.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Set when the run is to end at the next place where nothing is lost.
pub type Stop = CancellationToken;

/// Asked to stop a second time: the shell's own code for a process that Ctrl-C ended.
const IMPATIENT: i32 = 130;

/// Sets the token on SIGINT or SIGTERM; the second one ends the process at once.
///
/// # Errors
/// When no thread can be started or the signals cannot be had.
pub fn on_signals(stop: Stop) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(async move {
            let kinds = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
            let (Ok(mut interrupt), Ok(mut terminate)) = kinds else { return };
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                if stop.is_cancelled() {
                    std::process::exit(IMPATIENT);
                }
                stop.cancel();
            }
        });
    })?;
    Ok(())
}
