//! Chance that is the same whenever and wherever it is asked: numbers from a seed and what they are for.

/// A well-spread number from a seed and some texts (FNV-1a, then the finisher of SplitMix64); never changes between
/// builds.
pub(super) fn draw(seed: u64, texts: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ mix(seed);
    for byte in texts.iter().flat_map(|text| text.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    mix(hash)
}

/// Spreads the bits of a number.
pub(super) fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A drawn number as one from 0 to below 1.
pub(super) fn unit(drawn: u64) -> f64 {
    (drawn >> 11) as f64 / (1_u64 << 53) as f64
}

/// A drawn number as one below `count`; 0 where there is none.
pub(super) fn below(drawn: u64, count: usize) -> usize {
    let wide = u128::from(drawn) * count as u128;
    (wide >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_even_and_depend_on_every_part() {
        let mut buckets = [0_u32; 10];
        for ball in 0..20_000 {
            buckets[below(draw(7, &["m", &ball.to_string()]), 10)] += 1;
        }
        assert!(buckets.iter().all(|count| (1_850..2_150).contains(count)), "{buckets:?}");
        assert_ne!(draw(7, &["ab", "c"]), draw(7, &["a", "bc"]));
        assert_ne!(draw(7, &["a"]), draw(8, &["a"]));
        assert!(unit(u64::MAX) < 1.0 && unit(0) >= 0.0);
        assert_eq!(below(u64::MAX, 0), 0);
    }
}
