//! Which type each tensor has: the choice that llama.cpp's own quantiser makes for such a shape.

use std::fmt;
use std::str::FromStr;

use super::SyntheticError;
use super::shape::{Role, Shape, Tensor};

/// How the weights are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantization {
    /// About 4.8 bits a weight: the usual choice. Where rows are no multiple of 256, most of it becomes Q5_0.
    Q4KM,
    /// About 4.5 bits a weight, with the fastest kernels.
    Q4_0,
    /// 8.5 bits a weight.
    Q8_0,
}

impl Quantization {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Q4KM, Self::Q4_0, Self::Q8_0];

    /// Its name, as llama.cpp writes it, such as `Q4_K_M`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Q4KM => "Q4_K_M",
            Self::Q4_0 => "Q4_0",
            Self::Q8_0 => "Q8_0",
        }
    }

    /// `general.file_type`. Source: `enum llama_ftype` in llama.cpp's `llama.h`.
    pub(super) fn file_type(self) -> u32 {
        match self {
            Self::Q4_0 => 2,
            Self::Q8_0 => 7,
            Self::Q4KM => 15,
        }
    }

    /// The type of a tensor. Source: `llama_tensor_get_type_impl`, `tensor_type_fallback` and
    /// `tensor_allows_quantization` in llama.cpp's `src/llama-quant.cpp`, for a dense model with tied embeddings,
    /// quantised without an importance matrix.
    pub(super) fn of(self, tensor: &Tensor, shape: &Shape) -> Type {
        let usual = match self {
            Self::Q4KM => Type::Q4K,
            Self::Q4_0 => Type::Q4_0,
            Self::Q8_0 => Type::Q8_0,
        };
        let wanted = match tensor.role {
            Role::Norm | Role::Bias => return Type::F32,
            // The output, too, and so of more bits.
            Role::Embedding if usual != Type::Q8_0 => Type::Q6K,
            Role::Value | Role::Down if self == Self::Q4KM && gets_more_bits(tensor.layer, shape.layers) => Type::Q6K,
            _ => usual,
        };
        let (elements, _) = wanted.block();
        match wanted {
            _ if tensor.columns.is_multiple_of(elements) => wanted,
            Type::Q4K => Type::Q5_0,
            _ => Type::Q8_0,
        }
    }
}

/// The first and last eighth of the layers and every third between. Source: `use_more_bits` in `src/llama-quant.cpp`.
fn gets_more_bits(layer: u32, layers: u32) -> bool {
    layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2
}

impl fmt::Display for Quantization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Quantization {
    type Err = SyntheticError;

    fn from_str(name: &str) -> Result<Self, SyntheticError> {
        let found = Self::ALL.into_iter().find(|one| one.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| SyntheticError::UnknownQuantization(name.to_owned()))
    }
}

/// A type of ggml, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Type {
    F32 = 0,
    Q4_0 = 2,
    Q5_0 = 6,
    Q8_0 = 8,
    Q4K = 12,
    Q6K = 14,
}

impl Type {
    /// Elements in a block and bytes of a block.
    pub(super) fn block(self) -> (u32, u32) {
        // The table knows each of these types.
        let (elements, bytes) = crate::gguf::block_size(self as u32).unwrap_or((1, 4));
        (elements as u32, bytes as u32)
    }

    /// Bytes of a row of so many elements.
    pub(super) fn row(self, columns: u32) -> usize {
        let (elements, bytes) = self.block();
        columns as usize / elements as usize * bytes as usize
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn types(shape: Shape, quantization: Quantization, part: &str) -> Vec<Type> {
        let tensors = shape.tensors();
        let named = tensors.iter().filter(|tensor| tensor.name.contains(part));
        named.map(|tensor| quantization.of(tensor, &shape)).collect()
    }

    #[test]
    fn rows_that_are_no_multiple_of_256_fall_back() {
        let small = |part| types(Shape::HALF_BILLION, Quantization::Q4KM, part);
        assert_eq!(small("token_embd"), [Type::Q8_0]);
        assert!(small("attn_q.weight").iter().all(|one| *one == Type::Q5_0));
        // Its rows are the feed-forward's, 4,864 = 19 * 256.
        assert!(small("ffn_down").iter().all(|one| matches!(one, Type::Q4K | Type::Q6K)));
        let large = |part| types(Shape::ONE_AND_A_HALF, Quantization::Q4KM, part);
        assert_eq!(large("token_embd"), [Type::Q6K]);
        assert!(large("attn_q.weight").iter().all(|one| *one == Type::Q4K));
    }

    #[test]
    fn half_of_the_layers_get_more_bits() {
        let down = types(Shape::ONE_AND_A_HALF, Quantization::Q4KM, "ffn_down");
        assert_eq!(down.iter().filter(|one| **one == Type::Q6K).count(), 14);
        assert_eq!(down[..3], [Type::Q6K; 3]);
        assert_eq!(down[24..], [Type::Q6K; 4]);
    }

    #[test]
    fn a_quantization_is_read_by_its_name() {
        assert_eq!("q4_k_m".parse::<Quantization>().unwrap(), Quantization::Q4KM);
        assert!("Q3_K".parse::<Quantization>().unwrap_err().to_string().contains("Q3_K"));
    }
}
