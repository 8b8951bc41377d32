//! How the program ends: exit codes, and errors in words.

use std::{io::Write, process::ExitCode};

use crate::{config::ConfigError, run::StartError};

/// The user can fix it.
pub const USER: u8 = 1;
/// Our fault.
pub const OURS: u8 = 2;
/// Wrong usage of the command line.
pub const USAGE: u8 = 64;
/// Bad configuration; systemd is told not to try again.
pub const CONFIG: u8 = 78;

/// Prints an error and all its causes on stderr, once, and says which exit code it deserves.
pub fn report(error: &anyhow::Error) -> ExitCode {
    if is_broken_pipe(error) {
        return ExitCode::SUCCESS;
    }
    let mut text = format!("error: {error}");
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    let hint = error.chain().find_map(|cause| cause.downcast_ref::<llm::WriteError>()?.hint());
    if let Some(hint) = hint {
        text.push_str("; hint: ");
        text.push_str(&hint);
    }
    let text = text.replace("; hint: ", "\nhint: ");
    // With stderr gone there is nobody left to tell.
    let _ = writeln!(anstream::stderr(), "{text}");
    let bad_config = |cause: &(dyn std::error::Error + 'static)| {
        cause.is::<ConfigError>() || matches!(cause.downcast_ref(), Some(StartError::Config(_)))
    };
    ExitCode::from(if error.chain().any(bad_config) { CONFIG } else { USER })
}

/// Whether the reader of our output has gone, as `vachak score FILE | head` does: that is no failure.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
