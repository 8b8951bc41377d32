//! How the program ends: exit codes, and errors in words.

use std::{
    io::{ErrorKind, Write as _},
    process::ExitCode,
};

use trainer_remote::{kit::KitError, stages::StageError, training::Problem};

/// The user can fix it.
const USER: u8 = 1;
/// Our fault.
const OURS: u8 = 2;
/// Wrong usage of the command line.
pub(crate) const USAGE: u8 = 64;
/// Stopped as asked; the same command goes on.
const STOPPED: u8 = 75;
/// A training that cannot be used.
const CONFIG: u8 = 78;

/// Prints an error once, on stderr, and says which exit code it deserves.
pub(super) fn report(error: &anyhow::Error) -> ExitCode {
    // The reader of our output has gone, as in `trainer-remote prompt FILE | head`: that is no failure.
    if is_broken_pipe(error) {
        return ExitCode::SUCCESS;
    }
    let code = code(error);
    let mark = if code == STOPPED { "stopped" } else { "error" };
    let text = format!("{error:#}").replace("; hint: ", "\nhint: ");
    // With stderr gone there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "{mark}: {text}");
    ExitCode::from(code)
}

fn code(error: &anyhow::Error) -> u8 {
    match (error.downcast_ref::<Problem>(), error.downcast_ref::<StageError>(), error.downcast_ref::<KitError>()) {
        (Some(Problem::Place { .. }), ..) => CONFIG,
        (_, Some(error), _) if error.is_stop() => STOPPED,
        (_, Some(error), _) if error.is_ours() => OURS,
        (.., Some(KitError::Stopped { .. })) => STOPPED,
        _ => USER,
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|error| error.kind() == ErrorKind::BrokenPipe)
}
