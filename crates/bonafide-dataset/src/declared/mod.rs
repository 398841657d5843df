//! What metadata says of records, against the records.
//!
//! The metadata may be of any kind that names columns; Croissant's record sets are. Names
//! of columns, their types and the splits are compared, which needs no record to be read.
//! What the values mean is not.

mod comparison;
mod kind;

use serde::{Deserialize, Serialize};

use crate::Sample;

pub use comparison::compare;

/// What metadata says of the records of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct DeclaredRecords {
    /// The fields, in their order.
    pub fields: Vec<DeclaredField>,
    /// Names of the splits; empty if it names none.
    pub splits: Vec<String>,
}

/// A field of a record, as metadata declares it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct DeclaredField {
    /// The record set that it belongs to.
    pub record_set: String,
    /// Its name.
    pub name: String,
    /// Its types, by their names in schema.org or Croissant: `Text`, `Int64`. Those that
    /// are neither are passed over.
    pub data_types: Vec<String>,
    /// It has several values in each record.
    pub repeated: bool,
    /// The column that its values are in; none if they are not in a column.
    pub column: Option<String>,
    /// Names of the files that have the column; none if that cannot be told.
    pub files: Option<Vec<String>>,
}

/// How records agree with what metadata says of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SchemaAgreement {
    /// Fields that were compared with columns.
    pub compared: u64,
    /// Fields whose column is not there, in the order of the fields.
    pub missing: Vec<FieldDisagreement>,
    /// Fields whose column is of a type that does not fit.
    pub other_types: Vec<FieldDisagreement>,
    /// Columns that no field names, ordered by name, with the shards that have them; only
    /// of shards that fields say something of.
    pub undeclared: Vec<(String, Sample<String>)>,
    /// Fields that were not compared, with why.
    pub uncompared: Vec<(String, String)>,
    /// Splits that are declared and not there.
    pub missing_splits: Vec<String>,
    /// Splits that are there and not declared, if any is declared.
    pub undeclared_splits: Vec<String>,
}

impl SchemaAgreement {
    /// True if something was compared, and nothing disagrees.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.compared > 0
            && self.missing.is_empty()
            && self.other_types.is_empty()
            && self.undeclared.is_empty()
            && self.missing_splits.is_empty()
            && self.undeclared_splits.is_empty()
    }
}

/// A field that is not as it is declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct FieldDisagreement {
    /// Record set and field: `default/label`.
    pub field: String,
    /// The column that it names.
    pub column: String,
    /// The types that it declares.
    pub declared: Vec<String>,
    /// The type that the column has; none if there is no such column.
    pub found: Option<String>,
    /// The shards in which that is so.
    pub shards: Sample<String>,
}

#[cfg(test)]
mod tests;
