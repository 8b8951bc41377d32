//! What the embedded writer gains, each figure a ratio to a baseline that is measured in the same run, on the same machine
//! and the same model of random weights, with two threads:
//!
//! - the rate of writing, to that of a bare loop over llama.cpp's own functions;
//! - a line of which all but the ball's result had been computed, to the whole prompt each time;
//! - three personas' lines of one moment at once, to one persona's;
//! - eight outcomes' lines at once, to the eight in turn.
//!
//! `cargo bench -p benches --bench model -- [NAME:QUANTISATION…]`, such as `qwen2.5-1.5b:Q4_K_M`; without one it is
//! qwen2.5-0.5b:Q4_0. The model is made in the user's cache directory, 0.35 to 1.7 GB. Random weights never end a line, so
//! every line has [`LINE`] tokens. A bench and not a command of the program: the baseline calls llama.cpp without the
//! writer, which has no business in what is shipped.
#![allow(clippy::expect_used, reason = "the invented match and its prompts are known to be sound")]

mod bare;
mod prompts;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context;
use benches::{
    data,
    figures::{Figure, say},
};
use commentary::{Prompt, vocabulary};
use futures_util::future::join_all;
use llm::{EmbeddedConfig, EmbeddedWriter, Sampling, WriteRequest, Written, bandwidth, collect, synthetic::Synthetic};

use bare::{Bare, Pool};
use prompts::{CAST, Moments, OUTCOMES};

/// Tokens of a line.
const LINE: u32 = 24;
/// Tokens of a line whose rate of writing is measured.
const LONG_LINE: u32 = 96;
/// Every figure is measured so often, baseline and writer in turn.
const ROUNDS: usize = 5;
const THREADS: u32 = 2;
/// Tokens of prompt and line together: eight lines that share no more than they must.
const CONTEXT: u32 = 4096;

fn main() {
    // Cargo adds `--bench`.
    let mut names: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    if names.is_empty() {
        names.push("qwen2.5-0.5b:Q4_0".to_owned());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    for name in names {
        let measured = runtime.as_ref().map_err(|error| anyhow::anyhow!("no runtime: {error}")).and_then(|runtime| {
            let path = model(&name)?;
            say(&format!("{name}, {THREADS} threads, lines of {LINE} tokens"));
            runtime.block_on(measure(&path))
        });
        if let Err(error) = measured {
            say(&format!("skipped: {name}: {error:#}"));
        }
    }
}

/// The model's file, made where it is not there.
fn model(name: &str) -> anyhow::Result<PathBuf> {
    let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = from("XDG_CACHE_HOME").or_else(|| Some(from("HOME")?.join(".cache")));
    let directory = cache.context("neither XDG_CACHE_HOME nor HOME is set")?.join("vachak/models");
    let hinted = |error: llm::synthetic::SyntheticError| {
        let hint = error.hint();
        anyhow::Error::from(error).context(hint)
    };
    let model: Synthetic = name.parse().map_err(hinted)?;
    model.ensure(&directory, vocabulary::english(), |_, _| {}).map_err(hinted)
}

async fn measure(path: &Path) -> anyhow::Result<()> {
    let moments = Moments::play();
    ceiling(path)?;
    tokens(path, &moments)?;
    let rig = Rig::load(path)?;
    rig.rate_of_writing(path, &moments).await?;
    rig.everything_computed(&moments).await?;
    rig.personas(&moments).await?;
    rig.outcomes(&moments).await
}

fn ceiling(path: &Path) -> anyhow::Result<()> {
    let memory = bandwidth::measure(THREADS as usize);
    let file = llm::ModelFile::read(path)?;
    Figure {
        what: "the most that memory allows, one line at a time",
        measured: bandwidth::ceiling(memory.bytes_per_second, file.bytes_per_token),
        unit: "tokens/s",
        goal: "none set",
        peer: Some(&format!(
            "{:.1} GB/s, {} MB a token",
            memory.bytes_per_second / 1e9,
            file.bytes_per_token / 1_000_000
        )),
    }
    .print();
    Ok(())
}

/// How many tokens the made-up vocabulary makes of the prompts, against the real one's, where that is at hand.
fn tokens(path: &Path, moments: &Moments) -> anyhow::Result<()> {
    let Some(real) = data::shared().map(|data| data.with_file_name("models").join("ggml-vocab-qwen2.gguf")) else {
        return Ok(());
    };
    if !real.is_file() {
        say("skipped: tokens of a prompt (no ../shared/models/ggml-vocab-qwen2.gguf)");
        return Ok(());
    }
    let (ours, real) = (Bare::vocabulary(path)?, Bare::vocabulary(&real)?);
    let (mut counts, mut new) = ((0, 0), (0, 0));
    for moment in 0..ROUNDS {
        let prompt = moments.of_persona(moment, 0);
        let tail = &prompt.text[prompt.fixed_len..];
        counts = (counts.0 + ours.tokens(&prompt.text)?.len(), counts.1 + real.tokens(&prompt.text)?.len());
        new = (new.0 + ours.tokens(tail)?.len(), new.1 + real.tokens(tail)?.len());
    }
    Figure {
        what: &format!("tokens of a prompt: {} for {} of the real vocabulary", counts.0 / ROUNDS, counts.1 / ROUNDS),
        measured: counts.0 as f64 / counts.1 as f64,
        unit: "of the real count",
        goal: "about 1",
        peer: Some(&format!("{:.2} of the part that is new at each ball", new.0 as f64 / new.1 as f64)),
    }
    .print();
    Ok(())
}

/// A writer, asked for lines.
struct Rig {
    writer: EmbeddedWriter,
}

/// How long something took in each round, and what it was.
struct Times {
    what: &'static str,
    rounds: Vec<Duration>,
}

impl Times {
    fn of(what: &'static str) -> Self {
        Self { what, rounds: Vec::new() }
    }

    /// The round that was least disturbed.
    fn best(&self) -> f64 {
        self.rounds.iter().min().map_or(f64::NAN, Duration::as_secs_f64)
    }

    fn said(&self) -> String {
        format!("{} {:.0} ms", self.what, self.best() * 1000.0)
    }
}

impl Rig {
    fn load(path: &Path) -> anyhow::Result<Self> {
        let config =
            EmbeddedConfig { threads: Some(THREADS), context: CONTEXT, parallel: 8, ..EmbeddedConfig::new(path) };
        Ok(Self { writer: EmbeddedWriter::load(config)? })
    }

    async fn line(&self, prompt: &Prompt, tokens: u32) -> anyhow::Result<Written> {
        let request = WriteRequest {
            fixed_len: prompt.fixed_len,
            max_tokens: tokens,
            sampling: Sampling { temperature: 0.0, ..Sampling::default() },
            ..WriteRequest::new(prompt.text.clone(), tokio::time::Instant::now() + Duration::from_secs(600))
        };
        Ok(collect(&self.writer, request).await?)
    }

    /// Lines at once; how long until the last is there.
    async fn lines(&self, prompts: &[Prompt]) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        for written in join_all(prompts.iter().map(|prompt| self.line(prompt, LINE))).await {
            written?;
        }
        Ok(begun.elapsed())
    }

    /// Lines one after another.
    async fn in_turn(&self, prompts: &[Prompt]) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        for prompt in prompts {
            self.line(prompt, LINE).await?;
        }
        Ok(begun.elapsed())
    }

    /// Tokens a second once the prompt is computed, against a bare loop over llama.cpp in each of its ways to use threads.
    async fn rate_of_writing(&self, path: &Path, moments: &Moments) -> anyhow::Result<()> {
        let mut bare = Vec::new();
        for pool in Pool::ALL {
            bare.push((Bare::load(path, THREADS, CONTEXT, pool)?, Times::of(pool.name())));
        }
        let mut ours = Times::of("the writer");
        for round in 0..ROUNDS {
            let prompt = moments.of_persona(round, 0);
            for (bare, times) in &mut bare {
                times.rounds.push(bare.decode(&prompt.text, LONG_LINE)?);
            }
            let usage = self.line(&prompt, LONG_LINE).await?.usage;
            anyhow::ensure!(usage.written_tokens == Some(LONG_LINE), "a line ended by itself: {usage:?}");
            ours.rounds.push(usage.decode.context("the writer does not tell how long it wrote")?);
        }
        let best = bare.iter().map(|(_, times)| times).min_by(|one, other| one.best().total_cmp(&other.best()));
        let best = best.context("nothing to compare with")?;
        // The first token comes of the prompt.
        let rate = |times: &Times| f64::from(LONG_LINE - 1) / times.best();
        let all: Vec<String> = bare.iter().map(|(_, times)| format!("{} {:.1}", times.what, rate(times))).collect();
        Figure {
            what: &format!("rate of writing: {:.1} tokens/s, bare loop: {}", rate(&ours), all.join(", ")),
            measured: rate(&ours) / rate(best),
            unit: "of the best",
            goal: ">= 0.97",
            peer: None,
        }
        .print();
        Ok(())
    }

    /// One line with all computed that was known before the ball, against the whole prompt.
    async fn everything_computed(&self, moments: &Moments) -> anyhow::Result<()> {
        let (mut whole, mut cached) = (Times::of("whole prompt"), Times::of("all but the result computed"));
        let mut usage = None;
        for round in 0..ROUNDS {
            let outcomes = moments.of_outcomes(round);
            let (first, wanted) = (&outcomes[0], &outcomes[4]);
            // Another beginning: nothing of it is found in what is kept.
            let fresh = Prompt { text: format!("{round}\n{}", wanted.text), fixed_len: 0, ..wanted.clone() };
            whole.rounds.push(self.line(&fresh, LINE).await?.total);
            self.line(first, 1).await?;
            let line = self.line(wanted, LINE).await?;
            cached.rounds.push(line.total);
            usage = Some(line.usage);
        }
        let count = |count: Option<u32>| count.map_or("?".to_owned(), |count| count.to_string());
        let tokens = usage.map(|usage| (count(usage.reused_tokens), count(usage.prompt_tokens))).unwrap_or_default();
        Figure {
            what: &format!(
                "one line: {}, {} ({} of {} tokens reused)",
                cached.said(),
                whole.said(),
                tokens.0,
                tokens.1
            ),
            measured: whole.best() / cached.best(),
            unit: "times as fast",
            goal: ">= 3",
            peer: Some("2.2 with Q4_K_M, 2.0 with Q4_0 in a first trial"),
        }
        .print();
        Ok(())
    }

    /// Three personas on one moment, against one. Each moment is new, all before the ball's result computed.
    async fn personas(&self, moments: &Moments) -> anyhow::Result<()> {
        let (mut one, mut three) = (Times::of("one persona"), Times::of("three at once"));
        for round in 0..ROUNDS {
            let alone = [moments.of_persona(ROUNDS + 2 * round, 0)];
            self.line(&moments.of_outcomes(ROUNDS + 2 * round)[0], 1).await?;
            one.rounds.push(self.lines(&alone).await?);
            let together: Vec<Prompt> =
                (0..CAST.len()).map(|persona| moments.of_persona(ROUNDS + 2 * round + 1, persona)).collect();
            self.line(&moments.of_outcomes(ROUNDS + 2 * round + 1)[0], 1).await?;
            three.rounds.push(self.lines(&together).await?);
        }
        Figure {
            what: &format!("three personas' lines: {}, {}", three.said(), one.said()),
            measured: three.best() / one.best(),
            unit: "times one's",
            goal: "<= 1.9",
            peer: None,
        }
        .print();
        Ok(())
    }

    /// Lines for eight outcomes of a ball at once, against one after another: from a request for each to the last line's
    /// end, what they share included.
    async fn outcomes(&self, moments: &Moments) -> anyhow::Result<()> {
        let (mut turn, mut batch) = (Times::of("in turn"), Times::of("at once"));
        for round in 0..ROUNDS {
            // Moments of their own, so that neither finds the other's lines in what is kept.
            turn.rounds.push(self.in_turn(&moments.of_outcomes(3 * ROUNDS + 2 * round)).await?);
            batch.rounds.push(self.lines(&moments.of_outcomes(3 * ROUNDS + 2 * round + 1)).await?);
        }
        Figure {
            what: &format!("{} outcomes' lines: {}, {}", OUTCOMES, batch.said(), turn.said()),
            measured: turn.best() / batch.best(),
            unit: "times as fast",
            goal: ">= 2.2 with Q4_0",
            peer: None,
        }
        .print();
        Ok(())
    }
}
