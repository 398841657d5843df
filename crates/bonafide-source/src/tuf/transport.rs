//! HTTP for `sigstore-tuf`. Its own client always reads the certificate
//! authorities of the system, which a repository on this machine must do without.

use std::sync::{Arc, Mutex, PoisonError};

use sigstore_tuf::reqwest::{self, Client, StatusCode, Url, redirect};
use sigstore_tuf::transport::FetchFuture;
use sigstore_tuf::{Error, Repository};

use super::address::{self, Address};
use super::failure::{TufError, in_words};

/// A repository behind an address.
pub(super) struct Transport {
    base: Url,
    client: Client,
    asked: Mutex<String>,
}

impl Transport {
    /// No redirects: what was named is what is asked. How long a request may
    /// take is left to the limit on the whole update.
    pub(super) fn new(address: &Address) -> Result<Self, TufError> {
        let mut builder = Client::builder()
            .user_agent(concat!("bonafide/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .referer(false);
        if address.is_plain() {
            // Loopback without encryption: no proxy may see it, and no certificate is needed.
            builder = builder
                .no_proxy()
                .tls_certs_only([])
                .resolve_to_addrs("localhost", &address::LOOPBACK);
        } else {
            builder = builder.https_only(true);
        }
        let client = builder.build().map_err(|error| TufError::Setup {
            what: "HTTP client",
            detail: in_words(&error),
        })?;
        Ok(Self {
            base: address.directory(),
            client,
            asked: Mutex::new(String::new()),
        })
    }

    /// What was asked for last, to say where an update hung.
    pub(super) fn asked(&self) -> String {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// At most `limit` bytes, or `None` where there is no such file.
    async fn get(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, Error> {
        name.clone_into(&mut self.asked.lock().unwrap_or_else(PoisonError::into_inner));
        let failed = |error: reqwest::Error| {
            Error::transport(format!("`{name}`: {}", in_words(&error.without_url())))
        };
        let too_long = || Error::transport(format!("`{name}`: longer than {limit} bytes"));
        let url = below(&self.base, name).ok_or_else(|| {
            Error::Malformed(format!("`{name}` would lie outside of the repository"))
        })?;
        let mut response = self.client.get(url).send().await.map_err(failed)?;
        match response.status() {
            // Object stores answer "forbidden" where nothing is, so that nobody can list them.
            StatusCode::NOT_FOUND | StatusCode::FORBIDDEN => return Ok(None),
            status if status.is_success() => {}
            status => {
                return Err(Error::transport(format!(
                    "`{name}`: the server answers with status {}",
                    status.as_u16()
                )));
            }
        }
        if response
            .content_length()
            .is_some_and(|length| length > limit)
        {
            return Err(too_long());
        }
        let mut content = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            let length = content.len().saturating_add(chunk.len());
            if u64::try_from(length).map_or(true, |length| length > limit) {
                return Err(too_long());
            }
            content.extend_from_slice(&chunk);
        }
        Ok(Some(content))
    }
}

/// The updater takes its repository away; this one can still be asked.
#[derive(Clone)]
pub(super) struct Shared(pub(super) Arc<Transport>);

impl Repository for Shared {
    fn fetch_metadata<'a>(&'a self, name: &'a str, max_length: u64) -> FetchFuture<'a> {
        Box::pin(self.0.get(name, max_length))
    }

    fn fetch_target<'a>(&'a self, path: &'a str, max_length: u64) -> FetchFuture<'a> {
        Box::pin(async move { self.0.get(&format!("targets/{path}"), max_length).await })
    }
}

/// The address of a file, if it lies in the repository. Parts of names come from
/// metadata, and `..` or a scheme would lead elsewhere.
fn below(base: &Url, name: &str) -> Option<Url> {
    let url = base.join(name).ok()?;
    let inside = url.as_str().strip_prefix(base.as_str())?;
    (!inside.is_empty() && url.query().is_none() && url.fragment().is_none()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_lead_out_of_the_repository() {
        let base = Url::parse("https://example.test/tuf/").unwrap();
        let inside = below(&base, "targets/ab.trusted_root.json").unwrap();
        assert_eq!(
            inside.as_str(),
            "https://example.test/tuf/targets/ab.trusted_root.json"
        );
        for outside in [
            "",
            "..",
            "../root.json",
            "targets/../../x",
            "%2e%2e/x",
            "/root.json",
            "//elsewhere.test/tuf/x",
            "https://elsewhere.test/tuf/x",
            "\\\\elsewhere.test\\x",
            "x?y",
            "x#y",
        ] {
            assert_eq!(below(&base, outside), None, "{outside}");
        }
    }
}
