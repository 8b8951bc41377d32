//! A model server that is none: it speaks Ollama's protocol and `/v1/completions` over a real socket, says always the
//! same line, and misbehaves on demand. For tests of whatever depends on a model server, and, as the example
//! `fake-model-server`, for a person who wants to see what happens.
//!
//! HTTP is written by hand here because misbehaving needs power over every byte: an HTTP library does not let a chunk
//! end inside a character.

mod http;
mod protocol;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

use http::Sent;

/// Requests remembered for [`FakeServer::requests`]; older ones are forgotten.
const REMEMBERED: usize = 64;

/// What the server does when a line is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// Answers as the real ones do, word by word.
    Well,
    /// Takes the request and never answers.
    Hang,
    /// Answers the first words and then nothing more, the connection left open.
    HangHalfWay,
    /// Answers 503, as an overloaded server does.
    Unavailable,
    /// Answers well with this pause before each word.
    Drip(Duration),
    /// Ends the answer in good order, but before its last line.
    Truncate,
    /// Ends the answer in good order in the middle of a line.
    TruncateInsideLine,
    /// Breaks the connection in the middle of the answer.
    BreakOff,
    /// Begins well, with status 200, and then reports an error.
    ErrorLine,
    /// Answers with status 200 and a page of HTML.
    Garbage,
    /// Answers well, but every byte is a chunk of its own: cuts inside lines and inside characters.
    CutEverywhere,
    /// Does not have the model.
    ModelMissing,
    /// Writes on and on, whatever was asked.
    Flood,
    /// Writes the same token thirty times and ends in good order without its last line, as Ollama does then.
    Repeat,
    /// Reads only the last half of the prompt, writes a line all the same, and tells nobody but by its count of tokens.
    CutPrompt,
}

struct Shared {
    line: Mutex<String>,
    models: Vec<String>,
    behaviour: Mutex<Behaviour>,
    requests: Mutex<Vec<Value>>,
    open: AtomicUsize,
    /// The options that a model is loaded with, and how often they were others than before.
    loaded: Mutex<(Value, usize)>,
}

/// A running fake. It listens on a free port of the loopback address and stops when dropped.
pub struct FakeServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    _running: DropGuard,
}

impl FakeServer {
    /// Starts a server that has `model` and always writes `line`, first on its best behaviour. Must be called inside a
    /// tokio runtime.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(model: &str, line: &str) -> std::io::Result<Self> {
        Self::start_on("127.0.0.1:0", model, line).await
    }

    /// The same on an address of choice.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start_on(address: &str, model: &str, line: &str) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            line: Mutex::new(line.to_owned()),
            models: vec![model.to_owned()],
            behaviour: Mutex::new(Behaviour::Well),
            requests: Mutex::new(Vec::new()),
            open: AtomicUsize::new(0),
            loaded: Mutex::default(),
        });
        let stop = CancellationToken::new();
        tokio::spawn(serve(listener, Arc::clone(&shared), stop.clone()));
        Ok(Self { address, shared, _running: stop.drop_guard() })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes the behaviour from the next request on.
    pub fn behave(&self, behaviour: Behaviour) {
        *self.shared.behaviour.lock().unwrap_or_else(PoisonError::into_inner) = behaviour;
    }

    /// Changes the line that it writes from the next request on.
    pub fn say(&self, line: &str) {
        line.clone_into(&mut self.shared.line.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// How often the model was loaded: Ollama does it anew whenever a request comes with other options of loading.
    pub fn loads(&self) -> usize {
        self.shared.loaded.lock().unwrap_or_else(PoisonError::into_inner).1
    }

    /// Connections that are open now.
    pub fn open(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }

    /// The bodies of the latest requests for a line, the newest last.
    pub fn requests(&self) -> Vec<Value> {
        self.shared.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Counts a connection for as long as it lives.
struct Open(Arc<Shared>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Options with which Ollama loads a model; another value of one of them has it loaded anew.
const OF_LOADING: [&str; 6] = ["num_ctx", "num_batch", "num_gpu", "main_gpu", "use_mmap", "num_thread"];

impl Shared {
    /// Notes the options of loading that a request to Ollama came with.
    fn load(&self, request: &Value) {
        let options: Value = OF_LOADING.iter().map(|name| request["options"][*name].clone()).collect();
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if loaded.0 != options {
            *loaded = (options, loaded.1 + 1);
        }
    }

    fn behaviour(&self) -> Behaviour {
        *self.behaviour.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, request: Value) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        if requests.len() == REMEMBERED {
            requests.remove(0);
        }
        requests.push(request);
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>, stop: CancellationToken) {
    let connections = async {
        while let Ok((stream, _)) = listener.accept().await {
            let shared = Arc::clone(&shared);
            tokio::spawn(stop.clone().run_until_cancelled_owned(converse(stream, shared)));
        }
    };
    stop.run_until_cancelled(connections).await;
}

/// One connection: request after request, until either side has enough.
async fn converse(mut stream: TcpStream, shared: Arc<Shared>) {
    shared.open.fetch_add(1, Ordering::SeqCst);
    let _open = Open(Arc::clone(&shared));
    while let Ok(Some(request)) = http::read(&mut stream).await {
        match protocol::answer(&mut stream, &request, &shared).await {
            Ok(Sent::Whole) => {}
            Ok(Sent::Broken) | Err(_) => return,
        }
    }
}
