//! How many keyless bundles one core verifies in a second, with the trusted root
//! read once: one side of `benchmarks/keyless`, which says what is counted.
//!
//! `keyless_rate FIXTURES LOOPS` prints `{"bundles": N, "seconds": S}`.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use bonafide_attest::{
    Conclusion, Content, Examination, IdentityPattern, SigstoreRoot, TextPattern, TrustStore,
    examine,
};
use jiff::Timestamp;
use serde_json::Value;

struct Case {
    name: String,
    bundle: Vec<u8>,
    trust: TrustStore,
    /// Content of the blob, where the bundle is about one.
    artifact: Option<Vec<u8>>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let fixtures = arguments
        .next()
        .ok_or("usage: keyless_rate FIXTURES LOOPS")?;
    let loops: u32 = arguments
        .next()
        .ok_or("usage: keyless_rate FIXTURES LOOPS")?
        .parse()?;
    let cases = cases(Path::new(&fixtures))?;
    let now = Timestamp::now();
    let start = Instant::now();
    let mut bundles = 0_u64;
    for _ in 0..loops {
        for case in &cases {
            verify(case, now)?;
            bundles += 1;
        }
    }
    let report = serde_json::json!({
        "bundles": bundles,
        "seconds": start.elapsed().as_secs_f64(),
    });
    // The output of a program whose only purpose it is.
    #[expect(clippy::print_stdout, reason = "this is what the program is for")]
    {
        println!("{report}");
    }
    Ok(())
}

fn cases(fixtures: &Path) -> Result<Vec<Case>, Box<dyn Error>> {
    let folder = fixtures.join("sigstore");
    let root = SigstoreRoot::from_json("private", &fs::read(folder.join("trusted_root.json"))?)?;
    let index: serde_json::Map<String, Value> =
        serde_json::from_slice(&fs::read(folder.join("bundles.json"))?)?;
    index
        .iter()
        .filter(|(_, entry)| {
            entry
                .get("reference")
                .is_some_and(|value| value == "accepted")
        })
        .filter_map(|(name, entry)| Some((name, entry, entry.get("identity")?.as_str()?)))
        .map(|(name, entry, identity)| {
            let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
            let mut trust = TrustStore::new();
            trust.add_root(root.clone());
            trust.add_identity(IdentityPattern {
                label: "signer".to_owned(),
                issuer: text("issuer").to_owned(),
                subject: TextPattern::exact(identity)?,
                claims: Vec::new(),
                roots: Vec::new(),
            });
            let artifact = fixtures.join(text("artifact"));
            Ok(Case {
                name: name.clone(),
                bundle: fs::read(folder.join("bundles").join(name))?,
                trust,
                artifact: artifact
                    .is_file()
                    .then(|| fs::read(&artifact))
                    .transpose()?,
            })
        })
        .collect()
}

fn verify(case: &Case, now: Timestamp) -> Result<(), Box<dyn Error>> {
    let examined = examine(&case.bundle, &case.trust, now);
    let Some(Conclusion::Verified(verified)) =
        examined.first().map(|examination| &examination.conclusion)
    else {
        return Err(format!("{}: not verified", case.name).into());
    };
    let Some(artifact) = &case.artifact else {
        return Ok(());
    };
    let digest = Examination::digest(artifact);
    let is_about_it = match verified.get() {
        Content::Message(signed) => *signed == digest,
        Content::Statement(statement) => statement
            .subjects
            .iter()
            .flat_map(|subject| &subject.digests)
            .any(|signed| signed.known() == Some(&digest)),
        Content::Model(_) | Content::Document(_) => true,
    };
    if is_about_it {
        Ok(())
    } else {
        Err(format!("{}: is about something else", case.name).into())
    }
}
