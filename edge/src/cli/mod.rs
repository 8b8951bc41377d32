//! The commands of `vachak`, one file each; what they share is here.

pub mod archive;
pub mod bench;
pub mod check_config;
pub mod check_eval;
pub mod demo;
pub mod exit;
pub mod model;
pub mod persona;
mod progress;
pub mod read;
pub mod replay;
pub mod run;
pub mod score;
pub mod show_config;
pub mod simulate;
mod svg;

use std::{future::Future, io::Write, process::ExitCode};

use anyhow::Context;

/// Worker threads of the runtime: the daemon's work is small and waits most of the time, and each thread costs memory.
const WORKERS: usize = 2;

/// Runs a command that waits on the network.
///
/// # Errors
/// What the command reports, or that the system gives no threads.
pub fn in_runtime<F>(command: F) -> anyhow::Result<ExitCode>
where
    F: Future<Output = anyhow::Result<ExitCode>>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .max_blocking_threads(4)
        .enable_all()
        .build()
        .context("the system gives no threads to work with")?;
    let done = runtime.block_on(command);
    // A thread that waits on a dead disk must not keep the program from ending.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    done
}

/// Asks `stop` to stop on SIGINT (control-C) and SIGTERM; a command that watches it ends in order.
pub(crate) async fn stop_on_signal(stop: tokio_util::sync::CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};

    // Without a handler the signal ends the program at once, which is a stop as well.
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    stop.cancel();
}

/// `vachak version`: one line on stdout.
///
/// # Errors
/// When stdout cannot be written.
pub fn version() -> anyhow::Result<ExitCode> {
    writeln!(anstream::stdout(), "vachak {}", env!("CARGO_PKG_VERSION"))?;
    Ok(ExitCode::SUCCESS)
}
