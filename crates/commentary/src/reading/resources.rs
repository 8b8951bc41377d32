//! How much of an innings is left to a side: balls and wickets as one number.
//!
//! The exponential form of Duckworth and Lewis (1998), `P(u, w) = F(w) · (1 − e^(−b·u/F(w))) / (1 − e^(−50·b))` with u
//! overs left and w wickets lost. `b` and `F` are fitted to the published Standard Edition table and agree with it to
//! 0.1 of a percent. It is an approximation for reading a match, never a par score: official targets come from the feed.

/// Decay an over.
const B: f64 = 0.0275;
/// Share of the asymptote left after 0…9 wickets.
const F: [f64; 10] = [1.0, 0.885, 0.7606, 0.631, 0.5006, 0.3758, 0.2621, 0.1644, 0.0889, 0.0351];

/// Share of a fifty-over innings' resources that remain: 0 to 1, with balls left (six to an over) and wickets in hand.
pub(super) fn remaining(balls_left: f64, wickets_in_hand: u8) -> f64 {
    if wickets_in_hand == 0 || balls_left <= 0.0 {
        return 0.0;
    }
    let lost = usize::from(10u8.saturating_sub(wickets_in_hand)).min(9);
    let share = F[lost];
    share * (1.0 - (-B * balls_left / 6.0 / share).exp()) / (1.0 - (-50.0 * B).exp())
}

#[cfg(test)]
mod tests {
    use super::remaining;

    #[test]
    fn agrees_with_the_published_standard_edition() {
        for (overs, lost, percent) in
            [(50, 0, 100.0), (50, 5, 49.0), (40, 2, 77.8), (30, 0, 75.1), (20, 4, 44.6), (10, 7, 17.9), (5, 9, 4.6)]
        {
            let ours = 100.0 * remaining(f64::from(overs * 6), 10 - lost);
            assert!((ours - percent).abs() < 0.15, "{overs} overs, {lost} down: {ours} for {percent}");
        }
    }

    #[test]
    fn nothing_is_left_without_balls_or_wickets() {
        assert!(remaining(0.0, 10) <= 0.0 && remaining(60.0, 0) <= 0.0);
    }
}
