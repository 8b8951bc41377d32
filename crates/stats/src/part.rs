//! The three parts of an innings for which figures are kept apart.

use cricket::phase::{Bounds, NEW_BALL_OVERS, Phase, SECOND_NEW_BALL_OVERS};

use crate::class::Format;

/// The first over of the middle part and of the last part.
///
/// Limited overs: the powerplay and the death by the bounds of the format ([`Bounds::scaled`]), by the match's own number
/// of overs; an innings shortened later is cut as if it had not been, since the archive does not hold by how much. No
/// limit: the first 20 overs of an innings, and those from the 81st on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cuts {
    middle: u16,
    late: u16,
}

impl Cuts {
    pub(crate) fn of(format: Format, overs: Option<u16>, balls_per_over: u16) -> Self {
        let per_over = u32::from(balls_per_over.max(1));
        let limited = overs.filter(|_| format != Format::LongForm);
        let bounds = limited.map(|overs| u32::from(overs) * per_over).map(|full| Bounds::scaled(full, full));
        let cut = |balls: u32| u16::try_from(balls / per_over).unwrap_or(u16::MAX);
        match bounds {
            Some(bounds) => Self { middle: cut(bounds.powerplay), late: cut(bounds.death) },
            None => Self { middle: NEW_BALL_OVERS as u16, late: SECOND_NEW_BALL_OVERS as u16 },
        }
    }

    /// The part of an over (from 0): 0 the first, 1 the middle, 2 the last.
    pub(crate) fn part(self, over: u16) -> usize {
        usize::from(over >= self.middle) + usize::from(over >= self.late)
    }
}

/// What the parts are called in a format.
pub(crate) fn phases(format: Format) -> [Phase; 3] {
    match format {
        Format::LongForm => [Phase::NewBall, Phase::OldBall, Phase::NewBallDue],
        _ => [Phase::Powerplay, Phase::Middle, Phase::Death],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_those_of_the_format() {
        for (format, overs, per_over, middle, late) in [
            (Format::T20, Some(20), 6, 6, 15),
            (Format::OneDay, Some(50), 6, 10, 40),
            (Format::OneDay, Some(40), 6, 8, 32),
            (Format::Hundred, Some(20), 5, 5, 16),
            (Format::LongForm, None, 6, 20, 80),
        ] {
            let cuts = Cuts::of(format, overs, per_over);
            assert_eq!(cuts, Cuts { middle, late }, "{format:?} of {overs:?} overs");
            assert_eq!([middle - 1, middle, late - 1, late].map(|over| cuts.part(over)), [0, 1, 1, 2]);
        }
    }
}
