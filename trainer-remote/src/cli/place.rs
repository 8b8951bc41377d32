//! Where trainings, runs and matches are.

use std::path::PathBuf;

use trainer_remote::{
    kit::Wanted,
    stages::{Runner, RunnerSettings},
    training::Models,
};

/// Where trainings and runs are.
#[derive(Debug, clap::Args)]
pub(super) struct Place {
    /// The folder of trainings; else `models` here or in the nearest folder above.
    #[arg(long, value_name = "DIR", global = false)]
    models: Option<PathBuf>,
    /// The folder of runs; else `runs` beside the folder of trainings.
    #[arg(long, value_name = "DIR")]
    runs: Option<PathBuf>,
}

/// What a run works with.
#[derive(Debug, clap::Args)]
pub(super) struct Tools {
    /// Matches to take in place of the training's: a Cricsheet file, a folder, or a .tar.zst of them.
    #[arg(long, value_name = "PATH")]
    source: Option<PathBuf>,
    /// The Python for training, or the folder of its environment; else one is set up in the cache folder.
    #[arg(long, value_name = "PATH", env = "VACHAK_KIT")]
    python: Option<PathBuf>,
}

impl Tools {
    /// Which Python is wanted.
    pub(super) fn wanted(&self) -> Wanted {
        Wanted { python: self.python.clone(), folder: None }
    }
}

impl Place {
    /// The trainings.
    pub(super) fn models(&self) -> anyhow::Result<Models> {
        Ok(Models::find(self.models.as_deref())?)
    }

    /// The run of a training.
    pub(super) fn runner(&self, name: &str, tools: Option<&Tools>) -> anyhow::Result<Runner> {
        let models = self.models()?;
        let training = models.read(name)?;
        let root = models.root().to_owned();
        let runs = self.runs.clone().unwrap_or_else(|| root.join("runs"));
        let settings = RunnerSettings {
            runs: std::path::absolute(runs)?,
            root,
            source: tools.and_then(|tools| tools.source.clone()),
            python: tools.map(Tools::wanted).unwrap_or_default(),
        };
        Ok(Runner::open(training, settings)?)
    }
}
