//! Signers by identity, and the trusted roots that vouch for identities.

use std::ops::Range;
use std::path::PathBuf;

use bonafide_attest::{Claim, IdentityPattern, LogDemand, TextPattern};

use crate::document::{self, Section, Value};
use crate::policy::{Names, check_printable};
use crate::problem::Problem;

/// What a policy trusts of Sigstore.
#[derive(Debug, Default)]
pub struct SigstoreTrust {
    /// Signers by identity.
    pub identities: Vec<IdentityPattern>,
    /// Deployments that may vouch for them; the embedded one when there is none.
    pub roots: Vec<RootSource>,
    /// What a transparency log has to prove.
    pub log: LogDemand,
}

/// A trusted root that the policy names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootSource {
    /// Its name in reports.
    pub name: String,
    /// The file, relative to the policy; none for the embedded root.
    pub file: Option<PathBuf>,
    pub(crate) span: Range<usize>,
}

/// Takes the keys of `[trust]` that are about identities.
pub(crate) fn read(
    section: &mut Section<'_, '_>,
    names: &mut Names,
    problems: &mut Vec<Problem>,
) -> SigstoreTrust {
    let mut trust = SigstoreTrust::default();
    if let Some(value) = section.optional("identities") {
        for identity in document::tables(value, problems) {
            trust
                .identities
                .extend(read_identity(identity, names, problems));
        }
    }
    if let Some(value) = section.optional("roots") {
        for root in document::tables(value, problems) {
            trust.roots.extend(read_root(root, problems));
        }
    }
    check_roots(&trust, section.span.clone(), problems);
    if let Some((text, span)) = section
        .optional("transparency-log")
        .and_then(|value| document::text(value, problems))
    {
        match text {
            "inclusion-proof" => {}
            "inclusion-promise" => trust.log = LogDemand::InclusionPromise,
            _ => problems.push(
                Problem::new(span, format!("unknown value `{text}`")).with_help(
                    "`inclusion-proof`, or the weaker `inclusion-promise` for bundles of version 0.1",
                ),
            ),
        }
    }
    trust
}

/// A deployment can write any identity into its certificates, so with several of them
/// each identity has to say which one may vouch for it.
fn check_roots(trust: &SigstoreTrust, span: Range<usize>, problems: &mut Vec<Problem>) {
    for pattern in &trust.identities {
        match pattern.roots.first() {
            None if trust.roots.len() > 1 => problems.push(
                Problem::new(
                    span.clone(),
                    format!("identity `{}` names no trusted root", pattern.label),
                )
                .with_help("add `root = \"…\"`, the name of one of `roots`"),
            ),
            Some(root) if !trust.roots.iter().any(|source| source.name == *root) => {
                problems.push(Problem::new(
                    span.clone(),
                    format!(
                        "identity `{}` names the root `{root}`, which `roots` does not have",
                        pattern.label
                    ),
                ));
            }
            _ => {}
        }
    }
    for (index, source) in trust.roots.iter().enumerate() {
        let mut earlier = trust.roots.iter().take(index);
        if earlier.any(|other| other.name == source.name) {
            problems.push(Problem::new(
                source.span.clone(),
                format!("two trusted roots are named `{}`", source.name),
            ));
        }
    }
}

fn read_identity(
    mut section: Section<'_, '_>,
    names: &mut Names,
    problems: &mut Vec<Problem>,
) -> Option<IdentityPattern> {
    let name = section.required_text("name", problems);
    let issuer = section.required_text("issuer", problems);
    let subject = section
        .required("subject", problems)
        .and_then(|value| read_pattern(value, problems));
    let root = section
        .optional("root")
        .and_then(|value| document::text(value, problems))
        .map(|(root, _)| root.to_owned());
    let mut claims = Vec::new();
    for claim in Claim::ALL {
        if let Some(value) = section.optional(claim.name()) {
            claims.extend(read_pattern(value, problems).map(|pattern| (claim, pattern)));
        }
    }
    section.refuse_rest(problems);
    let (name, name_span) = name?;
    check_printable(name, name_span.clone(), problems);
    names.push((name.to_owned(), name_span));
    let (issuer, issuer_span) = issuer?;
    if issuer.is_empty() {
        problems.push(Problem::new(issuer_span, "issuer is empty"));
    }
    Some(IdentityPattern {
        label: name.to_owned(),
        issuer: issuer.to_owned(),
        subject: subject?,
        claims,
        roots: root.into_iter().collect(),
    })
}

/// A text to be matched exactly, `{ glob = … }` or `{ regex = … }`.
fn read_pattern(value: Value<'_, '_>, problems: &mut Vec<Problem>) -> Option<TextPattern> {
    let (pattern, span) = if let Some(text) = value.get_ref().as_str() {
        (TextPattern::exact(text), value.span())
    } else {
        let mut section = document::table(value, problems)?;
        let glob = section.optional("glob");
        let regex = section.optional("regex");
        section.refuse_rest(problems);
        match (glob, regex) {
            (Some(glob), None) => {
                let (text, span) = document::text(glob, problems)?;
                (TextPattern::glob(text), span)
            }
            (None, Some(regex)) => {
                let (text, span) = document::text(regex, problems)?;
                (TextPattern::regex(text), span)
            }
            _ => {
                problems.push(
                    Problem::new(value.span(), "exactly one of `glob` and `regex` is needed")
                        .with_help("a plain string is matched exactly"),
                );
                return None;
            }
        }
    };
    pattern
        .map_err(|error| problems.push(Problem::new(span, error.to_string())))
        .ok()
}

/// Kinds of names that a certificate can have; a pattern has to say which it means.
const NAME_KINDS: [&str; 4] = ["email:", "uri:", "dns:", "subject:"];

/// The names that an authority is trusted for.
pub(crate) fn read_names(value: Value<'_, '_>, problems: &mut Vec<Problem>) -> Vec<TextPattern> {
    let Some(array) = value.get_ref().as_array() else {
        problems.push(document::wrong_type(value, "an array of names"));
        return Vec::new();
    };
    if array.is_empty() {
        // It would mean any name to one reader, and none to the next.
        problems.push(
            Problem::new(value.span(), "no name is listed")
                .with_help("leave `names` out to trust the authority for any name"),
        );
    }
    let mut patterns = Vec::new();
    for element in array.iter() {
        if let Some(text) = element.get_ref().as_str()
            && !NAME_KINDS.iter().any(|kind| text.starts_with(kind))
        {
            problems.push(
                Problem::new(element.span(), format!("`{text}` does not say its kind"))
                    .with_help("begin it with `email:`, `uri:`, `dns:` or `subject:`"),
            );
        }
        patterns.extend(read_pattern(element, problems));
    }
    patterns
}

fn read_root(mut section: Section<'_, '_>, problems: &mut Vec<Problem>) -> Option<RootSource> {
    let name = section.required_text("name", problems);
    let file = section.optional("file");
    let embedded = section.optional("embedded");
    section.refuse_rest(problems);
    let (name, name_span) = name?;
    check_printable(name, name_span.clone(), problems);
    if name.starts_with('-') {
        // So are the roots of the command line called.
        problems.push(Problem::new(name_span, "name begins with `-`"));
    }
    let file = match (file, embedded) {
        (Some(file), None) => Some(document::text(file, problems)?.0.into()),
        (None, Some(embedded)) => {
            let (which, span) = document::text(embedded, problems)?;
            if which != "public-good" {
                problems.push(
                    Problem::new(span, format!("no trusted root `{which}` is embedded"))
                        .with_help("`public-good` is the only one"),
                );
            }
            None
        }
        _ => {
            problems.push(Problem::new(
                section.span.clone(),
                "exactly one of `file` and `embedded` is needed",
            ));
            return None;
        }
    };
    Some(RootSource {
        name: name.to_owned(),
        file,
        span: section.span.clone(),
    })
}
