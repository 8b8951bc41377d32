//! Scorecards of invented matches as they are printed: what changes here changes for every follower.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "support/feed.rs"]
mod feed;
mod support;

use cricket::{
    cricsheet,
    event::{
        DismissalKind, EventData, Ext, Extras, Fielder, InningsEnd, InningsKind, Key, MatchEnd, Outcome, Powerplay,
        Runs, WinBy,
    },
    score::Match,
    scorecard,
    simulate::{Format, Gender, SimulationSettings, simulate},
};
use feed::{Feed, info, out, player};
use support::samples;

fn invented(seed: u64, format: Format) -> Match {
    let settings = SimulationSettings { format, gender: Gender::Female, ..SimulationSettings::new(seed) };
    let played = simulate(&settings).unwrap();
    Match::from_events("invented", cricsheet::to_events("invented", &played))
}

/// The card on paper, the first innings over by over, and its first over ball by ball.
fn printed(game: &Match) -> String {
    let state = game.state();
    let innings = state.innings.first().unwrap();
    let parts = [
        scorecard::text(state, scorecard::WIDTH),
        scorecard::overs_text(state, innings),
        scorecard::over_text(state, innings, 1).unwrap(),
    ];
    parts.join("\n-----\n")
}

#[test]
fn a_t20_reads_as_a_follower_expects() {
    insta::assert_snapshot!(printed(&invented(3, Format::T20)));
}

#[test]
fn a_fifty_over_match_reads_as_a_follower_expects() {
    insta::assert_snapshot!(scorecard::text(invented(4, Format::Odi).state(), scorecard::WIDTH));
}

/// Ten balls of The Hundred, in two sets of five; the last is a no-ball hit for four.
#[test]
fn the_hundred_is_told_in_balls_and_sets() {
    let mut facts = info("2026-07-25");
    facts.balls_per_over = 5;
    let mut feed = Feed::of(facts);
    let powerplay = Powerplay {
        innings: 1,
        kind: "mandatory".to_owned(),
        from: "0.1".parse().unwrap(),
        to: "4.5".parse().unwrap(),
        ext: Ext::new(),
    };
    feed.send(Key::powerplay(1, 1), EventData::Powerplay(Box::new(powerplay)));
    for runs in [0, 4, 6, 0, 2] {
        feed.ball("a1", "a2", "b1", runs);
    }
    feed.next_over();
    for runs in [0, 0, 0, 0] {
        feed.ball("a1", "a2", "b1", runs);
    }
    feed.extra("a1", "a2", "b1", 4, Extras { noballs: 1, ..Extras::default() });
    insta::assert_snapshot!(printed(&feed.game));
}

/// A match without a limit: a declaration, a follow-on, a player absent, an innings forfeited, a draw.
#[test]
fn a_match_over_several_days_names_its_innings() {
    let mut facts = info("2026-06-01");
    facts.overs = None;
    facts.match_type = "Test".to_owned();
    facts.dates.push("2026-06-05".to_owned());
    let mut feed = Feed::of(facts);
    feed.ball("a1", "a2", "b1", 4);
    feed.wicket("a1", "a2", "b1", DismissalKind::Bowled);
    let mut ball = feed.draft("a3", "a2", "b1", 1);
    ball.wickets.push(out(DismissalKind::RetiredHurt, "a2"));
    feed.bowl(ball);
    end(&mut feed, |end| end.reason = Some("declared".to_owned()));
    feed.start("B", None);
    feed.ball("b1", "b2", "a9", 6);
    end(&mut feed, |end| {
        end.absent_hurt = vec![player("b11")];
        end.reason = Some("all_out".to_owned());
    });
    feed.start("B", None);
    feed.ball("b1", "b2", "a9", 0);
    end(&mut feed, |end| end.reason = Some("declared".to_owned()));
    result(&mut feed, Outcome { result: Some("draw".to_owned()), ..Outcome::default() });
    insta::assert_snapshot!(printed(&feed.game));
}

/// Level scores, two super overs.
#[test]
fn super_overs_are_told_one_by_one() {
    let mut feed = Feed::new();
    feed.ball("a1", "a2", "b1", 1);
    end(&mut feed, |_| {});
    feed.start("B", Some(cricket::event::Target { runs: 2, overs: None, balls: None }));
    feed.ball("b1", "b2", "a1", 1);
    end(&mut feed, |_| {});
    for (team, batter, other, bowler, runs) in
        [("B", "b1", "b2", "a1", 2), ("A", "a1", "a2", "b1", 2), ("A", "a1", "a2", "b1", 6), ("B", "b1", "b2", "a1", 0)]
    {
        feed.start_kind(team, None, InningsKind::SuperOver);
        feed.ball(batter, other, bowler, runs);
        end(&mut feed, |_| {});
    }
    let outcome = Outcome { result: Some("tie".to_owned()), eliminator: Some("A".into()), ..Outcome::default() };
    result(&mut feed, outcome);
    insta::assert_snapshot!(scorecard::text(feed.game.state(), scorecard::WIDTH));
}

/// Every kind of ball in one over, and a result that the score contradicts.
#[test]
fn every_kind_of_ball_has_its_words_and_what_does_not_fit_is_said() {
    let mut feed = Feed::new();
    feed.extra("a1", "a2", "b1", 0, Extras { wides: 1, ..Extras::default() });
    feed.extra("a1", "a2", "b1", 0, Extras { wides: 5, ..Extras::default() });
    feed.extra("a1", "a2", "b1", 6, Extras { noballs: 1, ..Extras::default() });
    let mut free = feed.draft("a1", "a2", "b1", 4);
    (free.free_hit, free.runs) = (true, Runs { bat: 4, extras: 0, total: 4, non_boundary: true });
    feed.bowl(free);
    feed.extra("a1", "a2", "b1", 0, Extras { byes: 1, ..Extras::default() });
    feed.extra("a2", "a1", "b1", 0, Extras { legbyes: 2, penalty: 5, ..Extras::default() });
    let mut caught = feed.draft("a2", "a1", "b1", 0);
    let mut wicket = out(DismissalKind::Caught, "a2");
    wicket.fielders = vec![Fielder { player: Some(player("b7")), substitute: true }];
    caught.wickets.push(wicket);
    feed.bowl(caught);
    let mut run_out = feed.draft("a3", "a1", "b1", 1);
    let mut wicket = out(DismissalKind::RunOut, "a1");
    wicket.fielders =
        vec![Fielder { player: Some(player("b2")), substitute: false }, Fielder { player: None, substitute: true }];
    run_out.wickets.push(wicket);
    feed.bowl(run_out);
    let mut impossible = feed.draft("a3", "a4", "b1", 0);
    impossible.extras.noballs = 1;
    impossible.runs = Runs { bat: 0, extras: 1, total: 1, non_boundary: false };
    impossible.wickets.push(out(DismissalKind::Bowled, "a3"));
    feed.bowl(impossible);
    feed.ball("a5", "a4", "b2", 0);
    insta::assert_snapshot!(printed(&feed.game));
}

/// Names longer than any column, on narrow paper.
#[test]
fn long_names_are_cut_and_lists_are_folded() {
    let long = "Venkatanarasimharajuvaripeta Subrahmanya Chandrasekhar of Tiruchirappalli";
    let mut facts = info("2026-06-01");
    facts.teams = vec![long.into(), "B".into()];
    let side = facts.players.shift_remove("A").unwrap();
    facts.players.insert(long.into(), side);
    let mut feed = Feed::of(facts);
    feed.game = Match::new(feed::ID);
    let sent = std::mem::take(&mut feed.sent);
    if let Some(first) = sent.into_iter().next() {
        feed.send(first.key, first.data);
    }
    feed.innings = 0;
    feed.start(long, None);
    let mut ball = feed.draft("a1", "a2", "b1", 4);
    ball.batter.name = format!("{long} the First").into();
    ball.bowler.name = long.into();
    feed.bowl(ball.clone());
    ball.pos += 1;
    ball.runs = Runs::default();
    let mut wicket = out(DismissalKind::Caught, "a1");
    wicket.fielders = vec![Fielder { player: Some(player(long)), substitute: false }];
    ball.wickets.push(wicket);
    feed.bowl(ball);
    insta::assert_snapshot!(scorecard::text(feed.game.state(), 72));
}

#[test]
fn json_says_what_the_card_says() {
    let game = invented(3, Format::T20);
    let mut card = scorecard::json(game.state());
    let innings = game.state().innings.first().unwrap();
    card["innings"][0]["over_by_over"] = scorecard::overs_json(innings, Some(2));
    // The second innings has the shape of the first.
    card["innings"].as_array_mut().unwrap().truncate(1);
    insta::assert_snapshot!(serde_json::to_string_pretty(&card).unwrap());
}

#[test]
fn every_sample_prints_at_any_width() {
    for (id, bytes) in samples() {
        let game =
            Match::from_events(id.as_str(), cricsheet::to_events(id.as_str(), &cricsheet::read(&bytes).unwrap()));
        for width in [0, 60, 80, 100, 200] {
            let text = scorecard::text(game.state(), width);
            let table = text.lines().filter(|line| line.ends_with(|last: char| last.is_ascii_digit()));
            for line in table.filter(|line| !line.contains(" · ")) {
                assert!(line.chars().count() <= width.max(60), "{id} at {width}: {line}");
            }
        }
    }
}

fn end(feed: &mut Feed, change: impl FnOnce(&mut InningsEnd)) {
    let mut end = InningsEnd { innings: feed.innings, ..InningsEnd::default() };
    change(&mut end);
    feed.send(Key::innings_end(feed.innings), EventData::InningsEnd(Box::new(end)));
}

fn result(feed: &mut Feed, outcome: Outcome) {
    let by = outcome.by.or(outcome.winner.as_ref().map(|_| WinBy::default()));
    let end = MatchEnd {
        outcome: Outcome { by, ..outcome },
        player_of_match: vec!["a1".into()],
        bowl_out: Vec::new(),
        ext: Ext::new(),
    };
    feed.send(Key::result(), EventData::MatchEnd(Box::new(end)));
}
