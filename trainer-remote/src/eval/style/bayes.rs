//! Multinomial naive Bayes with add-half smoothing and equal priors: a hundred lines of it do what is needed of a judge of
//! style, and every weight can be read off.

use std::collections::HashMap;

/// What is added to every count, so that a word one persona never said is unlikely and not impossible.
const SMOOTHING: f64 = 0.5;

/// Counts of features by class.
pub(super) struct Bayes {
    counts: HashMap<String, Vec<u32>>,
    totals: Vec<f64>,
}

impl Bayes {
    /// Of so many classes, none of which it knows yet.
    pub(super) fn of(classes: usize) -> Self {
        Self { counts: HashMap::new(), totals: vec![0.0; classes] }
    }

    /// Learns that these are features of a class.
    pub(super) fn learn(&mut self, class: usize, features: &[String]) {
        let classes = self.totals.len();
        let Some(total) = self.totals.get_mut(class) else { return };
        *total += features.len() as f64;
        for feature in features {
            self.counts.entry(feature.clone()).or_insert_with(|| vec![0; classes])[class] += 1;
        }
    }

    /// The likeliest class; `None` where none of the features was ever seen.
    pub(super) fn guess(&self, features: &[String]) -> Option<usize> {
        let known: Vec<&Vec<u32>> = features.iter().filter_map(|feature| self.counts.get(feature)).collect();
        if known.is_empty() {
            return None;
        }
        let size = self.counts.len() as f64 * SMOOTHING;
        let score = |class: usize, total: f64| -> f64 {
            known.iter().map(|counts| ((f64::from(counts[class]) + SMOOTHING) / (total + size)).ln()).sum()
        };
        let scores = self.totals.iter().enumerate().map(|(class, total)| (class, score(class, *total)));
        scores.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(class, _)| class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    /// The worked example of C. Manning, P. Raghavan and H. Schütze, "Introduction to Information Retrieval" (2008),
    /// example 13.1, whose answer smoothing of a half and equal priors leave as it is.
    #[test]
    fn chinese_chinese_chinese_tokyo_japan_is_about_china() {
        let mut bayes = Bayes::of(2);
        for text in ["chinese beijing chinese", "chinese chinese shanghai", "chinese macao"] {
            bayes.learn(0, &words(text));
        }
        bayes.learn(1, &words("tokyo japan chinese"));
        assert_eq!(bayes.guess(&words("chinese chinese chinese chinese beijing")), Some(0));
        assert_eq!(bayes.guess(&words("tokyo japan")), Some(1));
        assert_eq!(bayes.guess(&words("london")), None);
    }
}
