//! Balls of an over exchange their runs: the over's total stays, who scored what does not.
//!
//! Only plain balls do: legal, no extras, nobody out, nothing reviewed or replaced, three runs at most. Where one run was
//! odd and the other even, the two batters stand the other way round between them, as they would have. The last over of
//! an innings stays as it was: there a chase may end within the over.

use cricket::{cricsheet::CricsheetMatch, event::Delivery};

use super::super::dice;

/// Exchanges runs in about every second over that allows it.
pub(super) fn swap(game: &mut CricsheetMatch, seed: u64) {
    for innings in &mut game.innings {
        let number = innings.start.innings.to_string();
        let Some((_, overs)) = innings.overs.split_last_mut() else { continue };
        for over in overs {
            let drawn = dice::draw(seed, &["runs", &number, &over.over.to_string()]);
            let pairs = pairs(&over.deliveries);
            // Half of the draws fall beyond the pairs: those overs stay.
            if let Some((first, second)) = pairs.get(dice::below(drawn, pairs.len() * 2)) {
                exchange(&mut over.deliveries[*first..=*second]);
            }
        }
    }
}

/// The pairs of balls that may be exchanged, and would make a difference.
fn pairs(balls: &[Delivery]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (first, ball) in balls.iter().enumerate().filter(|(_, ball)| is_plain(ball)) {
        for (second, other) in balls.iter().enumerate().skip(first + 1) {
            if !is_quiet(other) || !same_two(ball, other) {
                break;
            }
            if is_plain(other) && other.runs.bat != ball.runs.bat {
                pairs.push((first, second));
            }
        }
    }
    pairs
}

fn is_plain(ball: &Delivery) -> bool {
    ball.is_legal() && ball.runs.total == ball.runs.bat && ball.runs.bat <= 3 && is_quiet(ball) && ball.runs.extras == 0
}

/// Nothing about the ball depends on which of the two faced it.
fn is_quiet(ball: &Delivery) -> bool {
    ball.wickets.is_empty() && ball.review.is_none() && ball.replacements.is_none() && ball.ext.is_empty()
}

fn same_two(one: &Delivery, other: &Delivery) -> bool {
    let (two, others) = ([&one.batter.id, &one.non_striker.id], [&other.batter.id, &other.non_striker.id]);
    two == others || two == [others[1], others[0]]
}

/// Exchanges the runs of the first and the last ball of a stretch.
fn exchange(balls: &mut [Delivery]) {
    let [first, between @ .., last] = balls else { return };
    std::mem::swap(&mut first.runs, &mut last.runs);
    if (first.runs.bat + last.runs.bat) % 2 == 1 {
        for ball in between.iter_mut().chain([last]) {
            std::mem::swap(&mut ball.batter, &mut ball.non_striker);
        }
    }
}
