//! Credentials in texts, by shapes that nothing else has.
//!
//! Every shape starts with letters that its issuer chose so that it can be found. What is
//! found is never printed: the first four characters and the length are.

use std::ops::Range;

use bonafide_core::{Severity, ThreatId, excerpt};
use memchr::memmem;

use crate::json::{Document, Step, path_text};
use crate::rule::{Confidence, Hazard, Rule};
use crate::visit::Visit;

pub(crate) const RULES: &[&Rule] = &[&SECRET, &LIKELY_SECRET];

const SECRET: Rule = Rule {
    slug: "secret",
    title: "Credential",
    hazard: Hazard::Secret,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "Whoever can read the model can use it.",
    remediation: "Revoke the credential: it has been published. Then remove it, also from the history.",
    threats: &[ThreatId("ART-02")],
    cwe: &[798, 312],
    cve: &[],
    atlas: &["AML.T0055"],
};

const LIKELY_SECRET: Rule = Rule {
    slug: "possible-secret",
    title: "Member that is named like a credential has a value like one",
    hazard: Hazard::Secret,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "If it is one, whoever can read the model can use it.",
    remediation: "If it is a credential, revoke it and remove it.",
    threats: &[ThreatId("ART-02")],
    cwe: &[798, 312],
    cve: &[],
    atlas: &["AML.T0055"],
};

/// Most characters of a text that are looked at after a prefix.
const LONGEST: usize = 300;

/// A kind of credential.
struct Shape {
    kind: &'static str,
    /// What it starts with.
    prefix: &'static str,
    /// Which characters follow.
    alphabet: fn(u8) -> bool,
    /// How many of them.
    length: Range<usize>,
}

const fn alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

const fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

const fn upper(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

const fn shape(
    kind: &'static str,
    prefix: &'static str,
    alphabet: fn(u8) -> bool,
    length: Range<usize>,
) -> Shape {
    Shape {
        kind,
        prefix,
        alphabet,
        length,
    }
}

const SHAPES: &[Shape] = &[
    shape("Hugging Face token", "hf_", alphanumeric, 34..38),
    shape("AWS access key", "AKIA", upper, 16..17),
    shape("AWS access key", "ASIA", upper, 16..17),
    shape("GitHub token", "ghp_", alphanumeric, 36..37),
    shape("GitHub token", "gho_", alphanumeric, 36..37),
    shape("GitHub token", "ghu_", alphanumeric, 36..37),
    shape("GitHub token", "ghs_", alphanumeric, 36..37),
    shape("GitHub token", "ghr_", alphanumeric, 36..77),
    shape("GitHub token", "github_pat_", word, 60..95),
    shape("GitLab token", "glpat-", word, 20..28),
    shape("OpenAI key", "sk-proj-", word, 40..200),
    shape("OpenAI key", "sk-svcacct-", word, 40..200),
    shape("OpenAI key", "sk-", alphanumeric, 48..52),
    shape("Anthropic key", "sk-ant-", word, 80..130),
    shape("Google key", "AIza", word, 35..36),
    shape("npm token", "npm_", alphanumeric, 36..37),
    shape("PyPI token", "pypi-AgEIcHlwaS5vcmc", word, 50..250),
    shape("Slack token", "xoxb-", word, 40..80),
    shape("Slack token", "xoxp-", word, 40..100),
    shape("Stripe key", "sk_live_", alphanumeric, 24..100),
    shape("Replicate token", "r8_", alphanumeric, 37..38),
    shape("Groq key", "gsk_", alphanumeric, 52..53),
    shape("Weights & Biases key", "wandb_v1_", word, 60..120),
];

/// Looks for credentials in a text that starts at `offset` of the body. Those within the
/// first `seen` bytes were found before.
pub(crate) fn scan(visit: &mut Visit<'_>, text: &[u8], offset: u64, seen: usize) {
    for shape in SHAPES {
        for at in memmem::find_iter(text, shape.prefix) {
            if let Some(length) = matches(text, at, shape)
                && at + length > seen
            {
                found(visit, shape.kind, text, at, length, offset);
            }
        }
    }
    for at in memmem::find_iter(text, "-----BEGIN ") {
        if let Some(length) = private_key(text.get(at..).unwrap_or_default())
            && at + length > seen
        {
            found(visit, "private key", text, at, length, offset);
        }
    }
}

fn found(visit: &mut Visit<'_>, kind: &str, text: &[u8], at: usize, length: usize, offset: u64) {
    let start = offset + at as u64;
    let shown = String::from_utf8_lossy(text.get(at..at + length.min(4)).unwrap_or_default());
    let message = format!(
        "a {kind} of {length} characters that starts with `{}`",
        excerpt(&shown, 10)
    );
    visit.report_about(&SECRET, Some(start..start + length as u64), kind, message);
}

fn matches(text: &[u8], at: usize, shape: &Shape) -> Option<usize> {
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    if before.is_some_and(|byte| word(*byte)) {
        return None;
    }
    let start = at + shape.prefix.len();
    let rest = text.get(start..text.len().min(start + LONGEST))?;
    let length = rest
        .iter()
        .take_while(|byte| (shape.alphabet)(**byte))
        .count();
    let secret = rest.get(..length)?;
    let ends = rest.get(length).is_none_or(|byte| !word(*byte));
    let whole = shape.prefix.len() + length;
    (ends && shape.length.contains(&length) && is_random(secret)).then_some(whole)
}

/// A run of different characters, and no word of a manual.
fn is_random(secret: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in secret {
        if let Some(seen) = seen.get_mut(usize::from(*byte)) {
            *seen = true;
        }
    }
    let different = seen.iter().filter(|seen| **seen).count();
    let upper = secret.to_ascii_uppercase();
    let placeholder = [
        "EXAMPLE",
        "XXXX",
        "YOUR",
        "PLACEHOLDER",
        "ABCDEFGH",
        "12345678",
        "FAKE",
    ];
    different >= 10.min(secret.len() / 2 + 2)
        && !placeholder
            .iter()
            .any(|word| memmem::find(&upper, word.as_bytes()).is_some())
}

/// Length of a private key in PEM (RFC 7468), its lines also joined by escaped line ends.
fn private_key(text: &[u8]) -> Option<usize> {
    let head = text.get(..text.len().min(80))?;
    let kind_end = memmem::find(head, b"PRIVATE KEY")?;
    if head
        .get(11..kind_end)?
        .iter()
        .any(|byte| !byte.is_ascii_uppercase() && *byte != b' ')
    {
        return None;
    }
    let dashes = memmem::find(head.get(kind_end..)?, b"-----")? + kind_end + 5;
    // A header alone stands in programs that look for keys. The body is base64.
    let body = text.get(dashes..text.len().min(dashes + 4096))?;
    let is_body = |byte: &&u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'+' | b'/' | b'=' | b'\\' | b'\n' | b'\r' | b' ')
    };
    let length = body.iter().take_while(is_body).count();
    let letters: Vec<u8> = body
        .get(..length)?
        .iter()
        .copied()
        .filter(u8::is_ascii_alphanumeric)
        .collect();
    (letters.len() >= 60 && is_random(&letters)).then_some(dashes + length)
}

/// Names of members that hold credentials.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "secret",
    "api_key",
    "apikey",
    "api_token",
    "access_token",
    "auth_token",
    "hf_token",
    "hub_token",
    "use_auth_token",
    "secret_key",
    "secret_access_key",
    "aws_secret_access_key",
    "client_secret",
    "private_key",
    "wandb_api_key",
    "openai_api_key",
];

/// Looks for members that are named like credentials.
pub(crate) fn analyse(visit: &mut Visit<'_>, document: &Document<'_>) {
    let mut found = Vec::new();
    document.root.walk(&mut |path, node| {
        let (Some(Step::Member(name)), Some(text)) = (path.last(), node.text()) else {
            return;
        };
        let name = name.to_ascii_lowercase().replace('-', "_");
        let secret =
            name == "aws_secret_access_key" && text.len() == 40 && is_random(text.as_bytes());
        if NAMES.contains(&name.as_str()) && (secret || is_value(text)) {
            found.push((path_text(path), secret, node.range.clone()));
        }
    });
    for (path, secret, range) in found {
        let rule = if secret { &SECRET } else { &LIKELY_SECRET };
        let path = excerpt(&path, 120);
        visit.report_about(
            rule,
            Some(range),
            &path,
            format!("`{path}` has a value like a credential"),
        );
    }
}

fn is_value(text: &str) -> bool {
    let letters = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    let variable = text.contains("${") || text.contains("{{") || text.starts_with(['$', '<', '/']);
    // What has a shape of its own is reported by it.
    let shaped = SHAPES.iter().any(|shape| text.starts_with(shape.prefix));
    (8..=200).contains(&text.len())
        && letters
        && digits
        && plain
        && !variable
        && !shaped
        && is_random(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes(text: &str) -> Vec<&'static str> {
        let matched = |shape: &&Shape| {
            memmem::find_iter(text.as_bytes(), shape.prefix)
                .any(|at| matches(text.as_bytes(), at, shape).is_some())
        };
        SHAPES
            .iter()
            .filter(matched)
            .map(|shape| shape.kind)
            .collect()
    }

    #[test]
    fn shapes_are_whole_and_random() {
        let token = "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";
        assert_eq!(shapes(token), ["Hugging Face token"]);
        assert_eq!(
            shapes(&format!("token = '{token}'")),
            ["Hugging Face token"]
        );
        for not in [
            "hf_model_name_that_is_longer_than_a_token",
            "hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "shf_AbQdRfGhTjKlMnVpQrStUvWxYzBcDeFgHi",
            "AKIAIOSFODNN7EXAMPLE",
            "sk-learn",
        ] {
            assert!(shapes(not).is_empty(), "{not}");
        }
        assert_eq!(shapes("AKIAQ3EGRVWTXZPL5M2J"), ["AWS access key"]);
    }

    #[test]
    fn a_private_key_has_a_body() {
        let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
        let key = format!("-----BEGIN RSA PRIVATE KEY-----\\n{body}\\n");
        assert!(private_key(key.as_bytes()).is_some());
        assert!(private_key(b"-----BEGIN PRIVATE KEY-----").is_none());
        assert!(private_key(b"-----BEGIN CERTIFICATE-----").is_none());
        let public = format!("-----BEGIN PUBLIC KEY-----\n{body}\n");
        assert!(private_key(public.as_bytes()).is_none());
    }
}
