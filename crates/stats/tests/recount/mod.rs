//! A plain recount of match files, from their JSON and nothing else: no code is shared with the archive.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its part of it; a test fails by panicking")]

pub(crate) mod both;

use std::collections::BTreeMap;

use serde_json::Value;

/// A delivery; people by id.
#[derive(Debug, Clone)]
pub(crate) struct Ball {
    pub(crate) innings: usize,
    pub(crate) over: u64,
    pub(crate) batter: String,
    pub(crate) non_striker: String,
    pub(crate) bowler: String,
    pub(crate) bat: u32,
    pub(crate) total: u32,
    pub(crate) wides: u32,
    pub(crate) noballs: u32,
    pub(crate) over_rope: bool,
    pub(crate) wickets: Vec<(String, String)>,
}

impl Ball {
    pub(crate) fn faced(&self) -> u32 {
        u32::from(self.wides == 0)
    }

    pub(crate) fn legal(&self) -> u32 {
        u32::from(self.wides == 0 && self.noballs == 0)
    }

    pub(crate) fn conceded(&self) -> u32 {
        self.bat + self.wides + self.noballs
    }

    pub(crate) fn credited(&self) -> u32 {
        self.wickets.iter().filter(|(kind, _)| is_bowlers(kind)).count() as u32
    }

    pub(crate) fn is(&self, runs: u32) -> u32 {
        u32::from(self.bat == runs && self.over_rope)
    }
}

pub(crate) fn is_bowlers(kind: &str) -> bool {
    ["bowled", "caught", "caught and bowled", "lbw", "stumped", "hit wicket"].contains(&kind)
}

pub(crate) fn is_wicket(kind: &str) -> bool {
    !["retired hurt", "retired not out"].contains(&kind)
}

/// An innings' sums.
#[derive(Debug, Clone)]
pub(crate) struct Innings {
    pub(crate) team: String,
    pub(crate) runs: u32,
    pub(crate) wickets: u32,
    pub(crate) legal: u32,
    pub(crate) balls: u32,
    pub(crate) target: Option<u32>,
}

/// A match without its super overs.
#[derive(Debug, Clone)]
pub(crate) struct Match {
    pub(crate) day: String,
    pub(crate) kind: (String, String, String),
    pub(crate) venue: Option<(String, Option<String>)>,
    pub(crate) teams: [String; 2],
    pub(crate) winner: Option<String>,
    pub(crate) tie: bool,
    pub(crate) method: Option<String>,
    pub(crate) season: Option<(String, String)>,
    pub(crate) limit: Option<u32>,
    pub(crate) innings: Vec<Innings>,
    pub(crate) balls: Vec<Ball>,
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn number(value: &Value) -> u32 {
    value.as_u64().unwrap_or(0) as u32
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

impl Match {
    pub(crate) fn read(json: &[u8]) -> Self {
        let file: Value = serde_json::from_slice(json).unwrap();
        let info = &file["info"];
        let per_over = number(&info["balls_per_over"]).max(1);
        let format = match info["match_type"].as_str().unwrap() {
            "T20" | "IT20" if per_over == 5 => "hundred",
            "T20" | "IT20" => "t20",
            "ODI" | "ODM" => "one_day",
            _ => "long_form",
        };
        let id = |name: &Value| {
            let name = name.as_str().unwrap();
            info["registry"]["people"][name].as_str().unwrap_or(name).to_owned()
        };
        let (mut innings, mut balls) = (Vec::new(), Vec::new());
        for played in list(&file["innings"]).iter().filter(|played| played["super_over"] != true) {
            let penalties = number(&played["penalty_runs"]["pre"]) + number(&played["penalty_runs"]["post"]);
            let mut sums = Innings {
                team: text(&played["team"]).unwrap(),
                runs: penalties,
                wickets: 0,
                legal: 0,
                balls: 0,
                target: played["target"]["runs"].as_u64().map(|runs| runs as u32),
            };
            for over in list(&played["overs"]) {
                for ball in list(&over["deliveries"]) {
                    let wickets = list(&ball["wickets"])
                        .iter()
                        .map(|wicket| (text(&wicket["kind"]).unwrap(), id(&wicket["player_out"])))
                        .collect();
                    let ball = Ball {
                        innings: innings.len(),
                        over: over["over"].as_u64().unwrap(),
                        batter: id(&ball["batter"]),
                        non_striker: id(&ball["non_striker"]),
                        bowler: id(&ball["bowler"]),
                        bat: number(&ball["runs"]["batter"]),
                        total: number(&ball["runs"]["total"]),
                        wides: number(&ball["extras"]["wides"]),
                        noballs: number(&ball["extras"]["noballs"]),
                        over_rope: ball["runs"]["non_boundary"] != true,
                        wickets,
                    };
                    sums.runs += ball.total;
                    sums.wickets += ball.wickets.iter().filter(|(kind, _)| is_wicket(kind)).count() as u32;
                    sums.legal += ball.legal();
                    sums.balls += 1;
                    balls.push(ball);
                }
            }
            innings.push(sums);
        }
        let outcome = &info["outcome"];
        Self {
            day: text(&info["dates"][0]).unwrap(),
            kind: (format.to_owned(), text(&info["gender"]).unwrap(), text(&info["team_type"]).unwrap()),
            venue: text(&info["venue"]).map(|venue| (venue, text(&info["city"]))),
            teams: [text(&info["teams"][0]).unwrap(), text(&info["teams"][1]).unwrap()],
            winner: text(&outcome["winner"]),
            tie: outcome["result"] == "tie",
            method: text(&outcome["method"]),
            season: text(&info["event"]["name"]).zip(text(&info["season"])),
            limit: info["overs"].as_u64().map(|overs| overs as u32 * per_over),
            innings,
            balls,
        }
    }

    pub(crate) fn other(&self, team: &str) -> &str {
        if self.teams[0] == team { &self.teams[1] } else { &self.teams[0] }
    }

    /// Whether a ground's name means this match's.
    pub(crate) fn is_at(&self, ground: &(String, Option<String>)) -> bool {
        let plain = |(venue, city): &(String, Option<String>)| {
            let lower = venue.to_lowercase().replace('.', " ");
            let name = lower.split_whitespace().collect::<Vec<_>>().join(" ");
            let city = city.clone().unwrap_or_default().to_lowercase();
            let name = match name.rsplit_once(", ") {
                Some((front, last)) if !city.is_empty() && today(last) == today(&city) => front.to_owned(),
                _ => name,
            };
            (name, today(&city).to_owned())
        };
        self.venue.as_ref().is_some_and(|own| {
            let (own, asked) = (plain(own), plain(ground));
            own.0 == asked.0 && (own.1 == asked.1 || own.1.is_empty() || asked.1.is_empty())
        })
    }

    /// Part of the innings of an over: 0, 1, 2.
    pub(crate) fn part(&self, over: u64) -> usize {
        let (middle, late) = match (self.kind.0.as_str(), self.limit) {
            ("t20", Some(120)) => (6, 15),
            ("hundred", Some(100)) => (5, 16),
            ("one_day", Some(300)) => (10, 40),
            ("long_form", _) => (20, 80),
            other => panic!("no cuts known here for {other:?}"),
        };
        usize::from(over >= middle) + usize::from(over >= late)
    }

    pub(crate) fn has_cuts(&self) -> bool {
        let kind = (self.kind.0.as_str(), self.limit);
        matches!(kind, ("t20", Some(120)) | ("hundred", Some(100)) | ("one_day", Some(300)) | ("long_form", _))
    }

    /// The first innings' total, where it came to its end by itself.
    pub(crate) fn first(&self) -> Option<u32> {
        let first = self.innings.first()?;
        let over = first.wickets >= 10
            || self.limit.is_some_and(|limit| first.legal >= limit)
            || (self.innings.len() > 1 && self.method.is_none() && first.balls > 0);
        over.then_some(first.runs)
    }

    /// A chase: side, target, runs, and `w`on, `l`ost, `t`ied, where it is decided.
    pub(crate) fn chase(&self) -> Option<(&str, Option<u32>, u32, char)> {
        let at = if self.kind.0 == "long_form" { 3 } else { 1 };
        let last = self.innings.get(at)?;
        let total = |team: &str| {
            self.innings[..at].iter().filter(|innings| innings.team == team).map(|innings| innings.runs).sum::<u32>()
        };
        let made_up = (total(self.other(&last.team)) + 1).checked_sub(total(&last.team));
        if self.method.as_deref() == Some("Awarded") {
            return None;
        }
        let end = match &self.winner {
            Some(winner) if *winner == last.team => 'w',
            Some(_) => 'l',
            None if self.tie => 't',
            None => return None,
        };
        Some((&last.team, last.target.or(made_up), last.runs, end))
    }

    /// Sums of everybody's batting in an innings, in no order: at the crease or out counts as having batted.
    pub(crate) fn batting(&self, innings: usize) -> BTreeMap<&str, (u32, u32, bool)> {
        let mut all: BTreeMap<&str, (u32, u32, bool)> = BTreeMap::new();
        for ball in self.balls.iter().filter(|ball| ball.innings == innings) {
            all.entry(&ball.non_striker).or_default();
            let own = all.entry(&ball.batter).or_default();
            own.0 += ball.bat;
            own.1 += ball.faced();
            for (kind, who) in &ball.wickets {
                all.entry(who).or_default().2 |= is_wicket(kind);
            }
        }
        all
    }

    /// Sums of everybody's bowling in an innings: balls, runs, wickets.
    pub(crate) fn bowling(&self, innings: usize) -> BTreeMap<&str, (u32, u32, u32)> {
        let mut all: BTreeMap<&str, (u32, u32, u32)> = BTreeMap::new();
        for ball in self.balls.iter().filter(|ball| ball.innings == innings) {
            let own = all.entry(&ball.bowler).or_default();
            own.0 += ball.legal();
            own.1 += ball.conceded();
            own.2 += ball.credited();
        }
        all
    }
}

/// The name that a city goes by today, or the city that it is a part of.
fn today(city: &str) -> &str {
    match city {
        "bangalore" => "bengaluru",
        "port elizabeth" => "gqeberha",
        "chittagong" => "chattogram",
        "dharmasala" => "dharamsala",
        "gurgaon" => "gurugram",
        "mirpur" => "dhaka",
        "mysore" => "mysuru",
        "navi mumbai" => "mumbai",
        "trivandrum" => "thiruvananthapuram",
        other => other,
    }
}
