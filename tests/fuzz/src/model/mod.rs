//! Model files: one target for each family of `fixtures/models`, all of them the same
//! function with other names and formats.

mod advisories;
mod family;
mod imports;
mod oracle;
mod relation;

use bonafide_core::RawName;
use bonafide_format::{FORMATS, FileInspection, InspectionBudget, inspect, inspect_as};

pub use advisories::advisories;
pub use family::*;
pub use imports::imports;
pub use relation::relation;

/// Small, so that a file that claims much is refused before it costs much.
const BUDGET: InspectionBudget = InspectionBudget {
    bodies: 1_000,
    unpacked_body: 8 << 20,
    unpacked: 16 << 20,
    document: 4 << 20,
    steps: 50_000_000,
    tensors: 1_000,
    ..InspectionBudget::DEFAULT
};

/// What a family of models is inspected as.
#[derive(Debug)]
pub struct Family {
    /// Its folder in `fixtures/models`; `model_<folder>` is the target.
    pub folder: &'static str,
    /// Names of the file, one of each that readers make a difference between.
    pub names: &'static [&'static str],
    /// Formats of the family, by their names in `FORMATS`.
    pub formats: &'static [&'static str],
}

/// Any bytes as what they are, under each name; then as each format of the family that
/// they were not taken for.
///
/// - Every byte of every body is accounted for, exactly once.
/// - All that is said of it can be printed, is never much, and lies where it is said to.
/// - The same bytes give the same.
fn model(family: &Family, input: &[u8]) {
    let mut taken = Vec::new();
    for name in family.names {
        let name = RawName::from(*name);
        let inspection = checked(|| inspect(&name, &input, &BUDGET));
        taken.extend(inspection.format());
    }
    let name = RawName::from("model");
    for format in FORMATS {
        if family.formats.contains(&format.name) && !taken.contains(&format.name) {
            let inspection = checked(|| inspect_as(format, &name, &input, &BUDGET));
            assert_eq!(inspection.format(), Some(format.name));
        }
    }
}

/// Inspects twice, and holds the result against the promises.
fn checked(inspect: impl Fn() -> FileInspection) -> FileInspection {
    let inspection = inspect();
    oracle::inspection(&inspection, &BUDGET);
    assert_eq!(inspect(), inspection, "another time, another result");
    inspection
}
