//! What a model is asked for a line: the same wherever it is asked.

use std::sync::Arc;

use commentary::{Grounds, Layout, Memory, Moment, Persona, Prompt};
use llm::{Allow, Backend, Guard, WriteRequest};
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
            let grounds = Grounds::of(moment, persona);
            Arc::new(Allow(move |text: &str| grounds.allow(text))) as Arc<dyn Guard>
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
