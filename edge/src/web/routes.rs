//! What is answered to whom.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{
        Html, IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
    routing::get,
};
use futures_util::{Stream, StreamExt, stream};
use prometheus_client::registry::Registry;
use tokio::{net::TcpListener, sync::broadcast::error::RecvError, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::board::{Board, Update};
use crate::telemetry::{Life, Metrics, metrics::render};

const PAGE: &str = include_str!("page.html");
/// A part silent for longer is not alive.
const SILENT: Duration = Duration::from_secs(20);
/// The page is all its own: nothing is loaded from anywhere, and nobody may frame it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What the page is served from.
#[derive(Debug, Clone)]
pub struct Page {
    /// Scores and lines.
    pub board: Arc<Board>,
    /// Signs of life.
    pub life: Life,
    /// The counters.
    pub metrics: Metrics,
    /// The registry that knows them.
    pub registry: Arc<Registry>,
    /// Ends every open stream.
    pub stop: CancellationToken,
}

/// Serves the page on a bound socket until stopped.
pub fn serve(listener: TcpListener, page: Page) -> JoinHandle<()> {
    let stop = page.stop.clone();
    let app = Router::new()
        .route("/", get(index))
        .route("/events", get(events))
        .route("/api/score", get(|State(page): State<Page>| async move { json(page.board.scores()) }))
        .route("/api/lines", get(|State(page): State<Page>| async move { json(page.board.lines()) }))
        .route("/live", get(live))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(page);
    tokio::spawn(async move {
        let served = axum::serve(listener, app).with_graceful_shutdown(stop.cancelled_owned()).await;
        if let Err(error) = served {
            tracing::error!("the page is no longer served: {error}; hint: restart the daemon");
        }
    })
}

/// Binds the page's address.
///
/// # Errors
/// When it is taken, or not ours to take.
pub async fn bind(listen: SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::bind(listen).await
}

async fn index() -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, Html(PAGE)).into_response()
}

fn json(text: String) -> Response {
    let mut response = text.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

async fn live(State(page): State<Page>) -> Response {
    let silent = page.life.silent(SILENT);
    if silent.is_empty() {
        return "live\n".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, format!("silent: {}\n", silent.join(", "))).into_response()
}

async fn ready(State(page): State<Page>) -> Response {
    if page.metrics.connected.get() == 1 && page.life.silent(SILENT).is_empty() {
        return "ready\n".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, "not connected to the broker\n").into_response()
}

async fn metrics(State(page): State<Page>) -> Response {
    let text = render(&page.metrics, &page.registry);
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response()
}

/// Everything shown now, then what is new. A browser that falls behind is sent away, comes back by itself, and gets
/// everything anew.
async fn events(State(page): State<Page>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (now, updates) = page.board.follow();
    let coming = stream::unfold(updates, |mut updates| async move {
        match updates.recv().await {
            Ok(update) => Some((update, updates)),
            Err(RecvError::Lagged(_) | RecvError::Closed) => None,
        }
    });
    let begin = Event::default().event("begin").data("");
    let all = stream::iter(now).chain(coming).map(|update| match update {
        Update::Score(json) => Event::default().event("score").data(&*json),
        Update::Line(json) => Event::default().event("line").data(&*json),
    });
    let all = stream::once(async { begin }).chain(all).map(Ok).take_until(page.stop.cancelled_owned());
    Sse::new(all).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}
