//! What has to fit between the files of an artifact: an index and its shards, a tokenizer
//! and the embedding, a configuration and the programs that it names.

use bonafide_core::RawName;

use crate::defect::Defect;
use crate::inspection::FileInspection;

/// What one file says that others have to fit. Each reader has its own field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Links {
    /// A file of a split GGUF model.
    pub(crate) split: Option<crate::tensor::Split>,
    /// A file of a tokenizer.
    pub(crate) tokenizer: Option<crate::tokenizer::Tokenizer>,
}

/// A defect that shows only when several files are seen together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The file that it is reported at.
    pub file: RawName,
    /// What it is.
    pub defect: Defect,
}

/// Looks at all files of an artifact together.
type Relate = fn(&[FileInspection]) -> Vec<Misfit>;

/// Every relation. A new one is one module and one line.
const RELATIONS: &[Relate] = &[crate::tokenizer::relate];

/// Adds to each file what does not fit the others.
pub fn relate(files: &mut [FileInspection]) {
    let misfits: Vec<Misfit> = RELATIONS.iter().flat_map(|relate| relate(files)).collect();
    for misfit in misfits {
        let found = files.iter_mut().find(|file| file.name == misfit.file);
        if let Some(file) = found {
            file.defects.push(misfit.defect);
            file.sort();
        }
    }
}
