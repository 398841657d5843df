//! Record sets and their fields.

use std::borrow::Cow;

use crate::croissant::dataset::FormatVersion;
use crate::croissant::error::CroissantError;
use crate::croissant::record_set::{Extract, Field, RecordSet, Reference, ReferenceKind};
use crate::croissant::{MOST_FIELD_DEPTH, MOST_VALUES};
use crate::excerpt;
use crate::json::{Node, Object, Pointer};

use super::Reader;

/// Longest path of names, in bytes; for 0.8 only.
const LONGEST_PATH: usize = 512;

/// Texts of records in the document that are kept; nothing is compared with more.
const MOST_INLINE: usize = 10_000;
/// Types of one field.
const MOST_DATA_TYPES: usize = 16;

/// A field that is still to be read.
struct Pending<'a> {
    pointer: Pointer,
    node: Node<'a>,
    /// Fields around it.
    depth: usize,
    /// What it is inside of, in the identifiers of 0.8.
    parent: Option<String>,
}

impl Reader {
    /// An element of `recordSet`; none if it is no object.
    pub(super) fn record_set(
        &mut self,
        node: Node<'_>,
        at: Pointer,
    ) -> Result<Option<RecordSet>, CroissantError> {
        let object = match node {
            Node::Object(object) => object,
            other => {
                self.wrong_kind(&at, "recordSet", "an object", &other);
                return Ok(None);
            }
        };
        let mut set = RecordSet {
            pointer: at.clone(),
            id: None,
            name: None,
            data_types: Vec::new(),
            inline: Vec::new(),
            is_inline: false,
            fields: Vec::new(),
        };
        let mut outermost = Vec::new();
        for (written, name, node) in self.members(object, &at).0 {
            let inner = at.member(&written);
            match &*name {
                "@id" => self.identifier(&mut set.id, &node, &inner),
                "name" => self.name(&mut set.name, node, inner)?,
                "dataType" => set.data_types = self.data_types(&node),
                "data" => {
                    set.is_inline = true;
                    for (_, record) in self.values(node, inner)? {
                        inline_texts(record, &mut set.inline);
                    }
                }
                "field" => outermost.extend(self.values(node, inner)?),
                _ => {}
            }
        }
        self.name_as_identifier(&mut set.id, set.name.as_deref(), &at);
        // A stack instead of recursion, last field first, so that they come in order.
        let mut pending: Vec<Pending<'_>> = outermost
            .into_iter()
            .rev()
            .map(|(pointer, node)| Pending {
                pointer,
                node,
                depth: 0,
                parent: self.path(set.id.as_deref()),
            })
            .collect();
        while let Some(next) = pending.pop() {
            let field = self.field(next, &mut pending)?;
            set.fields.extend(field);
        }
        Ok(Some(set))
    }

    fn field<'a>(
        &mut self,
        next: Pending<'a>,
        pending: &mut Vec<Pending<'a>>,
    ) -> Result<Option<Field>, CroissantError> {
        let Pending {
            pointer,
            node,
            depth,
            parent,
        } = next;
        if depth == MOST_FIELD_DEPTH {
            return Err(CroissantError::FieldDepth {
                limit: MOST_FIELD_DEPTH,
                pointer,
            });
        }
        let object = match node {
            Node::Object(object) => object,
            other => {
                self.wrong_kind(&pointer, "field", "an object", &other);
                return Ok(None);
            }
        };
        let mut field = Field {
            pointer: pointer.clone(),
            id: None,
            name: None,
            data_types: Vec::new(),
            repeated: false,
            extract: None,
            depth,
            references: Vec::new(),
            sources: 0,
        };
        let mut inner = Vec::new();
        let mut own = Vec::new();
        for (written, name, node) in self.members(object, &pointer).0 {
            let at = pointer.member(&written);
            match &*name {
                "@id" => self.identifier(&mut field.id, &node, &at),
                "name" => self.name(&mut field.name, node, at)?,
                "dataType" => field.data_types = self.data_types(&node),
                "repeated" | "isArray" => field.repeated = node == Node::Bool(true),
                "source" => {
                    field.extract = self.extract(&node);
                    self.sources(&mut own, node, at)?;
                }
                "references" => self.sources(&mut field.references, node, at)?,
                "parentField" => {
                    if let Node::Object(object) = node {
                        for (written, name, node) in self.members(object, &at).0 {
                            if matches!(&*name, "source" | "references") {
                                let at = at.member(&written);
                                self.sources(&mut field.references, node, at)?;
                            }
                        }
                    }
                }
                "subField" => inner.extend(self.values(node, at)?),
                _ => {}
            }
        }
        field.sources = own.len();
        own.append(&mut field.references);
        field.references = own;
        // 0.8 knows fields by the names that lead to them.
        let path = match (self.format, &parent, &field.name) {
            (FormatVersion::V0_8, Some(parent), Some(name)) => Some(format!("{parent}/{name}")),
            _ => None,
        };
        self.name_as_identifier(&mut field.id, path.as_deref(), &pointer);
        if pending.len() + inner.len() > MOST_VALUES {
            return Err(CroissantError::Values {
                limit: MOST_VALUES,
                pointer,
            });
        }
        let parent = self.path(field.id.as_deref());
        pending.extend(inner.into_iter().rev().map(|(pointer, node)| Pending {
            pointer,
            node,
            depth: depth + 1,
            parent: parent.clone(),
        }));
        Ok(Some(field))
    }

    /// The identifier of a part, as the beginning of those inside it. Each of them holds
    /// it once more, so a long one is left out.
    fn path(&self, id: Option<&str>) -> Option<String> {
        id.filter(|id| self.format == FormatVersion::V0_8 && id.len() <= LONGEST_PATH)
            .map(str::to_owned)
    }

    /// `dataType`: texts or references, in the names of the specification where it has one.
    fn data_types(&self, node: &Node<'_>) -> Vec<String> {
        let one = |node: &Node<'_>| {
            let written = match node {
                Node::Text(text) => text,
                Node::Object(object) => object.get("@id").and_then(Node::text)?,
                _ => return None,
            };
            let name = self.context.name(written).map(Cow::into_owned);
            Some(name.unwrap_or_else(|| excerpt(written, 120)))
        };
        match node {
            Node::List(list) => list.iter().take(MOST_DATA_TYPES).filter_map(one).collect(),
            node => one(node).into_iter().collect(),
        }
    }

    /// `extract` of a source; `dataExtraction` in 0.8. Of several sources that of the
    /// first.
    fn extract(&self, source: &Node<'_>) -> Option<Extract> {
        let source = match source {
            Node::List(list) => list.first()?,
            source => source,
        };
        let extract = self
            .member(source.object()?, &["extract", "dataExtraction"])?
            .object()?;
        let text = |names: &[&str]| {
            let text = self.member(extract, names)?.text()?;
            Some(text.to_owned())
        };
        text(&["column", "csvColumn"])
            .map(Extract::Column)
            .or_else(|| text(&["jsonPath"]).map(Extract::JsonPath))
            .or_else(|| text(&["fileProperty"]).map(Extract::FileProperty))
    }

    /// The member that has one of these names in the specification.
    fn member<'n, 'a>(&self, object: &'n Object<'a>, names: &[&str]) -> Option<&'n Node<'a>> {
        object.iter().find_map(|(written, node)| {
            let name = self.context.name(written)?;
            names.contains(&&*name).then_some(node)
        })
    }

    /// `source` or `references`: an object whose members say what is named and as what,
    /// or a reference alone. In 0.8 also text: `#{identifier}`.
    fn sources(
        &mut self,
        references: &mut Vec<Reference>,
        node: Node<'_>,
        at: Pointer,
    ) -> Result<(), CroissantError> {
        for (pointer, node) in self.values(node, at)? {
            let object = match node {
                Node::Object(object) => object,
                Node::Text(text) => {
                    let bare = text
                        .strip_prefix("#{")
                        .and_then(|rest| rest.strip_suffix('}'))
                        .unwrap_or(&text);
                    references.push(Reference {
                        pointer,
                        kind: ReferenceKind::Any,
                        id: Some(self.context.identifier(bare)),
                    });
                    continue;
                }
                other => {
                    self.wrong_kind(&pointer, "source", "an object", &other);
                    continue;
                }
            };
            let before = references.len();
            let members = self.members(object, &pointer).0;
            // Beside another reference, `@id` is the source's own.
            let alone = !members.iter().any(|(_, name, _)| names_a_part(name));
            for (written, name, node) in members {
                let kind = match &*name {
                    "fileObject" => ReferenceKind::FileObject,
                    "fileSet" => ReferenceKind::FileSet,
                    "field" => ReferenceKind::Field,
                    "recordSet" => ReferenceKind::RecordSet,
                    "distribution" => ReferenceKind::Any,
                    "@id" if alone => ReferenceKind::Any,
                    _ => continue,
                };
                for (pointer, node) in self.values(node, pointer.member(&written))? {
                    let id = self.text(node).map(|id| self.context.identifier(&id));
                    references.push(Reference { pointer, kind, id });
                }
            }
            if references.len() == before {
                references.push(Reference {
                    pointer,
                    kind: ReferenceKind::Any,
                    id: None,
                });
            }
        }
        Ok(())
    }
}

/// The texts of a record that is written in the document, as far as they are kept.
fn inline_texts(record: Node<'_>, texts: &mut Vec<String>) {
    let Node::Object(record) = record else {
        return;
    };
    for (_, node) in record {
        if let Node::Text(text) = node
            && texts.len() < MOST_INLINE
            && text.len() <= LONGEST_PATH
        {
            texts.push(text.into_owned());
        }
    }
}

fn names_a_part(member: &str) -> bool {
    matches!(
        member,
        "fileObject" | "fileSet" | "field" | "recordSet" | "distribution"
    )
}
