//! `vachak model info`: everything a person wants to know of a model file before it speaks.

use std::{io::Write, process::ExitCode};

use llm::{
    ModelFile,
    memory::{self, Plan, Size},
};
use serde_json::{Value, json};

use super::{
    Named,
    place::{self, Place},
};
use crate::{
    booth::{
        layout::{self, Laid},
        writers,
    },
    config::Config,
};

/// Tokens a second of a Raspberry Pi 5 for a model of one GB: its memory passes 9.5 GB a second to a model, every weight
/// once a token. Measured on models of 0.4 GB and more; smaller ones are held up by other things.
const PI5_TOKENS_PER_GB: f64 = 9.5;
/// The smallest model, in GB, for which that holds.
const PI5_SMALLEST: f64 = 0.4;

pub(super) fn run(config: &Config, text: &str, as_json: bool) -> anyhow::Result<ExitCode> {
    let place = Place::of(config)?;
    let named = place.find(text)?;
    let path = path(config, &named)?;
    let told = Told::of(config, &named, ModelFile::read(&path)?);
    let mut out = anstream::stdout().lock();
    if as_json {
        writeln!(out, "{}", serde_json::to_string_pretty(&told.json())?)?;
    } else {
        told.print(&mut out)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The file of a model; the built-in one is unpacked for it.
#[cfg(feature = "llama")]
pub(super) fn path(config: &Config, named: &Named) -> anyhow::Result<std::path::PathBuf> {
    match named {
        Named::BuiltIn => Ok(crate::booth::writers::own_model(config)?),
        Named::File(path) => Ok(path.clone()),
    }
}

/// The file of a model; this build has none inside.
#[cfg(not(feature = "llama"))]
pub(super) fn path(_: &Config, named: &Named) -> anyhow::Result<std::path::PathBuf> {
    match named {
        Named::BuiltIn => anyhow::bail!("this build has no model inside; hint: use a build with the feature `llama`"),
        Named::File(path) => Ok(path.clone()),
    }
}

struct Told {
    name: String,
    file: ModelFile,
    /// How it is spoken to, or why not.
    laid: Result<Laid, String>,
    /// Why it cannot write at all.
    unfit: Option<String>,
    plan: Plan,
}

impl Told {
    fn of(config: &Config, named: &Named, file: ModelFile) -> Self {
        let words = |error: llm::WriteError| match error {
            llm::WriteError::Model { reason, hint, .. } => format!("{reason}; hint: {hint}"),
            other => other.to_string(),
        };
        let name = match named {
            Named::BuiltIn => place::BUILT_IN.to_owned(),
            Named::File(path) => place::name(path),
        };
        // A layout that is set belongs to the configured model, not to any that is looked at.
        let setting = match named {
            Named::File(path) if config.model.path.as_ref() == Some(path) => config.model.layout,
            _ => None,
        };
        Self {
            name,
            laid: layout::of(&file, setting).map_err(words),
            unfit: file.writes().err().map(words),
            plan: Plan::of(&file, writers::wish(config), memory::available()),
            file,
        }
    }

    /// Tokens a second on a Raspberry Pi 5; `None` where the rule does not hold.
    fn speed(&self) -> Option<f64> {
        let size = self.file.bytes as f64 / 1e9;
        (self.file.shape.experts == 0 && size >= PI5_SMALLEST).then(|| PI5_TOKENS_PER_GB / size)
    }

    /// The token by which its lines end, and whether the vocabulary has it.
    fn stop(&self) -> Option<(&'static str, bool)> {
        let layout = self.laid.as_ref().ok()?.layout;
        Some((layout::stop(layout), layout::missing_stop(&self.file, layout).is_none()))
    }

    fn quantisation(&self) -> String {
        match (self.file.quantisation, self.file.mostly) {
            (Some(mixture), Some(mostly)) if !mixture.starts_with(mostly) => {
                format!("{mixture}, most weights {mostly}")
            }
            (Some(name), _) | (None, Some(name)) => name.to_owned(),
            (None, None) => "of a type not known here".to_owned(),
        }
    }

    fn print(&self, out: &mut impl Write) -> std::io::Result<()> {
        let Self { file, plan, .. } = self;
        let unknown = || "not told".to_owned();
        writeln!(out, "{}  {}", self.name, file.path.display())?;
        let mut row = |title: &str, text: String| {
            let text = text.replace("; hint: ", &format!("\n{:16}hint: ", ""));
            writeln!(out, "  {title:13} {text}")
        };
        if let Some(why) = &self.unfit {
            row("cannot write", why.clone())?;
        }
        if let Some(adapter) = &file.adapter {
            row("adapter", adapter.clone())?;
        }
        row("name", file.name.clone().unwrap_or_else(unknown))?;
        row(
            "architecture",
            format!("{}, {} layers", file.architecture.clone().unwrap_or_else(unknown), file.shape.layers),
        )?;
        row("parameters", count(file.parameters))?;
        row("quantisation", self.quantisation())?;
        let files = if file.parts.len() > 1 { format!(", in {} files", file.parts.len()) } else { String::new() };
        row("size", format!("{}{files}", Size(file.bytes)))?;
        row("trained on", format!("{} tokens of context", file.shape.context))?;
        row("tokenizer", format!("{}, {} tokens", file.tokenizer.clone().unwrap_or_else(unknown), file.vocabulary))?;
        row("licence", file.license.clone().unwrap_or_else(unknown))?;
        row("template", self.template().to_owned())?;
        if self.unfit.is_some() {
            return Ok(());
        }
        match &self.laid {
            Ok(laid) => row("layout", format!("{}, as {}", laid.layout.name(), laid.from.words()))?,
            Err(why) => row("layout", format!("none: {why}"))?,
        }
        match self.stop() {
            Some((stop, true)) => row("ends with", format!("{stop}, a token of its own"))?,
            Some((stop, false)) => row(
                "ends with",
                format!("{stop}, which its vocabulary lacks: lines end at a line break, or where they grow too long"),
            )?,
            None => {}
        }
        let free = plan.available.map_or_else(String::new, |available| {
            format!("; {} free: {}", Size(available), if plan.fits() { "it fits" } else { "it does not fit" })
        });
        row("memory", format!("{}{free}", plan.need))?;
        row(
            "used with",
            format!("{} tokens of context, {} of them a line, {} lines at once", plan.context, plan.line, plan.lines),
        )?;
        row(
            "speed",
            match self.speed() {
                Some(speed) => format!("about {speed:.1} tokens a second on a Raspberry Pi 5"),
                None if file.shape.experts > 0 => {
                    "more than its size suggests: only some of its experts work at a time".to_owned()
                }
                None => "more than 20 tokens a second on a Raspberry Pi 5".to_owned(),
            },
        )
    }

    fn template(&self) -> &'static str {
        match &self.file.chat_template {
            None => "none",
            Some(template) => commentary::ChatTemplate::recognise(template)
                .map_or("of no known family", commentary::ChatTemplate::name),
        }
    }

    fn json(&self) -> Value {
        let Self { file, plan, .. } = self;
        json!({
            "name": self.name,
            "path": file.path,
            "files": file.parts,
            "title": file.name,
            "architecture": file.architecture,
            "layers": file.shape.layers,
            "parameters": file.parameters,
            "quantisation": file.quantisation,
            "most_weights": file.mostly,
            "bytes": file.bytes,
            "context_trained": file.shape.context,
            "tokenizer": file.tokenizer,
            "vocabulary": file.vocabulary,
            "licence": file.license,
            "adapter": file.adapter,
            "template": self.template(),
            "vachak_layout": file.layout,
            "layout": self.laid.as_ref().ok().map(|laid| laid.layout.name()),
            "layout_refused": self.laid.as_ref().err(),
            "stop": self.stop().map(|(stop, _)| stop),
            "stop_in_vocabulary": self.stop().map(|(_, there)| there),
            "unfit": self.unfit,
            "memory": {
                "weights": plan.need.weights,
                "context": plan.need.context,
                "work": plan.need.work,
                "total": plan.need.total(),
                "available": plan.available,
                "fits": plan.fits(),
            },
            "context": plan.context,
            "line": plan.line,
            "parallel": plan.lines,
            "pi5_tokens_per_second": self.speed(),
        })
    }
}

/// A number of parameters in words.
fn count(parameters: u64) -> String {
    match parameters {
        999_500_000.. => format!("{:.1} billion", parameters as f64 / 1e9),
        99_950_000.. => format!("{:.0} million", parameters as f64 / 1e6),
        99_950.. => format!("{:.1} million", parameters as f64 / 1e6),
        _ => parameters.to_string(),
    }
}
