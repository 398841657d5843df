//! Bills of materials as predicates: CycloneDX and SPDX, kept whole.

use serde_json::Value;

use super::Predicate;
use super::field::{FieldDefect, FieldError, Fields};
use crate::rejection::excerpt;

/// A bill of materials, with what names it. All else is in `raw`.
#[derive(Debug, Clone, PartialEq)]
pub struct BillOfMaterials {
    /// CycloneDX `specVersion` (`1.6`), SPDX 2 `spdxVersion` (`SPDX-2.3`) or
    /// SPDX 3 `CreationInfo.specVersion` (`3.0.1`).
    pub specification: Option<String>,
    /// CycloneDX `serialNumber`, SPDX 2 `documentNamespace` or SPDX 3 `SpdxDocument.spdxId`.
    pub serial_number: Option<String>,
    /// CycloneDX `metadata.component.name`, SPDX 2 `name` or SPDX 3 `SpdxDocument.name`.
    pub name: Option<String>,
    /// The whole document.
    pub raw: Value,
}

/// Format name after CycloneDX 1.7 JSON, `bomFormat`.
const CYCLONEDX: &str = "CycloneDX";

pub(super) fn read_cyclonedx(raw: Value) -> Result<Predicate, FieldError> {
    let top = Fields::new(&raw, String::new())?;
    if let Some(format) = top.optional_text("bomFormat")?
        && format != CYCLONEDX
    {
        return Err(top.refuse(
            "bomFormat",
            FieldDefect::Word {
                found: excerpt(&format, 60),
                expected: "`CycloneDX`",
            },
        ));
    }
    let component = match top.optional_object("metadata")? {
        Some(metadata) => metadata.optional_object("component")?,
        None => None,
    };
    Ok(Predicate::CycloneDx(BillOfMaterials {
        specification: top.optional_text("specVersion")?,
        serial_number: top.optional_text("serialNumber")?,
        name: match component {
            Some(component) => component.optional_text("name")?,
            None => None,
        },
        raw,
    }))
}

pub(super) fn read_spdx(raw: Value) -> Result<Predicate, FieldError> {
    let top = Fields::new(&raw, String::new())?;
    let (specification, serial_number, name) = match top.optional_list("@graph", usize::MAX)? {
        Some(graph) => graph_names(&top, graph)?,
        None => (
            top.optional_text("spdxVersion")?,
            top.optional_text("documentNamespace")?,
            top.optional_text("name")?,
        ),
    };
    Ok(Predicate::Spdx(BillOfMaterials {
        specification,
        serial_number,
        name,
        raw,
    }))
}

type Names = (Option<String>, Option<String>, Option<String>);

/// SPDX 3 is a graph: the first element of each of two types names the document.
fn graph_names(top: &Fields<'_>, graph: &[Value]) -> Result<Names, FieldError> {
    let first = |kind: &str| {
        graph
            .iter()
            .enumerate()
            .find(|(_, element)| element.get("type").and_then(Value::as_str) == Some(kind))
            .map(|(index, element)| {
                Fields::new(element, format!("{}[{index}]", top.path("@graph")))
            })
            .transpose()
    };
    let specification = match first("CreationInfo")? {
        Some(creation) => creation.optional_text("specVersion")?,
        None => None,
    };
    let (serial_number, name) = match first("SpdxDocument")? {
        Some(document) => (
            document.optional_text("spdxId")?,
            document.optional_text("name")?,
        ),
        None => (None, None),
    };
    Ok((specification, serial_number, name))
}
