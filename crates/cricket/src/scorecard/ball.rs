//! One ball in symbols, and in words.

use super::words::{count, dismissal};
use crate::event::Delivery;

/// The ball as a follower writes it down: `.`, `4`, `W`, `1lb`, `1wd`, `1nb+4`, `W+1`.
pub(super) fn symbol(ball: &Delivery) -> String {
    let parts: Vec<String> = ball
        .symbol()
        .split('+')
        .map(|part| match part {
            "•" => ".".to_owned(),
            "wd" | "nb" => format!("1{part}"),
            part => part.to_owned(),
        })
        .collect();
    parts.join("+")
}

/// What happened: `four`, `2 runs`, `wide and 1 run more`, `no-ball, six`, `OUT: A Rao c M Bose b T Sen`.
pub(super) fn happened(ball: &Delivery) -> String {
    let mut parts = Vec::new();
    if ball.free_hit {
        parts.push("free hit".to_owned());
    }
    let extras = ball.extras;
    match extras.wides {
        0 => {}
        1 => parts.push("wide".to_owned()),
        wides => parts.push(format!("{wides} wides")),
    }
    match extras.noballs {
        0 => {}
        1 => parts.push("no-ball".to_owned()),
        noballs => parts.push(format!("{noballs} no-ball runs")),
    }
    match ball.runs.bat {
        0 => {}
        4 if ball.is_four() => parts.push("four".to_owned()),
        6 if ball.is_six() => parts.push("six".to_owned()),
        bat @ (4 | 6) => parts.push(format!("{bat} runs, all run")),
        bat => parts.push(count(bat.into(), "run")),
    }
    for (runs, what) in [(extras.byes, "bye"), (extras.legbyes, "leg bye"), (extras.penalty, "penalty run")] {
        if runs > 0 {
            parts.push(count(runs.into(), what));
        }
    }
    for wicket in &ball.wickets {
        parts.push(if wicket.kind.is_wicket() {
            let how = dismissal(&wicket.kind, &wicket.fielders, Some(&ball.bowler));
            format!("OUT: {} {how}", wicket.player_out)
        } else {
            format!("{} {}", wicket.player_out, wicket.kind)
        });
    }
    if parts.is_empty() {
        parts.push("no run".to_owned());
    }
    if let Some(review) = &ball.review {
        let call = if review.umpires_call { ", umpire's call" } else { "" };
        parts.push(format!("review by {}: {}{call}", review.by, review.decision));
    }
    if let Some(replaced) = &ball.replacements {
        let players = replaced.players.iter().map(|one| format!("{} for {} before it", one.incoming, one.outgoing));
        let role = replaced.role.iter().map(|one| match &one.outgoing {
            Some(outgoing) => format!("{} takes over from {} as {}", one.incoming, outgoing, one.role),
            None => format!("{} takes over as {}", one.incoming, one.role),
        });
        parts.extend(players.chain(role));
    }
    parts.join(", ")
}
