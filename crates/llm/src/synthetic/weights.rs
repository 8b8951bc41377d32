//! Random weights, straight as blocks of their type: no numbers are quantised.

use half::f16;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use super::quantization::Type;
use super::shape::{Role, Tensor};

/// What weights spread by around zero. That of trained models of this size, roughly; the norms between the layers keep
/// every sum finite whatever it is.
const SPREAD: f32 = 0.02;

/// Bytes of rows that are made in one go.
const CHUNK: usize = 1 << 20;

/// Makes a tensor's bytes and hands them on, piece by piece. The same seed and `number` (which tensor it is) give the
/// same bytes. The rows that `silent` names hold zeros.
pub(super) fn make<E>(
    tensor: &Tensor,
    kind: Type,
    (seed, number): (u64, u64),
    silent: impl Fn(u32) -> bool,
    mut out: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(number);
    let width = kind.row(tensor.columns);
    let at_once = (CHUNK / width).max(1);
    let mut bytes = vec![0; at_once * width];
    let mut row = 0;
    while row < tensor.rows {
        let rows = (tensor.rows - row).min(at_once as u32);
        let bytes = &mut bytes[..rows as usize * width];
        random.fill_bytes(bytes);
        for (row, bytes) in (row..).zip(bytes.chunks_exact_mut(width)) {
            match tensor.role {
                _ if silent(row) => bytes.fill(0),
                Role::Norm => plain(bytes, 1.0),
                Role::Bias => plain(bytes, 0.0),
                _ => blocks(bytes, kind),
            }
        }
        out(bytes)?;
        row += rows;
    }
    Ok(())
}

/// Random bytes become F32 numbers within [`SPREAD`] of the middle.
fn plain(bytes: &mut [u8], middle: f32) {
    for number in bytes.chunks_exact_mut(4) {
        let share = f32::from(number[0]) / 255.0 * 2.0 - 1.0;
        number.copy_from_slice(&(middle + SPREAD * share).to_le_bytes());
    }
}

/// Random bytes become blocks: the quants stay as they are, the scales are set. The layouts are those of ggml's
/// `ggml-common.h`; a weight is what `dequantize_row_*` in its `ggml-quants.c` makes of a block.
fn blocks(bytes: &mut [u8], kind: Type) {
    let (_, size) = kind.block();
    let blocks = bytes.chunks_exact_mut(size as usize);
    match kind {
        Type::F32 => plain(bytes, 0.0),
        // d, quants of 4 bits: d * (q - 8).
        Type::Q4_0 => blocks.for_each(|block| set_scale(&mut block[..2], spread_of(16.0, 8.0))),
        // d, fifth bits, quants of 4 bits: d * (q - 16).
        Type::Q5_0 => blocks.for_each(|block| set_scale(&mut block[..2], spread_of(32.0, 16.0))),
        // d, quants of a byte: d * q.
        Type::Q8_0 => blocks.for_each(|block| {
            set_scale(&mut block[..2], spread_of(256.0, 128.0));
            for quant in &mut block[2..] {
                // -128 never occurs in a real file, and some kernels negate.
                *quant = if *quant == 0x80 { 0x81 } else { *quant };
            }
        }),
        Type::Q4K => blocks.for_each(q4_k),
        Type::Q6K => blocks.for_each(q6_k),
    }
}

/// d, dmin, eight pairs of a scale and a minimum of 6 bits each in 12 bytes, quants of 4 bits: d * s * q - dmin * m.
fn q4_k(block: &mut [u8]) {
    // Around zero: each minimum is its scale, and dmin is d times the middle of 0..=15.
    const MIDDLE: f32 = 7.5;
    let d = scale(block[0], spread_of(16.0, MIDDLE) * 32.0);
    block[..2].copy_from_slice(&d.to_le_bytes());
    block[2..4].copy_from_slice(&f16::from_f32(d.to_f32() * MIDDLE).to_le_bytes());
    let scales = &mut block[4..16];
    let mut chosen = [0; 8];
    for (chosen, random) in chosen.iter_mut().zip(scales.iter()) {
        *chosen = 16 + (random & 31);
    }
    let (low, high) = chosen.split_at(4);
    for (i, (low, high)) in low.iter().zip(high).enumerate() {
        // As `get_scale_min_k4` takes them apart.
        let top = (high >> 4) << 6;
        scales[i] = low | top;
        scales[i + 4] = low | top;
        scales[i + 8] = (high & 15) | ((high & 15) << 4);
    }
}

/// Low bits, high bits, a scale of a byte for each 16 weights, d: d * s * (q - 32).
fn q6_k(block: &mut [u8]) {
    let (scales, d) = block[192..].split_at_mut(16);
    for one in scales {
        *one = 32 + (*one & 63);
    }
    set_scale(d, spread_of(64.0, 32.0) * 64.0);
}

/// How far quants, evenly spread over 0, 1 … `values` - 1, lie from `middle`: the root of their mean square.
fn spread_of(values: f32, middle: f32) -> f32 {
    let off = (values - 1.0) / 2.0 - middle;
    ((values * values - 1.0) / 12.0 + off * off).sqrt()
}

/// The scale with which quants that spread by `quants` become weights that spread by [`SPREAD`], a quarter more or less,
/// as `random` says.
fn scale(random: u8, quants: f32) -> f16 {
    f16::from_f32(SPREAD / quants * (0.75 + f32::from(random) / 510.0))
}

/// Puts a scale where a random byte stands.
fn set_scale(at: &mut [u8], quants: f32) {
    at.copy_from_slice(&scale(at[0], quants).to_le_bytes());
}
