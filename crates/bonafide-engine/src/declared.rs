//! What Croissant documents say of records, against the records and against bills of materials.

use bonafide_bom::Described;
use bonafide_core::{ArtifactName, RawName};
use bonafide_dataset::Dataset;
use bonafide_dataset::declared::{DeclaredField, DeclaredRecords, SchemaAgreement, compare};
use bonafide_source::find_boms;
use serde::Serialize;

use crate::Work;
use crate::error::{EngineError, raw};
use crate::records::TreeFiles;

/// A Croissant document against the records.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DeclaredSchema {
    /// The document.
    pub document: String,
    /// Its fields and splits against columns and shards.
    pub agreement: SchemaAgreement,
    /// It says that the data changes (`isLiveDataset`), so that files may have no digest.
    pub is_live: bool,
    /// It names a licence.
    pub has_licence: bool,
    /// Files in it without a usable SHA-256.
    pub without_digest: Vec<String>,
    /// What bills of materials beside it say otherwise of the dataset, in words.
    pub bill_disagreements: Vec<String>,
}

/// Every Croissant document in or beside the target, against the records.
///
/// # Errors
///
/// A document that cannot be read as a file. One that is no Croissant is passed over:
/// whether it is in order is for `bonafide bom validate` to say.
pub(crate) fn schemas(
    target: &std::path::Path,
    files: &TreeFiles<'_>,
    dataset: &Dataset<'_>,
    work: Work<'_>,
) -> Result<Vec<DeclaredSchema>, EngineError> {
    let limit = usize::try_from(work.budget.document_bytes).unwrap_or(usize::MAX);
    let mut texts = Vec::new();
    for file in find_boms(target, &[], work.budget)? {
        texts.push((
            raw(&file.path),
            file.inside.clone(),
            file.read(work.budget)?,
        ));
    }
    let read = texts.iter().filter_map(|(name, inside, bytes)| {
        let described = bonafide_bom::read(bytes, limit).ok()?;
        Some((name, inside, described))
    });
    let read: Vec<(&RawName, &Option<RawName>, Described<'_>)> = read.collect();
    let mut schemas = Vec::new();
    for (name, inside, described) in &read {
        let Described::Croissant(croissant) = described else {
            continue;
        };
        let names = files.names_from(inside.as_ref());
        let said = croissant.declared_records(&names);
        let place = folder(inside.as_ref());
        let fields = said.columns.iter().map(|column| DeclaredField {
            record_set: column.record_set.clone(),
            name: column.field.clone(),
            data_types: column.data_types.clone(),
            repeated: column.repeated,
            column: column.column.clone(),
            files: column.files.as_ref().map(|files| {
                let files = files.iter();
                files.map(|file| format!("{place}{file}")).collect()
            }),
        });
        let declared = DeclaredRecords {
            fields: fields.collect(),
            splits: said.splits.clone(),
        };
        let bills = read
            .iter()
            .filter_map(|(bill, _, described)| match described {
                Described::Bom(document) => Some((bill, croissant.agreement(document.bom.get()))),
                Described::Croissant(_) => None,
            });
        schemas.push(DeclaredSchema {
            document: name.to_string(),
            agreement: compare(&declared, dataset),
            is_live: said.live,
            has_licence: said.licensed,
            without_digest: said.without_digest.clone(),
            bill_disagreements: bills
                .flat_map(|(bill, agreement)| {
                    let disagreements = agreement.disagreements.into_iter();
                    disagreements.map(move |what| {
                        format!(
                            "{}: {bill} says `{}`, and it says `{}`",
                            what.about, what.bill, what.croissant
                        )
                    })
                })
                .collect(),
        });
    }
    Ok(schemas)
}

/// The folder of a document in the tree, with a slash at its end; empty at the root.
fn folder(inside: Option<&RawName>) -> String {
    let name = inside.map(ToString::to_string).unwrap_or_default();
    name.rsplit_once('/')
        .map_or(String::new(), |(folder, _)| format!("{folder}/"))
}

impl TreeFiles<'_> {
    /// Names of the files, as a document in the tree sees them.
    fn names_from(&self, document: Option<&RawName>) -> Vec<ArtifactName> {
        use bonafide_dataset::Files as _;

        let place = folder(document);
        let names = self.list().iter().filter_map(|listed| {
            let below = listed.name.as_bytes().strip_prefix(place.as_bytes())?;
            ArtifactName::parse(below).ok()
        });
        names.collect()
    }
}
