//! Many lines at once, with small real models: the one that is shared beside the repository, and `booth-mini`.
#![cfg(feature = "llama")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and tells what it saw")]

mod support;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;
use llm::{
    EmbeddedConfig, EmbeddedWriter, Guard, Part, Piece, TextStream, Urgency, WriteError, WriteRequest, Writer, Written,
    collect,
};
use support::{alike, certain, line, long, prompt, request, together, with_room};
use tokio::time::Instant;

fn booth_mini() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/booth-mini/booth-mini.gguf")
}

fn ahead(request: WriteRequest) -> WriteRequest {
    WriteRequest { urgency: Urgency::Ahead, ..request }
}

/// Tokens of the prompt that had to be computed.
fn computed(written: &Written) -> u32 {
    written.usage.prompt_tokens.unwrap() - written.usage.reused_tokens.unwrap()
}

/// What is computed of a token differs in its last bits with the cells that its predecessors lie in, and so a line may
/// differ where two tokens are as likely to that precision. With these models and prompts there is no such place.
#[tokio::test]
async fn a_line_in_a_batch_is_the_line_alone() {
    let Some(writer) = with_room(2048, 8) else { return };
    let personas = ["benaud", "greig", "doshi", "greig"];
    let prompts: Vec<String> =
        (0..8).map(|at| prompt(personas[at % 4], &format!("{}.{}", at * 5, at % 6 + 1))).collect();
    let mut alone = Vec::new();
    for prompt in &prompts {
        let Some(fresh) = with_room(2048, 1) else { return };
        alone.push(line(&fresh, certain(prompt.clone())).await);
    }
    let distinct: std::collections::HashSet<&String> = alone.iter().collect();
    assert!(distinct.len() > 2, "{alone:?}");
    for _ in 0..2 {
        let requests = prompts.iter().cloned().map(certain).collect();
        let batch: Vec<String> = together(&writer, requests).await.into_iter().map(|written| written.text).collect();
        assert_eq!(batch, alone);
    }
}

#[tokio::test]
async fn booth_mini_writes_the_same_alone_and_in_a_batch() {
    let load = |parallel| {
        EmbeddedWriter::load(EmbeddedConfig { threads: Some(1), parallel, ..EmbeddedConfig::new(booth_mini()) })
            .unwrap()
    };
    let events = ["four", "six", "wicket, bowled", "single", "dot", "wide", "fifty, four", "wicket, caught"];
    let prompts: Vec<String> = ["benaud call 12", "greig colour 30"]
        .into_iter()
        .flat_map(|who| {
            events.map(|event| format!("<|im_start|>user\n{who}\nevent {event}<|im_end|>\n<|im_start|>assistant\n"))
        })
        .collect();
    let (one, many) = (load(1), load(8));
    let mut alone = Vec::new();
    for prompt in &prompts {
        alone.push(line(&one, certain(prompt.clone())).await);
    }
    let batch: Vec<String> = together(&many, prompts.into_iter().map(certain).collect())
        .await
        .into_iter()
        .map(|written| written.text)
        .collect();
    assert_eq!(batch, alone);
}

#[tokio::test]
async fn a_seed_writes_its_line_again_whatever_was_written_between() {
    let Some(writer) = with_room(2048, 8) else { return };
    let first = line(&writer, request(prompt("greig", "49.5"))).await;
    together(&writer, alike(8).into_iter().map(request).collect()).await;
    assert_eq!(line(&writer, request(prompt("greig", "49.5"))).await, first);
}

#[tokio::test]
async fn what_prompts_begin_with_is_computed_once() {
    let Some(writer) = with_room(2048, 8) else { return };
    let written = together(&writer, alike(8).into_iter().map(request).collect()).await;
    let prompts: Vec<u32> = written.iter().map(|written| written.usage.prompt_tokens.unwrap()).collect();
    let computed: u32 = written.iter().map(computed).sum();
    eprintln!("prompts of {prompts:?} tokens, {computed} computed");
    assert!(prompts.iter().all(|tokens| *tokens > 200), "{prompts:?}");
    // One whole prompt, and of the others what comes after the over: some seventy tokens each.
    assert!(computed < prompts[0] + 7 * 80, "{computed} computed of {prompts:?}");
}

#[tokio::test]
async fn a_fixed_part_outlives_what_comes_between() {
    let Some(writer) = with_room(1024, 4) else { return };
    let system = "<|im_start|>user\nThe booth knows every ground and every player by heart.\n".repeat(3);
    let fixed_len = system.len();
    let with_system =
        |fixed_len, over: &str| WriteRequest { fixed_len, ..request(system.clone() + &prompt("benaud", over)) };
    let between = || async {
        for over in 0..8 {
            line(&writer, request(format!("{over} {}", prompt("greig", "1.1")))).await;
        }
    };
    let first = collect(&writer, with_system(0, "10.1")).await.unwrap();
    between().await;
    let forgotten = collect(&writer, with_system(0, "10.2")).await.unwrap();
    assert!(forgotten.usage.reused_tokens.unwrap() < 10, "{:?}", forgotten.usage);
    collect(&writer, with_system(fixed_len, "10.3")).await.unwrap();
    between().await;
    let kept = collect(&writer, with_system(fixed_len, "10.4")).await.unwrap();
    assert!(kept.usage.reused_tokens.unwrap() > 30, "{:?} after {:?}", kept.usage, first.usage);
}

#[tokio::test]
async fn the_usage_is_exact() {
    let Some(writer) = with_room(1024, 4) else { return };
    let asked = Instant::now();
    let written = collect(&writer, WriteRequest { max_tokens: 5, ..certain(prompt("greig", "49.5")) }).await.unwrap();
    let usage = written.usage;
    assert_eq!((usage.reused_tokens, usage.written_tokens), (Some(0), Some(5)));
    let times = usage.waited.unwrap() + usage.prompt.unwrap() + usage.decode.unwrap();
    assert!(times <= asked.elapsed() && times <= written.total, "{usage:?} of {:?}", written.total);
    // A prompt can be computed without a line, for the sake of the next.
    let next = || WriteRequest { max_tokens: 0, ..certain(prompt("doshi", "20.1")) };
    let warmed = collect(&writer, next()).await.unwrap();
    assert_eq!((warmed.text.as_str(), warmed.usage.written_tokens), ("", Some(0)));
    assert_eq!(computed(&collect(&writer, next()).await.unwrap()), 1);
}

/// Of a line that is given up nobody sends what it took; its meter knows.
#[tokio::test]
async fn what_a_cancelled_line_took_is_on_its_meter() {
    let plan = EmbeddedConfig { threads: Some(1), context: 512, parallel: 2, ..EmbeddedConfig::new(booth_mini()) };
    let writer = EmbeddedWriter::load(plan).unwrap();
    let whole = |over| WriteRequest { max_tokens: 8, ..certain(prompt("greig", over)) };
    let first = collect(&writer, whole("49.5")).await.unwrap().usage;
    let (gate, request) = (Gate::at(3), whole("49.6"));
    let request = WriteRequest { guard: Some(gate.clone()), ..request };
    let (cancel, meter) = (request.cancel.clone(), request.meter.clone());
    let queued = WriteRequest { urgency: Urgency::Ahead, ..whole("30.1") };
    let waits = queued.meter.clone();
    let pieces = writer.write(request);
    let waiting = writer.write(queued);
    gate.reached().await;
    // The engine stands still before the third token.
    let told = meter.usage();
    cancel.cancel();
    gate.open();
    assert_eq!(pieces.collect::<Vec<_>>().await.last(), Some(&Err(WriteError::Cancelled)));
    assert_eq!((told.prompt_tokens, told.written_tokens), (first.prompt_tokens, Some(2)), "{told:?}");
    assert!(told.reused_tokens.unwrap() > 20 && told.reused_tokens < told.prompt_tokens, "{told:?}");
    assert_eq!(waits.usage().prompt_tokens, None, "nothing was done for it yet");
    drop(waiting);
}

#[tokio::test]
async fn a_cancelled_line_leaves_the_others_as_they_are() {
    let Some(writer) = with_room(2048, 8) else { return };
    let overs = ["1.1", "22.2", "33.3", "44.4"];
    let requests = || overs.map(|over| certain(prompt("greig", over)));
    let undisturbed: Vec<String> =
        together(&writer, requests().to_vec()).await.into_iter().map(|written| written.text).collect();
    for cancelled in 0..overs.len() {
        let Some(writer) = with_room(2048, 8) else { return };
        let gate = Gate::at(2);
        let mut requests = requests();
        // The engine stands still in the middle of this line when it is cancelled; the others share its beginning.
        requests[cancelled].guard = Some(gate.clone());
        let cancel = requests[cancelled].cancel.clone();
        let mut streams: Vec<_> = requests.into_iter().map(|request| writer.write(request)).collect();
        let to_go = streams.remove(cancelled);
        gate.reached().await;
        cancel.cancel();
        gate.open();
        let rest = join_all(streams.into_iter().map(StreamExt::collect::<Vec<_>>)).await;
        assert_eq!(to_go.collect::<Vec<_>>().await.last(), Some(&Err(WriteError::Cancelled)));
        let mut expected = undisturbed.clone();
        expected.remove(cancelled);
        let texts: Vec<String> = rest.into_iter().map(text).collect();
        assert_eq!(texts, expected, "without line {cancelled}");
    }
}

/// Stops the engine at the so-and-so-many-eth question, until it is opened: whatever is to happen at the same time can be
/// made to.
#[derive(Debug)]
struct Gate {
    questions: AtomicUsize,
    at: usize,
    reached: tokio::sync::Notify,
    opened: (Mutex<bool>, Condvar),
}

impl Gate {
    fn at(at: usize) -> Arc<Self> {
        let (questions, reached, opened) = (AtomicUsize::new(0), tokio::sync::Notify::new(), Default::default());
        Arc::new(Self { questions, at, reached, opened })
    }

    async fn reached(&self) {
        self.reached.notified().await;
    }

    fn open(&self) {
        *self.opened.0.lock().unwrap() = true;
        self.opened.1.notify_all();
    }
}

impl Guard for Gate {
    fn allows(&self, _: &str, _: Part) -> bool {
        if self.questions.fetch_add(1, Ordering::SeqCst) + 1 == self.at {
            self.reached.notify_one();
            drop(self.opened.1.wait_while(self.opened.0.lock().unwrap(), |opened| !*opened).unwrap());
        }
        true
    }
}

/// The text of a stream that came to a good end.
fn text(pieces: Vec<Result<Piece, WriteError>>) -> String {
    assert!(matches!(pieces.last(), Some(Ok(Piece::End(_)))), "{pieces:?}");
    let texts = pieces.into_iter().filter_map(|piece| match piece.unwrap() {
        Piece::Text(text) => Some(text),
        Piece::End(_) => None,
    });
    texts.collect()
}

#[tokio::test]
async fn a_deadline_in_a_batch_ends_one_line_only() {
    let Some(writer) = with_room(2048, 8) else { return };
    let undisturbed = line(&writer, certain(prompt("benaud", "3.4"))).await;
    let hurried = WriteRequest { deadline: Instant::now() + Duration::from_millis(30), ..long() };
    // Lines of all that the model may write, one after another, so that the deadline passes during one of them.
    let late = async {
        loop {
            if let Err(error) = collect(&writer, hurried.clone()).await {
                return error;
            }
        }
    };
    let others = async {
        for _ in 0..3 {
            let others = (0..4).map(|_| certain(prompt("benaud", "3.4"))).collect();
            for written in together(&writer, others).await {
                assert_eq!(written.text, undisturbed);
            }
        }
    };
    let (late, ()) = tokio::join!(late, others);
    assert_eq!(late, WriteError::DeadlinePassed);
}

/// Writes lines ahead, the first of them with the engine stopped in the middle, and then a live one that comes last. Gives
/// the order in which they ended, and the texts of those written ahead. The first has less left to write than the live one.
async fn live_among(writer: &EmbeddedWriter, mut ahead_of_time: Vec<WriteRequest>) -> (Vec<&'static str>, Vec<String>) {
    let gate = Gate::at(10);
    ahead_of_time[0].guard = Some(gate.clone());
    let ended = Mutex::new(Vec::new());
    let write = |name: &'static str, stream: TextStream| {
        let ended = &ended;
        async move {
            let text = text(stream.collect().await);
            ended.lock().unwrap().push(name);
            text
        }
    };
    let mut streams = ahead_of_time.into_iter().map(|request| writer.write(request));
    let first = streams.next().unwrap();
    gate.reached().await;
    let streams: Vec<_> = std::iter::once(first).chain(streams).collect();
    let live = writer.write(certain(prompt("greig", "6.6")));
    gate.open();
    let all = join_all(streams.into_iter().map(|stream| write("ahead", stream)));
    let (texts, live) = tokio::join!(all, write("live", live));
    assert!(!live.is_empty());
    (ended.into_inner().unwrap(), texts)
}

#[tokio::test]
async fn a_live_line_passes_those_that_are_written_ahead() {
    let Some(writer) = with_room(1024, 2) else { return };
    let ahead_of_time = ["1.1", "2.2", "3.3", "4.4"].map(|over| ahead(certain(prompt("greig", over))));
    let (ended, _) = live_among(&writer, ahead_of_time.to_vec()).await;
    assert_eq!(ended, ["live", "ahead", "ahead", "ahead", "ahead"]);
}

#[tokio::test]
async fn a_line_that_gives_way_comes_to_the_same_end() {
    let Some(writer) = with_room(512, 4) else { return };
    // The whole context is promised to it, so for the live one to begin its cells are taken away.
    let unhurried = || ahead(WriteRequest { max_tokens: 100_000, ..certain(prompt("doshi", "12.3")) });
    let undisturbed = line(&writer, unhurried()).await;
    for _ in 0..3 {
        let (ended, texts) = live_among(&writer, vec![unhurried()]).await;
        assert_eq!((ended, texts), (vec!["live", "ahead"], vec![undisturbed.clone()]));
    }
}

#[tokio::test]
async fn lines_that_do_not_fit_together_wait_for_each_other() {
    let Some(writer) = with_room(512, 8) else { return };
    let greedy = |over: &str| WriteRequest { stop: Vec::new(), max_tokens: 300, ..certain(prompt("greig", over)) };
    let overs = ["1.1", "2.2", "3.3", "4.4", "5.5", "6.6"];
    let written = together(&writer, overs.into_iter().map(greedy).collect()).await;
    assert!(written.iter().all(|written| !written.text.is_empty()));
    assert!(written.iter().any(|written| written.usage.waited.unwrap() > Duration::from_millis(1)));
    // A prompt that never fits is told so at once, while others are being written.
    let too_long = request(prompt("greig", "49.5").repeat(20));
    let (refused, line) = tokio::join!(collect(&writer, too_long), collect(&writer, greedy("7.1")));
    assert!(matches!(refused, Err(WriteError::PromptTooLong { context: 512, .. })), "{refused:?}");
    assert!(line.is_ok());
}

#[tokio::test]
async fn a_full_queue_refuses_and_recovers() {
    let Some(writer) = with_room(512, 1) else { return };
    let gate = Gate::at(1);
    let request = || ahead(certain(prompt("benaud", "6.6")));
    let begun = writer.write(WriteRequest { guard: Some(gate.clone()), ..request() });
    gate.reached().await;
    let mut waiting: Vec<_> = (0..64).map(|_| writer.write(request())).collect();
    assert_eq!(collect(&writer, request()).await, Err(WriteError::Busy));
    // A live one takes the place of the last that is not.
    let live = writer.write(certain(prompt("benaud", "6.6")));
    let displaced: Vec<_> = waiting.pop().unwrap().collect().await;
    assert_eq!(displaced, [Err(WriteError::Busy)]);
    gate.open();
    let written = text(live.collect().await);
    assert_eq!(text(begun.collect().await), written);
    for line in join_all(waiting.into_iter().map(StreamExt::collect::<Vec<_>>)).await {
        assert_eq!(text(line), written);
    }
}

/// Requests of every kind, in an order that looks like none, in far too little room.
#[tokio::test]
async fn whatever_comes_is_answered_and_nothing_fails_for_want_of_room() {
    let Some(writer) = with_room(512, 4) else { return };
    let mut state = 12345u64;
    let mut random = |below: u64| {
        // Knuth's MMIX generator.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let personas = ["benaud", "greig", "doshi"];
    for round in 0..12 {
        let mut lines = Vec::new();
        for _ in 0..24 {
            let persona = personas[random(3) as usize];
            let text = if random(3) == 0 { alike(6).swap_remove(random(6) as usize) } else { prompt(persona, "4.2") };
            let deadline = Instant::now() + Duration::from_millis(if random(5) == 0 { random(40) } else { 120_000 });
            let request = WriteRequest {
                fixed_len: random(400) as usize,
                max_tokens: [0, 1, 7, 64, 100_000][random(5) as usize].min(if random(2) == 0 { 64 } else { 400 }),
                urgency: if random(2) == 0 { Urgency::Live } else { Urgency::Ahead },
                deadline,
                ..request(text)
            };
            let cancel = request.cancel.clone();
            let leave = (random(4) == 0).then(|| Duration::from_millis(random(30)));
            let line = collect(&writer, request);
            lines.push(async move {
                if let Some(leave) = leave {
                    tokio::spawn(async move {
                        tokio::time::sleep(leave).await;
                        cancel.cancel();
                    });
                }
                line.await
            });
        }
        for outcome in join_all(lines).await {
            let expected = matches!(outcome, Ok(_) | Err(WriteError::Cancelled | WriteError::DeadlinePassed));
            assert!(expected, "round {round}: {outcome:?}");
        }
        let after = request(prompt("benaud", "49.5"));
        assert_eq!(writer.probe(after.deadline).await, Ok(()));
        assert!(!line(&writer, after).await.is_empty());
    }
}
