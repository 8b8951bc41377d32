//! What a model takes of this machine's memory, and what there is.
//!
//! Three things take memory: the weights, the context (a key of two and a value of four bytes a number for each token,
//! head and layer), and the computation: for each token computed at once the scores of the whole vocabulary, a layer's
//! widest numbers, and how much each head looks at each token of the context. Source: the buffers that llama.cpp reports
//! at its start, without flash attention.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::error::WriteError;
use crate::gguf::ModelFile;

/// Bytes of a number in the context: of a key, in half precision, and of a value.
const KEPT_NUMBER: [u64; 2] = [2, 4];
/// Bytes of a number in the computation.
const COMPUTED_NUMBER: u64 = 4;
/// Bytes that say of a token of the context whether it may be looked at.
const MASK: u64 = 4;
/// Tokens computed at once are rounded up to a multiple of this.
const ROUND: u64 = 16;

/// Bytes that a model needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Its weights.
    pub weights: u64,
    /// What it keeps of the tokens it has read.
    pub context: u64,
    /// What it computes with.
    pub work: u64,
}

impl Need {
    /// What a model needs to keep `kept` tokens and to compute at most `at_once`.
    pub fn of(file: &ModelFile, kept: u64, at_once: u64) -> Self {
        let shape = &file.shape;
        let numbers = file.vocabulary.saturating_add(shape.feed_forward.saturating_mul(2));
        let looks = shape.heads.saturating_mul(COMPUTED_NUMBER).saturating_add(MASK).saturating_mul(kept);
        let each = numbers.saturating_mul(COMPUTED_NUMBER).saturating_add(looks);
        let [keys, values] = shape.kept_numbers().map(|numbers| numbers.saturating_mul(kept));
        let [key, value] = KEPT_NUMBER;
        Self {
            weights: file.bytes,
            context: keys.saturating_mul(key).saturating_add(values.saturating_mul(value)),
            work: at_once.next_multiple_of(ROUND).saturating_mul(each),
        }
    }

    /// All of it.
    pub fn total(&self) -> u64 {
        self.weights.saturating_add(self.context).saturating_add(self.work)
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { weights, context, work } = *self;
        write!(f, "{} (weights {}, context {}, work {})", Size(self.total()), Size(weights), Size(context), Size(work))
    }
}

/// What is asked of a model where it is not left to the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// Tokens that all lines written at once share.
    pub context: Option<u32>,
    /// Lines that are written at once.
    pub lines: Option<u32>,
}

/// How a model is to be used on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Tokens that all lines written at once share; what their prompts have in common counts once.
    pub context: u32,
    /// Tokens that a prompt and its line may have: the context, or what the model was trained on if that is less.
    pub line: u32,
    /// Lines that are written at once.
    pub lines: u32,
    /// The memory it takes.
    pub need: Need,
    /// The memory there is, where the system says.
    pub available: Option<u64>,
}

/// Tokens of context where nobody says and memory is ample; halved until it fits.
const USUAL_CONTEXT: u32 = 4096;
/// Memory is ample when it would do for so many of the model.
const AMPLE: u64 = 2;
/// The fewest tokens of context worth having: the longest prompts of small models and a line.
const LEAST_CONTEXT: u32 = 512;
/// Lines at once where nobody says: beyond that a step takes longer by as much as it brings.
const USUAL_LINES: u32 = 8;
/// Tokens of prompt that are computed at once.
const AT_ONCE: u32 = 64;

impl Plan {
    /// A plan for a model: what is wished, and for the rest the most context that fits, at most the usual, and that only
    /// where memory is ample. It is made even where nothing fits; see [`Plan::check`].
    pub fn of(file: &ModelFile, wish: Wish, available: Option<u64>) -> Self {
        let trained = u32::try_from(file.shape.context).ok().filter(|trained| *trained > 0);
        let lines = wish.lines.unwrap_or(USUAL_LINES).max(1);
        let plan = |context: u32| Self {
            context,
            line: context.min(trained.unwrap_or(u32::MAX)),
            lines,
            need: Need::of(file, u64::from(context), u64::from(AT_ONCE + lines)),
            available,
        };
        if let Some(context) = wish.context {
            return plan(context);
        }
        let usual = plan(USUAL_CONTEXT);
        if available.is_none_or(|available| usual.need.total().saturating_mul(AMPLE) <= available) {
            return usual;
        }
        let smaller = |context: &u32| (*context > LEAST_CONTEXT).then_some(context / 2);
        let all: Vec<Self> = std::iter::successors(Some(USUAL_CONTEXT / 2), smaller).map(plan).collect();
        all.iter().find(|plan| plan.fits()).or(all.last()).copied().unwrap_or(usual)
    }

    /// Whether there is memory for it, as far as is known.
    pub fn fits(&self) -> bool {
        self.available.is_none_or(|available| self.need.total() <= available)
    }

    /// Refuses what does not fit, before anything is loaded: a machine that runs out of memory stops for minutes, or ends
    /// whatever program is the largest.
    ///
    /// # Errors
    /// [`WriteError::Model`] with the figures and a remedy.
    pub fn check(&self, path: &Path) -> Result<(), WriteError> {
        if self.fits() {
            return Ok(());
        }
        let free = Size(self.available.unwrap_or(0));
        let hint = if self.need.weights > self.available.unwrap_or(0) {
            "take a smaller model or a smaller quantisation of it, or end other programs"
        } else {
            "set model.context lower or leave it out, take a smaller model, or end other programs"
        };
        Err(WriteError::Model {
            path: path.to_owned(),
            reason: format!(
                "it needs {} with a context of {} tokens, and {free} of memory are free",
                self.need, self.context,
            ),
            hint: hint.to_owned(),
        })
    }
}

/// Bytes in words: `4.9 GB`, `610 MB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes @ 999_500_000.. => write!(f, "{:.1} GB", bytes as f64 / 1e9),
            bytes @ 9_950_000.. => write!(f, "{:.0} MB", bytes as f64 / 1e6),
            bytes @ 100_000.. => write!(f, "{:.1} MB", bytes as f64 / 1e6),
            bytes => write!(f, "{:.0} KB", (bytes as f64 / 1e3).ceil()),
        }
    }
}

/// Bytes that a program may still take: what the system has to spare, and no more than this process's group may have.
/// `None` where the system does not say.
pub fn available() -> Option<u64> {
    let spare = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| spare(&text));
    let allowed = std::fs::read_to_string("/proc/self/cgroup")
        .ok()
        .and_then(|groups| allowed(Path::new("/sys/fs/cgroup"), &groups));
    [spare, allowed].into_iter().flatten().min()
}

/// `MemAvailable` of `/proc/meminfo`.
fn spare(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// What the tightest group that this process is in may still take, by version 2 of control groups; what its files keep in
/// memory can be taken back and does not count.
fn allowed(root: &Path, groups: &str) -> Option<u64> {
    let own = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let own: PathBuf = root.join(own);
    let number = |group: &Path, file: &str| std::fs::read_to_string(group.join(file)).ok()?.trim().parse::<u64>().ok();
    own.ancestors()
        .take_while(|group| group.starts_with(root))
        .filter_map(|group| {
            let most = number(group, "memory.max")?;
            let used = number(group, "memory.current")?;
            let text = std::fs::read_to_string(group.join("memory.stat")).unwrap_or_default();
            let files = text.lines().find_map(|line| line.strip_prefix("inactive_file ")?.trim().parse().ok());
            Some(most.saturating_sub(used.saturating_sub(files.unwrap_or(0))))
        })
        .min()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn sizes_read_well() {
        for (bytes, text) in [
            (1, "1 KB"),
            (6_065_792, "6.1 MB"),
            (986_000_000, "986 MB"),
            (999_900_000, "1.0 GB"),
            (4_920_000_000, "4.9 GB"),
        ] {
            assert_eq!(Size(bytes).to_string(), text);
        }
    }

    fn file(bytes: u64, context: u64) -> ModelFile {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.gguf");
        std::fs::write(&path, crate::gguf::sample("llama", "model")).unwrap();
        let mut file = ModelFile::read(&path).unwrap();
        file.bytes = bytes;
        // The shape of Qwen2.5-1.5B.
        file.vocabulary = 151_936;
        file.shape = crate::gguf::Shape {
            layers: 28,
            context,
            embedding: 1536,
            feed_forward: 8960,
            heads: 12,
            kept_heads: 2 * 28,
            ..crate::gguf::Shape::default()
        };
        file
    }

    #[test]
    fn the_context_of_a_known_model_is_reckoned_right() {
        // 28 layers, 2 heads, keys of 128 numbers of 2 bytes and values of as many of 4: 42 KB a token.
        let need = Need::of(&file(986_000_000, 32_768), 2048, 64);
        assert_eq!(need.context, 2048 * 43_008);
        assert!((44_000_000..56_000_000).contains(&need.work), "{need}");
        assert_eq!(need.total(), need.weights + need.context + need.work);
    }

    #[test]
    fn what_is_left_to_the_machine_shrinks_to_what_fits() {
        let file = file(986_000_000, 32_768);
        let of = |available| Plan::of(&file, Wish::default(), Some(available));
        assert_eq!(of(8_000_000_000).context, USUAL_CONTEXT);
        let tight = of(1_300_000_000);
        assert!(
            tight.context == USUAL_CONTEXT / 2 && tight.fits(),
            "it fits, but leaves the machine little: {tight:?}"
        );
        let tighter = of(1_075_000_000);
        assert!(tighter.context == LEAST_CONTEXT && tighter.fits(), "{tighter:?}");
        assert!(!of(1_000_000_000).fits());
    }

    #[test]
    fn too_large_is_refused_with_figures_and_a_remedy() {
        let file = file(4_920_000_000, 32_768);
        let path = Path::new("voice.gguf");
        let refused = Plan::of(&file, Wish::default(), Some(2_000_000_000)).check(path).unwrap_err();
        let text = refused.to_string();
        assert!(text.contains("weights 4.9 GB") && text.contains("2.0 GB of memory are free"), "{text}");
        assert!(refused.hint().unwrap().contains("smaller quantisation"));
        let wish = Wish { context: Some(32_768), lines: None };
        let refused = Plan::of(&file, wish, Some(5_500_000_000)).check(path).unwrap_err();
        assert!(refused.hint().unwrap().contains("model.context"), "{refused}");
        assert!(Plan::of(&file, wish, None).fits(), "where the system does not say, it is tried");
    }

    #[test]
    fn a_line_is_held_to_what_the_model_was_trained_on() {
        let plan = Plan::of(&file(6_000_000, 512), Wish { context: Some(4096), lines: Some(1) }, None);
        assert_eq!((plan.context, plan.line, plan.lines), (4096, 512, 1));
    }

    #[test]
    fn what_is_spare_is_read_from_the_system() {
        assert_eq!(spare("MemTotal:  4000 kB\nMemAvailable:    2000 kB\n"), Some(2_048_000));
        assert_eq!(spare("MemTotal:  4000 kB\n"), None);
        assert!(available().unwrap() > 0);
    }

    #[test]
    fn the_tightest_group_counts_and_its_cached_files_do_not() {
        let root = tempfile::tempdir().unwrap();
        let group = root.path().join("system.slice/vachak.service");
        std::fs::create_dir_all(&group).unwrap();
        let write = |at: &Path, file: &str, text: &str| std::fs::write(at.join(file), text).unwrap();
        assert_eq!(allowed(root.path(), "0::/system.slice/vachak.service\n"), None);
        write(&group, "memory.max", "max\n");
        write(&group, "memory.current", "500\n");
        write(group.parent().unwrap(), "memory.max", "1000\n");
        write(group.parent().unwrap(), "memory.current", "700\n");
        write(group.parent().unwrap(), "memory.stat", "anon 400\ninactive_file 300\n");
        assert_eq!(allowed(root.path(), "0::/system.slice/vachak.service\n"), Some(600));
    }
}
