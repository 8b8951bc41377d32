//! One ground under its spellings.
//!
//! Cricsheet writes a ground with and without its city, and a city under its old and its new name: `M Chinnaswamy
//! Stadium` and `M.Chinnaswamy Stadium, Bengaluru` are one ground, the `County Ground`s of Bristol and Hove are two. The
//! rule is a cautious one; two grounds taken for one would be worse than one taken for two:
//!
//! - dots become spaces, runs of spaces one, letters lower case;
//! - a trailing `, City` goes when the file names the same city;
//! - a city that was renamed counts under one name ([`RENAMED`]);
//! - a match without a city belongs to the ground of its name where only one city has one (decided when asked, and only
//!   by matches before the day asked for).
//!
//! Texts shown are always the file's own.

/// Cities under another name, and the name under which they count: renamed, spelt otherwise, or a part of the other.
const RENAMED: [(&str, &str); 9] = [
    ("bengaluru", "bangalore"),
    ("gqeberha", "port elizabeth"),
    ("chattogram", "chittagong"),
    ("dharmasala", "dharamsala"),
    ("gurugram", "gurgaon"),
    ("mirpur", "dhaka"),
    ("mysuru", "mysore"),
    ("navi mumbai", "mumbai"),
    ("thiruvananthapuram", "trivandrum"),
];

/// A ground's key: name and city, normalised; the city is empty where the file names none.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct GroundKey {
    pub(crate) name: String,
    pub(crate) city: String,
}

impl GroundKey {
    pub(crate) fn of(venue: &str, city: Option<&str>) -> Self {
        let (name, city) = (plain(venue), folded(plain(city.unwrap_or_default())));
        let stripped = name
            .rsplit_once(", ")
            .filter(|(front, last)| !front.is_empty() && !city.is_empty() && folded((*last).to_owned()) == city)
            .map(|(front, _)| front.to_owned());
        Self { name: stripped.unwrap_or(name), city }
    }
}

fn plain(text: &str) -> String {
    let spaced = text.replace('.', " ").to_lowercase();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn folded(city: String) -> String {
    RENAMED.iter().find(|(other, _)| *other == city).map_or(city, |(_, kept)| (*kept).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(venue: &str, city: Option<&str>) -> (String, String) {
        let key = GroundKey::of(venue, city);
        (key.name, key.city)
    }

    #[test]
    fn spellings_of_one_ground_are_one() {
        let one = key("M Chinnaswamy Stadium", Some("Bangalore"));
        assert_eq!(key("M.Chinnaswamy Stadium", Some("Bengaluru")), one);
        assert_eq!(key("M Chinnaswamy Stadium, Bengaluru", Some("Bengaluru")), one);
        assert_eq!(key("M Chinnaswamy Stadium, Bengaluru", Some("Bangalore")), one);
        assert_eq!(key("  m chinnaswamy  stadium ", Some("Bangalore")), one);
    }

    #[test]
    fn grounds_of_one_name_in_two_cities_are_two() {
        assert_ne!(key("County Ground", Some("Bristol")), key("County Ground", Some("Hove")));
        assert_eq!(key("County Ground, Bristol", Some("Bristol")), key("County Ground", Some("Bristol")));
        assert_ne!(key("County Ground, New Road", Some("Worcester")), key("County Ground", Some("Worcester")));
    }

    #[test]
    fn a_city_that_is_the_whole_name_stays() {
        assert_eq!(key(", Hove", Some("Hove")).0, ", hove");
        assert_eq!(key("Ground, Hove", None), ("ground, hove".to_owned(), String::new()));
    }
}
