//! Who may talk to a cluster.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr
)]

mod parts;
mod sample;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use parts::{Part, Scanning};
use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use sample::{counted, plain};

const LIMIT: Duration = Duration::from_secs(180);

/// An authority and one certificate of it, written to files.
struct Certificates {
    certificate: PathBuf,
    key: PathBuf,
    authority: PathBuf,
}

impl Certificates {
    fn make(folder: &Path, name: &str, host: &str) -> Self {
        let authority_key = KeyPair::generate().unwrap();
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let signed = authority.self_signed(&authority_key).unwrap();
        let issuer = Issuer::new(authority, authority_key);
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        let certificate = params.signed_by(&key, &issuer).unwrap();
        let write = |part: &str, text: String| {
            let path = folder.join(format!("{name}-{part}.pem"));
            std::fs::write(&path, text).unwrap();
            path
        };
        Self {
            certificate: write("certificate", certificate.pem()),
            key: write("key", key.serialize_pem()),
            authority: write("authority", signed.pem()),
        }
    }

    fn arguments(&self) -> [&str; 6] {
        [
            "--tls-certificate",
            self.certificate.to_str().unwrap(),
            "--tls-key",
            self.key.to_str().unwrap(),
            "--tls-authority",
            self.authority.to_str().unwrap(),
        ]
    }
}

fn with<'a>(arguments: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    arguments.iter().chain(more).copied().collect()
}

#[test]
fn only_holders_of_a_certificate_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let ours = Certificates::make(folder.path(), "ours", "127.0.0.1");
    let others = Certificates::make(folder.path(), "others", "127.0.0.1");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let expected = plain(&sample::write(&data, 3, 2_000));

    let bind = ["scheduler", "--bind", "127.0.0.1:0"];
    let (_scheduler, address) = Part::start(&with(&bind, &ours.arguments()));
    let work = ["executor", "--scheduler", &address, "--tasks", "1"];
    let (_one, _) = Part::start(&with(&work, &ours.arguments()));
    let (_two, _) = Part::start(&with(&work, &ours.arguments()));
    let root = data.to_str().unwrap();
    let scan = [
        root,
        "--scheduler",
        &address,
        "--label",
        "label",
        "--text",
        "text",
    ];

    let found = Scanning::start(&with(&scan, &ours.arguments())).found(LIMIT);
    assert_eq!(counted(&found), expected);

    let mixed = Certificates {
        certificate: others.certificate.clone(),
        key: others.key.clone(),
        authority: ours.authority.clone(),
    };
    for (who, arguments) in [
        ("nobody", Vec::new()),
        ("another's certificate", mixed.arguments().to_vec()),
        ("another's authority", others.arguments().to_vec()),
    ] {
        let limited = with(&scan, &["--timeout", "10"]);
        let refused = Scanning::start(&with(&limited, &arguments));
        let (status, text, _) = refused.end(LIMIT);
        assert_eq!((status.code(), text.as_str()), (Some(2), ""), "{who}");
    }
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = Certificates::make(folder.path(), "elsewhere", "elsewhere.example");
    sample::write(folder.path(), 1, 10);
    let bind = ["scheduler", "--bind", "127.0.0.1:0"];
    let (_scheduler, address) = Part::start(&with(&bind, &elsewhere.arguments()));
    let root = folder.path().to_str().unwrap();
    let scan = [root, "--scheduler", &address, "--timeout", "10"];
    let (status, _, error) = Scanning::start(&with(&scan, &elsewhere.arguments())).end(LIMIT);
    assert_eq!(status.code(), Some(2), "{error}");
}

#[test]
fn addresses_that_others_reach_need_protection() {
    let folder = tempfile::tempdir().unwrap();
    sample::write(folder.path(), 1, 10);
    let root = folder.path().to_str().unwrap();
    for arguments in [
        vec!["scheduler", "--bind", "0.0.0.0:0"],
        vec!["scheduler", "--bind", "[::]:0"],
        vec!["executor", "--bind", "0.0.0.0:0"],
        vec!["executor", "--scheduler", "192.0.2.1:50050"],
        vec!["scan", root, "--scheduler", "scheduler.example:50050"],
    ] {
        let out = Command::new(env!("CARGO_BIN_EXE_bonafide-cluster"))
            .args(&arguments)
            .output()
            .unwrap();
        let error = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains("not a loopback address"), "{error}");
    }
}

#[test]
fn files_that_are_no_certificates_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let good = Certificates::make(folder.path(), "good", "127.0.0.1");
    let wrong = folder.path().join("wrong.pem");
    std::fs::write(
        &wrong,
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    for spoiled in 0..3 {
        let mut arguments = good.arguments();
        arguments[2 * spoiled + 1] = wrong.to_str().unwrap();
        let out = Command::new(env!("CARGO_BIN_EXE_bonafide-cluster"))
            .args(["scheduler", "--bind", "127.0.0.1:0"])
            .args(arguments)
            .output()
            .unwrap();
        let error = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(2), "{error}");
        assert!(error.contains("for TLS"), "{error}");
    }
}
