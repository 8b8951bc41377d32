//! The rows of one match: which balls, whose line, what kind.

use commentary::{Persona, facts::EventWord, render};

use super::{
    counts::Cell,
    dice,
    rates::Rates,
    recipe::Recipe,
    replay::{Bowled, Played, each_bowled},
    rows,
    split::{Split, Splits},
    swap,
    tally::{Tally, print},
    told::Told,
};
use crate::row::Row;

/// What rows are drawn by.
pub(super) struct Draw<'a> {
    pub(super) recipe: &'a Recipe,
    pub(super) people: Vec<Persona>,
    pub(super) rates: Rates,
    pub(super) splits: &'a Splits,
    pub(super) seed: u64,
}

/// The rows of one match.
pub(super) struct Drawn {
    pub(super) split: Split,
    pub(super) moments: u64,
    pub(super) lines: Vec<u8>,
    pub(super) tally: Tally,
    /// Of each row: prompt, persona and kind.
    pub(super) prints: Vec<u64>,
}

impl Draw<'_> {
    /// Plays a match and draws its rows. Whether a ball is drawn follows from the seed, the match's id, the ball's key and
    /// what the ball was; so the prefix of a match gives the first of its rows (with swapped numbers, the prefix of whole
    /// overs).
    pub(super) fn of(&self, name: &str, content: &[u8]) -> Result<Drawn, String> {
        let mut played = Played::read(name, content)?;
        let match_id = played.match_id.clone();
        // A match that came after the counting is passed over.
        let split = self.splits.of(&match_id).ok_or("it was not there when the source was counted")?;
        let number = swap::number(self.recipe, self.seed, &match_id);
        let about = Row {
            id: String::new(),
            match_id: match_id.to_string(),
            key: String::new(),
            persona: String::new(),
            kind: commentary::LineKind::Call,
            layout: self.recipe.layout,
            prompt_version: self.recipe.layout.version(),
            event: String::new(),
            format: played.game.info.match_type.clone(),
            pressure: String::new(),
            season: played.season(),
            series: played.series().to_owned(),
            swap: number,
            prompt: String::new(),
            completion: String::new(),
        };
        swap::apply(&mut played, number);
        let mut drawn = Drawn { split, moments: 0, lines: Vec::new(), tally: Tally::default(), prints: Vec::new() };
        let Some(rates) = self.rates.of(&about.format) else { return Ok(drawn) };
        let mut turn = dice::below(dice::draw(self.seed, &["turn", &match_id]), self.people.len());
        let mut trouble = None;
        each_bowled(played, |bowled| {
            drawn.moments += 1;
            if let Err(error) = self.ball(&bowled, rates, &about, &mut turn, &mut drawn) {
                trouble = Some(error.to_string());
            }
        });
        trouble.map_or(Ok(drawn), Err)
    }

    /// Draws the rows of a ball; its moment is formed when the first is.
    fn ball(
        &self,
        bowled: &Bowled<'_>,
        rates: &[f64],
        about: &Row,
        turn: &mut usize,
        drawn: &mut Drawn,
    ) -> Result<(), serde_json::Error> {
        let told = Told::of(bowled.state, bowled.ball, bowled.happenings);
        let mut moment = None;
        for cell in Cell::each(bowled, told) {
            let rate = rates.get(cell.place()).copied().unwrap_or(0.0);
            if rate <= 0.0 {
                continue;
            }
            let chance =
                dice::unit(dice::draw(self.seed, &[&about.match_id, bowled.event.key.as_str(), cell.kind.name()]));
            let count = rate.floor() as usize + usize::from(chance < rate.fract());
            if count == 0 {
                continue;
            }
            if moment.is_none() {
                moment = bowled.moment();
            }
            let Some(moment) = &moment else { return Ok(()) };
            // With balls missing, what follows from counting is not said.
            let event = told.words().find(|word| moment.facts.stands(*word)).map_or("", EventWord::id);
            for persona in self.people.iter().cycle().skip(*turn).take(count) {
                let mut row = Row {
                    key: moment.key.as_str().to_owned(),
                    persona: persona.id.clone(),
                    kind: cell.kind,
                    event: event.to_owned(),
                    pressure: moment.reading.pressure.name().to_owned(),
                    prompt: render(moment, persona, cell.kind, self.recipe.layout).text,
                    ..about.clone()
                };
                row.id = rows::id(&row);
                serde_json::to_writer(&mut drawn.lines, &row)?;
                drawn.lines.push(b'\n');
                drawn.prints.push(print(&[&row.prompt, &row.persona, row.kind.name()]));
                drawn.tally.add(&row);
            }
            *turn = (*turn + count) % self.people.len();
        }
        Ok(())
    }
}
