//! Signers by identity, and the trusted roots that vouch for identities.

use bonafide_attest::{Claim, IdentityPattern, LogDemand, TextPattern};

use crate::document::{self, Section, Value};
use crate::problem::{Place, Problem};
use crate::trust::{Named, PolicyPath, check_printable};

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
    /// The file; none for the embedded root.
    pub file: Option<PolicyPath>,
    pub(crate) place: Place,
}

/// What one file says of Sigstore. What it leaves out is left to the others.
#[derive(Debug, Default)]
pub(crate) struct IdentitySection {
    /// Signers by identity, and where they stand.
    pub(crate) identities: Vec<(IdentityPattern, Place)>,
    pub(crate) roots: Vec<RootSource>,
    pub(crate) log: Option<LogDemand>,
}

/// Takes the keys of `[trust]` that are about identities.
pub(crate) fn read(
    section: &mut Section<'_>,
    names: &mut Vec<Named>,
    problems: &mut Vec<Problem>,
) -> IdentitySection {
    let mut trust = IdentitySection::default();
    if let Some(value) = section.optional("identities") {
        for identity in document::tables(value, problems) {
            let place = Place::at(identity.span.clone());
            let identity = read_identity(identity, names, problems);
            trust
                .identities
                .extend(identity.map(|identity| (identity, place)));
        }
    }
    if let Some(value) = section.optional("roots") {
        for root in document::tables(value, problems) {
            trust.roots.extend(read_root(root, problems));
        }
    }
    for (index, source) in trust.roots.iter().enumerate() {
        let mut earlier = trust.roots.iter().take(index);
        if earlier.any(|other| other.name == source.name) {
            problems.push(Problem::new(
                source.place.span.clone(),
                format!("two trusted roots are named `{}`", source.name),
            ));
        }
    }
    // With one root, there is no doubt which one is meant; whatever roots other files bring.
    if let [root] = trust.roots.as_slice() {
        for (identity, _) in &mut trust.identities {
            if identity.roots.is_empty() {
                identity.roots.push(root.name.clone());
            }
        }
    }
    if let Some((text, span)) = section.optional_text("transparency-log", problems) {
        match text {
            "inclusion-proof" => trust.log = Some(LogDemand::InclusionProof),
            "inclusion-promise" => trust.log = Some(LogDemand::InclusionPromise),
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
pub(crate) fn check_roots(
    identities: &[(IdentityPattern, Place)],
    roots: &[RootSource],
    problems: &mut Vec<(usize, Problem)>,
) {
    for (pattern, place) in identities {
        let problem = match pattern.roots.first() {
            None if !roots.is_empty() => Problem::new(
                place.span.clone(),
                format!("identity `{}` names no trusted root", pattern.label),
            )
            .with_help("add `root = \"…\"`, the name of one of `roots`"),
            Some(root) if !roots.iter().any(|source| source.name == *root) => Problem::new(
                place.span.clone(),
                format!(
                    "identity `{}` names the root `{root}`, which `roots` does not have",
                    pattern.label
                ),
            ),
            _ => continue,
        };
        problems.push((place.layer, problem));
    }
}

fn read_identity(
    mut section: Section<'_>,
    names: &mut Vec<Named>,
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
    names.push(Named {
        name: name.to_owned(),
        span: name_span,
        stated: section.stated(),
    });
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
fn read_pattern(value: Value<'_>, problems: &mut Vec<Problem>) -> Option<TextPattern> {
    let (pattern, span) = if let Some(text) = value.as_str() {
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
pub(crate) fn read_names(value: Value<'_>, problems: &mut Vec<Problem>) -> Vec<TextPattern> {
    let Some(array) = value.as_list() else {
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
    for element in array {
        if let Some(text) = element.as_str()
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

fn read_root(mut section: Section<'_>, problems: &mut Vec<Problem>) -> Option<RootSource> {
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
        (Some(file), None) => Some(PolicyPath::written(document::text(file, problems)?.0)),
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
        place: Place::at(section.span.clone()),
    })
}
