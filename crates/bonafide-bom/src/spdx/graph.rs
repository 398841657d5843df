//! The elements of a document, each by itself.

use std::collections::HashMap;

use super::MOST_ELEMENTS;
use super::identifiers::{class_of, identifier, reference};
use super::recognition::SpdxError;
use super::rule::Class;
use super::shared::Shared;
use crate::json::{Node, Object, Pointer};
use crate::view::Text;

/// An object with an identifier, or one that stands in the graph itself. Objects with an
/// identifier that were inside of it have become references (JSON-LD 1.1 §4.4).
#[derive(Debug)]
pub(super) struct Element<'a> {
    pub(super) object: Object<'a>,
    pub(super) pointer: Pointer,
    pub(super) class: Option<&'static Class>,
}

/// All elements.
#[derive(Debug)]
pub(super) struct Graph<'a> {
    pub(super) elements: Vec<Element<'a>>,
    /// Elements by identifier. Of two with one identifier, the first.
    pub(super) by_id: HashMap<Text<'a>, usize>,
    /// Members of the document beside the elements, and what is in the graph but no object.
    pub(super) rest: Object<'a>,
    pub(super) shared: Shared,
}

impl<'a> Graph<'a> {
    /// Takes a document apart.
    pub(super) fn of(root: Node<'a>) -> Result<Self, SpdxError> {
        let Node::Object(mut root) = root else {
            return Err(SpdxError::NotSpdx);
        };
        let mut graph = Self {
            elements: Vec::new(),
            by_id: HashMap::new(),
            rest: Object::default(),
            shared: Shared::default(),
        };
        let mut pointer = Pointer::root();
        match root.take("@graph") {
            Some(Node::List(list)) => {
                pointer.push("@graph");
                let mut strays = Vec::new();
                for (index, node) in list.into_iter().enumerate() {
                    match node {
                        Node::Object(object) => graph.push(object, &pointer.element(index))?,
                        other => strays.push(other),
                    }
                }
                graph.rest = root;
                if !strays.is_empty() {
                    graph.rest.set("@graph", Node::List(strays));
                }
            }
            Some(other) => {
                return Err(SpdxError::Graph {
                    found: other.kind(),
                });
            }
            None => {
                if let Some(context) = root.take("@context") {
                    graph.rest.set("@context", context);
                }
                graph.push(root, &pointer)?;
            }
        }
        let mut next = 0;
        while let Some(element) = graph.elements.get_mut(next) {
            let object = std::mem::take(&mut element.object);
            let mut pointer = element.pointer.clone();
            let object = graph.without_inner(object, &mut pointer)?;
            if let Some(element) = graph.elements.get_mut(next) {
                element.object = object;
            }
            next += 1;
        }
        Ok(graph)
    }

    fn push(&mut self, object: Object<'a>, pointer: &Pointer) -> Result<(), SpdxError> {
        if self.elements.len() == MOST_ELEMENTS {
            return Err(SpdxError::Elements {
                limit: MOST_ELEMENTS,
            });
        }
        if let Some(id) = identifier_text(&object) {
            self.by_id.entry(id).or_insert(self.elements.len());
        }
        self.elements.push(Element {
            class: class_of(&object),
            object,
            pointer: self.shared.pointer(pointer),
        });
        self.shared.check()
    }

    fn without_inner(
        &mut self,
        object: Object<'a>,
        pointer: &mut Pointer,
    ) -> Result<Object<'a>, SpdxError> {
        let mut members = Vec::with_capacity(object.len());
        for (name, node) in object {
            let mark = pointer.push(&name);
            let node = self.flat(node, pointer)?;
            pointer.pop(mark);
            members.push((name, node));
        }
        Ok(Object::of(members))
    }

    /// Depth is bounded by admission.
    fn flat(&mut self, node: Node<'a>, pointer: &mut Pointer) -> Result<Node<'a>, SpdxError> {
        match node {
            Node::List(list) => {
                let mut flat = Vec::with_capacity(list.len());
                for (index, node) in list.into_iter().enumerate() {
                    let mark = pointer.push(&index.to_string());
                    flat.push(self.flat(node, pointer)?);
                    pointer.pop(mark);
                }
                Ok(Node::List(flat))
            }
            Node::Object(mut object) => {
                if reference(&object).is_some() {
                    let named = object.take("@id").or_else(|| object.take("spdxId"));
                    return Ok(named.unwrap_or(Node::Null));
                }
                if let Some(id) = identifier_text(&object) {
                    self.push(object, pointer)?;
                    return Ok(Node::Text(id));
                }
                self.without_inner(object, pointer).map(Node::Object)
            }
            other => Ok(other),
        }
    }

    /// The element of that identifier.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The element at that place of the list.
    pub(super) fn get(&self, index: usize) -> Option<&Element<'a>> {
        self.elements.get(index)
    }

    /// The object that a value is, or that it refers to, with its place; `pointer` is that
    /// of the value.
    pub(super) fn object<'g>(
        &'g self,
        node: &'g Node<'a>,
        pointer: &Pointer,
    ) -> Option<(&'g Object<'a>, Pointer)> {
        match node {
            Node::Object(object) => Some((object, pointer.clone())),
            Node::Text(id) => {
                let element = self.get(self.find(id)?)?;
                Some((&element.object, element.pointer.clone()))
            }
            _ => None,
        }
    }
}

/// The identifier of an object, borrowed from the document where it can be.
pub(super) fn identifier_text<'a>(object: &Object<'a>) -> Option<Text<'a>> {
    identifier(object)?;
    let named = object.get("spdxId").or_else(|| object.get("@id"))?;
    match named {
        Node::Text(text) => Some(text.clone()),
        _ => None,
    }
}
