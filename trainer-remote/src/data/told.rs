//! What of a ball is told first, known before its moment is formed: most balls are not drawn, and need none.

use std::sync::LazyLock;

use commentary::{LineKind, facts::EventWord};
use cricket::{
    event::{Delivery, DismissalKind},
    score::{EndReason, Happening, MatchResult, MatchState},
};

/// The words that no ball brings.
const NEVER: [EventWord; 18] = [
    EventWord::Correction,
    EventWord::InningsStart,
    EventWord::MatchStart,
    EventWord::Toss,
    EventWord::ReviewPending,
    EventWord::Rain,
    EventWord::Stopped,
    EventWord::Resumed,
    EventWord::TargetRevised,
    EventWord::Replaced,
    EventWord::HatTrickBall,
    EventWord::NewBatter,
    EventWord::NewBowler,
    EventWord::FreeHit,
    EventWord::Drought,
    EventWord::LastOver,
    EventWord::LastBall,
    EventWord::Boundary,
];

/// The order of telling, as the phrasebook and the prompts have it.
static ORDER: LazyLock<Vec<EventWord>> =
    LazyLock::new(|| EventWord::TELLING.into_iter().filter(|word| !NEVER.contains(word)).collect());

/// How many events there are.
pub(super) const EVENTS: usize = EventWord::TELLING.len() - NEVER.len();

/// The event words of a ball, as a set in the order of telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told(u64);

impl Told {
    /// The words of a ball that was just applied.
    pub(super) fn of(state: &MatchState, ball: &Delivery, happenings: &[Happening]) -> Self {
        let mut told = Self(0);
        told.ball(ball);
        for happening in happenings {
            told.happening(state, happening);
        }
        told
    }

    /// Where the most telling one stands in the order, below [`EVENTS`].
    pub(super) fn first(self) -> usize {
        (self.0.trailing_zeros() as usize).min(EVENTS - 1)
    }

    /// The words, the most telling first.
    pub(super) fn words(self) -> impl Iterator<Item = EventWord> {
        ORDER.iter().enumerate().filter(move |(place, _)| self.0 >> place & 1 == 1).map(|(_, word)| *word)
    }

    fn add(&mut self, word: EventWord) {
        if let Some(place) = ORDER.iter().position(|other| *other == word) {
            self.0 |= 1 << place;
        }
    }

    fn ball(&mut self, ball: &Delivery) {
        let extras = &ball.extras;
        for (runs, word) in [
            (extras.wides, EventWord::Wide),
            (extras.noballs, EventWord::NoBall),
            (extras.byes, EventWord::Bye),
            (extras.legbyes, EventWord::LegBye),
            (extras.penalty, EventWord::Penalty),
            (ball.runs.total, EventWord::Runs),
        ] {
            if runs > 0 {
                self.add(word);
            }
        }
        match ball.runs.bat {
            _ if ball.is_four() => self.add(EventWord::Four),
            _ if ball.is_six() => self.add(EventWord::Six),
            0 if ball.runs.total == 0 => self.add(EventWord::Dot),
            1 => self.add(EventWord::Single),
            2 => self.add(EventWord::Two),
            3 => self.add(EventWord::Three),
            5 => self.add(EventWord::Five),
            _ => {}
        }
        for wicket in &ball.wickets {
            if wicket.kind.is_wicket() {
                self.dismissal(&wicket.kind);
            } else {
                self.add(EventWord::Retired);
            }
        }
        if let Some(review) = &ball.review {
            let upheld = review.decision == "upheld";
            self.add(EventWord::Review);
            self.add(if upheld { EventWord::ReviewUpheld } else { EventWord::ReviewStruckDown });
            if review.umpires_call {
                self.add(EventWord::UmpiresCall);
            }
        }
    }

    fn dismissal(&mut self, kind: &DismissalKind) {
        self.add(EventWord::Wicket);
        self.add(match kind {
            DismissalKind::Bowled => EventWord::Bowled,
            DismissalKind::Caught => EventWord::Caught,
            DismissalKind::CaughtAndBowled => EventWord::CaughtAndBowled,
            DismissalKind::Lbw => EventWord::Lbw,
            DismissalKind::RunOut => EventWord::RunOut,
            DismissalKind::Stumped => EventWord::Stumped,
            DismissalKind::HitWicket => EventWord::HitWicket,
            _ => EventWord::OtherDismissal,
        });
    }

    fn happening(&mut self, state: &MatchState, happening: &Happening) {
        match happening {
            Happening::Wicket { dismissal, .. } => self.dismissal(&dismissal.kind),
            Happening::Retired { .. } => self.add(EventWord::Retired),
            Happening::BatterMilestone { runs, .. } => self.add(match runs {
                50 => EventWord::Fifty,
                100 => EventWord::Century,
                _ => EventWord::BigCentury,
            }),
            Happening::BowlerMilestone { wickets, .. } => {
                self.add(if *wickets >= 5 { EventWord::FiveWickets } else { EventWord::BowlerMilestone });
            }
            Happening::PartnershipMilestone { .. } => self.add(EventWord::PartnershipMilestone),
            Happening::TeamMilestone { .. } => self.add(EventWord::TeamMilestone),
            Happening::HatTrick { .. } => self.add(EventWord::HatTrick),
            Happening::Duck { golden, .. } => {
                self.add(EventWord::Duck);
                if *golden {
                    self.add(EventWord::GoldenDuck);
                }
            }
            Happening::OverCompleted { maiden, .. } => {
                self.add(EventWord::OverEnd);
                if *maiden {
                    self.add(EventWord::Maiden);
                }
            }
            Happening::DroughtBroken { .. } => self.add(EventWord::DroughtBroken),
            Happening::InningsEnded { reason, .. } => {
                self.add(EventWord::InningsEnd);
                match reason {
                    EndReason::AllOut => self.add(EventWord::AllOut),
                    EndReason::Declared => self.add(EventWord::Declared),
                    _ => {}
                }
            }
            Happening::TargetReached => self.add(EventWord::Win),
            Happening::MatchEnded { .. } => self.result(state),
            _ => {}
        }
    }

    /// The result as computed: a ball that ends the match comes before the feed's word on it.
    fn result(&mut self, state: &MatchState) {
        self.add(EventWord::MatchEnd);
        match &state.computed_result {
            Some(MatchResult::Tie { super_over_winner }) => {
                self.add(EventWord::Tie);
                if super_over_winner.is_some() {
                    self.add(EventWord::Win);
                }
            }
            Some(_) => self.add(EventWord::Win),
            None => {}
        }
    }
}

/// The event at a place of the order.
pub(super) fn event(place: usize) -> EventWord {
    ORDER.get(place).copied().unwrap_or(EventWord::Runs)
}

/// The place of an event by its id, such as `caught`.
pub(super) fn place(id: &str) -> Option<usize> {
    ORDER.iter().position(|word| word.id() == id)
}

/// The kinds of line that a ball brings, as its moment would say, statistics apart.
pub(super) fn kinds(happenings: &[Happening]) -> impl Iterator<Item = LineKind> {
    let ended =
        |happening: &Happening| matches!(happening, Happening::InningsEnded { .. } | Happening::MatchEnded { .. });
    let third = if happenings.iter().any(ended) {
        Some(LineKind::Innings)
    } else if happenings.iter().any(|happening| matches!(happening, Happening::OverCompleted { .. })) {
        Some(LineKind::Over)
    } else {
        None
    };
    [LineKind::Call, LineKind::Colour].into_iter().chain(third)
}
