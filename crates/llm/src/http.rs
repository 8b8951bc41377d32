//! What the two server writers share: an address that can be shown, a client that cannot be led astray, and errors in
//! words.

use std::error::Error as _;
use std::time::Duration;

use futures_util::StreamExt;
use reqwest::{Client, Response, Url, redirect};
use serde_json::Value;

use crate::error::{WriteError, excerpt};

/// A server in the next room answers in milliseconds; one that has not taken the connection by now is down.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The most of an error's body that is read.
const LONGEST_REFUSAL: usize = 4096;

/// A server's base address and the client that talks to it.
#[derive(Clone)]
pub(crate) struct Endpoint {
    /// Ends in `/`, so that paths can be joined to it.
    pub(crate) base: Url,
    /// The address without user and password, for messages.
    pub(crate) shown: String,
    pub(crate) client: Client,
}

impl Endpoint {
    /// Reads `http://host:port/path` or `https://…`; a text without a scheme is taken as `http://`.
    pub(crate) fn parse(address: &str) -> Result<Self, WriteError> {
        let trimmed = address.trim();
        let full = if trimmed.contains("://") { trimmed.to_owned() } else { format!("http://{trimmed}") };
        let bad = |reason: String| WriteError::BadAddress { address: hide_user(trimmed), reason };
        let mut base = Url::parse(&full).map_err(|error| bad(error.to_string()))?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(bad("it must begin with http:// or https://".to_owned()));
        }
        base.set_query(None);
        base.set_fragment(None);
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let client = client(&base).map_err(|error| bad(causes(&error)))?;
        let mut shown = base.clone();
        // Both fail only for addresses without a host, which the two schemes above do not allow.
        let _ = shown.set_username("");
        let _ = shown.set_password(None);
        Ok(Self { base, shown: shown.to_string(), client })
    }

    /// The address of `path` on this server, such as `api/generate`.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The error for a request that got no answer.
    pub(crate) fn unreachable(&self, error: &reqwest::Error) -> WriteError {
        WriteError::Unreachable { url: self.shown.clone(), reason: causes(error) }
    }

    /// The error for an answer that is not the protocol; `text` is where it went wrong.
    pub(crate) fn bad_reply(&self, why: &str, text: &[u8]) -> WriteError {
        WriteError::BadReply {
            url: self.shown.clone(),
            reason: format!("{why}: `{}`", excerpt(&String::from_utf8_lossy(text))),
        }
    }

    /// The error for a server that sends on and on, whatever was asked.
    pub(crate) fn too_much(&self) -> WriteError {
        WriteError::BadReply { url: self.shown.clone(), reason: "it holds far more text than was asked for".to_owned() }
    }
}

/// No time limit over all: each request has its deadline. No redirects: a prompt and a key go where they were sent and
/// nowhere else. A proxy from the environment is never asked for this very machine.
fn client(base: &Url) -> Result<Client, reqwest::Error> {
    let mut builder = Client::builder()
        .user_agent(concat!("vachak/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(redirect::Policy::none())
        // Reading the system's certificates costs time and memory that a plain connection has no use for.
        .tls_built_in_root_certs(base.scheme() == "https");
    if matches!(base.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")) {
        builder = builder.no_proxy();
    }
    builder.build()
}

/// A mistyped address may hold a password too.
fn hide_user(address: &str) -> String {
    match (address.find("://"), address.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 <= at => {
            format!("{}{}", &address[..scheme + 3], &address[at + 1..])
        }
        (None, Some(at)) => address[at + 1..].to_owned(),
        _ => address.to_owned(),
    }
}

/// The innermost causes in words; the outer ones only say that a request failed and repeat its address.
pub(crate) fn causes(error: &reqwest::Error) -> String {
    let mut words = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push(error.to_string());
        cause = error.source();
    }
    words.dedup();
    match words.as_slice() {
        [] if error.is_timeout() => "it timed out".to_owned(),
        [] => "the request failed".to_owned(),
        [.., last] if words.len() > 2 => format!("{}: {last}", words[words.len() - 2]),
        _ => words.join(": "),
    }
}

/// Status and words of an answer that is an error. Servers put the words in different places.
pub(crate) async fn refusal(response: Response) -> (u16, String) {
    let status = response.status();
    let mut body = Vec::new();
    let mut bytes = response.bytes_stream();
    while body.len() < LONGEST_REFUSAL
        && let Some(Ok(more)) = bytes.next().await
    {
        body.extend_from_slice(&more);
    }
    body.truncate(LONGEST_REFUSAL);
    let words = serde_json::from_slice(&body)
        .ok()
        .and_then(|value| error_words(&value))
        .unwrap_or_else(|| String::from_utf8_lossy(&body).into_owned());
    let words = if words.trim().is_empty() {
        status.canonical_reason().unwrap_or("no reason given").to_owned()
    } else {
        excerpt(&words)
    };
    (status.as_u16(), words)
}

/// The words in `{"error": "…"}`, `{"error": {"message": "…"}}` or `{"message": "…"}`.
pub(crate) fn error_words(value: &Value) -> Option<String> {
    let error = value.get("error");
    let words = error
        .and_then(Value::as_str)
        .or_else(|| error.and_then(|error| error.get("message")).and_then(Value::as_str))
        .or_else(|| value.get("message").and_then(Value::as_str))?;
    Some(words.to_owned())
}

/// More bytes than any honest reply of this many tokens: the longest tokens of real vocabularies are about 128 bytes.
pub(crate) fn most_bytes(max_tokens: u32) -> usize {
    (max_tokens as usize).saturating_mul(256).saturating_add(1024)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn an_address_may_lack_scheme_and_slash() {
        let endpoint = Endpoint::parse("127.0.0.1:11434").unwrap();
        assert_eq!(endpoint.at("api/tags"), "http://127.0.0.1:11434/api/tags");
        let endpoint = Endpoint::parse("https://box.example/models").unwrap();
        assert_eq!(endpoint.at("api/tags"), "https://box.example/models/api/tags");
    }

    #[test]
    fn a_password_in_an_address_is_never_shown() {
        let endpoint = Endpoint::parse("http://user:pass@box.example").unwrap();
        assert_eq!(endpoint.shown, "http://box.example/");
        for wrong in ["ftp://user:pass@box.example", "http://user:pass@:::"] {
            let refused = Endpoint::parse(wrong).err().unwrap().to_string();
            assert!(!refused.contains("pass"), "{refused}");
        }
    }

    #[test]
    fn an_address_that_is_none_says_so_with_a_hint() {
        for wrong in ["", "http://", "ftp://box.example", "not an address"] {
            let refused = Endpoint::parse(wrong).err().unwrap();
            assert!(matches!(refused, WriteError::BadAddress { .. }), "{wrong}: {refused}");
            assert!(refused.hint().is_some());
        }
    }
}
