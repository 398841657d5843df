//! The dataset.

use crate::croissant::MOST_RESOURCES;
use crate::croissant::dataset::{Activity, Croissant, FormatVersion, Statement};
use crate::croissant::defect::Defect;
use crate::croissant::error::CroissantError;
use crate::excerpt;
use crate::json::{Node, Object, Pointer};

use super::Reader;

impl Reader {
    pub(super) fn dataset<'a>(
        mut self,
        object: Object<'a>,
    ) -> Result<Croissant<'a>, CroissantError> {
        let root = Pointer::root();
        let (members, extra) = self.members(object, &root);
        let mut dataset = Croissant {
            format: self.format,
            conforms_to: Vec::new(),
            id: None,
            name: None,
            url: None,
            licences: Vec::new(),
            version: None,
            date_published: None,
            date_created: None,
            date_modified: None,
            creators: Vec::new(),
            publishers: Vec::new(),
            cite_as: None,
            is_live_dataset: None,
            same_as: Vec::new(),
            distribution: Vec::new(),
            record_sets: Vec::new(),
            responsible_ai: Vec::new(),
            derived_from: Vec::new(),
            generated_by: Vec::new(),
            extra,
            reading_defects: Vec::new(),
        };
        let mut more = Vec::new();
        for (written, name, node) in members {
            let at = root.member(&written);
            if let Some(node) = self.dataset_member(&mut dataset, &name, node, at)? {
                more.push((written, node));
            }
        }
        for (written, node) in more {
            dataset.extra.push(written, node);
        }
        dataset.reading_defects = self.defects;
        Ok(dataset)
    }

    /// Reads one member of the dataset; gives it back if nothing here knows it.
    fn dataset_member<'a>(
        &mut self,
        dataset: &mut Croissant<'a>,
        name: &str,
        node: Node<'a>,
        at: Pointer,
    ) -> Result<Option<Node<'a>>, CroissantError> {
        match name {
            "@type" => {}
            "@id" => self.identifier(&mut dataset.id, &node, &at),
            "name" => self.name(&mut dataset.name, node, at)?,
            "url" => self.one_text(&mut dataset.url, "url", node, at)?,
            "version" => self.version(&mut dataset.version, node, at)?,
            "datePublished" => {
                self.one_text(&mut dataset.date_published, "datePublished", node, at)?;
            }
            "dateCreated" => self.one_text(&mut dataset.date_created, "dateCreated", node, at)?,
            "dateModified" => {
                self.one_text(&mut dataset.date_modified, "dateModified", node, at)?;
            }
            "citeAs" => self.one_text(&mut dataset.cite_as, "citeAs", node, at)?,
            "citation" if self.format == FormatVersion::V0_8 => {
                self.one_text(&mut dataset.cite_as, "citation", node, at)?;
            }
            "conformsTo" => {
                let stated = self.texts("conformsTo", node, at)?;
                if dataset.format == FormatVersion::Unknown
                    && dataset.conforms_to.is_empty()
                    && let Some((at, found)) = stated.first()
                {
                    let found = excerpt(found, 120);
                    self.defect(at, Defect::UnknownVersion { found });
                }
                dataset
                    .conforms_to
                    .extend(stated.into_iter().map(|(_, text)| text));
            }
            "isLiveDataset" => match node {
                Node::Bool(live) => {
                    if dataset.is_live_dataset.is_some_and(|known| known != live) {
                        let member = "isLiveDataset";
                        self.defect(&at, Defect::SeveralValues { member });
                    }
                    // Of two answers the one counts that excuses nothing.
                    dataset.is_live_dataset = Some(live && dataset.is_live_dataset.unwrap_or(true));
                }
                Node::Null => {}
                other => self.wrong_kind(&at, "isLiveDataset", "a boolean", &other),
            },
            "license" => {
                for (at, node) in self.values(node, at)? {
                    let licence = self.licence(at, node)?;
                    dataset.licences.extend(licence);
                }
            }
            "creator" => {
                for (at, node) in self.values(node, at)? {
                    dataset.creators.push(self.creator("creator", at, node)?);
                }
            }
            "publisher" => {
                for (at, node) in self.values(node, at)? {
                    dataset
                        .publishers
                        .push(self.creator("publisher", at, node)?);
                }
            }
            "sameAs" => {
                let same = self.texts("sameAs", node, at)?;
                dataset
                    .same_as
                    .extend(same.into_iter().map(|(_, text)| text));
            }
            "distribution" => {
                let resources = self.values(node, at)?;
                if dataset.distribution.len() + resources.len() > MOST_RESOURCES {
                    return Err(CroissantError::Resources {
                        limit: MOST_RESOURCES,
                    });
                }
                for (at, node) in resources {
                    let resource = self.resource(node, at)?;
                    dataset.distribution.extend(resource);
                }
            }
            "recordSet" => {
                for (at, node) in self.values(node, at)? {
                    let record_set = self.record_set(node, at)?;
                    dataset.record_sets.extend(record_set);
                }
            }
            "prov:wasDerivedFrom" => self.derivations(dataset, node, at)?,
            "prov:wasGeneratedBy" => {
                for (pointer, value) in self.values(node, at)? {
                    let id = self.text(value.clone());
                    dataset.generated_by.push(Activity { pointer, id, value });
                }
            }
            _ => match name.strip_prefix("rai:") {
                Some(name) => dataset.responsible_ai.push(Statement {
                    pointer: at,
                    name: name.to_owned(),
                    value: node,
                }),
                None => return Ok(Some(node)),
            },
        }
        Ok(None)
    }
}
