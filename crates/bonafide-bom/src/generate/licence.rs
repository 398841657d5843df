//! Licences that a card states.

use super::object::{of, text};
use crate::grammar::licence_ids;
use crate::json::{Node, Object};
use crate::license::Licence;

/// A list of licences, one for each that the card names. Words that state nothing, such
/// as `other` without a name, are left out.
pub(super) fn write<'a>(
    ids: &[String],
    name: Option<&str>,
    link: Option<&'a str>,
) -> Vec<Node<'a>> {
    let mut seen = Vec::new();
    let mut written = Vec::new();
    for id in ids {
        let stated = Licence::named(id);
        let (stated, link) = match (stated.says_nothing(), name) {
            (false, _) => (stated, None),
            (true, Some(name)) => (Licence::named(name), link),
            (true, None) => continue,
        };
        if stated.says_nothing() || seen.contains(&stated.name) {
            continue;
        }
        seen.push(stated.name.clone());
        written.push(one(&stated, link));
    }
    written
}

fn one<'a>(licence: &Licence, link: Option<&'a str>) -> Node<'a> {
    let mut object = Object::default();
    let later = format!("{}+", licence.name);
    // The schema has its own list of identifiers; what is not on it is a name.
    let known = |id: &str| licence_ids().binary_search(&id).is_ok();
    let (member, value) = match licence.or_later {
        false if known(&licence.name) => ("id", licence.name.clone()),
        true if known(&later) => ("id", later),
        false => ("name", licence.name.clone()),
        true => ("name", later),
    };
    object.set(member, text(value));
    if let Some(link) = link.filter(|link| is_address(link)) {
        object.set("url", text(link));
    }
    object.set("acknowledgement", text("declared"));
    of([("license", Node::Object(object))])
}

/// An address that somebody else can follow: absolute, and of characters that the
/// schema takes (RFC 3986).
pub(super) fn is_address(text: &str) -> bool {
    text.strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_alphanumeric()))
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~/?=&:#+,@".contains(&byte))
        && text.matches('#').count() < 2
}
