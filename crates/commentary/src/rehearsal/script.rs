//! What may happen: JSON laid over a ball, or events of their own. `$batter`, `$partner`, `$bowler` and `$fielder` stand
//! for players, `$batting` and `$fielding` for the sides, `$innings` for the innings in progress.

use cricket::{
    event::{Event, EventData},
    score::MatchState,
};

/// What a ball is before something is laid over it.
pub(super) const PLAIN: &str = r#"{"runs":{"bat":0,"extras":0,"total":0},"extras":{},"wickets":[],"free_hit":false,"review":null,"score_after":null}"#;

/// Balls.
pub(super) const BALLS: [&str; 35] = [
    r#"{"runs":{"bat":0,"extras":0,"total":0}}"#,
    r#"{"runs":{"bat":1,"extras":0,"total":1}}"#,
    r#"{"runs":{"bat":2,"extras":0,"total":2}}"#,
    r#"{"runs":{"bat":3,"extras":0,"total":3}}"#,
    r#"{"runs":{"bat":4,"extras":0,"total":4}}"#,
    r#"{"runs":{"bat":4,"extras":0,"total":4,"non_boundary":true}}"#,
    r#"{"runs":{"bat":5,"extras":0,"total":5}}"#,
    r#"{"runs":{"bat":6,"extras":0,"total":6}}"#,
    r#"{"free_hit":true}"#,
    r#"{"runs":{"bat":1,"extras":0,"total":1},"free_hit":true}"#,
    r#"{"runs":{"bat":2,"extras":0,"total":2},"free_hit":true}"#,
    r#"{"runs":{"bat":4,"extras":0,"total":4},"free_hit":true}"#,
    r#"{"runs":{"bat":6,"extras":0,"total":6},"free_hit":true}"#,
    r#"{"runs":{"bat":0,"extras":1,"total":1},"extras":{"wides":1}}"#,
    r#"{"runs":{"bat":0,"extras":5,"total":5},"extras":{"wides":5}}"#,
    r#"{"runs":{"bat":0,"extras":1,"total":1},"extras":{"noballs":1}}"#,
    r#"{"runs":{"bat":4,"extras":1,"total":5},"extras":{"noballs":1}}"#,
    r#"{"runs":{"bat":6,"extras":1,"total":7},"extras":{"noballs":1}}"#,
    r#"{"runs":{"bat":1,"extras":1,"total":2},"extras":{"noballs":1}}"#,
    r#"{"runs":{"bat":0,"extras":1,"total":1},"extras":{"byes":1}}"#,
    r#"{"runs":{"bat":0,"extras":4,"total":4},"extras":{"byes":4}}"#,
    r#"{"runs":{"bat":0,"extras":1,"total":1},"extras":{"legbyes":1}}"#,
    r#"{"wickets":[{"kind":"bowled","player_out":$batter}]}"#,
    r#"{"wickets":[{"kind":"caught","player_out":$batter}]}"#,
    r#"{"wickets":[{"kind":"caught","player_out":$batter,"fielders":[$fielder]}]}"#,
    r#"{"wickets":[{"kind":"caught and bowled","player_out":$batter}]}"#,
    r#"{"wickets":[{"kind":"lbw","player_out":$batter}]}"#,
    r#"{"wickets":[{"kind":"lbw","player_out":$batter}],"review":{"by":"$batting","batter":$batter,"decision":"struck down","umpires_call":true}}"#,
    r#"{"wickets":[{"kind":"run out","player_out":$batter,"fielders":[$fielder]}]}"#,
    r#"{"runs":{"bat":1,"extras":0,"total":1},"wickets":[{"kind":"run out","player_out":$partner}]}"#,
    r#"{"wickets":[{"kind":"stumped","player_out":$batter,"fielders":[$fielder]}]}"#,
    r#"{"wickets":[{"kind":"hit wicket","player_out":$batter}]}"#,
    r#"{"wickets":[{"kind":"obstructing the field","player_out":$batter}]}"#,
    r#"{"wickets":[{"kind":"retired hurt","player_out":$batter}]}"#,
    r#"{"runs":{"bat":1,"extras":0,"total":1},"wickets":[{"kind":"retired hurt","player_out":$partner}]}"#,
];

/// Stretches of play: balls that follow one another, each with how often it comes in a row, and how many balls are bowled;
/// after the last it begins anew.
pub(super) const STRETCHES: &[(&[(&str, usize)], usize)] = &[
    (&[(r#"{"wickets":[{"kind":"bowled","player_out":$batter}]}"#, 1)], 12),
    (
        &[
            (r#"{"wickets":[{"kind":"caught","player_out":$batter,"fielders":[$fielder]}]}"#, 1),
            (r#"{"wickets":[{"kind":"lbw","player_out":$batter}]}"#, 1),
        ],
        12,
    ),
    (&[(r#"{"wickets":[]}"#, 1)], 14),
    (
        &[
            (r#"{"runs":{"bat":6,"extras":0,"total":6}}"#, 1),
            (r#"{"runs":{"bat":4,"extras":0,"total":4}}"#, 1),
            ("{}", 1),
            (r#"{"runs":{"bat":1,"extras":0,"total":1}}"#, 1),
        ],
        90,
    ),
    (&[(r#"{"runs":{"bat":1,"extras":0,"total":1}}"#, 1), (r#"{"runs":{"bat":2,"extras":0,"total":2}}"#, 1)], 80),
    (
        &[
            (r#"{"runs":{"bat":1,"extras":0,"total":1}}"#, 1),
            ("{}", 3),
            (r#"{"runs":{"bat":1,"extras":0,"total":1}}"#, 1),
            ("{}", 32),
            (r#"{"runs":{"bat":4,"extras":0,"total":4}}"#, 1),
            (r#"{"runs":{"bat":6,"extras":0,"total":6}}"#, 1),
        ],
        60,
    ),
    // A batter comes back by review and makes something of it; a bowler who was hit has the wicket in the end.
    (
        &[
            (r#"{"review":{"by":"$batting","batter":$batter,"decision":"upheld"}}"#, 1),
            (r#"{"runs":{"bat":4,"extras":0,"total":4}}"#, 11),
            (r#"{"wickets":[{"kind":"bowled","player_out":$batter}]}"#, 1),
        ],
        40,
    ),
];

/// Why play stops, in the order of a day.
pub(super) const INTERVALS: [&str; 8] = ["lunch", "drinks", "tea", "stumps", "lunch", "rain", "dinner", "stumps"];

/// What happens beside the balls; a list is one thing after another.
pub(super) const ASIDES: [&str; 33] = [
    r#"{"type":"toss","key":"toss","data":{"winner":"$batting","decision":"bat"}}"#,
    r#"{"type":"toss","key":"toss","data":{"winner":"$fielding","decision":"field"}}"#,
    r#"{"type":"interruption","data":{"reason":"rain"}}"#,
    r#"{"type":"interruption","data":{"reason":"drinks"}}"#,
    r#"[{"type":"innings_start","key":"i3","data":{"innings":3,"team":"$batting","kind":"super_over"}},{"type":"match_end","key":"result","data":{"outcome":{"result":"tie","eliminator":"$batting"}}}]"#,
    r#"{"type":"innings_start","key":"i4","data":{"innings":4,"team":"$fielding","kind":"super_over","target":{"runs":9,"overs":"1"}}}"#,
    r#"{"type":"interruption","data":{"reason":"lunch"}}"#,
    r#"{"type":"interruption","data":{"reason":"tea"}}"#,
    r#"{"type":"interruption","data":{"reason":"dinner"}}"#,
    r#"{"type":"interruption","data":{"reason":"stumps"}}"#,
    r#"[{"type":"interruption","data":{"reason":"rain"}},{"type":"resume_play","data":{"reason":"rain"}}]"#,
    r#"{"type":"review","data":{"innings":$innings,"by":"$fielding"}}"#,
    r#"{"type":"review","data":{"innings":$innings,"by":"$batting","result":"upheld"}}"#,
    r#"{"type":"review","data":{"innings":$innings,"by":"$batting","result":"struck down"}}"#,
    r#"{"type":"review","data":{"innings":$innings,"by":"$batting","result":"struck down","umpires_call":true}}"#,
    r#"{"type":"target_revision","key":"i2.target","data":{"innings":2,"runs":121,"overs":"15"}}"#,
    r#"{"type":"penalty_runs","data":{"innings":$innings,"side":"batting","runs":5}}"#,
    r#"{"type":"penalty_runs","data":{"innings":$innings,"side":"fielding","runs":5}}"#,
    r#"{"type":"replacement","data":{"team":"$fielding","in":{"id":"sub","name":"P Substitute"},"out":$fielder,"reason":"concussion"}}"#,
    r#"{"type":"replacement","data":{"team":"$fielding","in":{"id":"sub","name":"P Substitute"},"reason":"impact"}}"#,
    r#"{"type":"retirement","data":{"innings":$innings,"player":$batter,"reason":"hurt"}}"#,
    r#"{"type":"dismissal_no_ball","data":{"innings":$innings,"kind":"timed out","player_out":$batter}}"#,
    r#"{"type":"declaration","data":{"innings":$innings}}"#,
    r#"{"type":"innings_end","key":"i$innings.end","data":{"innings":$innings,"reason":"declared"}}"#,
    r#"{"type":"innings_end","key":"i$innings.end","data":{"innings":$innings,"reason":"all_out"}}"#,
    r#"{"type":"innings_end","key":"i$innings.end","data":{"innings":$innings,"reason":"overs"}}"#,
    r#"{"type":"match_end","key":"result","data":{"outcome":{"winner":"$batting","by":{"wickets":6}}}}"#,
    r#"{"type":"match_end","key":"result","data":{"outcome":{"winner":"$fielding","by":{"runs":23}}}}"#,
    r#"{"type":"match_end","key":"result","data":{"outcome":{"winner":"$fielding","method":"Awarded"}}}"#,
    r#"{"type":"match_end","key":"result","data":{"outcome":{"result":"tie"}}}"#,
    r#"{"type":"match_end","key":"result","data":{"outcome":{"result":"draw"}}}"#,
    r#"{"type":"match_end","key":"result","data":{"outcome":{"result":"no result"}}}"#,
    r#"{"type":"match_end","key":"result","data":{"outcome":{}}}"#,
];

/// Puts players, sides and the innings in place of their signs.
pub(super) fn fill(text: &str, state: &MatchState, ball: Option<&Event>) -> String {
    let innings = state.current();
    let side = |batting: bool| {
        innings.map_or("", |innings| if batting { &*innings.batting_team } else { &*innings.bowling_team }).to_owned()
    };
    let (batting, fielding) = (side(true), side(false));
    let players = state.info.as_ref().and_then(|info| info.players.get(&*fielding));
    let json = |player: Option<&cricket::player::PlayerRef>| {
        player.and_then(|player| serde_json::to_string(player).ok()).unwrap_or_else(|| "null".to_owned())
    };
    let (batter, partner, bowler) = match ball.map(|ball| &ball.data) {
        Some(EventData::Delivery(ball)) => (Some(&ball.batter), Some(&ball.non_striker), Some(&ball.bowler)),
        _ => (innings.and_then(|innings| innings.striker_card()).map(|card| &card.player), None, None),
    };
    let fielder =
        players.and_then(|players| players.iter().find(|player| bowler.is_none_or(|bowler| bowler.id != player.id)));
    text.replace("$batter", &json(batter))
        .replace("$partner", &json(partner))
        .replace("$bowler", &json(bowler))
        .replace("$fielder", &json(fielder))
        .replace("$batting", &batting)
        .replace("$fielding", &fielding)
        .replace("$innings", &innings.map_or(1, |innings| innings.number).to_string())
}
