//! llama.cpp's own functions, where its Rust bindings have nothing: quantising, and watching what goes through a model.
//! Callers have looked the files over (`check`) and started llama.cpp (`llama`).
#![expect(unsafe_code, reason = "calls into llama.cpp that have no safe binding")]

use std::{
    ffi::{CStr, CString, c_char, c_void},
    path::Path,
    ptr,
};

use llama_cpp_sys_2 as sys;

use super::{
    matrix::{Matrix, Sums},
    rows::Pair,
    threads,
};
use crate::{run::Stop, training::WeightType};

/// Tokens of a row that are watched.
const LONGEST: usize = 512;

fn c_path(path: &Path) -> Result<CString, &'static str> {
    CString::new(path.as_os_str().as_encoded_bytes()).map_err(|_| "its path has a zero byte")
}

/// Quantises a file into another.
pub(super) fn quantize(
    source: &Path,
    to: &Path,
    kind: WeightType,
    matrix: Option<&Matrix>,
) -> Result<(), &'static str> {
    let (source, to) = (c_path(source)?, c_path(to)?);
    let names: Vec<CString> = matrix
        .into_iter()
        .flat_map(Matrix::keys)
        .map(|name| CString::new(name.as_str()).map_err(|_| "a tensor's name has a zero byte"))
        .collect::<Result<_, _>>()?;
    let columns = matrix.into_iter().flat_map(Matrix::values);
    let entry = |(name, data): (&CString, &Vec<f32>)| sys::llama_model_imatrix_data {
        name: name.as_ptr(),
        data: data.as_ptr(),
        size: data.len(),
    };
    let mut entries: Vec<_> = names.iter().zip(columns).map(entry).collect();
    entries.push(sys::llama_model_imatrix_data { name: ptr::null(), data: ptr::null(), size: 0 });
    // SAFETY: takes nothing, returns a plain struct.
    let mut params = unsafe { sys::llama_model_quantize_default_params() };
    params.ftype = match kind {
        WeightType::F16 => sys::LLAMA_FTYPE_MOSTLY_F16,
        WeightType::Q8_0 => sys::LLAMA_FTYPE_MOSTLY_Q8_0,
        WeightType::Q6K => sys::LLAMA_FTYPE_MOSTLY_Q6_K,
        WeightType::Q5KM => sys::LLAMA_FTYPE_MOSTLY_Q5_K_M,
        WeightType::Q4KM => sys::LLAMA_FTYPE_MOSTLY_Q4_K_M,
        WeightType::Q4_0 => sys::LLAMA_FTYPE_MOSTLY_Q4_0,
        WeightType::Iq4Nl => sys::LLAMA_FTYPE_MOSTLY_IQ4_NL,
    };
    params.nthread = threads();
    params.allow_requantize = true;
    if matrix.is_some() {
        params.imatrix = entries.as_ptr();
    }
    // SAFETY: both paths end in zero; `params` and the list it points to, which ends in an entry without a name, outlive
    // the call, as do the names and numbers in that list. C++ exceptions are caught inside and become a code.
    let code = unsafe { sys::llama_model_quantize(source.as_ptr(), to.as_ptr(), &raw const params) };
    if code == 0 { Ok(()) } else { Err("it gave up") }
}

/// A model and a context, freed together.
struct Loaded {
    model: *mut sys::llama_model,
    context: *mut sys::llama_context,
}

impl Drop for Loaded {
    fn drop(&mut self) {
        // SAFETY: each was made by llama.cpp and is freed once, the context before its model; null is not passed on.
        unsafe {
            if !self.context.is_null() {
                sys::llama_free(self.context);
            }
            if !self.model.is_null() {
                sys::llama_model_free(self.model);
            }
        }
    }
}

/// What the watching callback is given.
struct Watcher {
    sums: Sums,
    bytes: Vec<u8>,
}

/// Runs rows through a model and adds up what goes into each weight of its layers.
pub(super) fn watch(source: &Path, rows: &[Pair], stop: &Stop) -> Result<Sums, &'static str> {
    let source = c_path(source)?;
    let mut watcher = Box::new(Watcher { sums: Sums::default(), bytes: Vec::new() });
    // SAFETY: the path ends in zero; null is handled below.
    let model = unsafe { sys::llama_model_load_from_file(source.as_ptr(), sys::llama_model_default_params()) };
    let mut loaded = Loaded { model, context: ptr::null_mut() };
    if loaded.model.is_null() {
        return Err("it does not load");
    }
    let size = LONGEST as u32;
    // SAFETY: takes nothing, returns a plain struct.
    let mut params = unsafe { sys::llama_context_default_params() };
    (params.n_ctx, params.n_batch, params.n_ubatch) = (size, size, size);
    params.n_threads = threads();
    params.n_threads_batch = params.n_threads;
    params.cb_eval = Some(on_tensor);
    params.cb_eval_user_data = (&raw mut *watcher).cast::<c_void>();
    // SAFETY: the model lives; the watcher is boxed, outlives the context (dropped first, below) and is touched by nobody
    // else while a decode runs.
    loaded.context = unsafe { sys::llama_init_from_model(loaded.model, params) };
    if loaded.context.is_null() {
        return Err("there is no context for it");
    }
    // SAFETY: the model lives.
    let vocab = unsafe { sys::llama_model_get_vocab(loaded.model) };
    for row in rows {
        if stop.is_cancelled() {
            break;
        }
        let mut tokens = tokens(vocab, &format!("{}{}", row.prompt, row.completion));
        tokens.truncate(LONGEST);
        let count = i32::try_from(tokens.len()).unwrap_or(0);
        if count == 0 {
            continue;
        }
        // SAFETY: the context lives; the batch points to `count` tokens that outlive the decode, no more than the context
        // was made for; its cache is empty before.
        let code = unsafe {
            sys::llama_memory_clear(sys::llama_get_memory(loaded.context), false);
            sys::llama_decode(loaded.context, sys::llama_batch_get_one(tokens.as_mut_ptr(), count))
        };
        if code != 0 {
            return Err("it does not compute");
        }
    }
    drop(loaded);
    Ok(std::mem::take(&mut watcher.sums))
}

fn tokens(vocab: *const sys::llama_vocab, text: &str) -> Vec<sys::llama_token> {
    // A byte brings at most one token.
    let mut tokens = vec![0; text.len() + 1];
    let (length, room) = (i32::try_from(text.len()).unwrap_or(0), i32::try_from(tokens.len()).unwrap_or(0));
    // SAFETY: `length` bytes of text and room for `room` tokens, as said.
    let count =
        unsafe { sys::llama_tokenize(vocab, text.as_ptr().cast(), length, tokens.as_mut_ptr(), room, false, true) };
    tokens.truncate(usize::try_from(count).unwrap_or(0));
    tokens
}

/// Called by llama.cpp for each tensor it computes: first asked whether it is of interest, then given it.
unsafe extern "C" fn on_tensor(tensor: *mut sys::ggml_tensor, ask: bool, watcher: *mut c_void) -> bool {
    // SAFETY: llama.cpp passes a tensor that lives, and the watcher it was given, which nobody else holds meanwhile.
    let (tensor, watcher) = unsafe { (&*tensor, &mut *watcher.cast::<Watcher>()) };
    let [weights, input, ..] = tensor.src;
    if tensor.op != sys::GGML_OP_MUL_MAT || weights.is_null() || input.is_null() {
        return !ask;
    }
    // SAFETY: not null, so they are tensors that live as long as the one they are sources of.
    let (weights, input) = unsafe { (&*weights, &*input) };
    let Some(name) = name_of(&weights.name) else { return !ask };
    let of_interest = name.starts_with("blk.") && name.ends_with(".weight") && input.type_ == sys::GGML_TYPE_F32;
    if ask || !of_interest {
        return if ask { of_interest } else { true };
    }
    // SAFETY: a tensor that lives; the buffer has the room that is said.
    unsafe {
        let bytes = sys::ggml_nbytes(input);
        watcher.bytes.resize(bytes, 0);
        sys::ggml_backend_tensor_get(input, watcher.bytes.as_mut_ptr().cast(), 0, bytes);
    }
    let [columns, rows, ..] = input.ne.map(|count| usize::try_from(count).unwrap_or(0));
    let [step, stride, ..] = input.nb;
    // More dimensions come with experts, which are multiplied by another operation.
    for row in 0..rows {
        let bytes = &watcher.bytes;
        let value = |column: usize| {
            let at = row * stride + column * step;
            bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0.0, f32::from_ne_bytes)
        };
        watcher.sums.add(name, (0..columns).map(value));
    }
    true
}

fn name_of(name: &[c_char; 64]) -> Option<&str> {
    let bytes: &[u8; 64] = as_bytes(name);
    CStr::from_bytes_until_nul(bytes).ok()?.to_str().ok()
}

fn as_bytes(name: &[c_char; 64]) -> &[u8; 64] {
    // SAFETY: `c_char` is one byte, signed or not; every byte is a `u8`.
    unsafe { &*ptr::from_ref(name).cast() }
}
