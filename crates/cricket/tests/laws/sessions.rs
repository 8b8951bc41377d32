//! What a session has brought: counted from its first ball, whatever was corrected before it or in it.

use cricket::{
    event::{EventData, Interruption, Key},
    score::SessionScore,
};

use crate::feed::{Feed, info};

/// A Test: Alpha bat.
fn test() -> Feed {
    let mut facts = info("2024-01-01");
    facts.overs = None;
    Feed::of(facts)
}

fn stop(feed: &mut Feed, reason: &str) {
    let stop = Interruption { reason: Some(reason.to_owned()), ..Interruption::default() };
    feed.send(Key::new(format!("stop-{}", feed.sent.len())), EventData::Interruption(Box::new(stop)));
}

fn resume(feed: &mut Feed) {
    let key = Key::new(format!("resume-{}", feed.sent.len()));
    feed.send(key, EventData::ResumePlay(Box::default()));
}

/// An over of so many runs off each ball.
fn over(feed: &mut Feed, runs: u16) {
    let bowler = if feed.over.is_multiple_of(2) { "b11" } else { "b10" };
    for _ in 0..6 {
        feed.ball("a1", "a2", bowler, runs);
    }
    feed.next_over();
}

fn score(feed: &Feed) -> Option<(u32, u8, String, bool)> {
    let session = feed.game.state().session_score();
    session.map(|SessionScore { runs, wickets, overs, since_start }| (runs, wickets, overs.to_string(), since_start))
}

fn is(runs: u32, wickets: u8, overs: &str, since_start: bool) -> (u32, u8, String, bool) {
    (runs, wickets, overs.to_owned(), since_start)
}

#[test]
fn a_session_is_counted_from_its_first_ball_until_play_goes_on_after_it() {
    let mut feed = test();
    over(&mut feed, 2);
    assert_eq!(score(&feed), Some(is(12, 0, "1", true)));
    stop(&mut feed, "lunch");
    assert_eq!(score(&feed), Some(is(12, 0, "1", true)), "the interval tells of the session it ends");
    resume(&mut feed);
    assert_eq!(score(&feed), None, "and none has begun");
    over(&mut feed, 4);
    feed.wicket("a1", "a2", "b10", cricket::event::DismissalKind::Bowled);
    assert_eq!(score(&feed), Some(is(24, 1, "1.1", false)));
    stop(&mut feed, "tea");
    assert_eq!(score(&feed), Some(is(24, 1, "1.1", false)));
    // The ball itself says that play goes on.
    feed.ball("a3", "a2", "b10", 1);
    assert_eq!(score(&feed), Some(is(1, 0, "0.1", false)));
    assert_eq!(feed.game.state().session_start.unwrap().session, Some(3));
}

#[test]
fn rain_and_drinks_begin_no_session_and_the_next_day_does() {
    let mut feed = test();
    over(&mut feed, 1);
    stop(&mut feed, "lunch");
    resume(&mut feed);
    over(&mut feed, 1);
    for reason in ["rain", "drinks", "bad light"] {
        stop(&mut feed, reason);
        resume(&mut feed);
        assert_eq!(score(&feed), Some(is(6, 0, "1", false)), "{reason}");
    }
    over(&mut feed, 1);
    stop(&mut feed, "stumps");
    assert_eq!(score(&feed), Some(is(12, 0, "2", false)));
    over(&mut feed, 2);
    assert_eq!(score(&feed), Some(is(12, 0, "1", false)));
    assert_eq!(feed.game.state().session_start.unwrap().session, Some(1));
}

#[test]
fn a_session_without_a_ball_leaves_none_to_tell_of() {
    let mut feed = test();
    over(&mut feed, 1);
    stop(&mut feed, "lunch");
    stop(&mut feed, "tea");
    assert_eq!(score(&feed), None, "rained off");
    over(&mut feed, 2);
    assert_eq!(score(&feed), Some(is(12, 0, "1", false)));
}

#[test]
fn where_an_interval_was_not_told_nobody_knows_the_session() {
    let mut feed = test();
    over(&mut feed, 1);
    stop(&mut feed, "tea");
    assert_eq!(score(&feed), None, "there was lunch before");
    over(&mut feed, 1);
    stop(&mut feed, "lunch");
    assert_eq!(score(&feed), None, "and stumps before this");
    for _ in 0..41 {
        over(&mut feed, 1);
    }
    assert_eq!(score(&feed), None, "so long is no session");
    stop(&mut feed, "stumps");
    over(&mut feed, 1);
    assert_eq!(score(&feed), Some(is(6, 0, "1", false)));
    stop(&mut feed, "stumps");
    assert_eq!(score(&feed), None, "a whole day is no session");
}

#[test]
fn a_feed_that_tells_of_stumps_alone_tells_of_no_session() {
    let mut feed = test();
    over(&mut feed, 1);
    stop(&mut feed, "stumps");
    over(&mut feed, 1);
    assert_eq!(score(&feed), None);
    stop(&mut feed, "lunch");
    over(&mut feed, 1);
    assert_eq!(score(&feed), Some(is(6, 0, "1", false)));
}

#[test]
fn an_interval_may_be_told_in_more_words_but_no_others() {
    let mut feed = test();
    over(&mut feed, 1);
    stop(&mut feed, "Lunch interval");
    over(&mut feed, 1);
    assert_eq!(score(&feed), Some(is(6, 0, "1", false)));
    stop(&mut feed, "rain before tea");
    resume(&mut feed);
    over(&mut feed, 1);
    assert_eq!(score(&feed), None, "was it tea?");
    stop(&mut feed, "Stumps, day 1");
    over(&mut feed, 1);
    assert_eq!(score(&feed), Some(is(6, 0, "1", false)));
}

#[test]
fn where_overs_are_missing_nobody_knows_what_the_session_brought() {
    let mut feed = test();
    over(&mut feed, 1);
    stop(&mut feed, "lunch");
    over(&mut feed, 1);
    feed.next_over();
    over(&mut feed, 1);
    assert_eq!(score(&feed), None);
}

#[test]
fn another_innings_ends_what_can_be_said_of_the_session() {
    let mut feed = test();
    over(&mut feed, 1);
    stop(&mut feed, "lunch");
    over(&mut feed, 1);
    feed.start("B", None);
    for _ in 0..6 {
        feed.ball("b1", "b2", "a11", 4);
    }
    assert_eq!(score(&feed), None);
    stop(&mut feed, "tea");
    feed.ball("b1", "b2", "a11", 3);
    assert_eq!(score(&feed), Some(is(3, 0, "0.1", false)));
}

#[test]
fn corrections_before_and_in_a_session_leave_it_right() {
    let mut feed = test();
    over(&mut feed, 1);
    let first = feed.sent.last().unwrap().clone();
    stop(&mut feed, "lunch");
    let lunch = feed.sent.last().unwrap().clone();
    over(&mut feed, 2);
    let in_it = feed.sent.last().unwrap().clone();
    let revise = |feed: &mut Feed, event: &cricket::event::Event, runs: u16| {
        let EventData::Delivery(ball) = &event.data else { panic!("a ball") };
        let mut ball = ball.clone();
        (ball.runs.bat, ball.runs.total) = (runs, runs);
        let revised = event.revised(1, feed.sent.len() as u64 + 1, EventData::Delivery(ball));
        feed.sent.push(revised.clone());
        feed.game.apply(revised);
    };
    revise(&mut feed, &first, 6);
    assert_eq!((feed.now().runs, score(&feed)), (23, Some(is(12, 0, "1", false))));
    revise(&mut feed, &in_it, 4);
    assert_eq!((feed.now().runs, score(&feed)), (25, Some(is(14, 0, "1", false))));
    // It was not lunch after all.
    let seq = feed.sent.len() as u64 + 1;
    feed.game.apply(lunch.revised(1, seq, EventData::Retract));
    assert_eq!(score(&feed), Some(is(25, 0, "2", true)));
}
