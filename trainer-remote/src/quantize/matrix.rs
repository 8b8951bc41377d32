//! The importance matrix: for each weight's column, the mean square of what our own prompts and lines send through it.
//! Quantising keeps those columns most exactly that matter most (llama.cpp's `imatrix`).

use std::{collections::BTreeMap, path::Path};

use super::{QuantizeError, check, llama, native, rows::Pair};
use crate::run::Stop;

/// Mean squares by tensor.
pub(super) type Matrix = BTreeMap<String, Vec<f32>>;

/// Sums of squares and how many rows were added, by tensor.
#[derive(Debug, Default)]
pub(super) struct Sums {
    by_tensor: BTreeMap<String, (Vec<f64>, u64)>,
}

impl Sums {
    /// Adds a row of what goes into a tensor.
    pub(super) fn add(&mut self, tensor: &str, row: impl ExactSizeIterator<Item = f32>) {
        if !self.by_tensor.contains_key(tensor) {
            self.by_tensor.insert(tensor.to_owned(), (vec![0.0; row.len()], 0));
        }
        if let Some((sums, count)) = self.by_tensor.get_mut(tensor).filter(|(sums, _)| sums.len() == row.len()) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += f64::from(value).powi(2);
            }
            *count += 1;
        }
    }

    /// The means.
    pub(super) fn means(self) -> Matrix {
        let mean = |(sums, count): (Vec<f64>, u64)| sums.iter().map(|sum| (sum / count.max(1) as f64) as f32).collect();
        self.by_tensor.into_iter().map(|(name, sums)| (name, mean(sums))).collect()
    }
}

/// Gathers it from rows.
pub(super) fn gather(source: &Path, rows: &[Pair], stop: &Stop) -> Result<Matrix, QuantizeError> {
    check(source)?;
    llama()?;
    let refused = |reason: String| QuantizeError::Refused {
        path: source.to_owned(),
        reason,
        hint: "set quantize.imatrix = false, or make the f16 file anew with `gguf --force`".to_owned(),
    };
    if rows.is_empty() {
        return Err(refused("there are no rows to gather the importance matrix from".to_owned()));
    }
    let sums = native::watch(source, rows, stop).map_err(|reason| refused(reason.to_owned()))?;
    if stop.is_cancelled() {
        return Err(QuantizeError::Stopped);
    }
    let means = sums.means();
    if means.is_empty() || means.values().flatten().any(|mean| !mean.is_finite()) {
        return Err(refused("the importance matrix has no numbers".to_owned()));
    }
    Ok(means)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_of_squares() {
        let mut sums = Sums::default();
        sums.add("a", [1.0, -2.0].into_iter());
        sums.add("a", [3.0, 0.0].into_iter());
        sums.add("a", [9.0].into_iter());
        assert_eq!(sums.means(), Matrix::from([("a".to_owned(), vec![5.0, 2.0])]));
    }

    /// Query, key and value of a layer are given the same input, as are gate and up: their means must be the same.
    #[test]
    #[allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skips")]
    fn tensors_with_one_input_have_one_mean() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/models/dev-mini-q8_0.gguf");
        if !path.exists() {
            eprintln!("skipped: {} is not there", path.display());
            return;
        }
        let row = |over: u32| Pair {
            prompt: format!(
                "<|im_start|>user\nstyle: benaud\nover: {over}.3 score: 148/7\nball: 4<|im_end|>\n<|im_start|>assistant\n"
            ),
            completion: "Four.<|im_end|>".to_owned(),
        };
        let matrix = gather(&path, &[row(1), row(2), row(30)], &Stop::new()).unwrap();
        let of = |layer: usize, part: &str| &matrix[&format!("blk.{layer}.{part}.weight")];
        let layers = matrix.len() / 7;
        assert!(layers > 1 && matrix.len().is_multiple_of(7), "{:?}", matrix.keys());
        for layer in 0..layers {
            assert_eq!(of(layer, "attn_q"), of(layer, "attn_k"));
            assert_eq!(of(layer, "attn_q"), of(layer, "attn_v"));
            assert_eq!(of(layer, "ffn_gate"), of(layer, "ffn_up"));
            assert_ne!(of(layer, "attn_q"), of(layer, "ffn_up"));
            assert!(of(layer, "ffn_down").len() > of(layer, "ffn_up").len());
            assert!(of(layer, "ffn_down").iter().any(|mean| *mean > 0.0));
        }
        assert_ne!(of(0, "attn_q"), of(1, "attn_q"));
    }
}
