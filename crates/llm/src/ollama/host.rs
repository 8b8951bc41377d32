//! `OLLAMA_HOST`, read as Ollama reads it.

/// Ollama's own port.
const PORT: u16 = 11434;

/// The address in `OLLAMA_HOST`, or of a server on this machine.
pub(super) fn from_environment() -> String {
    address(&std::env::var("OLLAMA_HOST").unwrap_or_default())
}

/// A scheme, a port, both or neither may be given; 0.0.0.0, which a server listens on, is reached as this machine.
fn address(text: &str) -> String {
    let text = text.trim().trim_matches(['"', '\'']);
    let (scheme, rest, default_port) = match text.split_once("://") {
        Some((scheme @ "http", rest)) => (scheme, rest, 80),
        Some((scheme @ "https", rest)) => (scheme, rest, 443),
        Some((scheme, rest)) => (scheme, rest, PORT),
        None => ("http", text, PORT),
    };
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let inside_brackets = authority.rfind(']').unwrap_or(0);
    let (host, port) = match authority[inside_brackets..].rfind(':') {
        Some(at) => {
            let (host, port) = authority.split_at(inside_brackets + at);
            (host, port[1..].to_owned())
        }
        None => (authority, default_port.to_string()),
    };
    let host = match host {
        "" | "0.0.0.0" => "127.0.0.1",
        "[::]" => "[::1]",
        host => host,
    };
    format!("{scheme}://{host}:{port}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_ollama_takes_is_taken() {
        for (text, meant) in [
            ("", "http://127.0.0.1:11434"),
            ("0.0.0.0", "http://127.0.0.1:11434"),
            (":8000", "http://127.0.0.1:8000"),
            ("box.example", "http://box.example:11434"),
            ("box.example:8000", "http://box.example:8000"),
            ("http://box.example", "http://box.example:80"),
            ("https://box.example/ai", "https://box.example:443/ai"),
            ("\"10.0.0.7\"", "http://10.0.0.7:11434"),
            ("[::1]", "http://[::1]:11434"),
            ("[::]:8000", "http://[::1]:8000"),
        ] {
            assert_eq!(address(text), meant, "{text}");
        }
    }
}
