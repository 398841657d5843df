//! What a policy says about certificates and lists: `[trust]` apart from who is trusted.

use bonafide_attest::{LeafPurpose, RevocationDemand};

use crate::document::{self, Section, Value};
use crate::node::Content;
use crate::problem::{Place, Problem};
use crate::trust::{PolicyPath, check_printable};

/// Longest age that can be asked for: a hundred years, to keep the arithmetic sane.
const MOST_DAYS: u32 = 36_500;

/// Rules for certificates, and the lists that take trust away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CertificateRules {
    /// What a signing certificate has to say about its purpose.
    pub leaf_purpose: LeafPurpose,
    /// For which certificates a revocation list has to be there.
    pub revocation: RevocationDemand,
    /// Revocation lists to read.
    pub revocation_lists: Vec<RevocationSource>,
    /// Deny-lists to read.
    pub deny_lists: Vec<DenySource>,
}

impl CertificateRules {
    /// The strictest age limit that the policy sets for a revocation list. Lists
    /// that the user of a run adds must not be a way around it.
    #[must_use]
    pub fn strictest_age(&self) -> Option<u32> {
        self.revocation_lists
            .iter()
            .filter_map(|source| source.max_age_days)
            .min()
    }
}

/// A revocation list of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationSource {
    /// Its name in reports.
    pub name: String,
    /// The file.
    pub path: PolicyPath,
    /// Days after which it is too old, whatever it says itself.
    pub max_age_days: Option<u32>,
    pub(crate) place: Place,
}

/// A deny-list of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DenySource {
    /// The file.
    pub path: PolicyPath,
    pub(crate) place: Place,
}

/// What one file says of them. What it leaves out is left to the others.
#[derive(Debug, Default)]
pub(crate) struct CertificateSection {
    pub(crate) leaf_purpose: Option<LeafPurpose>,
    pub(crate) revocation: Option<RevocationDemand>,
    pub(crate) revocation_lists: Vec<RevocationSource>,
    pub(crate) deny_lists: Vec<DenySource>,
}

/// Takes its keys out of `[trust]`.
pub(crate) fn read(section: &mut Section<'_>, problems: &mut Vec<Problem>) -> CertificateSection {
    let mut rules = CertificateSection {
        leaf_purpose: section.choice(
            "leaf-purpose",
            &[
                ("code-signing", LeafPurpose::CodeSigning),
                ("any-when-absent", LeafPurpose::AnyWhenAbsent),
            ],
            problems,
        ),
        revocation: section.choice(
            "revocation",
            &[
                ("when-configured", RevocationDemand::WhenConfigured),
                ("always", RevocationDemand::Always),
            ],
            problems,
        ),
        ..CertificateSection::default()
    };
    if let Some(value) = section.optional("revocation-lists") {
        for source in document::tables(value, problems) {
            rules
                .revocation_lists
                .extend(read_revocation_source(source, problems));
        }
    }
    if let Some(value) = section.optional("deny-lists") {
        for mut source in document::tables(value, problems) {
            let file = source.required_text("file", problems);
            source.refuse_rest(problems);
            rules.deny_lists.extend(file.map(|(path, span)| DenySource {
                path: PolicyPath::written(path),
                place: Place::at(span),
            }));
        }
    }
    rules
}

fn read_revocation_source(
    mut section: Section<'_>,
    problems: &mut Vec<Problem>,
) -> Option<RevocationSource> {
    let name = section.required_text("name", problems);
    let file = section.required_text("file", problems);
    let max_age_days = section
        .optional("max-age-days")
        .and_then(|value| read_days(value, problems));
    section.refuse_rest(problems);
    let (name, name_span) = name?;
    check_printable(name, name_span, problems);
    let (path, span) = file?;
    Some(RevocationSource {
        name: name.to_owned(),
        path: PolicyPath::written(path),
        max_age_days,
        place: Place::at(span),
    })
}

/// A number of days, at least one.
pub(crate) fn read_days(value: Value<'_>, problems: &mut Vec<Problem>) -> Option<u32> {
    if !matches!(value.content, Content::Integer(_)) {
        problems.push(document::wrong_type(value, "a number of days"));
        return None;
    }
    let days = value
        .json()
        .as_u64()
        .and_then(|days| u32::try_from(days).ok())
        .filter(|days| (1..=MOST_DAYS).contains(days));
    if days.is_none() {
        problems.push(Problem::new(
            value.span(),
            format!("a number of days is between 1 and {MOST_DAYS}"),
        ));
    }
    days
}
