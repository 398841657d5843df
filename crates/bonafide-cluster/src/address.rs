//! Addresses of parts, and which of them may be used.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::{ClusterError, Tls};

/// Host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Name or IP address, the latter without brackets.
    host: String,
    /// Port; zero for any that is free.
    port: u16,
}

impl Address {
    /// The host, as it stands in a URL: an IPv6 address in brackets.
    #[must_use]
    pub fn host(&self) -> String {
        match self.host.parse::<Ipv6Addr>() {
            Ok(address) => format!("[{address}]"),
            Err(_) => self.host.clone(),
        }
    }

    /// The port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The same host with another port.
    #[must_use]
    pub fn with_port(&self, port: u16) -> Self {
        Self {
            host: self.host.clone(),
            port,
        }
    }

    /// True if nobody but this machine can be meant. A name counts only if it is
    /// `localhost`, which no resolver may send elsewhere (RFC 6761, section 6.3).
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(address) => address.is_loopback(),
            Err(_) => self.host.eq_ignore_ascii_case("localhost"),
        }
    }

    /// True for `0.0.0.0` and `::`, which can be listened on and not be dialled.
    #[must_use]
    pub fn is_everywhere(&self) -> bool {
        let address = self.host.parse::<IpAddr>();
        address.is_ok_and(|address| address.is_unspecified())
    }

    /// The loopback address with this port.
    #[must_use]
    pub fn loopback(port: u16) -> Self {
        Self {
            host: Ipv4Addr::LOCALHOST.to_string(),
            port,
        }
    }
}

impl FromStr for Address {
    type Err = ClusterError;

    fn from_str(text: &str) -> Result<Self, ClusterError> {
        let wrong = |reason| ClusterError::Address {
            given: text.to_owned(),
            reason,
        };
        let (host, port) = text
            .rsplit_once(':')
            .ok_or_else(|| wrong("there is no colon"))?;
        let port = port.parse().map_err(|_| wrong("the port is no number"))?;
        let bracketed = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        let host = match bracketed {
            Some(inner) if inner.parse::<Ipv6Addr>().is_ok() => inner,
            Some(_) => return Err(wrong("what is in brackets is no IPv6 address")),
            None => host,
        };
        // What goes into a URL later must not be able to be more than a host there.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        if bracketed.is_none() && (host.is_empty() || !host.bytes().all(plain)) {
            return Err(wrong("the host is neither a name nor an IP address"));
        }
        Ok(Self {
            host: host.to_owned(),
            port,
        })
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}:{}", self.host(), self.port)
    }
}

/// What protects an address that others can reach.
#[derive(Debug, Clone, Default)]
pub enum Exposure {
    /// Nothing, so only loopback addresses are taken.
    #[default]
    Loopback,
    /// Certificates on both sides.
    Mutual(Box<Tls>),
    /// Nothing, and the operator says that this is meant.
    Unprotected,
}

impl Exposure {
    /// The same from what was said on the command line. Certificates win.
    #[must_use]
    pub fn of(tls: Option<Tls>, unprotected: bool) -> Self {
        match (tls, unprotected) {
            (Some(tls), _) => Self::Mutual(Box::new(tls)),
            (None, true) => Self::Unprotected,
            (None, false) => Self::Loopback,
        }
    }

    /// The certificates, if there are.
    #[must_use]
    pub const fn tls(&self) -> Option<&Tls> {
        match self {
            Self::Mutual(tls) => Some(tls),
            Self::Loopback | Self::Unprotected => None,
        }
    }

    /// An error if `address` is one that others reach and nothing protects it.
    pub fn permit(&self, address: &Address) -> Result<(), ClusterError> {
        match self {
            Self::Loopback if !address.is_loopback() => Err(ClusterError::Exposed {
                host: address.host.clone(),
            }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        text.parse().unwrap()
    }

    #[test]
    fn hosts_are_names_or_addresses_and_nothing_else() {
        assert_eq!(address("localhost:1").to_string(), "localhost:1");
        assert_eq!(address("[::1]:50050").host(), "[::1]");
        assert_eq!(address("[0:0:0::1]:50050").host(), "[::1]");
        assert_eq!(address("10.0.0.7:0").port(), 0);
        for wrong in [
            "",
            ":1",
            "host",
            "host:",
            "host:65536",
            "a/b:1",
            "user@host:1",
            "a#b:1",
            "::1:1",
            "[::1:1",
            "[evil/]:1",
            "a b:1",
            "a?b:1",
            "a\\b:1",
            "ä:1",
            "a%41:1",
        ] {
            assert!(wrong.parse::<Address>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_loopback_needs_no_protection() {
        for (text, loopback) in [
            ("127.0.0.1:1", true),
            ("127.9.9.9:1", true),
            ("[::1]:1", true),
            ("LOCALHOST:1", true),
            ("0.0.0.0:1", false),
            ("[::]:1", false),
            ("10.0.0.1:1", false),
            ("localhost.evil.example:1", false),
            ("127.0.0.1.example:1", false),
        ] {
            let given = address(text);
            assert_eq!(given.is_loopback(), loopback, "{text}");
            assert_eq!(
                Exposure::Loopback.permit(&given).is_ok(),
                loopback,
                "{text}"
            );
            assert!(Exposure::Unprotected.permit(&given).is_ok());
        }
    }
}
