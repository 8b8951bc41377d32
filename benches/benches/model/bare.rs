//! The baseline: a bare loop over llama.cpp's own functions, with nothing between two tokens but the choice of the next.
#![expect(unsafe_code, reason = "llama.cpp without the writer has no safe binding")]

use std::{
    ffi::CString,
    path::Path,
    ptr,
    time::{Duration, Instant},
};

use anyhow::Context;
use llama_cpp_sys_2 as sys;

/// How llama.cpp is given its threads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Pool {
    /// As it does by itself.
    Own,
    /// A pool that is made once and attached, whose threads look for work all the time.
    Attached,
}

impl Pool {
    pub(super) const ALL: [Self; 2] = [Self::Own, Self::Attached];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Own => "own threads",
            Self::Attached => "attached pool",
        }
    }
}

/// A model and a context of its own.
pub(super) struct Bare {
    model: *mut sys::llama_model,
    context: *mut sys::llama_context,
    sampler: *mut sys::llama_sampler,
    pool: sys::ggml_threadpool_t,
}

impl Drop for Bare {
    fn drop(&mut self) {
        // SAFETY: each was made by llama.cpp and is freed once, the context before its model and its threads; null is not
        // passed on.
        unsafe {
            if !self.sampler.is_null() {
                sys::llama_sampler_free(self.sampler);
            }
            if !self.context.is_null() {
                sys::llama_free(self.context);
            }
            if !self.pool.is_null() {
                sys::ggml_threadpool_free(self.pool);
            }
            if !self.model.is_null() {
                sys::llama_model_free(self.model);
            }
        }
    }
}

impl Bare {
    pub(super) fn load(path: &Path, threads: u32, context: u32, pool: Pool) -> anyhow::Result<Self> {
        llm::embedded::backend().context("llama.cpp does not start")?;
        let path = CString::new(path.to_str().context("the path is no text")?)?;
        let threads = i32::try_from(threads)?;
        let null = ptr::null_mut();
        let mut bare = Self { model: null, context: ptr::null_mut(), sampler: ptr::null_mut(), pool: ptr::null_mut() };
        // SAFETY: the path ends in zero; each result is checked before it is used, and freed with `bare`; the parameters
        // are plain structs that are copied.
        unsafe {
            bare.model = sys::llama_model_load_from_file(path.as_ptr(), sys::llama_model_default_params());
            anyhow::ensure!(!bare.model.is_null(), "llama.cpp refused the model");
            let mut params = sys::llama_context_default_params();
            params.n_ctx = context;
            params.n_threads = threads;
            params.n_threads_batch = threads;
            bare.context = sys::llama_init_from_model(bare.model, params);
            anyhow::ensure!(!bare.context.is_null(), "there is no context");
            bare.sampler = sys::llama_sampler_init_greedy();
            if pool == Pool::Attached {
                let mut params = sys::ggml_threadpool_params_default(threads);
                params.poll = 100;
                bare.pool = sys::ggml_threadpool_new(&raw mut params);
                anyhow::ensure!(!bare.pool.is_null(), "there are no threads");
                sys::llama_attach_threadpool(bare.context, bare.pool, bare.pool);
            }
        }
        Ok(bare)
    }

    /// Computes the prompt and writes so many tokens behind it; how long the writing took.
    pub(super) fn decode(&mut self, prompt: &str, tokens: u32) -> anyhow::Result<Duration> {
        let mut prompt = self.tokens(prompt)?;
        // SAFETY: context and sampler live as long as `self`; every batch borrows tokens that outlive the call; logits of the
        // last token are there after each decode, which was checked.
        unsafe {
            sys::llama_memory_clear(sys::llama_get_memory(self.context), true);
            for chunk in prompt.chunks_mut(512) {
                let batch = sys::llama_batch_get_one(chunk.as_mut_ptr(), i32::try_from(chunk.len())?);
                anyhow::ensure!(sys::llama_decode(self.context, batch) == 0, "the prompt could not be computed");
            }
            let begun = Instant::now();
            let mut token = sys::llama_sampler_sample(self.sampler, self.context, -1);
            for _ in 1..tokens {
                let batch = sys::llama_batch_get_one(&raw mut token, 1);
                anyhow::ensure!(sys::llama_decode(self.context, batch) == 0, "a token could not be computed");
                token = sys::llama_sampler_sample(self.sampler, self.context, -1);
            }
            Ok(begun.elapsed())
        }
    }

    /// Only the vocabulary of a file.
    pub(super) fn vocabulary(path: &Path) -> anyhow::Result<Self> {
        llm::embedded::backend().context("llama.cpp does not start")?;
        let path = CString::new(path.to_str().context("the path is no text")?)?;
        // SAFETY: takes nothing, returns a plain struct.
        let mut params = unsafe { sys::llama_model_default_params() };
        params.vocab_only = true;
        // SAFETY: the path ends in zero; the result is checked and freed with `Self`.
        let model = unsafe { sys::llama_model_load_from_file(path.as_ptr(), params) };
        anyhow::ensure!(!model.is_null(), "llama.cpp refused the vocabulary");
        Ok(Self { model, context: ptr::null_mut(), sampler: ptr::null_mut(), pool: ptr::null_mut() })
    }

    /// The tokens of a text, marks read as such.
    pub(super) fn tokens(&self, text: &str) -> anyhow::Result<Vec<sys::llama_token>> {
        let length = i32::try_from(text.len())?;
        let mut tokens = vec![0; text.len() + 1];
        let room = i32::try_from(tokens.len())?;
        // SAFETY: the model is there; llama.cpp writes no more tokens than there is room.
        let count = unsafe {
            let vocab = sys::llama_model_get_vocab(self.model);
            sys::llama_tokenize(vocab, text.as_ptr().cast(), length, tokens.as_mut_ptr(), room, false, true)
        };
        tokens.truncate(usize::try_from(count).context("the prompt cannot be cut into tokens")?);
        Ok(tokens)
    }
}
