//! Every component of a document, with where it stands.

use super::component::Component;
use super::document::{Bom, Tools};
use crate::json::Pointer;

/// What a component is in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// What the document is about (`metadata.component`), or inside of it.
    Subject,
    /// Listed (`components`), or inside of one that is.
    Inventory,
    /// A tool that made the document.
    Tool,
    /// What another was made from.
    Ancestor,
    /// What was made from another.
    Descendant,
    /// What is like another.
    Variant,
    /// Took part in the making.
    Formulation,
    /// What a claim is about.
    Target,
}

/// A component and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Placed<'b, 'a> {
    /// What it is in the document.
    pub place: Place,
    /// Where it is.
    pub pointer: &'b Pointer,
    /// The component around it, or whose pedigree it is in.
    pub parent: Option<&'b Component<'a>>,
    /// The component.
    pub component: &'b Component<'a>,
}

impl<'a> Bom<'a> {
    /// Calls `visit` with every component of the document, outer ones first.
    pub fn walk(&self, mut visit: impl FnMut(Placed<'_, 'a>)) {
        let mut walker = Walker {
            pointer: Pointer::root(),
            visit: &mut visit,
        };
        if let Some(metadata) = &self.metadata {
            if let Some(subject) = &metadata.component {
                walker.at("metadata", |walker| {
                    walker.at("component", |walker| {
                        walker.one(Place::Subject, None, subject);
                    });
                });
            }
            if let Some(Tools::Inventory(tools)) = &metadata.tools {
                walker.at("metadata", |walker| {
                    walker.at("tools", |walker| {
                        walker.list("components", Place::Tool, None, &tools.components);
                    });
                });
            }
        }
        walker.list("components", Place::Inventory, None, &self.components);
        for (index, formula) in self.formulation.iter().enumerate() {
            walker.at("formulation", |walker| {
                walker.at(&index.to_string(), |walker| {
                    walker.list("components", Place::Formulation, None, &formula.components);
                });
            });
        }
        let declarations = self.declarations.as_ref();
        if let Some(targets) = declarations.and_then(|known| known.targets.as_ref()) {
            walker.at("declarations", |walker| {
                walker.at("targets", |walker| {
                    walker.list("components", Place::Target, None, &targets.components);
                });
            });
        }
    }
}

struct Walker<'v, V> {
    pointer: Pointer,
    visit: &'v mut V,
}

impl<'a, V: FnMut(Placed<'_, 'a>)> Walker<'_, V> {
    fn at(&mut self, step: &str, inner: impl FnOnce(&mut Self)) {
        let mark = self.pointer.push(step);
        inner(self);
        self.pointer.pop(mark);
    }

    /// Nesting is bounded by the admission of the document.
    fn one(&mut self, place: Place, parent: Option<&Component<'a>>, component: &Component<'a>) {
        (self.visit)(Placed {
            place,
            pointer: &self.pointer,
            parent,
            component,
        });
        self.list("components", place, Some(component), &component.components);
        if let Some(pedigree) = &component.pedigree {
            self.at("pedigree", |walker| {
                for (step, place, list) in [
                    ("ancestors", Place::Ancestor, &pedigree.ancestors),
                    ("descendants", Place::Descendant, &pedigree.descendants),
                    ("variants", Place::Variant, &pedigree.variants),
                ] {
                    walker.list(step, place, Some(component), list);
                }
            });
        }
    }

    fn list(
        &mut self,
        step: &str,
        place: Place,
        parent: Option<&Component<'a>>,
        list: &[Component<'a>],
    ) {
        if list.is_empty() {
            return;
        }
        self.at(step, |walker| {
            for (index, component) in list.iter().enumerate() {
                walker.at(&index.to_string(), |walker| {
                    walker.one(place, parent, component);
                });
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::admit;

    #[test]
    fn visits_every_place_and_points_at_it() {
        let text = r#"{"metadata":{"component":{"name":"s","components":[{"name":"s1"}]},
            "tools":{"components":[{"name":"t"}]}},
            "components":[{"name":"a","pedigree":{"ancestors":[{"name":"p","pedigree":{"variants":[{"name":"v"}]}}]}}],
            "formulation":[{"components":[{"name":"f"}]}],
            "declarations":{"targets":{"components":[{"name":"d"}]}}}"#;
        let root = admit(text.as_bytes(), 1 << 20).unwrap();
        let bom = Bom::of(root.clone());
        let mut seen = Vec::new();
        bom.walk(|placed| {
            let name = placed.component.name.as_deref().unwrap_or_default();
            let there = placed
                .pointer
                .resolve(&root)
                .and_then(|node| node.get("name"));
            assert_eq!(there.and_then(|node| node.text()), Some(name));
            seen.push((name.to_owned(), placed.place));
        });
        let expected = [
            ("s", Place::Subject),
            ("s1", Place::Subject),
            ("t", Place::Tool),
            ("a", Place::Inventory),
            ("p", Place::Ancestor),
            ("v", Place::Variant),
            ("f", Place::Formulation),
            ("d", Place::Target),
        ];
        assert_eq!(seen, expected.map(|(name, place)| (name.to_owned(), place)));
    }

    #[test]
    fn loses_nothing() {
        for text in [
            r#"{"bomFormat":"CycloneDX","components":[],"metadata":{"tools":[],"component":{"name":1,"hashes":[{"alg":"x"},7]}}}"#,
            r#"{"components":[{"evidence":{"identity":{"field":"purl"}}},{"evidence":{"identity":[{"field":"name"}]}}],"unknown":{"a":null}}"#,
            "[1,2]",
            "null",
        ] {
            let root = admit(text.as_bytes(), 1 << 20).unwrap();
            let again = Bom::of(root.clone()).to_node();
            if let Node::Object(_) = root {
                let value = |node: &Node<'_>| serde_json::to_value(node).unwrap();
                assert_eq!(value(&again), value(&root), "{text}");
            } else {
                assert_eq!(again.get(""), Some(&root));
            }
        }
    }

    /// Deeper nesting is not admitted; this much must fit on the stack of a thread.
    #[test]
    fn reads_what_is_nested_as_deep_as_may_be() {
        for (open, close) in [
            (r#"{"components":["#, "]}"),
            (r#"{"modelCard":{"a":1},"pedigree":{"ancestors":["#, "]}}"),
        ] {
            let levels = crate::json::MOST_DEPTH / (1 + close.matches('}').count());
            let text = open.repeat(levels) + &close.repeat(levels);
            let bom = Bom::of(admit(text.as_bytes(), 1 << 20).unwrap());
            assert_eq!(bom.to_node(), admit(text.as_bytes(), 1 << 20).unwrap());
        }
    }

    use crate::json::Node;
}
