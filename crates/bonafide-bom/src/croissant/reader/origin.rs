//! Who made the dataset, from what, and under which licence.

use crate::croissant::dataset::{Creator, Croissant, Derivation, Licence};
use crate::croissant::defect::Defect;
use crate::croissant::error::CroissantError;
use crate::json::{Node, Pointer};

use super::Reader;

impl Reader {
    /// `version`: text, or a number as older documents have it.
    pub(super) fn version(
        &mut self,
        slot: &mut Option<String>,
        node: Node<'_>,
        at: Pointer,
    ) -> Result<(), CroissantError> {
        let node = match node {
            Node::Number(number) => Node::Text(number.to_string().into()),
            node => node,
        };
        self.one_text(slot, "version", node, at)
    }

    pub(super) fn licence(
        &mut self,
        pointer: Pointer,
        node: Node<'_>,
    ) -> Result<Option<Licence>, CroissantError> {
        let mut licence = Licence {
            pointer,
            text: None,
            name: None,
        };
        match node {
            Node::Text(text) => licence.text = Some(text.into_owned()),
            Node::Object(object) => {
                let pointer = licence.pointer.clone();
                let mut url = None;
                for (written, name, node) in self.members(object, &pointer).0 {
                    let at = pointer.member(&written);
                    match &*name {
                        "@id" | "@value" => {
                            self.one_text(&mut licence.text, "license", node, at)?
                        }
                        "url" => self.one_text(&mut url, "url", node, at)?,
                        "name" => self.name(&mut licence.name, node, at)?,
                        _ => {}
                    }
                }
                licence.text = licence.text.or(url);
            }
            other => {
                self.wrong_kind(&licence.pointer, "license", "text or an object", &other);
                return Ok(None);
            }
        }
        let empty = [&licence.text, &licence.name]
            .into_iter()
            .flatten()
            .all(|text| text.trim().is_empty());
        Ok((!empty).then_some(licence))
    }

    pub(super) fn creator(
        &mut self,
        member: &'static str,
        pointer: Pointer,
        node: Node<'_>,
    ) -> Result<Creator, CroissantError> {
        let mut creator = Creator {
            pointer,
            kind: None,
            id: None,
            name: None,
            url: None,
        };
        match node {
            Node::Text(text) => creator.name = Some(text.into_owned()),
            Node::Object(object) => {
                let pointer = creator.pointer.clone();
                for (written, name, node) in self.members(object, &pointer).0 {
                    let at = pointer.member(&written);
                    match &*name {
                        "@type" => creator.kind = self.types(&node).into_iter().next(),
                        "@id" => self.identifier(&mut creator.id, &node, &at),
                        "@value" => self.one_text(&mut creator.name, member, node, at)?,
                        "name" => self.name(&mut creator.name, node, at)?,
                        // People have several pages; the first stands for them.
                        "url" => {
                            let urls = self.texts("url", node, at)?;
                            creator.url = urls.into_iter().next().map(|(_, url)| url);
                        }
                        _ => {}
                    }
                }
            }
            other => self.wrong_kind(&creator.pointer, member, "an object", &other),
        }
        Ok(creator)
    }

    pub(super) fn derivations(
        &mut self,
        dataset: &mut Croissant<'_>,
        node: Node<'_>,
        at: Pointer,
    ) -> Result<(), CroissantError> {
        let sources = self.values(node, at.clone())?;
        if sources.is_empty() {
            self.defect(&at, Defect::EmptyDerivation);
        }
        for (pointer, node) in sources {
            let mut derivation = Derivation {
                pointer,
                id: None,
                url: None,
                name: None,
                version: None,
            };
            match node {
                Node::Text(text) => derivation.id = Some(self.context.identifier(&text)),
                Node::Object(object) => {
                    let pointer = derivation.pointer.clone();
                    for (written, name, node) in self.members(object, &pointer).0 {
                        let at = pointer.member(&written);
                        match &*name {
                            "@id" => self.identifier(&mut derivation.id, &node, &at),
                            "@value" => {
                                self.one_text(&mut derivation.id, "prov:wasDerivedFrom", node, at)?;
                            }
                            "url" => self.one_text(&mut derivation.url, "url", node, at)?,
                            "name" | "prov:label" => self.name(&mut derivation.name, node, at)?,
                            "version" => self.version(&mut derivation.version, node, at)?,
                            _ => {}
                        }
                    }
                }
                other => {
                    self.wrong_kind(
                        &derivation.pointer,
                        "prov:wasDerivedFrom",
                        "text or an object",
                        &other,
                    );
                    continue;
                }
            }
            dataset.derived_from.push(derivation);
        }
        Ok(())
    }
}
