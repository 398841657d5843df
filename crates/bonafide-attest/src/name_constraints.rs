//! Which names an authority may certify (RFC 5280 §4.2.1.10).
//!
//! Evaluated for mail addresses, DNS names, URIs and distinguished names. A
//! constraint of another form makes the whole extension one that we do not
//! support. A name that cannot be compared is refused where it matters: it is
//! not in what is permitted, and may be in what is excluded.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc3280;
use der::asn1::{Ia5StringRef, PrintableStringRef, Utf8StringRef};
use x509_cert::ext::pkix::NameConstraints;
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::name::Name;

use crate::certificate::Certificate;
use crate::distinguished_name::{self, Relation};
use crate::rejection::excerpt;

/// Most comparisons of a name with a constraint for one certificate and one
/// authority; both lists may come from an adversary.
const MOST_COMPARISONS: usize = 1 << 16;

/// What constraints say of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    /// This name is not permitted, or is excluded.
    Refused(String),
    /// More names and constraints than are worth comparing.
    TooMany,
}

/// True when every constraint is of a form that [`judge`] evaluates. The
/// distances are not used by RFC 5280: zero, and no maximum.
pub(crate) fn are_supported(constraints: &NameConstraints) -> bool {
    subtrees(constraints).all(|subtree| {
        subtree.minimum == 0
            && subtree.maximum.is_none()
            && matches!(
                subtree.base,
                GeneralName::Rfc822Name(_)
                    | GeneralName::DnsName(_)
                    | GeneralName::UniformResourceIdentifier(_)
                    | GeneralName::DirectoryName(_)
            )
    })
}

/// Holds every name of a certificate against the constraints of an authority above it.
pub(crate) fn judge(constraints: &NameConstraints, certificate: &Certificate) -> Verdict {
    let names = names(certificate);
    let count = subtrees(constraints).count();
    if names.len().saturating_mul(count) > MOST_COMPARISONS {
        return Verdict::TooMany;
    }
    let permitted = constraints
        .permitted_subtrees
        .as_deref()
        .unwrap_or_default();
    let excluded = constraints.excluded_subtrees.as_deref().unwrap_or_default();
    for name in &names {
        let relations = |list: &[GeneralSubtree]| -> Vec<Relation> {
            list.iter()
                .filter_map(|subtree| name.relation(&subtree.base))
                .collect()
        };
        // Names of a form that is not mentioned are free.
        let inside = relations(permitted);
        let refused = !inside.is_empty() && !inside.contains(&Relation::Within);
        let outside = relations(excluded);
        if refused
            || outside
                .iter()
                .any(|relation| *relation != Relation::Outside)
        {
            return Verdict::Refused(name.text());
        }
    }
    Verdict::Allowed
}

fn subtrees(constraints: &NameConstraints) -> impl Iterator<Item = &GeneralSubtree> {
    let permitted = constraints.permitted_subtrees.iter().flatten();
    permitted.chain(constraints.excluded_subtrees.iter().flatten())
}

/// A name of a certificate, of a form that can be constrained.
enum Constrained<'a> {
    Mail(String),
    Dns(&'a str),
    Uri(&'a str),
    Directory(&'a Name),
    /// A mail address in the subject that is no text.
    UnreadableMail,
}

/// Alternative names, the subject, and the mail addresses that old certificates
/// have in their subject.
fn names(certificate: &Certificate) -> Vec<Constrained<'_>> {
    let mut names = Vec::new();
    let subject = certificate.subject_name();
    for attribute in subject.as_ref().iter().flat_map(|part| part.iter()) {
        if attribute.oid == rfc3280::EMAIL_ADDRESS {
            let value = &attribute.value;
            let text = value
                .decode_as::<Ia5StringRef<'_>>()
                .map(|text| text.to_string())
                .or_else(|_| {
                    value
                        .decode_as::<Utf8StringRef<'_>>()
                        .map(|text| text.to_string())
                })
                .or_else(|_| {
                    value
                        .decode_as::<PrintableStringRef<'_>>()
                        .map(|text| text.to_string())
                });
            names.push(text.map_or(Constrained::UnreadableMail, Constrained::Mail));
        }
    }
    if subject.as_ref().iter().next().is_some() {
        names.push(Constrained::Directory(subject));
    }
    for name in &certificate.alternative_names {
        match name {
            GeneralName::Rfc822Name(text) => names.push(Constrained::Mail(text.to_string())),
            GeneralName::DnsName(text) => names.push(Constrained::Dns(text.as_str())),
            GeneralName::UniformResourceIdentifier(text) => {
                names.push(Constrained::Uri(text.as_str()));
            }
            GeneralName::DirectoryName(name) => names.push(Constrained::Directory(name)),
            _ => {}
        }
    }
    names
}

impl Constrained<'_> {
    /// None when the constraint is of another form.
    fn relation(&self, base: &GeneralName) -> Option<Relation> {
        match (self, base) {
            (Self::Mail(name), GeneralName::Rfc822Name(base)) => {
                Some(mail_relation(name, base.as_str()))
            }
            (Self::UnreadableMail, GeneralName::Rfc822Name(_)) => Some(Relation::Undecidable),
            (Self::Dns(name), GeneralName::DnsName(base)) => {
                Some(dns_relation(name, base.as_str()))
            }
            (Self::Uri(name), GeneralName::UniformResourceIdentifier(base)) => {
                Some(match host(name) {
                    Some(host) => host_relation(host, base.as_str()),
                    None => Relation::Undecidable,
                })
            }
            (Self::Directory(name), GeneralName::DirectoryName(base)) => {
                Some(distinguished_name::relation(name, base))
            }
            _ => None,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Mail(name) => format!("email:{}", excerpt(name, 300)),
            Self::Dns(name) => format!("dns:{}", excerpt(name, 300)),
            Self::Uri(name) => format!("uri:{}", excerpt(name, 300)),
            Self::Directory(name) => format!("name:{}", excerpt(&name.to_string(), 300)),
            Self::UnreadableMail => "email: (not readable)".to_owned(),
        }
    }
}

/// A base with `@` is one mailbox, one with a dot in front all hosts below it, any
/// other one host.
fn mail_relation(name: &str, base: &str) -> Relation {
    let Some((mailbox, host)) = name.rsplit_once('@') else {
        return Relation::Undecidable;
    };
    match base.rsplit_once('@') {
        Some((wanted, wanted_host)) => match host_relation(host, wanted_host) {
            // The part before the `@` is the host's own business, its case too.
            Relation::Within if mailbox != wanted => Relation::Outside,
            relation => relation,
        },
        None => host_relation(host, base),
    }
}

/// A host is within itself; a base with a dot in front holds all hosts below it only.
fn host_relation(host: &str, base: &str) -> Relation {
    match base.strip_prefix('.') {
        Some(base) => match dns_relation(host, base) {
            Relation::Within if host.len() == base.len() => Relation::Outside,
            relation => relation,
        },
        None => match (labels(host), labels(base)) {
            (Some(host), Some(base)) if host == base => Relation::Within,
            (Some(_), Some(_)) => Relation::Outside,
            _ => Relation::Undecidable,
        },
    }
}

/// A DNS name is within itself and everything above it; the empty base holds all.
fn dns_relation(name: &str, base: &str) -> Relation {
    if base.is_empty() {
        return Relation::Within;
    }
    // Not in RFC 5280 for DNS names, but understood by all like this.
    if base.starts_with('.') {
        return host_relation(name, base);
    }
    let (Some(name), Some(base)) = (labels(name), labels(base)) else {
        return Relation::Undecidable;
    };
    if name.ends_with(&base) {
        Relation::Within
    } else {
        Relation::Outside
    }
}

/// Labels in lower case; none for what is no plain host name. A wildcard is none
/// either: it stands for names that may be excluded.
fn labels(name: &str) -> Option<Vec<String>> {
    let plain = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    name.split('.')
        .map(|label| plain(label).then(|| label.to_ascii_lowercase()))
        .collect()
}

/// The host of a URI (RFC 3986 §3.2). RFC 5280 wants a name there: URIs with an
/// address, or without a host, cannot be compared.
fn host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    // Readers disagree on where the host ends when such bytes are in the way.
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%".contains(&byte);
    if !authority.bytes().all(usual) {
        return None;
    }
    let host = authority.rsplit('@').next()?;
    let host = match host.split_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) => return None,
        None => host,
    };
    let last = host.rsplit('.').next()?;
    (!last.bytes().all(|byte| byte.is_ascii_digit())).then_some(host)
}

/// The extension's identifier, for reports.
pub(crate) const OID: ObjectIdentifier = const_oid::db::rfc5280::ID_CE_NAME_CONSTRAINTS;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_addresses() {
        for (name, base, expected) in [
            ("a@example.com", "example.com", Relation::Within),
            ("a@EXAMPLE.com", "example.COM", Relation::Within),
            ("a@mail.example.com", "example.com", Relation::Outside),
            ("a@mail.example.com", ".example.com", Relation::Within),
            ("a@example.com", ".example.com", Relation::Outside),
            ("a@example.com", "a@example.com", Relation::Within),
            ("A@example.com", "a@example.com", Relation::Outside),
            ("a@badexample.com", ".example.com", Relation::Outside),
            ("\"a@b\"@example.com", "example.com", Relation::Within),
            ("a@example.com.", "example.com", Relation::Undecidable),
            ("nobody", "example.com", Relation::Undecidable),
        ] {
            assert_eq!(mail_relation(name, base), expected, "{name} {base}");
        }
    }

    #[test]
    fn dns_names() {
        for (name, base, expected) in [
            ("example.com", "example.com", Relation::Within),
            ("a.b.Example.com", "example.com", Relation::Within),
            ("badexample.com", "example.com", Relation::Outside),
            ("com", "example.com", Relation::Outside),
            ("example.com", ".example.com", Relation::Outside),
            ("a.example.com", ".example.com", Relation::Within),
            ("anything", "", Relation::Within),
            ("*.example.com", "example.com", Relation::Undecidable),
            ("a..example.com", "example.com", Relation::Undecidable),
        ] {
            assert_eq!(dns_relation(name, base), expected, "{name} {base}");
        }
    }

    #[test]
    fn uris() {
        let relation = |uri: &str, base: &str| match host(uri) {
            Some(host) => host_relation(host, base),
            None => Relation::Undecidable,
        };
        for (name, base, expected) in [
            ("https://example.com/a", "example.com", Relation::Within),
            (
                "https://u:p@example.com:8443?x",
                "example.com",
                Relation::Within,
            ),
            ("https://a.example.com", "example.com", Relation::Outside),
            (
                "https://a.example.com#@example.org",
                ".example.com",
                Relation::Within,
            ),
            (
                "https://example.org/@example.com",
                "example.com",
                Relation::Outside,
            ),
            (
                "https://example.com\\@example.org",
                "example.org",
                Relation::Undecidable,
            ),
            (
                "https://exa%6dple.com",
                "example.com",
                Relation::Undecidable,
            ),
            ("https://192.0.2.1/", "example.com", Relation::Undecidable),
            (
                "https://[2001:db8::1]/",
                "example.com",
                Relation::Undecidable,
            ),
            ("urn:example:com", "example.com", Relation::Undecidable),
            ("https:///path", "example.com", Relation::Undecidable),
        ] {
            assert_eq!(relation(name, base), expected, "{name} {base}");
        }
    }
}
