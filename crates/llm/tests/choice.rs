//! What a line may not begin with or hold, heeded while it is written.
#![cfg(feature = "llama")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and tells what it saw")]

mod support;

use std::sync::{Arc, Mutex};

use llm::{Allow, Guard, Part, Sampling, WriteRequest};
use support::{certain, line, prompt, request, together, with_room};

#[tokio::test]
async fn an_opening_to_avoid_is_avoided() {
    let Some(writer) = with_room(1024, 4) else { return };
    let plain = line(&writer, certain(prompt("greig", "49.5"))).await;
    let opening = plain.split_whitespace().next().unwrap().to_owned();
    let other = line(&writer, WriteRequest { avoid: vec![plain.clone()], ..certain(prompt("greig", "49.5")) }).await;
    eprintln!("{plain:?}, and without {opening:?}: {other:?}");
    assert!(!other.is_empty() && !other.trim_start().starts_with(&opening), "{other:?} after {plain:?}");
    // Of no effect where the line does not begin so.
    let unmoved = WriteRequest { avoid: vec!["Zebra".to_owned(), String::new()], ..certain(prompt("greig", "49.5")) };
    assert_eq!(line(&writer, unmoved).await, plain);
}

/// Refuses a text that holds a word, and remembers what it let pass.
#[derive(Debug)]
struct Without {
    word: String,
    allowed: Mutex<Vec<String>>,
}

impl Guard for Without {
    fn allows(&self, text: &str, _: Part) -> bool {
        let allows = !text.contains(&self.word);
        if allows {
            self.allowed.lock().unwrap().push(text.to_owned());
        }
        allows
    }
}

#[tokio::test]
async fn a_guard_turns_a_line_before_the_word() {
    let Some(writer) = with_room(2048, 8) else { return };
    for sampling in
        [Sampling { temperature: 0.0, ..Sampling::default() }, Sampling { seed: Some(3), ..Sampling::default() }]
    {
        let free = || WriteRequest { sampling, ..request(prompt("greig", "49.5")) };
        let plain = line(&writer, free()).await;
        let word = plain.split_whitespace().nth(1).unwrap().to_owned();
        let guard = Arc::new(Without { word: word.clone(), allowed: Mutex::default() });
        let guarded = WriteRequest { guard: Some(guard.clone()), ..free() };
        // In company, which the guard is no business of.
        let both = together(&writer, vec![guarded, free()]).await;
        eprintln!("{plain:?}, and without {word:?}: {:?}", both[0].text);
        assert!(!both[0].text.contains(&word) && !both[0].text.is_empty(), "{:?}", both[0].text);
        let before = plain.split_once(&word).unwrap().0.trim_end();
        assert!(both[0].text.starts_with(before), "{:?} after {plain:?}", both[0].text);
        assert_eq!(guard.allowed.lock().unwrap().last().unwrap(), &both[0].text, "every piece was asked for");
    }
}

#[tokio::test]
async fn a_guard_says_where_a_line_may_end() {
    let Some(writer) = with_room(1024, 4) else { return };
    let plain = line(&writer, certain(prompt("greig", "49.5"))).await;
    let longer = plain.len() + 8;
    let guard = Arc::new(Allow(move |text: &str, part| part == Part::Beginning || text.len() >= longer));
    let guarded = WriteRequest { guard: Some(guard), ..certain(prompt("greig", "49.5")) };
    let went_on = line(&writer, guarded).await;
    assert!(went_on.len() >= longer && went_on.starts_with(&plain), "{went_on:?} after {plain:?}");
}

#[tokio::test]
async fn what_is_allowed_is_found_however_unlikely() {
    let Some(writer) = with_room(1024, 4) else { return };
    // No line of the model's begins like this.
    let guard = Arc::new(Allow(|text: &str, _| text.trim_start().starts_with(['q', 'z', 'x'])));
    let guarded = WriteRequest { guard: Some(guard), ..certain(prompt("greig", "49.5")) };
    let odd = line(&writer, guarded).await;
    assert!(odd.trim_start().starts_with(['q', 'z', 'x']), "{odd:?}");
}

#[tokio::test]
async fn a_guard_that_refuses_everything_ends_the_line() {
    let Some(writer) = with_room(1024, 4) else { return };
    let guarded = WriteRequest { guard: Some(Arc::new(Allow(|_: &str, _| false))), ..certain(prompt("greig", "49.5")) };
    assert_eq!(line(&writer, guarded).await, "");
}
