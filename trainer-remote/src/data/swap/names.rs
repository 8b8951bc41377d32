//! Players and sides get invented names; the registry's ids stay, so that the game is played as it was.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use cricket::{
    cricsheet::CricsheetMatch,
    event::{Delivery, MatchInfo, Registry},
    player::{PersonId, PlayerRef},
};

use super::super::dice;

/// Family names are put together from a beginning and an ending.
const BEGINNINGS: [&str; 60] = [
    "Ravens", "Thistle", "Black", "Penny", "Hather", "Wether", "Stan", "Lang", "Marsh", "Whit", "Kil", "Dun", "Car",
    "Ash", "Brad", "Chad", "Fair", "Hol", "Karim", "Samara", "Nanda", "Iyengar", "Chakra", "Dila", "Raja", "Suriya",
    "Vaidya", "Wijaya", "Guna", "Jaya", "Maha", "Perum", "Shah", "Tirtha", "Uday", "Yash", "Mbek", "Mok", "Nkos",
    "Okwu", "Abim", "Dlam", "Ngub", "Zond", "Whaka", "Kowhai", "Tama", "Rangi", "Lind", "Cast", "Ver", "Mont", "Bel",
    "Cor", "Del", "Solk", "Kesh", "Par", "Bhatt", "Gaura",
];
const ENDINGS: [&str; 40] = [
    "wick", "ham", "ford", "ley", "worth", "brook", "stead", "mere", "dale", "combe", "zada", "wansa", "kishor",
    "samy", "vari", "pura", "singhe", "ratne", "deva", "nathan", "wana", "gatle", "osa", "bola", "ani", "ini", "rau",
    "taira", "qvist", "ellane", "ando", "etti", "arni", "ari", "oor", "ekar", "ayya", "esh", "ulu", "ova",
];
const INITIALS: [&str; 21] =
    ["A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S", "T", "V", "W", "Y", "Z"];
/// Sides are a place, and among clubs an emblem.
const PLACES: [&str; 48] = [
    "Saltmarsh",
    "Amberfort",
    "Coldhaven",
    "Stonegate",
    "Ravensmoor",
    "Elmhurst",
    "Brackwater",
    "Highmoor",
    "Oakvale",
    "Greycliff",
    "Sandrift",
    "Westmarch",
    "Northmere",
    "Ironbridge",
    "Harrowfield",
    "Larkspur",
    "Windlass",
    "Kestwick",
    "Marlpit",
    "Thornby",
    "Ashgrove",
    "Millhaven",
    "Foxbridge",
    "Redcastle",
    "Palmbay",
    "Sunderpur",
    "Chandrapet",
    "Kalinagar",
    "Devgarh",
    "Rajkotta",
    "Suryapuram",
    "Neelgiri Vale",
    "Mandirpur",
    "Lakshmanpet",
    "Koralia",
    "Umbrosia",
    "Vestland",
    "Tamboria",
    "Zandoria",
    "Maristan",
    "Kiwanda",
    "Aotara",
    "Ruapara",
    "Bluewater",
    "Copperhill",
    "Silverstrand",
    "Larchmont",
    "Quarrytown",
];
const EMBLEMS: [&str; 24] = [
    "Herons",
    "Lancers",
    "Falcons",
    "Mariners",
    "Comets",
    "Panthers",
    "Cobras",
    "Rangers",
    "Drovers",
    "Pioneers",
    "Sentinels",
    "Otters",
    "Buffaloes",
    "Kites",
    "Wolves",
    "Archers",
    "Corsairs",
    "Monsoons",
    "Nomads",
    "Badgers",
    "Stallions",
    "Harriers",
    "Miners",
    "Ospreys",
];

/// Gives everyone and both sides a name by seed.
pub(super) fn swap(game: &mut CricsheetMatch, seed: u64) {
    let mut cast = Cast::new(seed, &game.info);
    cast.info(&mut game.info);
    if let Some(end) = &mut game.end {
        let outcome = &mut end.outcome;
        [&mut outcome.winner, &mut outcome.eliminator, &mut outcome.bowl_out]
            .into_iter()
            .flatten()
            .for_each(|team| cast.team(team));
        end.player_of_match.iter_mut().for_each(|name| cast.name(name));
        end.bowl_out.iter_mut().for_each(|ball| cast.name(&mut ball.bowler));
    }
    for innings in &mut game.innings {
        cast.team(&mut innings.start.team);
        innings.start.openers.iter_mut().for_each(|player| cast.player(player));
        innings.end.absent_hurt.iter_mut().for_each(|player| cast.player(player));
        for ball in innings.overs.iter_mut().flat_map(|over| &mut over.deliveries) {
            cast.ball(ball);
        }
    }
}

/// Who is called what.
struct Cast {
    seed: u64,
    people: HashMap<PersonId, Arc<str>>,
    /// Names as they were, for places where a file has no id.
    by_name: HashMap<Arc<str>, PersonId>,
    families: HashSet<String>,
    teams: HashMap<Arc<str>, Arc<str>>,
}

impl Cast {
    /// The match's own facts come before its first ball, so names depend on nothing later.
    fn new(seed: u64, info: &MatchInfo) -> Self {
        let mut cast = Self {
            seed,
            people: HashMap::new(),
            by_name: HashMap::new(),
            families: HashSet::new(),
            teams: HashMap::new(),
        };
        let Registry(registered) = &info.registry;
        for (name, id) in registered {
            cast.by_name.insert(name.clone(), id.clone());
        }
        let club = info.team_type.as_deref() != Some("international");
        let mut taken = HashSet::new();
        for team in info.teams.iter().chain(info.players.keys()) {
            if !cast.teams.contains_key(team) {
                cast.teams.insert(team.clone(), cast.side(team, club, &mut taken).into());
            }
        }
        cast
    }

    /// An invented side; no two of a match share a place.
    fn side(&self, team: &str, club: bool, taken: &mut HashSet<usize>) -> String {
        let mut place = dice::below(dice::draw(self.seed, &["place", team]), PLACES.len());
        while !taken.insert(place) && taken.len() < PLACES.len() {
            place = (place + 1) % PLACES.len();
        }
        let emblem = EMBLEMS[dice::below(dice::draw(self.seed, &["emblem", team]), EMBLEMS.len())];
        if club { format!("{} {emblem}", PLACES[place]) } else { PLACES[place].to_owned() }
    }

    fn info(&mut self, info: &mut MatchInfo) {
        info.teams.iter_mut().for_each(|team| self.team(team));
        let players = std::mem::take(&mut info.players).into_iter().map(|(mut team, mut players)| {
            self.team(&mut team);
            for player in &mut players {
                self.player(player);
            }
            (team, players)
        });
        info.players = players.collect();
        let supersubs = std::mem::take(&mut info.supersubs).into_iter().map(|(mut team, mut name)| {
            self.team(&mut team);
            self.name(&mut name);
            (team, name)
        });
        info.supersubs = supersubs.collect();
        if let Some(toss) = &mut info.toss {
            self.team(&mut toss.winner);
        }
        let Registry(registered) = &mut info.registry;
        *registered = std::mem::take(registered)
            .into_iter()
            .map(|(_, id)| {
                let name = self.named(&id);
                (name, id)
            })
            .collect();
    }

    fn ball(&mut self, ball: &mut Delivery) {
        for player in [&mut ball.batter, &mut ball.non_striker, &mut ball.bowler] {
            self.player(player);
        }
        for wicket in &mut ball.wickets {
            self.player(&mut wicket.player_out);
            wicket.fielders.iter_mut().filter_map(|fielder| fielder.player.as_mut()).for_each(|who| self.player(who));
        }
        if let Some(review) = &mut ball.review {
            self.team(&mut review.by);
            self.player(&mut review.batter);
        }
        if let Some(replacements) = &mut ball.replacements {
            for change in &mut replacements.players {
                self.team(&mut change.team);
                self.player(&mut change.incoming);
                self.player(&mut change.outgoing);
            }
            for change in &mut replacements.role {
                self.player(&mut change.incoming);
                change.outgoing.iter_mut().for_each(|player| self.player(player));
            }
        }
    }

    fn team(&self, team: &mut Arc<str>) {
        if let Some(name) = self.teams.get(team) {
            *team = name.clone();
        }
    }

    fn player(&mut self, player: &mut PlayerRef) {
        player.name = self.named(&player.id);
    }

    fn name(&mut self, name: &mut Arc<str>) {
        let id = self.by_name.get(name).cloned().unwrap_or_else(|| PersonId::from_name(name));
        *name = self.named(&id);
    }

    /// The name of a person: drawn by id, and drawn again while somebody of the match has the family name.
    fn named(&mut self, id: &PersonId) -> Arc<str> {
        if let Some(name) = self.people.get(id) {
            return name.clone();
        }
        let mut drawn = dice::draw(self.seed, &["player", id.as_str()]);
        let mut family = family(drawn);
        // 2,400 family names for some thirty people: a few draws are always enough; the bound is for hostile files.
        for _ in 0..1_000 {
            if self.families.insert(family.clone()) {
                break;
            }
            drawn = dice::mix(drawn);
            family = self::family(drawn);
        }
        let initial = |part: u64| INITIALS[dice::below(dice::mix(drawn ^ part), INITIALS.len())];
        let second = if drawn & 1 == 1 { initial(2) } else { "" };
        let name: Arc<str> = format!("{}{second} {family}", initial(1)).into();
        self.people.insert(id.clone(), name.clone());
        name
    }
}

fn family(drawn: u64) -> String {
    let number = dice::below(dice::mix(drawn ^ 3), BEGINNINGS.len() * ENDINGS.len());
    format!("{}{}", BEGINNINGS[number / ENDINGS.len()], ENDINGS[number % ENDINGS.len()])
}
