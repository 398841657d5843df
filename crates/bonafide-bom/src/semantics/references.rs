//! References between elements, and links into documents.

use std::collections::HashMap;

use super::attachments;
use super::defects::{Found, quote};
use super::kind::DefectKind;
use super::place::{ElementKind, Expected, ReferencePlace};
use super::tree::{Met, walk};
use crate::json::{Node, Object, Pointer};

const LINK: &str = "urn:cdx:";

pub(super) fn examine(root: &Node<'_>, found: &mut Found) {
    let elements = elements(root, found);
    let own = own_link(root);
    walk(root, &mut |met: Met<'_, '_, '_>| {
        let Met {
            holder,
            object,
            pointer,
        } = met;
        attachments::of_object(object, pointer, found);
        for (member, value) in object.iter() {
            if let Some(place) = ReferencePlace::of(holder, member) {
                each_text(value, pointer, member, &mut |text, pointer| {
                    reference(text, place, &elements, own.as_deref(), pointer, found);
                });
            } else if member == "url"
                && let Some(text) = value.text()
                && text.starts_with(LINK)
            {
                let mark = pointer.push(member);
                link(text, &elements, own.as_deref(), pointer, found);
                pointer.pop(mark);
            }
        }
    });
}

/// An element and what it is.
#[derive(Clone, Copy)]
struct Element<'n, 'a> {
    kind: ElementKind,
    object: &'n Object<'a>,
}

type Elements<'n, 'a> = HashMap<&'n str, Element<'n, 'a>>;

/// What two descriptions of one thing have in common.
const IDENTITY: [&str; 7] = [
    "type",
    "group",
    "name",
    "version",
    "purl",
    "uid",
    "identifier",
];

impl<'n> Element<'n, '_> {
    /// A text of it; an empty one says nothing.
    fn said(self, member: &str) -> Option<&'n str> {
        let text = self.object.get(member).and_then(Node::text);
        text.filter(|text| !text.is_empty())
    }

    /// The same thing again: of the same kind, with a name, and told alike.
    fn is_described_alike(self, other: Self) -> bool {
        let named = self.said("name").is_some() || self.said("uid").is_some();
        let alike = |member: &&str| self.said(member) == other.said(member);
        self.kind == other.kind && named && IDENTITY.iter().all(alike)
    }
}

/// Every element that has a name, of which each must be one element's.
fn elements<'n, 'a>(root: &'n Node<'a>, found: &mut Found) -> Elements<'n, 'a> {
    let mut elements = Elements::new();
    walk(root, &mut |met| {
        let Some(name) = met.object.get("bom-ref").and_then(Node::text) else {
            return;
        };
        let kind = met.object.get("type").and_then(Node::text);
        let element = Element {
            kind: ElementKind::of(met.holder, kind),
            object: met.object,
        };
        let mark = met.pointer.push("bom-ref");
        if name.starts_with(LINK) {
            let reference = quote(name);
            found.add(met.pointer, DefectKind::ReferenceLikeLink { reference });
        }
        if let Some(first) = elements.get(name) {
            let reference = quote(name);
            let kind = if element.is_described_alike(*first) {
                DefectKind::ElementRepeated { reference }
            } else {
                DefectKind::DuplicateReference {
                    reference,
                    first: first.kind,
                    second: element.kind,
                }
            };
            found.add(met.pointer, kind);
        } else {
            elements.insert(name, element);
        }
        met.pointer.pop(mark);
    });
    elements
}

/// A text, or each text of a list.
fn each_text<'n>(
    value: &'n Node<'_>,
    pointer: &mut Pointer,
    member: &str,
    visit: &mut impl FnMut(&'n str, &Pointer),
) {
    let mark = pointer.push(member);
    if let Some(text) = value.text() {
        visit(text, pointer);
    }
    for (index, text) in value.list().unwrap_or_default().iter().enumerate() {
        if let Some(text) = text.text() {
            let mark = pointer.push(&index.to_string());
            visit(text, pointer);
            pointer.pop(mark);
        }
    }
    pointer.pop(mark);
}

fn reference(
    text: &str,
    place: ReferencePlace,
    elements: &Elements<'_, '_>,
    own: Option<&str>,
    pointer: &Pointer,
    found: &mut Found,
) {
    match elements.get(text) {
        Some(element) if place.expected().admits(element.kind) => {}
        Some(element) => found.add(
            pointer,
            DefectKind::ReferenceOfWrongKind {
                place,
                reference: quote(text),
                found: element.kind,
                expected: place.expected(),
            },
        ),
        None if text.starts_with(LINK) && place.expected() != Expected::Component => {
            link(text, elements, own, pointer, found);
        }
        None => found.add(
            pointer,
            DefectKind::DanglingReference {
                place,
                reference: quote(text),
            },
        ),
    }
}

/// A BOM-Link has the form that it must have, and leads somewhere if it leads here. What
/// another document holds is not known.
fn link(
    text: &str,
    elements: &Elements<'_, '_>,
    own: Option<&str>,
    pointer: &Pointer,
    found: &mut Found,
) {
    let (document, element) = match text.split_once('#') {
        Some((document, element)) => (document, Some(element)),
        None => (text, None),
    };
    if !is_document_link(document) || element.is_some_and(str::is_empty) {
        let link = quote(text);
        found.add(pointer, DefectKind::LinkMalformed { link });
        return;
    }
    let Some(element) = element else { return };
    let known = elements.contains_key(element) || elements.contains_key(&*unescaped(element));
    if own == Some(document) && !known {
        let link = quote(text);
        found.add(pointer, DefectKind::LinkUnresolved { link });
    }
}

/// `urn:cdx:<uuid>/<version>`.
fn is_document_link(text: &str) -> bool {
    let Some((uuid, version)) = text
        .strip_prefix(LINK)
        .and_then(|rest| rest.split_once('/'))
    else {
        return false;
    };
    let groups = [8, 4, 4, 4, 12];
    let mut pieces = uuid.split('-');
    let uuid = groups.iter().all(|length| {
        pieces.next().is_some_and(|piece| {
            piece.len() == *length
                && piece
                    .bytes()
                    .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        })
    }) && pieces.next().is_none();
    uuid && !version.starts_with('0')
        && !version.is_empty()
        && version.bytes().all(|byte| byte.is_ascii_digit())
}

/// The link by which others refer to this document.
fn own_link(root: &Node<'_>) -> Option<String> {
    let uuid = root
        .get("serialNumber")?
        .text()?
        .strip_prefix("urn:uuid:")?;
    let version = match root.get("version") {
        Some(Node::Number(number)) => number.whole()?,
        _ => 1,
    };
    Some(format!("{LINK}{uuid}/{version}"))
}

/// The fragment of a URN is percent-encoded (RFC 3986 §3.5).
pub(super) fn unescaped(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut plain = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let mut ahead = bytes.clone();
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            if let (Some(high), Some(low)) = (digit(ahead.next()), digit(ahead.next()))
                && let Ok(value) = u8::try_from(high * 16 + low)
            {
                plain.push(value);
                bytes = ahead;
                continue;
            }
        }
        plain.push(byte);
    }
    String::from_utf8_lossy(&plain).into_owned()
}
