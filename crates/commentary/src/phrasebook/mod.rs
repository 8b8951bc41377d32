//! The phrasebook: the floor under every model. Many phrasings a persona, happening and situation, as data that anyone
//! can edit; slots filled only from the moment; every line through the checker.

mod book;
mod choice;
mod form;
mod lint;
mod situation;
mod slot;
mod template;

pub use book::PhrasebookError;
pub use choice::Saying;
pub(crate) use choice::{fnv, telling};
pub use lint::{Finding, Weight};
pub(crate) use situation::{holding, names as situation_names};
pub(crate) use slot::names as slot_names;
pub(crate) use template::Template;

use book::Book;
use choice::Fresh;

use crate::{
    checker::{self, CheckedLine},
    line::LineKind,
    memory::Memory,
    moment::Moment,
    persona::Persona,
};

/// All phrasings, read once.
#[derive(Debug, Clone)]
pub struct Phrasebook {
    books: Vec<Book>,
}

/// The built-in phrasebooks, each with its file's name; the checker takes its vocabulary from them too.
pub(crate) const BUILTIN: [(&str, &str); 6] = [
    ("benaud.toml", include_str!("../../data/phrasebook/benaud.toml")),
    ("greig.toml", include_str!("../../data/phrasebook/greig.toml")),
    ("doshi.toml", include_str!("../../data/phrasebook/doshi.toml")),
    ("doshi-hi.toml", include_str!("../../data/phrasebook/doshi-hi.toml")),
    ("describer.toml", include_str!("../../data/phrasebook/describer.toml")),
    ("desk.toml", include_str!("../../data/phrasebook/desk.toml")),
];

impl Phrasebook {
    /// The built-in phrasings of `benaud`, `greig`, `doshi`, `doshi-hi` and `describer`, and the corrections of `desk`.
    #[expect(clippy::missing_panics_doc, reason = "the data is compiled in, and the tests read it: it cannot panic")]
    pub fn builtin() -> Self {
        #[expect(clippy::expect_used, reason = "the data is compiled in, and the tests read it")]
        let books =
            BUILTIN.iter().map(|(file, text)| Book::read(text, file).expect("the built-in phrasebooks are readable"));
        Self { books: books.collect() }
    }

    /// Adds a phrasebook in TOML, in place of one with the same id; `file` names it in errors.
    ///
    /// # Errors
    /// [`PhrasebookError`] for what is not a phrasebook, and for slots that its occasions do not fill.
    pub fn add_toml(&mut self, text: &str, file: &str) -> Result<(), PhrasebookError> {
        let book = Book::read(text, file)?;
        self.books.retain(|other| other.id != book.id);
        self.books.push(book);
        Ok(())
    }

    /// A line for the moment's first kind; `None` is silence, or nothing that fits. What is returned is noted in
    /// `memory` as said.
    pub fn line(&self, moment: &Moment, persona: &Persona, memory: &mut Memory) -> Option<CheckedLine> {
        self.line_of(moment.kind(), moment, persona, memory)
    }

    /// A line of one kind (see [`Decision::kinds`](crate::Decision)); otherwise like [`Phrasebook::line`].
    pub fn line_of(
        &self,
        kind: LineKind,
        moment: &Moment,
        persona: &Persona,
        memory: &mut Memory,
    ) -> Option<CheckedLine> {
        let book = self.book(persona)?;
        // What nobody may miss is told even if that repeats an opener, and in the words of an hour ago if there are no
        // others; so is every ball by a persona that owes one to listeners who cannot see it. Colour is owed to nobody.
        let weighty = moment.is_wicket() || moment.is_boundary() || moment.is_milestone();
        let must = match kind {
            LineKind::Call => weighty || persona.talk.is_every_ball(),
            LineKind::Colour => false,
            _ => true,
        };
        let ways: &[Fresh] = if must { &[Fresh::Opener, Fresh::Line, Fresh::Lately] } else { &[Fresh::Opener] };
        ways.iter().find_map(|fresh| {
            choice::rank(book, kind, moment, persona, memory, *fresh).into_iter().find_map(|candidate| {
                let line = checker::check_as(kind, &candidate.text, moment, persona).ok()?;
                memory.note(moment.scene.ordinal, line.text(), Some(candidate.phrasing));
                Some(line)
            })
        })
    }

    /// A line of one kind for the air: as [`Phrasebook::line_of`], but after a wicket or a boundary a line said a while ago
    /// is better than silence.
    pub fn line_on_air(
        &self,
        kind: LineKind,
        moment: &Moment,
        persona: &Persona,
        memory: &mut Memory,
    ) -> Option<CheckedLine> {
        self.line_of(kind, moment, persona, memory).or_else(|| {
            let urgent = kind == LineKind::Call && (moment.is_wicket() || moment.is_boundary());
            let line = urgent.then(|| self.line_of(kind, moment, persona, &mut Memory::new())).flatten()?;
            memory.remember(moment, line.text());
            Some(line)
        })
    }

    /// Everything that the book could say of a moment, unchecked: for proving that each passes, and for teaching a model.
    pub fn sayings(&self, kind: LineKind, moment: &Moment, persona: &Persona) -> Vec<Saying> {
        self.book(persona).map(|book| choice::every(book, kind, moment).collect()).unwrap_or_default()
    }

    /// Every slot in use, as it is written with its form and braces, such as `{batter's}`: each once, in order. What a
    /// model's tokenizer should know as one piece.
    pub fn slots(&self) -> Vec<String> {
        let phrasings = self.books.iter().flat_map(|book| &book.groups).flat_map(|group| &group.phrasings);
        let slots = phrasings.flat_map(|phrasing| phrasing.text.split('{').skip(1));
        let names = slots.filter_map(|rest| rest.split_once('}')).map(|(slot, _)| format!("{{{slot}}}"));
        names.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    /// The ids of all phrasebooks, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.books.iter().map(|book| book.id.as_str())
    }

    /// The text of a built-in phrasebook, to copy and change.
    pub fn builtin_text(id: &str) -> Option<&'static str> {
        BUILTIN.iter().find(|(file, _)| file.strip_suffix(".toml") == Some(id)).map(|(_, text)| *text)
    }

    fn book(&self, persona: &Persona) -> Option<&Book> {
        self.books.iter().find(|book| book.id == persona.phrasebook_id())
    }
}
