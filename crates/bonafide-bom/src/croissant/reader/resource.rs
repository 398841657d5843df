//! Files and file sets.

use crate::croissant::content_url::Location;
use crate::croissant::dataset::FormatVersion;
use crate::croissant::defect::{Defect, HashMember};
use crate::croissant::error::CroissantError;
use crate::croissant::hash::HashText;
use crate::croissant::pattern::Pattern;
use crate::croissant::resource::{Container, ContentUrl, FileObject, FileSet, Hash, Resource};
use crate::croissant::size::ContentSize;
use crate::excerpt;
use crate::json::{Node, Object, Pointer};

use super::Reader;
use super::value::Member;

impl Reader {
    /// An element of `distribution`; none if it is neither file nor file set.
    pub(super) fn resource<'a>(
        &mut self,
        node: Node<'a>,
        at: Pointer,
    ) -> Result<Option<Resource<'a>>, CroissantError> {
        let object = match node {
            Node::Object(object) => object,
            other => {
                let found = other.kind().to_owned();
                self.defect(&at, Defect::ResourceType { found });
                return Ok(None);
            }
        };
        let (members, extra) = self.members(object, &at);
        let kinds: Vec<String> = members
            .iter()
            .filter(|(_, name, _)| name == "@type")
            .flat_map(|(_, _, node)| self.types(node))
            .collect();
        let is = |wanted: &str| kinds.iter().any(|kind| kind == wanted);
        match (is("FileObject"), is("FileSet")) {
            (true, false) => self.file(members, extra, at).map(Resource::File).map(Some),
            (false, true) => self.set(members, extra, at).map(Resource::Set).map(Some),
            _ => {
                let found = excerpt(&kinds.join(", "), 120);
                self.defect(&at, Defect::ResourceType { found });
                Ok(None)
            }
        }
    }

    fn file<'a>(
        &mut self,
        members: Vec<Member<'a>>,
        extra: Object<'a>,
        pointer: Pointer,
    ) -> Result<FileObject<'a>, CroissantError> {
        let mut file = FileObject {
            pointer: pointer.clone(),
            id: None,
            name: None,
            content_url: None,
            size: None,
            encoding_formats: Vec::new(),
            sha256: Vec::new(),
            md5: Vec::new(),
            containers: Vec::new(),
            extra,
        };
        for (written, name, node) in members {
            let at = pointer.member(&written);
            match &*name {
                "@type" => {}
                "@id" => self.identifier(&mut file.id, &node, &at),
                "name" => self.name(&mut file.name, node, at)?,
                "contentUrl" => self.content_url(&mut file.content_url, node, at)?,
                "contentSize" => self.size(&mut file.size, node, at)?,
                "encodingFormat" => self.formats(&mut file.encoding_formats, node, at)?,
                "sha256" => self.hashes(&mut file.sha256, HashMember::Sha256, node, at)?,
                "md5" => self.hashes(&mut file.md5, HashMember::Md5, node, at)?,
                "containedIn" => self.containers(&mut file.containers, node, at)?,
                _ => file.extra.push(written, node),
            }
        }
        self.name_as_identifier(&mut file.id, file.name.as_deref(), &pointer);
        Ok(file)
    }

    fn set<'a>(
        &mut self,
        members: Vec<Member<'a>>,
        extra: Object<'a>,
        pointer: Pointer,
    ) -> Result<FileSet<'a>, CroissantError> {
        let mut set = FileSet {
            pointer: pointer.clone(),
            id: None,
            name: None,
            encoding_formats: Vec::new(),
            containers: Vec::new(),
            includes: Vec::new(),
            excludes: Vec::new(),
            extra,
        };
        for (written, name, node) in members {
            let at = pointer.member(&written);
            match &*name {
                "@type" => {}
                "@id" => self.identifier(&mut set.id, &node, &at),
                "name" => self.name(&mut set.name, node, at)?,
                "encodingFormat" => self.formats(&mut set.encoding_formats, node, at)?,
                "containedIn" => self.containers(&mut set.containers, node, at)?,
                "includes" => self.patterns(&mut set.includes, "includes", node, at)?,
                "excludes" => self.patterns(&mut set.excludes, "excludes", node, at)?,
                _ => set.extra.push(written, node),
            }
        }
        self.name_as_identifier(&mut set.id, set.name.as_deref(), &pointer);
        Ok(set)
    }

    /// Parts are known by `@id`; in 0.8 by their name.
    pub(super) fn name_as_identifier(
        &mut self,
        id: &mut Option<String>,
        name: Option<&str>,
        at: &Pointer,
    ) {
        if id.is_none() && self.format == FormatVersion::V0_8 {
            *id = name.map(str::to_owned);
        }
        if id.is_none() {
            self.defect(at, Defect::MissingIdentifier);
        }
    }

    fn content_url(
        &mut self,
        slot: &mut Option<ContentUrl>,
        node: Node<'_>,
        at: Pointer,
    ) -> Result<(), CroissantError> {
        for (pointer, text) in self.texts("contentUrl", node, at)? {
            match slot {
                Some(known) if known.text == text => {}
                Some(_) => self.defect(
                    &pointer,
                    Defect::SeveralValues {
                        member: "contentUrl",
                    },
                ),
                None => {
                    let location = Location::read(&text);
                    if let Location::Unusable(why) = &location {
                        let defect = Defect::UnsafeContentUrl {
                            why: why.clone(),
                            found: excerpt(&text, 120),
                        };
                        self.defect(&pointer, defect);
                    }
                    *slot = Some(ContentUrl {
                        pointer,
                        text,
                        location,
                    });
                }
            }
        }
        Ok(())
    }

    fn size(
        &mut self,
        slot: &mut Option<ContentSize>,
        node: Node<'_>,
        at: Pointer,
    ) -> Result<(), CroissantError> {
        for (at, node) in self.values(node, at)? {
            let node = match node {
                Node::Object(mut object) => object.take("@value").unwrap_or(Node::Null),
                node => node,
            };
            match (ContentSize::read(&node), &slot) {
                (Some(size), None) => *slot = Some(size),
                (Some(size), Some(known)) if size == *known => {}
                (Some(_), Some(_)) => self.defect(
                    &at,
                    Defect::SeveralValues {
                        member: "contentSize",
                    },
                ),
                (None, _) => {
                    let found = node.text().unwrap_or(node.kind());
                    let found = excerpt(found, 60);
                    self.defect(&at, Defect::UnreadableSize { found });
                }
            }
        }
        Ok(())
    }

    fn formats(
        &mut self,
        formats: &mut Vec<String>,
        node: Node<'_>,
        at: Pointer,
    ) -> Result<(), CroissantError> {
        let found = self.texts("encodingFormat", node, at)?;
        formats.extend(found.into_iter().map(|(_, format)| format));
        Ok(())
    }

    fn patterns(
        &mut self,
        patterns: &mut Vec<Pattern>,
        member: &'static str,
        node: Node<'_>,
        at: Pointer,
    ) -> Result<(), CroissantError> {
        let found = self.texts(member, node, at)?;
        patterns.extend(
            found
                .into_iter()
                .map(|(pointer, text)| Pattern { pointer, text }),
        );
        Ok(())
    }

    /// Hashes of one member. Several that are equal are one.
    fn hashes(
        &mut self,
        hashes: &mut Vec<Hash>,
        member: HashMember,
        node: Node<'_>,
        at: Pointer,
    ) -> Result<(), CroissantError> {
        for (pointer, node) in self.values(node, at)? {
            let kind = node.kind();
            let text = match (self.text(node), member) {
                (Some(text), HashMember::Sha256) => HashText::sha256(&text),
                (Some(text), HashMember::Md5) => HashText::md5(&text),
                (None, _) => HashText::of_kind(kind),
            };
            match hashes.first() {
                Some(first) if first.text.names_the_same(&text) => {}
                Some(_) => {
                    let member = member.name();
                    self.defect(&pointer, Defect::SeveralValues { member });
                    hashes.push(Hash { pointer, text });
                }
                None => hashes.push(Hash { pointer, text }),
            }
        }
        Ok(())
    }

    /// `containedIn`: references, or sources that say what kind of part they name.
    fn containers(
        &mut self,
        containers: &mut Vec<Container>,
        node: Node<'_>,
        at: Pointer,
    ) -> Result<(), CroissantError> {
        for (pointer, node) in self.values(node, at)? {
            if let Node::Object(object) = &node
                && let Some(inner) = object.iter().find_map(|(name, node)| {
                    let name = self.context.name(name)?;
                    matches!(&*name, "fileObject" | "fileSet").then_some(node)
                })
            {
                let inner = inner.clone();
                self.container(containers, pointer, inner);
            } else {
                self.container(containers, pointer, node);
            }
        }
        Ok(())
    }

    fn container(&mut self, containers: &mut Vec<Container>, pointer: Pointer, node: Node<'_>) {
        let kind = node.kind();
        match self.text(node) {
            Some(id) => containers.push(Container {
                pointer,
                id: self.context.identifier(&id),
            }),
            None => self.defect(
                &pointer,
                Defect::WrongKind {
                    member: "containedIn",
                    expected: "a reference",
                    found: kind,
                },
            ),
        }
    }
}
