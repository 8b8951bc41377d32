//! Choosing the next token.

use std::cmp::Ordering;

use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::token::data::LlamaTokenData;
use llama_cpp_2::token::data_array::LlamaTokenDataArray;

use crate::request::{Sampling, TOP_K};

/// What is taken off the logit of a token that a line had better not begin with. At a temperature of 0.7 it becomes about
/// 300 times less likely than it was: seen only where the model has hardly anything else to say.
const DISCOURAGED: f32 = -4.0;

/// How many of the next likeliest tokens are considered where none of the likeliest will do.
const FURTHER: usize = 1000;

/// The model computes no numbers: not-a-number, or infinitely likely. A damaged file can load well and do that.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoNumbers;

/// Chooses tokens for one line: the same seed and the same logits make the same choices, whatever other lines do.
pub(super) struct Chooser {
    /// Top-p, min-p, temperature and the draw, on the likeliest tokens; `None`: always the likeliest.
    chain: Option<LlamaSampler>,
}

impl Chooser {
    pub(super) fn new(sampling: Sampling) -> Self {
        // To llama.cpp this seed means "any".
        const ANY: u32 = u32::MAX;
        let sampling = sampling.bounded();
        let chain = (sampling.temperature > 0.0).then(|| {
            LlamaSampler::chain_simple([
                LlamaSampler::top_p(sampling.top_p, 1),
                LlamaSampler::min_p(sampling.min_p, 1),
                LlamaSampler::temp(sampling.temperature),
                LlamaSampler::dist(sampling.seed.map_or(ANY, |seed| seed.min(ANY - 1))),
            ])
        });
        Self { chain }
    }

    /// The likeliest tokens in the order in which to take them: the one that was drawn, the others that could have been,
    /// the likeliest first, and those that were too unlikely to be drawn. `discouraged` ones are made less likely first.
    pub(super) fn rank(&mut self, logits: &[f32], discouraged: &[LlamaToken]) -> Result<Vec<LlamaToken>, NoNumbers> {
        let mut likeliest = if discouraged.is_empty() {
            likeliest(logits)?
        } else {
            let mut logits = logits.to_vec();
            for token in discouraged {
                if let Some(logit) = usize::try_from(token.0).ok().and_then(|at| logits.get_mut(at)) {
                    *logit += DISCOURAGED;
                }
            }
            self::likeliest(&logits)?
        };
        likeliest.sort_unstable_by(order);
        let all = likeliest.into_iter().map(|(logit, id)| LlamaTokenData::new(LlamaToken::new(id), logit, 0.0));
        let mut drawn = LlamaTokenDataArray::from_iter(all, true);
        let mut ranked: Vec<LlamaToken> = drawn.data.iter().map(LlamaTokenData::id).collect();
        if let Some(chain) = &mut self.chain {
            // Cuts the unlikely ones off the end; the order of the others is their order here already.
            drawn.apply_sampler(chain);
            let chosen = drawn.selected.filter(|place| *place < ranked.len()).unwrap_or_default();
            ranked[..=chosen].rotate_right(1);
        }
        Ok(ranked)
    }
}

/// The tokens next likely after those that [`Chooser::rank`] gives, the likeliest first.
pub(super) fn further(logits: &[f32]) -> Vec<LlamaToken> {
    let mut all: Vec<(f32, i32)> = logits.iter().copied().zip(0..).collect();
    let end = (usize::from(TOP_K) + FURTHER).min(all.len());
    if end < all.len() {
        all.select_nth_unstable_by(end, order);
        all.truncate(end);
    }
    all.sort_unstable_by(order);
    all.into_iter().skip(TOP_K.into()).map(|(_, id)| LlamaToken::new(id)).collect()
}

/// The likelier first; among equals, the lower number.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "what sorting calls it with")]
fn order(one: &(f32, i32), other: &(f32, i32)) -> Ordering {
    other.0.total_cmp(&one.0).then(one.1.cmp(&other.1))
}

/// The [`TOP_K`] likeliest, in no order.
fn likeliest(logits: &[f32]) -> Result<Vec<(f32, i32)>, NoNumbers> {
    // Looked through a block at a time: after the first few, hardly any holds one that is likely enough.
    const BLOCK: usize = 64;
    let most = usize::from(TOP_K);
    let mut found: Vec<(f32, i32)> = Vec::with_capacity(most * 2 + BLOCK);
    let mut bar = f32::NEG_INFINITY;
    for (block, first) in logits.chunks(BLOCK).zip((0..).step_by(BLOCK)) {
        let mut top = f32::NEG_INFINITY;
        let mut sound = true;
        for &logit in block {
            sound &= logit < f32::INFINITY;
            top = if logit > top { logit } else { top };
        }
        if !sound {
            return Err(NoNumbers);
        }
        if top > bar || found.len() < most {
            found.extend(block.iter().zip(first..).filter(|(logit, _)| **logit > bar).map(|(logit, id)| (*logit, id)));
            if found.len() >= most * 2 {
                found.select_nth_unstable_by(most - 1, order);
                found.truncate(most);
                bar = found[most - 1].0;
            }
        }
    }
    if found.len() > most {
        found.select_nth_unstable_by(most - 1, order);
        found.truncate(most);
    }
    if found.is_empty() { Err(NoNumbers) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use proptest::prelude::*;

    use super::*;

    fn greedy() -> Chooser {
        Chooser::new(Sampling { temperature: 0.0, ..Sampling::default() })
    }

    #[test]
    fn what_is_no_number_is_found() {
        for nonsense in [f32::NAN, f32::INFINITY] {
            let mut logits = vec![0.0; 1000];
            logits[777] = nonsense;
            assert_eq!(greedy().rank(&logits, &[]), Err(NoNumbers));
        }
        assert_eq!(greedy().rank(&[f32::NEG_INFINITY; 8], &[]), Err(NoNumbers));
        assert_eq!(greedy().rank(&[], &[]), Err(NoNumbers));
    }

    #[test]
    fn a_discouraged_token_gives_way_unless_nothing_else_will_do() {
        let token = LlamaToken::new(1);
        assert_eq!(greedy().rank(&[1.0, 3.0, 0.0], &[]).unwrap()[0], token);
        assert_eq!(greedy().rank(&[1.0, 3.0, 0.0], &[token]).unwrap()[0], LlamaToken::new(0));
        assert_eq!(greedy().rank(&[1.0, 9.0, 0.0], &[token]).unwrap()[0], token);
        // Not a token of this vocabulary: of no effect.
        assert_eq!(greedy().rank(&[1.0, 3.0], &[LlamaToken::new(-1), LlamaToken::new(5)]).unwrap()[0], token);
    }

    #[test]
    fn what_could_not_be_drawn_comes_last() {
        let sampling = Sampling { temperature: 1.0, top_p: 1.0, min_p: 0.2, seed: Some(3) };
        let mut chooser = Chooser::new(sampling);
        for _ in 0..50 {
            // Likely, likely, and two that min-p cuts off.
            let ranked = chooser.rank(&[-5.0, 2.0, -3.0, 2.0], &[]).unwrap();
            let ids: Vec<i32> = ranked.iter().map(|token| token.0).collect();
            assert!(ids == [1, 3, 2, 0] || ids == [3, 1, 2, 0], "{ids:?}");
        }
    }

    proptest! {
        #[test]
        fn the_likeliest_are_those_of_a_full_sort(logits in prop::collection::vec(-9i8..9, 1..700)) {
            let logits: Vec<f32> = logits.into_iter().map(f32::from).collect();
            let mut sorted: Vec<(f32, i32)> = logits.iter().copied().zip(0..).collect();
            sorted.sort_by(order);
            let likeliest: Vec<_> = sorted.iter().copied().take(TOP_K.into()).collect();
            let ranked: Vec<i32> = greedy().rank(&logits, &[]).unwrap().iter().map(|token| token.0).collect();
            prop_assert_eq!(&ranked, &likeliest.iter().map(|(_, id)| *id).collect::<Vec<_>>());
            let both: Vec<i32> = ranked.into_iter().chain(further(&logits).iter().map(|token| token.0)).collect();
            prop_assert_eq!(both, sorted.iter().map(|(_, id)| *id).collect::<Vec<_>>());
        }
    }
}
