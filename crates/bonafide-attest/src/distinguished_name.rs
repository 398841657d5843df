//! Distinguished names, compared by meaning (RFC 5280 §7.1).
//!
//! The same name may be written as `UTF8String` or `PrintableString`, in other
//! case or with more spaces. Attribute values in encodings that we do not read
//! are the same only when their bytes are.

use der::asn1::{Ia5StringRef, PrintableStringRef, Utf8StringRef};
use der::{Tag, Tagged};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::{Name, RelativeDistinguishedName};

/// How a name relates to a base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    /// It begins with the base, or is the base.
    Within,
    /// It does not.
    Outside,
    /// One of them is written in a way that we cannot compare.
    Undecidable,
}

/// True when two names mean the same, or cannot be told apart.
pub(crate) fn same(left: &Name, right: &Name) -> bool {
    let lengths = left.as_ref().iter().count() == right.as_ref().iter().count();
    lengths && relation(left, right) != Relation::Outside
}

/// Whether `name` is in the subtree of `base`.
pub(crate) fn relation(name: &Name, base: &Name) -> Relation {
    let mut parts = name.as_ref().iter();
    let mut undecided = false;
    for wanted in base.as_ref().iter() {
        match parts.next().map(|part| parts_relation(part, wanted)) {
            None | Some(Relation::Outside) => return Relation::Outside,
            Some(Relation::Undecidable) => undecided = true,
            Some(Relation::Within) => {}
        }
    }
    if undecided {
        Relation::Undecidable
    } else {
        Relation::Within
    }
}

/// Attributes of one relative name have no order.
fn parts_relation(
    part: &RelativeDistinguishedName,
    wanted: &RelativeDistinguishedName,
) -> Relation {
    if part.iter().count() != wanted.iter().count() {
        return Relation::Outside;
    }
    let mut undecided = false;
    for attribute in wanted.iter() {
        let found: Vec<Relation> = part
            .iter()
            .map(|candidate| attributes_relation(candidate, attribute))
            .collect();
        if found.contains(&Relation::Within) {
            continue;
        }
        if !found.contains(&Relation::Undecidable) {
            return Relation::Outside;
        }
        undecided = true;
    }
    if undecided {
        Relation::Undecidable
    } else {
        Relation::Within
    }
}

fn attributes_relation(left: &AttributeTypeAndValue, right: &AttributeTypeAndValue) -> Relation {
    if left.oid != right.oid {
        return Relation::Outside;
    }
    if left.value == right.value {
        return Relation::Within;
    }
    match (text(left), text(right)) {
        (Some(left), Some(right)) if left == right => Relation::Within,
        (Some(_), Some(_)) => Relation::Outside,
        _ => Relation::Undecidable,
    }
}

/// The text of an attribute in lower case with single spaces.
fn text(attribute: &AttributeTypeAndValue) -> Option<String> {
    let value = &attribute.value;
    let text = match value.tag() {
        Tag::Utf8String => value.decode_as::<Utf8StringRef<'_>>().ok()?.to_string(),
        Tag::PrintableString => value
            .decode_as::<PrintableStringRef<'_>>()
            .ok()?
            .to_string(),
        Tag::Ia5String => value.decode_as::<Ia5StringRef<'_>>().ok()?.to_string(),
        _ => return None,
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    Some(words.join(" ").to_lowercase())
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use der::asn1::{Any, SetOfVec};

    use super::*;

    fn name(text: &str) -> Name {
        Name::from_str(text).unwrap()
    }

    /// A name of one organisation, written with another tag.
    fn organisation(tag: Tag, value: &[u8]) -> Name {
        let attribute = AttributeTypeAndValue {
            oid: const_oid::db::rfc4519::O,
            value: Any::new(tag, value).unwrap(),
        };
        let part = RelativeDistinguishedName::from(SetOfVec::try_from(vec![attribute]).unwrap());
        let der = der::Encode::to_der(&vec![part]).unwrap();
        der::Decode::from_der(&der).unwrap()
    }

    #[test]
    fn names_are_compared_by_meaning() {
        let plain = organisation(Tag::Utf8String, b"Example Corp");
        for (other, expected) in [
            (organisation(Tag::PrintableString, b"example  corp "), true),
            (organisation(Tag::Utf8String, b"Example Corp."), false),
            // Cannot be told apart, so it may be the same.
            (organisation(Tag::BmpString, b"\0E\0x"), true),
        ] {
            assert_eq!(same(&plain, &other), expected, "{other}");
        }
        assert!(!same(&name("CN=a,O=b"), &name("O=b")));
    }

    #[test]
    fn a_subtree_is_a_beginning() {
        // RFC 4514 text has the last part of the name first.
        let base = name("O=Example,C=NL");
        for (text, expected) in [
            ("CN=x,O=example,C=nl", Relation::Within),
            ("O=Example,C=NL", Relation::Within),
            ("C=NL", Relation::Outside),
            ("CN=x,O=Other,C=NL", Relation::Outside),
            ("O=Example,C=NL,CN=x", Relation::Outside),
        ] {
            assert_eq!(relation(&name(text), &base), expected, "{text}");
        }
        let strange = organisation(Tag::BmpString, b"\0E");
        let plain = organisation(Tag::Utf8String, b"E");
        assert_eq!(relation(&strange, &plain), Relation::Undecidable);
    }
}
