//! Certificates on both sides of every connection between parts.
//!
//! Ballista leaves TLS to whoever embeds it: a function that may change each outgoing
//! connection, and servers that are started by the caller. Both are used here with one
//! certificate per part, which is shown to servers and to clients alike, and one
//! authority, whose signature is the only reason to trust the other side. rustls makes
//! the connections, TLS 1.2 or 1.3.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ballista_core::extension::EndpointOverrideFn;
use ballista_core::utils::{GrpcClientConfig, create_grpc_client_endpoint};
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity, Server, ServerTlsConfig};

use crate::ClusterError;

/// Most bytes of a file with certificates or a key.
const LONGEST: u64 = 1 << 20;

/// Where certificates are, each in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// This part's certificate, then those between it and the authority.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// Certificates of the authorities that sign all parts.
    pub authority: PathBuf,
}

/// Certificates and key of one part.
#[derive(Clone)]
pub struct Tls {
    certificate: Vec<u8>,
    key: Vec<u8>,
    authority: Vec<u8>,
}

// The key is in no message and no log.
impl std::fmt::Debug for Tls {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Tls").finish_non_exhaustive()
    }
}

impl Tls {
    /// Reads the files, and tries whether they can be used.
    pub fn read(files: &TlsFiles) -> Result<Self, ClusterError> {
        let tls = Self {
            certificate: read(&files.certificate)?,
            key: read(&files.key)?,
            authority: read(&files.authority)?,
        };
        // Wrong files show here and not at the first connection, where nobody says why.
        let reason = |error: &dyn std::error::Error| chain(error);
        Server::builder()
            .tls_config(tls.of_server())
            .map_err(|error| ClusterError::Tls {
                file: files.certificate.clone(),
                reason: reason(&error),
            })?;
        Endpoint::from_static("https://localhost")
            .tls_config(tls.of_client())
            .map_err(|error| ClusterError::Tls {
                file: files.authority.clone(),
                reason: reason(&error),
            })?;
        Ok(tls)
    }

    /// For a server: clients without a certificate of the authority are turned away.
    pub(crate) fn of_server(&self) -> ServerTlsConfig {
        ServerTlsConfig::new()
            .identity(Identity::from_pem(&self.certificate, &self.key))
            .client_ca_root(Certificate::from_pem(&self.authority))
            .client_auth_optional(false)
    }

    /// For a client: the server's certificate has to have the host that was dialled, and
    /// the system's own authorities are not asked.
    pub(crate) fn of_client(&self) -> ClientTlsConfig {
        ClientTlsConfig::new()
            .ca_certificate(Certificate::from_pem(&self.authority))
            .identity(Identity::from_pem(&self.certificate, &self.key))
    }

    /// What Ballista runs over each outgoing connection.
    pub(crate) fn on_endpoints(&self) -> EndpointOverrideFn {
        let client = self.of_client();
        Arc::new(move |endpoint: Endpoint| {
            // Executors are made to dial `http`, on which TLS would be left out silently.
            let authority = endpoint.uri().authority().map(ToString::to_string);
            let authority = authority.ok_or("an address without a host")?;
            let secure = create_grpc_client_endpoint(
                format!("https://{authority}"),
                Some(&GrpcClientConfig::default()),
            )?;
            Ok(secure.tls_config(client.clone())?)
        })
    }
}

fn read(file: &Path) -> Result<Vec<u8>, ClusterError> {
    let wrong = |reason: String| ClusterError::Tls {
        file: file.to_owned(),
        reason,
    };
    let opened = std::fs::File::open(file).map_err(|error| wrong(error.to_string()))?;
    let mut bytes = Vec::new();
    opened
        .take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| wrong(error.to_string()))?;
    match bytes.len() as u64 {
        0 => Err(wrong("it is empty".to_owned())),
        length if length > LONGEST => Err(wrong(format!("it is longer than {LONGEST} bytes"))),
        _ => Ok(bytes),
    }
}

/// An error with what caused it.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut inner = error.source();
    while let Some(cause) = inner {
        let said = cause.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        inner = cause.source();
    }
    text
}
