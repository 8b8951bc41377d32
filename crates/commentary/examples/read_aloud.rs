//! What a persona says of a whole match, as text: `cargo run --release -p commentary --example read_aloud -- FILE PERSONA`.
//! FILE is a Cricsheet JSON file. Reading a match through is how a phrasebook is judged.

use std::{
    error::Error,
    fs,
    io::{self, Write},
    path::Path,
};

use commentary::{LineKind, Memory, Moment, NoArchive, Personas, Phrasebook, decide, notes};
use cricket::{cricsheet, score::Match};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(file), Some(id)) = (args.next(), args.next()) else {
        return Err("two arguments are needed; hint: FILE of a Cricsheet match, PERSONA such as describer".into());
    };
    let personas = Personas::house();
    let persona = personas.get(&id).ok_or_else(|| {
        let ids: Vec<&str> = personas.iter().map(|persona| persona.id.as_str()).collect();
        format!("no persona is called '{id}'; hint: take {}", ids.join(", "))
    })?;
    let bytes = fs::read(&file).map_err(|error| format!("{file}: {error}; hint: check the path"))?;
    let name = Path::new(&file).file_stem().map_or_else(|| file.clone(), |stem| stem.to_string_lossy().into_owned());
    let mut game = Match::new(name.as_str());
    let (book, mut memory) = (Phrasebook::builtin(), Memory::new());
    let mut page = io::stdout().lock();
    for event in cricsheet::to_events(name.as_str(), &cricsheet::read(&bytes)?) {
        let applied = game.apply(event.clone());
        let Some(moment) = Moment::form(game.state(), &event, &applied.happenings, &NoArchive) else { continue };
        for kind in decide(&moment, persona, &memory).kinds {
            let line = if persona.notes > 0 && kind == LineKind::Over {
                notes::line(game.state(), &moment, &NoArchive, persona, &mut memory)
            } else {
                book.line_of(kind, &moment, persona, &mut memory)
            };
            match line {
                Some(line) => writeln!(page, "{:8} {:10} {}", moment.key, kind.name(), line.text())?,
                None if kind == LineKind::Call => writeln!(page, "{:8} {:10} (silence)", moment.key, kind.name())?,
                None => {}
            }
        }
    }
    Ok(())
}
