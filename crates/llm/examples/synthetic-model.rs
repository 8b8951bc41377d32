//! Writes a model with random weights: `synthetic-model NAME[:QUANTISATION] DIRECTORY [TEXT…]`. The words of the text
//! files become single tokens. Prints the file's path.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program of its own")]

use std::path::Path;
use std::process::ExitCode;

use llm::synthetic::{Synthetic, SyntheticError};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, directory, texts @ ..] = arguments.as_slice() else {
        eprintln!("usage: synthetic-model NAME[:QUANTISATION] DIRECTORY [TEXT…]");
        return ExitCode::from(64);
    };
    let mut words = Vec::new();
    for text in texts {
        match std::fs::read_to_string(text) {
            Ok(text) => words.push(text),
            Err(error) => {
                eprintln!("error: {text} cannot be read: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    match make(name, Path::new(directory), &words) {
        Ok(path) => {
            println!("{}", path.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}\nhint: {}", error.hint());
            ExitCode::FAILURE
        }
    }
}

fn make(name: &str, directory: &Path, words: &[String]) -> Result<std::path::PathBuf, SyntheticError> {
    let model: Synthetic = name.parse()?;
    let mut shown = 0;
    model.ensure(directory, words.iter().map(String::as_str), |done, all| {
        let percent = done * 100 / all;
        if percent > shown {
            shown = percent;
            eprint!("\r{percent} %");
        }
    })
}
