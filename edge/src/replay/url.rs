//! A broker's address as typed: `mqtt://user:password@host:port`, or just `host`.

use std::{fmt, str::FromStr};

/// Where a broker is and how to be let in.
#[derive(Clone, PartialEq, Eq)]
pub struct BrokerUrl {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// User and password, where the broker asks for them.
    pub login: Option<(String, String)>,
}

/// Text that is no broker's address.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{reason}; hint: write mqtt://HOST:PORT or mqtt://USER:PASSWORD@HOST:PORT, such as mqtt://127.0.0.1:1883")]
pub struct BrokerUrlError {
    reason: String,
}

const DEFAULT_PORT: u16 = 1883;

impl BrokerUrl {
    /// A broker on this machine that asks for no password.
    pub fn local(port: u16) -> Self {
        Self { host: "127.0.0.1".to_owned(), port, login: None }
    }
}

impl FromStr for BrokerUrl {
    type Err = BrokerUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = |reason: String| BrokerUrlError { reason };
        let rest = match text.split_once("://") {
            Some(("mqtt" | "tcp", rest)) => rest,
            Some((scheme, _)) => return Err(bad(format!("the scheme '{scheme}' is not spoken here, only mqtt"))),
            None => text,
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        // The last @: a password may hold one.
        let (login, place) = match rest.rsplit_once('@') {
            Some((login, place)) => (Some(login.split_once(':').unwrap_or((login, ""))), place),
            None => (None, rest),
        };
        let (host, port) = if let Some(v6) = place.strip_prefix('[') {
            let (host, after) = v6.split_once(']').ok_or_else(|| bad("the address lacks its ']'".to_owned()))?;
            (host, after.strip_prefix(':'))
        } else {
            place.rsplit_once(':').map_or((place, None), |(host, port)| (host, Some(port)))
        };
        if host.is_empty() || host.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
            return Err(bad("the host is missing or holds a space".to_owned()));
        }
        let port = match port {
            None => DEFAULT_PORT,
            Some(port) => match port.parse() {
                Ok(0) | Err(_) => return Err(bad(format!("'{port}' is not a port from 1 to 65535"))),
                Ok(port) => port,
            },
        };
        let login = login.map(|(user, password)| (decoded(user), decoded(password)));
        Ok(Self { host: host.to_owned(), port, login })
    }
}

/// `%40` and its like as the letters they stand for; anything else as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = (byte == b'%').then(|| after.get(..2)).flatten().and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(letter) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(letter);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Without the password.
impl fmt::Display for BrokerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("mqtt://")?;
        if let Some((user, _)) = &self.login {
            write!(f, "{user}@")?;
        }
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

impl fmt::Debug for BrokerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BrokerUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    fn read(text: &str) -> (String, u16, Option<(String, String)>) {
        let url: BrokerUrl = text.parse().unwrap();
        (url.host, url.port, url.login)
    }

    #[test]
    fn addresses_are_read_as_typed() {
        let login = |user: &str, password: &str| Some((user.to_owned(), password.to_owned()));
        assert_eq!(read("mqtt://pi.local:1884"), ("pi.local".into(), 1884, None));
        assert_eq!(read("pi.local"), ("pi.local".into(), 1883, None));
        assert_eq!(read("mqtt://anna:s3cr3t@10.0.0.7:1883/"), ("10.0.0.7".into(), 1883, login("anna", "s3cr3t")));
        assert_eq!(read("anna:p%40ss@host"), ("host".into(), 1883, login("anna", "p@ss")));
        assert_eq!(read("anna:100%@host"), ("host".into(), 1883, login("anna", "100%")));
        assert_eq!(read("mqtt://[::1]:2000"), ("::1".into(), 2000, None));
    }

    #[test]
    fn a_wrong_address_is_refused_with_a_remedy() {
        for text in ["mqtts://host", "mqtt://", "host:port", "host:0", "host:70000", "[::1", "a b"] {
            let error = text.parse::<BrokerUrl>().unwrap_err().to_string();
            assert!(error.contains("hint: write mqtt://HOST:PORT"), "{text}: {error}");
        }
    }

    #[test]
    fn the_password_is_never_shown() {
        let url: BrokerUrl = "mqtt://anna:s3cr3t@host:1".parse().unwrap();
        assert_eq!(url.to_string(), "mqtt://anna@host:1");
        assert!(!format!("{url:?}").contains("s3cr3t"));
    }
}
