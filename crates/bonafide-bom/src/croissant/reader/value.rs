//! Values, as JSON-LD lets them be written.

use std::borrow::Cow;

use crate::croissant::MOST_VALUES;
use crate::croissant::defect::{Defect, LocatedDefect};
use crate::croissant::error::CroissantError;
use crate::json::{Node, Object, Pointer};

use super::{Reader, texts};

/// A member: its name as written, its name in the specification, its value.
pub(super) type Member<'a> = (Cow<'a, str>, String, Node<'a>);

impl Reader {
    pub(super) fn defect(&mut self, pointer: &Pointer, defect: Defect) {
        self.defects.push(LocatedDefect {
            pointer: pointer.clone(),
            defect,
        });
    }

    pub(super) fn wrong_kind(
        &mut self,
        at: &Pointer,
        member: &'static str,
        expected: &'static str,
        found: &Node<'_>,
    ) {
        self.defect(
            at,
            Defect::WrongKind {
                member,
                expected,
                found: found.kind(),
            },
        );
    }

    /// Takes an object apart: members with a name of the specification, and others.
    pub(super) fn members<'a>(
        &mut self,
        object: Object<'a>,
        at: &Pointer,
    ) -> (Vec<Member<'a>>, Object<'a>) {
        let mut known = Vec::new();
        let mut extra = Vec::new();
        for (written, node) in object {
            match self.context.name(&written).map(Cow::into_owned) {
                Some(name) if name == "@context" => {
                    if *at != Pointer::root() {
                        self.defect(&at.member("@context"), Defect::InnerContext);
                    }
                    extra.push((written, node));
                }
                Some(name) => known.push((written, name, node)),
                None => extra.push((written, node)),
            }
        }
        (known, Object::of(extra))
    }

    /// The values of a member: one, or those of a list. `null` is no value.
    pub(super) fn values<'a>(
        &mut self,
        node: Node<'a>,
        at: Pointer,
    ) -> Result<Vec<(Pointer, Node<'a>)>, CroissantError> {
        let (list, at) = match node {
            Node::Null => return Ok(Vec::new()),
            Node::List(list) => (list, at),
            Node::Object(mut object) if object.len() == 1 => {
                let inner = ["@list", "@set"].into_iter().find_map(|keyword| {
                    matches!(object.get(keyword), Some(Node::List(_)))
                        .then(|| object.take(keyword).map(|node| (keyword, node)))
                        .flatten()
                });
                match inner {
                    Some((keyword, Node::List(list))) => (list, at.member(keyword)),
                    _ => return self.single(Node::Object(object), at),
                }
            }
            node => return self.single(node, at),
        };
        self.spend(list.len(), &at)?;
        Ok(list
            .into_iter()
            .enumerate()
            .filter(|(_, node)| *node != Node::Null)
            .map(|(index, node)| (at.element(index), node))
            .collect())
    }

    fn single<'a>(
        &mut self,
        node: Node<'a>,
        at: Pointer,
    ) -> Result<Vec<(Pointer, Node<'a>)>, CroissantError> {
        self.spend(1, &at)?;
        Ok(vec![(at, node)])
    }

    fn spend(&mut self, values: usize, at: &Pointer) -> Result<(), CroissantError> {
        match self.values_left.checked_sub(values) {
            Some(left) => {
                self.values_left = left;
                Ok(())
            }
            None => Err(CroissantError::Values {
                limit: MOST_VALUES,
                pointer: at.clone(),
            }),
        }
    }

    /// The text of a value: text, `@value`, or `@id` of a reference.
    pub(super) fn text(&self, node: Node<'_>) -> Option<String> {
        match node {
            Node::Text(text) => Some(text.into_owned()),
            Node::Object(object) => object.into_iter().find_map(|(name, node)| {
                let name = self.context.name(&name)?;
                match (&*name, node) {
                    ("@value" | "@id", Node::Text(text)) => Some(text.into_owned()),
                    _ => None,
                }
            }),
            _ => None,
        }
    }

    /// Texts of a member that can have several.
    pub(super) fn texts(
        &mut self,
        member: &'static str,
        node: Node<'_>,
        at: Pointer,
    ) -> Result<Vec<(Pointer, String)>, CroissantError> {
        let mut found = Vec::new();
        for (at, node) in self.values(node, at)? {
            let kind = node.kind();
            match self.text(node) {
                Some(text) => found.push((at, text)),
                None => self.defect(
                    &at,
                    Defect::WrongKind {
                        member,
                        expected: "text",
                        found: kind,
                    },
                ),
            }
        }
        Ok(found)
    }

    /// The text of a member that can have one.
    pub(super) fn one_text(
        &mut self,
        slot: &mut Option<String>,
        member: &'static str,
        node: Node<'_>,
        at: Pointer,
    ) -> Result<(), CroissantError> {
        for (at, text) in self.texts(member, node, at)? {
            match slot {
                Some(known) if *known == text => {}
                Some(_) => self.defect(&at, Defect::SeveralValues { member }),
                None => *slot = Some(text),
            }
        }
        Ok(())
    }

    /// `@id`, relative to `@base`.
    pub(super) fn identifier(&mut self, slot: &mut Option<String>, node: &Node<'_>, at: &Pointer) {
        match node {
            Node::Text(text) => {
                let found = self.context.identifier(text);
                if slot.as_ref().is_some_and(|known| *known != found) {
                    self.defect(at, Defect::SeveralValues { member: "@id" });
                } else {
                    *slot = Some(found);
                }
            }
            Node::Null => {}
            other => self.wrong_kind(at, "@id", "text", other),
        }
    }

    /// `name`, which has several texts where it is given in several languages (1.1):
    /// an object with languages as names, or a list of `@value` and `@language`.
    pub(super) fn name(
        &mut self,
        slot: &mut Option<String>,
        node: Node<'_>,
        at: Pointer,
    ) -> Result<(), CroissantError> {
        let english = |language: &str| language == "en" || language.starts_with("en-");
        match node {
            Node::Object(object) if object.iter().all(|(name, _)| !name.starts_with('@')) => {
                let mut chosen = None;
                for (language, node) in object {
                    if let Node::Text(text) = node
                        && (chosen.is_none() || english(&language))
                    {
                        chosen = Some(text.into_owned());
                    }
                }
                match chosen {
                    Some(text) => self.one_text(slot, "name", Node::Text(text.into()), at),
                    None => Ok(()),
                }
            }
            Node::List(list)
                if list.len() > 1 && list.iter().all(|node| node.get("@language").is_some()) =>
            {
                let best = list
                    .iter()
                    .position(|node| {
                        node.get("@language")
                            .and_then(Node::text)
                            .is_some_and(english)
                    })
                    .unwrap_or(0);
                match list.into_iter().nth(best) {
                    Some(node) => self.one_text(slot, "name", node, at.element(best)),
                    None => Ok(()),
                }
            }
            node => self.one_text(slot, "name", node, at),
        }
    }

    /// The types of an object, in the names of the specification.
    pub(super) fn types(&self, node: &Node<'_>) -> Vec<String> {
        texts(node)
            .take(16)
            .filter_map(|kind| self.context.name(kind).map(Cow::into_owned))
            .collect()
    }
}
