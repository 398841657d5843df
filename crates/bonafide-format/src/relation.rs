//! What has to fit between the files of an artifact: an index and its shards, a tokenizer
//! and the embedding, a configuration and the programs that it names.

use bonafide_core::RawName;

use crate::defect::Defect;
use crate::document::CodeLink;
use crate::inspection::FileInspection;
use crate::python::PythonAct;

/// What one file says that others have to fit. Each reader has its own field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Links {
    /// Programs that a configuration names.
    pub(crate) code: Vec<CodeLink>,
    /// Programs that a Python module starts when it is used.
    pub(crate) python_acts: Vec<PythonAct>,
}

impl Links {
    /// Most entries that are kept of a list.
    const MOST: usize = 1000;

    /// Adds a program that a configuration names.
    pub(crate) fn add_code(&mut self, link: CodeLink) {
        if self.code.len() < Self::MOST {
            self.code.push(link);
        }
    }

    /// Adds something that a Python module does when it is used.
    pub(crate) fn add_python_act(&mut self, act: PythonAct) {
        if self.python_acts.len() < Self::MOST {
            self.python_acts.push(act);
        }
    }
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
const RELATIONS: &[Relate] = &[crate::document::relate_configuration];

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
