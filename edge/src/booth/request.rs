//! What a model is asked for a line: the same wherever it is asked.

use std::sync::Arc;

use commentary::{Grounds, Layout, Memory, Moment, Persona, Prompt};
use llm::{Allow, Backend, Guard, Part, WriteRequest};
use tokio::time::Instant;

use super::writers::Model;

impl Model {
    /// The request for the line that `prompt` asks for. What the persona's last lines opened with is discouraged; a model
    /// in this process that writes names and numbers itself is held to the moment's while it writes, unless that is
    /// switched off.
    pub fn request(
        &self,
        prompt: &Prompt,
        moment: &Moment,
        persona: &Persona,
        memory: &Memory,
        deadline: Instant,
    ) -> WriteRequest {
        // Slots are not yet words of the moment; servers do not ask.
        let heeds = self.grounded && self.layout != Layout::Slots && self.writer.info().backend == Backend::Embedded;
        let guard = heeds.then(|| {
            let grounds = Grounds::of(moment, persona, prompt.kind);
            let allow = Allow(move |text: &str, part| match part {
                Part::Beginning => grounds.allows_beginning(text),
                Part::Whole => grounds.allows_line(text),
            });
            Arc::new(allow) as Arc<dyn Guard>
        });
        WriteRequest {
            fixed_len: prompt.fixed_len,
            stop: prompt.stop.clone(),
            max_tokens: prompt.max_tokens,
            sampling: self.sampling,
            avoid: memory.openings(moment),
            guard,
            ..WriteRequest::new(prompt.text.as_str(), deadline)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use std::time::Duration;

    use commentary::{ChatTemplate, LineKind, NoArchive, Personas, render};
    use cricket::{
        event::EventData,
        score::Match,
        simulate::{SimulationSettings, simulate_events},
    };
    use futures_util::{StreamExt, future::BoxFuture, stream};
    use llm::{TextStream, WriteError, Writer, WriterInfo};

    use super::*;

    struct Silent(Backend);

    impl Writer for Silent {
        fn info(&self) -> WriterInfo {
            WriterInfo { backend: self.0, model: "silent".to_owned() }
        }

        fn write(&self, _: WriteRequest) -> TextStream {
            stream::empty().boxed()
        }

        fn probe(&self, _: Instant) -> BoxFuture<'_, Result<(), WriteError>> {
            Box::pin(async { Ok(()) })
        }
    }

    fn first_ball() -> Moment {
        let events = simulate_events(&SimulationSettings::new(1)).unwrap();
        let mut score = Match::new(events[0].match_id.clone());
        for event in events {
            let applied = score.apply(event.clone());
            if matches!(event.data, EventData::Delivery(_)) {
                return Moment::form(score.state(), &event, &applied.happenings, &NoArchive).unwrap();
            }
        }
        unreachable!("a match has balls");
    }

    #[test]
    fn who_writes_names_here_is_held_to_the_moment_and_openings_are_not_repeated() {
        let (moment, personas) = (first_ball(), Personas::builtin());
        let persona = personas.get("greig").unwrap();
        let mut memory = Memory::new();
        memory.remember(&moment, "Gone! And how they enjoy it.");
        memory.remember(&moment, "What a start.");
        let chat = Layout::Chat(ChatTemplate::ChatMl);
        for (backend, layout, grounded, held) in [
            (Backend::Embedded, chat, true, true),
            (Backend::Embedded, chat, false, false),
            (Backend::Embedded, Layout::Slots, true, false),
            (Backend::Ollama, chat, true, false),
        ] {
            let model = Model {
                writer: Arc::new(Silent(backend)),
                layout,
                sampling: llm::Sampling::default(),
                file: None,
                made_for_layout: false,
                grounded,
            };
            let prompt = render(&moment, persona, LineKind::Call, layout);
            let until = Instant::now() + Duration::from_secs(1);
            let request = model.request(&prompt, &moment, persona, &memory, until);
            assert_eq!(request.avoid, ["What", "Gone!"]);
            assert_eq!((request.prompt.as_str(), request.fixed_len), (prompt.text.as_str(), prompt.fixed_len));
            assert_eq!(request.guard.is_some(), held, "{backend} {layout:?} {grounded}");
            if let Some(guard) = request.guard {
                assert!(guard.allows("What a st", Part::Beginning));
                assert!(!guard.allows("Nobodyofthatname ", Part::Beginning));
            }
        }
    }
}
