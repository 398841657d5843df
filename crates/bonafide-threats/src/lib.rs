//! The threat catalogue, and which provisions of which frameworks each threat maps to.
//!
//! All of it is data (`data/`), read when it is first asked for. [`defects`] says what is wrong
//! with such data; tests hold the embedded data against it. A mapping is our judgement that a
//! threat is related to a provision, never a statement that anything fulfils one.

mod category;
mod crosswalk;
mod data;
mod defect;
mod framework;
mod mapping;
mod threat;

pub use category::{Category, CategoryScope};
pub use crosswalk::{Mapping, Relation, Verification};
pub use data::{Catalogue, DataError, catalogue, crosswalk};
pub use defect::{Defect, coverage_defects, defects, unknown_threats};
pub use framework::{Application, Framework, Supersession};
pub use mapping::{
    AddedMapping, AddedMappings, LONGEST_MAPPING_FILE, MappingError, MappingProblem, MappingTarget,
};
pub use threat::{Stage, Stride, Threat};

/// What every list of mappings has to say.
pub const DISCLAIMER: &str = "That an id and a title exist was read in the source of each row. Which threat goes with which \
     provision is our judgement: no source states these pairs. A mapping says that a result is \
     evidence related to a provision, never that one is fulfilled.";

/// What every list of the categories of ISO/IEC 27090 has to say.
pub const CATEGORIES_NOTE: &str = "Public articles on the draft speak of 13 categories. These are the labels that could be read in \
     public; the full list and the clause numbers are not public, and none is guessed. Somebody \
     who owns the standard can add them with `--mapping FILE`.";
