//! Addresses that trust material may be fetched from.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use sigstore_tuf::reqwest::Url;

use super::failure::{TufError, printable};

/// What `localhost` is, whatever a name service says. Port 0 stands for the
/// port of the address.
pub(super) const LOOPBACK: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
    SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0),
];

/// Longest name of a cache directory in bytes.
const LONGEST_NAME: usize = 200;

/// The address of a TUF repository: `https`, or `http` on this machine alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Refuses other schemes, `http` to any host but `127.0.0.1`, `::1` and
    /// `localhost`, and addresses with a user, a password, a query or a fragment.
    pub fn parse(text: &str) -> Result<Self, TufError> {
        let unusable = |reason: &'static str| TufError::Address {
            address: printable(text),
            reason,
        };
        let url = Url::parse(text).map_err(|_| unusable("it is no absolute URL"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(unusable("it holds a user name or a password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(unusable("it holds a query or a fragment"));
        }
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_loopback(&url) => Ok(Self(url)),
            "http" => Err(unusable("http is for addresses of this machine only")),
            _ => Err(unusable("it is not https")),
        }
    }

    /// A name for the directory of its cache: the host, then, where they are
    /// not the usual ones, port and path, each unusual byte as `%XX`.
    pub fn directory_name(&self) -> Result<String, TufError> {
        let mut name = self.0.host_str().unwrap_or_default().to_owned();
        if let Some(port) = self.0.port() {
            name.push_str(&format!(":{port}"));
        }
        name.push_str(self.0.path().trim_end_matches('/'));
        let escaped: String = name
            .bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                    char::from(byte).to_string()
                }
                _ => format!("%{byte:02X}"),
            })
            .collect();
        if escaped.len() > LONGEST_NAME || escaped.trim_matches('.').is_empty() {
            return Err(TufError::Address {
                address: printable(self.as_str()),
                reason: "no cache directory can be named after it",
            });
        }
        Ok(escaped)
    }

    pub(super) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// With a `/` at the end, so that names are joined below it.
    pub(super) fn directory(&self) -> Url {
        let mut url = self.0.clone();
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        url
    }

    pub(super) fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&printable(self.as_str().trim_end_matches('/')))
    }
}

fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_leaves_the_machine() {
        for good in [
            "https://example.test",
            "https://example.test:8443/tuf/",
            "http://127.0.0.1:8080",
            "http://localhost/x",
            "http://[::1]:1/",
            // As browsers do, other spellings of the same number are read as it.
            "http://0x7f000001/",
        ] {
            assert!(Address::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "example.test",
            "file:///etc/passwd",
            "ftp://example.test",
            "data:,x",
            "http://example.test",
            "http://127.0.0.2",
            "http://localhost.example.test",
            "http://127.0.0.1.example.test",
            "http://127.0.0.1@example.test",
            "https://user@example.test",
            "https://:secret@example.test",
            "https://example.test/?a",
            "https://example.test/#a",
            "https://",
        ] {
            assert!(
                matches!(Address::parse(bad), Err(TufError::Address { .. })),
                "{bad}"
            );
        }
    }

    #[test]
    fn each_repository_has_a_cache_of_its_own() {
        let name = |text: &str| Address::parse(text).unwrap().directory_name().unwrap();
        assert_eq!(name("https://tuf.example.test/"), "tuf.example.test");
        assert_eq!(name("https://tuf.example.test:443"), "tuf.example.test");
        assert_eq!(name("https://a.test:8443/b/"), "a.test%3A8443%2Fb");
        assert_eq!(name("http://[::1]:1/"), "%5B%3A%3A1%5D%3A1");
        let long = format!("https://example.test/{}", "x".repeat(300));
        assert!(Address::parse(&long).unwrap().directory_name().is_err());
    }
}
