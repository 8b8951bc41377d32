//! The match around the innings: toss, target, result, and the events a feed would send.

use std::{collections::HashMap, sync::Arc};

use indexmap::IndexMap;

use super::{
    Format, SimulationSettings, TeamSheet,
    dice::Dice,
    frequencies::Chances,
    innings::{Conditions, PlayedInnings, play},
    teams::invented_id,
};
use crate::{
    cricsheet,
    event::{
        Event, EventData, EventName, Ext, InningsEnd, InningsKind, InningsStart, Key, MatchEnd, MatchInfo, Officials,
        Outcome, OverEnd, Powerplay, Registry, Target, TextOrNumber, Toss, WinBy,
    },
    overs::OverBall,
    player::PersonId,
};

/// Two invented umpires, registered as real ones are.
const UMPIRES: [&str; 2] = ["EM Tanakawa", "S Rautavuori"];

/// A match played: who batted first, and both innings.
pub(super) struct Play {
    toss: Toss,
    /// The sides in batting order, as places in the settings.
    order: [usize; 2],
    innings: [PlayedInnings; 2],
}

impl Play {
    /// Plays the match of a seed; each attempt is another match of that seed.
    pub(super) fn new(settings: &SimulationSettings, chances: &Chances, attempt: u64) -> Self {
        let mut dice = Dice::new(settings.seed, attempt);
        let winner = usize::from(dice.happens(0.5));
        // In limited-overs cricket of these years somewhat more captains choose to chase.
        let bats = dice.happens(0.4);
        let first = if bats { winner } else { 1 - winner };
        let toss = Toss {
            winner: settings.teams[winner].name().clone(),
            decision: if bats { "bat" } else { "field" }.to_owned(),
            uncontested: false,
        };
        let order = [first, 1 - first];
        let [batting, bowling] = order.map(|place| &settings.teams[place]);
        let first = Conditions { number: 1, format: settings.format, batting, bowling, target: None, chances };
        let setting = play(&first, &mut dice);
        let second =
            Conditions { number: 2, batting: bowling, bowling: batting, target: Some(setting.runs + 1), ..first };
        let chasing = play(&second, &mut dice);
        Self { toss, order, innings: [setting, chasing] }
    }

    /// Whether this is the finish of [`super::Finish::LastOver`].
    pub(super) fn goes_to_the_last_over(&self, format: Format) -> bool {
        let [setting, chasing] = &self.innings;
        let Some(last) = chasing.overs.get(usize::from(format.overs()) - 1) else { return false };
        let scored: u32 = last.iter().map(|ball| u32::from(ball.runs.total)).sum();
        let fell = last.iter().filter(|ball| !ball.wickets.is_empty()).count();
        let needed = (setting.runs + 1 + scored).saturating_sub(chasing.runs);
        let in_hand = 10 - usize::from(chasing.wickets) + fell;
        let legal = last.iter().filter(|ball| ball.is_legal()).count();
        let margin = (setting.runs + 1).saturating_sub(chasing.runs);
        (4..=16).contains(&needed) && in_hand >= 2 && legal >= 4 && margin <= 4
    }

    /// The events, from `match_info` to `match_end`.
    pub(super) fn events(&self, settings: &SimulationSettings) -> Vec<Event> {
        let mut out = Stream { match_id: format!("simulated-{}", settings.seed).into(), events: Vec::new() };
        out.push(Key::match_info(), EventData::MatchInfo(Box::new(self.info(settings))));
        for (number, (innings, place)) in (1_u8..).zip(self.innings.iter().zip(self.order)) {
            self.innings_events(&mut out, settings, number, innings, settings.teams[place].name());
        }
        let (outcome, player) = (self.outcome(settings), self.player_of_the_match(settings));
        let end =
            MatchEnd { outcome, player_of_match: player.into_iter().collect(), bowl_out: Vec::new(), ext: Ext::new() };
        out.push(Key::result(), EventData::MatchEnd(Box::new(end)));
        out.events
    }

    fn innings_events(
        &self,
        out: &mut Stream,
        settings: &SimulationSettings,
        number: u8,
        innings: &PlayedInnings,
        team: &Arc<str>,
    ) {
        let overs = settings.format.overs();
        let target = (number == 2).then(|| Target {
            runs: self.innings[0].runs + 1,
            overs: Some(OverBall { over: overs, ball: 0 }),
            balls: None,
        });
        let openers = innings.overs.first().and_then(|over| over.first());
        let start = InningsStart {
            innings: number,
            team: team.clone(),
            kind: InningsKind::Normal,
            target,
            penalty_pre: None,
            openers: openers.map(|ball| vec![ball.batter.clone(), ball.non_striker.clone()]).unwrap_or_default(),
            forfeited: false,
            follow_on: false,
            ext: Ext::new(),
        };
        out.push(Key::innings(number), EventData::InningsStart(Box::new(start)));
        out.push(
            Key::powerplay(number, 1),
            EventData::Powerplay(Box::new(powerplay(settings.format, number, innings))),
        );
        for (over, balls) in (0_u16..).zip(&innings.overs) {
            for ball in balls {
                let key = Key::delivery(number, ball.over, ball.pos);
                out.push(key, EventData::Delivery(Box::new(ball.clone())));
            }
            let legal = balls.iter().filter(|ball| ball.is_legal()).count();
            if let (6, Some(last)) = (legal, balls.last()) {
                let end = OverEnd {
                    innings: number,
                    over,
                    bowler: last.bowler.clone(),
                    legal_balls: Some(6),
                    ext: Ext::new(),
                };
                out.push(Key::over_end(number, over), EventData::OverEnd(Box::new(end)));
            }
        }
        let end = InningsEnd { innings: number, reason: Some(innings.reason.to_owned()), ..InningsEnd::default() };
        out.push(Key::innings_end(number), EventData::InningsEnd(Box::new(end)));
    }

    fn info(&self, settings: &SimulationSettings) -> MatchInfo {
        let mut registry: IndexMap<Arc<str>, PersonId> = settings
            .teams
            .iter()
            .flat_map(TeamSheet::players)
            .map(|player| (player.name.clone(), player.reference().id))
            .chain(UMPIRES.iter().map(|name| (Arc::from(*name), PersonId(invented_id(name)))))
            .collect();
        registry.sort_keys();
        let year = settings.date.split('-').next().unwrap_or_default().to_owned();
        MatchInfo {
            teams: settings.teams.iter().map(|side| side.name().clone()).collect(),
            players: settings
                .teams
                .iter()
                .map(|side| (side.name().clone(), side.players().iter().map(super::Player::reference).collect()))
                .collect(),
            registry: Registry(registry),
            // Fifty overs without ODI status: neither side is a national one.
            match_type: match settings.format {
                Format::T20 => "T20",
                Format::Odi => "ODM",
            }
            .to_owned(),
            match_type_number: None,
            gender: Some(settings.gender.name().to_owned()),
            team_type: Some("club".to_owned()),
            venue: Some("Tidewater Oval".to_owned()),
            city: None,
            dates: vec![settings.date.clone()],
            season: Some(TextOrNumber::Text(year)),
            event: Some(EventName {
                name: "Tidewater Cup".to_owned(),
                match_number: None,
                group: None,
                stage: Some("Final".to_owned()),
                ext: Ext::new(),
            }),
            overs: Some(settings.format.overs()),
            balls_per_over: 6,
            toss: Some(self.toss.clone()),
            officials: Some(Officials {
                umpires: UMPIRES.iter().map(ToString::to_string).collect(),
                ..Officials::default()
            }),
            supersubs: IndexMap::new(),
            rules: None,
            ext: file_facts(&settings.date),
        }
    }

    fn outcome(&self, settings: &SimulationSettings) -> Outcome {
        let [setting, chasing] = &self.innings;
        let name = |side: usize| Some(settings.teams[self.order[side]].name().clone());
        match chasing.runs.cmp(&setting.runs) {
            std::cmp::Ordering::Greater => Outcome {
                winner: name(1),
                by: Some(WinBy { wickets: Some(10 - chasing.wickets), ..WinBy::default() }),
                ..Outcome::default()
            },
            std::cmp::Ordering::Less => Outcome {
                winner: name(0),
                by: Some(WinBy { runs: Some(setting.runs - chasing.runs), ..WinBy::default() }),
                ..Outcome::default()
            },
            std::cmp::Ordering::Equal => Outcome { result: Some("tie".to_owned()), ..Outcome::default() },
        }
    }

    /// The winning side's player with most runs, a wicket counting for twenty; of either side after a tie.
    fn player_of_the_match(&self, settings: &SimulationSettings) -> Option<Arc<str>> {
        let mut worth: HashMap<&Arc<str>, u32> = HashMap::new();
        let balls = self.innings.iter().flat_map(|innings| innings.overs.iter().flatten());
        for ball in balls {
            *worth.entry(&ball.batter.name).or_default() += u32::from(ball.runs.bat);
            let wickets = ball.wickets.iter().filter(|wicket| wicket.kind.is_bowlers()).count() as u32;
            *worth.entry(&ball.bowler.name).or_default() += 20 * wickets;
        }
        let winner = self.outcome(settings).winner;
        let eligible = settings.teams.iter().filter(|side| winner.as_ref().is_none_or(|winner| winner == side.name()));
        eligible
            .flat_map(TeamSheet::players)
            .max_by_key(|player| (worth.get(&player.name).copied().unwrap_or_default(), player.name.clone()))
            .map(|player| player.name.clone())
    }
}

/// What a Cricsheet file says of itself, kept where files that are read have it too.
fn file_facts(date: &str) -> Ext {
    let meta = serde_json::json!({ "meta": { "data_version": "1.1.0", "created": date, "revision": 1 } });
    Ext::from_iter([(cricsheet::EXT.to_owned(), meta)])
}

/// The powerplay at the start; its last ball is counted among all deliveries of its over.
fn powerplay(format: Format, number: u8, innings: &PlayedInnings) -> Powerplay {
    let over = format.powerplay_overs() - 1;
    let balls = innings.overs.get(usize::from(over)).map_or(0, Vec::len).max(6);
    Powerplay {
        innings: number,
        kind: "mandatory".to_owned(),
        from: OverBall { over: 0, ball: 1 },
        to: OverBall { over, ball: u16::try_from(balls).unwrap_or(u16::MAX) },
        ext: Ext::new(),
    }
}

/// Events in order.
struct Stream {
    match_id: Arc<str>,
    events: Vec<Event>,
}

impl Stream {
    fn push(&mut self, key: Key, data: EventData) {
        let seq = self.events.len() as u64 + 1;
        self.events.push(Event::new(self.match_id.clone(), seq, key, data));
    }
}
