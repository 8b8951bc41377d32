//! Why a broker cannot be reached, in words a user can act on.

use rumqttc::{ConnectReturnCode, ConnectionError};

use super::BrokerUrl;

/// Why a broker cannot be reached.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// It does not let us in.
    #[error("the broker at {broker} refused the connection: {reason}; hint: {hint}")]
    Refused {
        /// Which broker.
        broker: BrokerUrl,
        /// What it said.
        reason: String,
        /// What to do.
        hint: &'static str,
    },
    /// Nothing answers.
    #[error("no MQTT broker answers at {broker}: {reason}; hint: start one (mosquitto -p {}), or name another with --broker mqtt://HOST:PORT", broker.port)]
    Unreachable {
        /// Which broker.
        broker: BrokerUrl,
        /// What the system said.
        reason: String,
    },
    /// The link was closed.
    #[error("the connection to {broker} is closed; hint: start again")]
    Closed {
        /// Which broker.
        broker: BrokerUrl,
    },
    /// Acknowledgements stay away.
    #[error(
        "the broker at {broker} has not acknowledged {waiting} messages in {seconds} s; hint: look at the broker's log"
    )]
    Unacknowledged {
        /// Which broker.
        broker: BrokerUrl,
        /// Messages without an acknowledgement.
        waiting: usize,
        /// How long it was given.
        seconds: u64,
    },
}

/// What a failed first connection means.
pub(super) fn first_error(broker: BrokerUrl, error: &ConnectionError) -> LinkError {
    match error {
        ConnectionError::ConnectionRefused(code) => {
            let hint = match code {
                ConnectReturnCode::BadUserNamePassword | ConnectReturnCode::NotAuthorized => {
                    "check user and password: --broker mqtt://USER:PASSWORD@HOST:PORT"
                }
                _ => "look at the broker's log",
            };
            LinkError::Refused { broker, reason: words(*code).to_owned(), hint }
        }
        ConnectionError::Io(io) => LinkError::Unreachable { broker, reason: io.to_string() },
        other => LinkError::Unreachable { broker, reason: other.to_string() },
    }
}

fn words(code: ConnectReturnCode) -> &'static str {
    match code {
        ConnectReturnCode::BadUserNamePassword => "wrong user or password",
        ConnectReturnCode::NotAuthorized => "not authorised",
        ConnectReturnCode::ServiceUnavailable => "the service is unavailable",
        ConnectReturnCode::BadClientId => "it does not like our client id",
        ConnectReturnCode::RefusedProtocolVersion => "it does not speak MQTT 3.1.1",
        ConnectReturnCode::Success => "no reason given",
    }
}
