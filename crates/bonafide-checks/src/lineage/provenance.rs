//! What verified statements say went into the artifact: SLSA provenance and in-toto links.

use std::collections::HashSet;

use bonafide_attest::Content;
use bonafide_attest::predicate::{Predicate, ResourceDescriptor, SubjectDigest};
use bonafide_attest::statement::Statement;
use bonafide_bom::ClaimedDigest;
use bonafide_core::{Digest, Grade, Mention, NodeKind, NodeTime, RawName, RevisionPin, TimeEvent};
use jiff::Timestamp;
use serde_json::Value;

use super::account::{Account, LISTED, Material, Provenance, add};
use super::reference::{Reference, Standing};
use super::relative::Measured;
use crate::facts::SignatureFacts;
use crate::survey::Survey;

/// in-toto attestation v1, "Link predicate".
const LINK: &str = "https://in-toto.io/attestation/link/v0.3";

/// Most materials of a link, as of provenance.
const MOST_MATERIALS: usize = 16_384;

/// A material, whichever predicate names it.
struct Named<'s> {
    name: Option<String>,
    uri: Option<&'s str>,
    download: Option<&'s str>,
    digests: Vec<Digest>,
    commit: Option<&'s str>,
    pointer: String,
}

impl Account {
    /// Takes in the statements that are verified and about this artifact.
    pub(super) fn hear_statements(
        &mut self,
        signatures: &[SignatureFacts],
        survey: &Survey,
        measured: &Measured,
    ) {
        for attachment in &survey.attachments {
            let Some(signature) = signatures.get(attachment.signature) else {
                continue;
            };
            let Some(verified) = signature.verified() else {
                continue;
            };
            let Content::Statement(statement) = verified.get() else {
                continue;
            };
            if attachment.is_loose() {
                continue;
            }
            let (materials, finished) = match materials(statement) {
                Ok(Some(found)) => found,
                Ok(None) => continue,
                Err(reason) => {
                    self.gap(format!("`{}` cannot be read: {reason}", signature.source));
                    continue;
                }
            };
            let subjects: HashSet<Digest> = statement
                .subjects
                .iter()
                .flat_map(|subject| &subject.digests)
                .filter_map(SubjectDigest::known)
                .copied()
                .collect();
            let subject = measured.identified_by(&subjects);
            self.hear(
                &signature.source,
                &verified.signer().to_string(),
                statement,
                subject,
                materials,
                finished,
            );
        }
    }

    fn hear(
        &mut self,
        source: &RawName,
        signer: &str,
        statement: &Statement,
        subject: Option<Digest>,
        materials: Vec<Named<'_>>,
        finished: Option<Timestamp>,
    ) {
        // It tells when a part was made; only what is most of it tells when all of it was.
        if let (Some(time), Some(_)) = (finished, subject)
            && let Some(thing) = self.get_mut(0)
        {
            add(
                &mut thing.times,
                NodeTime {
                    event: TimeEvent::Built,
                    time,
                    grade: Grade::Verified,
                    source: source.to_string(),
                },
            );
        }
        let materials = materials
            .into_iter()
            .map(|named| self.material(source, named))
            .collect();
        self.statements.push(Provenance {
            source: source.clone(),
            signer: signer.to_owned(),
            statement: statement.predicate_type.clone(),
            subject,
            materials,
        });
    }

    fn material(&mut self, source: &RawName, named: Named<'_>) -> Material {
        let texts: Vec<&str> = [named.uri, named.download, named.name.as_deref()]
            .into_iter()
            .flatten()
            .filter(|text| !text.trim().is_empty())
            .collect();
        let reference = texts
            .iter()
            .map(|text| Reference::of(text, NodeKind::Unknown))
            // A plain name has the form of a repository, but so has that of a file.
            .zip(&texts)
            .find(|(reference, text)| {
                reference.standing >= Standing::Package
                    && (text.starts_with("pkg:") || text.contains("://"))
            })
            .map(|(reference, _)| reference);
        let declared = texts.iter().find_map(|text| self.declared(text));
        let kind = match (&reference, declared) {
            (Some(reference), _) => reference.kind,
            (None, Some(slot)) => self
                .things
                .get(slot)
                .and_then(|thing| thing.kind)
                .unwrap_or(NodeKind::Unknown),
            (None, None) => texts
                .iter()
                .map(|text| Reference::of(text, NodeKind::Unknown))
                .find(|reference| reference.kind == NodeKind::Software)
                .map_or(NodeKind::Unknown, |reference| reference.kind),
        };
        let mut pin = reference
            .as_ref()
            .map_or(RevisionPin::None, |reference| reference.pin.clone());
        if let Some(commit) = named.commit {
            pin = pin.max(super::reference::pin(
                &bonafide_bom::purl::Revision::of_git(commit),
            ));
        }
        let path = reference
            .as_ref()
            .and_then(|reference| reference.path.clone())
            .or_else(|| named.name.clone());
        // Programs are inputs of every build, and no part of the lineage.
        let slot = match (kind, declared, &reference) {
            (NodeKind::Software, ..) => None,
            (_, Some(slot), _) => Some(slot),
            (_, None, Some(reference)) => self.named(reference),
            (_, None, None) => None,
        };
        if let Some(thing) = slot.and_then(|slot| self.get_mut(slot)) {
            thing.be(kind);
            thing.mention(Mention {
                source: source.clone(),
                pointer: Some(named.pointer.clone()),
            });
            if let Some(uri) = named.uri {
                thing.identify(uri);
            }
        }
        Material {
            slot,
            digests: named.digests,
            path,
            pin,
            pointer: named.pointer,
            shown: bonafide_bom::excerpt(texts.first().copied().unwrap_or("without a name"), 120),
            kind,
        }
    }

    /// An artifact that another source of this account calls so.
    fn declared(&self, text: &str) -> Option<usize> {
        [NodeKind::Unknown, NodeKind::Dataset]
            .into_iter()
            .map(|kind| Reference::of(text, kind).id)
            .find_map(|id| self.by_id(&id))
            .filter(|slot| *slot != 0)
    }
}

type Materials<'s> = (Vec<Named<'s>>, Option<Timestamp>);

/// What a statement says went in; none for a predicate that says nothing of that.
fn materials(statement: &Statement) -> Result<Option<Materials<'_>>, String> {
    Ok(match &statement.predicate {
        Predicate::SlsaProvenanceV1(provenance) => Some((
            all(
                &provenance.resolved_dependencies,
                "/predicate/buildDefinition/resolvedDependencies",
            ),
            provenance.finished,
        )),
        Predicate::SlsaProvenanceV02(provenance) => Some((
            all(&provenance.materials, "/predicate/materials"),
            provenance.finished,
        )),
        Predicate::Opaque(raw) if statement.predicate_type == LINK => {
            Some((link_materials(raw)?, None))
        }
        _ => None,
    })
}

fn all<'s>(list: &'s [ResourceDescriptor], pointer: &str) -> Vec<Named<'s>> {
    list.iter()
        .enumerate()
        .map(|(index, descriptor)| described(descriptor, format!("{pointer}/{index}")))
        .collect()
}

fn described(descriptor: &ResourceDescriptor, pointer: String) -> Named<'_> {
    Named {
        name: descriptor
            .name
            .as_ref()
            .and_then(|name| str::from_utf8(name.as_bytes()).ok())
            .map(str::to_owned),
        uri: descriptor.uri.as_deref(),
        download: descriptor.download_location.as_deref(),
        digests: descriptor
            .digests
            .iter()
            .filter_map(SubjectDigest::known)
            .copied()
            .collect(),
        commit: descriptor.digests.iter().find_map(|digest| match digest {
            SubjectDigest::Unknown { name, value } if name == "gitCommit" => Some(value.as_str()),
            _ => None,
        }),
        pointer,
    }
}

/// Reads `materials` of a link: a list of resource descriptors.
fn link_materials(raw: &Value) -> Result<Vec<Named<'_>>, String> {
    let list = match raw.get("materials") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) if list.len() <= MOST_MATERIALS => list,
        Some(Value::Array(list)) => {
            return Err(format!(
                "it has {} materials, more than {MOST_MATERIALS}",
                list.len()
            ));
        }
        Some(_) => return Err("its materials are no list".to_owned()),
    };
    list.iter()
        .enumerate()
        .map(|(index, value)| {
            let pointer = format!("/predicate/materials/{index}");
            link_material(value, pointer)
                .ok_or_else(|| format!("its material {} is no resource descriptor", index + 1))
        })
        .collect()
}

/// None for what is no resource descriptor.
fn link_material(value: &Value, pointer: String) -> Option<Named<'_>> {
    let object = value.as_object()?;
    let text = |name: &str| match object.get(name) {
        None | Some(Value::Null) => Some(None),
        Some(Value::String(text)) => Some(Some(text.as_str())),
        Some(_) => None,
    };
    let mut digests = Vec::new();
    let mut commit = None;
    match object.get("digest") {
        None | Some(Value::Null) => {}
        Some(Value::Object(set)) if set.len() <= LISTED => {
            for (name, value) in set {
                let value = value.as_str()?;
                if name == "gitCommit" {
                    commit = Some(value);
                }
                digests.extend(ClaimedDigest::of(name, value).known());
            }
        }
        Some(_) => return None,
    }
    Some(Named {
        name: text("name")?.map(str::to_owned),
        uri: text("uri")?,
        download: text("downloadLocation")?,
        digests,
        commit,
        pointer,
    })
}
