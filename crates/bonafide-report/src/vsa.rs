//! A verification summary (SLSA VSA v1) in an in-toto Statement v1, to be signed.
//!
//! Whoever trusts the signer need not read the weights again: the digests of the files are
//! enough. The statement is made of a report that has all of them.

use std::collections::BTreeSet;

use bonafide_core::{Digest, RawName, Report, SignatureState, Verdict};
use serde_json::{Map, Value, json};

use crate::RenderError;
use crate::location::{path_reference, target_name, target_uri};

/// Who verifies, unless whoever signs the statement says otherwise. Extension fields are named
/// below it, as the specification asks for.
pub const VERIFIER_ID: &str = "pkg:generic/bonafide";

/// Name of the OMS root in a `DigestSet`. It is a SHA-256, but of the digests of the files and not
/// of bytes: under `sha256` it would also be the digest of a file that holds just those digests,
/// and that file would pass for the artifact.
pub const ROOT_DIGEST: &str = "omsRootSha256";

/// `_type` of the statement.
const STATEMENT: &str = "https://in-toto.io/Statement/v1";

/// `predicateType` of the statement.
const PREDICATE: &str = "https://slsa.dev/verification_summary/v1";

/// Version of SLSA whose text of the predicate is followed.
const SLSA_VERSION: &str = "1.1";

pub(crate) fn render(report: &Report) -> Result<String, RenderError> {
    let mut text = serde_json::to_string_pretty(&vsa_statement(report)?)?;
    text.push('\n');
    Ok(text)
}

/// The statement. It needs the digest of every file ([`RenderError::NoDigests`]).
///
/// `PASSED` is said of the verdict `allow` alone, whatever the mode of the run.
pub fn vsa_statement(report: &Report) -> Result<Value, RenderError> {
    if report.artifact.digests.is_empty() {
        return Err(RenderError::NoDigests);
    }
    let passed = report.verdict == Verdict::Allow;
    let (result, levels) = if passed {
        ("PASSED", vec![level(&report.policy.name)])
    } else {
        ("FAILED", vec!["FAILED".to_owned()])
    };
    let mut predicate = json!({
        "verifier": {
            "id": VERIFIER_ID,
            "version": {report.tool.name: report.tool.version},
        },
        "timeVerified": report.evaluated_at,
        "resourceUri": target_uri(report),
        "policy": {
            "uri": policy_uri(report),
            "digest": digest_set(&report.policy.digest),
        },
        "inputAttestations": inputs(report),
        "verificationResult": result,
        "verifiedLevels": levels,
        "slsaVersion": SLSA_VERSION,
    });
    if let Some(predicate) = predicate.as_object_mut() {
        for (name, value) in extensions(report)? {
            predicate.insert(format!("{VERIFIER_ID}#{name}"), value);
        }
    }
    Ok(json!({
        "_type": STATEMENT,
        "subject": subjects(report),
        "predicateType": PREDICATE,
        "predicate": predicate,
    }))
}

/// The artifact by its root, and each of its files by its bytes.
fn subjects(report: &Report) -> Vec<Value> {
    let names: BTreeSet<String> = report
        .artifact
        .digests
        .iter()
        .map(|file| file.name.to_string())
        .collect();
    let mut subjects = Vec::new();
    if let Some(root) = &report.artifact.root {
        let mut name = target_name(report);
        // Names of subjects are unique, and a single file has the name of its artifact.
        while names.contains(&name) {
            name.push('/');
        }
        subjects.push(json!({"name": name, "digest": {ROOT_DIGEST: root.hex()}}));
    }
    for file in &report.artifact.digests {
        subjects.push(json!({
            "name": file.name.to_string(),
            "digest": digest_set(&file.digest),
        }));
    }
    subjects
}

/// Keys as in-toto's `DigestSet` names the functions.
fn digest_set(digest: &Digest) -> Value {
    let mut set = Map::new();
    let name = digest.algorithm().name();
    let key = match name {
        "blake2b-512" => "blake2b",
        "sha3-256" => "sha3_256",
        "sha3-384" => "sha3_384",
        "sha3-512" => "sha3_512",
        name => name,
    };
    set.insert(key.to_owned(), digest.hex().into());
    Value::Object(set)
}

/// The policy: the file, or the built-in one by its name and version.
fn policy_uri(report: &Report) -> String {
    match &report.policy.source {
        Some(source) => source_uri(source),
        None => format!(
            "{VERIFIER_ID}@{}#policies/{}.toml",
            report.tool.version,
            slug(&report.policy.name)
        ),
    }
}

/// A URI of a file that was read; relative to where the command ran, unless it was absolute.
fn source_uri(source: &RawName) -> String {
    let bytes = source.as_bytes();
    if bytes.starts_with(b"https://") || bytes.starts_with(b"pkg:") {
        return source.to_string();
    }
    let reference = path_reference(source);
    if reference.starts_with("file:") {
        reference
    } else {
        format!("file:{reference}")
    }
}

/// Every signature that counted, and every document, each once.
fn inputs(report: &Report) -> Vec<Value> {
    let verified = report.signatures.iter();
    let verified = verified.filter(|signature| signature.state == SignatureState::Verified);
    let signatures = verified.map(|signature| (&signature.source, &signature.digest));
    let documents = report
        .documents
        .iter()
        .map(|document| (&document.source, &document.digest));
    let files: BTreeSet<(&RawName, &Digest)> = signatures.chain(documents).collect();
    files
        .into_iter()
        .map(|(source, digest)| json!({"uri": source_uri(source), "digest": digest_set(digest)}))
        .collect()
}

/// The level that a pass is: that of the policy. Levels of other tracks are for others to give.
fn level(policy: &str) -> String {
    format!(
        "BONAFIDE_POLICY_{}",
        slug(policy).replace(['-', '.'], "_").to_ascii_uppercase()
    )
}

/// Letters, digits, dots and dashes of a name.
fn slug(name: &str) -> String {
    name.chars()
        .take(100)
        .map(|character| {
            if character.is_ascii_alphanumeric() || character == '.' {
                character
            } else {
                '-'
            }
        })
        .collect()
}

/// What a reader of the summary should know beyond the result.
fn extensions(report: &Report) -> Result<Vec<(&'static str, Value)>, serde_json::Error> {
    let mut extensions = vec![
        ("verdict", serde_json::to_value(report.verdict)?),
        ("mode", serde_json::to_value(report.mode)?),
        (
            "policy",
            json!({
                "name": report.policy.name,
                "version": report.policy.version,
                "expires": report.policy.expires,
            }),
        ),
    ];
    if let Some(digest) = &report.tool.digest {
        extensions.push(("tool", json!({"digest": digest_set(digest)})));
    }
    let material = report.policy.material.iter().map(|material| {
        json!({
            "uri": source_uri(&material.source),
            "kind": material.kind,
            "digest": digest_set(&material.digest),
        })
    });
    extensions.push(("trust-material", material.collect()));
    let used = report.waivers.iter().filter(|waiver| waiver.findings > 0);
    extensions.push(("waivers", serde_json::to_value(used.collect::<Vec<_>>())?));
    if report.verdict != Verdict::Allow {
        extensions.push(("reasons", serde_json::to_value(&report.reasons)?));
    }
    Ok(extensions)
}
