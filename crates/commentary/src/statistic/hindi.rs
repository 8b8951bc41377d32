//! The clauses in Hindi.

use cricket::phase::Phase;

use super::{Words, tenths};
use crate::archive::{Question, Told};

/// The clause; `None` where question and answer do not belong together, or a part of it has no name in Hindi.
pub(super) fn clause(words: &Words<'_>) -> Option<String> {
    let Words { who, other, since, .. } = words;
    let scope = scope(words.scope);
    let balls =
        |number: u32| if number == 1 { "1 गेंद".to_owned() } else { format!("{number} गेंदों") };
    let what = match (words.question, words.told) {
        (Question::BatterInPhase(_, at), Told::Batting { runs, balls: faced, .. }) => {
            format!("{} में {who} के {} पर {runs} रन", phase(*at)?, balls(*faced))
        }
        (Question::BowlerInPhase(_, at), Told::Bowling { runs, balls: bowled, wickets, .. }) => {
            format!("{} में {who} के {} में {runs} रन देकर {wickets} विकेट", phase(*at)?, balls(*bowled))
        }
        (Question::BatterHere(_), Told::Batting { runs, innings, .. }) => {
            format!("इस मैदान पर {who} के {innings} पारियों में {runs} रन")
        }
        (Question::BowlerHere(_), Told::Bowling { wickets, innings, .. }) => {
            format!("इस मैदान पर {who} के {innings} पारियों में {wickets} विकेट")
        }
        (Question::BatterForm(_), Told::Form { innings, count, before_tenths, .. }) => {
            format!("{who} के पिछली {innings} पारियों में {count} रन, उससे पहले हर पारी में {}", tenths(*before_tenths))
        }
        (Question::BowlerForm(_), Told::Form { innings, count, before_tenths, .. }) => {
            format!("{who} के पिछली {innings} पारियों में {count} विकेट, उससे पहले हर पारी में {}", tenths(*before_tenths))
        }
        (Question::Pair(..), Told::Pair { stands, runs, best }) => {
            format!("{who} और {other} की {stands} साझेदारियों में {runs} रन, सबसे बड़ी {best} की")
        }
        (Question::ChasesHere, Told::Chases { decided, won, highest: Some(highest) }) => {
            format!("इस मैदान पर {decided} में से {won} लक्ष्य हासिल हुए, सबसे बड़ा {highest} का")
        }
        (Question::ChasesHere, Told::Chases { decided, won, .. }) => {
            format!("इस मैदान पर {decided} में से {won} लक्ष्य हासिल हुए")
        }
        (Question::ChasesBy(side), Told::Chases { decided, won, .. }) => {
            format!("लक्ष्य का पीछा करते हुए {} की {decided} मैचों में {won} जीत", crate::name::clean(side))
        }
        (Question::ParHere, Told::Par { innings, par, usual }) => {
            format!("इस मैदान पर पहली पारी का पार स्कोर {par}, {innings} पारियों से, और बाकी जगह {usual}")
        }
        (Question::DefendedHere, Told::Defended { matches, highest, lowest }) => {
            format!("इस मैदान पर {matches} मैचों में बचाए गए स्कोर {lowest} से {highest} तक")
        }
        (Question::NextRuns(_), Told::Milestone { short, next, .. }) => {
            format!("{who} इस मैच से पहले {next} रन से {short} दूर")
        }
        (Question::NextWickets(_), Told::Milestone { short, next, .. }) => {
            format!("{who} इस मैच से पहले {next} विकेट से {short} दूर")
        }
        (Question::PlaceByRuns(_), Told::Place { place, count, innings }) => {
            format!("इस सीज़न में इस मैच से पहले {who} के {innings} पारियों में {count} रन, रनों में स्थान {place}")
        }
        (Question::PlaceByWickets(_), Told::Place { place, count, innings }) => {
            format!("इस सीज़न में इस मैच से पहले {who} के {innings} पारियों में {count} विकेट, विकेटों में स्थान {place}")
        }
        _ => return None,
    };
    Some(match words.told {
        Told::Place { .. } => what,
        Told::Form { .. } => format!("{what}, {scope}"),
        _ => format!("{what}, {since} से {scope}"),
    })
}

fn phase(phase: Phase) -> Option<&'static str> {
    Some(match phase {
        Phase::Powerplay => "पावरप्ले",
        Phase::Middle => "बीच के ओवरों",
        Phase::Death => "आख़िरी ओवरों",
        Phase::NewBall => "नई गेंद के ओवरों",
        Phase::OldBall => "पुरानी गेंद के ओवरों",
        Phase::NewBallDue => "दूसरी नई गेंद के ओवरों",
        Phase::Surge | Phase::SuperOver => return None,
    })
}

/// The scope in Hindi, part by part; a part that has no name in Hindi stays as it is.
pub(crate) fn scope(english: &str) -> String {
    const PARTS: [(&str, &str); 11] = [
        ("women's", "महिला"),
        ("men's", "पुरुष"),
        ("T20 internationals", "अंतरराष्ट्रीय टी20"),
        ("league T20s", "लीग टी20"),
        ("T20s", "टी20"),
        ("hundred-ball matches", "सौ गेंदों के मैच"),
        ("one-day internationals", "अंतरराष्ट्रीय वनडे"),
        ("one-day league matches", "लीग वनडे"),
        ("one-day matches", "वनडे"),
        ("Tests and other first-class internationals", "टेस्ट और अंतरराष्ट्रीय प्रथम श्रेणी मैच"),
        ("domestic first-class matches", "घरेलू प्रथम श्रेणी मैच"),
    ];
    PARTS.into_iter().fold(english.to_owned(), |scope, (english, hindi)| {
        // `men's` is in `women's`, which went before it.
        scope.replace(english, hindi)
    })
}

#[cfg(test)]
mod tests {
    use super::scope;

    #[test]
    fn scopes_are_said_in_hindi() {
        assert_eq!(scope("men's league T20s"), "पुरुष लीग टी20");
        assert_eq!(scope("women's T20 internationals"), "महिला अंतरराष्ट्रीय टी20");
        assert_eq!(scope("men's one-day league matches"), "पुरुष लीग वनडे");
    }
}
