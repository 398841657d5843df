//! Changes to whom and what the verifier trusts, with the bundles as they are.

use bonafide_attest::Category::{
    self, Certificate, CertificateTimestamp, Checkpoint, Identity, InclusionPromise, Key,
    Signature, Timestamp,
};
use bonafide_attest::{Claim, IdentityPattern, SigstoreRoot, TextPattern, TrustStore, examine};
use serde_json::{Value, json};

use super::mutant::{Class, Tally};
use super::specimen::{
    Entry, Specimen, exactly, index, now, private_root, trust_signer, with_root,
};

/// Services of a trusted root.
const SERVICES: [&str; 4] = [
    "certificateAuthorities",
    "ctlogs",
    "tlogs",
    "timestampAuthorities",
];

/// What a bundle lacks when a service is not trusted; none when it asks nothing of it.
fn lack(specimen: &Specimen, service: &str) -> Option<Category> {
    let keyless = !specimen.is_by_key();
    match service {
        "certificateAuthorities" => keyless.then_some(Certificate),
        "ctlogs" => keyless.then_some(CertificateTimestamp),
        // Keyless, version 1: the promised time is asked for first.
        "tlogs" if specimen.is_promised() && keyless => Some(InclusionPromise),
        "tlogs" => Some(Checkpoint),
        _ => specimen.is_timestamped().then_some(Timestamp),
    }
}

/// Takes services away, gives them other keys or other times.
pub fn services(specimen: &Specimen, entry: &Entry, others: &Value, tally: &mut Tally) {
    let root = private_root();
    for service in SERVICES {
        let lack = lack(specimen, service);
        let mut judge = |label: &str, root: &Value| {
            let name = format!("{}: {service} {label}", specimen.name);
            let mut trust = with_root(root);
            trust_signer(&mut trust, "bundles", entry);
            against(specimen, &trust, &name, lack, tally);
        };
        let mut without = root.clone();
        without[service] = json!([]);
        judge("removed", &without);
        let mut other = root.clone();
        other[service] = others[service].clone();
        judge("of the public instance", &other);
        for (label, from, to) in [
            (
                "over before",
                "2026-01-01T00:00:00Z",
                "2026-01-15T00:00:00Z",
            ),
            (
                "begun after",
                "2026-10-01T00:00:00Z",
                "2099-12-31T23:59:59Z",
            ),
        ] {
            let mut moved = root.clone();
            for one in moved[service].as_array_mut().unwrap() {
                let holder = match one.get("publicKey") {
                    Some(_) => &mut one["publicKey"],
                    None => one,
                };
                holder["validFor"] = json!({"start": from, "end": to});
            }
            // An old log may still have signed: for a signature by a key nobody asks when.
            if !(service == "tlogs" && specimen.is_by_key()) {
                judge(label, &moved);
            }
        }
        // Each under the name of the next one.
        let mut swapped = root.clone();
        let list = swapped[service].as_array_mut().unwrap();
        let field = match service {
            "tlogs" | "ctlogs" => "/publicKey/rawBytes",
            _ => "/certChain",
        };
        let values: Vec<Value> = list
            .iter()
            .map(|one| one.pointer(field).unwrap().clone())
            .collect();
        if field == "/publicKey/rawBytes" {
            // Of the same kind: two places on.
            for (place, one) in list.iter_mut().enumerate() {
                let other = values[(place + values.len() / 2) % values.len()].clone();
                *one.pointer_mut(field).unwrap() = other;
            }
            judge("under another name", &swapped);
        }
    }
}

/// Holds a bundle against another trust.
fn against(
    specimen: &Specimen,
    trust: &TrustStore,
    name: &str,
    lack: Option<Category>,
    tally: &mut Tally,
) {
    let examinations = examine(&specimen.bytes, trust, now());
    assert_eq!(examinations.len(), 1, "{name}");
    let conclusion = &examinations[0].conclusion;
    match lack {
        Some(category) => tally.count(Class::Trust, name, &[category], conclusion),
        None => assert_eq!(conclusion.category(), None, "{name}: {conclusion:?}"),
    }
}

/// Roots that know nothing of this instance, and none at all.
pub fn roots(specimen: &Specimen, entry: &Entry, tally: &mut Tally) {
    let mut trust = TrustStore::new();
    trust_signer(&mut trust, "bundles", entry);
    let name = format!("{}: no root", specimen.name);
    against(specimen, &trust, &name, Some(Certificate), tally);
    trust.add_root(SigstoreRoot::embedded("public-good").unwrap());
    // Another deployment's leaf is nobody's, whatever its logs and timestamps are.
    let first = if specimen.is_by_key() {
        Checkpoint
    } else {
        Certificate
    };
    let name = format!("{}: another root", specimen.name);
    against(specimen, &trust, &name, Some(first), tally);
    // Either order of the two roots will do.
    let private = serde_json::to_vec(&private_root()).unwrap();
    trust.add_root(SigstoreRoot::from_json("private", &private).unwrap());
    let name = format!("{}: another root beside ours", specimen.name);
    against(specimen, &trust, &name, None, tally);
}

/// Signers who are not this one.
pub fn identities(specimen: &Specimen, entry: &Entry, tally: &mut Tally) {
    let (Some(issuer), Some(subject)) = (&entry.issuer, &entry.identity) else {
        keys(specimen, tally);
        return;
    };
    let mut patterns = Vec::new();
    let mut add = |label: String, issuer: &str, subject: TextPattern| {
        patterns.push(IdentityPattern {
            label,
            issuer: issuer.to_owned(),
            subject,
            claims: Vec::new(),
            roots: Vec::new(),
        });
    };
    let good = TextPattern::exact(subject).unwrap();
    for other in [
        String::new(),
        "https://issuer.example.test".to_owned(),
        format!("{issuer}/"),
        format!("{issuer}.test"),
        format!(" {issuer}"),
        issuer[..issuer.len() - 1].to_owned(),
        issuer.to_uppercase(),
        issuer.replacen("https", "http", 1),
        "*".to_owned(),
        subject.clone(),
    ] {
        add(format!("issuer `{other}`"), &other, good.clone());
    }
    let half = subject.len() / 2;
    for other in [
        "somebody@example.test".to_owned(),
        format!("{subject}x"),
        format!("{subject}\0"),
        format!("{subject} "),
        format!("x{subject}"),
        subject[1..].to_owned(),
        subject[..half].to_owned(),
        subject[half..].to_owned(),
        subject.to_uppercase(),
        subject.replacen('e', "\u{435}", 1),
        "*".to_owned(),
        ".*".to_owned(),
        issuer.clone(),
    ] {
        let label = format!("subject `{other}`");
        add(label, issuer, TextPattern::exact(&other).unwrap());
    }
    // What a glob or an expression finds in the middle is not the whole.
    for other in [
        format!("{subject}?"),
        format!("?{subject}"),
        "https://github.com/example/*".to_owned(),
        "https://github.com/*/digits/.github/workflows/release.yml@refs/heads/*".to_owned(),
        "*@example.com".to_owned(),
        "?@example.test".to_owned(),
        "{a,b}@example.test".to_owned(),
        "https://github.com/*".to_owned(),
        "**/release.yml".to_owned(),
    ] {
        add(
            format!("glob `{other}`"),
            issuer,
            TextPattern::glob(&other).unwrap(),
        );
    }
    for other in [
        "example",
        "^publisher",
        "^https://github.com/example/",
        "test$",
        "refs/tags/v1.0.0$",
        "publisher|evaluator|https",
        "(?i-u)PUBLISHER@",
        "(?m)^[a-z]+$",
        "[^@]*",
        "(?x) publisher # @example.test",
        "^$|example",
    ] {
        add(
            format!("expression `{other}`"),
            issuer,
            TextPattern::regex(other).unwrap(),
        );
    }
    for (claim, value) in [
        (Claim::SourceRepository, "https://github.com/example/other"),
        (Claim::SourceRef, "refs/heads/main"),
        (Claim::Trigger, "pull_request"),
        (Claim::RunnerEnvironment, "self-hosted-by-mallory"),
        (
            Claim::SourceDigest,
            "0000000000000000000000000000000000000000",
        ),
        (Claim::DeploymentEnvironment, "staging"),
    ] {
        patterns.push(IdentityPattern {
            claims: vec![(claim, TextPattern::exact(value).unwrap())],
            label: format!("claim {claim} `{value}`"),
            ..exactly(issuer, subject)
        });
    }
    for pattern in patterns {
        let name = format!("{}: {}", specimen.name, pattern.label);
        let mut trust = with_root(&private_root());
        trust.add_identity(pattern);
        let examinations = examine(&specimen.bytes, &trust, now());
        tally.count(
            Class::Identity,
            &name,
            &[Identity],
            &examinations[0].conclusion,
        );
    }
    let nobody = with_root(&private_root());
    let examinations = examine(&specimen.bytes, &nobody, now());
    let name = format!("{}: nobody is trusted", specimen.name);
    tally.count(
        Class::Identity,
        &name,
        &[Identity],
        &examinations[0].conclusion,
    );
}

/// Keys that are not this one.
fn keys(specimen: &Specimen, tally: &mut Tally) {
    let mut trust = with_root(&private_root());
    let examinations = examine(&specimen.bytes, &trust, now());
    let name = format!("{}: no key is trusted", specimen.name);
    tally.count(Class::Trust, &name, &[Key], &examinations[0].conclusion);
    for (file, entry) in index("rejected.json") {
        if entry.key.is_some() {
            trust_signer(&mut trust, "rejected", &entry);
            let examinations = examine(&specimen.bytes, &trust, now());
            let name = format!("{}: with the key of {file}", specimen.name);
            tally.count(
                Class::Trust,
                &name,
                &[Signature],
                &examinations[0].conclusion,
            );
        }
    }
}

/// Patterns that do match, so that those above fail for what they say.
pub fn patterns_that_match(specimen: &Specimen, entry: &Entry) {
    let (Some(issuer), Some(subject)) = (&entry.issuer, &entry.identity) else {
        return;
    };
    let star = subject.replacen("example", "*", 1);
    for pattern in [
        TextPattern::glob("**").unwrap(),
        TextPattern::glob(&star).unwrap(),
        TextPattern::regex(".*").unwrap(),
        TextPattern::regex("publisher@example\\.test|evaluator@.*|https://github\\.com/example/.*")
            .unwrap(),
    ] {
        let mut trust = with_root(&private_root());
        trust.add_identity(IdentityPattern {
            subject: pattern,
            ..exactly(issuer, subject)
        });
        let examinations = examine(&specimen.bytes, &trust, now());
        let conclusion = &examinations[0].conclusion;
        assert_eq!(
            conclusion.category(),
            None,
            "{}: {conclusion:?}",
            specimen.name
        );
    }
}
