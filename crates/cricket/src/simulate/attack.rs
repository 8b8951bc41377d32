//! Who bowls the next over: nobody two in a row, nobody more than a fifth of the innings, and always so that the
//! remaining overs can still be bowled.

use super::{Format, Role, TeamSheet, dice::Dice};

/// A side's bowlers in the field.
pub(super) struct Attack {
    bowlers: Vec<Bowler>,
    previous: Option<usize>,
    overs_to_come: u16,
    format: Format,
}

struct Bowler {
    /// Place in the side.
    player: usize,
    overs_left: u16,
}

impl Attack {
    pub(super) fn new(side: &TeamSheet, format: Format) -> Self {
        let of_role = |role| {
            side.players().iter().enumerate().filter(move |(_, player)| player.role == role).map(|(place, _)| place)
        };
        let bowlers = of_role(Role::Bowler)
            .chain(of_role(Role::AllRounder))
            .map(|player| Bowler { player, overs_left: format.overs_a_bowler() })
            .collect();
        Self { bowlers, previous: None, overs_to_come: format.overs(), format }
    }

    /// The bowler of the next over, as a place in the side. The opening pair (the first two named as bowlers) is kept
    /// for the powerplay and the end.
    pub(super) fn next(&mut self, over: u16, dice: &mut Dice) -> usize {
        let new_or_late = over < self.format.powerplay_overs() || over * 5 >= self.format.overs() * 4;
        let weights: Vec<f64> = (0..self.bowlers.len())
            .map(|place| match (place, self.can_bowl(place)) {
                (_, false) => 0.0,
                (0 | 1, true) if new_or_late => 8.0,
                (0 | 1, true) => 1.0,
                (2 | 3, true) => 4.0,
                (_, true) => 2.0,
            })
            .collect();
        let place = dice.weighted(&weights);
        self.previous = Some(place);
        self.overs_to_come = self.overs_to_come.saturating_sub(1);
        let bowler = &mut self.bowlers[place];
        bowler.overs_left = bowler.overs_left.saturating_sub(1);
        bowler.player
    }

    /// Whether this bowler may bowl now and the rest can be bowled after: of any bowler, the others' overs and at most
    /// one more than those (none before the first of them, if this one has just bowled) must cover what is to come.
    fn can_bowl(&self, place: usize) -> bool {
        if Some(place) == self.previous || self.bowlers[place].overs_left == 0 {
            return false;
        }
        let to_come = self.overs_to_come.saturating_sub(1);
        let left = |bowler: usize| self.bowlers[bowler].overs_left - u16::from(bowler == place);
        let all: u16 = (0..self.bowlers.len()).map(left).sum();
        (0..self.bowlers.len()).all(|bowler| {
            let others = all - left(bowler);
            others + left(bowler).min(others + u16::from(bowler != place)) >= to_come
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_innings_can_be_bowled_within_the_rules() {
        for seed in 0..500 {
            for format in [Format::T20, Format::Odi] {
                let mut dice = Dice::new(seed, 0);
                let mut attack = Attack::new(&TeamSheet::herons(), format);
                let bowled: Vec<_> = (0..format.overs()).map(|over| attack.next(over, &mut dice)).collect();
                assert!(bowled.windows(2).all(|pair| pair[0] != pair[1]), "two in a row: {bowled:?}");
                for player in 0..11 {
                    let overs = bowled.iter().filter(|bowler| **bowler == player).count();
                    assert!(overs <= usize::from(format.overs_a_bowler()), "{player} bowled {overs}: {bowled:?}");
                }
            }
        }
    }
}
