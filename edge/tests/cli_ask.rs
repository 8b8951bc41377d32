//! `vachak archive ask-raw` and `person` with the real program, on invented matches.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    process::{Command, Output},
};

use cricket::{
    cricsheet,
    simulate::{SimulationSettings, simulate},
};
use serde_json::Value;
use tempfile::TempDir;

/// An archive of invented matches, and what can be asked of it.
struct Asked {
    home: TempDir,
    batter: String,
    bowler: String,
    partner: String,
    side: String,
    venue: String,
    event: String,
    season: String,
}

impl Asked {
    fn new() -> Self {
        let home = TempDir::new().unwrap();
        for seed in 0..6 {
            let played = simulate(&SimulationSettings::new(seed)).unwrap();
            fs::write(home.path().join(format!("{seed}.json")), cricsheet::write(&played)).unwrap();
        }
        let played = simulate(&SimulationSettings::new(0)).unwrap();
        let (ball, info) = (played.deliveries().next().unwrap(), &played.info);
        let chaser = played.innings.last().unwrap().start.team.to_string();
        let asked = Self {
            batter: ball.batter.id.to_string(),
            bowler: ball.bowler.id.to_string(),
            partner: ball.non_striker.id.to_string(),
            side: chaser,
            venue: info.venue.as_deref().unwrap().to_owned(),
            event: info.event.as_ref().unwrap().name.clone(),
            season: info.season.as_ref().unwrap().to_string(),
            home,
        };
        let added = asked.run(&["add", asked.home.path().to_str().unwrap()]);
        assert_eq!(added.status.code(), Some(0), "{}", String::from_utf8_lossy(&added.stderr));
        asked
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vachak"));
        command.arg("archive").args(args).env("VACHAK_ARCHIVE_PATH", self.home.path().join("archive.db"));
        command.output().unwrap()
    }
}

#[test]
fn every_question_has_a_table_and_json() {
    let asked = Asked::new();
    let Asked { batter, bowler, partner, side, venue, event, season, .. } = &asked;
    let of = ["--event", event, "--season", season];
    for question in [
        vec!["duel", batter, bowler],
        vec!["batter", batter],
        vec!["bowler", bowler],
        vec!["batter-phases", batter],
        vec!["bowler-phases", bowler],
        vec!["batter-at", batter, venue],
        vec!["bowler-at", bowler, venue],
        vec!["batter-form", batter],
        vec!["bowler-form", bowler],
        [vec!["season", batter], of.to_vec()].concat(),
        vec!["pair", batter, partner],
        vec!["chases-at", venue],
        vec!["chases-by", side],
        vec!["par", venue],
        vec!["milestones", batter],
        [vec!["ranking", "runs"], of.to_vec()].concat(),
    ] {
        let asking = [vec!["ask-raw"], question.clone()].concat();
        let table = asked.run(&asking);
        let said = String::from_utf8_lossy(&table.stdout).into_owned();
        assert_eq!(table.status.code(), Some(0), "{question:?}: {}", String::from_utf8_lossy(&table.stderr));
        assert!(said.lines().count() >= 2 && said.contains("since"), "{question:?}: {said}");
        let json: Value = serde_json::from_slice(&asked.run(&[asking, vec!["--json"]].concat()).stdout).unwrap();
        assert!(!json.is_null(), "{question:?}");
    }
}

#[test]
fn what_is_not_held_is_said_and_is_null() {
    let asked = Asked::new();
    let nothing = asked.run(&["ask-raw", "par", "Nowhere Oval"]);
    assert!(nothing.status.success() && nothing.stdout.is_empty());
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("Nowhere Oval: nothing is held of men's league T20s"));
    let json: Value = serde_json::from_slice(&asked.run(&["ask-raw", "par", "Nowhere Oval", "--json"]).stdout).unwrap();
    assert!(json.is_null());
    let before = asked.run(&["ask-raw", "batter", &asked.batter, "--before", "1990-01-01"]);
    assert!(before.stdout.is_empty(), "no knowledge of the future");
    let women = asked.run(&["ask-raw", "batter", &asked.batter, "--gender", "female"]);
    assert_eq!(women.status.code(), Some(1));
}

#[test]
fn a_name_that_several_have_lists_them_and_a_person_is_told_of() {
    let asked = Asked::new();
    let several = asked.run(&["ask-raw", "batter", "a"]);
    let said = String::from_utf8_lossy(&several.stderr).into_owned();
    assert_eq!(several.status.code(), Some(1));
    assert!(said.contains("people go by 'a'") && said.contains("hint: give the id"), "{said}");
    let nobody = asked.run(&["person", "Nobody Whatever"]);
    assert_eq!(nobody.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("hint: names are as on scorecards"));
    let one = asked.run(&["person", &asked.batter]);
    let said = String::from_utf8_lossy(&one.stdout).into_owned();
    assert!(one.status.success() && said.contains(&asked.batter) && said.contains("batting"), "{said}");
}
