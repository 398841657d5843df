//! The inspection of one file, from the outside.

use std::collections::BTreeMap;

use bonafide_core::{RawName, excerpt};
use serde::{Deserialize, Serialize};

use crate::budget::InspectionBudget;
use crate::coverage::{Body, Coverage, Span, State};
use crate::defect::Defect;
use crate::dependency::{Advisories, vulnerable};
use crate::facts::Facts;
use crate::format::Format;
use crate::read::{ReadAt, Witness};
use crate::relation::Links;
use crate::rule::Weight;
use crate::session::Session;

/// All that inspecting one file gave. Findings, coverage and facts are told apart: a file
/// without findings that was not read is not clean.
///
/// It can be kept and read back. What is gone then is what only reading its neighbours
/// needs: names of tensors, and [`links`](Self::links). Its name is printed in an escaped
/// form, so whoever keeps it has to keep the name beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct FileInspection {
    /// Its name below the root of the artifact.
    #[serde(skip_deserializing, default = "unnamed")]
    pub name: RawName,
    /// Its length in bytes.
    pub size: u64,
    /// What was read as one thing; the file itself is the first.
    pub bodies: Vec<Body>,
    /// What is wrong, the worst first, then by place.
    pub defects: Vec<Defect>,
    /// Findings beyond those listed, by rule.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "crate::catalogue::recorded_counts"
    )]
    pub omitted: BTreeMap<&'static str, u64>,
    /// What is in it.
    pub facts: Facts,
    /// What has to fit other files of the artifact.
    #[serde(skip)]
    pub links: Links,
}

/// The name of an inspection that was read back, until it gets its own.
fn unnamed() -> RawName {
    RawName::from("")
}

impl FileInspection {
    /// Name of the format of the file itself; none if it is unknown.
    #[must_use]
    pub fn format(&self) -> Option<&'static str> {
        self.bodies.first()?.format
    }

    /// How much of it was looked at, all its bodies together.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        let mut bodies = self.bodies.iter().map(Body::coverage);
        let Some(first) = bodies.next() else {
            return Coverage::Skipped;
        };
        // A member that was not read leaves the file partly read, whatever the rest says.
        match bodies.max() {
            Some(Coverage::Partly | Coverage::Unsupported | Coverage::Skipped)
                if first <= Coverage::Partly =>
            {
                Coverage::Partly
            }
            Some(Coverage::Identified) if first == Coverage::Scanned => Coverage::Identified,
            _ => first,
        }
    }

    /// The heaviest of its defects.
    #[must_use]
    pub fn weight(&self) -> Option<Weight> {
        self.defects.iter().map(Defect::weight).max()
    }

    /// Puts the findings into the order in which they are printed.
    pub(crate) fn sort(&mut self) {
        self.defects.sort_by(|left, right| {
            let key = |defect: &Defect| {
                (
                    std::cmp::Reverse(defect.rule.severity),
                    defect.rule.slug,
                    defect.range.as_ref().map_or(0, |range| range.start),
                )
            };
            key(left)
                .cmp(&key(right))
                .then_with(|| left.body.cmp(&right.body))
                .then_with(|| left.message.cmp(&right.message))
        });
    }
}

/// Adds to each file what published vulnerabilities say of the software that it asks for.
pub fn hold_against(files: &mut [FileInspection], advisories: &Advisories) {
    for file in files {
        let defects = vulnerable(file, advisories);
        if !defects.is_empty() {
            file.defects.extend(defects);
            file.sort();
        }
    }
}

/// Inspects one file: a pure function of its bytes, its name and the budget.
///
/// The name decides nothing but whether it fits what the bytes are, and what a loader
/// that goes by names would do with them.
#[must_use]
pub fn inspect(name: &RawName, source: &dyn ReadAt, budget: &InspectionBudget) -> FileInspection {
    inspected(None, name, source, budget)
}

/// Inspects one file as a format that the caller knows it to be, whatever its bytes look
/// like; what is inside of it is told apart by its bytes again.
#[must_use]
pub fn inspect_as(
    format: &'static Format,
    name: &RawName,
    source: &dyn ReadAt,
    budget: &InspectionBudget,
) -> FileInspection {
    inspected(Some(format), name, source, budget)
}

fn inspected(
    format: Option<&'static Format>,
    name: &RawName,
    source: &dyn ReadAt,
    budget: &InspectionBudget,
) -> FileInspection {
    let mut session = Session::new(*budget);
    let witness = Witness::new(source);
    crate::route::file(&mut session, &witness, &name.to_string(), format);
    let mut inspection = session.finish(name.clone(), source.size());
    if let (Some(reason), Some(whole)) = (witness.into_failure(), inspection.bodies.first_mut()) {
        // Where it mattered is not known, so nothing counts as looked at.
        let reason = excerpt(&format!("reading failed: {reason}"), 200);
        whole.spans = vec![Span {
            range: 0..whole.size,
            state: State::Skipped(reason),
        }];
    }
    inspection
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::ReadError;

    /// Bytes of which those from `from` on cannot be read.
    struct Bad {
        bytes: Vec<u8>,
        from: u64,
    }

    impl ReadAt for Bad {
        fn size(&self) -> u64 {
            self.bytes.size()
        }

        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
            if offset + buffer.len() as u64 > self.from {
                let reason = "input/output error".to_owned();
                return Err(ReadError::Failed { reason });
            }
            self.bytes.read_at(offset, buffer)
        }
    }

    /// The start of a tensor is only glanced at; a glance that fails must not be for nothing.
    #[test]
    fn what_could_not_be_read_is_never_clean() {
        let header = br#"{"a":{"dtype":"U8","shape":[200000],"data_offsets":[0,200000]}}"#;
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(header);
        let from = bytes.len() as u64;
        bytes.resize(bytes.len() + 200_000, 7);
        let name = RawName::from("model.safetensors");
        let clean = inspect(&name, &bytes, &InspectionBudget::DEFAULT);
        assert_eq!(clean.coverage(), Coverage::Scanned, "{clean:?}");
        for from in [0, 4, from, from + 1] {
            let bad = Bad {
                bytes: bytes.clone(),
                from,
            };
            let inspection = inspect(&name, &bad, &InspectionBudget::DEFAULT);
            assert!(
                inspection.coverage() > Coverage::Identified,
                "{from}: {inspection:?}"
            );
        }
    }
}
