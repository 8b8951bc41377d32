//! Learning the merges of byte-pair encoding from a list of words.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Two neighbouring symbols, by number.
type Pair = (u32, u32);

/// Symbols and merges: what a byte-pair encoder needs.
#[derive(Debug)]
pub(super) struct Merges {
    /// The symbols: first those that were given, then one for each merge.
    pub(super) symbols: Vec<String>,
    /// The pairs that become one, the most frequent first.
    pub(super) pairs: Vec<Pair>,
}

/// Merges the most frequent pair of neighbouring symbols, again and again, until each word is one symbol or there are
/// `most` symbols. Applied in this order, as an encoder does, the merges make one symbol of each word. Among equally frequent pairs the
/// one of lower numbers comes first, so that the same words give the same merges.
pub(super) fn learn(alphabet: Vec<String>, words: &BTreeSet<Vec<u32>>, most: usize) -> Merges {
    let mut merges = Merges { symbols: alphabet, pairs: Vec::new() };
    // Different pairs can spell the same symbol, which has one number only.
    let mut known: HashMap<String, u32> =
        merges.symbols.iter().enumerate().map(|(id, symbol)| (symbol.clone(), id as u32)).collect();
    let mut words: Vec<Vec<u32>> = words.iter().cloned().collect();
    let mut places: HashMap<Pair, BTreeSet<usize>> = HashMap::new();
    let mut counts: BTreeMap<Pair, usize> = BTreeMap::new();
    for (place, word) in words.iter().enumerate() {
        for pair in pairs(word) {
            places.entry(pair).or_default().insert(place);
            *counts.entry(pair).or_default() += 1;
        }
    }
    let mut queue: BTreeSet<(usize, std::cmp::Reverse<Pair>)> =
        counts.iter().map(|(pair, count)| (*count, std::cmp::Reverse(*pair))).collect();
    while merges.symbols.len() < most
        && let Some((_, std::cmp::Reverse(pair))) = queue.last().copied()
    {
        let text = format!("{}{}", merges.symbols[pair.0 as usize], merges.symbols[pair.1 as usize]);
        let joined = *known.entry(text.clone()).or_insert_with(|| {
            merges.symbols.push(text);
            merges.symbols.len() as u32 - 1
        });
        merges.pairs.push(pair);
        let mut recount = |pair: Pair, more: bool| {
            let count = counts.entry(pair).or_default();
            queue.remove(&(*count, std::cmp::Reverse(pair)));
            *count = if more { *count + 1 } else { count.saturating_sub(1) };
            if *count > 0 {
                queue.insert((*count, std::cmp::Reverse(pair)));
            }
        };
        for place in places.remove(&pair).unwrap_or_default() {
            let word = &mut words[place];
            pairs(word).for_each(|pair| recount(pair, false));
            join(word, pair, joined);
            for pair in pairs(word) {
                recount(pair, true);
                places.entry(pair).or_default().insert(place);
            }
        }
    }
    merges
}

fn pairs(word: &[u32]) -> impl Iterator<Item = Pair> {
    word.windows(2).map(|two| (two[0], two[1]))
}

fn join(word: &mut Vec<u32>, pair: Pair, joined: u32) {
    let mut at = 0;
    while at + 1 < word.len() {
        if (word[at], word[at + 1]) == pair {
            word[at] = joined;
            word.remove(at + 1);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learnt(words: &[&str], most: usize) -> (Vec<String>, Vec<(String, String)>) {
        let alphabet: Vec<String> = ('a'..='z').map(String::from).collect();
        let words = words.iter().map(|word| word.bytes().map(|byte| u32::from(byte - b'a')).collect()).collect();
        let merges = learn(alphabet, &words, most);
        let symbol = |id: u32| merges.symbols[id as usize].clone();
        let pairs = merges.pairs.iter().map(|(left, right)| (symbol(*left), symbol(*right))).collect();
        (merges.symbols[26..].to_vec(), pairs)
    }

    #[test]
    fn the_most_frequent_pair_comes_first_and_every_word_becomes_a_symbol() {
        let (symbols, pairs) = learnt(&["four", "our", "hour", "to"], 1000);
        assert_eq!(pairs[0], ("o".to_owned(), "u".to_owned()));
        assert_eq!(pairs[1], ("ou".to_owned(), "r".to_owned()));
        for word in ["four", "our", "hour", "to"] {
            assert!(symbols.iter().any(|symbol| symbol == word), "{word} in {symbols:?}");
        }
    }

    #[test]
    fn no_symbol_comes_twice_though_two_pairs_may_spell_it() {
        // `aab` is a + ab here and aa + b there, depending on what was merged before.
        let (symbols, _) = learnt(&["aab", "aa", "ab", "aaab", "baab"], 1000);
        let distinct: BTreeSet<&String> = symbols.iter().collect();
        assert_eq!(distinct.len(), symbols.len(), "{symbols:?}");
    }

    #[test]
    fn there_are_no_more_symbols_than_wanted() {
        assert_eq!(learnt(&["four", "six", "wicket"], 28).0.len(), 2);
    }
}
