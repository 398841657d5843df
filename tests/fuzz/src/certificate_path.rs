//! Certificate chains: one DER certificate after the other, the signer's first.

use std::sync::LazyLock;

use bonafide_attest::{Certificate, Conclusion, Signer, TrustStore, examine};
use data_encoding::BASE64;
use serde_json::{Value, json};

use super::world::{TRUST, corpus, now};
use super::{key, shown};

/// Most pieces that an input is cut into; the verifier takes 16 certificates.
const MOST_PIECES: usize = 20;

/// A signed model, with the key that its first certificate has.
struct Signed {
    key: String,
    leaf: Vec<u8>,
    bundle: Value,
}

/// The seeds for bundles that were signed with a certificate, good and bad: the
/// signature has to hold, or nobody would look at the path.
static SIGNED: LazyLock<Vec<Signed>> = LazyLock::new(|| {
    let mut signed = Vec::new();
    for (_, bytes) in corpus("bundle") {
        let Ok(bundle) = serde_json::from_slice::<Value>(&bytes) else {
            continue;
        };
        let chain = &bundle["verificationMaterial"]["x509CertificateChain"];
        let leaf = chain["certificates"][0]["rawBytes"].as_str();
        if let Some(leaf) = leaf.and_then(|leaf| BASE64.decode(leaf.as_bytes()).ok())
            && let Some(key) = key_of(&leaf)
        {
            signed.push(Signed { key, leaf, bundle });
        }
    }
    assert!(signed.len() > 5, "no signed models");
    signed
});

/// Authority, subject, names and key of a signer. Not the fingerprint: an
/// issuer's signature can be written in two ways.
type Identity = (String, String, Vec<String>, String);

/// The signers whose chains are genuine.
static GENUINE: LazyLock<Vec<Identity>> = LazyLock::new(|| {
    corpus("certificate_path")
        .into_iter()
        .filter(|(name, _)| name.starts_with("genuine-"))
        .map(|(name, bytes)| {
            let conclusions = conclusions(&pieces(&bytes), &TRUST);
            let signer = conclusions.iter().find_map(signer);
            signer.unwrap_or_else(|| panic!("{name} does not verify: {conclusions:?}"))
        })
        .collect()
});

fn signer(conclusion: &Conclusion) -> Option<Identity> {
    let Conclusion::Verified(verified) = conclusion else {
        return None;
    };
    match verified.signer() {
        Signer::Certificate {
            subject,
            names,
            key,
            authority,
            ..
        } => Some((
            authority.clone(),
            subject.clone(),
            names.clone(),
            key.to_string(),
        )),
        other => panic!("a chain, but signed by {other}"),
    }
}

/// Any chain under a model that its key has signed, and the same certificates
/// offered beside a genuine one.
///
/// - Who is proven to have signed is a signer of the genuine seeds.
/// - The conclusion is the same each time, and can be printed.
/// - Trusting whatever certificates there are breaks nothing.
pub fn certificate_path(input: &[u8]) {
    let pieces = pieces(input);
    for piece in &pieces {
        match Certificate::from_der(piece) {
            Ok(certificate) => key::is_a_certificate(&certificate),
            Err(error) => shown::text(&error.to_string()),
        }
    }
    let mut beside = vec![&*SIGNED[0].leaf];
    beside.extend(&pieces);
    for chain in [&pieces, &beside] {
        for conclusion in conclusions(chain, &TRUST) {
            if let Some(signer) = signer(&conclusion) {
                assert!(GENUINE.contains(&signer), "not a signer: {signer:?}");
            }
        }
    }
    let mut gullible = TrustStore::new();
    let pem: String = pieces
        .iter()
        .map(|piece| {
            format!(
                "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                BASE64.encode(piece)
            )
        })
        .collect();
    if gullible.add_authorities("any", pem.as_bytes()).is_ok() {
        conclusions(&pieces, &gullible);
    }
}

/// True when the chain leads to a trusted authority.
pub fn chain_verifies(input: &[u8]) -> bool {
    conclusions(&pieces(input), &TRUST)
        .iter()
        .any(|conclusion| matches!(conclusion, Conclusion::Verified(_)))
}

/// What a chain comes to, under each model that its first certificate can have signed.
fn conclusions(chain: &[&[u8]], trust: &TrustStore) -> Vec<Conclusion> {
    let Some(key) = chain.first().and_then(|leaf| key_of(leaf)) else {
        return Vec::new();
    };
    let certificates: Vec<Value> = chain
        .iter()
        .map(|piece| json!({"rawBytes": BASE64.encode(piece)}))
        .collect();
    let mut conclusions = Vec::new();
    for signed in SIGNED.iter().filter(|signed| signed.key == key) {
        let mut bundle = signed.bundle.clone();
        bundle["verificationMaterial"] =
            json!({"x509CertificateChain": {"certificates": certificates}, "tlogEntries": []});
        let text = bundle.to_string();
        let examinations = examine(text.as_bytes(), trust, now());
        let again = examine(text.as_bytes(), trust, now());
        assert_eq!(format!("{examinations:?}"), format!("{again:?}"));
        for examination in examinations {
            shown::examination(&examination);
            conclusions.push(examination.conclusion);
        }
    }
    conclusions
}

fn key_of(leaf: &[u8]) -> Option<String> {
    let key = Certificate::from_der(leaf).ok()?.public_key().ok()?;
    Some(key.fingerprint().to_string())
}

/// Cuts where the lengths in the DER say (X.690 §8.1.3); what fits no length is one piece.
fn pieces(mut input: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    while !input.is_empty() && pieces.len() < MOST_PIECES {
        let (piece, rest) = length(input)
            .and_then(|length| input.split_at_checked(length))
            .unwrap_or((input, &[]));
        pieces.push(piece);
        input = rest;
    }
    pieces
}

fn length(der: &[u8]) -> Option<usize> {
    let first = *der.get(1)?;
    if first < 0x80 {
        return Some(2 + usize::from(first));
    }
    let digits = usize::from(first & 0x7f);
    let mut length = 0_usize;
    for digit in der.get(2..2 + digits)? {
        length = length.checked_mul(256)?.checked_add(usize::from(*digit))?;
    }
    length.checked_add(2 + digits)
}
